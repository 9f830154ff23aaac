"""Which date each document bears."""

from __future__ import annotations

from datetime import date, datetime

from bundler.case.model import Case
from bundler.documents.views.meeting_records import find_recorded_inquiry


def document_date(case: Case, document: str) -> date | None:
    """The date that a document bears; None where the case does not give it, and the paper leaves it blank."""
    write_off = case.write_off
    inquiry = found[1] if (found := find_recorded_inquiry(case)) else None
    collective = case.approval.collective if case.approval else None
    dates = {
        "registration_form": case.registration.registered_on or case.registration.received_on,
        "transfer_slip": case.transfer.transferred_on if case.transfer else None,
        "acceptance_notice": case.acceptance.notice_on if case.acceptance else None,
        "explanation_notice": case.declined.notice_on if case.declined else None,
        "interview_record": case.interview.held_on if case.interview else None,
        "coordination_record": _day_of(case.coordination.started_at) if case.coordination else None,
        "investigation_record": (inquiry.on or _day_of(inquiry.started_at)) if inquiry else None,
        "hearing_record": case.hearing.held_on if case.hearing else None,
        "collective_record": (collective.on or _day_of(collective.started_at)) if collective else None,
        "approval_form": case.approval.submitted_on if case.approval else None,
        "service_receipt": None,  # the day of a service is written by hand
        "reply_opinion": case.reply.replied_on if case.reply else None,
        "measures_statement": (write_off.statement_on or write_off.requested_on) if write_off else None,
        "write_off_request": write_off.requested_on if write_off else None,
        "commitment": None,  # as is that of a signature
        "supervision_report": case.feedback_report.reported_on if case.feedback_report else None,
        "jurisdiction_note": case.not_ours.noted_on if case.not_ours else None,
    }
    return dates[document]


def _day_of(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def closing_date(case: Case) -> date | None:
    """The day of a whole file: filed, else asked to be written off, else replied to or refused, else received."""
    asked, reply, declined = case.write_off, case.reply, case.declined
    return (
        case.archive.filed_on
        or (asked and asked.requested_on)
        or (reply and reply.replied_on)
        or (declined and declined.notice_on)
        or case.registration.received_on
    )
