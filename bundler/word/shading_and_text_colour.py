"""Colours in Word files: shading as one colour, and text that its background hides."""

from __future__ import annotations

import re
from typing import Any

from bundler.word.docx_package import W

_HEX = re.compile("[0-9a-fA-F]{6}")
_DARK = 62
"""Of 255: on a darker ground, text without a colour of its own is white."""
_PERCENT = re.compile("pct([0-9]{1,2})")
_LEAST_CONTRAST = 24
"""Of 255: a smaller difference of all three colours cannot be seen in print."""


def fill_of(node: Any) -> str:  # noqa: ANN401 (an lxml element)
    """Return the colour of a ``w:shd`` element, a pattern as the mixture of its two colours; empty for none."""
    if node is None:
        return ""
    pattern = str(node.get(f"{W}val", "clear"))
    ground, ink = _hex(node.get(f"{W}fill"), ""), _hex(node.get(f"{W}color"), "000000")
    percent = _PERCENT.fullmatch(pattern)
    if pattern == "solid":
        return ink
    if percent is None:
        return ground
    share = int(percent[1]) / 100
    mixed = (round(g + (i - g) * share) for g, i in zip(_rgb(ground or "ffffff"), _rgb(ink), strict=True))
    return "".join(f"{value:02x}" for value in mixed)


def _hex(value: str | None, default: str) -> str:
    return value.lower() if value and _HEX.fullmatch(value) else default


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[:2], 16), int(colour[2:4], 16), int(colour[4:], 16)


def text_colour(colour: str, ground: str) -> str:
    """Return the colour that text has on a ground: Word prints text without a colour in white on a dark one."""
    if colour or not ground:
        return colour
    red, green, blue = _rgb(ground)
    return "ffffff" if (red * 77 + green * 151 + blue * 28) // 256 <= _DARK else ""


def is_seen(colour: str, ground: str) -> bool:
    """Whether text of a colour can be told from its ground; no colour is black, no ground white."""
    ink, paper = _rgb(colour or "000000"), _rgb(ground or "ffffff")
    return max(abs(one - other) for one, other in zip(ink, paper, strict=True)) >= _LEAST_CONTRAST
