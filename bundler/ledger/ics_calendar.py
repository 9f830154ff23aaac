"""The open deadlines as an iCalendar file (.ics, RFC 5545) for office calendars.

The same cases give the same bytes: an event's time stamp is the day on which the petition was received. Its identifier is
made from the registration number and the code of the deadline, so that importing a newer file updates the events.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event

from bundler.case.identifiers import fold_registration_no, masked
from bundler.case.model import Case
from bundler.digest import sha256_of
from bundler.ledger.case_deadlines import CaseStatus, Task, handler_of, matter_of, open_tasks, petitioners_of
from bundler.printable_text import replace_unsafe
from bundler.regulation.rules import RULES

_ONE_DAY = timedelta(days=1)
_DAY_BEFORE = timedelta(hours=9) - _ONE_DAY
_SAME_DAY = timedelta(hours=9)
"""Alarms at nine o'clock on the day before and on the day; an all-day event starts at midnight local time."""


def build_calendar(cases: Iterable[CaseStatus]) -> bytes:
    """The iCalendar file of all open deadlines; identity numbers and phones are masked."""
    calendar = Calendar()
    calendar.add("prodid", "-//petition-bundler//zh-CN//")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "执行申诉信访期限")
    for task, status in open_tasks(cases):
        if status.case is not None:
            calendar.add_component(_event(task, status, status.case))
    return bytes(calendar.to_ical())


def _event(task: Task, status: CaseStatus, case: Case) -> Event:
    event = Event()
    provisional = "【暂定】" if task.provisional else ""
    title = _one_safe_line(f"{provisional}{task.what}到期：{status.number}　{petitioners_of(case)}")
    event.add("uid", _identifier(status.number, task.rule))
    event.add("dtstamp", datetime.combine(case.registration.received_on or task.due, time(), UTC))
    event.add("dtstart", task.due)
    event.add("dtend", task.due + _ONE_DAY)
    event.add("summary", title)
    event.add("description", _description(task, case))
    event.add("status", "TENTATIVE" if task.provisional else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    for before in (_DAY_BEFORE, _SAME_DAY):
        event.add_component(_alarm(before, title))
    return event


def _description(task: Task, case: Case) -> str:
    rule = RULES[task.rule]
    lines = [
        f"{rule.article}：{rule.text}。",
        f"事由：{_one_safe_line(matter_of(case))}" if matter_of(case) else "",
        f"承办人：{_one_safe_line(handler_of(case))}" if handler_of(case) else "",
        "这一年的放假安排尚未公布，期限是暂定的。" if task.provisional else "",
    ]
    return "\n".join(line for line in lines if line)


def _one_safe_line(text: str) -> str:
    """Text of a case for one line: numbers masked, control characters replaced by spaces."""
    return masked(replace_unsafe(text, " ", keep=""))


def _alarm(trigger: timedelta, text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", trigger)
    return alarm


def _identifier(number: str, rule: str) -> str:
    """The permanent identifier of an event, independent of the width and the dashes of the registration number."""
    digest = sha256_of(f"{fold_registration_no(number)}|{rule}".encode())
    return f"{digest[:32]}@petition-bundler"
