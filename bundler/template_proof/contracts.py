"""Which templates there are, and what each may rest on."""

from __future__ import annotations

from bundler.documents.catalogue import BATCH_DOCUMENTS, DOCUMENTS
from bundler.documents.needs.table import REQUIREMENTS
from bundler.documents.view.returning import ReturnView
from bundler.documents.view.submission import SubmissionView
from bundler.documents.view.whole import CaseView
from bundler.pages.report import ReportView
from bundler.pages.views import PAGE_VIEWS
from bundler.template_proof.contract import Contract

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
    return Contract(CaseView, requirement.assured, requirement.sure)


def title_of(template: str) -> str:
    """What people call a template."""
    document = {**DOCUMENTS, **BATCH_DOCUMENTS}.get(template.removesuffix(".docx"))
    return document.title if document else template
