"""Facts printed on a page that was read: its page number, dates, case numbers; each with its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from bundler.scan_reading.page_text_lines import UprightPage
from bundler.scan_reading.record import Box, Doubt

_EDGE = 0.2
"""The part of a page's height, above and below, in which a page number stands."""
_FIGURE = "[0-9lIO|]"
"""A figure, or a letter that the engine takes it for."""
_COUNT = rf"({_FIGURE}{{1,4}}|[一二三四五六七八九十]{{1,3}})"
_PAGE_OF = re.compile(rf"第?{_COUNT}[页贞][^第共总]{{0,3}}[共总]计?{_COUNT}[页贞]")
_OF_PAGE = re.compile(rf"[共总]计?{_COUNT}[页贞][^第共总]{{0,3}}第{_COUNT}[页贞]")
_DIGITS = str.maketrans("lI|OoD", "111000")
_HAN = "〇零○一二三四五六七八九"
_HAN_VALUES = {**dict.fromkeys("〇零○", 0), **{character: place + 1 for place, character in enumerate(_HAN[3:])}}
_TENS = "十廿卅"
_YEAR = rf"({_FIGURE}{{4}}|[{_HAN}Oo0]{{4}})"
_SMALL = rf"({_FIGURE}{{1,2}}|[{_HAN}{_TENS}]{{1,3}})"
_DATE = re.compile(rf"(?<![0-9]){_YEAR}(?:年{_SMALL}月{_SMALL}[日号]?|([./-]){_SMALL}\4{_SMALL})(?![0-9])")
_DAY = re.compile(rf"(?<![年0-9]){_SMALL}月{_SMALL}[日号]")
_DAY_ENDS = frozenset("日号")
_AFTER_DAY = frozenset(("", *"日号,.;:、。()"))
"""What may follow a day in figures on its line: any other character may be a figure that was taken for it."""
_LAST_DAY = 31
_LIKE_DAY = re.compile(rf"{_FIGURE}[0-9lIO|年月日号.,、/-]{{4,14}}")
_CASE_NUMBER = re.compile(
    r"[(（]?((?:19|20)[0-9]{2})[)）]?([\u4e00-\u9fa5])([0-9]{0,4})([\u4e00-\u9fa5]{1,6}?)(?:字第)?([0-9]{1,8})号"
)
_NUMBER_GROUPS = 3
"""The figures of a case number: its year, its court, and its own."""
_MIN_FIGURES = 3
"""Figures of a case's own number of which one may be missing, and it is still recognised."""
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_LATE, _AFTER_CLOSING = 0.65, 40
"""A closing date stands behind this part of a page's text, or no more than so many characters before its end."""


@dataclass(frozen=True, slots=True)
class PageNumber:
    """第 `number` 页 共 `total` 页, with the text as it was read and its place; `unsure` as the engine was of its figures."""

    number: int
    total: int
    text: str
    box: Box
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date on a page.

    Attributes:
        day: the date; None where only month and day are printed.
        month_day: its month and day.
        begin, end: where it stands in the text of the page.
        box: its place.
        doubts: what the engine was not sure of.
    """

    day: date | None
    month_day: tuple[int, int]
    begin: int
    end: int
    box: Box
    doubts: frozenset[Doubt] = frozenset()

    def is_on(self, day: date) -> bool:
        """Whether it is a day, as far as it says."""
        return day == self.day if self.day else (day.month, day.day) == self.month_day

    def may_be(self, day: date, sure: Collection[date]) -> bool:
        """Whether it may be a day: it is, or it differs by one figure of which the engine was not sure.

        Args:
            day: that day.
            sure: the days of which the engine was sure elsewhere on the paper; what was read as one of these is that.
        """
        if self.is_on(day) or self.day is None or self.day in sure:
            return self.is_on(day)
        read, written = (f"{one.year}.{one.month}.{one.day}" for one in (self.day, day))
        differs_by_one = _differ_by_one_figure(read, written)
        return differs_by_one and (
            "figures" in self.doubts
            or ("room" in self.doubts and len(written) > len(read))
            or ("year" in self.doubts and self.month_day == (day.month, day.day))
        )


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number (案号).

    Attributes:
        text: in its full form.
        kind: what the court writes for the procedure, such as 执 or 民初.
        key: its year, court and number, which are compared; a character that was read wrongly does not matter.
        box: its place.
        unsure: the engine is not sure of its figures.
    """

    text: str
    kind: str
    key: str
    box: Box
    unsure: bool = False

    def may_be(self, key: str) -> bool:
        """Whether it may be the case number with a key: it is, or one figure is otherwise, and the engine was not sure."""
        return self.key == key or (self.unsure and _differ_by_one_figure(self.key, key))


def read_page_number(page: UprightPage) -> PageNumber | None:
    """The page number at the top or the bottom of a page (第x页 共y页); None where there is none."""
    height = page.size[1]
    for row in reversed(page.rows):
        middle = (row.top + row.height / 2) / height
        if _EDGE < middle < 1 - _EDGE:
            continue
        for pattern, places in ((_PAGE_OF, (1, 2)), (_OF_PAGE, (2, 1))):
            found = pattern.search(row.text)
            if found is None:
                continue
            number, total = (_count(found[place]) for place in places)
            if 1 <= number <= total:
                unsure = any("figures" in line.doubts for line in row.lines if re.search("[页贞]", line.text))
                return PageNumber(number, total, found[0], row.seen, unsure)
    return None


def read_dates(page: UprightPage) -> Iterator[ReadDate]:
    """The dates of a page in reading order; days that do not exist are left out."""
    for found, box in page.find(_DATE):
        year, month, day = _year(found[1]), found[2] or found[5], found[3] or found[6]
        with suppress(ValueError):
            whole = date(year, _count(month), _count(day))
            if _FIRST_YEAR <= whole.year <= _LAST_YEAR:
                doubts = {doubt for line in page.lines_of(*found.span()) for doubt in line.doubts} - {"words"}
                doubts |= _doubts_by_writing(found, page.rest_of_line(found.end()))
                yield ReadDate(whole, (whole.month, whole.day), *found.span(), box, frozenset(doubts))
    for found, box in page.find(_DAY):
        with suppress(ValueError):
            day_of_leap_year = date(2000, _count(found[1]), _count(found[2]))
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


def _is_unsure(page: UprightPage, found: re.Match[str]) -> bool:
    return any("figures" in line.doubts for line in page.lines_of(*found.span()))


def _differ_by_one_figure(one: str, other: str) -> bool:
    """Whether one text is the other with one character changed, put in or left out, as 2023.2.1 and 2023.2.21."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) == len(longer):
        return sum(first != second for first, second in zip(shorter, longer, strict=True)) == 1
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))


def stands_at_end(page: UprightPage, found: ReadDate) -> bool:
    """Whether a date closes a page: little text follows it."""
    return len(page.text) - found.end <= max(_AFTER_CLOSING, (1 - _LATE) * len(page.text))


def shows_day(page: UprightPage, day: date) -> bool:
    """Whether a page may show a day that was not read as a date: its parts are divided otherwise, or a mark lacks.

    A hand often writes ``2022.6-17``, and the engine loses a dot: ``2022.617``. Where it was unsure, one figure may be another.
    """
    apart = rf"(?<![0-9]){day.year}年?[^0-9]{{0,2}}0?{day.month}[^0-9]{{1,2}}0?{day.day}(?![0-9])"
    if re.search(apart, page.text):
        return True
    forms = {f"{day.year}{month}{number}" for month in _two_forms(day.month) for number in _two_forms(day.day)}
    for line in page.lines:
        for written in _LIKE_DAY.findall(_DATE.sub(" ", line.text)):
            figures = re.sub("[^0-9]", "", written.translate(_DIGITS))
            if figures in forms or (
                "figures" in line.doubts and any(_differ_by_one_figure(figures, form) for form in forms)
            ):
                return True
    return False


def _two_forms(number: int) -> tuple[str, str]:
    return f"{number}", f"{number:02}"


def shows_case_number(text: str, number: str) -> bool:
    """Whether a text holds a case number, of which one figure of its last part and the characters between may be misread.

    Args:
        text: what was read, folded.
        number: the case number (案号), such as （2021）鲁0117执1007号.
    """
    groups = re.findall(r"[0-9]+", number)
    if len(groups) < _NUMBER_GROUPS or len(groups[-1]) < _MIN_FIGURES:
        return False
    last = groups[-1]
    less = {last, *(last[:place] + last[place + 1 :] for place in range(len(last)))}
    parts = [*map(re.escape, groups[:-1]), f"(?:{'|'.join(sorted(less, key=len, reverse=True))})"]
    return re.search(r"(?<![0-9])" + r"[^0-9]{0,4}".join(parts) + "(?![0-9])", text) is not None


def read_case_numbers(page: UprightPage) -> Iterator[CaseNumber]:
    """The case numbers of a page in reading order."""
    for found, box in page.find(_CASE_NUMBER):
        year, place, court, kind, number = found.groups()
        text = f"（{year}）{place}{court}{kind}{number}号"
        yield CaseNumber(text, kind, case_number_key(text), box, _is_unsure(page, found))


def case_number_key(text: str) -> str:
    """What is compared of a case number: its figures, and the first character of its procedure."""
    groups = re.findall(r"[0-9]+", text)
    kind = re.search(r"([\u4e00-\u9fa5])[\u4e00-\u9fa5]*(?:字第)?[0-9]+号", text)
    return "/".join((*groups, kind[1] if kind else ""))


def _year(text: str) -> int:
    if text[0] in _HAN:
        return int("".join(str(_HAN_VALUES.get(character, 0)) for character in text))
    return int(text.translate(_DIGITS))


def _count(text: str) -> int:
    """A number in figures, or in Chinese up to ninety-nine; 0 where it is none."""
    if text[0] not in _HAN + _TENS:
        figures = text.translate(_DIGITS)
        return int(figures) if figures.isdecimal() else 0
    tens = next((mark for mark in _TENS if mark in text), "")
    if not tens:
        return int("".join(str(_HAN_VALUES[character]) for character in text))
    before, _, after = text.partition(tens)
    ten = (_TENS.index(tens) + 1) * 10 if tens != "十" or not before else _HAN_VALUES.get(before, 0) * 10
    return ten + (_HAN_VALUES.get(after, 0) if after else 0)
