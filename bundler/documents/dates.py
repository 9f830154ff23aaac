"""Which date each document bears."""

from __future__ import annotations

from datetime import date

from bundler.case.model import Case


def document_date(case: Case, document: str) -> date | None:
    """The date that a document bears; None where the case does not give it, and the paper leaves it blank."""
    write_off = case.write_off
    dates = {
        "registration_form": case.registration.registered_on or case.registration.received_on,
        "acceptance_notice": case.acceptance.notice_on if case.acceptance else None,
        "explanation_notice": case.declined.notice_on if case.declined else None,
        "interview_record": case.interview.held_on if case.interview else None,
        "reply_opinion": case.reply.replied_on if case.reply else None,
        "measures_statement": (write_off.statement_on or write_off.requested_on) if write_off else None,
        "write_off_request": write_off.requested_on if write_off else None,
        "jurisdiction_note": case.not_ours.noted_on if case.not_ours else None,
    }
    return dates[document]
