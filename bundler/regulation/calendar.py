"""Working days (工作日): Monday to Friday less the statutory holidays, plus the days worked in exchange (调休).

The State Council publishes each year's arrangement late in the year before. A year without one is provisional (暂定):
Monday to Friday less the statutory holidays, and nothing is ever called overdue by it. Calendars load at first use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A day by which something must be done.

    Attributes:
        day: the last day, both rolled and counted.
        provisional: a year without an official calendar was counted through.
    """

    day: date
    provisional: bool = False


@cache
def _official_years() -> frozenset[int]:
    from chinese_calendar.constants import holidays

    return frozenset(day.year for day in holidays)


@cache
def _holidays_of(year: int) -> frozenset[date]:
    """The statutory holidays of a year without an arrangement, by rule."""
    import holidays

    return frozenset(holidays.country_holidays("CN", years=year))


def is_official(day: date) -> bool:
    """Whether an official calendar exists for a day's year."""
    return day.year in _official_years()


@cache
def is_working_day(day: date) -> bool:
    """Whether courts work on a day."""
    if is_official(day):
        from chinese_calendar import is_workday

        return bool(is_workday(day))
    return day.weekday() < 5 and day not in _holidays_of(day.year)  # noqa: PLR2004 (Saturday and Sunday)


def calendar_days(start: date, days: int) -> Due:
    """The last of so many calendar days (日), the start day excluded; on a holiday it rolls to the next working day."""
    day = start + days * ONE_DAY
    passed = [day]
    while not is_working_day(day):
        day += ONE_DAY
        passed.append(day)
    return Due(day, provisional=not all(map(is_official, passed)))


def working_days(start: date, days: int) -> Due:
    """The last of so many working days (工作日), the start day excluded."""
    day, provisional = start, False
    while days:
        day += ONE_DAY
        provisional = provisional or not is_official(day)
        days -= is_working_day(day)
    return Due(day, provisional)


def working_days_between(start: date, end: date) -> int:
    """How many working days (工作日) lie after a start day, up to and with an end day; none where it is no later."""
    days = (start + number * ONE_DAY for number in range(1, (end - start).days + 1))
    return sum(map(is_working_day, days))
