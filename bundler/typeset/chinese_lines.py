"""Lines as a Chinese court paper has them: flush at the right edge, and dates, case numbers and amounts unbroken.

WeasyPrint stretches only spaces, and breaks a date after its year. This replaces the one function with which its
release 70 justifies a line, and adds to the one with which it hands text to Pango; so the release is pinned and checked.
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

MADE_FOR = "70."
_WHOLE = re.compile(
    "[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?"
    "|[0-9]{1,2}月[0-9]{1,2}日"
    "|[\u4e00-\u9fff][0-9]{2,4}[\u4e00-\u9fff]{1,4}[0-9]{1,7}号(?:之[一二三四五六七八九十]+)?"
    "|[0-9][0-9.,-]*[年月日元时分个件页条项]"
)
"""Dates, amounts, and case numbers after their year, where a line may break."""
_PARTS = re.compile("[0-9.,]+[年月日元号]")

_set_text = line_break.Layout.set_text


def patch_weasyprint() -> None:
    """Make WeasyPrint spread the rest of a justified line over its characters, and keep dates and numbers whole."""
    if not weasyprint.__version__.startswith(MADE_FOR):
        raise RuntimeError(f"lines.py is made for WeasyPrint {MADE_FOR}x, not {weasyprint.__version__}")
    inline.justify_line = _justify_line
    if line_break.Layout.set_text is not _set_text_unbroken:
        ffi.cdef("PangoAttribute * pango_attr_allow_breaks_new (int allow_breaks);")
        line_break.Layout.set_text = _set_text_unbroken


def _set_text_unbroken(layout: Any, text: str, justify: bool = False) -> None:  # noqa: ANN401, FBT001, FBT002
    """Give Pango a text, and forbid it to break what belongs together."""
    _set_text(layout, text, justify)
    matches = [part for match in _WHOLE.finditer(layout.text) for part in _unbroken(layout, match)]
    if not matches:
        return
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for start, end in matches:
        attribute = pango.pango_attr_allow_breaks_new(0)
        attribute.start_index = len(layout.text[:start].encode())
        attribute.end_index = len(layout.text[:end].encode())
        pango.pango_attr_list_insert(attributes, attribute)
    pango.pango_layout_set_attributes(layout.layout, attributes)


def _unbroken(layout: Any, match: re.Match[str]) -> list[tuple[int, int]]:  # noqa: ANN401 (WeasyPrint's layout)
    """What of a date, number or amount stays whole: all of it, or in a cell too narrow for it each number with its unit."""
    if _fits(layout, match[0]):
        return [match.span()]
    return [part.span() for part in _PARTS.finditer(layout.text, *match.span()) if _fits(layout, part[0])]


def _fits(layout: Any, words: str) -> bool:  # noqa: ANN401 (WeasyPrint's layout)
    """Whether words have room on a line of their own; in a narrow cell they may break after all."""
    width = sum(0.5 if character.isascii() else 1.0 for character in words) * layout.style["font_size"]
    return layout.max_width is None or bool(width <= layout.max_width)


def _texts(box: Any) -> list[Any]:  # noqa: ANN401 (a WeasyPrint box)
    if isinstance(box, boxes.TextBox):
        return [box]
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        return [text for child in box.children for text in _texts(child)]
    return []


def _justify_line(context: Any, line: Any, extra_width: float) -> None:  # noqa: ANN401 (WeasyPrint's own types)
    """Widen every gap between the line's characters by the same amount."""
    gaps = sum(len(text.text.rstrip()) for text in _texts(line)) - 1
    if gaps > 0:
        _widen(context, line, extra_width / gaps, 0.0)


def _widen(context: Any, box: Any, gap: float, advance: float) -> float:  # noqa: ANN401 (WeasyPrint's own types)
    """Give each character of a box the gap; returns how far what follows has moved."""
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
                advance = _widen(context, child, gap, advance)
        box.width += advance - start
        return advance
    box.translate(advance, 0)
    return advance
