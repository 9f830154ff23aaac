"""The figures of Art. 17 agree with the truth of the generator of the cases, and each is explained by its cases."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document

from bundler.commands import run
from bundler.reports.period_figures import GROUPS, LISTS, RATES, average, percentage
from bundler.reports.reporting_period import Period, parse_period, year_to_date
from tests.support import cases
from tests.support.case_year import HANDLERS, LEADERS, GeneratedYear, make_year
from tests.support.documents import read_paragraphs

LAST = date(2021, 12, 31)
PERIODS = ("2021", "2021Q3", "2021-11", "2020Q4")


@pytest.fixture(scope="module")
def court(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, GeneratedYear]:
    """Fifteen months of cases."""
    root = tmp_path_factory.mktemp("year") / "案件"
    return root, make_year(root, 240, seed=17)


def figures_of(root: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    """The JSON output of the command."""
    capsys.readouterr()
    assert run(["figures", str(root), "--today", str(LAST), "--json", *options]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


@pytest.mark.parametrize("text", PERIODS)
def test_each_figure_is_that_of_the_generator(
    court: tuple[Path, GeneratedYear], capsys: pytest.CaptureFixture[str], text: str
) -> None:
    """For the court and by handler, leader and team; counts, rates and days, in the period and in the one before."""
    root, year = court
    period = parse_period(text)
    assert period
    answer = figures_of(root, capsys, "--period", text)

    for key, groups in {"": [answer["total"]], **answer["by"]}.items():
        now = year.truth(period.first, period.last, key)
        before = year.truth(period.previous.first, period.previous.last, key)
        assert {group["name"] or "" for group in groups} == {name for name in now if now[name].total()} | {
            name for name in before if before[name].total()
        }
        for group in groups:
            for told, truth in ((group, now), (group["previous"], before)):
                own = truth[group["name"] or ""]
                assert {one: told[one] for one in LISTS} == {one: own[one] for one in LISTS}, (key, group["name"])
                assert {one: told[one] for one in RATES} == rates_of(own), (key, group["name"])


def rates_of(truth: Counter[str]) -> dict[str, float | None]:
    """按期答复率, 化解率, 重复访率 and the averages of days, from the generator's counts."""
    return {
        "in_time_rate": rounded(100 * truth["in_time"], truth["answered"] + truth["overdue"]),
        "settled_rate": rounded(100 * truth["settled"], truth["answered"]),
        "repeated_rate": rounded(100 * truth["repeated"], truth["taken_in"]),
        "average_days": rounded(truth["days"], truth["answered"]),
        "average_working_days": rounded(truth["working_days"], truth["answered"]),
    }


def rounded(dividend: int, divisor: int) -> float | None:
    """One decimal, halves up as at school (四舍五入); nothing where there is nothing to divide by."""
    if not divisor:
        return None
    return float((Decimal(dividend) / divisor).quantize(Decimal("0.1"), ROUND_HALF_UP))


def test_the_generated_year_has_what_the_figures_tell_apart(court: tuple[Path, GeneratedYear]) -> None:
    """Late replies, overdue cases, and shares whose second decimal is a 5."""
    truth = court[1].truth(date(2021, 1, 1), LAST)[""]

    assert min(truth["late"], truth["settled"], truth["repeated"], truth["reported"], truth["written_off"]) > 20
    assert truth["overdue"] > 5
    assert (percentage(1, 16), average([1] * 19 + [2])) == (6.3, 1.1)


def test_each_figure_names_its_cases_and_the_workbook_marks_them(
    court: tuple[Path, GeneratedYear], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As many as it counts; those of an officer are his own; the sheet of cases ticks the same ones."""
    root, year = court
    book = tmp_path / "考核.xlsx"
    answer = figures_of(root, capsys, "--period", "2021", "--xlsx", str(book))
    own = {case.number: case for case in year.cases}

    for key, groups in answer["by"].items():
        for group in groups:
            for name in LISTS:
                assert len(group["cases"][name]) == group[name]
                assert {getattr(own[number], key) for number in group["cases"][name]} <= {group["name"] or ""}
    workbook = openpyxl.load_workbook(book, data_only=True)
    assert workbook.sheetnames == ["考核-全院", "考核-承办人", "考核-院领导", "考核-团队", "考核-案件", "图表"]
    header, *rows = workbook["考核-案件"].iter_rows(min_row=2, values_only=True)
    for name, label in LISTS.items():
        ticked = [str(row[1]) for row in rows if row[header.index(label)] == "√"]
        assert sorted(ticked) == sorted(answer["total"]["cases"][name])
    assert {row[0]: row[1] for row in workbook["考核-全院"].iter_rows(min_row=3, values_only=True)}["新收"] == answer[
        "total"
    ]["taken_in"]


def test_the_screen_gives_formulas_and_every_group(
    court: tuple[Path, GeneratedYear], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without options the year up to today."""
    root, _ = court
    assert run(["figures", str(root), "--today", "2021-12-31"]) == 0
    text = capsys.readouterr().out

    assert "2021年　上期：2020年" in text
    assert "按期答复 ÷（答复 ＋ 期末超期未答复）" in text
    assert all(f"按{title}" in text for title in GROUPS.values())


def test_the_report_in_word_tells_the_generators_figures(court: tuple[Path, GeneratedYear], tmp_path: Path) -> None:
    """For a quarter: counts, the change against the quarter before, every overdue case, a row for each officer."""
    root, year = court
    target = tmp_path / "通报.docx"
    assert run(["figures", str(root), "--today", str(LAST), "--period", "2021Q4", "--report", str(target)]) == 0
    truth, before = (
        year.truth(*days)[""] for days in ((date(2021, 10, 1), LAST), (date(2021, 7, 1), date(2021, 9, 30)))
    )
    told = "\n".join(read_paragraphs(target.read_bytes()))

    assert "关于2021年第四季度\n执行申诉信访工作情况的通报" in told
    change = truth["taken_in"] - before["taken_in"]
    compared = f"比上期{'增加' if change > 0 else '减少'}{abs(change)}件" if change else "与上期持平"
    assert f"共收到执行申诉信访案件{truth['taken_in']}件，{compared}。其中重复访{truth['repeated']}件" in told
    assert f"其中按期答复{truth['in_time']}件、超期答复{truth['late']}件" in told
    assert f"报请上级法院核销{truth['reported']}件，上级法院核销{truth['written_off']}件。" in told
    overdue = [case for case in year.cases if case.limit_on < LAST and case.answered_on is None]
    assert len(overdue) == truth["overdue"] > 0
    assert all(f"{case.number}（{case.handler}）" in told for case in overdue)
    assert {row.cells[0].text for table in Document(str(target)).tables for row in table.rows} >= {*HANDLERS, *LEADERS}


def test_cases_of_nobody_in_the_period_before_are_no_row_of_the_report(tmp_path: Path) -> None:
    """An officer without cases in the period has his row of noughts; cases without an officer have none."""
    nobody = cases.archive() | {"people": {"handler": {"name": "李某某"}}}
    nobody["registration"] |= {"no": "信1", "received_on": "2021-10-20"}
    nobody |= {"transfer": {"received_on": "2021-10-20"}, "materials": []}
    (tmp_path / "信1").mkdir()
    (tmp_path / "信1" / "case.json").write_text(json.dumps(nobody), encoding="utf-8")
    target = tmp_path / "通报.docx"
    assert run(["figures", str(tmp_path), "--today", "2021-11-30", "--period", "2021-11", "--report", str(target)]) == 0

    tables = Document(str(target)).tables
    assert [row.cells[0].text for table in tables for row in table.rows if row.cells[0].text != "姓名"] == ["李某某"]


def test_a_period_without_cases_is_told_as_such(court: tuple[Path, GeneratedYear], tmp_path: Path) -> None:
    """No rate, no problem, no empty table."""
    root, _ = court
    target = tmp_path / "通报.docx"
    assert run(["figures", str(root), "--today", str(LAST), "--period", "2019", "--report", str(target)]) == 0
    told = "\n".join(read_paragraphs(target.read_bytes()))

    assert "共收到执行申诉信访案件0件，与上期持平。" in told
    assert "重复访" not in told.split("二、答复情况")[0]
    assert "截至期末，没有超期未答复的案件。" in told
    assert "存在的问题" not in told
    assert not Document(str(target)).tables


@pytest.mark.parametrize(
    ("period", "previous", "label"),
    [
        ((date(2021, 1, 1), date(2021, 12, 31)), (date(2020, 1, 1), date(2020, 12, 31)), "2021年"),
        ((date(2021, 1, 1), date(2021, 3, 31)), (date(2020, 10, 1), date(2020, 12, 31)), "2021年第一季度"),
        ((date(2021, 3, 1), date(2021, 3, 31)), (date(2021, 2, 1), date(2021, 2, 28)), "2021年3月"),
        ((date(2021, 1, 1), date(2021, 5, 20)), (date(2020, 1, 1), date(2020, 5, 20)), "2021年1月1日至5月20日"),
        ((date(2021, 2, 1), date(2021, 4, 30)), (date(2020, 11, 4), date(2021, 1, 31)), "2021年2月1日至4月30日"),
        ((date(2021, 5, 3), date(2021, 5, 9)), (date(2021, 4, 26), date(2021, 5, 2)), "2021年5月3日至5月9日"),
    ],
)
def test_a_period_has_its_name_and_the_period_before(
    period: tuple[date, date], previous: tuple[date, date], label: str
) -> None:
    """Months, quarters and years compare with the one before; the year so far with the same days of the year before."""
    assert Period(*period).previous == Period(*previous)
    assert Period(*period).label == label


def test_the_year_so_far_of_a_leap_day_compares_with_the_last_of_february() -> None:
    """2020-02-29 has no counterpart in 2019."""
    assert year_to_date(date(2020, 2, 29)).previous == Period(date(2019, 1, 1), date(2019, 2, 28))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--period", "去年"), "看不懂统计期间"),
        (("--period", "2021-13"), "看不懂统计期间"),
        (("--period", "2021", "--from", "2021-02-01"), "只能用一种"),
        (("--from", "2021-12-01", "--to", "2021-11-01"), "晚于最后一天"),
    ],
)
def test_a_wrong_period_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], told: str
) -> None:
    """Told in Chinese, before any case is read."""
    assert run(["figures", str(tmp_path), *options]) == 2
    assert told in capsys.readouterr().err
