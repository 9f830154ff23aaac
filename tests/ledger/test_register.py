"""`ledger --register` writes the eight facts of Art. 12 in the order of numbers, and tells which numbers are left out."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bundler.case.registration_number_gaps import find_gaps, find_repeated
from bundler.commands import run
from tests.support.case_year import make_year
from tests.support.cases import archive

FACTS = (
    *("来访（件）时间", "案件来源", "信访人姓名及联系电话", "案件当事人"),
    *("案件承办人", "执行案号", "来访（件）内容摘要", "拟办意见"),
)
TODAY = "2021-12-31"


def put(root: Path, name: str, tree: dict[str, Any]) -> None:
    """A case folder with its case.json alone."""
    (root / name).mkdir(parents=True)
    (root / name / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")


def numbered(number: str | None, **registration: Any) -> dict[str, Any]:  # noqa: ANN401
    """A case with a registration number."""
    tree = archive()
    tree["registration"] |= {"no": number, **registration}
    return tree


def sheet_rows(book: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet by the titles of the columns."""
    header, *rows = openpyxl.load_workbook(book)[sheet].iter_rows(min_row=2, values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def test_the_book_has_the_eight_facts_of_every_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the order of numbers, with the phone masked and the assigning body; what a case lacks is named."""
    root, book = tmp_path / "案件", tmp_path / "册.xlsx"
    complete = numbered("信2021-0010")
    complete["assignment"] = {"body": "济南市中级人民法院", "notice_no": "济执信交〔2021〕9018号"}
    complete["petitioners"].append({"name": "丁某某", "phone": {"unknown": "信封上没有写"}, "role": "party"})
    put(root, "乙", complete)
    put(root, "甲", numbered("信2021-0009", source=None, proposed_opinion=""))

    assert run(["ledger", str(root), "--register", str(book), "--today", TODAY]) == 0
    lacking, full = sheet_rows(book, "登记簿")
    assert [full[name] for name in FACTS] == [
        datetime(2021, 9, 16),  # noqa: DTZ001 (a cell has no time zone)
        "来访",
        "甲某某　138****0000\n丁某某　不详",
        "申请执行人甲某某；被执行人乙某某",
        "李某某",
        "（2020）鲁0117执9001号",
        "信访人反映执行案件未全部执行到位，请求继续查找财产。",
        "拟予受理。",
    ]
    assert (full["登记号"], full["交办机关"], full["交办文号"]) == (
        "信2021-0010",
        "济南市中级人民法院",
        "济执信交〔2021〕9018号",
    )
    assert (lacking["登记号"], lacking["所缺的登记事项"]) == ("信2021-0009", "案件来源、拟办意见")
    assert "登记不全　信2021-0009　缺案件来源、拟办意见" in capsys.readouterr().out

    assert run(["ledger", str(root), "--register", str(book), "--full-phones", "--today", TODAY]) == 0
    assert "13800000000" in sheet_rows(book, "登记簿")[1]["信访人姓名及联系电话"]


def test_left_out_numbers_are_those_that_the_generator_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the screen, in JSON and in the workbook; the rows stand in the order of numbers."""
    root, book = tmp_path / "案件", tmp_path / "册.xlsx"
    year = make_year(root, 60, seed=3)
    assert len(year.left_out) > 5
    assert run(["ledger", str(root), "--register", str(book), "--today", TODAY, "--json"]) == 0
    register = json.loads(capsys.readouterr().out)["register"]

    assert [gap["first"] for gap in register["gaps"]] == year.left_out
    assert {gap["count"] for gap in register["gaps"]} == {1}
    assert [row["登记号"] for row in sheet_rows(book, "缺号、重号")] == year.left_out
    numbers = [row["登记号"] for row in sheet_rows(book, "登记簿")]
    assert numbers == sorted(case.number for case in year.cases)
    assert run(["ledger", str(root), "--register", str(book), "--today", TODAY]) == 0
    assert f"缺号　{year.left_out[0]}" in capsys.readouterr().out


def test_gaps_are_found_in_each_series_however_numbers_are_written() -> None:
    """Width and dashes do not matter; a year begins anew; numbers without a year and without any count."""
    assert [gap.text for gap in find_gaps(["信2021-0001", "信２０２１－０００４", "信2022-0001", "信2022-0002"])] == [
        "信2021-0002 至 信2021-0003（2 个）"
    ]
    assert [gap.text for gap in find_gaps(["第9号", "第12号", "没有号码"])] == ["第10号 至 第11号（2 个）"]
    assert find_gaps(["信2021-7", "信2021-8"]) == ()
    assert find_repeated(["信2021-0001", "信２０２１－０００１", "信2021-0002"]) == ("信2021-0001",)


def test_numbers_used_twice_and_cases_without_one_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the workbook that is written where no file is named."""
    root = tmp_path / "案件"
    put(root, "甲", numbered("信2021-0001"))
    put(root, "乙", numbered("信２０２１-0001"))
    put(root, "丙", numbered(None))
    monkeypatch.chdir(tmp_path)
    assert run(["ledger", "--register", str(root), "--today", TODAY]) == 0

    rows = sheet_rows(tmp_path / "登记簿.xlsx", "缺号、重号")
    assert [(row["问题"], row["个数"]) for row in rows] == [("重号", 2), ("无号", 1)]
    text = capsys.readouterr().out
    assert "重号　" in text
    assert "无号　" in text
