"""The record of what was read on a scanned file (``.readings/<SHA-256 of the file>.json``): its model.

A record is an input of the case like a scan: it may be written by a program on another computer, and is not trusted.
It holds no score and no time, so that the same pages, models and settings give the same record.

All boxes are whole pixels of the page as a viewer shows it, from its top left corner; the page's own `width` and `height`
say how many pixels it has, so ``box[0] / width`` is a share of the page.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bundler.printable_text import unsafe_characters

MAX_PAGES = 2000
MAX_LINES = 3000
"""Lines of one page; the densest printed page has a tenth of them."""
MAX_PIXELS = 20_000
MAX_SLOPE = 400
MAX_TEXT = 1000

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
PageNumber = Annotated[int, Field(ge=1, le=MAX_PAGES)]
Pixels = Annotated[int, Field(ge=0, le=MAX_PIXELS)]
Box = tuple[Pixels, Pixels, Pixels, Pixels]
"""Left, top, right and bottom; the left is smaller than the right, and the top than the bottom."""
Turn = Literal[0, 90, 180, 270]
Doubt = Literal["words", "figures", "year", "room"]
"""What the engine was not sure of in a line: the line on the whole; a figure; a figure of a date's year; whether a date has
one figure more than it read, for which there is room."""


class _RecordModel(BaseModel):
    """A frozen part of the record; unknown keys are errors, and types are not guessed."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, str_max_length=MAX_TEXT, defer_build=True
    )


class ReadLine(_RecordModel):
    """A line of text, or the part of a line that stands in one cell of a table.

    Attributes:
        box: the upright rectangle around it.
        text: what was read.
        slope: how far the line rises or falls, in thousandths of its length; positive where its end is lower than its
            beginning once the page stands upright.
        cell: the cell of a table, as a number; lines with the same number stand in the same cell. None outside of tables.
        doubts: what the engine was not sure of; no warning rests on it.
        unsure: what earlier versions wrote in its place; it is read, and never written.
    """

    box: Box
    text: Annotated[str, Field(min_length=1)]
    slope: Annotated[int, Field(ge=-MAX_SLOPE, le=MAX_SLOPE)] = 0
    cell: Annotated[int, Field(ge=1, le=MAX_LINES)] | None = None
    doubts: Annotated[tuple[Doubt, ...], Field(max_length=4)] = ()
    unsure: Annotated[bool, Field(exclude=True)] = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if unsafe_characters(self.text) or "\n" in self.text:
            raise ValueError("a character that steers")
        return self


class ReadPage(_RecordModel):
    """What was read on one scanned page.

    Attributes:
        number: the page of the file, from 1.
        status: ``read``; or ``unclear`` where the page could not be read at all, and all the rest is empty.
        width, height: the page as a viewer shows it, in pixels.
        turn: by how many degrees the page must be turned clockwise to stand upright.
        picture: the SHA-256 of the picture that was read; equal for pages that show exactly the same.
        coloured: whether the scan has colours that tell whether there is a seal: not one in shades of grey, nor one with a
            mere trace of a seal.
        lines: in reading order, the cells of a table one after the other.
        seals: the red seals.
        thumbprints: the red fingerprints.
    """

    number: PageNumber
    status: Literal["read", "unclear"] = "read"
    width: Annotated[int, Field(ge=1, le=MAX_PIXELS)]
    height: Annotated[int, Field(ge=1, le=MAX_PIXELS)]
    turn: Turn = 0
    picture: Digest
    coloured: bool = False
    lines: Annotated[tuple[ReadLine, ...], Field(max_length=MAX_LINES)] = ()
    seals: Annotated[tuple[Box, ...], Field(max_length=100)] = ()
    thumbprints: Annotated[tuple[Box, ...], Field(max_length=100)] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        boxes = [line.box for line in self.lines] + [*self.seals, *self.thumbprints]
        if any(not (box[0] < box[2] <= self.width and box[1] < box[3] <= self.height) for box in boxes):
            raise ValueError("a box outside of its page")
        if self.status == "unclear" and (boxes or self.turn):
            raise ValueError("something read on a page that could not be read")
        return self

    @property
    def text(self) -> str:
        """All lines, each ended by a line break, but for the lines of one cell, which are joined."""
        return "".join(text + "\n" for text in self.blocks)

    @property
    def blocks(self) -> tuple[str, ...]:
        """The lines outside of tables, and each cell of a table as one text, in reading order."""
        found: list[str] = []
        before = None
        for line in self.lines:
            if line.cell is not None and line.cell == before:
                found[-1] += line.text
            else:
                found.append(line.text)
            before = line.cell
        return tuple(found)


class ScanReading(_RecordModel):
    """The record of one file.

    Attributes:
        source: the SHA-256 of the file.
        engine: the program that read, with its release.
        models: the SHA-256 of each model that it used, by file name.
        settings: what it was told, by name.
        scans: the pages of the file that are scans without text, from 1: those that are to be read.
        pages: the pages that were read so far, in order.
    """

    version: Literal[1] = 1
    source: Digest
    engine: Annotated[str, Field(min_length=1, max_length=100)]
    models: Annotated[dict[str, Digest], Field(max_length=20)]
    settings: Annotated[dict[str, int | str], Field(max_length=50)]
    scans: Annotated[tuple[PageNumber, ...], Field(max_length=MAX_PAGES)]
    pages: Annotated[tuple[ReadPage, ...], Field(max_length=MAX_PAGES)]

    @model_validator(mode="after")
    def _check(self) -> Self:
        numbers = [page.number for page in self.pages]
        if any(one >= other for one, other in (*pairwise(self.scans), *pairwise(numbers))):
            raise ValueError("pages out of order")
        if not set(numbers) <= set(self.scans):
            raise ValueError("a page that is no scan")
        return self

    @property
    def is_complete(self) -> bool:
        """Whether all scans of the file were read."""
        return len(self.pages) == len(self.scans)

    def page(self, number: int) -> ReadPage | None:
        """What was read on a page of the file; None where nothing was."""
        return next((page for page in self.pages if page.number == number), None)


def line_size(box: Box, slope: int, turn: int) -> tuple[float, float]:
    """The length and the height of a line along its own direction, in pixels.

    Args:
        box: the upright rectangle around the line, on the page as a viewer shows it.
        slope: of the line.
        turn: of its page.
    """
    width, height = box[2] - box[0], box[3] - box[1]
    if turn % 180:
        width, height = height, width
    angle = abs(math.atan(slope / 1000))
    sine, cosine = math.sin(angle), math.cos(angle)
    length = (width * cosine - height * sine) / (cosine * cosine - sine * sine)
    thickness = (height * cosine - width * sine) / (cosine * cosine - sine * sine)
    return max(length, 1.0), max(thickness, 1.0)
