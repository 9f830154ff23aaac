"""The figures in a workbook are formulas over its cases, with native charts; LibreOffice counts them as we do."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from bundler.reports.period_figures import CaseFacts, PeriodFigures, compute_period_figures
from bundler.reports.period_sheets import period_sheets, period_workbook
from bundler.reports.reporting_period import Period
from bundler.xlsx_writer.sheets import Chart, Column, Sheet, list_charts
from bundler.xlsx_writer.workbook import build_workbook
from tests.support.libreoffice import convert
from tests.support.regulations import REGULATION

TODAY = date(2021, 12, 31)
ODD_NAMES = ("李某某", "李*", "<>", "=1+1", "lee", "Lee", "")
"""Names that a condition of COUNTIFS would take for another, and a case without a name."""


def day(chance: random.Random, low: date) -> date | None:
    """A day after another one, or none."""
    return date.fromordinal(low.toordinal() + chance.randint(0, 90)) if chance.random() < 0.8 else None


def make_figures(count: int, seed: int) -> PeriodFigures:
    """The figures of invented cases in the last quarter of 2021."""
    chance = random.Random(seed)  # noqa: S311 (the same cases each time, no secret)
    facts = []
    for number in range(count):
        received = date.fromordinal(date(2021, 8, 1).toordinal() + chance.randint(0, 140))
        answered = day(chance, received)
        facts.append(
            CaseFacts(
                name=f"公式-{number:03}",
                folder=f"案件/{number}",
                officers={key: chance.choice(ODD_NAMES) for key in ("handler", "leader", "team")},
                received_on=received,
                due_on=date.fromordinal(received.toordinal() + 58),
                is_provisional=chance.random() < 0.1,
                answered_on=answered,
                unproven_from=None,
                days=(answered - received).days if answered else None,
                working_days=(answered - received).days * 5 // 7 if answered and chance.random() < 0.9 else None,
                settled_on=day(chance, answered) if answered else None,
                reported_on=day(chance, answered) if answered else None,
                written_off_on=None,
                is_repeated=chance.random() < 0.3,
            )
        )
    return compute_period_figures(facts, Period(date(2021, 10, 1), TODAY), TODAY, REGULATION)


def formulas(page: Worksheet) -> Iterator[str]:
    """The names of the cells with a formula."""
    return (cell.coordinate for row in page.iter_rows() for cell in row if cell.data_type == "f")


def charts_of(page: Any) -> list[Any]:  # noqa: ANN401 (openpyxl types a sheet and its charts by halves)
    """The charts of a sheet."""
    return list(page._charts)


@pytest.mark.parametrize(("count", "seed"), [(90, 1), (0, 0)])
def test_libreoffice_counts_what_the_workbook_says(tmp_path: Path, count: int, seed: int) -> None:
    """Every figure of the period, for the court and each officer, also without any case, and after a tick is taken away."""
    told = period_workbook(make_figures(count, seed))
    shown = openpyxl.load_workbook(BytesIO(told), data_only=True)
    book = openpyxl.load_workbook(BytesIO(told))
    cells = {page.title: list(formulas(page)) for page in book}
    assert len(cells["考核-全院"]) == 2 * 14
    assert len(cells["考核-承办人"]) == 14 * (book["考核-承办人"].max_row - 2)
    # openpyxl keeps no value of a formula, so that LibreOffice must count.
    book.save(tmp_path / "无值.xlsx")
    counted = openpyxl.load_workbook(convert(tmp_path / "无值.xlsx", "xlsx", tmp_path), data_only=True)

    for title, names in cells.items():
        values = {name: (shown[title][name].value or None, counted[title][name].value or None) for name in names}
        assert {name: pair for name, pair in values.items() if pair[0] != pair[1]} == {}, title


def test_a_tick_that_is_taken_away_is_counted_no_more(tmp_path: Path) -> None:
    """The court's figure and its officer's fall by one."""
    book = openpyxl.load_workbook(BytesIO(period_workbook(make_figures(30, 2))))
    page = book["考核-案件"]
    header = [cell.value for cell in page[2]]
    ticked = next(row for row in page.iter_rows(min_row=3) if row[header.index("新收")].value)
    ticked[header.index("新收")].value = None
    before = openpyxl.load_workbook(BytesIO(period_workbook(make_figures(30, 2))), data_only=True)
    book.save(tmp_path / "少一件.xlsx")
    after = openpyxl.load_workbook(convert(tmp_path / "少一件.xlsx", "xlsx", tmp_path), data_only=True)

    assert after["考核-全院"]["B3"].value == before["考核-全院"]["B3"].value - 1
    names = [row[0].value for row in before["考核-承办人"].iter_rows(min_row=3)]
    place = 3 + names.index(ticked[header.index("案件承办人")].value)
    assert after["考核-承办人"][f"B{place}"].value == before["考核-承办人"][f"B{place}"].value - 1


def test_a_report_that_is_sent_up_has_numbers() -> None:
    """No later edit changes them."""
    book = openpyxl.load_workbook(BytesIO(build_workbook(list(period_sheets(make_figures(30, 3))), "数")))

    assert [name for page in book for name in formulas(page)] == []


def test_the_charts_are_drawn_from_the_cells_of_their_tables() -> None:
    """The same bytes twice; each chart is listed; one of no row is left out."""
    figures = make_figures(40, 4)
    book = openpyxl.load_workbook(BytesIO(period_workbook(figures)))
    drawn = [[series.val.numRef.f for series in chart.series] for chart in charts_of(book["图表"])]
    last = book["考核-承办人"].max_row
    empty = openpyxl.load_workbook(BytesIO(period_workbook(make_figures(0, 0))))

    assert period_workbook(figures) == period_workbook(figures)
    assert drawn[0] == ["'考核-全院'!$B$3:$B$11", "'考核-全院'!$C$3:$C$11"]
    assert drawn[1] == [f"'考核-承办人'!${letter}$3:${letter}${last}" for letter in "DEF"]
    assert [cell.value for cell in book["图表"]["C"][2:6]] == [
        f"“考核-{name}”表" for name in ("全院", "承办人", "院领导", "团队")
    ]
    assert len(charts_of(empty["图表"])) == 1


def test_each_chart_is_on_one_printed_page() -> None:
    """As many on a page as it holds; Excel keeps to these ends of pages, since the sheet is not fitted to a number of them."""
    rows = [(f"材料{number}", 40 - number, 1) for number in range(30)]
    table = Sheet("缺", "缺", (Column("材料", 30), Column("件数", 8), Column("其他", 8)), rows)
    small, high = Chart("甲", "缺", 0, (1,), 4), Chart("乙", "缺", 0, (1, 2), 15)
    book = openpyxl.load_workbook(BytesIO(build_workbook([table, list_charts("图", [small, small, high])], "缺")))
    page: Any = book["图表"]

    assert [chart.series[0].cat.strRef.f for chart in charts_of(page)][::2] == ["'缺'!$A$3:$A$6", "'缺'!$A$3:$A$17"]
    places = [chart.anchor._from.row for chart in charts_of(page)]
    assert [one.id for one in page.row_breaks.brk] == [places[0] - 1, places[2] - 1]
    assert not page.sheet_properties.pageSetUpPr.fitToPage
    assert (fitted := book["缺"].sheet_properties.pageSetUpPr)
    assert fitted.fitToPage
