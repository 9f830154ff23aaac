"""Border lines of paragraphs, cells and tables as Word files describe them."""

from __future__ import annotations

import re
from typing import Any

from bundler.word.attribute_numbers import to_number
from bundler.word.block_model import Border
from bundler.word.package import W

PARAGRAPH_SIDES = ("top", "right", "bottom", "left")
_NONE = frozenset({"nil", "none"})
_STYLES = {
    "double": "double", "dotted": "dotted", "dashed": "dashed", "dashSmallGap": "dashed", "dotDash": "dashed",
    "dotDotDash": "dashed", "triple": "double",
}  # fmt: skip
_LEAST_DOUBLE = 1.5
"""Points: of two lines and the gap between them."""
_HEX = re.compile("[0-9a-fA-F]{6}")


def read_border(node: Any) -> Border | None:  # noqa: ANN401 (an lxml element)
    """Read one side's element; None where it draws no line."""
    if node is None or node.get(f"{W}val", "nil") in _NONE:
        return None
    kind, colour = node.get(f"{W}val"), node.get(f"{W}color", "auto")
    width = to_number(node.get(f"{W}sz", "4")) / 8
    style = _STYLES.get(kind, "double" if kind.endswith("Gap") and kind != "dashSmallGap" else "solid")
    if style == "double":
        width = max(width * 3 if kind == "double" else width * 1.5, _LEAST_DOUBLE)
    return Border(
        style=style,
        width=min(max(width, 0.25), 12),
        colour=colour.lower() if _HEX.fullmatch(colour) else "000000",
        space=to_number(node.get(f"{W}space", "0")),
    )
