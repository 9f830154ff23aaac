"""The public function `render`: the papers of a case as Word or PDF files, and all of them for a proof-reader."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bundler.api import arguments
from bundler.api.check import check
from bundler.case.reader import ReadResult, read_case
from bundler.errors import CaseError, TemplateError, UsageError
from bundler.profile import Profile
from bundler.regulation.papers import SERVICE_RECEIPTS, Item

if TYPE_CHECKING:
    from bundler.bundle.draft_single_papers import PaperDrafter
    from bundler.case.model import Case
    from bundler.documents.document_definition import DocumentDefinition

RETURN_NOTICE = "return_notice"
"""The document that `render` fills from the check of a case: 核销（归档）材料退回补正通知单."""
REMINDER_NOTICE = "reminder_notice"
"""The document that `render` fills from the time limits of a case: 催办（督办）单."""
_SERVICE_RECEIPT = "service_receipt"


@dataclass(frozen=True, slots=True)
class RenderedPaper:
    """A paper of a case, as a file that is not written yet.

    Attributes:
        document: the code of its document, such as ``acceptance_notice``.
        title: the document's title.
        number: the registration number (登记号) of the case; empty for none.
        suffix: distinguishes it from the other papers of the same document; empty for a single one.
        format: ``docx`` or ``pdf``.
        data: the bytes of the file.
    """

    document: str
    title: str
    number: str
    suffix: str
    format: Literal["docx", "pdf"]
    data: bytes

    @property
    def file_name(self) -> str:
        """The name that the command ``render`` gives the file."""
        return f"{self.number}-{self.document}{self.suffix}.{self.format}"


def render(  # noqa: PLR0913 (the options of the command)
    case: str | Path | ReadResult,
    document: str | None,
    *,
    format: Literal["docx", "pdf"] = "docx",  # noqa: A002 (the name of the command's option)
    item: Item | str | None = None,
    profile: Profile | str | Path | None = None,
    templates: str | Path | None = None,
) -> Generator[RenderedPaper, None, None]:
    """Draft the papers of one document of a case, or of every document that the case can fill. Nothing is written.

    Arguments are checked at once, and each paper is drafted when the iteration reaches it, in a process with limits, which `close` ends.

    Args:
        case: the case folder, its case.json, or what `read_case` returned.
        document: the code or the Chinese title of the document; None: every document whose fields the case has.
        format: a Word file to edit, or the PDF that is typeset from it.
        item: of a ``service_receipt``, the service alone that is meant; None: every service.
        profile: the court, or the path of its profile; None: the court of the regulation.
        templates: the folder of templates; None: the templates in the package.

    Raises:
        UsageError: there is no such document, or the profile cannot be read.
        CaseUnreadableError: the case cannot be read at all.
        CaseError: the case lacks a field that the document needs, or has one that cannot be read or printed.
        TemplateError: a template is broken.
        FontGlyphError: no font has one of the characters; only for PDF.
    """
    from bundler.bundle.draft_single_papers import require_printable_case
    from bundler.documents.definitions import DOCUMENTS, find_missing_fields

    wanted = list(DOCUMENTS.values()) if document is None else [_document(document)]
    code = None if document is None else wanted[0].id
    if item and code != _SERVICE_RECEIPT:
        raise UsageError("--item 只用于送达回证。", fix="请写 --doc service_receipt。")
    if item and item not in SERVICE_RECEIPTS:
        raise UsageError(f"“{item}”不是送达回证。", fix=f"请写其中一个：{'、'.join(SERVICE_RECEIPTS)}。")
    court = arguments.court_profile(profile)
    reading = case if isinstance(case, ReadResult) else read_case(case)
    if document is None:
        printable = require_printable_case(reading, court.regulation)
        wanted = [one for one in wanted if not find_missing_fields(one.id, printable, court.regulation)]
    folder = arguments.templates_folder(templates, [one.id for one in wanted])
    if code == RETURN_NOTICE:
        return _render_return_notice(reading, wanted[0], format, court, folder)
    if code == REMINDER_NOTICE:
        return _render_reminders(reading, wanted[0], format, court, folder)
    return _render(
        reading,
        require_printable_case(reading, court.regulation),
        wanted,
        format,
        Item(item) if item else None,
        court,
        folder,
    )


def render_review(
    case: ReadResult | str | Path,
    *,
    profile: Profile | str | Path | None = None,
    templates: str | Path | None = None,
) -> bytes:
    """Typeset all papers that a case can fill as one PDF for a proof-reader: in the margin is where each value comes from.

    Args:
        case: the case folder, its case.json, or what `read_case` returned.
        profile: the court, or the path of its profile; None: the court of the regulation.
        templates: the folder of templates; None: the templates in the package.

    Raises:
        UsageError: the profile cannot be read.
        CaseUnreadableError: the case cannot be read at all.
        CaseError: the case can fill no paper, or has a field that cannot be read or printed.
        TemplateError: a template is broken.
        FontGlyphError: no font has one of the characters.
    """
    from bundler.bundle.draft_single_papers import DRAFT_LIMITS, require_printable_case
    from bundler.bundle.proofreading_pdf import review_pdf
    from bundler.sandbox import LimitExceededError, SandboxWorker, WorkFailedError

    court, folder = arguments.court_profile(profile), arguments.templates_folder(templates)
    printable = require_printable_case(case if isinstance(case, ReadResult) else read_case(case), court.regulation)
    with SandboxWorker(DRAFT_LIMITS) as worker:
        try:
            return worker.run(review_pdf, printable, court, folder)
        except (LimitExceededError, WorkFailedError) as error:
            raise TemplateError(
                "校对稿做不出来：用的内存或者时间过多，或者模板已损坏。", fix="请检查模板，或者换用自带的模板。"
            ) from error


def _render(  # noqa: PLR0913, PLR0917 (the arguments of `render`, checked)
    reading: ReadResult,
    case: Case,
    documents: Iterable[DocumentDefinition],
    file_format: Literal["docx", "pdf"],
    item: Item | None,
    profile: Profile,
    templates: Path,
) -> Generator[RenderedPaper, None, None]:
    from bundler.bundle.draft_single_papers import DRAFT_LIMITS, PaperDrafter
    from bundler.sandbox import SandboxWorker

    with SandboxWorker(DRAFT_LIMITS) as worker:
        drafter = PaperDrafter(profile, templates, worker)
        for document in documents:
            for suffix, word in drafter.papers(case, document, item):
                yield _paper(drafter, reading, document, case.registration.no or "", suffix, word, file_format)


def _render_return_notice(
    reading: ReadResult,
    document: DocumentDefinition,
    file_format: Literal["docx", "pdf"],
    profile: Profile,
    templates: Path,
) -> Generator[RenderedPaper, None, None]:
    """Check the case as of today, and draft the notice that returns it."""
    from bundler.bundle.draft_single_papers import DRAFT_LIMITS, PaperDrafter, make_return_notice
    from bundler.sandbox import SandboxWorker

    with SandboxWorker(DRAFT_LIMITS) as worker:
        checked = check(reading.given, profile=profile)
        number, word = make_return_notice(checked, templates, arguments.today())
        yield _paper(PaperDrafter(profile, templates, worker), reading, document, number, "", word, file_format)


def _render_reminders(
    reading: ReadResult,
    document: DocumentDefinition,
    file_format: Literal["docx", "pdf"],
    profile: Profile,
    templates: Path,
) -> Generator[RenderedPaper, None, None]:
    """Draft the reminders of what is due in a case as of today, one to each person."""
    from bundler.bundle.draft_single_papers import DRAFT_LIMITS, PaperDrafter, require_printable_case
    from bundler.documents.drafting import fill_reminder_notice
    from bundler.ledger.case_deadlines import case_statuses
    from bundler.ledger.reminders import reminder_view, reminders_due
    from bundler.sandbox import SandboxWorker

    require_printable_case(reading, profile.regulation)
    statuses = tuple(case_statuses([reading.folder], today=arguments.today(), profile=profile))
    due = reminders_due(statuses, profile)
    if not due:
        raise CaseError("没有临近期限或者超过期限的事项，不用催办。", fix="期限到了再催办。")
    with SandboxWorker(DRAFT_LIMITS) as worker:
        drafter = PaperDrafter(profile, templates, worker)
        for number, reminder in enumerate(due, start=1):
            suffix = f"-{number}" if len(due) > 1 else ""
            word = fill_reminder_notice(reminder_view(reminder, profile, arguments.today()), templates)
            yield _paper(drafter, reading, document, statuses[0].number, suffix, word, file_format)


def _paper(  # noqa: PLR0913, PLR0917 (the parts of a paper)
    drafter: PaperDrafter,
    reading: ReadResult,
    document: DocumentDefinition,
    number: str,
    suffix: str,
    word: bytes,
    file_format: Literal["docx", "pdf"],
) -> RenderedPaper:
    data = drafter.pdf(reading, document, word) if file_format == "pdf" else word
    return RenderedPaper(document.id, document.title, number, suffix, file_format, data)


def _document(given: str) -> DocumentDefinition:
    from bundler.documents.definitions import DOCUMENTS
    from bundler.documents.documents_with_own_view import BATCH_DOCUMENTS
    from bundler.documents.find_document_by_name import document_titles, find_document_code

    code = find_document_code(given, document_titles())
    if code == "submission_letter":
        raise UsageError("请示汇总一批案件，由 bundler batch 生成。", fix="请用 bundler batch 文件夹 -o 输出文件夹。")
    if code == "period_report":
        raise UsageError(
            "通报汇总一段时间的案件，由 bundler figures 生成。",
            fix="请用 bundler figures 文件夹 --report 通报.docx，期间用 --period。",
        )
    if code == "reception_register":
        raise UsageError(
            "接访登记汇总各案，由 bundler ledger 生成。",
            fix="请用 bundler ledger 文件夹 --reception 文件，日期用 --today。",
        )
    return {**DOCUMENTS, **BATCH_DOCUMENTS}[code]
