"""The case that was registered last, and the registration number (登记号) that a new one is likely to get."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bundler.desk.case_list.case_index import IndexedRow

_NUMBERED = re.compile(r"(?P<head>.*?(?P<year>(?:19|20)[0-9]{2})\D*?)(?P<number>[0-9]{1,9})(?P<tail>\D*)")


def next_registration_number(numbers: Iterable[str], year: int) -> str:
    """The number that follows the highest one of a year in the form that this year's cases have most recently.

    Where the year has none yet, it is the first one in the form of the latest year before; empty where no number has a form
    with a year and a number.

    Args:
        numbers: the registration numbers in use.
        year: the year of the new case.
    """
    found = [match for number in numbers if (match := _NUMBERED.fullmatch(number)) and int(match["year"]) <= year]
    if not found:
        return ""
    latest = max(found, key=_order)
    count = int(latest["number"]) + 1 if int(latest["year"]) == year else 1
    head = latest["head"].replace(latest["year"], str(year), 1)
    return f"{head}{count:0{len(latest['number'])}}{latest['tail']}"


def find_latest_case(rows: Iterable[IndexedRow], *, but: str = "") -> IndexedRow | None:
    """The readable case with the highest registration number; None where no number has a year and a number.

    Args:
        rows: all cases.
        but: the key of the case for which another one is sought.
    """
    found = [
        (_order(match), one)
        for one in rows
        if one.key != but and one.row.is_readable and (match := _NUMBERED.fullmatch(one.row.number))
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _order(match: re.Match[str]) -> tuple[int, int]:
    return int(match["year"]), int(match["number"])
