"""A walk over every object of a file, for what could act and for fonts that are not in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

MAX_DEPTH = 80
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_ACTIONS = {
    "/JavaScript": "脚本",
    "/Launch": "启动程序的动作",
    "/URI": "外部链接",
    "/GoToR": "指向别的文件的链接",
    "/GoToE": "指向附件的链接",
    "/SubmitForm": "提交表单的动作",
    "/ImportData": "导入数据的动作",
    "/Rendition": "播放动作",
    "/Movie": "播放动作",
    "/Sound": "播放动作",
    "/RichMediaExecute": "播放动作",
    "/Named": "菜单动作",
    "/Hide": "隐藏内容的动作",
    "/SetOCGState": "切换图层的动作",
    "/ResetForm": "清空表单的动作",
}
_KEYS = {
    "/OpenAction": "打开时的动作",
    "/AA": "自动动作",
    "/JS": "脚本",
    "/XFA": "动态表单",
    "/OCProperties": "图层",
    "/Collection": "附件包界面",
}


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What was found: things that act, in Chinese; fonts that are not embedded."""

    actions: tuple[str, ...]
    fonts: tuple[str, ...]


def scan_objects(pdf: pikepdf.Pdf) -> ScanResult:
    """Look at each dictionary of the file once."""
    actions: dict[str, None] = {}
    fonts: dict[str, None] = {}
    for thing in _dictionaries(pdf):
        actions.update(dict.fromkeys(_acting(thing)))
        name = _unembedded(thing)
        if name:
            fonts[name] = None
    return ScanResult(tuple(sorted(actions)), tuple(sorted(fonts)))


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and stream dictionary; what an object refers to comes in its own turn."""
    for top in pdf.objects:
        stack = [(top, 0)]
        while stack:
            thing, depth = stack.pop()
            if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
                yield thing
            if depth < MAX_DEPTH:
                stack.extend((below, depth + 1) for below in _below(thing))


def _below(thing: Any) -> Iterator[Any]:  # noqa: ANN401 (a PDF object)
    """What stands directly within an object, not what it refers to."""
    if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        children = (thing[key] for key in thing.keys())  # noqa: SIM118 (a PDF dictionary iterates otherwise)
    elif isinstance(thing, pikepdf.Array):
        children = (child for child in thing)
    else:
        return
    for child in children:
        if isinstance(child, (pikepdf.Dictionary, pikepdf.Array)) and child.objgen == (0, 0):
            yield child


def _acting(thing: Any) -> Iterator[str]:  # noqa: ANN401 (a PDF object)
    kind = str(thing.get("/S", ""))
    if kind in _ACTIONS:
        yield _ACTIONS[kind]
    yield from (word for key, word in _KEYS.items() if key in thing)
    if thing.get("/Subtype") == "/Widget" and thing.get("/FT") != "/Sig":
        yield "表单"


def _unembedded(thing: Any) -> str:  # noqa: ANN401 (a PDF object)
    """The name of a font whose program is not in the file; empty for anything else."""
    if thing.get("/Type") != "/Font" or thing.get("/Subtype") in {"/Type0", "/Type3"}:
        return ""
    descriptor = thing.get("/FontDescriptor")
    inside = isinstance(descriptor, pikepdf.Dictionary) and any(key in descriptor for key in _FONT_FILES)
    return "" if inside else str(thing.get("/BaseFont", "/?")).lstrip("/")
