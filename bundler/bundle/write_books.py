"""Write the books (册) of a prepared bundle: the typeset pages as a PDF, joined with the attached files, with outline and manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bundler.bind.binding_order import BoundPaper, FolioRange, Section, page_range
from bundler.bind.join import join
from bundler.bind.join_types import BoundFile, JoinOptions, OutlineEntry, SourcePart, TypesetPart, layered_pages
from bundler.bind.read_ahead_and_write_behind import read_ahead
from bundler.bind.text_layer import layer_characters
from bundler.bind.volume_scope import VolumeScope
from bundler.bundle.manifest import attachments
from bundler.bundle.read_and_check_case import CheckedCase
from bundler.bundle.typeset_and_number_books import (
    CLOSING,
    COVER,
    INDEX,
    PreparedBundle,
    bound_pages,
    is_source,
    page_key,
    template_key,
)
from bundler.case.model import Material
from bundler.cover_and_index.arranged_volume import Volume, find_closing_date
from bundler.regulation.papers import BundleKind, Paper

if TYPE_CHECKING:
    from bundler.scan_reading.record import ReadPage
    from bundler.signature.signing import SigningKey

Step = Callable[[str], None]
"""Called with the step that begins, in Chinese, for a progress bar."""


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
    cover, index, closing = (template_key(name, book) for name in (COVER, INDEX, CLOSING))
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
    pages = bound_pages(paper, last - first + 1)[within]
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
    heading = _heading(volume.profile.regulation.papers[section.item], volume.kind)
    return OutlineEntry(heading, below[0].folio if below else 0, below)


def paper_entry(title: str, folios: FolioRange) -> OutlineEntry:
    """The outline entry of a paper: its title and its 页号."""
    return OutlineEntry(f"{title}　{folios}", folios.first)


def _heading(paper: Paper, kind: BundleKind) -> str:
    """The label of a paper, after the article that asks for it in a bundle of this kind."""
    article = paper.declined_article if kind is BundleKind.DECLINED else paper.number and paper.article
    return f"{article}　{paper.label}" if article else paper.label
