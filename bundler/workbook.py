"""A workbook (.xlsx) as an office is glad to get it: strings never formulas, real dates, ready to print on A4.

The same sheets give the same bytes: openpyxl writes the time of saving, and that is taken out again.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from bundler.reproducible_zip import reproducible_zip
from bundler.text import display_width

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MAX_TEXT = 32_000
"""Characters of a cell; Excel refuses a file with more than 32,767."""

_CLOCK = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(<)")
_NO_CLOCK = rb"\g<1>2000-01-01T00:00:00Z\g<3>"
_BAD_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
_TITLE_LENGTH = 31
_LINE, _AROUND, _HIGHEST = 13.5, 6.0, 400.0
"""Of a row, in points: each line of text, the space around it, and what Excel allows."""


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to a file beside the workbook.

    Attributes:
        text: what the cell shows.
        target: the file, relative to the workbook's folder, with ``/``.
    """

    text: str
    target: PurePosixPath


Value = str | int | float | date | Link | None


class Tone(StrEnum):
    """The colour of a row, as an RGB value of its ground."""

    LATE = "FFC7CE"
    SOON = "FFEB9C"


@dataclass(frozen=True, slots=True)
class RowColour:
    """Rows are coloured by the number in one of their columns.

    Attributes:
        column: the column's place, from 0.
        low, high: both included; an empty cell is never coloured.
        tone: the colour.
    """

    column: int
    low: int
    high: int
    tone: Tone


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, and its width in half-width characters."""

    title: str
    width: float = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a heading over a table.

    Attributes:
        title: on the sheet's tab.
        heading: the line over the table, printed on the first page.
        columns: of the table; the header is frozen, filtered, and repeated on each printed page.
        rows: a person's words are strings, dates are dates, figures are numbers.
        colours: which rows are coloured, by rule, so that the colours follow when the office edits a figure.
    """

    title: str
    heading: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    colours: tuple[RowColour, ...] = ()


_HEADING_ROW, _HEADER_ROW, _FIRST_ROW = 1, 2, 3


def workbook_bytes(sheets: Sequence[Sheet], title: str) -> bytes:
    """The workbook's file."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.title = title
    workbook.properties.creator = "bundler"
    _add_styles(workbook)
    for sheet in sheets:
        _fill(workbook.create_sheet(_BAD_IN_TITLE.sub("-", sheet.title)[:_TITLE_LENGTH]), sheet)
    target = io.BytesIO()
    workbook.save(target)
    return reproducible_zip(target.getvalue(), _clockless)


def _clockless(name: str, part: bytes) -> bytes:
    return _CLOCK.sub(_NO_CLOCK, part) if name == "docProps/core.xml" else part


def _fill(page: Worksheet, sheet: Sheet) -> None:
    from openpyxl.utils import get_column_letter

    _head(page, sheet)
    for number, row in enumerate(sheet.rows, start=_FIRST_ROW):
        for place, value in enumerate(row, start=1):
            _put(page, number, place, value)
        page.row_dimensions[number].height = _height(sheet.columns, row)
    for place, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = column.width
    last = f"{get_column_letter(len(sheet.columns))}{max(_HEADER_ROW, _HEADER_ROW + len(sheet.rows))}"
    page.freeze_panes = f"A{_FIRST_ROW}"
    page.auto_filter.ref = f"A{_HEADER_ROW}:{last}"
    if sheet.rows:
        _colour(page, sheet, f"A{_FIRST_ROW}:{last}")
    _for_print(page)


def _head(page: Worksheet, sheet: Sheet) -> None:
    _put(page, _HEADING_ROW, 1, sheet.heading, _TITLE)
    page.merge_cells(start_row=_HEADING_ROW, start_column=1, end_row=_HEADING_ROW, end_column=len(sheet.columns))
    page.row_dimensions[_HEADING_ROW].height = 30
    for place, column in enumerate(sheet.columns, start=1):
        _put(page, _HEADER_ROW, place, column.title, _HEADER)


_TITLE, _HEADER, _WORDS, _FIGURE, _DAY, _LINK = "表题", "表头", "文字", "数字", "日期", "链接"
"""The workbook's own styles, made once: a look of its own for each of 20,000 cells takes ten times as long."""


def _add_styles(workbook: Workbook) -> None:
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

    line = Side("thin", color="808080")
    border = Border(line, line, line, line)
    left = Alignment(vertical="center", wrap_text=True)
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    plain, heavy = Font(name="宋体", size=10), Font(name="黑体", size=11)
    link = Font(name="宋体", size=10, color="0563C1", underline="single")
    ground = PatternFill("solid", start_color="D9E1F2")
    for style in (
        NamedStyle(_TITLE, Font(name="黑体", size=16), border=border, alignment=middle),
        NamedStyle(_HEADER, heavy, ground, border, middle),
        NamedStyle(_WORDS, plain, border=border, alignment=left),
        NamedStyle(_FIGURE, plain, border=border, alignment=middle),
        NamedStyle(_DAY, plain, border=border, alignment=middle, number_format="yyyy-mm-dd"),
        NamedStyle(_LINK, link, border=border, alignment=left),
    ):
        workbook.add_named_style(style)


def _put(page: Worksheet, row: int, column: int, value: Value, style: str = "") -> None:
    """Write a value as what it is; a string stays one, whatever it begins with, also when the office edits the cell."""
    cell = page.cell(row, column)
    cell.style = style or _style_of(value)
    if isinstance(value, Link):
        cell.hyperlink = quote(str(value.target))
        # Setting a link gives a cell openpyxl's own look for links.
        cell.style = _LINK
        value = value.text
    if isinstance(value, str):
        page.cell(row, column, _sound(value)).data_type = "s"
        if value.startswith(("=", "+", "-", "@")):
            cell.quotePrefix = True
    elif value is not None:
        page.cell(row, column, value)
        cell.style = _style_of(value)


def _style_of(value: Value) -> str:
    if isinstance(value, date):
        return _DAY
    return _WORDS if isinstance(value, str | Link) else _FIGURE


def _height(columns: Sequence[Column], row: Sequence[Value]) -> float:
    """The height in points that a row's longest text needs; not every program finds it by itself."""
    lines = (
        sum(
            -(-display_width(part, ambiguous=2) // max(int(column.width) - 2, 1)) or 1
            for part in _text(value).split("\n")
        )
        for column, value in zip(columns, row, strict=True)
    )
    return min(max(lines, default=1) * _LINE + _AROUND, _HIGHEST)


def _text(value: Value) -> str:
    return value.text if isinstance(value, Link) else value if isinstance(value, str) else ""


def _sound(text: str) -> str:
    """Text that XML can hold, and Excel opens."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    held = ILLEGAL_CHARACTERS_RE.sub("�", text).encode("utf-8", "replace").decode()
    return held if len(held) <= MAX_TEXT else held[: MAX_TEXT - 1] + "…"


def _colour(page: Worksheet, sheet: Sheet, where: str) -> None:
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import PatternFill
    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.utils import get_column_letter

    for colour in sheet.colours:
        cell = f"${get_column_letter(colour.column + 1)}{_FIRST_ROW}"
        rule = Rule(
            "expression",
            formula=[f"AND(ISNUMBER({cell}),{cell}>={colour.low},{cell}<={colour.high})"],
            dxf=DifferentialStyle(fill=PatternFill("solid", bgColor=colour.tone.value)),
            stopIfTrue=True,
        )
        page.conditional_formatting.add(where, rule)


def _for_print(page: Worksheet) -> None:
    """A4 landscape, as wide as the page, the header on each page, the page's number in the foot."""
    from openpyxl.worksheet.header_footer import _HeaderFooterPart
    from openpyxl.worksheet.page import PageMargins
    from openpyxl.worksheet.properties import PageSetupProperties

    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = int(page.PAPERSIZE_A4)
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"{_HEADER_ROW}:{_HEADER_ROW}"
    page.print_options.horizontalCentered = True
    # A landscape page is bound at its upper edge: 28 mm there.
    page.page_margins = PageMargins(left=0.5, right=0.5, top=1.1, bottom=0.7, header=0.3, footer=0.35)
    if page.oddFooter is not None:
        page.oddFooter.center = _HeaderFooterPart("第 &P 页 共 &N 页")
