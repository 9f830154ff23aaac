"""Breaking a paragraph into lines, so that none begins with a closing mark or ends with an opening one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from making.glyphs import PX_PER_PT, advance
from making.model import Look, Par

SEAL, THUMB = "◉", "◎"
_MARKS = {SEAL, THUMB}
_CLOSING = set("、，。；：？！）》〕”’…％%℃号元年月日")
_OPENING = set("（《〔“‘")
_RATE = 1.06
"""Writing by hand takes more room than print."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character, written by hand or printed, and the room that it takes in pixels; a mark takes none."""

    character: str
    by_hand: bool
    width: float

    @property
    def is_mark(self) -> bool:
        """Whether it is a seal or a thumbprint."""
        return self.character in _MARKS


@dataclass(frozen=True, slots=True)
class Line:
    """A line's glyphs, each with its place from the left edge of the text, in pixels."""

    places: tuple[tuple[float, Glyph], ...]
    look: Look


def lines_of(par: Par, width: float) -> list[Line]:
    """The lines of a paragraph in a column of a width in pixels."""
    em = par.look.size * PX_PER_PT
    lines: list[Line] = []
    for text in par.text.split("\n"):
        lines += _lines(par, text, width - par.right * em, em)
    return lines


def _lines(par: Par, text: str, right: float, em: float) -> Iterator[Line]:
    start = (par.left + par.first) * em
    line: list[list[Glyph]] = []
    room, used = right - start, 0.0
    for unit in _units(text, par.look):
        wide = sum(glyph.width for glyph in unit)
        if line and used + wide > room + 1:
            yield _placed(par, line, start, room, last=False)
            start, line, used = par.left * em, [], 0.0
            room = right - start
        line.append(unit)
        used += wide
    yield _placed(par, line, start, room, last=True)


def _units(text: str, look: Look) -> Iterator[list[Glyph]]:
    """What may not be torn apart: figures and words, and a mark of punctuation with what it belongs to."""
    unit: list[Glyph] = []
    for glyph in _glyphs(text, look):
        if unit and not _clings(unit[-1].character, glyph.character):
            yield unit
            unit = []
        unit.append(glyph)
    if unit:
        yield unit


def _clings(left: str, right: str) -> bool:
    in_word = left.isascii() and right.isascii() and (left + right).strip() == left + right
    return in_word or right in _CLOSING | _MARKS or left in _OPENING | _MARKS


def _glyphs(text: str, look: Look) -> Iterator[Glyph]:
    by_hand = False
    for character in text:
        if character in "⟦⟧":
            by_hand = character == "⟦"
        elif character in _MARKS:
            yield Glyph(character, by_hand, 0)
        else:
            rate = _RATE if by_hand else 1
            yield Glyph(character, by_hand, advance("kai" if by_hand else look.face, look.size, character) * rate)


def _placed(par: Par, units: list[list[Glyph]], start: float, room: float, *, last: bool) -> Line:
    """A line set at its edge, or spread over the room when the paragraph goes on."""
    spare = room - sum(glyph.width for unit in units for glyph in unit)
    gap = spare / (len(units) - 1) if par.align == "justify" and not last and len(units) > 1 else 0.0
    x = start + {"right": spare, "centre": spare / 2}.get(par.align, 0.0)
    places = []
    for unit in units:
        for glyph in unit:
            places.append((x, glyph))
            x += glyph.width
        x += gap
    return Line(tuple(places), par.look)
