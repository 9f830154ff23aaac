"""Working days (工作日) and the deadlines of Art. 13 and 14.

Courts work Monday to Friday without the statutory holidays, and on the days worked in exchange (调休). The State
Council publishes each year's calendar late in the year before. Deadlines in a year without one are provisional (暂定):
holidays are computed by rule, and nothing is called overdue. The calendar libraries are imported at first use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

TRANSFER_DAYS = 2
INTERVIEW_DAYS = 5
REPLY_WORKING_DAYS = 40

SPC_REGISTER_WORKING_DAYS = 5
SPC_CLOSE_DAYS = 30

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """The last day for something.

    Attributes:
        day: the last day, already moved off holidays.
        provisional: the count touched a year without an official calendar.
    """

    day: date
    provisional: bool = False


@cache
def _official_years() -> frozenset[int]:
    from chinese_calendar.constants import holidays

    return frozenset(day.year for day in holidays)


@cache
def _holidays_of(year: int) -> frozenset[date]:
    """The statutory holidays of a year without an official calendar, computed by rule."""
    import holidays

    return frozenset(holidays.country_holidays("CN", years=year))


def is_official(day: date) -> bool:
    """Whether an official calendar exists for the year of a day."""
    return day.year in _official_years()


@cache
def is_working_day(day: date) -> bool:
    """Whether courts work on a day."""
    if is_official(day):
        from chinese_calendar import is_workday

        return bool(is_workday(day))
    return day.weekday() < 5 and day not in _holidays_of(day.year)  # noqa: PLR2004 (Saturday and Sunday)


def calendar_days(start: date, days: int) -> Due:
    """The end of a period of calendar days (日), the start day excluded; a holiday moves it to the next working day."""
    day = start + days * ONE_DAY
    passed = [day]
    while not is_working_day(day):
        day += ONE_DAY
        passed.append(day)
    return Due(day, provisional=not all(map(is_official, passed)))


def working_days(start: date, days: int) -> Due:
    """The end of a period of working days (工作日), the start day excluded."""
    day, provisional = start, False
    while days:
        day += ONE_DAY
        provisional = provisional or not is_official(day)
        days -= is_working_day(day)
    return Due(day, provisional)


def working_days_between(start: date, end: date) -> int:
    """The number of working days (工作日) after a start day, up to and including an end day; 0 if that is no later."""
    days = (start + number * ONE_DAY for number in range(1, (end - start).days + 1))
    return sum(map(is_working_day, days))


def transfer_due(received: date) -> Due:
    """Art. 13: the petition goes to the handler within 2 days of its receipt (T0)."""
    return calendar_days(received, TRANSFER_DAYS)


def interview_due(handed_over: date) -> Due:
    """Art. 13: the handler interviews the petitioner within 5 days of his receipt (T1)."""
    return calendar_days(handed_over, INTERVIEW_DAYS)


def reply_due(handed_over: date) -> Due:
    """Art. 13: the court replies within 40 working days of the handler's receipt (T1)."""
    return working_days(handed_over, REPLY_WORKING_DAYS)


def feedback_due(notice_date: date) -> Due:
    """Art. 14: the day that the assigning body's notice names; a holiday does not move it."""
    return Due(notice_date)


def spc_close_due(received: date) -> Due:
    """The Supreme Court's 30 days (法〔2021〕227号), reported beside Art. 13's limit and never enforced."""
    return calendar_days(received, SPC_CLOSE_DAYS)
