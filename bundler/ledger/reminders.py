"""Reminders (催办、督办单; Art. 5): whose limits are near or past, the notice to each, and the record of what was sent.

A transfer is the petition team's own errand, and so is everything whose handler is not named. A provisional limit is never
overdue, and nobody is reminded of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from bundler.case.identifiers import masked
from bundler.digest import sha256_of
from bundler.documents.views.reminder_notice import (
    Errand,
    ReminderView,
    build_reminder_line,
    build_reminder_view,
)
from bundler.ledger.case_change_log import append_history, read_recent_entries
from bundler.ledger.case_deadlines import CaseStatus, Task, Urgency, handler_of, open_tasks
from bundler.ledger.history_entry import FileDigest, HistoryError
from bundler.printable_text import replace_unsafe
from bundler.profile import Profile

ACTION = "remind"
"""The code of a sent reminder in the history of a case."""
TEAM = "执行信访团队"
_RESERVED = '\\/:*?"<>|'
_MAX_NAME = 40


@dataclass(frozen=True, slots=True)
class Reminder:
    """What one person is to be reminded of.

    Attributes:
        addressee: the person's name; empty for the petition team (执行信访团队).
        tasks: the open limits with their cases, the earliest first.
    """

    addressee: str
    tasks: tuple[tuple[Task, CaseStatus], ...]

    @property
    def name(self) -> str:
        """The person's name, or that of the team."""
        return self.addressee or TEAM

    @property
    def late(self) -> int:
        """How many of the limits have passed."""
        return sum(task.days_left < 0 for task, _ in self.tasks)


@dataclass(frozen=True, slots=True)
class WrittenReminder:
    """A reminder that was written.

    Attributes:
        path: the file.
        reminder: what it says.
        is_new: whether it was recorded now; otherwise the same notice was there already.
        unrecorded: the cases in whose history it could not be written down, each with the reason.
    """

    path: Path
    reminder: Reminder
    is_new: bool
    unrecorded: tuple[str, ...]


def reminders_due(cases: Iterable[CaseStatus], profile: Profile) -> tuple[Reminder, ...]:
    """The reminders to send: limits that have passed or end within the profile's `reminder_days`, by person.

    The person whose limit is the oldest comes first.
    """
    found: dict[str, list[tuple[Task, CaseStatus]]] = {}
    for task, status in open_tasks(cases):
        if status.case is not None and is_reminder_due(task, profile):
            person = "" if task.rule == "ART13-TRANSFER" else handler_of(status.case)
            found.setdefault(person, []).append((task, status))
    return tuple(Reminder(person, tuple(tasks)) for person, tasks in found.items())


def is_reminder_due(task: Task, profile: Profile) -> bool:
    """Whether a limit has passed or ends within the profile's `reminder_days`; a provisional one never has.

    Nobody is reminded to give a reply that was given and whose receipt alone is lacking.
    """
    is_open = not task.provisional and task.urgency is not Urgency.UNPROVEN
    return is_open and task.days_left <= profile.reminder_days


def reminder_days_of(folder: Path) -> tuple[date, ...]:
    """The days on which a reminder about a case was recorded in its history, the earliest first."""
    entries = (one for one in read_recent_entries(folder) if one.action == ACTION and not one.fault)
    return tuple(sorted({date.fromisoformat(one.at[: len("2021-09-16")]) for one in entries if one.at}))


def reminder_view(reminder: Reminder, profile: Profile, today: date) -> ReminderView:
    """The view of a reminder, for its template."""
    lines = [
        build_reminder_line(
            status.case,
            status.number,
            cast("Errand", task.what),
            task.due,
            today=today,
            reminded_on=reminder_days_of(status.folder),
        )
        for task, status in reminder.tasks
        if status.case is not None
    ]
    return build_reminder_view(reminder.addressee or None, lines, profile, today)


def write_reminders(
    reminders: Sequence[Reminder], target: Path, profile: Profile, templates: Path, today: date
) -> list[WrittenReminder]:
    """Write a notice (.docx) for each person, and record it in the history of each case that it names.

    A notice of the same day that is there already, about the same limits, is neither written nor recorded again.

    Args:
        reminders: what `reminders_due` returned.
        target: the folder, which is made.
        profile: the court.
        templates: the folder of templates.
        today: the day of the notices, which their names tell.

    Raises:
        OutputError: the folder cannot be made, or a file cannot be written.
        TemplateError: the template is broken.
    """
    from bundler.atomic_write import write_atomic
    from bundler.documents.drafting import fill_reminder_notice
    from bundler.errors import output_error

    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(target, error) from error
    written, taken = [], set[str]()
    for reminder in reminders:
        path = target / reminder_file_name(reminder.name, today, taken)
        if path.is_file() and _is_recorded(reminder, FileDigest(path.name, sha256_of(path.read_bytes()))):
            written.append(WrittenReminder(path, reminder, is_new=False, unrecorded=()))
            continue
        data = fill_reminder_notice(reminder_view(reminder, profile, today), templates)
        write_atomic(path, data)
        failed = record_reminder(reminder, FileDigest(path.name, sha256_of(data)))
        written.append(WrittenReminder(path, reminder, is_new=True, unrecorded=failed))
    return written


def record_reminder(reminder: Reminder, file: FileDigest, *, actor: str = "") -> tuple[str, ...]:
    """Record a reminder in the history of each case that it names.

    Returns:
        The cases in which that failed, each with the reason.
    """
    failed = []
    for number, folder in {status.number: status.folder for _, status in reminder.tasks}.items():
        try:
            append_history(folder, ACTION, [file], actor=actor)
        except HistoryError as error:
            failed.append(f"{number}（{error}）")
    return tuple(failed)


def record_reminder_once(reminder: Reminder, file: FileDigest, *, actor: str = "") -> tuple[str, ...]:
    """Record a reminder as `record_reminder` does, unless every case has the record of this very file already."""
    return () if _is_recorded(reminder, file) else record_reminder(reminder, file, actor=actor)


def _is_recorded(reminder: Reminder, file: FileDigest) -> bool:
    return all(
        any(one.action == ACTION and file in one.outputs for one in read_recent_entries(status.folder))
        for _, status in reminder.tasks
    )


def reminder_file_name(person: str, today: date, taken: set[str] | None = None) -> str:
    """The file name of a notice, which any file system accepts.

    Args:
        person: who is reminded.
        today: the day of the notice.
        taken: the names of the other notices, to which this one is added; it is different from them.
    """
    taken = set() if taken is None else taken
    kept = replace_unsafe(unicodedata.normalize("NFC", masked(person)), "_", keep="")
    base = "".join("_" if one in _RESERVED else one for one in kept).strip(" .")[:_MAX_NAME] or TEAM
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name)
    return f"催办单-{name}-{today}.docx"
