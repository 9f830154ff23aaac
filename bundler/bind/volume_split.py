"""Which volume of a file is bound: the whole or the 正卷, in one book or in several (第 n 册)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bundler.bind.binding_order import BoundPaper, FolioRange, Section
from bundler.bind.volume_scope import VolumeScope, belongs_to_volume


def select_volume(
    sections: tuple[Section, ...], scope: VolumeScope
) -> tuple[tuple[Section, ...], tuple[BoundPaper, ...]]:
    """The sections that a volume shows, and the papers that it leaves out.

    A paper that serves an item of the annex is left out wherever it is bound, whatever else it serves.
    """
    if scope is VolumeScope.WHOLE:
        return sections, ()
    shown = tuple(
        replace(section, papers=tuple(_shown(section.papers)), elsewhere=tuple(_shown(section.elsewhere)))
        for section in sections
    )
    papers = (paper for section in sections for paper in section.papers)
    left_out = tuple(paper for paper in papers if not belongs_to_volume(paper.items, scope))
    return tuple(section for section in shown if section.papers or section.elsewhere), left_out


def _shown(papers: tuple[BoundPaper, ...]) -> tuple[BoundPaper, ...]:
    """The papers that the parties may be shown."""
    return tuple(paper for paper in papers if belongs_to_volume(paper.items, VolumeScope.MAIN))


@dataclass(frozen=True, slots=True)
class Book:
    """One book (册): its sections, and the 页号 that its papers have in it."""

    sections: tuple[Section, ...]
    folios: Mapping[str, FolioRange]


def split_into_books(
    sections: tuple[Section, ...], folios: Mapping[str, FolioRange], limit: int | None
) -> tuple[Book, ...]:
    """Divide numbered papers into books of no more than so many pages; a paper is cut only where it fills a book alone."""
    if limit is None:
        return (Book(sections, folios),)
    places = _places(sections, folios, limit)
    books = max((number for spans in places.values() for number, _ in spans), default=0) + 1
    return tuple(_book(sections, places, number) for number in range(books))


def _places(
    sections: tuple[Section, ...], folios: Mapping[str, FolioRange], limit: int
) -> dict[str, list[tuple[int, FolioRange]]]:
    """The books in which each paper lies, with its 页号 there."""
    places: dict[str, list[tuple[int, FolioRange]]] = {}
    book, free = 0, limit
    for paper in (paper for section in sections for paper in section.papers):
        first, last = folios[paper.key].first, folios[paper.key].last
        if free < limit and last - first + 1 > free:
            book, free = book + 1, limit
        places[paper.key] = []
        while first <= last:
            end = min(last, first + free - 1)
            places[paper.key].append((book, FolioRange(first, end)))
            free -= end - first + 1
            first = end + 1
            if free == 0:
                book, free = book + 1, limit
    return places


def _book(sections: tuple[Section, ...], places: dict[str, list[tuple[int, FolioRange]]], number: int) -> Book:
    """A section's papers that lie in a book, and what is bound elsewhere where its first own paper, or the one before, is."""
    here: dict[str, FolioRange] = {}
    found: list[Section] = []
    latest = 0
    for section in sections:
        papers = tuple(paper for paper in section.papers if any(book == number for book, _ in places[paper.key]))
        starts = [places[paper.key][0][0] for paper in section.papers]
        mentions = (starts[0] if starts else latest) == number
        latest = places[section.papers[-1].key][-1][0] if section.papers else latest
        for paper in papers:
            here[paper.key] = next(span for book, span in places[paper.key] if book == number)
        elsewhere = section.elsewhere if mentions else ()
        if papers or elsewhere:
            found.append(replace(section, papers=papers, elsewhere=elsewhere))
    whole = {key: FolioRange(spans[0][1].first, spans[-1][1].last) for key, spans in places.items()}
    return Book(tuple(found), whole | here)
