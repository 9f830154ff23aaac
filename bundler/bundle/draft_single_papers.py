"""Single papers of a case as Word and PDF files, made in a sandbox: what a template does to a library ends there."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bundler import __version__
from bundler.bundle.read_and_check_case import CheckedCase
from bundler.bundle.typesetter_process import preload_typesetter
from bundler.case.model import Case
from bundler.case.reader import ReadResult
from bundler.digest import sha256_of
from bundler.documents.definitions import (
    DOCUMENTS,
    file_suffix,
    find_document_date,
    list_copies,
)
from bundler.documents.document_definition import DocumentDefinition
from bundler.documents.document_subjects import DocumentCopy
from bundler.documents.documents_with_own_view import BATCH_DOCUMENTS
from bundler.errors import CaseError, CaseUnreadableError, TemplateError
from bundler.gate.data_rules import check_grounds_exist, check_registration_number_of, check_unsafe_characters
from bundler.process_limits import MEMORY_BYTES, Limits
from bundler.profile import Profile
from bundler.regulation.model import Regulation
from bundler.regulation.papers import Item
from bundler.sandbox import LimitExceededError, SandboxWorker, WorkFailedError

if TYPE_CHECKING:
    from bundler.manifest.model import PaperManifest

DRAFT_LIMITS = Limits(memory=2 * MEMORY_BYTES, seconds=120)
"""What the papers of one document may use."""
RETURN_NOTICE = BATCH_DOCUMENTS["return_notice"]
"""核销（归档）材料退回补正通知单: filled from the check of a case, not from the case alone."""


@dataclass(frozen=True, slots=True)
class PaperDrafter:
    """Drafts papers, and typesets them.

    Attributes:
        profile: the court.
        templates: the templates' folder.
        worker: one process for all papers, so that the libraries load once; its limits are `DRAFT_LIMITS`.
    """

    profile: Profile
    templates: Path
    worker: SandboxWorker

    def papers(self, case: Case, document: DocumentDefinition, item: Item | None = None) -> Iterator[tuple[str, bytes]]:
        """Draft the Word files of a document, each with the suffix of its name where there are several.

        Args:
            case: the case.
            document: the document.
            item: draft the receipt of this service only; None: of every service.

        Raises:
            CaseError: the case lacks what the document needs, or has no such service.
            TemplateError: the template is broken.
        """
        copies = list_copies(document, case)
        wanted = tuple(one for one in copies if item in {None, one.item})
        if copies and not wanted:
            raise CaseError("没有这一次送达：所送文书的日期没有填。", fix="请填写文书日期，或者换一个 --item。")
        for one in wanted or (None,):
            yield file_suffix(one, wanted) if one else "", self.paper(case, document, one)

    def paper(self, case: Case, document: DocumentDefinition, copy: DocumentCopy | None) -> bytes:
        """Draft the Word file of one copy of a document; errors as of `papers`."""
        from bundler.documents.drafting import draft_document

        return self._run(draft_document, document, case, document, self.profile, self.templates, copy)

    def pdf(self, reading: ReadResult, document: DocumentDefinition, word: bytes) -> bytes:
        """Typeset a document's filled Word file as PDF/A.

        Raises:
            FontGlyphError: no font has one of the characters.
            TemplateError: the template is broken.
        """
        manifest = paper_manifest(document, reading, word, self.profile, self.templates)
        dated = find_document_date(reading.case, document.id) if reading.case and document.id in DOCUMENTS else None
        return self._run(paper_pdf, document, word, manifest, dated)

    def _run(self, work: Callable[..., bytes], document: DocumentDefinition, *arguments: object) -> bytes:
        try:
            return self.worker.run(work, *arguments)
        except (LimitExceededError, WorkFailedError) as error:
            raise TemplateError(
                f"《{document.title}》做不出来：用的内存或者时间过多，或者模板已损坏。",
                fix="请检查模板，或者换用自带的模板。",
            ) from error


def preload_drafter() -> None:
    """Import what the drafting and the typesetting of a document need, and typeset one page."""
    import bundler.bind.embed_files
    import bundler.documents.drafting
    import bundler.word.docx_reader  # noqa: F401 (imported for later)

    preload_typesetter()


def require_printable_case(reading: ReadResult, regulation: Regulation) -> Case:
    """Return the case, if all of it can be read and printed under the court's regulation.

    Raises:
        CaseUnreadableError: it cannot be read at all.
        CaseError: a part of it cannot be read, or cannot be printed.
    """
    if reading.unreadable or reading.case is None:
        raise CaseUnreadableError(reading.findings[0].message, fix=reading.findings[0].fix)
    wrong = [
        *reading.findings,
        *check_grounds_exist(reading.case, regulation),
        *check_registration_number_of(reading.case),
        *check_unsafe_characters(reading.values),
    ]
    if wrong:
        raise CaseError(wrong[0].message, fix=wrong[0].fix, code=wrong[0].rule)
    return reading.case


def make_return_notice(checked: CheckedCase, templates: Path, today: date) -> tuple[str, bytes]:
    """Draft the notice (.docx) that would return the case if it were handed in today.

    Returns:
        The case's 登记号, or its folder's name where it has none, and the notice.

    Raises:
        CaseError: the case has nothing to be returned for.
        TemplateError: the template is broken.
    """
    from bundler.documents.drafting import fill_return_notice
    from bundler.documents.views.case_return_notice import build_return_view

    check_result, folder = checked.check_result, checked.reading.folder.resolve().name
    number = check_result.registration_no
    view = build_return_view(
        checked.reading.case,
        check_result.findings,
        check_result.kind,
        checked.profile,
        today,
        number=number,
        folder=folder,
    )
    return number or folder, fill_return_notice(view, templates)


def paper_manifest(
    document: DocumentDefinition, reading: ReadResult, word: bytes, profile: Profile, templates: Path
) -> PaperManifest:
    """Say what a paper was drafted from; `paper_pdf` fills in the number of its pages.

    Args:
        document: which paper it is.
        reading: the case, as it was read.
        word: the filled Word file.
        profile: the court.
        templates: the templates' folder.
    """
    from bundler.fonts.files import font_digests
    from bundler.manifest.model import TOOL_NAME, CaseFile, PaperManifest, Tool

    return PaperManifest(
        registration_no=reading.case.registration.no if reading.case else None,
        document=document.id,
        title=document.title,
        word=sha256_of(word),
        case=CaseFile(sha256=sha256_of(reading.data), size=len(reading.data), embedded=False),
        template=sha256_of((templates / f"{document.id}.docx").read_bytes()),
        profile=profile.sha256,
        fonts=dict(sorted(font_digests().items())),
        tool=Tool(name=TOOL_NAME, version=__version__),
    )


def paper_pdf(word: bytes, manifest: PaperManifest, dated: date | None) -> bytes:
    """Typeset a filled Word file; the same file, manifest and date give the same bytes.

    Args:
        word: the filled Word file.
        manifest: what it was drafted from.
        dated: the date on the paper; None where it is left blank.

    Raises:
        FontGlyphError: no font has one of the characters.
    """
    # Imported here: only the worker loads what typesetting needs.
    import pikepdf

    from bundler.bind.embed_files import JSON, EmbeddedFile, embed_files
    from bundler.manifest.model import MANIFEST_NAME
    from bundler.manifest.serialization import manifest_bytes
    from bundler.typeset.library_versions import library_versions
    from bundler.typeset.typesetter import Typesetter
    from bundler.word.docx_reader import read_blocks

    typesetter = Typesetter()
    pages = typesetter.typeset_papers([("paper", read_blocks(word))])["paper"]
    tool = manifest.tool.model_copy(update={"libraries": library_versions()})
    embedded = manifest_bytes(manifest.model_copy(update={"pages": pages, "tool": tool}))
    data, _ = typesetter.write(["paper"], manifest.title, hashlib.sha256(word).digest()[:16], dated)
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        embed_files(
            pdf, [EmbeddedFile(MANIFEST_NAME, embedded, JSON, "Data", "文书清单：起草所依据的案件、模板和字体的摘要")]
        )
        pdf.save(target, deterministic_id=True, min_version="1.7", object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return target.getvalue()
