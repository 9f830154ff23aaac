"""Append papers that arrive after a bundle was handed in; its own pages and their 页号 stay unchanged."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pikepdf

from bundler.bind.binding_order import FolioRange, number_papers
from bundler.bind.embed_files import JSON, EmbeddedFile
from bundler.bind.join import join
from bundler.bind.join_types import (
    BoundFile,
    BoundPage,
    EarlierFile,
    JoinOptions,
    OutlineEntry,
    TypesetPart,
    layered_pages,
)
from bundler.bind.read_ahead_and_write_behind import read_ahead
from bundler.bind.text_layer import layer_characters
from bundler.bundle.binding_plan import BindingPlan
from bundler.bundle.manifest import bundle_manifest, manifest_attachments, supplement_manifest
from bundler.bundle.read_and_check_case import CheckedCase
from bundler.bundle.typeset_and_number_books import (
    count_pages,
    is_source,
    page_key,
    rasterised_pages,
    typeset_own_pages,
)
from bundler.bundle.typesetter_process import PageTypesetter
from bundler.bundle.write_books import Step, identifier, paper_entry, part_of
from bundler.cover_and_index.arranged_volume import Volume, find_closing_date
from bundler.cover_and_index.cover_index_notes import build_index_view, build_supplement_note_view
from bundler.digest import sha256_of
from bundler.errors import FileChangedError
from bundler.manifest.model import CASE_NAME, MANIFEST_NAME, Manifest
from bundler.signature.signing import SigningKey

_INDEX, _NOTE = "supplement_index", "supplement_note"


@dataclass(frozen=True, slots=True)
class EarlierBundle:
    """A verified bundle, to which papers are added.

    Attributes:
        path: the file.
        sha256: the digest of the whole file.
        length: how many bytes its seal covers; a signature may follow them.
        manifest: its manifest.
        manifest_sha256: the digest of the manifest's bytes.
    """

    path: Path
    sha256: str
    length: int
    manifest: Manifest
    manifest_sha256: str


@dataclass
class PreparedSupplement:
    """New papers that are typeset and numbered, before anything is written.

    Attributes:
        checked: the case.
        earlier: the bundle to which they are added.
        volume: the new papers.
        typesetter: holds the typeset pages.
        templates: the templates' folder.
    """

    checked: CheckedCase
    earlier: EarlierBundle
    volume: Volume
    typesetter: PageTypesetter
    templates: Path


def prepare_supplement(
    checked: CheckedCase,
    plan: BindingPlan,
    typesetter: PageTypesetter,
    earlier: EarlierBundle,
    templates: Path,
) -> PreparedSupplement:
    """Number the papers that an earlier bundle does not hold after its own, and typeset their index and note.

    Raises:
        BundlerError: as `bundler.bundle.typeset_and_number_books.prepare_bundle` says.
    """
    manifest = earlier.manifest
    counts = {paper.key: count_pages(checked, paper, typesetter.page_counts) for paper in plan.papers}
    last = manifest.folios[-1]
    numbered = number_papers(plan.sections, counts)
    folios = {key: FolioRange(one.first + last, one.last + last) for key, one in numbered.items()}
    index_numbers = {paper.key: len(manifest.papers) + n for n, paper in enumerate(plan.papers, start=1)}
    volume = Volume(
        checked.case,
        checked.profile,
        manifest.kind,
        plan.sections,
        folios,
        scope=manifest.volume,
        index_numbers=index_numbers,
    )
    volume = replace(volume, rasterised=tuple(rasterised_pages(checked, volume)))
    times = len(manifest.earlier) + 1
    views = {_INDEX: build_index_view(volume), _NOTE: build_supplement_note_view(volume, times)}
    typeset_own_pages(views, templates, typesetter)
    return PreparedSupplement(checked, earlier, volume, typesetter, templates)


def write_supplement(
    prepared: PreparedSupplement, target: Path, progress: Step = lambda _: None, key: SigningKey | None = None
) -> BoundFile:
    """Write the earlier bundle and the new papers as one file, which appears whole or not at all.

    Raises:
        CaseError: the file cannot be signed.
        OutputError: the file cannot be written.
        FileChangedError: the earlier bundle or an attached file has changed since the check.
    """
    data = _earlier_bytes(prepared.earlier)
    volume = prepared.volume
    order = [_INDEX, *(page_key(paper) for paper in volume.papers if not is_source(paper)), _NOTE]
    base, places = prepared.typesetter.write(
        order, "补充材料", identifier(prepared.checked), find_closing_date(prepared.checked.case)
    )
    parts = [
        TypesetPart(*places[_INDEX], label="补充目录-"),
        *(part_of(prepared.checked, volume, volume, paper, places) for paper in volume.papers),
        TypesetPart(*places[_NOTE], label="补充备考表"),
    ]
    progress("写出卷页")
    pages = tuple(BoundPage(page.label, page.sha256, page.links) for page in prepared.earlier.manifest.page_digests)
    extras = JoinOptions(
        partial(_files_to_embed, prepared, data),
        volume.first_folio,
        EarlierFile(data, pages),
        key.sign if key else None,
        layer_characters(layered_pages(parts)),
    )
    return join(base, read_ahead(parts), [_outline(prepared)], target, extras)


def _earlier_bytes(earlier: EarlierBundle) -> bytes:
    """Read the earlier bundle as it was sealed: the bytes that were verified, without a signature behind them."""
    data = earlier.path.read_bytes()
    if sha256_of(data) != earlier.sha256:
        raise FileChangedError(
            f"“{earlier.path}”在核对以后被改动了，没有成卷。", fix="请等文件不再变动后重新运行。", code="FILE-CHANGED"
        )
    return data[: earlier.length]


def _outline(prepared: PreparedSupplement) -> OutlineEntry:
    volume, times = prepared.volume, len(prepared.earlier.manifest.earlier) + 1
    title = "补充材料" if times == 1 else f"补充材料（第{times}次）"
    below = tuple(paper_entry(paper.title, volume.folios[paper.key]) for paper in volume.papers)
    return OutlineEntry(title, volume.first_folio, below)


def _files_to_embed(prepared: PreparedSupplement, data: bytes, pages: Sequence[BoundPage]) -> tuple[EmbeddedFile, ...]:
    """The new manifest and case, and the files of the earlier bundle, whose manifest and case get numbered names."""
    old = prepared.earlier.manifest
    new = bundle_manifest(prepared.checked, prepared.volume, (), prepared.templates, pages)
    manifest = supplement_manifest(old, prepared.earlier.manifest_sha256, new)
    times = len(manifest.earlier)
    names = {MANIFEST_NAME: f"manifest-{times}.json", CASE_NAME: f"case-{times}.json"}
    with pikepdf.open(io.BytesIO(data)) as pdf:
        carried = {names.get(name, name): spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
    kept = (EmbeddedFile(name, held, JSON, "Data", "补充以前的清单和案件数据") for name, held in carried.items())
    return (*manifest_attachments(manifest, prepared.checked), *kept)
