"""Appointments (预约接访; Art. 8) of many cases: those still to come, and the register of receptions of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bundler.case.model import Case
from bundler.case.visitor_reception_models import Appointment
from bundler.documents.views.reception_register import (
    ReceptionRegisterView,
    build_reception_line,
    build_reception_register_view,
)
from bundler.ledger.case_deadlines import CaseStatus
from bundler.profile import Profile


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment whose time is fixed.

    Attributes:
        at: its time.
        appointment: what the case says of it.
        index: its place in the case, from 0.
        status: the case.
    """

    at: datetime
    appointment: Appointment
    index: int
    status: CaseStatus


def appointments_of(case: Case) -> tuple[Appointment, ...]:
    """The appointments of a case; that of its reception is the last, unless the list has one of the same time."""
    own = case.reception.appointment if case.reception else None
    known = {one.reserved_for for one in case.appointments}
    return case.appointments + ((own,) if own and own.reserved_for and own.reserved_for not in known else ())


def bookings(cases: Iterable[CaseStatus]) -> list[Booking]:
    """All appointments whose time is fixed, the earliest first."""
    found = [
        Booking(one.reserved_for, one, index, status)
        for status in cases
        if status.case is not None
        for index, one in enumerate(appointments_of(status.case))
        if one.reserved_for is not None
    ]
    return sorted(found, key=lambda one: (one.at, one.status.number, one.index))


def pending_bookings(cases: Iterable[CaseStatus]) -> list[Booking]:
    """The appointments of which no result is recorded yet, the earliest first."""
    return [one for one in bookings(cases) if one.appointment.outcome is None]


def reception_register(cases: Iterable[CaseStatus], profile: Profile, day: date) -> ReceptionRegisterView:
    """The register of receptions of a day: the appointments, then the receptions without one."""
    known = list(cases)
    booked = [one for one in bookings(known) if one.at.date() == day]
    lines = [
        build_reception_line(one.status.case, one.status.number, one.appointment)
        for one in booked
        if one.status.case is not None
    ]
    arranged = {one.status.folder for one in booked if one.appointment.outcome in {None, "received"}}
    for status in known:
        reception = status.case.reception if status.case else None
        if status.case and reception and reception.received_at == day and status.folder not in arranged:
            lines.append(build_reception_line(status.case, status.number, None))
    return build_reception_register_view(lines, profile, day)
