"""The view of a reminder (催办、督办单): what one person has to do, by when, and how often it was asked for (Art. 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from bundler.case.identifiers import masked
from bundler.case.model import Case
from bundler.documents.views.case_view import Court, Rule, build_court_view, build_rule_view
from bundler.documents.views.people import Officer, build_officer_view, find_addressees
from bundler.documents.views.record_fields import AT_LEAST_ONE
from bundler.profile import Profile

MAX_NAMES = 3
"""A line names up to so many petitioners; of more it names the first and counts them all."""

Errand = Literal["转交", "约谈", "答复", "反馈", "回访"]
_OWN_LIMITS: tuple[Errand, ...] = ("转交", "约谈", "答复")
"""What has a limit of the court's own rules (Art. 13)."""


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """One thing to be done for one case."""

    reg_no: Annotated[str, "登记号"]
    petitioner_names: Annotated[tuple[str, ...], "信访人姓名（名称）"]
    case_numbers: Annotated[tuple[str, ...], "执行案号"]
    handler: Annotated[Officer | None, "案件承办人"]
    errand: Annotated[Errand, "应办事项：转交、约谈、答复、反馈、回访"]
    due_on: Annotated[date, "期限"]
    overdue_days: Annotated[int, "超期日数；没有超期的为 0"]
    days_left: Annotated[int, "剩余日数；当日到期、超期的为 0"]
    assigned_by: Annotated[str | None, "交办机关"]
    assigned_no: Annotated[str | None, "交办文号"]
    reminded_on: Annotated[tuple[date, ...], "此前催办的日期，先后为序"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderView:
    """The names that the template of the reminder may use."""

    court: Annotated[Court, "本院"]
    rule: Annotated[Rule, "规定"]
    addressee: Annotated[str | None, "催办对象；发给执行信访团队的没有"]
    addressee_title: Annotated[str | None, "催办对象的职务"]
    errands: Annotated[tuple[Errand, ...], "期限按规定计算的事项，各写一次：转交、约谈、答复"]
    feedback_due: Annotated[bool, "有反馈事项"]
    follow_up_due: Annotated[bool, "有回访事项"]
    sent_on: Annotated[date, "催办日期"]
    lines: Annotated[tuple[ReminderLine, ...], "应办事项，先到期的在前", AT_LEAST_ONE]
    late: Annotated[int, "已经超过期限的项数"]
    date_style: Annotated[Literal["arabic", "hanzi"], "日期写法：阿拉伯数字、汉字"]


def build_reminder_line(  # noqa: PLR0913 (what is due, of which case)
    case: Case, number: str, errand: Errand, due_on: date, *, today: date, reminded_on: Sequence[date]
) -> ReminderLine:
    """Build the line of one thing to be done.

    Args:
        case: the case.
        number: its registration number, or its folder's name.
        errand: what is to be done.
        due_on: by when.
        today: the day of the reminder.
        reminded_on: the days of earlier reminders; later ones than today are not told.
    """
    names = tuple(one.name or "匿名" for one in find_addressees(case).addressees)
    shown = names if len(names) <= MAX_NAMES else (f"{names[0]}等{len(names)}人",)
    assignment, left = case.assignment, (due_on - today).days
    return ReminderLine(
        reg_no=masked(number),
        petitioner_names=tuple(map(masked, shown)),
        case_numbers=tuple(one.no for one in case.enforcement_cases if isinstance(one.no, str)),
        handler=build_officer_view(case.people.handler),
        errand=errand,
        due_on=due_on,
        overdue_days=max(-left, 0),
        days_left=max(left, 0),
        assigned_by=assignment.body or None if assignment else None,
        assigned_no=assignment.notice_no or None if assignment else None,
        reminded_on=tuple(sorted({day for day in reminded_on if day <= today})),
    )


def build_reminder_view(
    addressee: str | None, lines: Sequence[ReminderLine], profile: Profile, today: date
) -> ReminderView:
    """Build the view of a reminder.

    Args:
        addressee: who is reminded; None: the petition team (执行信访团队).
        lines: what is to be done, at least one.
        profile: the court.
        today: the day of the reminder.
    """
    return ReminderView(
        court=build_court_view(profile),
        rule=build_rule_view(profile),
        addressee=masked(addressee) if addressee else None,
        addressee_title=_find_title(addressee, lines),
        errands=tuple(errand for errand in _OWN_LIMITS if any(one.errand == errand for one in lines)),
        feedback_due=any(one.errand == "反馈" for one in lines),
        follow_up_due=any(one.errand == "回访" for one in lines),
        sent_on=today,
        lines=tuple(lines),
        late=sum(one.overdue_days > 0 for one in lines),
        date_style=profile.switches.date_style,
    )


def _find_title(addressee: str | None, lines: Sequence[ReminderLine]) -> str | None:
    """The title of whoever is reminded, as one of the cases gives it for its handler."""
    titles = (one.handler.title for one in lines if one.handler and one.handler.name == addressee)
    return next((title for title in titles if title), None)
