"""Cutting one scan of a whole file into its papers: by the QR codes of the papers, and by blank separator sheets.

What comes out is a proposal. Pages are never encoded anew; a paper is a range of the one file's pages.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bundler.case.identifiers import fold_registration_no
from bundler.documents.definitions import DOCUMENTS
from bundler.intake.qr_scan import PageContent
from bundler.regulation.papers import Item, guess_item


class Basis(StrEnum):
    """What a proposal rests on, surest first."""

    HAND = "hand"
    CODE = "code"
    NAME = "name"
    TEXT = "text"
    NONE = "none"

    @property
    def label(self) -> str:
        """The Chinese word for it."""
        return {
            "hand": "人工指定",
            "code": "二维码",
            "name": "文件名",
            "text": "页面文字",
            "none": "看不出",
        }[self.value]


@dataclass(frozen=True, slots=True)
class ScanPart:
    """One paper that is proposed.

    Attributes:
        first, last: its pages in the file, from 1; both 0 where the file has no pages of its own (Word).
        items: what it seems to be; none where nothing says so.
        source: what says so.
        is_whole: it is the whole file.
    """

    first: int
    last: int
    items: tuple[Item, ...]
    source: Basis
    is_whole: bool = False

    @property
    def pages(self) -> str | None:
        """Its range as case.json writes it; None for the whole file."""
        if self.is_whole:
            return None
        return f"{self.first}-{self.last}" if self.last > self.first else str(self.first)

    @property
    def entry(self) -> dict[str, Any]:
        """What an entry of case.json's materials says of it, without the file."""
        entry: dict[str, Any] = {"items": [item.value for item in self.items]}
        return entry if self.pages is None else {**entry, "pages": self.pages}


class ForeignCodeError(Exception):
    """A page bears the code of another case, or of one that cannot be told from this; its number is the argument."""

    def __init__(self, page: int) -> None:
        super().__init__(page)
        self.page = page


def propose_parts(
    name: str, looks: Sequence[PageContent], blank: Collection[int], registration_no: str | None
) -> tuple[ScanPart, ...]:
    """The papers that a file seems to hold.

    Args:
        name: the file's name.
        looks: what each page shows; none for a Word file.
        blank: the numbers of pages on which nothing is to be seen.
        registration_no: the case's own number.

    Raises:
        ForeignCodeError: a page bears the code of another case.
    """
    marks = [_mark(look, page, registration_no) for page, look in enumerate(looks, start=1)]
    runs = _runs(marks, blank)
    if len(runs) <= 1:
        item = next((mark for mark in marks if mark), None)
        return (_whole(name, looks, item, runs),)
    pieces = []
    for first, last in runs:
        item = marks[first - 1]
        guess = None if item else guess_item(looks[first - 1].text)
        source = Basis.CODE if item else Basis.TEXT if guess else Basis.NONE
        found = item or guess
        pieces.append(ScanPart(first, last, (found,) if found else (), source))
    return tuple(pieces)


def _mark(look: PageContent, page: int, registration_no: str | None) -> Item | None:
    """The item of a page's own code; None without one, or where two codes contradict."""
    items: set[Item] = set()
    for code in look.codes:
        number, bar, item = code.rpartition("|")
        if not bar or item not in {one.value for one in Item}:
            continue  # not one of ours: a courier's or a bank's
        if registration_no is None or fold_registration_no(number) != fold_registration_no(registration_no):
            raise ForeignCodeError(page)
        items.add(Item(item))
    return items.pop() if len(items) == 1 else None


def _runs(marks: Sequence[Item | None], blank: Collection[int]) -> list[tuple[int, int]]:
    """First and last page of each paper: a code begins one unless it is that of the paper at hand, a blank sheet ends one."""
    runs: list[tuple[int, int]] = []
    open_mark: Item | None = None
    is_open = False
    for page, mark in enumerate(marks, start=1):
        if page in blank:
            is_open = False
        elif is_open and (mark is None or mark is open_mark):
            runs[-1] = (runs[-1][0], page)
        else:
            runs.append((page, page))
            open_mark, is_open = mark, True
    return runs


def _whole(name: str, looks: Sequence[PageContent], item: Item | None, runs: Sequence[tuple[int, int]]) -> ScanPart:
    """The one paper of a file: its code first, then the file's name, then its text. Blank sheets around it stay out."""
    first, last = runs[0] if runs else (1, max(len(looks), 1))
    is_whole = not looks or (first, last) == (1, len(looks))
    for source, found in (
        (Basis.CODE, item),
        (Basis.NAME, guess_item_from_name(name)),
        (Basis.TEXT, guess_item(looks[first - 1].text) if looks else None),
    ):
        if found:
            return ScanPart(first, last, (found,), source, is_whole)
    return ScanPart(first, last, (), Basis.NONE, is_whole)


def guess_item_from_name(name: str) -> Item | None:
    """The item that a file's name speaks of: our own drafts are named after their document, others in words."""
    stem = name.rpartition(".")[0] or name
    document = DOCUMENTS.get(stem.rpartition("-")[2])
    if document is not None:
        return document.item
    return Item(stem) if stem in {one.value for one in Item} else guess_item(stem)
