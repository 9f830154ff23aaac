"""Draft a document: check that everything it needs is there, then fill its template."""

from __future__ import annotations

from pathlib import Path

from bundler.case.model import Case
from bundler.documents.definitions import (
    find_missing_fields,
    find_moment,
    list_copies,
)
from bundler.documents.document_definition import DocumentDefinition
from bundler.documents.document_subjects import DocumentCopy
from bundler.documents.documents_with_own_view import BATCH_DOCUMENTS
from bundler.documents.one_page_forms import fit_one_page
from bundler.documents.required_facts.shared_checks import describe_missing
from bundler.documents.views.case_return_notice import ReturnView
from bundler.documents.views.case_view import build_case_view
from bundler.documents.views.period_report_types import PeriodReportView
from bundler.documents.views.reception_register import ReceptionRegisterView
from bundler.documents.views.reminder_notice import ReminderView
from bundler.documents.views.submission_letter import SubmissionView
from bundler.documents.word_template import fill_template
from bundler.errors import CaseError, TemplateError
from bundler.profile import Profile
from bundler.word.unsupported_constructs import check_filled_template


def draft_document(  # noqa: PLR0913 (the sources of a document, and one option)
    case: Case,
    document: DocumentDefinition,
    profile: Profile,
    templates: Path,
    copy: DocumentCopy | None = None,
    *,
    packed: bool = True,
    sourced: bool = False,
) -> bytes:
    """Draft a document of a case as a .docx.

    Args:
        case: the case.
        document: one of `DOCUMENTS`.
        profile: the court.
        templates: the folder of templates.
        copy: which of the copies that `list_copies` gives; the first where it is None.
        packed: whether to compress the file; one that is read at once and not stored need not be.
        sourced: whether to mark each value with the field that it comes from, for the proof-reader's view.

    Raises:
        CaseError: the case lacks what the document needs; each field is named.
        TemplateError: there is no such template, or it is broken.
    """
    missing = find_missing_fields(document.id, case, profile.regulation)
    if missing:
        raise CaseError(f"尚未起草《{document.title}》：{describe_missing(missing)}。", fix="请补填后再起草。")
    copy = copy or list_copies(document, case)[0]
    code = f"{case.registration.no}|{copy.item}" if document.returns_signed else ""
    view = build_case_view(case, profile, find_moment(case, document.id), copy)
    return fill_document(document, view, templates, code, packed=packed, sourced=sourced)


def fill_document(  # noqa: PLR0913 (what is filled, and two options)
    document: DocumentDefinition,
    view: object,
    templates: Path,
    code: str = "",
    *,
    packed: bool = True,
    sourced: bool = False,
) -> bytes:
    """Fill a document's template with a view, and refuse content that the typesetter does not support.

    Raises:
        TemplateError: there is no such template, or it is broken.
    """
    template = templates / f"{document.id}.docx"
    if not template.is_file():
        raise TemplateError(
            f"没有《{document.title}》的模板（{document.id}.docx）。", fix="请检查 --templates 给出的文件夹。"
        )
    filled = fill_template(template, view, code, packed=packed, sourced=sourced)
    problem = next(iter(check_filled_template(filled)), None)
    if problem:
        raise TemplateError(f"《{document.title}》{problem.message}", fix=problem.fix, code=problem.rule)
    return fit_one_page(filled, packed=packed)


def fill_return_notice(view: ReturnView, templates: Path) -> bytes:
    """Fill the 核销（归档）材料退回补正通知单 (.docx), which takes one page.

    Raises:
        CaseError: the case has no error to return it for.
        TemplateError: there is no such template, or it is broken.
    """
    if not view.lines:
        raise CaseError("没有要退回补正的问题。", fix="材料齐全的案件可以直接成卷。")
    document = BATCH_DOCUMENTS["return_notice"]
    code = f"{view.reg_no}|{document.item}" if view.has_number else ""
    return fill_document(document, view, templates, code)


def fill_period_report(view: PeriodReportView, templates: Path) -> bytes:
    """Fill the 关于执行申诉信访工作情况的通报 (.docx); its tables follow on A4 landscape.

    Raises:
        TemplateError: there is no such template, or it is broken.
    """
    return fill_document(BATCH_DOCUMENTS["period_report"], view, templates)


def fill_submission_letter(view: SubmissionView, templates: Path) -> bytes:
    """Fill the 关于报请核销执行申诉信访案件的请示 (.docx); its list of cases follows on A4 landscape.

    Raises:
        CaseError: no case is submitted, or the profile names no superior court.
        TemplateError: there is no such template, or it is broken.
    """
    if not view.cases:
        raise CaseError("没有报请核销的案件。", fix="先有成卷的核销案件，再生成请示。")
    if not view.court.superior:
        raise CaseError("法院配置里没有上级法院，请示没有主送机关。", fix="请在配置文件里填写 superior_court。")
    return fill_document(BATCH_DOCUMENTS["submission_letter"], view, templates)


def fill_reminder_notice(view: ReminderView, templates: Path) -> bytes:
    """Fill the 催办（督办）单 (.docx) to one person.

    Raises:
        CaseError: nothing is near its limit or past it.
        TemplateError: there is no such template, or it is broken.
    """
    if not view.lines:
        raise CaseError("没有临近期限或者超过期限的事项，不用催办。", fix="期限到了再催办。")
    return fill_document(BATCH_DOCUMENTS["reminder_notice"], view, templates)


def fill_reception_register(view: ReceptionRegisterView, templates: Path) -> bytes:
    """Fill the 接访登记表 (.docx) of a day, A4 landscape.

    Raises:
        TemplateError: there is no such template, or it is broken.
    """
    return fill_document(BATCH_DOCUMENTS["reception_register"], view, templates)
