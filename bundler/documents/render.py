"""Drafting one document of a case: what it needs is asked first, then its template is filled."""

from __future__ import annotations

from pathlib import Path

from bundler.case.model import Case
from bundler.documents.catalogue import Document
from bundler.documents.copies import Copy, copies_of
from bundler.documents.dates import document_date
from bundler.documents.fill import fill
from bundler.documents.needs.table import missing_fields
from bundler.documents.view.whole import view_of
from bundler.errors import CaseError, TemplateError
from bundler.profile import Profile
from bundler.word.reader import read_docx


def draft(  # noqa: PLR0913 (what a paper is made of, and one choice)
    case: Case,
    document: Document,
    profile: Profile,
    templates: Path,
    copy: Copy | None = None,
    *,
    packed: bool = True,
) -> bytes:
    """The filled .docx of a document.

    Which of the papers that the document makes of the case (`copies_of`) is for the copy to say; the first without one. Where
    `packed` is false it is not compressed: for a file that is read at once and kept nowhere.

    Raises:
        CaseError: the case lacks what the document needs; each field is named.
        TemplateError: there is no such template, or it is broken.
    """
    lacking = missing_fields(document.id, case)
    if lacking:
        fields = "；".join(f"{need.label}（{need.path}）" for need in lacking)
        raise CaseError(f"《{document.title}》还缺：{fields}。", fix="请在 case.json 里补填后再生成。")
    one = copy or copies_of(document, case)[0]
    code = f"{case.registration.no}|{one.item}" if document.returns_signed else ""
    view = view_of(case, profile, document_date(case, document.id), one)
    return filled(document, view, templates, code, packed=packed)


def filled(document: Document, view: object, templates: Path, code: str = "", *, packed: bool = True) -> bytes:
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
