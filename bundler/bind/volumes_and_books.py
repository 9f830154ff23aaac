"""Select the papers of a volume (全卷 or 正卷), and split a long volume into books (册)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bundler.bind.binding_order import BoundPaper, FolioRange, Section
from bundler.bind.volume_scope import VolumeScope, belongs_to_volume


def select_volume(
    sections: tuple[Section, ...], scope: VolumeScope
) -> tuple[tuple[Section, ...], tuple[BoundPaper, ...]]:
    """Select the sections of a volume, and list the papers that it leaves out.

    A paper that serves an item of the annex (副卷) is left out of the 正卷, whatever else it serves.
    """
    if scope is VolumeScope.WHOLE:
        return sections, ()
    shown = tuple(
        replace(section, papers=_visible(section.papers), elsewhere=_visible(section.elsewhere)) for section in sections
    )
    papers = (paper for section in sections for paper in section.papers)
    left_out = tuple(paper for paper in papers if not belongs_to_volume(paper.items, scope))
    return tuple(section for section in shown if section.papers or section.elsewhere), left_out


def _visible(papers: tuple[BoundPaper, ...]) -> tuple[BoundPaper, ...]:
    """The papers that the parties may see."""
    return tuple(paper for paper in papers if belongs_to_volume(paper.items, VolumeScope.MAIN))


@dataclass(frozen=True, slots=True)
class Book:
    """One book (册): its sections, and the 页号 of its papers within it."""

    sections: tuple[Section, ...]
    folios: Mapping[str, FolioRange]


def split_into_books(
    sections: tuple[Section, ...], folios: Mapping[str, FolioRange], limit: int | None
) -> tuple[Book, ...]:
    """Split numbered papers into books of at most `limit` pages; only a paper longer than a book is divided itself."""
    if limit is None:
        return (Book(sections, folios),)
    parts = _assign_books(sections, folios, limit)
    books = max((number for spans in parts.values() for number, _ in spans), default=0) + 1
    return tuple(_build_book(sections, parts, number) for number in range(books))


def _assign_books(
    sections: tuple[Section, ...], folios: Mapping[str, FolioRange], limit: int
) -> dict[str, list[tuple[int, FolioRange]]]:
    """The books that contain each paper, counted from 0, with its 页号 in each."""
    parts: dict[str, list[tuple[int, FolioRange]]] = {}
    book, free = 0, limit
    for paper in (paper for section in sections for paper in section.papers):
        first, last = folios[paper.key].first, folios[paper.key].last
        if free < limit and last - first + 1 > free:
            book, free = book + 1, limit
        parts[paper.key] = []
        while first <= last:
            end = min(last, first + free - 1)
            parts[paper.key].append((book, FolioRange(first, end)))
            free -= end - first + 1
            first = end + 1
            if free == 0:
                book, free = book + 1, limit
    return parts


def _build_book(sections: tuple[Section, ...], parts: dict[str, list[tuple[int, FolioRange]]], number: int) -> Book:
    """Collect the papers of one book.

    What a section lists as bound elsewhere goes into the book of the section's first paper; where it has none, into the
    book of the paper before it.
    """
    in_book: dict[str, FolioRange] = {}
    found: list[Section] = []
    latest = 0
    for section in sections:
        papers = tuple(paper for paper in section.papers if any(book == number for book, _ in parts[paper.key]))
        starts = [parts[paper.key][0][0] for paper in section.papers]
        has_references = (starts[0] if starts else latest) == number
        latest = parts[section.papers[-1].key][-1][0] if section.papers else latest
        for paper in papers:
            in_book[paper.key] = next(span for book, span in parts[paper.key] if book == number)
        elsewhere = section.elsewhere if has_references else ()
        if papers or elsewhere:
            found.append(replace(section, papers=papers, elsewhere=elsewhere))
    whole = {key: FolioRange(spans[0][1].first, spans[-1][1].last) for key, spans in parts.items()}
    return Book(tuple(found), whole | in_book)
