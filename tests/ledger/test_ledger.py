"""The ledgers and the calendar: screen, workbook and .ics agree about due and overdue deadlines."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import openpyxl
import pytest

from bundler.case.identifiers import masked
from bundler.commands import run
from bundler.ledger.case_deadlines import CaseStatus, case_statuses, ledger_statuses
from bundler.ledger.export_ledgers import ledger_json, ledger_workbook
from bundler.ledger.ics_calendar import build_calendar
from bundler.ledger.petition_register import build_register, register_json, register_workbook
from bundler.ledger.reception_bookings import reception_register
from bundler.ledger.reminders import reminder_view, reminders_due
from bundler.profile import load_profile
from tests.support.cases import archive, declined
from tests.support.paths import SAMPLES

TODAY = date(2021, 11, 17)
"""A Wednesday; its week ends on 2021-11-21."""


def put(root: Path, name: str, tree: dict[str, Any]) -> Path:
    """A case folder without its files, which no ledger may open."""
    folder = root / name
    folder.mkdir(parents=True)
    tree["registration"]["no"] = name
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    return folder


def waiting(received: str, *, transferred: bool = True, talked: bool = True, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A case received on a day, with only some steps done."""
    tree = archive()
    tree["registration"]["received_on"] = received
    tree["materials"] = [m for m in tree["materials"] if m["items"] != ["reply_service"]]
    tree["transfer"] = {"transferred_on": received, "received_on": received} if transferred else {}
    tree["interview"] = {"held_on": received} if talked else {}
    return tree | more


@pytest.fixture
def court(tmp_path: Path) -> Path:
    """Seven cases in different states on 2021-11-17."""
    root = tmp_path / "案件"
    put(root, "信1", waiting("2021-09-16"))  # 40 working days: today
    put(root, "信2", waiting("2021-09-15", ledgers=["supervised", "backlog"]))  # yesterday
    put(root, "信3", waiting("2021-09-18"))  # a Saturday that was worked: this week
    put(root, "信4", waiting("2021-11-16", transferred=False, talked=False, ledgers=["special"]))
    put(root, "信5", archive())
    put(root, "深/信6", declined(3))
    put(root, "信7", waiting("2026-11-20", ledgers=["supervised"]))
    (root / "信8").mkdir()
    (root / "信8" / "case.json").write_bytes(b"{")
    (root / ".藏").mkdir()
    (root / ".藏" / "case.json").write_bytes(b"{")
    (root / "信1" / "里").mkdir()
    (root / "信1" / "里" / "case.json").write_bytes(b"{")
    return root


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """The JSON output of a command."""
    capsys.readouterr()
    status = run([*arguments, "--json"])
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return status, answer


def test_what_is_due_first_stands_first_and_is_told_rightly(court: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Late, today, this week, later; a provisional day is never late; one unreadable case stops no other."""
    status, answer = told(capsys, "ledger", str(court), "--today", str(TODAY))

    assert status == 1  # 信8 could not be read
    assert [(task["registration_no"], task["rule"], task["due"], task["urgency"]) for task in answer["due"]] == [
        ("信2", "ART13-REPLY", "2021-11-16", "late"),
        ("信1", "ART13-REPLY", "2021-11-17", "today"),
        ("信4", "ART13-TRANSFER", "2021-11-18", "week"),
        ("信3", "ART13-REPLY", "2021-11-19", "week"),
        ("信4", "ART13-INTERVIEW", "2021-11-22", "later"),
        ("信4", "ART13-REPLY", "2022-01-12", "later"),
        ("信7", "ART13-REPLY", "2027-01-18", "later"),
    ]
    assert answer["counts"] == {"late": 1, "today": 1, "lapsed": 0, "week": 2, "unproven": 0, "later": 3}
    assert answer["ledgers"] == {"supervised": 2, "special": 1, "backlog": 1}
    assert [case["case"] for case in answer["cases"] if case["fault"]] == ["信8"]
    assert len(answer["cases"]) == 8


def test_a_provisional_day_that_has_passed_is_not_called_late(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No official calendar of 2027: the reply is 暂定."""
    put(tmp_path, "信7", waiting("2026-11-20"))
    _, answer = told(capsys, "ledger", str(tmp_path), "--today", "2027-03-01")

    assert [(task["urgency"], task["provisional"]) for task in answer["due"]] == [("lapsed", True)]


def test_the_screen_says_what_the_data_says(court: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Headings with counts, the most urgent first; no phone and no identity number."""
    run(["ledger", str(court), "--today", str(TODAY)])
    text = capsys.readouterr().out

    order = [
        "已逾期（1 项）",
        "超期 1 天　信2",
        "今日到期（1 项）",
        "本周到期（2 项）",
        "以后到期（3 项）",
        "催督办　2 件",
    ]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)
    assert "读不了" in text


def test_the_workbook_holds_the_same_figures_as_real_dates_and_numbers(
    court: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sheet of what is due, one for each ledger; frozen, filtered, A4 landscape; the same bytes each time."""
    books = [tmp_path / "1.xlsx", tmp_path / "2.xlsx"]
    _, answer = told(capsys, "ledger", str(court), "--today", str(TODAY), "--xlsx", str(books[0]))
    run(["ledger", str(court), "--today", str(TODAY), "--xlsx", str(books[1])])
    assert books[0].read_bytes() == books[1].read_bytes()

    workbook = openpyxl.load_workbook(books[0])
    assert workbook.sheetnames == ["到期提醒", "催督办台账", "专项化解台账", "信访积案台账", "全部案件", "读不了的案件"]
    due = list(workbook["到期提醒"].iter_rows(min_row=3, values_only=True))
    assert [(row[6], row[2], row[3]) for row in due] == [
        (task["registration_no"], datetime.fromisoformat(task["due"]), task["days_left"]) for task in answer["due"]
    ]
    listed = {name: workbook[f"{name}台账"].max_row - 2 for name in ("催督办", "专项化解", "信访积案")}
    assert list(listed.values()) == list(answer["ledgers"].values())
    for sheet in workbook.worksheets:
        assert (sheet.freeze_panes, sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("A3", "landscape", 9)
        assert sheet.auto_filter.ref.startswith("A2:")
        assert sheet.print_title_rows == "$2:$2"
    assert workbook["到期提醒"].conditional_formatting


FORMULAS = ["=1+1", "+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x.invalid","a")', "=cmd|'/c calc'!A1"]


def test_no_cell_is_a_formula_made_of_somebodys_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A string stays a string whatever it begins with, also after an edit of the cell; characters that XML cannot hold become �."""
    for number, text in enumerate(FORMULAS):
        tree = waiting("2021-09-16", ledgers=["special"])
        tree["registration"]["brief"] = text
        tree["people"]["handler"]["name"] = text
        put(tmp_path / "案", f"信{number}", tree)
    odd = waiting("2021-09-16")
    odd["registration"]["brief"] = "甲\x01\x0b乙" + "长" * 19_000 * 2
    odd["registration"]["brief"] = odd["registration"]["brief"][:20_000]
    put(tmp_path / "案", "信9", odd)
    assert run(["ledger", str(tmp_path / "案"), "--today", str(TODAY), "--xlsx", str(tmp_path / "a.xlsx")]) == 0
    capsys.readouterr()

    workbook = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    shown = [cell for cell in cells if cell.value in FORMULAS]
    assert len(shown) == 2 * 3 * len(FORMULAS)
    assert all(cell.quotePrefix for cell in shown)


PRIVATE = "电话13800000000或0531-88880000，身份证370117196805020011，卡号6222020200012345678"


def test_phones_and_identity_numbers_are_masked_everywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On the screen, in JSON, workbook and calendar; names and case numbers stay."""
    tree = waiting("2021-09-16", ledgers=["backlog"])
    tree["registration"]["brief"] = PRIVATE
    tree["follow_ups"] = [{"on": "2021-10-01", "text": PRIVATE}]
    tree["petitioners"][0]["name"] = "甲某某１３８００００００００"
    put(tmp_path / "案", "信1", tree)
    texts = []
    for arguments in (["ledger"], ["ledger", "--json"], ["calendar"]):
        run([*arguments, str(tmp_path / "案"), "--today", str(TODAY)])
        texts.append(capsys.readouterr().out.replace("\r\n ", ""))
    run(["ledger", str(tmp_path / "案"), "--today", str(TODAY), "--xlsx", str(tmp_path / "a.xlsx")])
    workbook = openpyxl.load_workbook(tmp_path / "a.xlsx")
    texts.append("\n".join(str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row))

    for text in texts:
        for number in ("13800000000", "88880000", "370117196805020011", "6222020200012345678", "１３８０"):
            assert number not in text
        assert "甲某某138****0000" in text
    assert "（2020）鲁0117执9001号" in texts[-1]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("138 0000 0000", "138 **** 0000"),
        ("37011719680502001X", "370117********001X"),
        ("（2020）鲁0117执9001号、钢信执2021-0042、2021-09-16", "（2020）鲁0117执9001号、钢信执2021-0042、2021-09-16"),
        ("91370117MA3C0000XX", "91370117MA3C0000XX"),
        ("执行款12600.50元", "执行款12600.50元"),
    ],
)
def test_masking_covers_numbers_of_persons_and_nothing_else(text: str, shown: str) -> None:
    """Phones and identity numbers are masked; case numbers, dates, amounts and credit codes are not."""
    assert masked(text) == shown


def test_a_ledger_opens_no_material(court: Path) -> None:
    """No library for attached files is imported."""
    script = (
        "import sys; from bundler.commands import run; run(sys.argv[1:]);"
        "print('HEAVY', *({'pikepdf', 'PIL', 'lxml', 'weasyprint', 'docxtpl', 'openpyxl'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "ledger", str(court), "--today", str(TODAY)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )

    assert done.stdout.splitlines()[-1].split() == ["HEAVY"]


def test_a_folder_without_cases_is_status_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing folder is wrong usage."""
    assert run(["ledger", str(tmp_path)]) == 3
    assert run(["ledger", str(tmp_path / "no")]) == 2
    assert "bundler new" in capsys.readouterr().err


def events_of(path: Path) -> list[icalendar.Event]:
    """The events of a calendar file, read back."""
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    return [event for event in calendar.walk("VEVENT") if isinstance(event, icalendar.Event)]


def test_the_calendar_holds_each_open_deadline_for_a_whole_day(court: Path, tmp_path: Path) -> None:
    """The same tasks as in the ledger; two alarms each; the time of the last change; CR LF; no line over 75 octets."""
    target = tmp_path / "期限.ics"
    assert run(["calendar", str(court), "--today", str(TODAY), "-o", str(target)]) == 1  # 信8 could not be read
    events = events_of(target)
    reply = next(event for event in events if "信1" in str(event["summary"]))

    assert len(events) == 7
    assert (reply.decoded("dtstart"), reply.decoded("dtend")) == (TODAY, TODAY + timedelta(days=1))
    assert reply["dtstart"].params["value"] == "DATE"
    changed = datetime.fromtimestamp(int((court / "信1" / "case.json").stat().st_mtime), UTC)
    assert reply.decoded("dtstamp") == changed
    assert reply.decoded("sequence") > 0
    assert [alarm.decoded("trigger") for alarm in reply.walk("VALARM")] == [timedelta(hours=-15), timedelta(hours=9)]
    assert "第十三条" in str(reply["description"])
    data = target.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert max(map(len, data.split(b"\r\n"))) <= 75


def test_a_provisional_deadline_is_marked_in_the_calendar(court: Path, tmp_path: Path) -> None:
    """Only these have 暂定 in the title and the status TENTATIVE."""
    target = tmp_path / "期限.ics"
    run(["calendar", str(court), "--today", str(TODAY), "-o", str(target)])
    marked = {
        str(event["summary"]): str(event["status"]) for event in events_of(target) if "暂定" in str(event["summary"])
    }

    assert list(marked.values()) == ["TENTATIVE"]
    assert "信7" in next(iter(marked))


def test_a_calendar_imported_again_moves_its_events(tmp_path: Path) -> None:
    """The identifier depends neither on the width of the number nor on the due date."""
    seen = []
    for name, received in (("钢信执2021-0042", "2021-09-16"), ("钢信执２０２１－００４２", "2021-09-22")):
        root = tmp_path / received
        folder = put(root, "案", waiting(received))
        tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
        tree["registration"]["no"] = name
        (folder / "case.json").write_text(json.dumps(tree), encoding="utf-8")
        run(["calendar", str(root), "--today", str(TODAY), "-o", str(root / "a.ics")])
        run(["calendar", str(folder / "case.json"), "--today", "2021-10-01", "-o", str(root / "b.ics")])
        assert (root / "a.ics").read_bytes() == (root / "b.ics").read_bytes()
        seen.append(events_of(root / "a.ics")[0])

    assert seen[0]["uid"] == seen[1]["uid"]
    assert seen[0].decoded("dtstart") != seen[1].decoded("dtstart")


def test_a_moved_event_is_later_than_the_old_one_and_a_gone_one_is_cancelled(tmp_path: Path) -> None:
    """A calendar takes the higher SEQUENCE; a corrected number and a met deadline leave no event behind."""
    root, target = tmp_path / "案件", tmp_path / "期限.ics"
    folder = put(root, "信1", waiting("2021-09-16"))
    put(root, "信2", waiting("2021-09-17"))
    command = ["calendar", str(root), "--today", str(TODAY), "-o", str(target)]
    assert run(command) == 0
    first = {str(event["uid"]): event for event in events_of(target)}
    assert run(command) == 0
    assert {str(event["uid"]): event for event in events_of(target)} == first

    moved = waiting("2021-09-22")
    moved["registration"]["no"] = "信1"
    (folder / "case.json").write_text(json.dumps(moved), encoding="utf-8")
    os.utime(folder / "case.json", (2_000_000_000, 2_000_000_000))
    second = json.loads((root / "信2" / "case.json").read_text(encoding="utf-8"))
    second["registration"]["no"] = "信3"
    (root / "信2" / "case.json").write_text(json.dumps(second), encoding="utf-8")
    assert run(command) == 0

    now = {str(event["summary"]): event for event in events_of(target)}
    (old,) = [event for event in first.values() if "信1" in str(event["summary"])]
    (new,) = [event for title, event in now.items() if "信1" in title]
    assert old["uid"] == new["uid"]
    assert new.decoded("dtstart") > old.decoded("dtstart")
    assert new.decoded("sequence") > old.decoded("sequence")
    assert new.decoded("dtstamp") > old.decoded("dtstamp")
    states = {title.split("：")[1].split("\u3000")[0]: str(event["status"]) for title, event in now.items()}
    assert states == {"信1": "CONFIRMED", "信2": "CANCELLED", "信3": "CONFIRMED"}


def test_three_hundred_cases_are_counted_rightly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On each day the counts agree with the deadlines that `check` prints."""
    for number in range(300):
        put(tmp_path, f"信{number}", waiting(str(date(2021, 1, 4) + timedelta(days=number)), talked=number % 3 > 0))
    status, answer = told(capsys, "ledger", str(tmp_path), "--today", str(TODAY))
    open_days = [
        date.fromisoformat(deadline["due"])
        for case in answer["cases"]
        for deadline in case["deadlines"]
        if deadline["done"] is None
    ]

    assert status == 0
    assert len(answer["due"]) == len(open_days) == 400
    assert answer["counts"]["late"] == sum(day < TODAY for day in open_days)
    assert answer["counts"]["today"] == sum(day == TODAY for day in open_days)
    assert answer["counts"]["week"] == sum(TODAY < day <= date(2021, 11, 21) for day in open_days)


def test_one_sheet_without_rows_is_still_a_sheet() -> None:
    """An empty ledger opens and has its title."""
    from bundler.xlsx_writer.sheets import Column, FileLink, Sheet
    from bundler.xlsx_writer.workbook import build_workbook

    sheets = [
        Sheet("空[台账]/1", "空台账", (Column("登记号"),), []),
        Sheet("链接", "链接", (Column("卷"),), [(FileLink("见卷", Path("bundles/案 1.pdf")),)]),  # type: ignore[arg-type]
    ]
    workbook = openpyxl.load_workbook(io.BytesIO(build_workbook(sheets, "题")))

    assert workbook.worksheets[0]["A1"].value == "空台账"
    assert workbook["链接"]["A3"].hyperlink.target == "bundles/%E6%A1%88%201.pdf"


def test_what_is_left_out_to_save_memory_is_printed_by_nothing(tmp_path: Path) -> None:
    """Ledgers, register and calendar are the same with the whole cases, of which they keep a quarter."""
    folders = [path.parent for path in sorted(SAMPLES.glob("*/case.json"))]
    folders.append(put(tmp_path, "待转交", waiting("2021-11-12", transferred=False, talked=False)))
    profile = load_profile(None)
    whole = list(case_statuses(folders, today=TODAY, profile=profile))
    short = list(ledger_statuses(folders, today=TODAY, profile=profile))
    assert any(one.case and one.case.materials for one in whole)
    assert not any(one.case and one.case.materials for one in short)

    def printed(cases: list[CaseStatus]) -> list[object]:
        register = build_register(cases, full_phones=True)
        reminders = [reminder_view(one, profile, TODAY) for one in reminders_due(cases, profile)]
        return [
            ledger_json(cases, Path("/"), TODAY),
            ledger_workbook(cases, Path("/"), TODAY),
            register_json(register, Path("/")),
            register_workbook(register, Path("/"), TODAY, profile.regulation),
            build_calendar(cases, TODAY, b""),
            reception_register(cases, profile, TODAY),
            reminders,
        ]

    assert printed(short) == printed(whole)
