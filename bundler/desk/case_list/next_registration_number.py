"""The case that was registered last, and the registration number (登记号) that a new one is likely to get."""

from __future__ import annotations

from collections.abc import Iterable

from bundler.case.registration_number_gaps import SeriesNumber, parse_series_number
from bundler.desk.case_list.case_index import IndexedRow


def next_registration_number(numbers: Iterable[str], year: int) -> str:
    """The number that follows the highest one of a year in the form that this year's cases have most recently.

    Where the year has none yet, it is the first one in the form of the latest year before; empty where no number has a form
    with a year and a number.

    Args:
        numbers: the registration numbers in use.
        year: the year of the new case.
    """
    found = [one for number in numbers if (one := parse_series_number(number)) and one.year and one.year <= year]
    if not found:
        return ""
    latest = max(found, key=_order)
    count = latest.count + 1 if latest.year == year else 1
    head = latest.head.replace(str(latest.year), str(year), 1)
    return f"{head}{count:0{latest.digits}}{latest.tail}"


def find_latest_case(rows: Iterable[IndexedRow], *, but: str = "") -> IndexedRow | None:
    """The readable case with the highest registration number; None where no number has a year and a number.

    Args:
        rows: all cases.
        but: the key of the case for which another one is sought.
    """
    found = [
        (_order(number), one)
        for one in rows
        if one.key != but and one.row.is_readable and (number := parse_series_number(one.row.number)) and number.year
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _order(number: SeriesNumber) -> tuple[int, int]:
    return number.year or 0, number.count
