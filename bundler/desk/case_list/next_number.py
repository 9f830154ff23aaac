"""The registration number (登记号) that a new case is likely to get."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
    latest = max(found, key=lambda match: (int(match["year"]), int(match["number"])))
    count = int(latest["number"]) + 1 if int(latest["year"]) == year else 1
    head = latest["head"].replace(latest["year"], str(year), 1)
    return f"{head}{count:0{len(latest['number'])}}{latest['tail']}"
