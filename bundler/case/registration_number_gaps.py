"""Series of registration numbers (登记号): the parts of a number, and the numbers that a series leaves out."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bundler.case.identifiers import fold_registration_no

_WITH_YEAR = re.compile(r"(?P<head>.*?(?P<year>(?:19|20)[0-9]{2})\D*?)(?P<count>[0-9]{1,9})(?P<tail>\D*)")
_WITHOUT_YEAR = re.compile(r"(?P<head>(?:.*\D)?)(?P<count>[0-9]{1,9})(?P<tail>\D*)")


@dataclass(frozen=True, slots=True)
class SeriesNumber:
    """A registration number in its parts: 钢信执2021-0042 is number 42 of the series 钢信执2021- in 2021.

    Attributes:
        head: what stands before the count, with the year.
        year: the year; None for a series without years.
        count: the number within the series.
        digits: how many digits the count was written with.
        tail: what stands after the count, such as 号.
    """

    head: str
    year: int | None
    count: int
    digits: int
    tail: str

    @property
    def series(self) -> tuple[str, str]:
        """What all numbers of the series have in common, whatever their width and dashes."""
        return fold_registration_no(self.head), fold_registration_no(self.tail)

    def write(self, count: int) -> str:
        """Another number of the series, written like this one."""
        return f"{self.head}{count:0{self.digits}}{self.tail}"


def parse_series_number(text: str) -> SeriesNumber | None:
    """The parts of a registration number; None for one without a count."""
    folded = fold_registration_no(text)  # full-width digits are no [0-9]
    found = _WITH_YEAR.fullmatch(text) or _WITH_YEAR.fullmatch(folded) or _WITHOUT_YEAR.fullmatch(folded)
    if found is None:
        return None
    parts = found.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    return SeriesNumber(parts["head"], year, int(parts["count"]), len(parts["count"]), parts["tail"])


@dataclass(frozen=True, slots=True)
class NumberGap:
    """Numbers that a series leaves out, all between two numbers in use.

    Attributes:
        after: the number in use before the gap.
        before: the number in use after the gap.
        first: the first number that is left out.
        last: the last number that is left out; the same as `first` where it is one alone.
        count: how many numbers are left out.
    """

    after: str
    before: str
    first: str
    last: str
    count: int

    @property
    def text(self) -> str:
        """The numbers in Chinese."""
        return self.first if self.count == 1 else f"{self.first} 至 {self.last}（{self.count} 个）"


def find_gaps(numbers: Iterable[str]) -> tuple[NumberGap, ...]:
    """Find the numbers that each series leaves out between its lowest and its highest, in order."""
    series: dict[tuple[str, str], dict[int, tuple[str, SeriesNumber]]] = defaultdict(dict)
    for text in numbers:
        parsed = parse_series_number(text)
        if parsed:
            series[parsed.series].setdefault(parsed.count, (text, parsed))
    found = []
    for key in sorted(series):
        used = [series[key][count] for count in sorted(series[key])]
        for (before_gap, low), (after_gap, high) in itertools.pairwise(used):
            missing = high.count - low.count - 1
            if missing:
                first, last = low.write(low.count + 1), low.write(high.count - 1)
                found.append(NumberGap(before_gap, after_gap, first, last, missing))
    return tuple(found)


def find_repeated(numbers: Iterable[str]) -> tuple[str, ...]:
    """The numbers that are used more than once, in whatever width and with whatever dashes, each named once."""
    counted: dict[str, list[str]] = defaultdict(list)
    for text in numbers:
        counted[fold_registration_no(text)].append(text)
    return tuple(same[0] for _, same in sorted(counted.items()) if len(same) > 1)


def series_order(number: str | None) -> tuple[bool, tuple[str, str], int, str]:
    """The sort key of a registration number: by series and count; numbers without a count, then none, come last."""
    parsed = parse_series_number(number) if number else None
    if parsed is None:
        return (True, ("", ""), 0, number or "\uffff")
    return (False, parsed.series, parsed.count, number or "")
