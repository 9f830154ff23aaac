"""Write the manifest of a bundle: its papers, sources and findings as bound, with the digests of everything it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bundler import __version__
from bundler.bind.binding_order import BoundPaper, FolioRange, Origin, page_range
from bundler.bind.embed_files import JSON, EmbeddedFile
from bundler.bind.join_types import BoundPage
from bundler.bind.volume_scope import VolumeScope
from bundler.bundle.read_and_check_case import CheckedCase
from bundler.case.model import Material
from bundler.cover_and_index.arranged_volume import Volume
from bundler.digest import sha256_of
from bundler.documents.shared_template_passages import BLOCKS_FILE, uses_blocks
from bundler.file_inspection_record import FileRecord
from bundler.fonts.files import font_digests
from bundler.manifest.model import (
    CASE_NAME,
    MANIFEST_NAME,
    TOOL_NAME,
    CaseFile,
    EarlierManifest,
    LeftOut,
    Manifest,
    ManifestFinding,
    ManifestPage,
    ManifestPaper,
    ManifestSource,
    NamedRegulation,
    Part,
    Tool,
)
from bundler.manifest.serialization import manifest_bytes
from bundler.regulation.load import load_regulation
from bundler.regulation.model import Regulation
from bundler.typeset.library_versions import library_versions

_NEVER_BOUND = frozenset({"FILE-UNLISTED", "CALENDAR-PROVISIONAL", "ART16-FOLLOW-UP"})
"""Findings about files beside the case, about this machine's calendar, and about plans; they do not concern the bundle."""
_QUESTIONS = "READ-"
"""Begins the rules about what was read on scans: questions to be answered before binding, no statements about a bundle."""


def attachments(
    checked: CheckedCase,
    volume: Volume,
    left_out: Sequence[BoundPaper],
    templates: Path,
    pages: Sequence[BoundPage],
) -> tuple[EmbeddedFile, ...]:
    """The files to embed into a bundle: the manifest first; the case itself only in the whole bundle (全卷)."""
    return manifest_attachments(bundle_manifest(checked, volume, left_out, templates, pages), checked)


def manifest_attachments(manifest: Manifest, checked: CheckedCase) -> tuple[EmbeddedFile, ...]:
    """The manifest as a file to embed, and the case where the manifest says that it is embedded."""
    first = EmbeddedFile(MANIFEST_NAME, manifest_bytes(manifest), JSON, "Data", "卷宗清单：各件、各页和来源文件的摘要")
    case = EmbeddedFile(CASE_NAME, checked.reading.data, JSON, "Data", "案件数据")
    return (first, case) if manifest.case.embedded else (first,)


def bundle_manifest(
    checked: CheckedCase,
    volume: Volume,
    left_out: Sequence[BoundPaper],
    templates: Path,
    pages: Sequence[BoundPage],
) -> Manifest:
    """The manifest of a volume whose pages were written."""
    data = checked.reading.data
    return Manifest(
        registration_no=volume.reg_no,
        kind=volume.kind,
        volume=volume.scope,
        part=Part(number=volume.book, of=volume.books),
        pages=sum(page.label.isdecimal() for page in pages),
        papers=tuple(_manifest_paper(volume, paper) for paper in volume.papers),
        sources=tuple(_manifest_sources(checked, volume)),
        left_out=tuple(_manifest_left_out(checked, paper) for paper in left_out),
        page_digests=tuple(ManifestPage(label=page.label, sha256=page.sha256, links=page.links) for page in pages),
        case=CaseFile(sha256=sha256_of(data), size=len(data), embedded=_embeds_case(volume)),
        templates=_template_digests(templates, volume.papers),
        profile=checked.profile.sha256,
        regulation=_named_regulation(checked.profile.regulation),
        fonts=dict(sorted(font_digests().items())),
        tool=Tool(name=TOOL_NAME, version=__version__, libraries=library_versions()),
        findings=tuple(_manifest_findings(checked, volume)),
    )


def _named_regulation(regulation: Regulation) -> NamedRegulation | None:
    """How the manifest names a regulation; None for the first shipped one."""
    if regulation.sha256 == load_regulation().sha256:
        return None
    return NamedRegulation(title=regulation.title, number=regulation.number, sha256=regulation.sha256)


def supplement_manifest(old: Manifest, old_sha256: str, new: Manifest) -> Manifest:
    """The manifest of a bundle to which papers were added: what the old one says, and the new papers.

    Args:
        old: the manifest of the earlier bundle.
        old_sha256: the digest of its bytes, which another release may have written otherwise.
        new: the manifest of the new papers, with all pages.
    """
    this = EarlierManifest(
        file=f"manifest-{len(old.earlier) + 1}.json",
        sha256=old_sha256,
        pages=len(old.page_digests),
    )
    changed = {
        "part": old.part,
        "papers": old.papers + new.papers,
        "sources": old.sources + new.sources,
        "left_out": old.left_out,
        "earlier": (*old.earlier, this),
        "case": new.case.model_copy(update={"embedded": old.volume is VolumeScope.WHOLE}),
    }
    return new.model_copy(update=changed)


def _manifest_paper(volume: Volume, paper: BoundPaper) -> ManifestPaper:
    folios = volume.folios[paper.key]
    return ManifestPaper(
        number=volume.index_number(paper),
        item=paper.item,
        title=paper.title,
        origin=paper.origin.value,
        first_page=folios.first,
        last_page=folios.last,
    )


def _embeds_case(volume: Volume) -> bool:
    """Whether case.json is embedded: once, in the first book of the whole volume, and never in what the parties see."""
    return volume.scope is VolumeScope.WHOLE and volume.book == 1


def _manifest_sources(checked: CheckedCase, volume: Volume) -> Iterator[ManifestSource]:
    for paper in volume.papers:
        if paper.material is not None:
            yield source_of(checked, paper.material, volume.folios[paper.key])


def source_of(checked: CheckedCase, material: Material, folios: FolioRange) -> ManifestSource:
    """An attached file that was bound under these 页号."""
    record = checked.records[material.file]
    return ManifestSource(
        file=material.file,
        sha256=record.sha256,
        size=record.size,
        media_type=record.media_type,
        items=material.items,
        pages=material.pages,
        first_page=folios.first,
        last_page=folios.last,
        changed=tuple(_describe_changes(record, material)),
        reading=checked.scan_readings.digests.get(material.file),
    )


def _describe_changes(record: FileRecord, material: Material) -> Iterator[str]:
    """What binding changed about the pages that were bound, in Chinese, each change with the file's pages."""
    bound = page_range(material, len(record.pages))
    for change in (*record.changes, *record.pictured):
        meant = [page for page in change.pages if page in bound]
        if meant:
            yield f"第{'、'.join(map(str, meant))}页：{change.what}"
        elif not change.pages:
            yield change.what


def _manifest_left_out(checked: CheckedCase, paper: BoundPaper) -> LeftOut:
    material = paper.material
    digest = checked.records[material.file].sha256 if material else None
    return LeftOut(items=paper.items, sha256=digest, pages=material.pages if material else None)


def _template_digests(templates: Path, papers: Sequence[BoundPaper]) -> dict[str, str]:
    """Digests of the templates that this bundle used, by file name."""
    drafted = {templates / f"{paper.document}.docx" for paper in papers if paper.origin is Origin.GENERATED}
    blocks = [templates / BLOCKS_FILE] if any(uses_blocks(path.read_bytes()) for path in drafted) else []
    files = {path.name: path for path in (*drafted, *blocks, *(templates / "pages").iterdir()) if path.is_file()}
    return {
        name: sha256_of(path.read_bytes()) for name, path in sorted(files.items()) if not name.startswith((".", "~"))
    }


def _manifest_findings(checked: CheckedCase, volume: Volume) -> Iterator[ManifestFinding]:
    """The gate's warnings and infos, without those that depend on the day; for a 正卷, only those about its own files."""
    open_deadlines = {deadline.rule for deadline in checked.check_result.deadlines if deadline.done is None}
    replied = any(d.rule == "ART13-REPLY" and d.done for d in checked.check_result.deadlines)
    day_dependent = _NEVER_BOUND | open_deadlines | (set() if replied else {"SPC-LIMIT"})
    shown = {item for paper in volume.papers for item in paper.items}
    for finding in checked.check_result.findings:
        internal = volume.scope is VolumeScope.MAIN and not (
            finding.item in shown and finding.rule.startswith(("FILE-", "SCAN-"))
        )
        if finding.rule not in day_dependent and not internal and not finding.rule.startswith(_QUESTIONS):
            yield ManifestFinding(
                rule=finding.rule,
                severity=finding.severity,
                article=finding.article,
                item=finding.item,
                message=finding.message,
            )
