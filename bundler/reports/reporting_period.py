"""A period of reporting: a year, a quarter, a month or any days; its name in Chinese, and the period to compare it with."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_WRITTEN = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?:-?[Qq](?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")
_MONTHS, _QUARTER_MONTHS = 12, 3
_ONE_DAY = timedelta(days=1)
_QUARTERS = "一二三四"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def __contains__(self, day: date | None) -> bool:
        """Whether a day lies in the period; None lies in none."""
        return day is not None and self.first <= day <= self.last

    @property
    def months(self) -> int | None:
        """How many calendar months it is: 1, 3 or 12 for a month, a quarter or a year; None for any other days."""
        count = (self.last.year - self.first.year) * _MONTHS + self.last.month - self.first.month + 1
        is_whole = self.first.day == 1 and self.last == _month_end(self.last)
        starts_unit = count in {1, _QUARTER_MONTHS, _MONTHS} and (self.first.month - 1) % count == 0
        return count if is_whole and starts_unit else None

    @property
    def label(self) -> str:
        """Its name in Chinese: 2021年, 2021年第四季度, 2021年11月, or the two days."""
        year = f"{self.first.year}年"
        match self.months:
            case 12:
                return year
            case 3:
                return f"{year}第{_QUARTERS[(self.first.month - 1) // _QUARTER_MONTHS]}季度"
            case 1:
                return f"{year}{self.first.month}月"
        end = f"{self.last.month}月{self.last.day}日"
        more = end if self.last.year == self.first.year else f"{self.last.year}年{end}"
        return f"{year}{self.first.month}月{self.first.day}日至{more}"

    @property
    def previous(self) -> Period:
        """The period to compare it with.

        For a month, quarter or year the one before; for a part of a year from its first day the same days of the year
        before; otherwise as many days as it has, up to its eve.
        """
        eve = self.first - _ONE_DAY
        if self.months:
            month = (eve.month - self.months) % _MONTHS + 1
            return Period(date(eve.year, month, 1), eve)
        if (self.first.month, self.first.day) == (1, 1) and self.last.year == self.first.year:
            return Period(_year_before(self.first), _year_before(self.last))
        return Period(self.first - (self.last - eve), eve)

    def as_json(self) -> dict[str, str]:
        """The JSON form: ISO days, and the name."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat(), "label": self.label}


def parse_period(text: str) -> Period | None:
    """The period that a text names: 2021, 2021Q4 or 2021-11; None where it names none."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    year = int(found["year"])
    if found["quarter"]:
        last_month = int(found["quarter"]) * _QUARTER_MONTHS
        return Period(date(year, last_month - _QUARTER_MONTHS + 1, 1), _month_end(date(year, last_month, 1)))
    if found["month"]:
        return Period(date(year, int(found["month"]), 1), _month_end(date(year, int(found["month"]), 1)))
    return Period(date(year, 1, 1), date(year, _MONTHS, 31))


def year_to_date(today: date) -> Period:
    """The year up to a day."""
    return Period(date(today.year, 1, 1), today)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _year_before(day: date) -> date:
    last = monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))
