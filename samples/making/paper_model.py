"""The contents of a paper before it is drawn; lengths are in millimetres, sizes of type in points.

Marks in any text: ``⟦…⟧`` is handwritten, ``◉`` is the centre of a round seal, ``◎`` a thumbprint on the characters
before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Align = Literal["left", "right", "centre", "justify"]


@dataclass(frozen=True, slots=True)
class TextStyle:
    """A typeface, its size and its line height, in points."""

    face: Literal["fang", "song", "bold", "kai", "hei"]
    size: float
    line: float


TITLE = TextStyle("bold", 22, 36)
BODY = TextStyle("fang", 16, 28.95)
HEAD = TextStyle("hei", 16, 28.95)
SPEECH = TextStyle("fang", 14, 26)
CELL = TextStyle("fang", 12, 18)
SMALL = TextStyle("fang", 10.5, 16)
TINY = TextStyle("song", 9, 13)
LABEL = TextStyle("song", 12, 18)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; indents are in characters, the space before it in points."""

    text: str
    style: TextStyle = BODY
    align: Align = "justify"
    first: float = 2
    left: float = 0
    right: float = 0
    before: float = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, and text at its foot on the right, such as a signature."""

    text: str
    columns: int = 1
    style: TextStyle = CELL
    align: Align = "left"
    first: float = 0
    foot: str = ""
    top: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells and its minimum height."""

    cells: tuple[Cell, ...]
    height: float = 10


@dataclass(frozen=True, slots=True)
class Table:
    """A table with or without rules; no row is split between pages."""

    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    before: float = 6
    ruled: bool = True


@dataclass(frozen=True, slots=True)
class KeepTogether:
    """Blocks that stay on one page, such as a signature and its date."""

    blocks: tuple[Paragraph | Table, ...]


Block = Paragraph | Table | KeepTogether


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of any number of pages.

    Attributes:
        foot: a line at the foot of every page; ``{page}`` and ``{pages}`` are replaced.
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
class WordFile:
    """A Word file: title, paragraphs, and one plain table before the last ``after`` paragraphs."""

    name: str
    title: str
    paragraphs: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    after: int = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample case: its folder, its case.json and its files."""

    folder: str
    case: dict[str, Any]
    files: tuple[Scan | WordFile, ...] = field(default=())
