"""Formatting of a Word file that is typeset differently from Word, though no text is lost: reported, not refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bundler.word.docx_package import W, to_number
from bundler.word.read_body import VERTICAL_DIRECTIONS
from bundler.word.styles import Styles, is_on

_CHARACTER_FORMATS = {
    "em": "着重号",
    "bdr": "文字边框",
    "effect": "文字效果",
    "shadow": "文字效果",
    "outline": "文字效果",
    "emboss": "文字效果",
    "imprint": "文字效果",
    "fitText": "调整宽度",
    "eastAsianLayout": "双行合一、纵横混排",
    "smallCaps": "小型大写字母",
}
_A4 = (11906, 16838)
_TOLERANCE = 60
"""Twips by which a page may differ from A4, as programs round it."""
_SIDES_OF_SHEET = {"oddPage": "奇数页", "evenPage": "偶数页"}
_LATIN = re.compile("[0-9A-Za-z]")
_CONDITIONS = ("firstRow", "lastRow", "firstCol", "lastCol", "band1Horz", "band2Horz", "band1Vert", "band2Vert")


def find_uncarried(root: Any, styles: Styles) -> Iterator[str]:  # noqa: ANN401 (an lxml element)
    """Yield what is set otherwise in a part, in Chinese, each once."""
    yield from dict.fromkeys(
        [*_character_formats(root), *_page_formats(root), *_table_formats(root, styles), *_directions(root)]
    )
    if next(root.iter(f"{W}dataBinding"), None) is not None:
        yield "与数据绑定的内容控件按文件里存着的字排，Word 打开时可能换成数据里的"


def _directions(root: Any) -> Iterator[str]:  # noqa: ANN401 (an lxml element)
    """What is written from right to left, as Arabic is; it is set from left to right."""
    if any(is_on(node) for node in root.iter(f"{W}bidi", f"{W}rtl")):
        yield "从右到左的文字改为从左到右"
    if any(is_on(node) for node in root.iter(f"{W}bidiVisual")):
        yield "列从右到左的表格改为从左到右"


def _character_formats(root: Any) -> Iterator[str]:  # noqa: ANN401 (an lxml element)
    for properties in root.iter(f"{W}rPr"):
        for name, label in _CHARACTER_FORMATS.items():
            node = properties.find(f"{W}{name}")
            if node is not None and is_on(node) and node.get(f"{W}val") not in {"none", "nil"}:
                yield f"没有照样排{label}"
        scale = properties.find(f"{W}w")
        if scale is not None and scale.get(f"{W}val", "100").rstrip("%") != "100":
            yield "没有照样排字符缩放"


def _page_formats(root: Any) -> Iterator[str]:  # noqa: ANN401 (an lxml element)
    for section in root.iter(f"{W}sectPr"):
        size = section.find(f"{W}pgSz")
        if size is not None:
            sides = sorted(to_number(size.get(f"{W}{side}", default)) for side, default in zip("wh", _A4, strict=True))
            if any(abs(side - wanted) > _TOLERANCE for side, wanted in zip(sides, _A4, strict=True)):
                yield "纸张改为 A4"
        if section.find(f"{W}pgBorders") is not None:
            yield "没有画页面边框"
        if section.find(f"{W}lnNumType") is not None:
            yield "没有排行号"
        start = section.find(f"{W}type")
        if start is not None and start.get(f"{W}val") in _SIDES_OF_SHEET:
            yield f"从{_SIDES_OF_SHEET[start.get(f'{W}val')]}开始的分节改为从下一页开始"
        vertical = section.find(f"{W}vAlign")
        if vertical is not None and vertical.get(f"{W}val", "top") != "top":
            yield "页面内容的垂直对齐改为顶端对齐"
        pages = section.find(f"{W}pgNumType")
        if pages is not None and pages.get(f"{W}fmt", "decimal") != "decimal":
            yield "页眉页脚里的页码写成 1、2、3"


def _table_formats(root: Any, styles: Styles) -> Iterator[str]:  # noqa: ANN401 (an lxml element)
    if any(height.get(f"{W}hRule") == "exact" for height in root.iter(f"{W}trHeight")):
        yield "行高固定的表格行，内容排不下的加高"
    for direction in root.iter(f"{W}textDirection"):
        cell = next(direction.iterancestors(f"{W}tc"), None)
        if cell is None or direction.get(f"{W}val") not in VERTICAL_DIRECTIONS:
            continue
        if any(_LATIN.search(text.text or "") for text in cell.iter(f"{W}t")):
            yield "竖排单元格里的字母和数字改为一个一个直立着排"
    for properties in root.iter(f"{W}tblPr"):
        if properties.find(f"{W}tblpPr") is not None:
            yield "环绕文字的表格改为不环绕"
        named = properties.find(f"{W}tblStyle")
        if named is None:
            continue
        for style in styles.inheritance(named.get(f"{W}val")):
            kinds = {node.get(f"{W}type") for node in style.findall(f"{W}tblStylePr") if len(node)}
            if kinds & set(_CONDITIONS):
                yield "没有照样排表格样式里首行、首列等的底纹和字体"
