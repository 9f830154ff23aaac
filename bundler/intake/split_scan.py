"""Split one scan of several papers into its parts: by their QR codes, and by blank separator sheets.

The result is a proposal. Pages are never re-encoded; a part is a range of the file's pages.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from bundler.case.identifiers import fold_registration_no
from bundler.documents.definitions import DOCUMENTS
from bundler.intake.qr_scan import PageContent
from bundler.regulation.papers import Item, guess_item


class Basis(StrEnum):
    """What a proposal is based on, most reliable first."""

    HAND = "hand"
    CODE = "code"
    READING = "reading"
    NAME = "name"
    TEXT = "text"
    NONE = "none"

    @property
    def label(self) -> str:
        """Its Chinese name."""
        return {
            "hand": "人工指定",
            "code": "二维码",
            "reading": "识读出的标题",
            "name": "文件名",
            "text": "页面文字",
            "none": "看不出",
        }[self.value]


class Certainty(StrEnum):
    """How sure a proposal is."""

    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"

    @property
    def label(self) -> str:
        """Its Chinese name."""
        return {"sure": "有把握", "likely": "多半对", "unsure": "拿不准"}[self.value]


_CERTAINTY = {
    Basis.HAND: Certainty.SURE,
    Basis.CODE: Certainty.SURE,
    Basis.READING: Certainty.SURE,
    Basis.NAME: Certainty.LIKELY,
    Basis.TEXT: Certainty.LIKELY,
    Basis.NONE: Certainty.UNSURE,
}
"""How sure a proposal is by what it is based on, where nothing casts doubt on it."""


@dataclass(frozen=True, slots=True)
class ScanPart:
    """A part of a scan that is proposed as one material.

    Attributes:
        first, last: its pages in the file, from 1; both 1 for a Word file, which has no pages of its own.
        items: the items that it seems to be; empty where nothing says so.
        basis: what that is based on.
        is_whole: whether it is the whole file.
        title: the title that was read on it; empty where none was.
        day: the date at its end; None where none was read.
        turned: its pages that were scanned on their side or their head.
        doubt: why it is less sure than its basis, in Chinese; empty where nothing is in doubt.
        is_ambiguous: several items fit what was read, and `items` has only the first of them.
    """

    first: int
    last: int
    items: tuple[Item, ...]
    basis: Basis
    is_whole: bool = False
    title: str = ""
    day: date | None = None
    turned: tuple[int, ...] = ()
    doubt: str = ""
    is_ambiguous: bool = False

    @property
    def certainty(self) -> Certainty:
        """How sure it is that these pages are a paper of these items."""
        if not self.items or self.is_ambiguous:
            return Certainty.UNSURE
        return Certainty.LIKELY if self.doubt else _CERTAINTY[self.basis]

    @property
    def pages(self) -> str | None:
        """Its page range as case.json has it; None for the whole file."""
        if self.is_whole:
            return None
        return f"{self.first}-{self.last}" if self.last > self.first else str(self.first)

    @property
    def entry(self) -> dict[str, Any]:
        """Its entry for case.json's materials, without `file`."""
        entry: dict[str, Any] = {"items": [item.value for item in self.items]}
        if self.pages is not None:
            entry["pages"] = self.pages
        if self.title:
            entry["title"] = self.title
        if self.day is not None:
            entry["date"] = self.day.isoformat()
        return entry


class ForeignCodeError(Exception):
    """A page has the code of another case, or there is no registration number to compare it with.

    Attributes:
        page: the page's number, from 1.
    """

    def __init__(self, page: int) -> None:
        super().__init__(page)
        self.page = page


def propose_parts(
    name: str, contents: Sequence[PageContent], blank: Collection[int], registration_no: str | None
) -> tuple[ScanPart, ...]:
    """Propose the parts of a file.

    Args:
        name: the file's name.
        contents: what was read from each page; empty for a Word file.
        blank: the numbers of blank pages, from 1.
        registration_no: the case's own registration number (登记号).

    Raises:
        ForeignCodeError: a page has the code of another case.
    """
    page_items = [_item_of_page(content, page, registration_no) for page, content in enumerate(contents, start=1)]
    ranges = _page_ranges(page_items, blank)
    if len(ranges) <= 1:
        item = next((one for one in page_items if one), None)
        return (_only_part(name, contents, item, ranges),)
    parts = []
    for first, last in ranges:
        item = page_items[first - 1]
        guess = None if item else guess_item(contents[first - 1].text)
        basis = Basis.CODE if item else Basis.TEXT if guess else Basis.NONE
        found = item or guess
        parts.append(ScanPart(first, last, (found,) if found else (), basis))
    return tuple(parts)


def _item_of_page(content: PageContent, page: int, registration_no: str | None) -> Item | None:
    """The item of a page's code; None without one, or where two codes contradict each other."""
    items: set[Item] = set()
    for code in content.codes:
        number, bar, item = code.rpartition("|")
        if not bar or item not in {one.value for one in Item}:
            continue  # not a code of this tool: a courier's or a bank's
        if registration_no is None or fold_registration_no(number) != fold_registration_no(registration_no):
            raise ForeignCodeError(page)
        items.add(Item(item))
    return items.pop() if len(items) == 1 else None


def _page_ranges(page_items: Sequence[Item | None], blank: Collection[int]) -> list[tuple[int, int]]:
    """First and last page of each part: a code begins one unless the current part has the same, a blank page ends one."""
    ranges: list[tuple[int, int]] = []
    current: Item | None = None
    is_open = False
    for page, item in enumerate(page_items, start=1):
        if page in blank:
            is_open = False
        elif is_open and (item is None or item is current):
            ranges[-1] = (ranges[-1][0], page)
        else:
            ranges.append((page, page))
            current, is_open = item, True
    return ranges


def _only_part(
    name: str, contents: Sequence[PageContent], item: Item | None, ranges: Sequence[tuple[int, int]]
) -> ScanPart:
    """The only part of a file, by its code, else by the file's name, else by its text; without blank pages around it."""
    first, last = ranges[0] if ranges else (1, max(len(contents), 1))
    is_whole = not contents or (first, last) == (1, len(contents))
    for basis, found in (
        (Basis.CODE, item),
        (Basis.NAME, guess_item_from_name(name)),
        (Basis.TEXT, guess_item(contents[first - 1].text) if contents else None),
    ):
        if found:
            return ScanPart(first, last, (found,), basis, is_whole)
    return ScanPart(first, last, (), Basis.NONE, is_whole)


def guess_item_from_name(name: str) -> Item | None:
    """The item that a file name suggests: drafts of this tool are named after their document, other files in words."""
    stem = name.rpartition(".")[0] or name
    document = DOCUMENTS.get(stem.rpartition("-")[2])
    if document is not None:
        return document.item
    return Item(stem) if stem in {one.value for one in Item} else guess_item(stem)
