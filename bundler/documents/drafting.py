"""Drafting one document of a case: what it needs is asked first, then its template is filled."""

from __future__ import annotations

from pathlib import Path

from bundler.case.model import Case
from bundler.documents.definitions import (
    BATCH_DOCUMENTS,
    DocumentDefinition,
    find_document_date,
    find_missing_fields,
    list_copies,
)
from bundler.documents.views.case_view import build_case_view
from bundler.documents.views.receipt_and_commitment import DocumentCopy
from bundler.documents.views.return_notice import ReturnView
from bundler.documents.views.write_off_submission import SubmissionView
from bundler.documents.word_template import fill_template
from bundler.errors import CaseError, TemplateError
from bundler.profile import Profile
from bundler.word.docx_check import read_docx


def draft_document(  # noqa: PLR0913 (what a paper is made of, and one choice)
    case: Case,
    document: DocumentDefinition,
    profile: Profile,
    templates: Path,
    copy: DocumentCopy | None = None,
    *,
    packed: bool = True,
) -> bytes:
    """The filled .docx of a document.

    Which of the papers that the document makes of the case (`list_copies`) is for the copy to say; the first without one. Where
    `packed` is false it is not compressed: for a file that is read at once and kept nowhere.

    Raises:
        CaseError: the case lacks what the document needs; each field is named.
        TemplateError: there is no such template, or it is broken.
    """
    lacking = find_missing_fields(document.id, case)
    if lacking:
        fields = "；".join(f"{need.label}（{need.path}）" for need in lacking)
        raise CaseError(f"《{document.title}》还缺：{fields}。", fix="请在 case.json 里补填后再生成。")
    one = copy or list_copies(document, case)[0]
    code = f"{case.registration.no}|{one.item}" if document.returns_signed else ""
    view = build_case_view(case, profile, find_document_date(case, document.id), one)
    return fill_document(document, view, templates, code, packed=packed)


def fill_document(
    document: DocumentDefinition, view: object, templates: Path, code: str = "", *, packed: bool = True
) -> bytes:
    """A document's template, filled with a view of its own; nothing in it that the typesetter does not carry.

    Raises:
        TemplateError: there is no such template, or it is broken.
    """
    template = templates / f"{document.id}.docx"
    if not template.is_file():
        raise TemplateError(
            f"没有《{document.title}》的模板（{document.id}.docx）。", fix="请检查 --templates 给出的文件夹。"
        )
    data = fill_template(template, view, code, packed=packed)
    problem = next(iter(read_docx(data).problems), None)
    if problem:
        raise TemplateError(f"《{document.title}》{problem.message}", fix=problem.fix, code=problem.rule)
    return data


def fill_return_notice(view: ReturnView, templates: Path) -> bytes:
    """The filled 核销（归档）材料退回补正通知单 (.docx), on one page.

    Raises:
        CaseError: there is nothing to return the case for.
        TemplateError: there is no such template, or it is broken.
    """
    if not view.lines:
        raise CaseError("没有要退回补正的问题。", fix="材料齐全的案件可以直接成卷。")
    document = BATCH_DOCUMENTS["return_notice"]
    code = f"{view.reg_no}|{document.item}" if view.has_number else ""
    return fill_document(document, view, templates, code)


def fill_submission_letter(view: SubmissionView, templates: Path) -> bytes:
    """The filled 关于报请核销执行申诉信访案件的请示 (.docx), its list of cases annexed on A4 landscape.

    Raises:
        CaseError: no case is submitted, or the profile names no superior court.
        TemplateError: there is no such template, or it is broken.
    """
    if not view.cases:
        raise CaseError("没有报请核销的案件。", fix="先有成卷的核销案件，再生成请示。")
    if not view.court.superior:
        raise CaseError("法院配置里没有上级法院，请示没有主送机关。", fix="请在配置文件里填写 superior_court。")
    return fill_document(BATCH_DOCUMENTS["submission_letter"], view, templates)
