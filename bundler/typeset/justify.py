"""Lines that end flush at the right edge, as Word sets Chinese: the rest of a line is spread over its characters.

WeasyPrint stretches only spaces. This replaces the one function with which its release 70 justifies a line, so the
release is pinned and checked; `tests/test_typeset.py` measures where the lines end.
"""

from __future__ import annotations

from typing import Any

import weasyprint
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline

MADE_FOR = "70."


def spread_lines() -> None:
    """Make WeasyPrint spread the rest of a justified line over its characters."""
    if not weasyprint.__version__.startswith(MADE_FOR):
        raise RuntimeError(f"justify.py is made for WeasyPrint {MADE_FOR}x, not {weasyprint.__version__}")
    inline.justify_line = _justify_line


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
