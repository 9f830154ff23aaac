"""Native bar charts, which a program for workbooks draws from the cells of a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bundler.xlsx_writer.sheets import FIRST_ROW, HEADER_ROW, Chart, Sheet

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.chart import BarChart
    from openpyxl.worksheet.worksheet import Worksheet

_TONES = ("B4C7E7", "FFF2CC", "8497B0")
"""The colours of the series as RGB: a black print tells them apart, and black numbers are readable on each."""
_WIDTH, _PAGE_HEIGHT = 25, 14.5
"""The width of a chart, and the height that a printed page (A4 landscape) has below its header, in centimetres."""
_BAR_HEIGHT, _HEIGHT_AROUND = 0.6, 3.0
"""The height of a bar with its gap, and of title and legend, in centimetres."""
_ROW_POINTS, _POINTS_OF_CM = 15.0, 28.35
NO_ZERO = "0;-0;;"
"""The format of the numbers in stacked bars: a part of no length has none over its neighbour's."""


def add_charts(workbook: Workbook, page: Worksheet, sheet: Sheet) -> None:
    """Draw the charts of a sheet below its table, as many on a printed page as it holds, the first on a new one.

    The sheet is not fitted to a number of pages, since Excel then ignores where a page ends.

    Args:
        workbook: the workbook, with the sheets that the charts are drawn from.
        page: the sheet of the workbook, its table written.
        sheet: what the sheet holds.
    """
    from openpyxl.worksheet.pagebreak import Break

    if not sheet.charts:
        return
    row, used = HEADER_ROW + len(sheet.rows) + 1, _PAGE_HEIGHT
    for chart in sheet.charts:
        drawn = _draw(workbook[chart.sheet], chart)
        bars = chart.rows * (1 if chart.is_stacked else len(chart.series))
        drawn.width, drawn.height = _WIDTH, min(_HEIGHT_AROUND + bars * _BAR_HEIGHT, _PAGE_HEIGHT)
        rows = math.ceil(drawn.height * _POINTS_OF_CM / _ROW_POINTS) + 1
        if used + drawn.height > _PAGE_HEIGHT:
            page.row_breaks.append(Break(id=row - 1))
            # An empty row keeps the chart's border off the page before.
            row, used = row + 1, 0.0
        page.add_chart(drawn, f"A{row}")
        for number in range(row, row + rows):
            page.row_dimensions[number].height = _ROW_POINTS
        row, used = row + rows, used + drawn.height + _ROW_POINTS / _POINTS_OF_CM
    if page.sheet_properties.pageSetUpPr is not None:
        page.sheet_properties.pageSetUpPr.fitToPage = False


def _draw(page: Worksheet, chart: Chart) -> BarChart:
    from openpyxl.chart import BarChart, Reference
    from openpyxl.chart.data_source import AxDataSource, StrRef
    from openpyxl.chart.label import DataLabelList

    drawn = BarChart(barDir="bar", grouping="stacked" if chart.is_stacked else "clustered")
    drawn.overlap, drawn.gapWidth = (100 if chart.is_stacked else 0), 60
    last = HEADER_ROW + chart.rows
    labels = Reference(page, chart.labels + 1, FIRST_ROW, chart.labels + 1, last)
    for place, tone in zip(chart.series, _TONES, strict=False):
        drawn.add_data(Reference(page, place + 1, HEADER_ROW, place + 1, last), titles_from_data=True)
        series = drawn.series[-1]
        series.graphicalProperties.solidFill = tone
        series.graphicalProperties.line.solidFill = "595959"
        series.cat = AxDataSource(strRef=StrRef(f=str(labels)))
    drawn.dataLabels = DataLabelList(numFmt=NO_ZERO if chart.is_stacked else None, showVal=True)
    for other in ("showSerName", "showCatName", "showLegendKey", "showPercent", "showLeaderLines"):
        setattr(drawn.dataLabels, other, False)
    _set_frame(drawn, chart)
    return drawn


def _set_frame(drawn: BarChart, chart: Chart) -> None:
    """Title, legend and axes: the first row on top, names at the left, no scale, since each bar tells its number."""
    from openpyxl.chart.title import title_maker

    drawn.title = title_maker(chart.title)
    drawn.title.overlay = False
    drawn.x_axis.delete, drawn.y_axis.delete = False, True
    drawn.x_axis.scaling.orientation = "maxMin"
    drawn.y_axis.majorGridlines = None
    drawn.y_axis.scaling.min = 0
    if len(chart.series) == 1:
        drawn.legend = None
    else:
        drawn.legend.position = "b"
        drawn.legend.overlay = False
