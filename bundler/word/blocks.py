"""The content of a Word file as frozen blocks: sections, headers and footers, paragraphs, runs and tables.

All lengths are in points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PAGE_FIELD, PAGES_FIELD = "\ue000", "\ue001"
"""Placeholders in a run's text for the fields PAGE and NUMPAGES."""
DEFAULT_MARGINS = (104.9, 73.7, 99.2, 79.4)
"""Top, right, bottom and left."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text with one set of character properties.

    Attributes:
        face: the font's name in the Word file; None if no style names one.
        spacing: added between characters.
        colour: six hexadecimal digits; empty for black.
    """

    text: str
    face: str | None
    size: float
    bold: bool
    spacing: float
    underline: bool = False
    italic: bool = False
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG in a page header: the QR code of a paper that comes back signed."""

    data: bytes
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its style's name, its properties, its runs.

    Attributes:
        line: the height of its lines; None if the text decides.
        exact: no line is ever higher, whatever it contains.
        keep_next: stays on the page of the next paragraph.
        keep_lines: is not split over pages.
        new_page: begins a page.
        size: the font size of an empty paragraph.
    """

    style: str
    runs: tuple[Run, ...]
    align: str = "left"
    first_line: float = 0
    left: float = 0
    right: float = 0
    before: float = 0
    after: float = 0
    line: float | None = None
    exact: bool = False
    keep_next: bool = False
    keep_lines: bool = False
    new_page: bool = False
    size: float = 10.5
    pictures: tuple[Picture, ...] = ()

    @property
    def text(self) -> str:
        """The text of all runs."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: its content, the columns and rows that it spans, its vertical alignment (default: top)."""

    blocks: tuple[Paragraph | Table, ...]
    columns: int = 1
    rows: int = 1
    middle: bool = False
    bottom: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A table row.

    Attributes:
        height: its least height.
        header: repeated on each page of the table.
        whole: not split over pages.
        keep_next: stays on the page of the next row.
    """

    cells: tuple[Cell, ...]
    height: float = 0
    header: bool = False
    whole: bool = False
    keep_next: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the widths of its columns, its rows, and whether it has border lines."""

    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    lines: bool = True


@dataclass(frozen=True, slots=True)
class HeaderFooter:
    """The headers, or the footers, of a section: for all pages, for the first, for even ones.

    Attributes:
        first, even: None where those pages have the common one.
        distance: from the edge of the paper.
    """

    common: tuple[Paragraph, ...] = ()
    first: tuple[Paragraph, ...] | None = None
    even: tuple[Paragraph, ...] | None = None
    distance: float = 36


@dataclass(frozen=True, slots=True)
class Blocks:
    """A section: its body, headers, footers and page; the document's first section holds the others.

    Attributes:
        margins: top, right, bottom, left.
        following: the document's further sections (分节), such as an annexed list on landscape pages.
    """

    body: tuple[Paragraph | Table, ...]
    header: HeaderFooter = HeaderFooter()
    footer: HeaderFooter = HeaderFooter()
    margins: tuple[float, float, float, float] = DEFAULT_MARGINS
    landscape: bool = False
    following: tuple[Blocks, ...] = ()


WordPapers = Sequence[tuple[str, Blocks]]
"""The Word papers of a bundle with their keys, in the bundle's order."""
