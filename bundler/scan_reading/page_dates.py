"""Dates on a page that was read, each with its place, and which other days they may be, since the engine makes mistakes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from bundler.regulation.model import in_hanzi
from bundler.scan_reading.ocr_numbers import (
    DIGITS,
    FIGURE,
    NON_ZERO,
    TENS,
    differ_by_one_figure,
    figures_of,
    in_figures,
    is_in_characters,
    is_part_of,
    number_of,
    year_of,
)
from bundler.scan_reading.page_text_lines import UprightPage
from bundler.scan_reading.record import Box, Doubt

_ZERO = DIGITS[:3]
_YEAR = rf"({FIGURE}{{4}}|[{DIGITS}Oo0]{{4}}|二[{NON_ZERO}][{DIGITS}]|[{_ZERO}][{DIGITS}]{{2}})"
"""A year; of 二〇二一 the engine often loses 〇, or 二 where it breaks the line after it."""
_SMALL = rf"({FIGURE}{{1,2}}|[{DIGITS}{TENS}]{{1,3}})"
_DATE = re.compile(rf"(?<![0-9]){_YEAR}(?:年{_SMALL}月{_SMALL}[日号]?|([./-]){_SMALL}\4{_SMALL})(?![0-9])")
_DAY = re.compile(rf"(?<![年0-9{DIGITS}{TENS}]){_SMALL}月{_SMALL}[日号]")
_ANY_FIGURE = rf"[0-9lIO|{DIGITS}{TENS}]"
_PART_OF_DATE = re.compile(
    rf"(?<![0-9])({FIGURE}{{1,4}}|[{DIGITS}Oo0]{{1,4}})(?:"
    rf"年({_ANY_FIGURE}{{0,4}})(月?)({_ANY_FIGURE}{{0,3}})[日号]|([./-])([0-9]{{0,2}})\5([0-9]{{0,2}})(?![0-9]))"
)
"""What is left of a date of which not all was read; a date in points may be a sum or a chapter, which does no harm."""
_SIGN_OF_DATE = re.compile(r"[0-9][月日]|[年月][0-9]|(?<![0-9(-])20[0-9]{2}年")
"""A sign that a date stands on a line."""
_DAY_ENDS = frozenset("日号")
_AFTER_DAY = frozenset(("", *"日号,.;:、。()"))
"""What may follow a day in figures on its line: any other character may be a figure that was taken for it."""
_LAST_MONTH, _LAST_DAY = 12, 31
_LIKE_DAY = re.compile(rf"{FIGURE}[0-9lIO|年月日号.,、/-]{{4,14}}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_LATE, _AFTER_CLOSING = 0.65, 40
"""A closing date stands behind this part of a page's text, or no more than so many characters before its end."""


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date on a page.

    Attributes:
        day: the date; None where only month and day are printed.
        month_day: its month and day.
        begin, end: where it stands in the text of the page.
        box: its place.
        doubts: what the engine was not sure of.
        written: month and day as they were read, in figures or in characters.
    """

    day: date | None
    month_day: tuple[int, int]
    begin: int
    end: int
    box: Box
    doubts: frozenset[Doubt] = frozenset()
    written: tuple[str, str] = ("", "")

    def is_on(self, day: date) -> bool:
        """Whether it is a day, as far as it says."""
        return day == self.day if self.day else (day.month, day.day) == self.month_day

    def may_be(self, day: date, surely_read: Mapping[date, int]) -> bool:
        """Whether it may be a day: it is, or the engine may have read it otherwise.

        Of a wrong figure the engine is seldom certain, and says so. A figure that it left out shows nowhere: the 1 of 12月
        that touches 年 is taken for a stroke of that. So any day to which a figure may lack may be one with it.

        Args:
            day: that day.
            surely_read: how often the engine was sure of each day on the paper. What was read as a day that was surely read
                in another place too is that day.
        """
        if self.is_on(day) or self.day is None:
            return self.is_on(day)
        if surely_read.get(self.day, 0) > (not self.doubts):
            return False
        if self._may_lack_figures_of(day):
            return True
        read, written = (f"{one.year}.{one.month}.{one.day}" for one in (self.day, day))
        return differ_by_one_figure(read, written) and (
            "figures" in self.doubts or ("year" in self.doubts and self.month_day == (day.month, day.day))
        )

    def _may_lack_figures_of(self, day: date) -> bool:
        """Whether it is a day of the same year with figures left out of month and day."""
        assert self.day is not None  # noqa: S101 (its caller asked)
        pairs = zip(self.written, (day.month, day.day), strict=True)
        return self.day.year == day.year and all(_is_left_of(*pair) for pair in pairs)


def read_dates(page: UprightPage) -> Iterator[ReadDate]:
    """The dates of a page in reading order; days that do not exist are left out."""
    for found, box in page.find(_DATE):
        year, month, number = year_of(found[1]), found[2] or found[5], found[3] or found[6]
        with suppress(ValueError):
            whole = date(year, number_of(month), number_of(number))
            if _FIRST_YEAR <= whole.year <= _LAST_YEAR:
                doubts = {doubt for line in page.lines_of(*found.span()) for doubt in line.doubts} - {"words"}
                doubts |= _doubts_by_writing(found, page.rest_of_line(found.end()))
                written = (in_figures(month), in_figures(number))
                yield ReadDate(whole, (whole.month, whole.day), *found.span(), box, frozenset(doubts), written)
    for found, box in page.find(_DAY):
        with suppress(ValueError):
            day_of_leap_year = date(2000, number_of(found[1]), number_of(found[2]))
            yield ReadDate(None, (day_of_leap_year.month, day_of_leap_year.day), *found.span(), box)


def _doubts_by_writing(found: re.Match[str], rest: str) -> set[Doubt]:
    """What is not sure of a date as it is written: a letter stands for a figure, or another may have stood at its end.

    Args:
        found: by the pattern of a date.
        rest: what follows it on its line.
    """
    if re.search(r"[lIOo|]", found[0]):
        return {"figures"}
    day = found[3] or found[6]
    if day.isdecimal() and (len(day) > 1 or int(day) > _LAST_DAY // 10):
        return set()
    is_closed = found[0][-1] in _DAY_ENDS or rest[:1] in _DAY_ENDS if found[2] else rest[:1] in _AFTER_DAY
    return set() if is_closed else {"room"}


def stands_at_end(page: UprightPage, found: ReadDate) -> bool:
    """Whether a date closes a page: little text follows it."""
    return len(page.text) - found.end <= max(_AFTER_CLOSING, (1 - _LATE) * len(page.text))


def may_hold_unread_date(page: UprightPage) -> bool:
    """Whether a page may hold a date that was not read: a line in doubt has signs of one, and no date, as 2022手8011日 has."""
    return any(line.doubts and _SIGN_OF_DATE.search(_DATE.sub(_keep_impossible, line.text)) for line in page.lines)


def shows_day(page: UprightPage, day: date) -> bool:
    """Whether a page may show a day that was not read as a date: its parts are divided otherwise, or some were not read.

    A hand often writes ``2022.6-17``, and the engine loses a dot: ``2022.617``. Where it was unsure, one figure may be another.
    What was not read may be anything: ``2022年6月日`` may be any day of that month.
    """
    apart = rf"(?<![0-9]){day.year}年?[^0-9]{{0,2}}0?{day.month}[^0-9]{{1,2}}0?{day.day}(?![0-9])"
    if re.search(apart, page.text):
        return True
    forms = {f"{day.year}{month}{number}" for month in _two_forms(day.month) for number in _two_forms(day.day)}
    for line in page.lines:
        for written in _LIKE_DAY.findall(_DATE.sub(" ", line.text)):
            figures = re.sub("[^0-9]", "", in_figures(written))
            if figures in forms or (
                "figures" in line.doubts and any(differ_by_one_figure(figures, form) for form in forms)
            ):
                return True
    return any(_may_be_part_of(found, day) for found in _PART_OF_DATE.finditer(_DATE.sub(_keep_impossible, page.text)))


def _keep_impossible(found: re.Match[str]) -> str:
    """Nothing, in the place of a date; what is written like one and is none was misread, and stays."""
    month, day = number_of(found[2] or found[5]), number_of(found[3] or found[6])
    return " " if 1 <= month <= _LAST_MONTH and 1 <= day <= _LAST_DAY else found[0]


def _may_be_part_of(found: re.Match[str], day: date) -> bool:
    """Whether a date of which not all was read may be a day: what was read of it is that day's.

    Args:
        found: by `_PART_OF_DATE`.
        day: that day.
    """
    year, month, mark, number = found[1], found[2] or found[6] or "", found[3] or found[5], found[4] or found[7] or ""
    if not is_part_of(figures_of(year), str(day.year)):
        return False
    if not mark:  # 月 was not read, or as a figure
        figures = f"{day.month}{day.day}"
        return is_part_of(month + number, figures) or is_part_of(figures, month + number)
    parts = ((month, day.month, _LAST_MONTH), (number, day.day, _LAST_DAY))
    return all(
        not written or not 1 <= number_of(written) <= last or _is_left_of(in_figures(written), value)
        for written, value, last in parts
    )


def _is_left_of(read: str, number: int) -> bool:
    """Whether a month or day that was read is another one with figures left out: 2 of 12, 十一 of 三十一."""
    forms = (in_hanzi(number),) if is_in_characters(read) else _two_forms(number)
    return any(is_part_of(read, form) for form in forms)


def _two_forms(number: int) -> tuple[str, str]:
    return f"{number}", f"{number:02}"
