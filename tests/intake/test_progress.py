"""What a register says of interviews and replies is read, so that a case which was answered is not called overdue."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bundler.commands import run
from tests.intake.test_import import HEADER, ROW, imported, register
from tests.support.documents import read_paragraphs

ANSWERED = datetime.combine(date(2021, 10, 20), time())


def told(capsys: pytest.CaptureFixture[str], root: Path) -> list[tuple[str, str, str]]:
    """Each open deadline of the ledger on 2021-12-20."""
    capsys.readouterr()
    assert run(["ledger", str(root), "--today", "2021-12-20", "--json"]) == 0
    due = json.loads(capsys.readouterr().out)["due"]
    return [(task["registration_no"], task["rule"], task["urgency"]) for task in due]


def test_an_answered_case_waits_for_its_receipt_and_is_not_overdue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a column of dates, or from words with one date; what says 已答复 without its date is a question."""
    header = [*HEADER, "约谈日期", "答复日期", "办理情况"]
    progress: tuple[list[Any], ...] = (
        [ANSWERED, "已答复"],
        [None, "已于2021年10月20日书面答复"],
        [None, "已答复"],
        [None, "尚未答复"],
        [None, "2021.10.8约谈，2021.10.20答复"],
        [ANSWERED, "已于2021年10月21日答复"],
    )
    rows: list[list[Any]] = [[f"信2021-000{number}", *ROW[1:], ANSWERED, *more] for number, more in enumerate(progress)]
    book = register(tmp_path / "册.xlsx", *rows, header=header)
    root = tmp_path / "案件"
    status, answer = imported(capsys, book, "-o", root)

    assert status in {0, 1}
    due = [task for task in told(capsys, root) if task[1] == "ART13-REPLY"]
    assert due == [
        ("信2021-0000", "ART13-REPLY", "unproven"),
        ("信2021-0001", "ART13-REPLY", "unproven"),
        ("信2021-0002", "ART13-REPLY", "unproven"),
        ("信2021-0003", "ART13-REPLY", "late"),
        ("信2021-0004", "ART13-REPLY", "unproven"),
        ("信2021-0005", "ART13-REPLY", "unproven"),
    ]
    questions = [[one["reason"] for one in row["remarks"] if one["heading"] == "办理情况"] for row in answer["rows"]]
    assert questions == [
        [],
        ["从“已于2021年10月20日书面答复”读出答复日期，请核对"],
        ["读成已经答复，没有写日期，请补填答复意见书的日期"],
        [],
        ["读成已经答复，写了几个日期，请补填答复意见书的日期"],
        ["写的答复日期与“答复日期”一列（2021-10-20）不同，照那一列读入，请核对"],
    ]
    assert not [task for task in told(capsys, root) if task[1] == "ART13-INTERVIEW"]
    assert run(["ledger", str(root), "--today", "2021-12-20"]) == 0
    screen = capsys.readouterr().out
    assert "已答复，待补送达凭证（5 项）" in screen
    assert screen.count("　答复　待补送达凭证　") == 5
    assert screen.count("　答复　超期 33 天　") == 1
    calendar = tmp_path / "期限.ics"
    assert run(["calendar", str(root), "--today", "2021-12-20", "-o", str(calendar)]) == 0
    assert {line for line in calendar.read_text("utf-8").splitlines() if line.startswith("SUMMARY:答复")} == {
        "SUMMARY:答复到期：信2021-0003　甲某某"
    }
    book, notices = tmp_path / "台账.xlsx", tmp_path / "催办"
    assert run(["ledger", str(root), "--today", "2021-12-20", "--xlsx", str(book), "--reminders", str(notices)]) == 0
    listed = list(openpyxl.load_workbook(book)["到期提醒"].iter_rows(min_row=3, values_only=True))
    assert {row[3] for row in listed if row[1] == "已答复，待补送达凭证"} == {None}
    notice = notices / "催办单-李某某-2021-12-20.docx"
    assert [text for text in read_paragraphs(notice.read_bytes()) if text.startswith("信2021-")] == ["信2021-0003"]


def test_the_register_comes_back_with_its_questions_in_the_cells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was not read is red, what is to be checked yellow, each with its reason; every other cell is as it was."""
    wrong = ["信2021-0001", "九月的一天", *ROW[2:]]
    again = ["信2021—0001", *ROW[1:]]
    book = register(tmp_path / "册.xlsx", wrong, ["信2021-0002", 44455, *ROW[2:]], again, header=HEADER)
    before, marked = book.read_bytes(), tmp_path / "问题.xlsx"
    status, answer = imported(capsys, book, "-o", tmp_path / "案件", "--marked", marked)

    page = openpyxl.load_workbook(marked)["登记簿"]
    assert status == 1
    asked = {(remark["row"], remark["column"]) for row in answer["rows"] for remark in row["remarks"]}
    assert {(cell.row, cell.coordinate[0]) for row in page.iter_rows() for cell in row if cell.comment} == asked
    assert {(2, "B"), (3, "B"), (4, "A")} <= asked
    assert [page[place].fill.start_color.rgb[-6:] for place in ("B2", "B3")] == ["FFC7CE", "FFEB9C"]
    assert page["B2"].value == "九月的一天"
    assert page["B2"].comment.text.startswith("看不出是哪一天。请")
    assert page.cell(1, len(HEADER) + 1).value == "导入时的问题"
    assert "来访时间：" in str(page.cell(2, len(HEADER) + 1).value)
    assert [page.cell(2, place + 1).value for place in range(2, len(HEADER))] == ROW[2:]
    assert book.read_bytes() == before
    assert run(["import", str(book), "-o", str(tmp_path / "再"), "--marked", str(book)]) == 2
    assert book.read_bytes() == before
