"""Search every object of a PDF for active content, and for fonts that are not embedded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

from bundler.bind.page_digest import is_signature_widget

MAX_DEPTH = 80
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_ACTIONS = {
    "/GoTo": "跳转的动作",
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
_ANNOTATIONS = frozenset(
    {
        "/Text",
        "/FreeText",
        "/Line",
        "/Square",
        "/Circle",
        "/Polygon",
        "/PolyLine",
        "/Highlight",
        "/Underline",
        "/Squiggly",
        "/StrikeOut",
        "/Stamp",
        "/Caret",
        "/Ink",
        "/Popup",
        "/FileAttachment",
        "/Sound",
        "/Movie",
        "/Screen",
        "/PrinterMark",
        "/TrapNet",
        "/Watermark",
        "/3D",
        "/Redact",
        "/Projection",
        "/RichMedia",
    }
)
"""Every annotation of ISO 32000-2 but links and form fields: a bundle has none, since they were drawn into the pages."""
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
    """Active content, in Chinese, and the names of fonts that are not embedded."""

    actions: tuple[str, ...]
    fonts: tuple[str, ...]


def scan_objects(pdf: pikepdf.Pdf) -> ScanResult:
    """Search each dictionary of a PDF once."""
    actions: dict[str, None] = {}
    fonts: dict[str, None] = {}
    for item in _dictionaries(pdf):
        actions.update(dict.fromkeys(_find_actions(item)))
        name = _unembedded_font(item)
        if name:
            fonts[name] = None
    return ScanResult(tuple(sorted(actions)), tuple(sorted(fonts)))


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and stream dictionary; referenced objects are visited on their own."""
    for top in pdf.objects:
        stack = [(top, 0)]
        while stack:
            item, depth = stack.pop()
            if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
                yield item
            if depth < MAX_DEPTH:
                stack.extend((child, depth + 1) for child in _direct_children(item))


def _direct_children(item: Any) -> Iterator[Any]:  # noqa: ANN401 (a PDF object)
    """The direct objects within an object, without those that it refers to."""
    if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        children = (item[key] for key in sorted(item.keys()))
    elif isinstance(item, pikepdf.Array):
        children = (child for child in item)
    else:
        return
    for child in children:
        if isinstance(child, (pikepdf.Dictionary, pikepdf.Array)) and child.objgen == (0, 0):
            yield child


def _find_actions(item: Any) -> Iterator[str]:  # noqa: ANN401 (a PDF object)
    kind = str(item.get("/S", ""))
    if kind in _ACTIONS:
        yield _ACTIONS[kind]
    yield from (word for key, word in _KEYS.items() if key in item)
    subtype = str(item.get("/Subtype", ""))
    if "/Rect" in item and (subtype in _ANNOTATIONS or item.get("/Type") == "/Annot"):
        if subtype == "/Widget" and not is_signature_widget(item):
            yield "表单"
        elif subtype not in {"/Link", "/Widget"}:
            yield "批注"


def _unembedded_font(item: Any) -> str:  # noqa: ANN401 (a PDF object)
    """The name of a font whose program is not in the file; empty for anything else."""
    if item.get("/Type") != "/Font" or str(item.get("/Subtype")) in {"/Type0", "/Type3"}:
        return ""
    descriptor = item.get("/FontDescriptor")
    is_embedded = isinstance(descriptor, pikepdf.Dictionary) and any(key in descriptor for key in _FONT_FILES)
    return "" if is_embedded else str(item.get("/BaseFont", "/?")).lstrip("/")
