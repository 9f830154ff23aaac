"""One bundle out of a case that the gate has let through, its papers drafted: set, number, join."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bundler.bind.background_io import read_ahead
from bundler.bind.binding_order import BoundPaper, FolioRange, Origin, Section, number_papers, page_range
from bundler.bind.join import join
from bundler.bind.parts import BoundFile, JoinOptions, OutlineEntry, SourcePart, TypesetPart
from bundler.bind.volume_scope import VolumeScope
from bundler.bind.volume_split import split_into_books
from bundler.bundle.check import CheckedCase
from bundler.bundle.manifest import attachments
from bundler.case.model import Material
from bundler.errors import TemplateError
from bundler.pages.cover_index_notes import (
    build_absent_view,
    build_closing_view,
    build_cover_view,
    build_index_view,
    build_materials_list_view,
)
from bundler.pages.html_templates import fill_page, read_page_style
from bundler.pages.volume import RasterisedPages, Volume, find_closing_date
from bundler.regulation.papers import PAPERS, Item
from bundler.typeset.typesetter import Typesetter
from bundler.word.blocks import WordPapers

if TYPE_CHECKING:
    from bundler.bundle.binding_plan import BindingPlan
    from bundler.signature.signing import SigningKey

COVER, INDEX, CLOSING = "cover", "index", "closing_note"
_LIST = "write_off_list"
_ROUNDS = 5
"""The list of materials names 页号, and its own length moves them: it settles at once or nearly so."""

Step = Callable[[str], None]
"""Told what is being done, for a progress bar."""


@dataclass
class PreparedBundle:
    """A volume whose every page is set and numbered, and nothing of it written yet.

    Attributes:
        volume: the whole of it, with one numbering.
        books: the books (册) that it is written as.
        left_out: the papers that a 正卷 leaves out.
    """

    checked: CheckedCase
    volume: Volume
    books: tuple[Volume, ...]
    left_out: tuple[BoundPaper, ...]
    typesetter: Typesetter
    templates: Path


def prepare_bundle(  # noqa: PLR0913 (what is bound, and how)
    checked: CheckedCase,
    plan: BindingPlan,
    word_papers: WordPapers,
    templates: Path,
    *,
    progress: Step = lambda _: None,
    scope: VolumeScope = VolumeScope.WHOLE,
    divided: bool = True,
) -> PreparedBundle:
    """Typeset the papers of a complete case, and give each its 页号.

    Args:
        checked: the case.
        plan: which papers are bound.
        word_papers: its Word papers, as blocks.
        templates: the templates' folder.
        progress: called before each step.
        scope: the whole or the 正卷.
        divided: split into books where the profile limits the length of one.

    Raises:
        TemplateError: a template is broken.
        FontGlyphError: no font has one of the characters.
    """
    progress("排版")
    typesetter = Typesetter()
    set_pages = typesetter.set_papers(word_papers)
    counts = {paper.key: count_pages(checked, paper, set_pages) for paper in plan.papers}
    unnumbered = Volume(checked.case, checked.profile, checked.check_result.kind, plan.sections, {}, scope=scope)
    volume = _numbered(checked, unnumbered, counts, templates, typesetter)
    books = _books(volume, templates, typesetter) if divided else (volume,)
    return PreparedBundle(checked, volume, books, plan.left_out, typesetter, templates)


def write_bundle(
    prepared: PreparedBundle, target: Path, progress: Step = lambda _: None, key: SigningKey | None = None
) -> tuple[BoundFile, ...]:
    """Join each book into one file, which appears whole or not at all, signed where there is a key.

    Raises:
        CaseError: it cannot be signed.
        OutputError: it cannot be written.
        FileChangedError: a file is no longer the one that was checked.
    """
    finish = key.sign if key else None
    return tuple(
        join(*_book_of(prepared, book, progress), book_path(target, book), _extras(prepared, book, finish))
        for book in prepared.books
    )


def book_path(target: Path, book: Volume) -> Path:
    """Where a book is written: beside the others, each with its number."""
    return target.with_stem(f"{target.stem}-第{book.book}册") if book.books > 1 else target


def _book_of(
    prepared: PreparedBundle, book: Volume, progress: Step
) -> tuple[bytes, Iterator[TypesetPart | SourcePart], tuple[OutlineEntry, ...]]:
    """A book's set pages, its parts in order, and its outline."""
    cover, index, closing = (_own_key(name, book) for name in (COVER, INDEX, CLOSING))
    order = [cover, index, *(page_key(paper) for paper in book.papers if not is_source(paper)), closing]
    progress("写出卷页")
    base, places = prepared.typesetter.write(
        order, title(book), identifier(prepared.checked), find_closing_date(prepared.checked.case)
    )
    parts = [
        TypesetPart(*places[cover], label="封面"),
        TypesetPart(*places[index], label="目录-"),
        *(part_of(prepared.checked, prepared.volume, book, paper, places) for paper in book.papers),
        TypesetPart(*places[closing], label="备考表"),
    ]
    return base, _told(read_ahead(parts), progress), outline_of(book)


def _extras(prepared: PreparedBundle, book: Volume, finish: Callable[[BinaryIO], None] | None) -> JoinOptions:
    attach = partial(attachments, prepared.checked, book, prepared.left_out, prepared.templates)
    return JoinOptions(attach, book.first_folio, finish=finish)


def _told(parts: Iterable[TypesetPart | SourcePart], progress: Step) -> Iterator[TypesetPart | SourcePart]:
    """The parts, each told of as it is bound."""
    for part in parts:
        if part.name:
            progress(part.name)
        yield part


def title(volume: Volume) -> str:
    """The file's title, shown in the window of a viewer."""
    what = [volume.kind.label]
    if volume.scope is VolumeScope.MAIN:
        what.append(volume.scope.label)
    if volume.books > 1:
        what.append(f"第{volume.book}册 共{volume.books}册")
    return f"{volume.reg_no}　执行申诉信访案件卷宗（{'，'.join(what)}）"


def is_source(paper: BoundPaper) -> bool:
    """Whether a paper's pages are those of an attached file."""
    return paper.origin is Origin.FILE


def _pages(paper: BoundPaper, total: int) -> range:
    """Which pages of a file are bound, from 1."""
    return page_range(paper.material, total) if paper.material else range(1, total + 1)


def count_pages(checked: CheckedCase, paper: BoundPaper, set_pages: Mapping[str, int]) -> int:
    """How many pages a paper has, told by its file or by its setting; one for a page that is yet to be set."""
    if paper.material and is_source(paper):
        return len(_pages(paper, len(checked.records[paper.material.file].pages)))
    if paper.key in set_pages:
        return len(_pages(paper, set_pages[paper.key]))
    return 1


def page_key(paper: BoundPaper) -> str:
    """The key of a paper's set pages: a page of the bundle's own is called by its template's name."""
    if paper.origin is Origin.MATERIALS_LIST:
        return _LIST
    return f"absent_note:{paper.key}" if paper.origin is Origin.ABSENT_NOTE else paper.key


def _numbered(
    checked: CheckedCase, volume: Volume, counts: dict[str, int], templates: Path, typesetter: Typesetter
) -> Volume:
    """Set the bundle's own pages until the 页号 that they name are those that they bring about."""
    for _ in range(_ROUNDS):
        volume = replace(volume, folios=number_papers(volume.sections, counts))
        volume = replace(volume, pictured=tuple(pictured_in(checked, volume)))
        set_pages = set_own(dict(_views(volume)), templates, typesetter)
        found = {paper.key: set_pages[page_key(paper)] for paper in volume.papers if page_key(paper) in set_pages}
        if all(counts[key] == count for key, count in found.items()):
            return volume
        counts |= found
    raise TemplateError("核销材料清单的页数定不下来。", fix="请检查模板 pages/write_off_list.html 的行高。")


def pictured_in(checked: CheckedCase, volume: Volume) -> Iterator[RasterisedPages]:
    """The pages that are bound as pictures of themselves, by their 页号."""
    for paper in volume.papers:
        if paper.material is None or not is_source(paper):
            continue
        record = checked.records[paper.material.file]
        pages = _pages(paper, len(record.pages))
        for change in record.pictured:
            bound = tuple(volume.folios[paper.key].first + page - pages.start for page in change.pages if page in pages)
            if bound:
                yield RasterisedPages(paper.title, bound, change.what)


def set_own(views: Mapping[str, object], templates: Path, typesetter: Typesetter) -> dict[str, int]:
    """Fill and set pages of the bundle's own; the part of a key before the colon names the template."""
    pages = {key: fill_page(templates, key.partition(":")[0], view) for key, view in views.items()}
    return typesetter.set_pages(pages, read_page_style(templates))


def _books(volume: Volume, templates: Path, typesetter: Typesetter) -> tuple[Volume, ...]:
    """The books of a volume, each with its own cover, index and closing note."""
    divided = split_into_books(volume.sections, volume.folios, volume.profile.volume_pages)
    if len(divided) == 1:
        return (volume,)
    places = {paper.key: volume.place(paper) for paper in volume.papers}
    books = tuple(
        replace(volume, sections=one.sections, folios=one.folios, book=n, books=len(divided), places=places)
        for n, one in enumerate(divided, start=1)
    )
    books = tuple(replace(book, pictured=tuple(_within(book))) for book in books)
    for book in books:
        views = {COVER: build_cover_view(book), INDEX: build_index_view(book), CLOSING: build_closing_view(book)}
        set_own({_own_key(name, book): view for name, view in views.items()}, templates, typesetter)
    return books


def _within(book: Volume) -> Iterator[RasterisedPages]:
    """The pictured pages that lie in a book."""
    folios = range(book.first_folio, book.first_folio + book.pages)
    for one in book.pictured:
        here = tuple(folio for folio in one.folios if folio in folios)
        if here:
            yield replace(one, folios=here)


def _own_key(name: str, book: Volume) -> str:
    return f"{name}:{book.book}" if book.books > 1 else name


def _views(volume: Volume) -> Iterator[tuple[str, object]]:
    yield COVER, build_cover_view(volume)
    yield INDEX, build_index_view(volume)
    for paper in volume.papers:
        if paper.origin is Origin.MATERIALS_LIST:
            yield page_key(paper), build_materials_list_view(volume)
        elif paper.absent is not None:
            yield page_key(paper), build_absent_view(volume, paper.absent)
    yield CLOSING, build_closing_view(volume)


def identifier(checked: CheckedCase) -> bytes:
    """The file's identifier, from what goes into it and from nothing else."""
    digest = hashlib.sha256(checked.reading.data)
    for name, record in sorted(checked.records.items()):
        digest.update(f"{name}\0{record.sha256}\0".encode())
    return digest.digest()[:16]


def part_of(
    checked: CheckedCase, volume: Volume, book: Volume, paper: BoundPaper, places: Mapping[str, tuple[int, int]]
) -> TypesetPart | SourcePart:
    """A paper's pages that lie in a book of a volume."""
    whole, own = volume.folios[paper.key], book.folios[paper.key]
    within = slice(own.first - whole.first, own.last - whole.first + 1)
    if paper.material is not None and is_source(paper):
        return _source_part(checked, paper.material, paper.title, within)
    first, last = places[page_key(paper)]
    pages = _pages(paper, last - first + 1)[within]
    return TypesetPart(first + pages.start - 1, first + pages.stop - 2, name=paper.title)


def _source_part(checked: CheckedCase, material: Material, name: str, within: slice = slice(None)) -> SourcePart:
    """The pages of an attached file that are bound."""
    record = checked.records[material.file]
    pages = page_range(material, len(record.pages))[within]
    free = frozenset(n for n, page in enumerate(record.pages, start=1) if page.free_corner)
    load = partial(checked.checked_bytes, material.file)
    return SourcePart(
        media_type=record.media_type,
        pages=pages,
        load=load,
        free_corners=free,
        file=material.file,
        size=record.size,
        name=name,
        touched=record.touched,
        pictured=record.pictured_pages & set(pages),
    )


def outline_of(volume: Volume) -> tuple[OutlineEntry, ...]:
    """An entry for each item, and under it one for each paper that serves it, with its 页号."""
    entries = (_section_entry(volume, section) for section in volume.sections)
    return tuple(entry for entry in entries if entry.below)


def _section_entry(volume: Volume, section: Section) -> OutlineEntry:
    papers = [paper for paper in (*section.elsewhere, *section.papers) if volume.holds(paper)]
    below = tuple(paper_entry(paper.title, volume.folios[paper.key]) for paper in papers)
    return OutlineEntry(_heading(section.item), below[0].folio if below else 0, below)


def paper_entry(title_: str, folios: FolioRange) -> OutlineEntry:
    """A paper's entry: its title and its 页号."""
    return OutlineEntry(f"{title_}　{folios}", folios.first)


def _heading(item: Item) -> str:
    paper = PAPERS[item]
    return f"{paper.article}　{paper.label}" if paper.article and paper.number else paper.label
