"""Propose the parts of a scan from what was read on it: a known title, or 第1页, begins a paper; 第x页 共y页 belong together.

A proposal says what it is based on, and a person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from bundler.intake.split import Basis, ScanPart
from bundler.regulation.papers import PAPERS, Item, guess_item
from bundler.scan_reading.page_facts import PageNumber, ReadDate, read_dates, read_page_number, stands_at_end
from bundler.scan_reading.page_text_lines import UprightPage
from bundler.scan_reading.paper_titles import PaperTitle, read_title
from bundler.scan_reading.record import ScanReading


def propose_parts_from_reading(
    reading: ScanReading, total: int, blank: Collection[int], guessed: Item | None
) -> tuple[ScanPart, ...]:
    """The parts of a file by what was read on its pages; none where nothing tells what its first page is.

    Args:
        reading: what was read.
        total: how many pages the file has.
        blank: the numbers of its blank pages, which separate papers.
        guessed: the item that the file's name suggests, which decides between papers of one title.
    """
    pages = {page.number: UprightPage(page) for page in reading.pages}
    ranges = _ranges(pages, total, blank)
    if not ranges:
        return ()
    parts = tuple(_part(pages, first, last, guessed, is_whole=(first, last) == (1, total)) for first, last in ranges)
    return parts if any(part.items for part in parts) else ()


def _ranges(pages: Mapping[int, UprightPage], total: int, blank: Collection[int]) -> list[tuple[int, int]]:
    """First and last page of each paper; a page without a title and without a number goes on with the paper before."""
    ranges: list[tuple[int, int]] = []
    before: PageNumber | None = None
    is_open = False
    for number in range(1, total + 1):
        if number in blank:
            is_open, before = False, None
            continue
        page = pages.get(number)
        found = read_page_number(page) if page else None
        if is_open and not _begins_paper(page, found, before):
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
        before, is_open = found, True
    return ranges


def _begins_paper(page: UprightPage | None, number: PageNumber | None, before: PageNumber | None) -> bool:
    if number is not None and number.number > 1:
        return before is not None and before.total != number.total
    if number is not None:
        return True
    return page is not None and read_title(page) is not None


def _part(pages: Mapping[int, UprightPage], first: int, last: int, guessed: Item | None, *, is_whole: bool) -> ScanPart:
    page = pages.get(first)
    title = read_title(page) if page else None
    turned = tuple(number for number in range(first, last + 1) if number in pages and pages[number].page.turn)
    if title is None:
        return ScanPart(first, last, (), Basis.NONE, is_whole, turned=turned)
    day = _closing_day([pages[number] for number in range(first, last + 1) if number in pages])
    return ScanPart(
        first, last, (_choose(title, guessed),), Basis.READING, is_whole, title=title.row.text, day=day, turned=turned
    )


def _choose(title: PaperTitle, guessed: Item | None) -> Item:
    """One of the items that papers of a title are: the one that the file's name or the title's words suggest, else the first."""
    suggested = (guessed, guess_item(title.row.text))
    first = next(item for item in PAPERS if item in title.items)
    return next((item for item in suggested if item in title.items), first)


def _closing_day(pages: list[UprightPage]) -> date | None:
    """The last whole date at the end of a paper; None where there is none."""
    if not pages:
        return None
    last = pages[-1]
    found: list[ReadDate] = [one for one in read_dates(last) if one.day and stands_at_end(last, one)]
    return max(found, key=lambda one: one.begin).day if found else None
