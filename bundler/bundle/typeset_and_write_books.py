"""Typeset and number the papers of a planned bundle, split it into books (册), and write each book as one PDF."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bundler.bind.binding_order import BoundPaper, FolioRange, Origin, Section, number_papers, page_range
from bundler.bind.join import join
from bundler.bind.join_types import BoundFile, JoinOptions, OutlineEntry, SourcePart, TypesetPart, layered_pages
from bundler.bind.read_ahead_and_write_behind import read_ahead
from bundler.bind.text_layer import layer_characters
from bundler.bind.volume_scope import VolumeScope
from bundler.bind.volumes_and_books import split_into_books
from bundler.bundle.manifest import attachments
from bundler.bundle.read_and_check_case import CheckedCase
from bundler.case.model import Material
from bundler.cover_and_index.arranged_volume import RasterisedPages, Volume, find_closing_date
from bundler.cover_and_index.cover_index_notes import (
    build_absent_view,
    build_closing_view,
    build_cover_view,
    build_index_view,
    build_materials_list_view,
)
from bundler.cover_and_index.fill_page_template import fill_page, read_page_style
from bundler.errors import TemplateError
from bundler.regulation.papers import Paper
from bundler.typeset.typesetter import Typesetter
from bundler.word.block_model import WordPapers

if TYPE_CHECKING:
    from bundler.bundle.binding_plan import BindingPlan
    from bundler.scan_reading.record import ReadPage
    from bundler.signature.signing import SigningKey

COVER, INDEX, CLOSING = "cover", "index", "closing_note"
_LIST = "write_off_list"
_ROUNDS = 5
"""The list of materials prints 页号, and its own length shifts them; it settles in the first rounds."""

Step = Callable[[str], None]
"""Called with the step that begins, in Chinese, for a progress bar."""


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
    typeset_pages = typesetter.typeset_papers(word_papers)
    counts = {paper.key: count_pages(checked, paper, typeset_pages) for paper in plan.papers}
    unnumbered = Volume(checked.case, checked.profile, checked.check_result.kind, plan.sections, {}, scope=scope)
    volume = _number_volume(checked, unnumbered, counts, templates, typesetter)
    books = _split_volume(volume, templates, typesetter) if divided else (volume,)
    return PreparedBundle(checked, volume, books, plan.left_out, typesetter, templates)


def write_bundle(
    prepared: PreparedBundle, target: Path, progress: Step = lambda _: None, key: SigningKey | None = None
) -> tuple[BoundFile, ...]:
    """Write each book as one file, which appears whole or not at all, signed where there is a key.

    Raises:
        CaseError: the file cannot be signed.
        OutputError: the file cannot be written.
        FileChangedError: an attached file has changed since the check.
    """
    sign = key.sign if key else None
    return tuple(_write_book(prepared, book, target, progress, sign) for book in prepared.books)


def _write_book(
    prepared: PreparedBundle,
    book: Volume,
    target: Path,
    progress: Step,
    sign: Callable[[BinaryIO], None] | None,
) -> BoundFile:
    base, parts, outline = _book_parts(prepared, book, progress)
    options = JoinOptions(
        partial(attachments, prepared.checked, book, prepared.left_out, prepared.templates),
        book.first_folio,
        sign=sign,
        layer_characters=layer_characters(layered_pages(parts)),
    )
    return join(base, _report_parts(read_ahead(parts), progress), outline, book_path(target, book), options)


def book_path(target: Path, book: Volume) -> Path:
    """The file of a book: the target, or a file beside it with the book's number where there are several."""
    return target.with_stem(f"{target.stem}-第{book.book}册") if book.books > 1 else target


def _book_parts(
    prepared: PreparedBundle, book: Volume, progress: Step
) -> tuple[bytes, list[TypesetPart | SourcePart], tuple[OutlineEntry, ...]]:
    """A book's typeset pages as a PDF, its parts in order, and its outline."""
    cover, index, closing = (_template_key(name, book) for name in (COVER, INDEX, CLOSING))
    order = [cover, index, *(page_key(paper) for paper in book.papers if not is_source(paper)), closing]
    progress("写出卷页")
    base, page_spans = prepared.typesetter.write(
        order, document_title(book), identifier(prepared.checked), find_closing_date(prepared.checked.case)
    )
    parts = [
        TypesetPart(*page_spans[cover], label="封面"),
        TypesetPart(*page_spans[index], label="目录-"),
        *(part_of(prepared.checked, prepared.volume, book, paper, page_spans) for paper in book.papers),
        TypesetPart(*page_spans[closing], label="备考表"),
    ]
    return base, parts, build_outline(book)


def _report_parts(parts: Iterable[TypesetPart | SourcePart], progress: Step) -> Iterator[TypesetPart | SourcePart]:
    for part in parts:
        if part.name:
            progress(part.name)
        yield part


def document_title(volume: Volume) -> str:
    """The title of the file, which a viewer shows in its window."""
    what = [volume.kind.label]
    if volume.scope is VolumeScope.MAIN:
        what.append(volume.scope.label)
    if volume.books > 1:
        what.append(f"第{volume.book}册 共{volume.books}册")
    return f"{volume.reg_no}　执行申诉信访案件卷宗（{'，'.join(what)}）"


def is_source(paper: BoundPaper) -> bool:
    """Whether a paper's pages are those of an attached file (not a Word file, which is typeset)."""
    return paper.origin is Origin.FILE


def _bound_pages(paper: BoundPaper, total: int) -> range:
    """The pages of a paper that are bound, counted from 1, out of `total`."""
    return page_range(paper.material, total) if paper.material else range(1, total + 1)


def count_pages(checked: CheckedCase, paper: BoundPaper, typeset_pages: Mapping[str, int]) -> int:
    """Count the pages of a paper in its file or its typesetting; 1 for a page that is not typeset yet."""
    if paper.material and is_source(paper):
        return len(_bound_pages(paper, len(checked.records[paper.material.file].pages)))
    if paper.key in typeset_pages:
        return len(_bound_pages(paper, typeset_pages[paper.key]))
    return 1


def page_key(paper: BoundPaper) -> str:
    """The key of a paper's typeset pages; for pages that the tool adds, it begins with the template's name."""
    if paper.origin is Origin.MATERIALS_LIST:
        return _LIST
    return f"absent_note:{paper.key}" if paper.origin is Origin.ABSENT_NOTE else paper.key


def _number_volume(
    checked: CheckedCase, volume: Volume, counts: dict[str, int], templates: Path, typesetter: Typesetter
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
        pages = _bound_pages(paper, len(record.pages))
        for change in record.pictured:
            bound = tuple(volume.folios[paper.key].first + page - pages.start for page in change.pages if page in pages)
            if bound:
                yield RasterisedPages(paper.title, bound, change.what)


def typeset_own_pages(views: Mapping[str, object], templates: Path, typesetter: Typesetter) -> dict[str, int]:
    """Fill and typeset pages that the tool adds; the part of a key before the colon is the template's name.

    Returns:
        The number of pages for each key.
    """
    pages = {key: fill_page(templates, key.partition(":")[0], view) for key, view in views.items()}
    return typesetter.typeset_pages(pages, read_page_style(templates))


def _split_volume(volume: Volume, templates: Path, typesetter: Typesetter) -> tuple[Volume, ...]:
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
        typeset_own_pages({_template_key(name, book): view for name, view in views.items()}, templates, typesetter)
    return books


def _rasterised_in_book(book: Volume) -> Iterator[RasterisedPages]:
    folios = range(book.first_folio, book.first_folio + book.pages)
    for one in book.rasterised:
        here = tuple(folio for folio in one.folios if folio in folios)
        if here:
            yield replace(one, folios=here)


def _template_key(name: str, book: Volume) -> str:
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


def identifier(checked: CheckedCase) -> bytes:
    """The identifier of the typeset PDF, derived only from the case and its files."""
    digest = hashlib.sha256(checked.reading.data)
    for name, record in sorted(checked.records.items()):
        digest.update(f"{name}\0{record.sha256}\0".encode())
    return digest.digest()[:16]


def part_of(
    checked: CheckedCase, volume: Volume, book: Volume, paper: BoundPaper, page_spans: Mapping[str, tuple[int, int]]
) -> TypesetPart | SourcePart:
    """The part of a book that binds a paper: the paper's pages that lie in this book."""
    whole, own = volume.folios[paper.key], book.folios[paper.key]
    within = slice(own.first - whole.first, own.last - whole.first + 1)
    if paper.material is not None and is_source(paper):
        return _source_part(checked, paper.material, paper.title, within)
    first, last = page_spans[page_key(paper)]
    pages = _bound_pages(paper, last - first + 1)[within]
    return TypesetPart(first + pages.start - 1, first + pages.stop - 2, name=paper.title)


def _source_part(checked: CheckedCase, material: Material, name: str, within: slice = slice(None)) -> SourcePart:
    """The part that binds pages of an attached file; `within` selects those of one book."""
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
        layer=_layer(checked, material.file, pages),
    )


def _layer(checked: CheckedCase, file: str, pages: range) -> dict[int, ReadPage]:
    """What was read on pages of an attached file; only pages with words."""
    reading = checked.scan_readings.by_file.get(file)
    read = reading.pages if reading else ()
    return {page.number: page for page in read if page.number in pages and page.lines}


def build_outline(volume: Volume) -> tuple[OutlineEntry, ...]:
    """Build the outline: an entry for each item, and below it one for each paper that serves it, with its 页号."""
    entries = (_section_entry(volume, section) for section in volume.sections)
    return tuple(entry for entry in entries if entry.below)


def _section_entry(volume: Volume, section: Section) -> OutlineEntry:
    papers = [paper for paper in (*section.elsewhere, *section.papers) if volume.holds(paper)]
    below = tuple(paper_entry(paper.title, volume.folios[paper.key]) for paper in papers)
    return OutlineEntry(_heading(volume.profile.regulation.papers[section.item]), below[0].folio if below else 0, below)


def paper_entry(title: str, folios: FolioRange) -> OutlineEntry:
    """The outline entry of a paper: its title and its 页号."""
    return OutlineEntry(f"{title}　{folios}", folios.first)


def _heading(paper: Paper) -> str:
    return f"{paper.article}　{paper.label}" if paper.article and paper.number else paper.label
