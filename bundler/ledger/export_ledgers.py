"""The ledgers (台账) as JSON and as a workbook; identity numbers and phones are masked in both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bundler.case.identifiers import masked
from bundler.case.labels import DECISION, LEDGERS
from bundler.case.model import Case
from bundler.case.registration_number_gaps import series_order
from bundler.ledger.case_deadlines import (
    CaseStatus,
    Urgency,
    assigning_body_of,
    case_numbers_of,
    handler_of,
    matter_of,
    open_tasks,
    petitioners_of,
    week_end,
)
from bundler.ledger.reception_bookings import pending_bookings
from bundler.ledger.reminders import reminder_days_of
from bundler.xlsx_writer.sheets import CellValue, Column, RowColour, RowTone, Sheet
from bundler.xlsx_writer.workbook import build_workbook

_NEVER = 100_000


def ledger_json(cases: Sequence[CaseStatus], root: Path, today: date) -> dict[str, Any]:
    """The ledgers, due dates and cases as JSON values; dates are ISO."""
    tasks = open_tasks(cases)
    return {
        "today": today.isoformat(),
        "week_end": week_end(today).isoformat(),
        "counts": {urgency.value: sum(task.urgency is urgency for task, _ in tasks) for urgency in Urgency},
        "ledgers": {key: len(_cases_in_ledger(cases, key)) for key in LEDGERS},
        "due": [
            {
                "urgency": task.urgency.value,
                "rule": task.rule,
                "due": task.due.isoformat(),
                "days_left": task.days_left,
                "provisional": task.provisional,
                "registration_no": case.number,
                "case": _relative_folder(case, root),
                "reminded": [day.isoformat() for day in reminder_days_of(case.folder)],
            }
            for task, case in tasks
        ],
        "appointments": [
            {
                "at": one.at.isoformat(timespec="minutes"),
                "registration_no": one.status.number,
                "case": _relative_folder(one.status, root),
                "place": masked(one.appointment.place or "") or None,
            }
            for one in pending_bookings(cases)
        ],
        "cases": [_case_json(case, root) for case in cases],
    }


def _case_json(status: CaseStatus, root: Path) -> dict[str, Any]:
    case = status.case
    if case is None:
        return {"case": _relative_folder(status, root), "fault": masked(status.fault)}
    return {
        "case": _relative_folder(status, root),
        "registration_no": case.registration.no,
        "decision": case.decision,
        "ledgers": list(case.ledgers),
        "petitioners": masked(petitioners_of(case)),
        "matter": masked(matter_of(case)),
        "handler": masked(handler_of(case)),
        "assigned_by": masked(assigning_body_of(case)[0]) or None,
        "assigned_no": masked(assigning_body_of(case)[1]) or None,
        "urgency": status.urgency.value if status.urgency else None,
        "deadlines": [deadline.as_json() for deadline in status.deadlines],
        "fault": None,
    }


def ledger_workbook(cases: Sequence[CaseStatus], root: Path, today: date) -> bytes:
    """The workbook: due dates, the three ledgers, all cases, and the cases that could not be read."""
    sheets = [
        _due_sheet(cases, root, today),
        *ledger_sheets(cases, today),
        _ledger_sheet("全部案件", [case for case in cases if case.case], today),
    ]
    unread = [case for case in cases if case.case is None]
    if unread:
        rows = [
            (number, _relative_folder(case, root), masked(case.fault)) for number, case in enumerate(unread, start=1)
        ]
        columns = (Column("序号", 6), Column("文件夹", 40), Column("读不了的原因", 80))
        sheets.append(Sheet("读不了的案件", f"读不了的案件（{today}）", columns, rows))
    return build_workbook(sheets, "执行申诉信访台账")


def ledger_sheets(cases: Sequence[CaseStatus], today: date) -> list[Sheet]:
    """One sheet for each of the three ledgers of Art. 16."""
    return [_ledger_sheet(f"{name}台账", _cases_in_ledger(cases, key), today) for key, name in LEDGERS.items()]


def _cases_in_ledger(cases: Iterable[CaseStatus], ledger: str) -> list[CaseStatus]:
    return [case for case in cases if case.case and ledger in case.case.ledgers]


def _relative_folder(case: CaseStatus, root: Path) -> str:
    """The case folder relative to the root; its full path if it is elsewhere."""
    return case.folder.relative_to(root).as_posix() if case.folder.is_relative_to(root) else case.folder.as_posix()


def _due_sheet(cases: Sequence[CaseStatus], root: Path, today: date) -> Sheet:
    columns = (
        Column("序号", 5),
        Column("状态", 9),
        Column("到期日", 11),
        Column("剩余天数", 6),
        Column("事项", 6),
        Column("依据", 8),
        Column("登记号", 15),
        Column("信访人", 10),
        Column("反映的主要问题", 16),
        Column("承办人", 8),
        Column("主办院领导", 8),
        *ASSIGNMENT_COLUMNS,
        Column("文件夹", 13),
        Column("催办日期", 11),
    )
    rows: list[tuple[CellValue, ...]] = []
    for number, (task, status) in enumerate(open_tasks(cases), start=1):
        case = status.case
        assert case is not None  # noqa: S101 (an unreadable case has no task)
        state = task.urgency.label + ("（暂定）" if task.provisional else "")
        # Red is for what is still to be done: a reply that lacks its receipt alone has no number of days.
        left = None if task.urgency is Urgency.UNPROVEN else task.days_left
        first = (number, state, task.due, left, task.what, task.article, status.number)
        reminded = "、".join(map(str, reminder_days_of(status.folder))) or None
        place = (_relative_folder(status, root), reminded)
        rows.append((*first, *_people_and_matter(case), *assignment_cells(case), *place))
    colours = (RowColour(3, -_NEVER, -1, RowTone.LATE), RowColour(3, 0, (week_end(today) - today).days, RowTone.SOON))
    return Sheet("到期提醒", f"到期提醒（{today}，本周至 {week_end(today)}）", columns, rows, colours)


def _people_and_matter(case: Case) -> tuple[str, str, str, str]:
    leader = case.people.leader.name if case.people.leader else None
    return (
        masked(petitioners_of(case)),
        masked(matter_of(case)),
        masked(handler_of(case)),
        masked(leader or ""),
    )


ASSIGNMENT_COLUMNS = (Column("交办机关", 13), Column("交办文号", 16))
"""Who assigned a matter and by which notice (Art. 14): columns of every list of cases."""


def assignment_cells(case: Case) -> tuple[CellValue, CellValue]:
    """The cells of `ASSIGNMENT_COLUMNS`."""
    body, number = assigning_body_of(case)
    return masked(body) or None, masked(number) or None


_LEDGER_COLUMNS = (
    Column("序号", 5),
    Column("登记号", 17),
    Column("收到日期", 11),
    Column("信访人", 11),
    Column("反映的主要问题", 24),
    Column("承办人", 9),
    Column("主办院领导", 9),
    Column("执行案号", 24),
    Column("受理情况", 9),
    *ASSIGNMENT_COLUMNS,
    Column("转交日期", 11),
    Column("约谈日期", 11),
    Column("答复送达（交寄）日期", 12),
    Column("反馈期限", 11),
    Column("反馈日期", 11),
    Column("当前状态", 14),
    Column("超期天数", 7),
    Column("最近跟进", 20),
    Column("核销情况", 14),
    Column("归档日期", 11),
)
_LATE_COLUMN = [column.title for column in _LEDGER_COLUMNS].index("超期天数")


def _ledger_sheet(title: str, cases: Sequence[CaseStatus], today: date) -> Sheet:
    rows = [_ledger_row(number, status) for number, status in enumerate(sorted(cases, key=_urgency_key), start=1)]
    return Sheet(
        title, f"{title}（{today}）", _LEDGER_COLUMNS, rows, (RowColour(_LATE_COLUMN, 1, _NEVER, RowTone.LATE),)
    )


def _urgency_key(status: CaseStatus) -> tuple[date, tuple[bool, tuple[str, str], int, str]]:
    """The sort key of a case: by its next open deadline, cases without one last, then by number."""
    return (status.tasks[0].due if status.tasks else date.max, series_order(status.number))


def _ledger_row(number: int, status: CaseStatus) -> tuple[CellValue, ...]:
    case = status.case
    assert case is not None  # noqa: S101 (only readable cases are in a ledger)
    late = max((-task.days_left for task in status.tasks if task.urgency is Urgency.LATE), default=None)
    return (
        number,
        status.number,
        case.registration.received_on,
        *_people_and_matter(case),
        masked(case_numbers_of(case)),
        DECISION[case.decision],
        *assignment_cells(case),
        status.done_on("ART13-TRANSFER"),
        status.done_on("ART13-INTERVIEW"),
        status.done_on("ART13-REPLY"),
        case.assignment.feedback_due if case.assignment else None,
        case.assignment.feedback_on if case.assignment else None,
        state_of(status),
        late,
        _latest_follow_up(case),
        _write_off_state(case),
        case.archive.archived_on,
    )


def state_of(status: CaseStatus) -> str:
    """The state of a case as a short text: its most urgent open tasks."""
    urgency = status.urgency
    if urgency is None:
        return "期限内事项均已办" if status.deadlines else "没有期限"
    labels = "、".join(task.what for task in status.tasks if task.urgency is urgency)
    return f"{labels}{urgency.label}"


def _latest_follow_up(case: Case) -> str | None:
    last = max((one for one in case.follow_ups if one.text), key=lambda one: one.on, default=None)
    return masked(f"{last.on}　{last.text}") if last else None


def _write_off_state(case: Case) -> str | None:
    """The state of the write-off (核销): planned, reported, or answered; None if none is requested."""
    write_off = case.write_off
    if write_off is None:
        return None
    if write_off.answer:
        return f"{'已核销' if write_off.answer == 'written_off' else '退回'}{_in_brackets(write_off.answered_on)}"
    return f"已上报{_in_brackets(write_off.reported_on)}" if write_off.reported_on else "拟申请核销"


def _in_brackets(day: date | None) -> str:
    return f"（{day}）" if day else ""
