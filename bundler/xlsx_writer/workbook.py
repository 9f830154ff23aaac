"""Writes a workbook: strings are never formulas, dates are real dates, sheets are ready to print on A4.

The same sheets give the same bytes: openpyxl writes the time of saving, which is removed again. It writes no value of a
formula, which is put in, so that a program that does not count shows the figures too.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

from bundler.printable_text import display_width
from bundler.reproducible_zip import reproducible_zip
from bundler.xlsx_writer.charts import NO_ZERO, add_charts
from bundler.xlsx_writer.sheets import (
    FIRST_ROW,
    HEADER_ROW,
    HEADING_ROW,
    CellValue,
    Column,
    FileLink,
    Formula,
    Sheet,
)

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MAX_TEXT = 32_000
"""Maximum characters of a cell; Excel refuses a file with more than 32,767."""

_TIME_ELEMENT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(<)")
_FIXED_TIME = rb"\g<1>2000-01-01T00:00:00Z\g<3>"
_FORMULA_CELL = re.compile(rb'(?P<start><c r="(?P<cell>[A-Z]+[0-9]+)"[^>]*)>(?P<formula><f>[^<]*</f>)<v\s*(?:/>|></v>)')
_OWN_FORMAT = f'formatCode="{NO_ZERO}"'.encode()
_BAD_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
_TITLE_LENGTH = 31
_LINE_HEIGHT, _ROW_PADDING, _MAX_ROW_HEIGHT = 13.5, 6.0, 400.0
"""In points; Excel does not allow higher rows."""


def build_workbook(sheets: Sequence[Sheet], title: str) -> bytes:
    """The bytes of a workbook; the same sheets give the same bytes."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.title = title
    workbook.properties.creator = "bundler"
    add_styles(workbook)
    for sheet in sheets:
        _fill(workbook.create_sheet(safe_sheet_title(sheet.title)), sheet)
    for page, sheet in zip(workbook.worksheets, sheets, strict=True):
        add_charts(workbook, page, sheet)
    return save_workbook(workbook, sheets)


def safe_sheet_title(title: str) -> str:
    """A title that Excel takes for a sheet."""
    return _BAD_IN_TITLE.sub("-", title)[:_TITLE_LENGTH]


def save_workbook(workbook: Workbook, sheets: Sequence[Sheet] = ()) -> bytes:
    """The bytes of a workbook without the time of saving.

    Args:
        workbook: the workbook.
        sheets: what its first sheets hold, for the values of their formulas.
    """
    target = io.BytesIO()
    workbook.save(target)
    values = {
        f"xl/worksheets/sheet{number}.xml": found
        for number, sheet in enumerate(sheets, start=1)
        for found in [_values_of_formulas(sheet)]
        if found
    }

    def change(name: str, part: bytes) -> bytes:
        if name == "docProps/core.xml":
            return _TIME_ELEMENT.sub(_FIXED_TIME, part)
        if name.startswith("xl/charts/"):
            # openpyxl does not write that a format is the label's own.
            return part.replace(_OWN_FORMAT, _OWN_FORMAT + b' sourceLinked="0"')
        return _put_values(part, values[name]) if name in values else part

    return reproducible_zip(target.getvalue(), change)


def _values_of_formulas(sheet: Sheet) -> dict[bytes, float | None]:
    """The value of each formula by the name of its cell."""
    from openpyxl.utils import get_column_letter

    return {
        f"{get_column_letter(place)}{number}".encode(): value.value
        for number, row in enumerate(sheet.rows, start=FIRST_ROW)
        for place, value in enumerate(row, start=1)
        if isinstance(value, Formula)
    }


def _put_values(part: bytes, values: Mapping[bytes, float | None]) -> bytes:
    """A sheet's XML with the value of each formula."""

    def put(found: re.Match[bytes]) -> bytes:
        value = values[found["cell"]]
        start, formula = found["start"], found["formula"]
        # A formula without a number gives an empty text.
        return start + (
            b' t="str">' + formula + b"<v></v>" if value is None else b">" + formula + f"<v>{value!r}</v>".encode()
        )

    return _FORMULA_CELL.sub(put, part)


def _fill(page: Worksheet, sheet: Sheet) -> None:
    from openpyxl.utils import get_column_letter

    page_ends = split_into_pages([column.width for column in sheet.columns], sheet.kept)
    _head(page, sheet, page_ends[0])
    for number, row in enumerate(sheet.rows, start=FIRST_ROW):
        for place, value in enumerate(row, start=1):
            put_cell(page, number, place, value)
        page.row_dimensions[number].height = _row_height(sheet.columns, row)
    for place, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = column.width
    last = f"{get_column_letter(len(sheet.columns))}{max(HEADER_ROW, HEADER_ROW + len(sheet.rows))}"
    page.freeze_panes = f"A{FIRST_ROW}"
    page.auto_filter.ref = f"A{HEADER_ROW}:{last}"
    if sheet.rows:
        _colour(page, sheet, f"A{FIRST_ROW}:{last}")
    _for_print(page, len(page_ends), sheet.kept)


def _head(page: Worksheet, sheet: Sheet, width: int) -> None:
    """The heading above as many columns as the first printed page has, and the header of the table."""
    put_cell(page, HEADING_ROW, 1, sheet.heading, _TITLE)
    page.merge_cells(start_row=HEADING_ROW, start_column=1, end_row=HEADING_ROW, end_column=width)
    page.row_dimensions[HEADING_ROW].height = 30
    page.row_dimensions[HEADER_ROW].height = _row_height(sheet.columns, [column.title for column in sheet.columns])
    for place, column in enumerate(sheet.columns, start=1):
        put_cell(page, HEADER_ROW, place, column.title, _HEADER)


_TITLE, _HEADER, _WORDS, _FIGURE, _DAY, _LINK = "表题", "表头", "文字", "数字", "日期", "链接"
"""Named styles of the workbook: setting fonts and borders of each of 20,000 cells takes ten times as long."""


def add_styles(workbook: Workbook) -> None:
    """Add the named styles that `put_cell` uses."""
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
    from openpyxl.utils.indexed_list import IndexedList

    # The width of a column is counted in digits of the first font: with 宋体 a digit is half as wide as a Chinese character.
    workbook._fonts = IndexedList([Font(name="宋体", size=10)])  # type: ignore[attr-defined]  # noqa: SLF001 (no public way)

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


def put_cell(page: Worksheet, row: int, column: int, value: CellValue, style: str = "") -> None:
    """Write a value with its type; a string is never a formula, also after a user edits the cell."""
    cell = page.cell(row, column)
    cell.style = style or _style_of(value)
    if isinstance(value, Formula):
        cell.value = f"={value.text}"
        return
    if isinstance(value, FileLink):
        cell.hyperlink = quote(str(value.target))
        # Setting a link gives a cell openpyxl's own look for links.
        cell.style = _LINK
        value = value.text
    if isinstance(value, str):
        page.cell(row, column, _to_valid_text(value)).data_type = "s"
        if value.startswith(("=", "+", "-", "@")):
            cell.quotePrefix = True
    elif value is not None:
        page.cell(row, column, value)
        cell.style = _style_of(value)


def _style_of(value: CellValue) -> str:
    if isinstance(value, date):
        return _DAY
    return _WORDS if isinstance(value, str | FileLink) else _FIGURE


def _row_height(columns: Sequence[Column], row: Sequence[CellValue]) -> float:
    """The height of a row in points, computed from its longest text, because not every program does so."""
    lines = (
        sum(
            -(-display_width(part, ambiguous=2) // max(int(column.width) - 2, 1)) or 1
            for part in _text(value).split("\n")
        )
        for column, value in zip(columns, row, strict=True)
    )
    return min(max(lines, default=1) * _LINE_HEIGHT + _ROW_PADDING, _MAX_ROW_HEIGHT)


def _text(value: CellValue) -> str:
    return value.text if isinstance(value, FileLink) else value if isinstance(value, str) else ""


_NOT_IN_XML = re.compile("[^\\t\\n\\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The characters that XML 1.0 does not have."""


def _to_valid_text(text: str) -> str:
    """Text that XML can hold and Excel opens: other characters become �, and long text is cut."""
    held = _NOT_IN_XML.sub("�", text)
    return held if len(held) <= MAX_TEXT else held[: MAX_TEXT - 1] + "…"


def _colour(page: Worksheet, sheet: Sheet, where: str) -> None:
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import PatternFill
    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.utils import get_column_letter

    for colour in sheet.colours:
        cell = f"${get_column_letter(colour.column + 1)}{FIRST_ROW}"
        rule = Rule(
            "expression",
            formula=[f"AND(ISNUMBER({cell}),{cell}>={colour.low},{cell}<={colour.high})"],
            dxf=DifferentialStyle(fill=PatternFill("solid", bgColor=colour.tone.value)),
            stopIfTrue=True,
        )
        page.conditional_formatting.add(where, rule)


_PAGE_WIDTH = 130.0
"""The widths of columns that A4 landscape holds at full size, in half-width characters; more with narrow digits."""
_SMALLEST_SCALE = 0.9
"""At which the text of 10 points is printed at 9 points, the size of 小五."""


def split_into_pages(widths: Sequence[float], kept: int) -> tuple[int, ...]:
    """Distribute columns over as few printed pages side by side as hold them with text of at least 9 points.

    Args:
        widths: the widths of the columns, in half-width characters.
        kept: how many columns at the left each page repeats.

    Returns:
        the number of the last column of each page, from 1.
    """
    most, repeated = _PAGE_WIDTH / _SMALLEST_SCALE, sum(widths[:kept])
    ends, used = [], 0.0
    for number, width in enumerate(widths):
        if used + width > most and number > kept:
            ends.append(number)
            used = repeated
        used += width
    return (*ends, len(widths))


def _for_print(page: Worksheet, pages: int, kept: int) -> None:
    """A4 landscape, fitted to so many pages side by side; header and first columns on each, the page number in the footer."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.header_footer import _HeaderFooterPart
    from openpyxl.worksheet.page import PageMargins
    from openpyxl.worksheet.properties import PageSetupProperties

    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = int(page.PAPERSIZE_A4)
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = pages, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.pageOrder = "overThenDown"
    page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    if pages > 1:
        page.print_title_cols = f"A:{get_column_letter(kept)}"
    page.print_options.horizontalCentered = True
    # A landscape page is bound at its upper edge: 28 mm there.
    page.page_margins = PageMargins(left=0.4, right=0.4, top=1.1, bottom=0.7, header=0.3, footer=0.35)
    if page.oddFooter is not None:
        page.oddFooter.center = _HeaderFooterPart("第 &P 页 共 &N 页")
