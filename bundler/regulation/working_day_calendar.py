"""Working days (工作日), and the ends of periods of days.

Courts work Monday to Friday without the statutory holidays, and on the days worked in exchange (调休). The State
Council publishes each year's calendar late in the year before. Deadlines in a year without one are provisional (暂定):
holidays are computed by rule, and nothing is called overdue. The calendar libraries are imported at first use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

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
