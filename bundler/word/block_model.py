"""The content of a Word file as frozen blocks: sections, headers and footers, paragraphs, runs and tables.

All lengths are in points.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PAGE_FIELD, PAGES_FIELD = "\ue000", "\ue001"
"""Placeholders in a run's text for the fields PAGE and NUMPAGES."""
DEFAULT_MARGINS = (104.9, 73.7, 99.2, 79.4)
"""Top, right, bottom and left."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG in a page header: the QR code of a paper that comes back signed."""

    data: bytes
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Run:
    """Text with one set of character properties.

    Attributes:
        face: the font's name in the Word file; None if no style names one.
        spacing: added between characters.
        colour: six hexadecimal digits; empty for black, or for white on a dark ground.
        fill: the colour behind the text; empty for none.
        raised: how far the text stands above its line; negative below it.
        picture: stands in place of text.
    """

    text: str
    face: str | None
    size: float
    bold: bool
    spacing: float
    underline: bool = False
    italic: bool = False
    colour: str = ""
    fill: str = ""
    raised: float = 0
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Border:
    """A border line: its CSS style, its width, its colour, and its distance from the text of a paragraph."""

    style: str
    width: float
    colour: str = "000000"
    space: float = 0


Borders = tuple[Border | None, Border | None, Border | None, Border | None]
"""The borders at the top, right, bottom and left."""
NO_BORDERS: Borders = (None, None, None, None)


@dataclass(frozen=True, slots=True)
class TabStop:
    """A tab stop: its position from the left margin, how text stands at it, and the character that fills the gap."""

    position: float
    align: str = "left"
    leader: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """The number or bullet of a paragraph, as Word shows it.

    Attributes:
        run: its text; what follows the number (a tab or a space) is its last character.
        hangs: the text after it begins at the paragraph's indent, if the number is short enough.
    """

    run: Run
    hangs: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its style's name, its properties, its runs.

    Attributes:
        line: the height of its lines; None if the text decides.
        exact: no line is ever higher, whatever it contains.
        line_factor: how many times the height of the text its lines have, where `line` is None.
        grid: the pitch of the page's line grid that its lines stand on; 0 for none.
        keep_next: stays on the page of the next paragraph.
        keep_lines: is not split over pages.
        new_page: begins a page.
        size: the font size of an empty paragraph.
        number: its automatic number.
        tabs: its tab stops, from left to right.
        default_tab: the distance of the stops after those.
        fill: the colour behind it; empty for none.
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
    line_factor: float = 1
    grid: float = 0
    number: Number | None = None
    tabs: tuple[TabStop, ...] = ()
    default_tab: float = 21
    borders: Borders = NO_BORDERS
    fill: str = ""

    @property
    def text(self) -> str:
        """The text of all runs, without the automatic number."""
        return "".join(run.text for run in self.runs)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures among its runs."""
        return tuple(run.picture for run in self.runs if run.picture is not None)


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: its content, the columns and rows that it spans, its vertical alignment (default: top).

    Attributes:
        is_gap: it stands for the columns that a row leaves out at its beginning or end, and has no lines.
        vertical: its text runs from top to bottom, character under character.
        fill: the colour behind it; empty for none.
        borders: used only where the table has `ruled`.
        falling, rising: the diagonals from its top left, and from its bottom left.
        padding: at its left and right; None for the style sheet's.
    """

    blocks: tuple[Paragraph | Table, ...]
    columns: int = 1
    rows: int = 1
    middle: bool = False
    bottom: bool = False
    is_gap: bool = False
    vertical: bool = False
    fill: str = ""
    borders: Borders = NO_BORDERS
    falling: Border | None = None
    rising: Border | None = None
    padding: tuple[float, float] | None = None


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
    """A table: the widths of its columns, and its rows.

    Attributes:
        lines: it has the lines of a court's form: an outer frame of 1 pt, inner lines of half of that.
        ruled: each cell has borders of its own instead.
        align: ``left``, ``center`` or ``right``.
        indent: of its left side, where it is aligned left.
    """

    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    lines: bool = True
    ruled: bool = False
    align: str = "left"
    indent: float = 0


@dataclass(frozen=True, slots=True)
class HeaderFooter:
    """The headers, or the footers, of a section: for all pages, for the first, for even ones.

    Attributes:
        first, even: None where those pages have the common one.
        distance: from the edge of the paper.
    """

    common: tuple[Paragraph | Table, ...] = ()
    first: tuple[Paragraph | Table, ...] | None = None
    even: tuple[Paragraph | Table, ...] | None = None
    distance: float = 36


@dataclass(frozen=True, slots=True)
class Blocks:
    """A section: its body, headers, footers and page; the document's first section holds the others.

    Attributes:
        margins: top, right, bottom, left.
        first_page: the number of its first page; None to go on from the section before it, or to begin at 1.
        following: the document's further sections (分节), such as an annexed list on landscape pages.
    """

    body: tuple[Paragraph | Table, ...]
    header: HeaderFooter = HeaderFooter()
    footer: HeaderFooter = HeaderFooter()
    margins: tuple[float, float, float, float] = DEFAULT_MARGINS
    landscape: bool = False
    first_page: int | None = None
    following: tuple[Blocks, ...] = ()


WordPapers = Iterable[tuple[str, Blocks]]
"""The Word papers of a bundle with their keys, in the bundle's order."""
