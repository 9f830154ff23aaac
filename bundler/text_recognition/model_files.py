"""The models of the engine: they come inside its package, and only those with the pinned digests are used.

The engine's own loader would fetch a model that is missing from the network; it is given the files by their paths instead.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from pathlib import Path

from bundler.digest import sha256_of_file
from bundler.errors import UsageError

PACKAGE = "rapidocr"
RELEASE = "3.10.0"
RUNTIME = "onnxruntime"
DETECTION = "PP-OCRv6_det_small.onnx"
RECOGNITION = "PP-OCRv6_rec_small.onnx"
DIRECTION = "ch_ppocr_mobile_v2.0_cls_mobile.onnx"
MODELS = {
    DETECTION: "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    RECOGNITION: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    DIRECTION: "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c",
}
"""The SHA-256 of each model."""
_INSTALL = "请运行：pip install 'petition-bundler[read]'；在源代码目录里运行：make setup-read。"


def find_models() -> dict[str, Path]:
    """Find the models of the engine that is installed, and check their digests.

    Returns:
        The path of each, by its name in `MODELS`.

    Raises:
        UsageError: the engine is not installed, in another release, or one of its models is another file.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None or importlib.util.find_spec(RUNTIME) is None:
        raise UsageError("没有安装识读扫描件所需的程序库。", fix=_INSTALL)
    release = importlib.metadata.version(PACKAGE)
    if release != RELEASE:
        raise UsageError(f"识读程序库是 {PACKAGE} {release}，本工具用的是 {RELEASE}。", fix=_INSTALL)
    folder = Path(spec.origin).parent / "models"
    for name, digest in MODELS.items():
        try:
            found = sha256_of_file(folder / name)
        except OSError:
            found = ""
        if found != digest:
            raise UsageError(f"识读模型“{name}”不在，或者不是原来的文件。", fix=_INSTALL)
    return {name: folder / name for name in MODELS}
