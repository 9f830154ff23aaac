"""Break a paragraph into lines, none of which begins with a closing mark or ends with an opening one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from making.fonts import PX_PER_PT, advance
from making.paper_model import Paragraph, TextStyle

SEAL, THUMB = "◉", "◎"
_MARKS = {SEAL, THUMB}
_CLOSING = set("、，。；：？！）》〕”’…％%℃号元年月日")
_OPENING = set("（《〔“‘")
_HANDWRITING_RATE = 1.06
"""Handwriting is wider than print."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character, handwritten or printed, and its width in pixels; a mark has none."""

    character: str
    handwritten: bool
    width: float

    @property
    def is_mark(self) -> bool:
        """Whether it marks a seal or a thumbprint."""
        return self.character in _MARKS


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its glyphs, each with its distance from the left edge of the text, in pixels."""

    places: tuple[tuple[float, Glyph], ...]
    style: TextStyle


def break_lines(par: Paragraph, width: float) -> list[Line]:
    """Break a paragraph for a column whose width is in pixels."""
    em = par.style.size * PX_PER_PT
    lines: list[Line] = []
    for text in par.text.split("\n"):
        lines += _break_text(par, text, width - par.right * em, em)
    return lines


def _break_text(par: Paragraph, text: str, right: float, em: float) -> Iterator[Line]:
    start = (par.left + par.first) * em
    line: list[list[Glyph]] = []
    available, used = right - start, 0.0
    for unit in _units(text, par.style):
        width_of_unit = sum(glyph.width for glyph in unit)
        if line and used + width_of_unit > available + 1:
            yield _align(par, line, start, available, last=False)
            start, line, used = par.left * em, [], 0.0
            available = right - start
        line.append(unit)
        used += width_of_unit
    yield _align(par, line, start, available, last=True)


def _units(text: str, style: TextStyle) -> Iterator[list[Glyph]]:
    """The unbreakable units: numbers, words, and a character with its punctuation."""
    unit: list[Glyph] = []
    for glyph in _glyphs(text, style):
        if unit and not _is_unbreakable(unit[-1].character, glyph.character):
            yield unit
            unit = []
        unit.append(glyph)
    if unit:
        yield unit


def _is_unbreakable(left: str, right: str) -> bool:
    in_word = left.isascii() and right.isascii() and (left + right).strip() == left + right
    return in_word or right in _CLOSING | _MARKS or left in _OPENING | _MARKS


def _glyphs(text: str, style: TextStyle) -> Iterator[Glyph]:
    handwritten = False
    for character in text:
        if character in "⟦⟧":
            handwritten = character == "⟦"
        elif character in _MARKS:
            yield Glyph(character, handwritten, 0)
        else:
            scale = _HANDWRITING_RATE if handwritten else 1
            yield Glyph(
                character, handwritten, advance("kai" if handwritten else style.face, style.size, character) * scale
            )


def _align(par: Paragraph, units: list[list[Glyph]], start: float, available: float, *, last: bool) -> Line:
    """Align a line; a line of a justified paragraph, other than its last, is spread over the width."""
    spare = available - sum(glyph.width for unit in units for glyph in unit)
    gap = spare / (len(units) - 1) if par.align == "justify" and not last and len(units) > 1 else 0.0
    x = start + {"right": spare, "centre": spare / 2}.get(par.align, 0.0)
    places = []
    for unit in units:
        for glyph in unit:
            places.append((x, glyph))
            x += glyph.width
        x += gap
    return Line(tuple(places), par.style)
