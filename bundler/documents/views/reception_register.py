"""The view of the register of receptions of one day (接访登记; Art. 8): by appointment, and without one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from bundler.case import people_models as model
from bundler.case.identifiers import masked
from bundler.case.model import Case
from bundler.case.visitor_reception_models import Appointment
from bundler.documents.views.case_view import Court, build_court_view
from bundler.documents.views.people import Officer, build_officer_view, build_people_view, find_addressees
from bundler.profile import Profile

_LEAST_ROWS = 6
"""A page has at least so many rows, so that visitors without an appointment can be entered by hand."""


@dataclass(frozen=True, slots=True)
class ReceptionLine:
    """One reception, arranged or held."""

    time: Annotated[str | None, "预约时分；没有预约的没有"]
    visitor_names: Annotated[tuple[str, ...], "来访人姓名（名称）"]
    reg_no: Annotated[str, "登记号"]
    case_numbers: Annotated[tuple[str, ...], "执行案号"]
    matter: Annotated[str | None, "来访事项"]
    receiver: Annotated[Officer | None, "接待人"]
    place: Annotated[str | None, "地点"]
    arranged_by: Annotated[str | None, "联系的信访接待人员"]
    arranged_with: Annotated[str | None, "商定的执行法官"]
    repeated: Annotated[bool, "重复来访"]
    major: Annotated[bool, "重大复杂"]
    outcome: Annotated[Literal["received", "absent", "moved", "cancelled"] | None, "预约结果：已接待、未到、改期、取消"]
    answer: Annotated[str | None, "接待情况"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionRegisterView:
    """The names that the template of the register may use."""

    court: Annotated[Court, "本院"]
    day: Annotated[date, "接待日期"]
    lines: Annotated[tuple[ReceptionLine, ...], "预约的在前，时间先后为序"]
    blanks: Annotated[tuple[int, ...], "供手填的空行的序号"]
    date_style: Annotated[Literal["arabic", "hanzi"], "日期写法：阿拉伯数字、汉字"]


def build_reception_line(case: Case, number: str, appointment: Appointment | None) -> ReceptionLine:
    """Build the line of one reception.

    Args:
        case: the case.
        number: its registration number, or its folder's name.
        appointment: the appointment; None where the visitor came without one.
    """
    reception, booked = case.reception, appointment or Appointment()
    names = (booked.visitor,) if booked.visitor else tuple(one.name for one in find_addressees(case).addressees)
    return ReceptionLine(
        time=_time_of_day(booked.reserved_for) if booked.reserved_for else None,
        visitor_names=tuple(masked(name) for name in names if name),
        reg_no=masked(number),
        case_numbers=tuple(one.no for one in case.enforcement_cases if isinstance(one.no, str)),
        matter=masked(booked.matter or case.registration.brief or "") or None,
        receiver=_find_receiver(case.people, booked.receiver),
        place=booked.place or None,
        arranged_by=booked.arranged_by or None,
        arranged_with=booked.arranged_with or None,
        repeated=bool(reception and reception.repeated) or (case.registration.visit_no or 1) > 1,
        major=bool(reception and reception.major),
        outcome=booked.outcome if appointment else "received",
        answer=masked(booked.answer or "") or None,
    )


def _find_receiver(people: model.People, named: model.Officer | None) -> Officer | None:
    """Who receives: the one named, else the receiver of the case, else its handler."""
    known = build_people_view(people)
    return build_officer_view(named) or known.receiver or known.handler


def _time_of_day(moment: datetime) -> str:
    return f"{moment.hour}时" + (f"{moment.minute:02}分" if moment.minute else "")


def build_reception_register_view(lines: Iterable[ReceptionLine], profile: Profile, day: date) -> ReceptionRegisterView:
    """Build the view of the register of a day; its last rows are left blank."""
    kept = tuple(lines)
    return ReceptionRegisterView(
        court=build_court_view(profile),
        day=day,
        lines=kept,
        blanks=tuple(range(len(kept) + 1, max(_LEAST_ROWS, len(kept) + 1) + 1)),
        date_style=profile.switches.date_style,
    )
