"""The papers of a case, drafted and set in a process with limits: what a template does to a library ends there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bundler.bundle.check import CheckedCase
from bundler.case.model import Case
from bundler.case.reader import ReadResult
from bundler.documents.definitions import BATCH_DOCUMENTS, DOCUMENTS, DocumentDefinition, file_suffix, list_copies
from bundler.documents.views.receipt_and_commitment import DocumentCopy
from bundler.errors import CaseError, CaseUnreadableError, TemplateError
from bundler.gate.data_rules import registration_number, unprintable_characters
from bundler.profile import Profile
from bundler.regulation.papers import Item
from bundler.sandbox import MEMORY_BYTES, LimitExceededError, Limits, SandboxWorker, WorkFailedError

DRAFT_LIMITS = Limits(memory=2 * MEMORY_BYTES, seconds=120)
"""What the papers of one document may cost."""


@dataclass(frozen=True, slots=True)
class PaperDrafter:
    """What papers are made with.

    Attributes:
        worker: one process for all papers, so that the libraries load once; its limits are `DRAFT_LIMITS`.
    """

    profile: Profile
    templates: Path
    worker: SandboxWorker

    def papers(self, case: Case, document: DocumentDefinition, item: Item | None = None) -> Iterator[tuple[str, bytes]]:
        """The Word files of a document, each with the ending of its name where there are several.

        Args:
            case: the case.
            document: the document.
            item: of which service alone a receipt is wanted.

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
        """The Word file of one paper of a document; errors as of `papers`."""
        from bundler.documents.drafting import draft_document

        return self._limited(draft_document, document, case, document, self.profile, self.templates, copy)

    def pdf(self, reading: ReadResult, document: DocumentDefinition, word: bytes) -> bytes:
        """The PDF of a document's filled Word file.

        Raises:
            FontGlyphError: a character that no font has.
            TemplateError: the template is broken.
        """
        from bundler.bundle.paper import paper_manifest, paper_pdf
        from bundler.documents.definitions import find_document_date

        manifest = paper_manifest(document, reading, word, self.profile, self.templates)
        dated = find_document_date(reading.case, document.id) if reading.case and document.id in DOCUMENTS else None
        return self._limited(paper_pdf, document, word, manifest, dated)

    def _limited(self, work: Callable[..., bytes], document: DocumentDefinition, *arguments: object) -> bytes:
        try:
            return self.worker.run(work, *arguments)
        except (LimitExceededError, WorkFailedError) as error:
            raise TemplateError(
                f"《{document.title}》做不出来：用的内存或者时间过多，或者模板已损坏。",
                fix="请检查模板，或者换用自带的模板。",
            ) from error


def require_printable_case(reading: ReadResult) -> Case:
    """The case, when every part of it can be read and printed.

    Raises:
        CaseUnreadableError: it cannot be read at all.
        CaseError: a part of it cannot be read, or not be printed.
    """
    if reading.unreadable or reading.case is None:
        raise CaseUnreadableError(reading.findings[0].message, fix=reading.findings[0].fix)
    wrong = [*reading.findings, *registration_number(reading.case), *unprintable_characters(reading.values)]
    if wrong:
        raise CaseError(wrong[0].message, fix=wrong[0].fix, code=wrong[0].rule)
    return reading.case


def draft_return_notice(examined: CheckedCase, templates: Path, today: date) -> tuple[str, bytes]:
    """What would return the case if it were handed in today: the number or folder it goes by, and the notice (.docx).

    Raises:
        CaseError: there is nothing to return it for.
        TemplateError: the template is broken.
    """
    from bundler.documents.drafting import fill_return_notice
    from bundler.documents.views.return_notice import build_return_view

    check_result, folder = examined.check_result, examined.reading.folder.resolve().name
    number = check_result.registration_no
    view = build_return_view(
        examined.reading.case,
        check_result.findings,
        check_result.kind,
        examined.profile,
        today,
        number=number,
        folder=folder,
    )
    return number or folder, fill_return_notice(view, templates)


RETURN_NOTICE = BATCH_DOCUMENTS["return_notice"]
"""核销（归档）材料退回补正通知单: filled by the check of a case, not by the case alone."""
