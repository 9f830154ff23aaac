"""Which templates there are, and what each may rest on."""

from __future__ import annotations

from bundler.documents.definitions import BATCH_DOCUMENTS, DOCUMENTS
from bundler.pages.cover_index_notes import PAGE_VIEWS
from bundler.reports.pdf_report import ReportView
from bundler.template_check.contract import Contract


def contracts() -> dict[str, Contract]:
    """The contract of every template by its file below the folder of templates."""
    return {
        **{f"{document}.docx": document_contract(document) for document in (*DOCUMENTS, *BATCH_DOCUMENTS)},
        **{f"pages/{page}.html": Contract(view) for page, view in {**PAGE_VIEWS, "report": ReportView}.items()},
    }


def document_contract(document: str) -> Contract:
    """What a document's template may rely on."""
    definition = {**DOCUMENTS, **BATCH_DOCUMENTS}[document]
    requirements = definition.requirements
    return Contract(definition.view, requirements.guaranteed, requirements.conditional)


def title_of(template: str) -> str:
    """What people call a template."""
    document = {**DOCUMENTS, **BATCH_DOCUMENTS}.get(template.removesuffix(".docx"))
    return document.title if document else template
