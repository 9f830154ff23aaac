"""The manifest of a bundle: its papers, sources and findings as they were bound, with the digests of all that made it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from bundler import __version__
from bundler.assembly.examine import Examined
from bundler.bind.embed import Embedded
from bundler.bind.join import BoundPage
from bundler.bind.plan import BoundPaper, Origin
from bundler.fonts.files import digests as font_digests
from bundler.manifest.model import (
    CASE_NAME,
    NAME,
    CaseFile,
    Finding,
    Manifest,
    Page,
    Paper,
    Source,
    Tool,
)
from bundler.manifest.text import manifest_bytes
from bundler.pages.volume import Volume

JSON = "application/json"
_TOOL = "petition-bundler"
_NEVER_BOUND = frozenset({"FILE-UNLISTED", "CALENDAR-PROVISIONAL"})
"""What lies beside the case, and what this machine's calendar does not know yet, are no part of a bundle."""


def attachments(
    examined: Examined, volume: Volume, templates: Path, pages: Sequence[BoundPage]
) -> tuple[Embedded, ...]:
    """The files to embed: the manifest first; the case itself in the whole bundle only."""
    manifest = manifest_of(examined, volume, templates, pages)
    first = Embedded(NAME, manifest_bytes(manifest), JSON, "Data", "卷宗清单：各件、各页和来源文件的摘要")
    case = Embedded(CASE_NAME, examined.reading.data, JSON, "Data", "案件数据")
    return (first, case) if manifest.case.embedded else (first,)


def manifest_of(examined: Examined, volume: Volume, templates: Path, pages: Sequence[BoundPage]) -> Manifest:
    """The manifest of a volume whose pages are bound."""
    data = examined.reading.data
    return Manifest(
        registration_no=volume.reg_no,
        kind=volume.kind,
        pages=sum(page.label.isdecimal() for page in pages),
        papers=tuple(_paper(volume, paper) for paper in volume.papers),
        sources=tuple(_sources(examined, volume)),
        page_digests=tuple(Page(label=page.label, sha256=page.sha256, links=page.links) for page in pages),
        case=CaseFile(sha256=_digest(data), size=len(data), embedded=True),
        templates=_template_digests(templates, volume.papers),
        profile=_digest(examined.profile.model_dump_json().encode()),
        fonts=dict(sorted(font_digests().items())),
        tool=Tool(name=_TOOL, version=__version__),
        findings=tuple(_findings(examined)),
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _paper(volume: Volume, paper: BoundPaper) -> Paper:
    folios = volume.folios[paper.key]
    return Paper(
        number=volume.place(paper),
        item=paper.item,
        title=paper.title,
        origin=paper.origin.value,
        first_page=folios.first,
        last_page=folios.last,
    )


def _sources(examined: Examined, volume: Volume) -> Iterator[Source]:
    for paper in volume.papers:
        if paper.material is None:
            continue
        record, folios = examined.records[paper.material.file], volume.folios[paper.key]
        yield Source(
            file=paper.material.file,
            sha256=record.sha256,
            size=record.size,
            media_type=record.media_type,
            items=paper.items,
            pages=paper.material.pages,
            first_page=folios.first,
            last_page=folios.last,
        )


def _template_digests(templates: Path, papers: Sequence[BoundPaper]) -> dict[str, str]:
    """Digests of the templates that this bundle was made with, by file name."""
    drafted = {templates / f"{paper.document}.docx" for paper in papers if paper.origin is Origin.GENERATED}
    found = {path.name: path for path in (*drafted, *(templates / "pages").iterdir()) if path.is_file()}
    return {name: _digest(path.read_bytes()) for name, path in sorted(found.items()) if not name.startswith((".", "~"))}


def _findings(examined: Examined) -> Iterator[Finding]:
    """The gate's warnings and infos but those that another day may change."""
    open_deadlines = {deadline.rule for deadline in examined.verdict.deadlines if deadline.done is None}
    replied = any(d.rule == "ART13-REPLY" and d.done for d in examined.verdict.deadlines)
    moving = _NEVER_BOUND | open_deadlines | (set() if replied else {"SPC-LIMIT"})
    for found in examined.verdict.findings:
        if found.rule not in moving:
            yield Finding(
                rule=found.rule,
                severity=found.severity,
                article=found.article,
                item=found.item,
                message=found.message,
            )
