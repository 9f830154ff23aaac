"""What a workbook holds: sheets with their columns, cells, colours and charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class FileLink:
    """A cell with a link to a file beside the workbook.

    Attributes:
        text: the text of the cell.
        target: the file, relative to the workbook's folder, with ``/``.
    """

    text: str
    target: PurePosixPath


@dataclass(frozen=True, slots=True)
class Formula:
    """A figure that Excel counts from other cells, with its value, which programs that do not count show.

    Attributes:
        text: the formula without ``=``; never anything that a person typed.
        value: its value; None where the formula gives an empty text.
    """

    text: str
    value: float | None


CellValue = str | int | float | date | FileLink | Formula | None


class RowTone(StrEnum):
    """The background of a row, as RGB."""

    LATE = "FFC7CE"
    SOON = "FFEB9C"


@dataclass(frozen=True, slots=True)
class RowColour:
    """Colours the rows in which the number of a column is within a range.

    Attributes:
        column: the index of the column, from 0.
        low, high: the range, both included; a row with an empty cell is not coloured.
        tone: the background.
    """

    column: int
    low: int
    high: int
    tone: RowTone


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, and its width in half-width characters."""

    title: str
    width: float = 14


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart of the rows of a table, which follows when a number there is changed.

    Attributes:
        title: the words above it.
        sheet: the title of the sheet with the table.
        labels: the index of the column whose text stands at the bars, from 0.
        series: the indices of the columns with the numbers, whose headers name the series.
        rows: how many of the first rows are drawn.
        is_stacked: whether the series of a row are one bar.
    """

    title: str
    sheet: str
    labels: int
    series: tuple[int, ...]
    rows: int
    is_stacked: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: a heading above a table.

    Attributes:
        title: the name on the tab.
        heading: the line above the table, printed on the first page.
        columns: the columns; their header is frozen, has filters, and is repeated on each printed page.
        rows: the cells; a string stays a string whatever it looks like.
        colours: conditional formats, which follow when a user edits a number.
        kept: the columns at the left that each printed page repeats where the table is wider than one.
        charts: bar charts below the table, each on one printed page.
    """

    title: str
    heading: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[CellValue]]
    colours: tuple[RowColour, ...] = ()
    kept: int = 2
    charts: tuple[Chart, ...] = ()


HEADING_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3
"""The rows of a sheet, from 1: the heading, the header of the table, and its first row."""


def list_charts(heading: str, charts: Sequence[Chart]) -> Sheet:
    """The sheet of all charts of a workbook, which lists them first; a chart of no row is left out."""
    drawn = tuple(chart for chart in charts if chart.rows)
    columns = (Column("序号", 6), Column("图", 70), Column("数据在", 40))
    rows = [(number, chart.title, f"“{chart.sheet}”表") for number, chart in enumerate(drawn, start=1)]
    return Sheet("图表", heading, columns, rows, charts=drawn)


def column_letters(place: int) -> str:
    """The letters of a column as Excel shows them, from its index, counted from 0; openpyxl's own takes 0.1 s to load."""
    letters, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
