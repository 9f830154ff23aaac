"""Find in a case the day of a document, or the last day of which it may tell."""

from __future__ import annotations

from datetime import date, datetime

from bundler.case.model import Case
from bundler.documents.document_subjects import find_recorded_inquiry
from bundler.documents.unenforceable_debt_facts import select_follow_up
from bundler.regulation.papers import Item


def day_of(moment: datetime | None) -> date | None:
    """The day of a moment."""
    return moment.date() if moment else None


def inquiry_date(case: Case) -> date | None:
    """The day of the latest inquiry that questions a person."""
    found = find_recorded_inquiry(case)
    return (found[1].on or day_of(found[1].started_at)) if found else None


def discussion_date(case: Case) -> date | None:
    """The day of the collective discussion."""
    discussion = case.approval.collective if case.approval else None
    return (discussion.on or day_of(discussion.started_at)) if discussion else None


def statement_date(case: Case) -> date | None:
    """The day of the statement of measures, else that of the request for write-off."""
    return (case.write_off.statement_on or case.write_off.requested_on) if case.write_off else None


def follow_up_date(case: Case) -> date | None:
    """The day of the follow-up that the record is for; None while it is planned."""
    index = select_follow_up(case)
    return case.follow_ups[index].on if index is not None and case.follow_ups[index].text else None


def approval_limit(case: Case) -> date | None:
    """The day before which the approval was asked for, where its form bears no date of its own."""
    consent = case.approval.leader_consent if case.approval else None
    return (consent.on if consent else None) or (case.reply.replied_on if case.reply else None)


def signing_limit(case: Case) -> date | None:
    """The day on which the commitments were signed, the last one."""
    signed = [one.signed_on for one in case.materials_for(Item.COMMITMENT) if one.signed_on]
    return max(signed, default=None)
