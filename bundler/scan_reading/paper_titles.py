"""The title of a paper on its first page, and which items papers of that title are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from bundler.regulation.papers import PAPER_KINDS, Item, PaperKind
from bundler.scan_reading.page_text_lines import Row, UprightPage

_TITLE_WITHIN = 0.45
"""The upper part of a page in which a title stands."""
_FIRST_ROWS = 4
"""So many rows may be a title in any size; further down only a larger one."""
_LARGER = 1.2
_LONGEST_TITLE = 40
_SENTENCE = re.compile("[。，；:,;?？]")
_BEHIND_TITLE = re.compile(r"(\([^()]*\)|[0-9]|[一二三四五六七八九十]+)$")
"""What may stand behind a title: a remark in brackets, a number."""

_COURT = "法院"


@dataclass(frozen=True, slots=True)
class PaperTitle:
    """A title that the table of papers knows, and the items that papers of this title are."""

    row: Row
    items: frozenset[Item]


def read_title_rows(page: UprightPage) -> tuple[Row, ...]:
    """The rows of a page that may be its title, from top to bottom: short, no sentence, first on the page or larger."""
    upper = [row for row in page.rows if row.top < _TITLE_WITHIN * page.size[1]]
    return tuple(
        row
        for place, row in enumerate(upper)
        if (place < _FIRST_ROWS or row.height >= _LARGER * page.line_height)
        and 1 < len(row.text) <= _LONGEST_TITLE
        and not _SENTENCE.search(row.text)
    )


def read_title(page: UprightPage) -> PaperTitle | None:
    """The title of a page, if it is one of the table's.

    A row that is a title from its first character, or behind the name of a court, comes before one that only ends with a
    title, as the row of a receipt does that says which notice was served; among equals the longest title counts.
    """
    best: tuple[tuple[bool, int], Row, frozenset[Item]] | None = None
    for row in read_title_rows(page):
        text = _BEHIND_TITLE.sub("", row.text)
        for paper in PAPER_KINDS.values():
            for ending in paper.titles:
                if not text.endswith(ending):
                    continue
                before = text.removesuffix(ending)
                rank = (not before or before.endswith(_COURT), len(ending))
                if best is None or rank > best[0]:
                    items = frozenset(one.item for one in PAPER_KINDS.values() if ending in one.titles)
                    best = (rank, row, items)
    return None if best is None else PaperTitle(best[1], _narrow_receipts(page, best[2]))


def may_be_titled(page: UprightPage, titles: Iterable[str]) -> bool:
    """Whether a row that may be the title of a page has half the characters of one of these titles, in their order."""
    rows = [row.text for row in read_title_rows(page)]
    return not rows or any(_shared(title, row) >= len(title) / 2 for title in titles for row in rows)


def _shared(one: str, other: str) -> int:
    return sum(block.size for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks())


def _narrow_receipts(page: UprightPage, items: frozenset[Item]) -> frozenset[Item]:
    """The receipts of the notice that a receipt names, where it names exactly one; any other items stay."""
    receipts = {item for item in items if PAPER_KINDS[item].service_of}
    named = {item for item in receipts if _names_notice(page, PAPER_KINDS[item])}
    return frozenset(named) if len(named) == 1 and receipts == items else items


def _names_notice(page: UprightPage, receipt: PaperKind) -> bool:
    notice = receipt.service_of
    return notice is not None and any(title in page.text for title in PAPER_KINDS[notice].titles)
