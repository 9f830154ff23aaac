"""The page number and the case numbers on a page that was read, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bundler.scan_reading.ocr_numbers import FIGURE, differ_by_one_figure, number_of
from bundler.scan_reading.page_text_lines import UprightPage
from bundler.scan_reading.record import Box

_EDGE = 0.2
"""The part of a page's height, above and below, in which a page number stands."""
_COUNT = rf"({FIGURE}{{1,4}}|[一二三四五六七八九十]{{1,3}})"
_PAGE_OF = re.compile(rf"第?{_COUNT}[页贞][^第共总]{{0,3}}[共总]计?{_COUNT}[页贞]")
_OF_PAGE = re.compile(rf"[共总]计?{_COUNT}[页贞][^第共总]{{0,3}}第{_COUNT}[页贞]")
_CASE_NUMBER = re.compile(
    r"[(（]?((?:19|20)[0-9]{2})[)）]?([\u4e00-\u9fa5])([0-9]{0,4})([\u4e00-\u9fa5]{1,6}?)(?:字第)?([0-9]{1,8})号"
)
_NUMBER_GROUPS = 3
"""The figures of a case number: its year, its court, and its own."""
_MIN_FIGURES = 3
"""Figures of a case's own number of which one may be missing, and it is still recognised."""


@dataclass(frozen=True, slots=True)
class PageNumber:
    """第 `number` 页 共 `total` 页, with the text as it was read and its place; `unsure` as the engine was of its figures."""

    number: int
    total: int
    text: str
    box: Box
    unsure: bool = False


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
        return self.key == key or (self.unsure and differ_by_one_figure(self.key, key))


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
            number, total = (number_of(found[place]) for place in places)
            if 1 <= number <= total:
                unsure = any("figures" in line.doubts for line in row.lines if re.search("[页贞]", line.text))
                return PageNumber(number, total, found[0], row.seen, unsure)
    return None


def _is_unsure(page: UprightPage, found: re.Match[str]) -> bool:
    return any("figures" in line.doubts for line in page.lines_of(*found.span()))


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
