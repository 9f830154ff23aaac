"""Reminders (催办、督办单) and the register of receptions on the command centre's pages: who is to be reminded, and the papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from pathlib import Path

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.batch.local_executor import LocalExecutor
from bundler.case.find_case_folders import find_cases
from bundler.case.identifiers import masked
from bundler.desk.case_list.case_list_query import ListRow, list_rows, task_for
from bundler.desk.request_helpers import actor_of, download_response, form_endpoint
from bundler.desk.security.audit import write_audit_line
from bundler.desk.security.roles import Permission
from bundler.desk.shared_objects import desk_services, rights_of
from bundler.desk.templating import template_response
from bundler.digest import sha256_of
from bundler.file_inspection_record import WORD
from bundler.ledger.case_deadlines import Task, case_statuses
from bundler.ledger.history_entry import FileDigest
from bundler.ledger.reminders import (
    TEAM,
    Reminder,
    is_reminder_due,
    record_reminder,
    reminder_days_of,
    reminder_file_name,
    reminder_view,
    reminders_due,
)
from bundler.profile import Profile

_SCAN_TIMEOUT = 1.0


@dataclass(frozen=True, slots=True)
class DueLine:
    """One limit that is near or past, with the days on which a reminder about the case was sent."""

    task: Task
    row: ListRow
    reminded: tuple[date, ...]


def show_reminders(request: Request) -> Response:
    """Who is to be reminded of what, the person with the oldest limit first."""
    services = desk_services(request)
    today = services.settings.today()
    services.case_index.refresh(_SCAN_TIMEOUT)
    rows = list_rows(services.case_index.rows(), today)
    people = {}
    if rights_of(request).may(Permission.REMIND):
        people = _due_by_person(rows, services.settings.root, services.settings.profile, today)
    return template_response(request, "reminders.html", {"people": people, "team": TEAM, "today": today})


def _due_by_person(rows: list[ListRow], root: Path, profile: Profile, today: date) -> dict[str, list[DueLine]]:
    """The lines of each person, as `reminders_due` groups them."""
    tasks = [(task_for(deadline, today), row) for row in rows for deadline in row.case.dues]
    found: dict[str, list[DueLine]] = {}
    for task, row in sorted(tasks, key=lambda pair: (pair[0].due, pair[1].case.number, pair[0].rule)):
        if is_reminder_due(task, profile):
            person = "" if task.rule == "ART13-TRANSFER" else row.case.handler
            line = DueLine(task, row, reminder_days_of(root / row.case.name))
            found.setdefault(person or TEAM, []).append(line)
    return found


def send_reminder(request: Request, form: FormData) -> Response:
    """The notice to one person, which is recorded in the history of each case that it names."""
    settings = desk_services(request).settings
    person = str(form.get("person", ""))
    with LocalExecutor(1) as executor:
        cases, courts = (settings.root, settings.out), (settings.profile, settings.templates)
        drafted = executor.submit(draft_reminder, cases, courts, settings.today(), person).result()
    if drafted is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这个人现在没有临近期限或者超过期限的事项。请刷新页面。")
    reminder, data = drafted
    name = reminder_file_name(reminder.name, settings.today())
    digest = sha256_of(data)
    record_reminder(reminder, FileDigest(name, digest), actor=actor_of(request))
    write_audit_line(request, "remind", files=[(name, digest)])
    return download_response(data, name, WORD)


def draft_reminder(
    cases: tuple[Path, Path], court: tuple[Profile, Path], today: date, person: str
) -> tuple[Reminder, bytes] | None:
    """Draft the notice to a person, in a worker process; None where nothing of his is due.

    Args:
        cases: the folder of the cases, and the output folder of batches, which is skipped.
        court: the profile, and the folder of templates.
        today: the day of the notice.
        person: the name as the page shows it.
    """
    from bundler.documents.drafting import fill_reminder_notice

    profile, templates = court
    statuses = list(case_statuses(find_cases(cases[0], skip=cases[1]), today=today, profile=profile))
    reminder = next((one for one in reminders_due(statuses, profile) if masked(one.name) == person), None)
    if reminder is None:
        return None
    return reminder, fill_reminder_notice(reminder_view(reminder, profile, today), templates)


def download_reception_register(request: Request) -> Response:
    """The register of receptions (接访登记表) of the requested day, by default of today."""
    settings = desk_services(request).settings
    day = _day_of(request.query_params.get("day", ""), settings.today())
    with LocalExecutor(1) as executor:
        cases, court = (settings.root, settings.out), (settings.profile, settings.templates)
        data = executor.submit(draft_reception_register, cases, court, day).result()
    name = f"接访登记表-{day}.docx"
    write_audit_line(request, "download", files=[(name, sha256_of(data))])
    return download_response(data, name, WORD)


def draft_reception_register(cases: tuple[Path, Path], court: tuple[Profile, Path], day: date) -> bytes:
    """Draft the register of a day, in a worker process; arguments as of `draft_reminder`."""
    from bundler.documents.drafting import fill_reception_register
    from bundler.ledger.reception_bookings import reception_register

    profile, templates = court
    statuses = case_statuses(find_cases(cases[0], skip=cases[1]), today=day, profile=profile)
    return fill_reception_register(reception_register(statuses, profile, day), templates)


def _day_of(text: str, today: date) -> date:
    """The day that an address names.

    Raises:
        HTTPException: 400, it is no day.
    """
    try:
        return date.fromisoformat(text) if text else today
    except ValueError:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "日期应写成 2021-11-17 的形式。") from None


routes = [
    Route("/centre/reminders", show_reminders),
    Route("/centre/reminders/notice", form_endpoint(send_reminder), methods=["POST"]),
    Route("/centre/receptions.docx", download_reception_register),
]
