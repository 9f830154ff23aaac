"""Drafting one document of a case: what it needs is asked first, then its template is filled."""

from __future__ import annotations

from pathlib import Path

from bundler.case.model import Case
from bundler.documents.copies import DocumentCopy, list_copies
from bundler.documents.dates import document_date
from bundler.documents.definitions import DocumentDefinition
from bundler.documents.requirements.table import find_missing_fields
from bundler.documents.views.case_view import build_case_view
from bundler.documents.word_template import fill
from bundler.errors import CaseError, TemplateError
from bundler.profile import Profile
from bundler.word.docx_check import read_docx


def draft(  # noqa: PLR0913 (what a paper is made of, and one choice)
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
    view = build_case_view(case, profile, document_date(case, document.id), one)
    return filled(document, view, templates, code, packed=packed)


def filled(
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
    data = fill(template, view, code, packed=packed)
    problem = next(iter(read_docx(data).problems), None)
    if problem:
        raise TemplateError(f"《{document.title}》{problem.message}", fix=problem.fix, code=problem.rule)
    return data
