"""Receptions by appointment (预约接访; Art. 8): in the ledger, in the calendar, and as the register of a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bundler.commands import run
from bundler.documents.drafting import fill_reception_register
from bundler.documents.views.reception_register import build_reception_line, build_reception_register_view
from bundler.word.docx_reader import read_blocks
from tests.ledger.test_ledger import TODAY, events_of, put, told, waiting
from tests.support.documents import PROFILE, TEMPLATES, build_case, count_pages, example_tree, read_paragraphs

KEPT: dict[str, Any] = {
    "reserved_for": "2021-11-17T09:30",
    "place": "本院执行信访接待室",
    "matter": "询问财产查控情况",
    "receiver": {"name": "吴某某", "title": "执行局副局长", "post": "bureau_deputy_director"},
    "arranged_by": "孙某某",
    "arranged_with": "李某某",
    "outcome": "received",
    "answer": "已说明查询结果。",
}


@pytest.fixture
def court(tmp_path: Path) -> Path:
    """One case whose appointment was kept and is to go on, one with another visitor, one visitor without an appointment."""
    root = tmp_path / "案件"
    later = {"reserved_for": "2021-11-18T14:00", "place": "本院执行信访接待室，电话13800000000"}
    put(root, "信1", waiting("2021-10-20") | {"appointments": [KEPT, later]})
    agent = {"reserved_for": "2021-11-17T08:00", "visitor": "丁某某", "outcome": "absent"}
    put(root, "信2", waiting("2021-10-20") | {"appointments": [agent]})
    put(root, "信3", waiting("2021-10-20") | {"reception": {"received_at": "2021-11-17", "repeated": True}})
    single = {"received_at": "2021-11-17", "appointment": {"reserved_for": "2021-11-17T15:30"}}
    put(root, "信4", waiting("2021-10-20") | {"reception": single})
    return root


def test_the_register_of_a_day_lists_who_was_to_come_and_who_came(court: Path, tmp_path: Path) -> None:
    """The appointments by time, then those who came without one; blank rows for the others; nobody is listed twice."""
    target = tmp_path / "接访登记.docx"
    assert run(["ledger", str(court), "--today", str(TODAY), "--reception", str(target)]) == 0
    told_words = read_paragraphs(target.read_bytes())
    rows = told_words[told_words.index("接待情况") + 1 : told_words.index("4")]
    number = "（2020）鲁0117执9001号"

    assert told_words[:4] == ["济南市钢城区人民法院", "接访登记表", "接待日期：2021年11月17日", "预约和接待　4　批次"]
    assert rows == [
        *("1", "8时", "丁某某", "信2", number, "李某某", "来访人未到。"),
        *(
            "2",
            "9时30分",
            "甲某某",
            "信1",
            number,
            "询问财产查控情况",
            "吴某某",
            "（执行局副局长）",
            "本院执行信访接待室",
        ),
        *("已说明查询结果。", "（已与李某某商定时间，联系人孙某某）"),
        *("3", "15时30分", "甲某某", "信4", number, "李某某"),
    ]
    assert told_words[told_words.index("4") :][:7] == [
        "4",
        "自行来访",
        "甲某某",
        "信3",
        number,
        "（重复来访）",
        "李某某",
    ]
    assert told_words[-4:-2] == ["5", "6"]


def test_appointments_without_a_result_stand_in_the_ledger(court: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On the screen and as JSON; phones are masked."""
    _, answer = told(capsys, "ledger", str(court), "--today", str(TODAY))
    run(["ledger", str(court), "--today", str(TODAY)])
    screen = capsys.readouterr().out

    assert [(one["at"], one["registration_no"]) for one in answer["appointments"]] == [
        ("2021-11-17T15:30", "信4"),
        ("2021-11-18T14:00", "信1"),
    ]
    assert (
        "预约接访（2 次）\n  2021-11-17 15:30　信4\n  2021-11-18 14:00　信1　本院执行信访接待室，电话138****0000"
        in screen
    )


def test_the_calendar_holds_them_at_their_time(court: Path, tmp_path: Path) -> None:
    """In UTC, which every calendar understands; a moved one keeps its identifier; a kept one is cancelled in a newer file."""
    target = tmp_path / "期限.ics"
    command = ["calendar", str(court), "--today", str(TODAY), "-o", str(target)]
    assert run(command) == 0
    meetings = {str(one["summary"]): one for one in events_of(target) if "预约接访" in str(one["summary"])}
    meeting = meetings["预约接访：信1　甲某某"]

    assert sorted(meetings) == ["预约接访：信1　甲某某", "预约接访：信4　甲某某"]
    assert meeting.decoded("dtstart") == datetime(2021, 11, 18, 6, tzinfo=UTC)
    assert str(meeting["location"]) == "本院执行信访接待室，电话138****0000"
    assert [one.decoded("trigger") for one in meeting.walk("VALARM")] == [timedelta(days=-1), timedelta(hours=-1)]
    folder = court / "信1" / "case.json"
    folder.write_text(folder.read_text("utf-8").replace("2021-11-18T14:00", "2021-11-19T09:00"), encoding="utf-8")
    run(command)
    moved = next(one for one in events_of(target) if str(one["uid"]) == str(meeting["uid"]))
    assert moved.decoded("dtstart") == datetime(2021, 11, 19, 1, tzinfo=UTC)
    put_off = folder.read_text("utf-8").replace('"2021-11-19T09:00"', '"2021-11-19T09:00", "outcome": "cancelled"')
    folder.write_text(put_off, encoding="utf-8")
    run(command)
    gone = next(one for one in events_of(target) if str(one["uid"]) == str(meeting["uid"]))
    assert str(gone["status"]) == "CANCELLED"


def test_a_register_is_one_landscape_page_for_a_usual_day() -> None:
    """A full day goes on, its heading repeated."""
    case = build_case(example_tree())
    line = build_reception_line(case, "钢信执2021-0042", None)
    short, long = (
        fill_reception_register(build_reception_register_view([line] * count, PROFILE, TODAY), TEMPLATES)
        for count in (0, 30)
    )

    assert read_blocks(short).landscape
    assert count_pages({"short": short}) == {"short": 1}
    assert count_pages({"long": long})["long"] > 2


def test_render_says_where_the_register_is_made(capsys: pytest.CaptureFixture[str], court: Path) -> None:
    """It is no paper of one case."""
    assert run(["render", str(court / "信1"), "--doc", "reception_register"]) == 2
    assert "--reception" in capsys.readouterr().err
