"""Inspect the files of a case: each is opened once, hashed, typed by its content, and inspected in a sandbox or looked up in the cache."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path

from bundler import __version__
from bundler import cache as kept
from bundler.digest import sha256_of, sha256_of_stream
from bundler.file_record import JPEG, PDF, PNG, TIFF, WORD, Change, FileProblem, FileRecord, PageInfo
from bundler.materials.folder import OpeningError, open_file, read_all
from bundler.sandbox import LimitExceededError, SandboxWorker, WorkFailedError, run_sandboxed

_FORMAT = 7
"""Raised when what is kept of a file changes its shape or meaning."""

_ENDINGS = {
    PDF: (".pdf",),
    JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    PNG: (".png",),
    TIFF: (".tif", ".tiff"),
    WORD: (".docx",),
}


def inspect_materials(folder: Path, names: Iterable[str], worker: SandboxWorker | None = None) -> dict[str, FileRecord]:
    """The record of each file, by the name given; each is opened once, and in memory only while it is not known yet.

    Args:
        folder: the case folder.
        names: the files, relative to it.
        worker: the process that looks into those that are not known yet; without, one is started where there are any.
    """
    with nullcontext(worker) if worker else SandboxWorker() as looking:
        return {name: _read(folder, name, looking) for name in dict.fromkeys(names)}


def _read(folder: Path, name: str, worker: SandboxWorker) -> FileRecord:
    try:
        with open_file(folder, name) as file:
            record = _known(sha256_of_stream(file)) or _learn(read_all(file), worker)
    except OpeningError as error:
        return FileRecord(name, problems=(FileProblem(error.rule, error.message, error.fix),))
    return replace(record, file=name, problems=(*record.problems, *_wrong_ending(name, record.media_type)))


def _wrong_ending(name: str, media_type: str) -> Iterable[FileProblem]:
    if media_type and not name.lower().endswith(_ENDINGS[media_type]):
        ending = _ENDINGS[media_type][0]
        yield FileProblem("FILE-EXTENSION", f"的内容是 {ending} 文件，扩展名不符。", f"请把扩展名改为 {ending}。")


def _key(digest: str) -> str:
    return f"file-{_FORMAT}-{__version__}-{digest}.json"


def _known(digest: str) -> FileRecord | None:
    """What was learnt of these bytes before; a spoilt cache entry is as good as none."""
    data = kept.load(_key(digest))
    if data is None:
        return None
    try:
        tree = json.loads(data)
        return FileRecord(
            file="",
            sha256=digest,
            size=int(tree["size"]),
            media_type=str(tree["media_type"]),
            pages=tuple(PageInfo(**page) for page in tree["pages"]),
            problems=tuple(FileProblem(**{**p, "pages": tuple(p["pages"])}) for p in tree["problems"]),
            characters=str(tree["characters"]),
            changes=tuple(Change(one["what"], tuple(one["pages"])) for one in tree["changes"]),
            touched=bool(tree["touched"]),
            picturable=tuple(tree["picturable"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _learn(data: bytes, worker: SandboxWorker) -> FileRecord:
    """Inspect bytes that were never seen before, and keep what was learnt."""
    digest = sha256_of(data)  # a file may change between two readings, and only these bytes are known
    media_type = detect_media_type(data)
    refusal = explain_rejection(data) if media_type is None else None
    if media_type is None:
        record = FileRecord("", digest, len(data), "", problems=(refusal,) if refusal else ())
    else:
        record = replace(inspect_bytes(data, media_type, worker), sha256=digest, size=len(data), media_type=media_type)
    kept.store(_key(digest), json.dumps(asdict(record), ensure_ascii=False).encode())
    return record


_HEADER_WITHIN = 2048
"""A PDF header may stand behind some junk, such as the head of a mail or a download."""

_TO_PDF = "请用 WPS 或者 Word 打开，签名的打印后扫描，其余的导出为 PDF。"
_REFUSED: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "是旧版 Office 文件（.doc、.wps）或者加了密码的 Word 文件。",
        f"请去掉密码，另存为 .docx 或者 PDF。{_TO_PDF}",
    ),
    (b"GIF8", "是 GIF 图片。", "请重新扫描，或者另存为 PNG。"),
    (b"\x00\x00\x00\x0cjP", "是 JPEG 2000 图片。", "请另存为 JPEG 或者 PNG。"),
    (b"BM", "是 BMP 图片。", "请另存为 PNG。"),
    (b"RIFF", "是 WebP 图片或者音视频文件。", "图片请另存为 PNG；音视频不能装订，请另附光盘说明。"),
    (b"MZ", "是程序文件。", "这不是案件材料，请删去并检查电脑有没有病毒。"),
    (b"{\\rtf", "是 RTF 文件。", f"请另存为 .docx。{_TO_PDF}"),
)


def detect_media_type(data: bytes) -> str | None:
    """The media type of an accepted file; None for any other."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] in {b"II*\x00", b"MM\x00*"}:
        return TIFF
    if data.startswith(b"PK\x03\x04"):
        return WORD if _is_word(data) else None
    return PDF if b"%PDF-" in data[:_HEADER_WITHIN] else None


def _is_word(data: bytes) -> bool:
    """Whether a zip is a Word document; a broken zip that names its Word part is one, though damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return b"word/" in data


def explain_rejection(data: bytes) -> FileProblem:
    """Why a file is not accepted, and what to convert it to."""
    if not data:
        return FileProblem("FILE-EMPTY", "是空文件。", "请重新扫描或者重新复制。")
    for magic, what, cure in _REFUSED:
        if data.startswith(magic):
            return FileProblem("FILE-TYPE", what, cure)
    if data[4:8] == b"ftyp":
        return FileProblem("FILE-TYPE", "是 HEIC 照片或者视频。", "请在手机上改用 JPEG 格式拍照，或者另存为 JPEG。")
    if data.startswith(b"PK"):
        what = "是 OFD 文件。" if b"OFD.xml" in data else "是压缩包，不是 Word 文件。"
        return FileProblem("FILE-TYPE", what, "OFD 请用阅读器导出为 PDF；压缩包请解开，逐件放入。")
    return FileProblem("FILE-TYPE", "不是 PDF、JPEG、PNG、TIFF 或者 .docx 文件。", "请重新扫描，或者另存为 PDF。")


DAMAGED = FileProblem("FILE-DAMAGED", "已损坏，读不出来。", "请重新扫描，或者重新复制原文件。")
TOO_LARGE = FileProblem("FILE-TOO-LARGE", "展开后过大，或者处理超时。", "请重新扫描，或者分成几个文件。")
LOW_DPI = 200 * 0.995
"""Scanners write 199.9996 for 200."""


def inspect_bytes(data: bytes, media_type: str, worker: SandboxWorker | None = None) -> FileRecord:
    """What is to be known of a file; nothing that is wrong with it is raised.

    Args:
        data: the file.
        media_type: told by its content.
        worker: the process that does it; without, one is started for this file alone.
    """
    run = run_sandboxed if worker is None else worker.run
    try:
        record = run(_work(media_type), data)
    except LimitExceededError:
        return FileRecord("", problems=(TOO_LARGE,))
    except WorkFailedError:
        return FileRecord("", problems=(DAMAGED,))
    return replace(record, problems=_with_pages(record))


def _work(media_type: str) -> Callable[[bytes], FileRecord]:
    if media_type == PDF:
        from bundler.materials.pdf import inspect_pdf

        return inspect_pdf
    if media_type == WORD:
        from bundler.materials.word import inspect_word

        return inspect_word
    from bundler.materials.images import inspect_image

    return inspect_image


def _with_pages(record: FileRecord) -> tuple[FileProblem, ...]:
    """The problems, with those that the pages themselves show: blank ones, and scans that are too coarse."""
    problems = list(record.problems)
    blank = tuple(n for n, page in enumerate(record.pages, start=1) if page.blank)
    if record.pages and len(blank) == len(record.pages):
        problems.append(FileProblem("FILE-EMPTY", "全是空白页。", "请核对原件后重新扫描。"))
    elif blank:
        problems.append(FileProblem("SCAN-BLANK", "是空白页。", "请核对；多余的空白页可以用 pages 略去。", blank))
    coarse = tuple(
        n for n, page in enumerate(record.pages, start=1) if page.is_scan and (page.dpi is None or page.dpi < LOW_DPI)
    )
    if coarse:
        problems.append(
            FileProblem("SCAN-DPI", "扫描低于 200 dpi，或者没有写明。", "请用 200 dpi 以上重新扫描。", coarse)
        )
    return tuple(problems)
