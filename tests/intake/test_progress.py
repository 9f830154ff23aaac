"""What a register says of interviews and replies is read, so that a case which was answered is not called overdue."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from bundler.commands import run
from tests.intake.test_import import HEADER, ROW, imported, register

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
    ]
    questions = json.dumps(answer, ensure_ascii=False)
    assert "读成已经答复，没有写日期" in questions
    assert "读成已经答复，写了几个日期" in questions
    assert not [task for task in told(capsys, root) if task[1] == "ART13-INTERVIEW"]
    assert run(["ledger", str(root), "--today", "2021-12-20"]) == 0
    assert "已答复，待补送达凭证（4 项）" in capsys.readouterr().out
