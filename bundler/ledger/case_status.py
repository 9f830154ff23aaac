"""Where each case stands today: what is due, what is late, what is done.

The figures rest on case.json alone: the days that the clerks filled in. No attached file is opened, so that a thousand
cases take seconds; whether the papers are really there is for ``check`` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from bundler.case.field_types import Unknown
from bundler.case.model import Case
from bundler.case.reader import read_case
from bundler.gate.check import kind_of
from bundler.gate.check_result import Deadline
from bundler.gate.context import GateContext
from bundler.gate.date_rules import compute_deadlines
from bundler.profile import Profile

TASKS = {"ART13-TRANSFER": "转交", "ART13-INTERVIEW": "约谈", "ART13-REPLY": "答复", "ART14-FEEDBACK": "反馈"}
"""What is to be done by each deadline, in a word."""

_SUNDAY = 6


class Urgency(StrEnum):
    """How near a deadline is, most pressing first."""

    LATE = "late"
    TODAY = "today"
    LAPSED = "lapsed"
    WEEK = "week"
    LATER = "later"

    @property
    def label(self) -> str:
        """The Chinese word for it."""
        return {
            "late": "已逾期",
            "today": "今日到期",
            "lapsed": "暂定期限已过",
            "week": "本周到期",
            "later": "以后到期",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Task:
    """One thing still to be done in a case.

    Attributes:
        rule: its deadline's code.
        due: the last day.
        days_left: calendar days from today; below 0 when the day has passed.
        provisional: no official calendar yet, so that it is never late.
        urgency: how near it is.
    """

    rule: str
    due: date
    days_left: int
    provisional: bool
    urgency: Urgency

    @property
    def what(self) -> str:
        """What is to be done."""
        return TASKS[self.rule]


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """One case as it stands.

    Attributes:
        folder: the case folder.
        case: the case; None where it could not be read.
        deadlines: all of them, done or not.
        tasks: those still open, by the day they are due.
        fault: why it could not be read, in Chinese.
    """

    folder: Path
    case: Case | None = None
    deadlines: tuple[Deadline, ...] = ()
    tasks: tuple[Task, ...] = ()
    fault: str = ""

    @property
    def urgency(self) -> Urgency | None:
        """The most pressing of its tasks; None where nothing is open."""
        order = list(Urgency)
        return min((task.urgency for task in self.tasks), key=order.index, default=None)

    @property
    def number(self) -> str:
        """The registration number, or the folder's name where there is none."""
        return (self.case.registration.no if self.case else None) or self.folder.name

    def done_on(self, rule: str) -> date | None:
        """When a deadline's task was done."""
        return next((deadline.done for deadline in self.deadlines if deadline.rule == rule), None)


def case_statuses(folders: Iterable[Path], *, today: date, profile: Profile) -> Iterator[CaseStatus]:
    """Each case as it stands; one that cannot be read is told as such and stops no other."""
    for folder in folders:
        reading = read_case(folder)
        if reading.case is None:
            yield CaseStatus(folder, fault=reading.findings[0].message if reading.findings else "读不出来。")
            continue
        case = reading.case
        found = compute_deadlines(GateContext(case, profile, kind_of(case, None), today, {}))
        yield case_status_of(folder, case, found, today)


def case_status_of(folder: Path, case: Case, found: tuple[Deadline, ...], today: date) -> CaseStatus:
    """A case as it stands by its deadlines."""
    tasks = sorted((task_of(one, today) for one in found if one.done is None), key=lambda task: task.due)
    return CaseStatus(folder, case, found, tuple(tasks))


def week_end(today: date) -> date:
    """The Sunday of the day's week."""
    return today + timedelta(days=_SUNDAY - today.weekday())


def open_tasks(cases: Iterable[CaseStatus]) -> list[tuple[Task, CaseStatus]]:
    """Everything still to be done, what is due first standing first."""
    tasks = [(task, case) for case in cases for task in case.tasks]
    return sorted(tasks, key=lambda pair: (pair[0].due, pair[1].number, pair[0].rule))


def task_of(deadline: Deadline, today: date) -> Task:
    """What an open deadline asks for, as it stands today."""
    left = (deadline.due - today).days
    if left < 0:
        urgency = Urgency.LAPSED if deadline.provisional else Urgency.LATE
    elif left == 0:
        urgency = Urgency.TODAY
    else:
        urgency = Urgency.WEEK if deadline.due <= week_end(today) else Urgency.LATER
    return Task(deadline.rule, deadline.due, left, deadline.provisional, urgency)


def handler_of(case: Case) -> str:
    """The handler's name; empty where there is none."""
    handler = case.people.handler
    return "" if handler is None or isinstance(handler, Unknown) else handler.name or ""


def petitioners_of(case: Case) -> str:
    """The petitioners' names."""
    return "、".join(one.name or "匿名" for one in case.petitioners)


def matter_of(case: Case) -> str:
    """What the petition is about, in few words where there are few."""
    return case.registration.brief or case.registration.summary or ""


def case_numbers_of(case: Case) -> str:
    """The enforcement cases' numbers."""
    return "、".join(one.no for one in case.enforcement_cases if isinstance(one.no, str))
