"""The documents of the check of a case, of a batch, and of the ledger, each with a view of its own."""

from __future__ import annotations

from bundler.documents.document_definition import DocumentDefinition
from bundler.documents.required_facts.shared_checks import NO_REQUIREMENTS, Requirements
from bundler.regulation.papers import Item


def _return_view() -> type:
    from bundler.documents.views.case_return_notice import ReturnView

    return ReturnView


def _period_report_view() -> type:
    from bundler.documents.views.period_report_types import PeriodReportView

    return PeriodReportView


def _submission_view() -> type:
    from bundler.documents.views.submission_letter import SubmissionView

    return SubmissionView


def _reminder_view() -> type:
    from bundler.documents.views.reminder_notice import ReminderView

    return ReminderView


def _reception_view() -> type:
    from bundler.documents.views.reception_register import ReceptionRegisterView

    return ReceptionRegisterView


BATCH_DOCUMENTS: dict[str, DocumentDefinition] = {
    document.id: document
    for document in (
        DocumentDefinition(
            id="return_notice",
            title="核销（归档）材料退回补正通知单",
            item=Item.OTHER,
            requirements=Requirements(guaranteed=frozenset({"lines"})),
            load_view=_return_view,
        ),
        DocumentDefinition(
            id="period_report",
            title="关于执行申诉信访工作情况的通报",
            item=Item.OTHER,
            requirements=NO_REQUIREMENTS,
            load_view=_period_report_view,
            returns_signed=False,
        ),
        DocumentDefinition(
            id="submission_letter",
            title="关于报请核销执行申诉信访案件的请示",
            item=Item.OTHER,
            requirements=Requirements(guaranteed=frozenset({"cases", "court.superior"})),
            load_view=_submission_view,
            returns_signed=False,
        ),
        DocumentDefinition(
            id="reminder_notice",
            title="催办（督办）单",
            item=Item.OTHER,
            requirements=Requirements(guaranteed=frozenset({"lines"})),
            load_view=_reminder_view,
            returns_signed=False,
        ),
        DocumentDefinition(
            id="reception_register",
            title="接访登记表",
            item=Item.OTHER,
            load_view=_reception_view,
            returns_signed=False,
        ),
    )
}
"""The documents of the check of a case, of a batch, and of the ledger; `bundler.documents.drafting` checks their requirements."""
