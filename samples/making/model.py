"""What a paper is made of, before anything is drawn; lengths in millimetres, letters in points.

Inline marks in any text: ``⟦…⟧`` is written by hand, ``◉`` is the middle of a round seal, ``◎`` a thumbprint on the
letters before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Align = Literal["left", "right", "centre", "justify"]


@dataclass(frozen=True, slots=True)
class Look:
    """A face, its size and its line, in points."""

    face: Literal["fang", "song", "bold", "kai", "hei"]
    size: float
    line: float


TITLE = Look("bold", 22, 36)
BODY = Look("fang", 16, 28.95)
HEAD = Look("hei", 16, 28.95)
SPEECH = Look("fang", 14, 26)
CELL = Look("fang", 12, 18)
SMALL = Look("fang", 10.5, 16)
TINY = Look("song", 9, 13)
LABEL = Look("song", 12, 18)


@dataclass(frozen=True, slots=True)
class Par:
    """A paragraph; the indents count in letters, the space before in points."""

    text: str
    look: Look = BODY
    align: Align = "justify"
    first: float = 2
    left: float = 0
    right: float = 0
    before: float = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its paragraphs, and what is written at its foot on the right, such as a signature."""

    text: str
    columns: int = 1
    look: Look = CELL
    align: Align = "left"
    first: float = 0
    foot: str = ""
    top: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells, and the least height that it has."""

    cells: tuple[Cell, ...]
    height: float = 10


@dataclass(frozen=True, slots=True)
class Table:
    """A table, ruled or not; no row is divided between pages."""

    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    before: float = 6
    ruled: bool = True


@dataclass(frozen=True, slots=True)
class Together:
    """Blocks that stay on one page, such as a signature and its date."""

    blocks: tuple[Par | Table, ...]


Block = Par | Table | Together


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, however many pages it fills.

    Attributes:
        foot: a line at the foot of every page; ``{page}`` and ``{pages}`` are put in.
        margins: top, right, bottom and left.
    """

    blocks: tuple[Block, ...]
    foot: str = ""
    landscape: bool = False
    margins: tuple[float, float, float, float] = (37, 26, 35, 28)


Format = Literal["pdf", "jpeg", "png", "tiff-g4", "tiff-grey"]


@dataclass(frozen=True, slots=True)
class Scan:
    """A file of scanned papers."""

    name: str
    papers: tuple[Paper, ...]
    format: Format
    colour: bool = True


@dataclass(frozen=True, slots=True)
class Typed:
    """A Word file: its title, its paragraphs, and one plain table that stands before the last ``after`` of them."""

    name: str
    title: str
    paragraphs: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    after: int = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample case: its folder, its case.json, and its files."""

    folder: str
    case: dict[str, Any]
    files: tuple[Scan | Typed, ...] = field(default=())
