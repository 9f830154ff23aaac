"""The open deadlines and appointments as an iCalendar file (.ics, RFC 5545) for office calendars.

An event's identifier is made from the registration number and the code of the deadline, so that importing a newer file
updates the events. Its time stamp is that of the last change of case.json, and its sequence number grows with it: a
calendar takes the later one. Unchanged cases give the same bytes. Where the new file replaces an earlier one, an event
that moved although its case.json did not change gets a higher sequence number too, and one that is gone (the deadline was
met, or the registration number corrected) is cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

from icalendar import Alarm, Calendar, Event

from bundler import clock
from bundler.case.identifiers import fold_registration_no, masked
from bundler.case.model import Case
from bundler.case.reader import CASE_FILE
from bundler.digest import sha256_of
from bundler.ledger.case_deadlines import CaseStatus, Task, Urgency, handler_of, matter_of, open_tasks, petitioners_of
from bundler.ledger.reception_bookings import Booking, pending_bookings
from bundler.printable_text import replace_unsafe

_ONE_DAY, _ONE_HOUR = timedelta(days=1), timedelta(hours=1)
_BEIJING = timezone(timedelta(hours=8))
_DAY_BEFORE = timedelta(hours=9) - _ONE_DAY
_SAME_DAY = timedelta(hours=9)
"""Alarms at nine o'clock on the day before and on the day; an all-day event starts at midnight local time."""


_SEQUENCE_START = datetime(2020, 1, 1, tzinfo=UTC)
"""Sequence numbers are seconds since then, which fit the 31 bits of the format until 2088."""
_CANCELLED_DAYS = 60
"""A cancelled event is kept in the file for so long after its day."""
_CONTENT = ("dtstart", "summary", "description", "status")
"""What a calendar shows of an event."""


def build_calendar(cases: Iterable[CaseStatus], today: date, earlier: bytes = b"") -> bytes:
    """The iCalendar file of all open deadlines and pending appointments; identity numbers and phones are masked.

    Args:
        cases: all cases.
        today: the day as of which they are told.
        earlier: the file that the new one replaces; its events that are gone are cancelled. Empty for none.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//petition-bundler//zh-CN//")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "执行申诉信访期限")
    known = list(cases)
    events = [
        _event(task, status, status.case)
        for task, status in open_tasks(known)
        if status.case is not None and is_in_calendar(task)
    ]
    events += [_meeting(one, one.status.case) for one in pending_bookings(known) if one.status.case is not None]
    for event in _update(events, _read_events(earlier), today - timedelta(days=_CANCELLED_DAYS)):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def is_in_calendar(task: Task) -> bool:
    """Whether a deadline is still to be kept: not that of a reply that was given and lacks its receipt alone."""
    return task.urgency is not Urgency.UNPROVEN


def _update(events: list[Event], earlier: dict[str, Event], oldest: date) -> Iterator[Event]:
    """The events, each with a higher sequence number than the different event of an earlier file; then the cancelled ones.

    Args:
        events: the events as of today.
        earlier: those of the earlier file, by their identifiers.
        oldest: cancelled events before this day are left out.
    """
    for event in events:
        before = earlier.pop(str(event["uid"]), None)
        if before is not None and _content(before) != _content(event):
            _raise_sequence(event, before)
        yield event
    for gone in earlier.values():
        if _day_of(gone) >= oldest:
            if str(gone.get("status")) != "CANCELLED":
                gone.subcomponents.clear()  # no alarm for what is over
                gone["status"] = "CANCELLED"
                _raise_sequence(gone, gone)
            yield gone


def _content(event: Event) -> tuple[str, ...]:
    return tuple(str(event[name].to_ical() if name == "dtstart" else event[name]) for name in _CONTENT)


def _raise_sequence(event: Event, before: Event) -> None:
    """Give an event a higher sequence number than another one, and the current time where its own did not grow."""
    sequence = int(before.get("sequence", 0))
    if int(event.get("sequence", 0)) <= sequence:
        for name in ("sequence", "dtstamp"):
            event.pop(name, None)
        event.add("sequence", sequence + 1)
        event.add("dtstamp", clock.now().astimezone(UTC).replace(microsecond=0))


def _day_of(event: Event) -> date:
    day = event.decoded("dtstart")
    return day.date() if isinstance(day, datetime) else day


def _read_events(data: bytes) -> dict[str, Event]:
    """The events of an earlier file by their identifiers; none where it is no calendar of this tool."""
    try:
        calendar = Calendar.from_ical(data) if data else None
    except ValueError:
        return {}
    if calendar is None or "petition-bundler" not in str(calendar.get("prodid", "")):
        return {}
    events = [event for event in calendar.walk("VEVENT") if isinstance(event, Event)]
    return {str(event["uid"]): event for event in events if "uid" in event and "dtstart" in event}


def _event(task: Task, status: CaseStatus, case: Case) -> Event:
    """The event of an open deadline, for the whole day."""
    provisional = "【暂定】" if task.provisional else ""
    title = _one_safe_line(f"{provisional}{task.what}到期：{status.number}　{petitioners_of(case)}")
    event = _new_event(status, task.rule, case.registration.received_on or task.due)
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


def _meeting(booking: Booking, case: Case) -> Event:
    """The event of an appointment, at its time; no end is given, since nobody fixed one."""
    appointment = booking.appointment
    visitor = appointment.visitor or petitioners_of(case)
    receiver = appointment.receiver or case.people.receiver
    title = _one_safe_line(f"预约接访：{booking.status.number}　{visitor}")
    lines = (
        f"事由：{appointment.matter or matter_of(case)}" if appointment.matter or matter_of(case) else "",
        f"接待人：{(receiver.name if receiver else None) or handler_of(case)}",
        f"商定的执行法官：{appointment.arranged_with}" if appointment.arranged_with else "",
    )
    event = _new_event(booking.status, f"appointment {booking.index}", booking.at.date())
    event.add("dtstart", booking.at.replace(tzinfo=_BEIJING).astimezone(UTC))
    event.add("summary", title)
    event.add("description", "\n".join(_one_safe_line(line) for line in lines if line))
    if appointment.place:
        event.add("location", _one_safe_line(appointment.place))
    event.add("status", "CONFIRMED")
    event.add("class", "PRIVATE")
    for before in (-_ONE_DAY, -_ONE_HOUR):
        event.add_component(_alarm(before, title))
    return event


def _new_event(status: CaseStatus, code: str, otherwise: date) -> Event:
    """An event with its identifier, and the time stamp and sequence number of the case's last change."""
    event, changed = Event(), _changed_at(status.folder, otherwise)
    event.add("uid", _identifier(status.number, code))
    event.add("dtstamp", changed)
    event.add("sequence", max(0, int((changed - _SEQUENCE_START).total_seconds())))
    return event


def _changed_at(folder: Path, otherwise: date) -> datetime:
    """When case.json was last changed, to the second."""
    try:
        return datetime.fromtimestamp(int((folder / CASE_FILE).stat().st_mtime), UTC)
    except OSError:
        return datetime.combine(otherwise, time(), UTC)


def _description(task: Task, case: Case) -> str:
    lines = [
        f"{task.article}：{task.text}。",
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
