"""Justify Chinese lines, and keep numbers with their units, by patching WeasyPrint.

WeasyPrint stretches only spaces, and parts a number from its unit. This module replaces the function with which release
70 justifies a line, and wraps the one that passes text to Pango; so the release is pinned and checked.
`tests/documents/test_typesetting.py` measures where the lines end.
"""

from __future__ import annotations

import re
from typing import Any

import weasyprint
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text import line_break
from weasyprint.text.ffi import ffi, pango

from bundler.typeset.c_declarations import OWN_DECLARATION

WEASYPRINT_RELEASE = "70."
NOT_FIRST = "年月日元号时分个件项条页"
"""Characters that begin no line, besides closing marks: the units after a number."""
NOT_LAST = "执异恢监初终破第京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新兵"
"""Characters that end no line, besides opening marks: those that stand before figures in a case number, and 第.

Word keeps to the same two lists, since the settings of the templates name these characters.
"""
_CASE_NUMBER = "[（(][0-9]{4}[）)]|(?<=[（(][0-9]{4}[）)])[一-鿿]{1,4}[0-9]{0,4}[一-鿿]{1,8}[0-9]+号"
_DOCUMENT_NUMBER = "〔[0-9]{4}〕第?[0-9]+号?|(?<![一-鿿])[一-鿿]{2,8}(?=〔[0-9]{4}〕)"
_UNBREAKABLE = re.compile(f"{_CASE_NUMBER}|{_DOCUMENT_NUMBER}|[^\\s·](?:·[^\\s·])+")
"""A case number before and after its year, a document number (文号) before and after its opening bracket, and a name's interpunct.

A date breaks after 年 and 月, as in Word: a longer piece that moves to the next line as a whole leaves a hole.
"""
_BOUND = re.compile(f"(?=[^\\s][{NOT_FIRST}]|[{NOT_LAST}][^\\s])")
"""Stands before two characters that no line break parts."""
_PAIR = 2
"""Characters of a piece that fits on every line."""
_MOST_STRETCH = 0.125
"""How much of a character's width may be added after each character of a line; a line that needs more is not spaced."""

_original_set_text = line_break.Layout.set_text


def patch_weasyprint() -> None:
    """Make WeasyPrint justify a line by spacing its characters, and keep numbers with their units.

    Raises:
        RuntimeError: WeasyPrint has another release.
    """
    if not weasyprint.__version__.startswith(WEASYPRINT_RELEASE):
        raise RuntimeError(
            f"chinese_justification.py is made for WeasyPrint {WEASYPRINT_RELEASE}x, not {weasyprint.__version__}"
        )
    inline.justify_line = _justify_line
    if line_break.Layout.set_text is not _set_text_with_unbreakable_parts:
        if not hasattr(pango, "pango_attr_allow_breaks_new"):
            ffi.cdef(OWN_DECLARATION)
        line_break.Layout.set_text = _set_text_with_unbreakable_parts


def _set_text_with_unbreakable_parts(layout: Any, text: str, justify: bool = False) -> None:  # noqa: ANN401, FBT001, FBT002
    """Pass a text to Pango, and forbid breaks in its unbreakable parts."""
    _original_set_text(layout, text, justify)
    spans = _find_unbreakable(layout)
    if not spans:
        return
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for start, end in spans:
        attribute = pango.pango_attr_allow_breaks_new(0)
        attribute.start_index = len(layout.text[:start].encode())
        attribute.end_index = len(layout.text[:end].encode())
        pango.pango_attr_list_insert(attributes, attribute)
    pango.pango_layout_set_attributes(layout.layout, attributes)


def _find_unbreakable(layout: Any) -> list[tuple[int, int]]:  # noqa: ANN401 (WeasyPrint's layout)
    """The parts of a text, from and to, within which no line ends: those that overlap are one, as far as it fits on a line."""
    text = layout.text
    found = [match.span() for match in _UNBREAKABLE.finditer(text)]
    found += ((match.start(), match.start() + 2) for match in _BOUND.finditer(text))
    parts: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if parts and start < parts[-1][1] and _fits(layout, text[parts[-1][0] : max(end, parts[-1][1])]):
            start, end = parts[-1][0], max(end, parts.pop()[1])  # noqa: PLW2901 (the joined part)
        if _fits(layout, text[start:end]):
            parts.append((start, end))
    return parts


def _fits(layout: Any, text: str) -> bool:  # noqa: ANN401 (WeasyPrint's layout)
    """Whether a text fits on one line; in a narrow cell it may not. Two characters do, though not at the end of a line."""
    ems = sum(0.5 if character.isascii() else 1.0 for character in text)
    return layout.max_width is None or bool(ems <= _PAIR or ems * layout.style["font_size"] <= layout.max_width)


def _text_boxes(box: Any) -> list[Any]:  # noqa: ANN401 (a WeasyPrint box)
    if isinstance(box, boxes.TextBox):
        return [box]
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        return [text_box for child in box.children for text_box in _text_boxes(child)]
    return []


def _justify_line(context: Any, line: Any, extra_width: float) -> None:  # noqa: ANN401 (WeasyPrint's own types)
    """Widen all gaps between the line's characters by the same amount, unless that would be too much."""
    parts = _text_boxes(line)
    gaps = sum(len(text_box.text.rstrip()) for text_box in parts) - 1
    if gaps > 0 and extra_width / gaps <= _MOST_STRETCH * min(text_box.style["font_size"] for text_box in parts):
        _add_spacing(context, line, extra_width / gaps, 0.0)


def _add_spacing(context: Any, box: Any, gap: float, advance: float) -> float:  # noqa: ANN401 (WeasyPrint's own types)
    """Add the gap after each character of a box.

    Args:
        context: WeasyPrint's layout context.
        box: a box of the line.
        gap: the additional space per character.
        advance: how far the box has been moved to the right.

    Returns:
        How far the boxes after it are to be moved.
    """
    if isinstance(box, boxes.TextBox):
        box.position_x += advance
        style = box.style.copy()
        before = 0 if style["letter_spacing"] == "normal" else style["letter_spacing"]
        style["letter_spacing"] = before + gap
        box.style = style
        layout = inline.create_layout(box.text, style, context, max_width=None, justification_spacing=0)
        layout.deactivate()
        box.pango_layout = layout
        extra = gap * len(box.text)
        box.width += extra
        return advance + extra
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.position_x += advance
        start = advance
        for child in box.children:
            if child.is_in_normal_flow():
                advance = _add_spacing(context, child, gap, advance)
        box.width += advance - start
        return advance
    box.translate(advance, 0)
    return advance
