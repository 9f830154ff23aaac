"""Which templates there are, and what each may rest on."""

from __future__ import annotations

from bundler.documents.definitions import BATCH_DOCUMENTS, DOCUMENTS
from bundler.documents.requirements.table import REQUIREMENTS
from bundler.documents.views.case_view import CaseView
from bundler.documents.views.return_notice import ReturnView
from bundler.documents.views.write_off_submission import SubmissionView
from bundler.pages.cover_index_notes import PAGE_VIEWS
from bundler.pages.report import ReportView
from bundler.template_check.contract import Contract

_OF_A_BATCH = {
    "return_notice": Contract(ReturnView, frozenset({"lines"})),
    "submission_letter": Contract(SubmissionView, frozenset({"cases", "court.superior"})),
}
"""What the drafting of a batch's documents asks for before it fills them."""


def contracts() -> dict[str, Contract]:
    """The contract of every template by its file below the folder of templates."""
    return {
        **{f"{document}.docx": document_contract(document) for document in DOCUMENTS},
        **{f"{document}.docx": contract for document, contract in _OF_A_BATCH.items()},
        **{f"pages/{page}.html": Contract(view) for page, view in {**PAGE_VIEWS, "report": ReportView}.items()},
    }


def document_contract(document: str) -> Contract:
    """What a document's template may rest on."""
    requirement = REQUIREMENTS[document]
    return Contract(CaseView, requirement.guaranteed, requirement.sure)


def title_of(template: str) -> str:
    """What people call a template."""
    document = {**DOCUMENTS, **BATCH_DOCUMENTS}.get(template.removesuffix(".docx"))
    return document.title if document else template
