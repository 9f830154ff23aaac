"""The text of a page that was read, as a person sees it who holds the page upright: its lines, its rows, and all of it.

Text is compared folded: without spaces, in half width, with one kind of brackets and dashes, because the engine reads
``（`` as ``(`` and a spaced title with or without its spaces.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from statistics import median

from bundler.scan_reading.record import Box, Doubt, ReadLine, ReadPage

_BRACKETS = str.maketrans("〔〕[]【】{}〈〉《》", "()()()()()()")
_DASHES = re.compile("[‐‑‒–—―−－﹣─ー~]")
_SAME_ROW = 0.5
"""The part of a line's height by which the middle of another line of the same row may be higher or lower."""
_SCRAP, _MANY_LINES, _MANY_SCRAPS = 2, 12, 0.5
"""A line of so few characters is a scrap; where there are so many lines, and such a share of them are scraps, it is no text."""

_WELL_READ = 0.7
"""The share of a page's text of which the engine is sure at least where it was read well."""


def fold(text: str) -> str:
    """The text as it is compared: half width, one kind of brackets and dashes, no white space."""
    plain = unicodedata.normalize("NFKC", text).translate(_BRACKETS)
    return "".join(_DASHES.sub("-", plain).split())


@dataclass(frozen=True, slots=True)
class UprightLine:
    """A line on the page held upright.

    Attributes:
        text: folded.
        box: on the upright page, in pixels.
        seen: the box on the page as a viewer shows it.
        doubts: what the engine is not sure of.
    """

    text: str
    box: Box
    seen: Box
    doubts: tuple[Doubt, ...] = ()

    @property
    def height(self) -> int:
        """The height of the line, in pixels."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class Row:
    """Lines side by side, from left to right."""

    lines: tuple[UprightLine, ...]

    @property
    def text(self) -> str:
        """The text of the lines, joined."""
        return "".join(line.text for line in self.lines)

    @property
    def seen(self) -> Box:
        """The box around them on the page as a viewer shows it."""
        return surround(line.seen for line in self.lines)

    @property
    def height(self) -> int:
        """The height of the tallest line, in pixels."""
        return max(line.height for line in self.lines)

    @property
    def top(self) -> int:
        """Its upper edge, in pixels of the upright page."""
        return min(line.box[1] for line in self.lines)


@dataclass(frozen=True)
class UprightPage:
    """A page that was read, held upright."""

    page: ReadPage

    @cached_property
    def size(self) -> tuple[int, int]:
        """Its width and height, in pixels."""
        size = (self.page.width, self.page.height)
        return size[::-1] if self.page.turn % 180 else size

    @cached_property
    def lines(self) -> tuple[UprightLine, ...]:
        """Its lines in reading order."""
        size = (self.page.width, self.page.height)
        return tuple(
            UprightLine(fold(line.text), turn_box(line.box, size, self.page.turn), line.box, _doubts(line))
            for line in self.page.lines
        )

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Its lines in rows, from top to bottom."""
        rows: list[list[UprightLine]] = []
        for line in sorted(self.lines, key=lambda line: line.box[1] + line.box[3]):
            if rows and _in_same_row(rows[-1][-1], line):
                rows[-1].append(line)
            else:
                rows.append([line])
        return tuple(Row(tuple(sorted(row, key=lambda line: line.box[0]))) for row in rows)

    @cached_property
    def line_height(self) -> float:
        """The height of its lines in the middle of the order, in pixels; 0 on a page without text."""
        return median(line.height for line in self.lines) if self.lines else 0

    @cached_property
    def text(self) -> str:
        """All lines in reading order, folded and joined, so that a name or number that is broken over lines is whole."""
        return "".join(line.text for line in self.lines)

    @cached_property
    def is_in_pieces(self) -> bool:
        """Whether the engine found scraps instead of lines, as on a page that is too faint or too grainy.

        What was read there tells nothing. The cells of a table do not count: they are short.
        """
        loose = [line.text for line in self.page.lines if line.cell is None]
        scraps = sum(len(text.strip()) <= _SCRAP for text in loose)
        return len(loose) >= _MANY_LINES and scraps >= _MANY_SCRAPS * len(loose)

    @cached_property
    def is_well_read(self) -> bool:
        """Whether the engine was sure of most of its text, so that what was not found is hardly there."""
        sure = sum(len(line.text) for line in self.lines if not {"words", "figures"} & set(line.doubts))
        return sure >= _WELL_READ * len(self.text)

    def find(self, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Box]]:
        """Find a pattern in `text`; with each match the box around its lines, on the page as a viewer shows it."""
        for match in pattern.finditer(self.text):
            yield match, self.box_of(*match.span())

    def box_of(self, begin: int, end: int) -> Box:
        """The box around the lines in which a part of `text` stands, on the page as a viewer shows it."""
        return surround(line.seen for line in self.lines_of(begin, end))

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins in `text`, and where the last one ends."""
        return [0, *accumulate(len(line.text) for line in self.lines)]

    def rest_of_line(self, end: int) -> str:
        """What follows a place of `text` on the line on which it ends."""
        place = bisect_left(self._starts, end) - 1
        return self.lines[place].text[end - self._starts[place] :]

    def lines_of(self, begin: int, end: int) -> tuple[UprightLine, ...]:
        """The lines in which a part of `text` stands."""
        return self.lines[bisect_right(self._starts, begin) - 1 : bisect_left(self._starts, end)]


def _doubts(line: ReadLine) -> tuple[Doubt, ...]:
    return line.doubts or (("figures",) if line.unsure else ())


def surround(boxes: Iterable[Box]) -> Box:
    """The box around some boxes."""
    every = list(boxes)
    return (
        min(box[0] for box in every),
        min(box[1] for box in every),
        max(box[2] for box in every),
        max(box[3] for box in every),
    )


def turn_box(box: Box, size: tuple[int, int], degrees: int) -> Box:
    """The place of a box once its page is turned.

    Args:
        box: on the page as it is.
        size: width and height of that page.
        degrees: by how much the page is turned clockwise: 0, 90, 180 or 270.
    """
    left, top, right, bottom = box
    width, height = size
    if degrees == 90:  # noqa: PLR2004 (degrees)
        return height - bottom, left, height - top, right
    if degrees == 180:  # noqa: PLR2004
        return width - right, height - bottom, width - left, height - top
    if degrees == 270:  # noqa: PLR2004
        return top, width - right, bottom, width - left
    return box


def _in_same_row(one: UprightLine, other: UprightLine) -> bool:
    middle, other_middle = one.box[1] + one.box[3], other.box[1] + other.box[3]
    return abs(middle - other_middle) <= 2 * _SAME_ROW * min(one.height, other.height)
