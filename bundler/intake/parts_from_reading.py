"""Propose the parts of a scan from what was read on it: a known title, or 第1页, begins a paper; 第x页 共y页 belong together.

A proposal says what it is based on, and a person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from bundler.case.pages_of_material import list_pages
from bundler.intake.split_scan import Basis, ScanPart
from bundler.regulation.papers import PAPER_KINDS, Item, guess_item
from bundler.scan_reading.page_and_case_numbers import PageNumber, read_page_number
from bundler.scan_reading.page_dates import ReadDate, read_dates, stands_at_end
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
    parts = tuple(_part(pages, (first, last), blank, guessed, total) for first, last in ranges)
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


def _part(
    pages: Mapping[int, UprightPage],
    span: tuple[int, int],
    blank: Collection[int],
    guessed: Item | None,
    total: int,
) -> ScanPart:
    first, last = span
    is_whole = span == (1, total)
    page = pages.get(first)
    title = read_title(page) if page else None
    turned = tuple(number for number in range(first, last + 1) if number in pages and pages[number].page.turn)
    if title is None:
        return ScanPart(first, last, (), Basis.NONE, is_whole, turned=turned)
    read = {number: pages[number] for number in range(first, last + 1) if number in pages}
    day = _closing_day(list(read.values()))
    item, is_certain = _choose(title, guessed)
    unread = [number for number in range(first, last + 1) if number not in read and number not in blank]
    doubt = _doubt(title, read, unread, is_certain=is_certain)
    return ScanPart(
        first,
        last,
        (item,),
        Basis.READING,
        is_whole,
        title=title.row.text,
        day=day,
        turned=turned,
        doubt=doubt,
        is_ambiguous=not is_certain,
    )


def _choose(title: PaperTitle, guessed: Item | None) -> tuple[Item, bool]:
    """One of the items that papers of a title are, and whether only that one fits.

    The one that the file's name or the title's words suggest, else the first; words of a title that several items have
    do not decide between them.
    """
    suggested = next((item for item in (guessed, guess_item(title.row.text)) if item in title.items), None)
    first = next(item for item in PAPER_KINDS if item in title.items)
    return suggested or first, guessed in title.items or len(title.items) == 1


def _doubt(title: PaperTitle, read: Mapping[int, UprightPage], unread: Sequence[int], *, is_certain: bool) -> str:
    """What speaks against the item or the cut, in Chinese: an ambiguous title, pages not read, page numbers lacking."""
    if not is_certain:
        labels = "、".join(PAPER_KINDS[item].name for item in PAPER_KINDS if item in title.items)
        return f"这个标题的有几项：{labels}"
    if unread:
        return f"第{list_pages(tuple(unread))}页没有识读"
    numbers = [found for page in read.values() if (found := read_page_number(page))]
    if numbers and {found.number for found in numbers} != set(range(1, numbers[0].total + 1)):
        return f"印着共{numbers[0].total}页，只见到其中{len(numbers)}页"
    return ""


def _closing_day(pages: list[UprightPage]) -> date | None:
    """The last whole date at the end of a paper; None where there is none."""
    if not pages:
        return None
    last = pages[-1]
    found: list[ReadDate] = [one for one in read_dates(last) if one.day and stands_at_end(last, one)]
    return max(found, key=lambda one: one.begin).day if found else None
