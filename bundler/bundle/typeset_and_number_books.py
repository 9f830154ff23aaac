"""Typeset and number the papers of a planned bundle, and split it into books (册)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bundler.bind.binding_order import BoundPaper, Origin, number_papers, page_range
from bundler.bind.volume_scope import VolumeScope
from bundler.bind.volumes_and_books import split_into_books
from bundler.bundle.read_and_check_case import CheckedCase
from bundler.cover_and_index.arranged_volume import RasterisedPages, Volume
from bundler.cover_and_index.cover_index_notes import (
    build_absent_view,
    build_closing_view,
    build_cover_view,
    build_index_view,
    build_materials_list_view,
)
from bundler.cover_and_index.fill_page_template import fill_page, read_page_style
from bundler.errors import TemplateError

if TYPE_CHECKING:
    from bundler.bundle.binding_plan import BindingPlan
    from bundler.bundle.typesetter_process import PageTypesetter

COVER, INDEX, CLOSING = "cover", "index", "closing_note"
_LIST = "write_off_list"
_ROUNDS = 5
"""The list of materials prints 页号, and its own length shifts them; it settles in the first rounds."""


@dataclass
class PreparedBundle:
    """A volume whose pages are typeset and numbered, before anything is written.

    Attributes:
        checked: the case.
        volume: all papers, numbered throughout.
        books: the books (册) that they are written as.
        left_out: the papers that a 正卷 leaves out.
        typesetter: holds the typeset pages.
        templates: the templates' folder.
    """

    checked: CheckedCase
    volume: Volume
    books: tuple[Volume, ...]
    left_out: tuple[BoundPaper, ...]
    typesetter: PageTypesetter
    templates: Path


def prepare_bundle(  # noqa: PLR0913 (what is bound, and how)
    checked: CheckedCase,
    plan: BindingPlan,
    typesetter: PageTypesetter,
    templates: Path,
    *,
    scope: VolumeScope = VolumeScope.WHOLE,
    divided: bool = True,
) -> PreparedBundle:
    """Typeset the pages that the tool adds to the papers of a complete case, and give each paper its 页号.

    Args:
        checked: the case.
        plan: which papers are bound.
        typesetter: has typeset its Word papers.
        templates: the templates' folder.
        scope: the whole or the 正卷.
        divided: split into books where the profile limits the length of one.

    Raises:
        TemplateError: a template is broken.
        FontGlyphError: no font has one of the characters.
    """
    counts = {paper.key: count_pages(checked, paper, typesetter.page_counts) for paper in plan.papers}
    unnumbered = Volume(checked.case, checked.profile, checked.check_result.kind, plan.sections, {}, scope=scope)
    volume = _number_volume(checked, unnumbered, counts, templates, typesetter)
    books = _split_volume(volume, templates, typesetter) if divided else (volume,)
    return PreparedBundle(checked, volume, books, plan.left_out, typesetter, templates)


def is_source(paper: BoundPaper) -> bool:
    """Whether a paper's pages are those of an attached file (not a Word file, which is typeset)."""
    return paper.origin is Origin.FILE


def bound_pages(paper: BoundPaper, total: int) -> range:
    """The pages of a paper that are bound, counted from 1, out of `total`."""
    return page_range(paper.material, total) if paper.material else range(1, total + 1)


def count_pages(checked: CheckedCase, paper: BoundPaper, typeset_pages: Mapping[str, int]) -> int:
    """Count the pages of a paper in its file or its typesetting; 1 for a page that is not typeset yet."""
    if paper.material and is_source(paper):
        return len(bound_pages(paper, len(checked.records[paper.material.file].pages)))
    if paper.key in typeset_pages:
        return len(bound_pages(paper, typeset_pages[paper.key]))
    return 1


def page_key(paper: BoundPaper) -> str:
    """The key of a paper's typeset pages; for pages that the tool adds, it begins with the template's name."""
    if paper.origin is Origin.MATERIALS_LIST:
        return _LIST
    return f"absent_note:{paper.key}" if paper.origin is Origin.ABSENT_NOTE else paper.key


def _number_volume(
    checked: CheckedCase, volume: Volume, counts: dict[str, int], templates: Path, typesetter: PageTypesetter
) -> Volume:
    """Typeset the pages that the tool adds, until the 页号 that they print agree with their own length."""
    for _ in range(_ROUNDS):
        volume = replace(volume, folios=number_papers(volume.sections, counts))
        volume = replace(volume, rasterised=tuple(rasterised_pages(checked, volume)))
        typeset_pages = typeset_own_pages(dict(_own_page_views(volume)), templates, typesetter)
        found = {
            paper.key: typeset_pages[page_key(paper)] for paper in volume.papers if page_key(paper) in typeset_pages
        }
        if all(counts[key] == count for key, count in found.items()):
            return volume
        counts |= found
    raise TemplateError("核销材料清单的页数定不下来。", fix="请检查模板 pages/write_off_list.html 的行高。")


def rasterised_pages(checked: CheckedCase, volume: Volume) -> Iterator[RasterisedPages]:
    """The pages of attached files that are bound rasterised, by their 页号."""
    for paper in volume.papers:
        if paper.material is None or not is_source(paper):
            continue
        record = checked.records[paper.material.file]
        pages = bound_pages(paper, len(record.pages))
        for change in record.pictured:
            bound = tuple(volume.folios[paper.key].first + page - pages.start for page in change.pages if page in pages)
            if bound:
                yield RasterisedPages(paper.title, bound, change.what)


def typeset_own_pages(views: Mapping[str, object], templates: Path, typesetter: PageTypesetter) -> dict[str, int]:
    """Fill and typeset pages that the tool adds; the part of a key before the colon is the template's name.

    Returns:
        The number of pages for each key.
    """
    pages = {key: fill_page(templates, key.partition(":")[0], view) for key, view in views.items()}
    return typesetter.typeset_pages(pages, read_page_style(templates))


def _split_volume(volume: Volume, templates: Path, typesetter: PageTypesetter) -> tuple[Volume, ...]:
    """Split a volume into books, each with its own cover, index and closing note."""
    divided = split_into_books(volume.sections, volume.folios, volume.profile.volume_pages)
    if len(divided) == 1:
        return (volume,)
    index_numbers = {paper.key: volume.index_number(paper) for paper in volume.papers}
    books = tuple(
        replace(
            volume, sections=one.sections, folios=one.folios, book=n, books=len(divided), index_numbers=index_numbers
        )
        for n, one in enumerate(divided, start=1)
    )
    books = tuple(replace(book, rasterised=tuple(_rasterised_in_book(book))) for book in books)
    for book in books:
        views = {COVER: build_cover_view(book), INDEX: build_index_view(book), CLOSING: build_closing_view(book)}
        typeset_own_pages({template_key(name, book): view for name, view in views.items()}, templates, typesetter)
    return books


def _rasterised_in_book(book: Volume) -> Iterator[RasterisedPages]:
    folios = range(book.first_folio, book.first_folio + book.pages)
    for one in book.rasterised:
        here = tuple(folio for folio in one.folios if folio in folios)
        if here:
            yield replace(one, folios=here)


def template_key(name: str, book: Volume) -> str:
    """The key of a book's own page: the template's name, with the book's number where there are several."""
    return f"{name}:{book.book}" if book.books > 1 else name


def _own_page_views(volume: Volume) -> Iterator[tuple[str, object]]:
    yield COVER, build_cover_view(volume)
    yield INDEX, build_index_view(volume)
    for paper in volume.papers:
        if paper.origin is Origin.MATERIALS_LIST:
            yield page_key(paper), build_materials_list_view(volume)
        elif paper.absent is not None:
            yield page_key(paper), build_absent_view(volume, paper.absent)
    yield CLOSING, build_closing_view(volume)
