"""A single paper as PDF/A: its filled Word file set, with a manifest that says what it was drafted from."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from pathlib import Path

import pikepdf

from bundler import __version__
from bundler.bind.embedded_files import EmbeddedFile, embed_files
from bundler.bundle.manifest import JSON, TOOL_NAME
from bundler.case.reader import ReadResult
from bundler.digest import sha256_of
from bundler.documents.definitions import DocumentDefinition
from bundler.fonts.files import font_digests
from bundler.manifest.model import MANIFEST_NAME, CaseFile, PaperManifest, Tool
from bundler.manifest.serialization import manifest_bytes
from bundler.profile import Profile
from bundler.typeset.typesetter import Typesetter
from bundler.word.docx_reader import read_blocks


def paper_manifest(
    document: DocumentDefinition, reading: ReadResult, word: bytes, profile: Profile, templates: Path
) -> PaperManifest:
    """What a paper was drafted from; its pages are counted when it is set.

    Args:
        document: which paper it is.
        reading: the case, as it was read.
        word: the filled Word file.
        profile: the court.
        templates: the templates' folder.
    """
    return PaperManifest(
        registration_no=reading.case.registration.no if reading.case else None,
        document=document.id,
        title=document.title,
        word=sha256_of(word),
        case=CaseFile(sha256=sha256_of(reading.data), size=len(reading.data), embedded=False),
        template=sha256_of((templates / f"{document.id}.docx").read_bytes()),
        profile=sha256_of(profile.model_dump_json().encode()),
        fonts=dict(sorted(font_digests().items())),
        tool=Tool(name=TOOL_NAME, version=__version__),
    )


def paper_pdf(word: bytes, manifest: PaperManifest, dated: date | None) -> bytes:
    """The PDF of a filled Word file; the same file, manifest and date give the same bytes.

    Args:
        word: the filled Word file.
        manifest: what it was drafted from.
        dated: the day that the paper bears; None where it is left blank.

    Raises:
        FontGlyphError: a character that no font has.
    """
    setter = Typesetter()
    pages = setter.set_papers([("paper", read_blocks(word))])["paper"]
    told = manifest_bytes(manifest.model_copy(update={"pages": pages}))
    data, _ = setter.write(["paper"], manifest.title, hashlib.sha256(word).digest()[:16], dated)
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        embed_files(
            pdf, [EmbeddedFile(MANIFEST_NAME, told, JSON, "Data", "文书清单：起草所依据的案件、模板和字体的摘要")]
        )
        pdf.save(target, deterministic_id=True, min_version="1.7", object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return target.getvalue()
