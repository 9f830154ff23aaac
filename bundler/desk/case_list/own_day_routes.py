"""The route of 我的今天: what is due in the cases of one person, today's appointments, and the next step of each case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case.json_pointer import field_title
from bundler.desk.case_list.case_list_query import ListRow
from bundler.desk.case_list.next_step import NextStep, is_bundled
from bundler.desk.case_list.routes import current_rows
from bundler.desk.security.roles import Permission
from bundler.desk.shared_objects import desk_services, rights_of
from bundler.desk.templating import template_response
from bundler.ledger.case_deadlines import Task, Urgency

MOST_LINES = 30
"""Of one section; the case list shows the others."""
_LEADER_PART = field_title("leader")
_NOW = {Urgency.TODAY, Urgency.LAPSED, Urgency.WEEK}
_FOLLOW_UP_PLACE = "#s-archive"


@dataclass(frozen=True, slots=True)
class DayLine:
    """A case, with what is done next in it.

    Attributes:
        row: its row of the case list.
        step: the next step; None where the gate has not checked the case yet, and for one that cannot be read.
        time: the time of an appointment; empty for another line.
    """

    row: ListRow
    step: NextStep | None
    time: str = ""


@dataclass(frozen=True, slots=True)
class DaySection:
    """The lines under one heading.

    Attributes:
        id: its name in the page's addresses.
        title: the heading.
        lines: the first of its lines.
        total: how many there are.
        stand: the filter of the case list that shows all of them; empty where there is none.
    """

    id: str
    title: str
    lines: tuple[DayLine, ...]
    total: int
    stand: str = ""


def show_own_day(request: Request) -> Response:
    """The page; for a request of the page's script, its sections alone."""
    services, rights = desk_services(request), rights_of(request)
    today, revision = services.settings.today(), services.case_index.revision
    rows = sorted(current_rows(request), key=lambda row: row.due_order)
    own = [row for row in rows if _names_one_of(row, rights.names)]
    open_lines = [line for row in own if (line := _open_line(row, request)) is not None]
    approvals = _approvals(rows, rights.names) if rights.may(Permission.APPROVE) else []
    sections = (
        _section("approvals", "等你同意、批准", approvals),
        _section("appointments", "接待：今天的，没有登记结果的", _appointments(own, today)),
        _section("late", "已逾期", _with_urgency(open_lines, {Urgency.LATE}), "late"),
        _section("soon", "今天、本周到期", _with_urgency(open_lines, _NOW), "soon"),
        _section("undated", "缺日期，算不出期限；读不了", [line for line in open_lines if _is_undated(line.row)]),
        _section("later", "以后到期、没有期限", [line for line in open_lines if _is_later(line.row)]),
    )
    context = {
        "sections": [one for one in sections if one.total],
        "own_count": len(own),
        "open_count": len(open_lines),
        "waiting": sum(not row.is_checked for row in own),
        "is_ready": services.case_index.is_ready,
        "revision": revision,
        "today": today,
        "is_everybody": rights.names is None,
    }
    is_part = "hx-request" in request.headers and "hx-history-restore-request" not in request.headers
    return template_response(request, "own_day_sections.html" if is_part else "own_day.html", context)


def _names_one_of(row: ListRow, names: frozenset[str] | None) -> bool:
    """Whether a case is one of those of an account with these names; at a desk without accounts every case is."""
    return names is None or any(name in names for _, name in row.case.court_people)


def _open_line(row: ListRow, request: Request) -> DayLine | None:
    """The line of a case in which something is still to be done; None for one that is bound and has no open deadline."""
    step = row.case.next_step
    if step is None or not step.is_bundling:
        return DayLine(row, step)
    if not is_bundled(desk_services(request).settings.root / row.case.name, row.case.version):
        return DayLine(row, step)
    return DayLine(row, _step_of_task(row.task, step.stage)) if row.task is not None else None


def _step_of_task(task: Task, stage: str) -> NextStep:
    """What a bound case still asks for."""
    place = _FOLLOW_UP_PLACE if task.rule == "ART16-FOLLOW-UP" else ""
    return NextStep(stage, f"已成卷，还要办：{task.what}", place)


def _approvals(rows: Iterable[ListRow], names: frozenset[str] | None) -> list[DayLine]:
    """What waits for a court leader: in the cases that name the account's person, or name no leader."""
    return [
        DayLine(row, step)
        for row in rows
        if _names_one_of(row, names) or all(part != _LEADER_PART for part, _ in row.case.court_people)
        for step in row.case.leader_steps
    ]


def _appointments(rows: Iterable[ListRow], today: date) -> list[DayLine]:
    """The appointments of today, and earlier ones of which no result is recorded, the earliest first."""
    end = f"{today.isoformat()}U"  # sorts after every time of the day
    found = [(time, row) for row in rows for time in row.case.appointments if time < end]
    step = NextStep("接访", "接待；登记预约的结果", "#f-appointments")
    return [
        DayLine(row, step, time.replace("T", " ").removeprefix(f"{today.isoformat()} "))
        for time, row in sorted(found, key=lambda pair: (pair[0], pair[1].key))
    ]


def _with_urgency(lines: Iterable[DayLine], urgencies: set[Urgency]) -> list[DayLine]:
    return [line for line in lines if line.row.task is not None and line.row.task.urgency in urgencies]


def _is_undated(row: ListRow) -> bool:
    return row.task is None and (row.case.lacks_date or not row.case.is_readable)


def _is_later(row: ListRow) -> bool:
    if row.task is None:
        return not _is_undated(row)
    return row.task.urgency not in {Urgency.LATE, *_NOW}


def _section(name: str, title: str, lines: Sequence[DayLine], stand: str = "") -> DaySection:
    return DaySection(name, title, tuple(lines[:MOST_LINES]), len(lines), stand)


routes = [Route("/today", show_own_day)]
