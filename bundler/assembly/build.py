"""One bundle out of a case that the gate has let through: draft, set, number, join."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bundler.assembly.examine import Examined
from bundler.assembly.record import attachments
from bundler.bind.join import Bound, Entry, SetPart, SourcePart, join
from bundler.bind.plan import BoundPaper, Folios, Origin, Section, arrange, number, page_range, papers_of
from bundler.documents.catalogue import DOCUMENTS
from bundler.documents.render import draft
from bundler.errors import TemplateError
from bundler.materials.folder import read_unchanged
from bundler.pages.fill import page_html, page_style
from bundler.pages.views import absent_view, closing_view, cover_view, index_view, materials_list_view
from bundler.pages.volume import Pictured, Volume
from bundler.regulation.items import PAPERS, Item
from bundler.typeset.layout import Typesetter
from bundler.word.blocks import Blocks, read_blocks

COVER, INDEX, CLOSING = "cover", "index", "closing_note"
_LIST = "write_off_list"
_ROUNDS = 5
"""The list of materials names 页号, and its own length moves them: it settles at once or nearly so."""

Step = Callable[[str], None]
"""Told what is being done, for a progress bar."""


@dataclass
class Prepared:
    """A bundle whose every page is set and numbered, and nothing of it written yet."""

    examined: Examined
    volume: Volume
    setter: Typesetter
    templates: Path
    counts: Mapping[str, int] = field(default_factory=dict)


def prepare(examined: Examined, templates: Path, step: Step = lambda _: None) -> Prepared:
    """Draft and set the papers of a complete case, and give each its 页号.

    Raises:
        TemplateError: a template is broken.
        FontGlyphError: a character that no font has.
        FileChangedError: a Word file is no longer the one that was checked.
    """
    case, verdict = examined.case, examined.verdict
    sections = arrange(case, verdict.kind, examined.records)
    papers = [paper for section in sections for paper in section.papers]
    step("起草文书")
    blocks = [(paper.key, _blocks(examined, paper, templates)) for paper in papers if _is_word(paper)]
    step("排版")
    setter = Typesetter()
    set_pages = setter.set_papers(blocks)
    counts = {paper.key: _count(examined, paper, set_pages) for paper in papers}
    volume = _numbered(examined, sections, counts, templates, setter)
    return Prepared(examined, volume, setter, templates, counts)


def write(prepared: Prepared, target: Path, step: Step = lambda _: None) -> Bound:
    """Join the bundle into one file, which appears whole or not at all.

    Raises:
        OutputError: it cannot be written.
        FileChangedError: a file is no longer the one that was checked.
    """
    volume = prepared.volume
    order = [COVER, INDEX, *(_page_key(paper) for paper in volume.papers if not _is_source(paper)), CLOSING]
    step("写出卷页")
    base, places = prepared.setter.write(order, title(volume), _identifier(prepared))
    attach = partial(attachments, prepared.examined, volume, prepared.templates)
    return join(base, _parts(prepared, places, step), _outline(volume), target, attach)


def title(volume: Volume) -> str:
    """The file's title, shown in the window of a viewer."""
    return f"{volume.reg_no}　执行申诉信访案件卷宗（{volume.kind.label}）"


def _is_word(paper: BoundPaper) -> bool:
    return paper.origin in {Origin.GENERATED, Origin.WORD_FILE}


def _is_source(paper: BoundPaper) -> bool:
    return paper.origin is Origin.FILE


def _blocks(examined: Examined, paper: BoundPaper, templates: Path) -> Blocks:
    """A paper's Word file, drafted or the clerk's own, as blocks: both go the same way from here."""
    if paper.material is None:
        data = draft(examined.case, DOCUMENTS[paper.document], examined.profile, templates)
    else:
        data = _bytes(examined, paper.material.file)
    return read_blocks(data)


def _bytes(examined: Examined, file: str) -> bytes:
    return read_unchanged(examined.reading.folder, file, examined.records[file].sha256)


def _pages(paper: BoundPaper, total: int) -> range:
    """Which pages of a file are bound, from 1."""
    return page_range(paper.material, total) if paper.material else range(1, total + 1)


def _count(examined: Examined, paper: BoundPaper, set_pages: Mapping[str, int]) -> int:
    if paper.material and _is_source(paper):
        return len(_pages(paper, len(examined.records[paper.material.file].pages)))
    if paper.key in set_pages:
        return len(_pages(paper, set_pages[paper.key]))
    return 1


def _page_key(paper: BoundPaper) -> str:
    """The key of a paper's set pages: a page of the bundle's own is called by its template's name."""
    if paper.origin is Origin.MATERIALS_LIST:
        return _LIST
    return f"absent_note:{paper.key}" if paper.origin is Origin.ABSENT_NOTE else paper.key


def _numbered(
    examined: Examined, sections: tuple[Section, ...], counts: dict[str, int], templates: Path, setter: Typesetter
) -> Volume:
    """Set the bundle's own pages until the 页号 that they name are those that they bring about."""
    style = page_style(templates)
    for _ in range(_ROUNDS):
        folios: dict[str, Folios] = number(sections, counts)
        pictured = tuple(_pictured(examined, sections, folios))
        volume = Volume(examined.case, examined.profile, examined.verdict.kind, sections, folios, pictured)
        own = {key: page_html(templates, key.partition(":")[0], view) for key, view in _views(volume)}
        set_pages = setter.set_pages(own, style)
        found = {paper.key: set_pages[_page_key(paper)] for paper in volume.papers if _page_key(paper) in set_pages}
        if all(counts[key] == count for key, count in found.items()):
            return volume
        counts |= found
    raise TemplateError("核销材料清单的页数定不下来。", fix="请检查模板 pages/write_off_list.html 的行高。")


def _pictured(examined: Examined, sections: tuple[Section, ...], folios: Mapping[str, Folios]) -> Iterator[Pictured]:
    """The pages that are bound as pictures of themselves, by their 页号."""
    for paper in papers_of(sections):
        if paper.material is None or not _is_source(paper):
            continue
        record = examined.records[paper.material.file]
        pages = _pages(paper, len(record.pages))
        for change in record.pictured:
            bound = tuple(folios[paper.key].first + page - pages.start for page in change.pages if page in pages)
            if bound:
                yield Pictured(paper.title, bound, change.what)


def _views(volume: Volume) -> Iterator[tuple[str, object]]:
    yield COVER, cover_view(volume)
    yield INDEX, index_view(volume)
    for paper in volume.papers:
        if paper.origin is Origin.MATERIALS_LIST:
            yield _page_key(paper), materials_list_view(volume)
        elif paper.absent is not None:
            yield _page_key(paper), absent_view(volume, paper.absent)
    yield CLOSING, closing_view(volume)


def _identifier(prepared: Prepared) -> bytes:
    """The file's identifier, from what goes into it and from nothing else."""
    digest = hashlib.sha256(prepared.examined.reading.data)
    for name, record in sorted(prepared.examined.records.items()):
        digest.update(f"{name}\0{record.sha256}\0".encode())
    return digest.digest()[:16]


def _parts(prepared: Prepared, places: Mapping[str, tuple[int, int]], step: Step) -> Iterator[SetPart | SourcePart]:
    yield SetPart(*places[COVER], label="封面")
    yield SetPart(*places[INDEX], label="目录-")
    for paper in prepared.volume.papers:
        step(paper.title)
        if paper.material is not None and _is_source(paper):
            record = prepared.examined.records[paper.material.file]
            pages = _pages(paper, len(record.pages))
            load = partial(_bytes, prepared.examined, paper.material.file)
            free = frozenset(n for n, page in enumerate(record.pages, start=1) if page.free_corner)
            yield SourcePart(
                media_type=record.media_type,
                pages=pages,
                load=load,
                free_corners=free,
                name=paper.material.file,
                touched=record.touched,
                pictured=record.pictured_pages & set(pages),
            )
            continue
        first, last = places[_page_key(paper)]
        pages = _pages(paper, last - first + 1)
        yield SetPart(first + pages.start - 1, first + pages.stop - 2)
    yield SetPart(*places[CLOSING], label="备考表")


def _outline(volume: Volume) -> tuple[Entry, ...]:
    """An entry for each item, and under it one for each paper that serves it, with its 页号."""
    return tuple(_section_entry(volume, section) for section in volume.sections)


def _section_entry(volume: Volume, section: Section) -> Entry:
    below = tuple(_paper_entry(volume, paper) for paper in (*section.elsewhere, *section.papers))
    return Entry(_heading(section.item), below[0].folio, below)


def _paper_entry(volume: Volume, paper: BoundPaper) -> Entry:
    folios = volume.folios[paper.key]
    return Entry(f"{paper.title}　{folios}", folios.first)


def _heading(item: Item) -> str:
    paper = PAPERS[item]
    return f"{paper.article}　{paper.label}" if paper.article and paper.number else paper.label
