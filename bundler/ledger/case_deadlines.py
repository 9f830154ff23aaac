"""The status of cases on a day: open, overdue and completed deadlines.

The status is computed from the dates in case.json alone. No attached file is opened, so that a thousand cases take
seconds; ``check`` decides whether the papers are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from bundler.case.field_types import Unknown
from bundler.case.model import Case
from bundler.case.reader import read_case
from bundler.documents.document_subjects import find_reply_days
from bundler.documents.views.people import find_addressees
from bundler.gate.check import kind_of
from bundler.gate.check_result import Deadline
from bundler.gate.date_rules import compute_deadlines, find_planned_follow_up
from bundler.gate.rule_input import GateContext
from bundler.profile import Profile
from bundler.regulation.model import Regulation

TASKS = {
    "ART13-TRANSFER": "转交",
    "ART13-INTERVIEW": "约谈",
    "ART13-REPLY": "答复",
    "ART14-FEEDBACK": "反馈",
    "ART16-FOLLOW-UP": "回访",
}
"""What is due by each deadline, as a short label."""
REPLY = "ART13-REPLY"
"""The code of the deadline of the reply."""

_NOT_LISTED: dict[str, tuple[()] | None] = {
    **dict.fromkeys(("materials", "claims", "measures", "enforcement_measures", "investigations", "absent"), ()),
    **dict.fromkeys(("coordination", "hearing", "interview", "feedback_report", "approval", "reply", "relief")),
}
"""The parts of a case that no ledger, register, calendar or reminder prints once its deadlines are known."""
_SUNDAY = 6


class Urgency(StrEnum):
    """How urgent a deadline is, the most urgent first."""

    LATE = "late"
    TODAY = "today"
    LAPSED = "lapsed"
    WEEK = "week"
    UNPROVEN = "unproven"
    LATER = "later"

    @property
    def label(self) -> str:
        """The Chinese word for it."""
        return {
            "late": "已逾期",
            "today": "今日到期",
            "lapsed": "暂定期限已过",
            "week": "本周到期",
            "unproven": "已答复，待补送达凭证",
            "later": "以后到期",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Task:
    """An open deadline of a case.

    Attributes:
        rule: the code of the deadline.
        due: the last day.
        days_left: calendar days from today; negative once the day has passed.
        provisional: a year without an official calendar was counted, so that it is never late.
        urgency: how urgent it is today.
        text: what the rule requires, in Chinese.
        article: the article that it comes from.
    """

    rule: str
    due: date
    days_left: int
    provisional: bool
    urgency: Urgency
    text: str = ""
    article: str | None = None

    @property
    def what(self) -> str:
        """The short label of what is due."""
        return TASKS[self.rule]


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """The status of one case.

    Attributes:
        folder: the case folder.
        case: the case; None where it could not be read. That of `ledger_statuses` lacks what no ledger prints.
        deadlines: all deadlines, done or open.
        tasks: the open ones, the earliest first.
        fault: why the case could not be read, in Chinese; empty if it could.
    """

    folder: Path
    case: Case | None = None
    deadlines: tuple[Deadline, ...] = ()
    tasks: tuple[Task, ...] = ()
    fault: str = ""

    @property
    def urgency(self) -> Urgency | None:
        """The urgency of the most urgent task; None if nothing is open."""
        order = list(Urgency)
        return min((task.urgency for task in self.tasks), key=order.index, default=None)

    @property
    def number(self) -> str:
        """The registration number, or else the folder's name."""
        return (self.case.registration.no if self.case else None) or self.folder.name

    def done_on(self, rule: str) -> date | None:
        """The day on which a deadline was met or missed; None while it is open."""
        return next((deadline.done for deadline in self.deadlines if deadline.rule == rule), None)


def case_statuses(folders: Iterable[Path], *, today: date, profile: Profile) -> Iterator[CaseStatus]:
    """The status of each case; a case that cannot be read has a fault and stops no other."""
    for folder in folders:
        reading = read_case(folder)
        if reading.case is None:
            yield CaseStatus(folder, fault=reading.findings[0].message if reading.findings else "读不出来。")
            continue
        case = reading.case
        found = compute_deadlines(GateContext(case, profile, kind_of(case, None), today, {}))
        yield case_status_of(folder, case, found, today, profile.regulation)


def ledger_statuses(folders: Iterable[Path], *, today: date, profile: Profile) -> Iterator[CaseStatus]:
    """The same for ledgers, registers and calendars: without the parts of a case that these never print.

    Those are three quarters of the memory, which a folder of tens of thousands of cases does not have room for.
    """
    for status in case_statuses(folders, today=today, profile=profile):
        short = status.case.model_copy(update=_NOT_LISTED) if status.case else None
        yield replace(status, case=short)


def case_status_of(
    folder: Path, case: Case, found: tuple[Deadline, ...], today: date, regulation: Regulation
) -> CaseStatus:
    """The status of a case whose deadlines are known; a planned follow-up (回访) is one more."""
    planned = find_planned_follow_up(case, today, regulation)
    found = (*found, planned) if planned else found
    unproven = is_reply_unproven(case, today)
    tasks = sorted(
        (task_of(one, today, is_unproven=unproven and one.rule == REPLY) for one in found if one.done is None),
        key=lambda task: task.due,
    )
    return CaseStatus(folder, case, found, tuple(tasks))


def is_reply_unproven(case: Case, today: date) -> bool:
    """Whether the register says that the reply was given by today, while no receipt or voucher proves its service."""
    reply = case.reply
    if reply is None or not reply.answered_by_register or any(find_reply_days(case)):
        return False
    return reply.replied_on is None or reply.replied_on <= today


def week_end(today: date) -> date:
    """The Sunday of a day's week."""
    return today + timedelta(days=_SUNDAY - today.weekday())


def open_tasks(cases: Iterable[CaseStatus]) -> list[tuple[Task, CaseStatus]]:
    """All open deadlines with their cases, the earliest first."""
    tasks = [(task, case) for case in cases for task in case.tasks]
    return sorted(tasks, key=lambda pair: (pair[0].due, pair[1].number, pair[0].rule))


def task_of(deadline: Deadline, today: date, *, is_unproven: bool = False) -> Task:
    """The task of an open deadline on a day.

    Args:
        deadline: the deadline.
        today: the day.
        is_unproven: it is that of a reply that was given and whose service is not proven: nobody is late with it.
    """
    left = (deadline.due - today).days
    if is_unproven:
        urgency = Urgency.UNPROVEN
    elif left < 0:
        urgency = Urgency.LAPSED if deadline.provisional else Urgency.LATE
    elif left == 0:
        urgency = Urgency.TODAY
    else:
        urgency = Urgency.WEEK if deadline.due <= week_end(today) else Urgency.LATER
    return Task(deadline.rule, deadline.due, left, deadline.provisional, urgency, deadline.text, deadline.article)


def handler_of(case: Case) -> str:
    """The handler's name; empty if it is unknown."""
    handler = case.people.handler
    return "" if handler is None or isinstance(handler, Unknown) else handler.name or ""


def petitioners_of(case: Case) -> str:
    """The petitioners' names, and those of their agents, who are no petitioners."""
    found = find_addressees(case).addressees
    agents = dict.fromkeys(agent.name for one in found for agent in one.agents)
    names = "、".join(one.name or "匿名" for one in found)
    return f"{names}（代理人{'、'.join(agents)}）" if agents else names


def matter_of(case: Case) -> str:
    """The short description (短事由) of the petition, or else its summary."""
    return case.registration.brief or case.registration.summary or ""


def case_numbers_of(case: Case) -> str:
    """The enforcement cases' numbers."""
    return "、".join(one.no for one in case.enforcement_cases if isinstance(one.no, str))


def assigning_body_of(case: Case) -> tuple[str, str]:
    """The body that assigned the matter and the number of its notice (Art. 14); empty where there is none."""
    assignment = case.assignment
    return (assignment.body, assignment.notice_no or "") if assignment else ("", "")
