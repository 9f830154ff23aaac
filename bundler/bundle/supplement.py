"""Papers that arrive after a bundle was handed in: bound behind it, its own pages and their 页号 as they were."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pikepdf

from bundler.bind.binding_order import BoundPaper, FolioRange, Section, number_papers, paper_of
from bundler.bind.embedded_files import EmbeddedFile
from bundler.bind.join import join
from bundler.bind.parts import BoundFile, BoundPage, EarlierFile, JoinOptions, OutlineEntry, TypesetPart
from bundler.bind.reading import read_ahead
from bundler.bind.volume_split import belongs_to_volume
from bundler.bundle.build import (
    Step,
    count_pages,
    identifier,
    is_source,
    page_key,
    paper_entry,
    part_of,
    pictured_in,
    set_own,
)
from bundler.bundle.check import CheckedCase
from bundler.bundle.manifest import JSON, manifest_attachments, supplement_manifest
from bundler.errors import CaseError, FileChangedError
from bundler.manifest.model import CASE_NAME, MANIFEST_NAME, Manifest
from bundler.pages.cover_index_notes import build_index_view, build_supplement_note_view
from bundler.pages.volume import Volume, find_closing_date
from bundler.regulation.papers import Item
from bundler.signature.signing import SigningKey
from bundler.typeset.typesetter import Typesetter
from bundler.word.blocks import WordPapers

_INDEX, _NOTE = "supplement_index", "supplement_note"


@dataclass(frozen=True, slots=True)
class EarlierBundle:
    """A bundle that was verified.

    Attributes:
        sha256: the digest of the whole file.
        length: the bytes that its seal covers; a signature may stand behind them.
    """

    path: Path
    sha256: str
    length: int
    manifest: Manifest


@dataclass
class PreparedSupplement:
    """The new papers, set and numbered, and nothing of them written yet."""

    examined: CheckedCase
    old: EarlierBundle
    volume: Volume
    setter: Typesetter
    templates: Path


def prepare_supplement(
    examined: CheckedCase, drafted: WordPapers, old: EarlierBundle, templates: Path, step: Step = lambda _: None
) -> PreparedSupplement:
    """Set and number the papers of a complete case that its earlier bundle does not hold; the Word papers are drafted.

    Raises:
        BundlerError: as `bundler.bundle.build.prepare_bundle` says.
    """
    papers = new_papers(examined, old.manifest)
    step("排版")
    setter = Typesetter()
    set_pages = setter.set_papers(drafted)
    counts = {paper.key: count_pages(examined, paper, set_pages) for paper in papers}
    sections = (Section(Item.OTHER, papers),)
    before = old.manifest.folios[-1]
    folios = {
        key: FolioRange(one.first + before, one.last + before) for key, one in number_papers(sections, counts).items()
    }
    places = {paper.key: len(old.manifest.papers) + n for n, paper in enumerate(papers, start=1)}
    volume = Volume(
        examined.case, examined.profile, old.manifest.kind, sections, folios, scope=old.manifest.volume, places=places
    )
    volume = replace(volume, pictured=tuple(pictured_in(examined, volume)))
    times = len(old.manifest.earlier) + 1
    set_own({_INDEX: build_index_view(volume), _NOTE: build_supplement_note_view(volume, times)}, templates, setter)
    return PreparedSupplement(examined, old, volume, setter, templates)


def new_papers(examined: CheckedCase, old: Manifest) -> tuple[BoundPaper, ...]:
    """The case's materials that the earlier bundle neither holds nor leaves out.

    Raises:
        CaseError: there are none.
    """
    known = {(one.sha256, one.pages) for one in old.sources} | {(one.sha256, one.pages) for one in old.left_out}
    papers = tuple(
        paper_of(index, material, material.items[0], examined.records)
        for index, material in enumerate(examined.case.materials)
        if (examined.records[material.file].sha256, material.pages) not in known
        and belongs_to_volume(material.items, old.volume)
    )
    if not papers:
        raise CaseError("案件里没有旧卷以外的新材料，没有成卷。", fix="请先把新材料放进案件文件夹，并写进 materials。")
    return papers


def write_supplement(
    prepared: PreparedSupplement, target: Path, step: Step = lambda _: None, key: SigningKey | None = None
) -> BoundFile:
    """Join the earlier bundle and the new papers into one file, which appears whole or not at all.

    Raises:
        OutputError: it cannot be written.
        FileChangedError: a file is no longer the one that was checked.
    """
    data = _old_bytes(prepared.old)
    volume = prepared.volume
    order = [_INDEX, *(page_key(paper) for paper in volume.papers if not is_source(paper)), _NOTE]
    base, places = prepared.setter.write(
        order, "补充材料", identifier(prepared.examined), find_closing_date(prepared.examined.case)
    )
    parts = [
        TypesetPart(*places[_INDEX], label="补充目录-"),
        *(part_of(prepared.examined, volume, volume, paper, places) for paper in volume.papers),
        TypesetPart(*places[_NOTE], label="补充备考表"),
    ]
    step("写出卷页")
    pages = tuple(BoundPage(page.label, page.sha256, page.links) for page in prepared.old.manifest.page_digests)
    extras = JoinOptions(
        partial(_files, prepared, data), volume.first_folio, EarlierFile(data, pages), key.sign if key else None
    )
    return join(base, read_ahead(parts), [_outline(prepared)], target, extras)


def _old_bytes(old: EarlierBundle) -> bytes:
    """The earlier bundle as it was sealed: the bytes that were verified, without any signature behind them."""
    data = old.path.read_bytes()
    if hashlib.sha256(data).hexdigest() != old.sha256:
        raise FileChangedError(
            f"“{old.path}”在核对以后被改动了，没有成卷。", fix="请等文件不再变动后重新运行。", code="FILE-CHANGED"
        )
    return data[: old.length]


def _outline(prepared: PreparedSupplement) -> OutlineEntry:
    volume, times = prepared.volume, len(prepared.old.manifest.earlier) + 1
    title = "补充材料" if times == 1 else f"补充材料（第{times}次）"
    below = tuple(paper_entry(paper.title, volume.folios[paper.key]) for paper in volume.papers)
    return OutlineEntry(title, volume.first_folio, below)


def _files(prepared: PreparedSupplement, data: bytes, pages: Sequence[BoundPage]) -> tuple[EmbeddedFile, ...]:
    """The new manifest and case, and all that the earlier bundle carried, its own two under names with their number."""
    old = prepared.old.manifest
    manifest = supplement_manifest(old, prepared.examined, prepared.volume, prepared.templates, pages)
    times = len(manifest.earlier)
    names = {MANIFEST_NAME: f"manifest-{times}.json", CASE_NAME: f"case-{times}.json"}
    with pikepdf.open(io.BytesIO(data)) as pdf:
        carried = {names.get(name, name): spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
    kept = (EmbeddedFile(name, held, JSON, "Data", "补充以前的清单和案件数据") for name, held in carried.items())
    return (*manifest_attachments(manifest, prepared.examined), *kept)
