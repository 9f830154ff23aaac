"""What each document needs of the case before it can be filled: one table, read by the gate and by `render` alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bundler.case.model import Case
from bundler.documents.requirements import forms, letters, meeting_records
from bundler.documents.requirements.common import MissingField, MissingFields


@dataclass(frozen=True, slots=True)
class ConditionalGuarantee:
    """Names that have a value whenever a condition holds.

    Attributes:
        of: the record that they are fields of, or the list whose every entry they are about.
        names: fields of it.
        when: the condition, as a template would write it; it calls the record ``one``. Empty: always.
    """

    of: str
    names: tuple[str, ...]
    when: str = "true"


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a document needs of a case.

    Attributes:
        lacking: the fields that a case still lacks, in the order of the paper.
        guaranteed: names of the template's view that have a value once nothing is lacking (``people.handler``), or at
            least one entry, each with that value (``petitioners``). The proof of the templates rests on them: a name
            that is not here is printed only behind a guard or with a default.
        sure: the same, under conditions: each entry of ``claims`` has ``facts`` when it is not ``weighed``.
    """

    lacking: Callable[[Case], MissingFields]
    guaranteed: frozenset[str] = frozenset()
    sure: tuple[ConditionalGuarantee, ...] = ()


def find_missing_fields(document: str, case: Case) -> tuple[MissingField, ...]:
    """The fields that a document still needs, in the order of the paper; none when it can be filled."""
    return tuple(REQUIREMENTS[document].lacking(case))


def _requires(
    lacking: Callable[[Case], MissingFields], *guaranteed: str, sure: tuple[ConditionalGuarantee, ...] = ()
) -> Requirements:
    return Requirements(lacking, frozenset(guaranteed), sure)


REQUIREMENTS: dict[str, Requirements] = {
    "registration_form": _requires(
        forms.registration_form,
        "reg_no",
        "petitioners",
        "addressees",
        "received_on",
        "channel",
        "register.registered_on",
        "register.source",
        "register.summary",
        "register.proposed_opinion",
    ),
    "transfer_slip": _requires(
        forms.transfer_slip, "reg_no", "petitioners", "received_on", "people.handler", "transfer.transferred_on"
    ),
    "acceptance_notice": _requires(
        letters.acceptance_notice,
        "reg_no",
        "petitioners",
        "addressees",
        "received_on",
        "channel",
        "grounds",
        "people.handler",
        "document_on",
    ),
    "explanation_notice": _requires(
        letters.explanation_notice,
        "reg_no",
        "petitioners",
        "addressees",
        "received_on",
        "channel",
        "declined",
        "document_on",
        sure=(
            ConditionalGuarantee("declined", ("means",), "one.ground == 1 and one.attempts"),
            ConditionalGuarantee("declined", ("talked_on",), "one.ground == 1 and not one.attempts"),
            ConditionalGuarantee("declined", ("conduct_subject",), "one.ground == 2"),
            ConditionalGuarantee("declined", ("department", "moved_on"), "one.ground in (2, 4)"),
            ConditionalGuarantee("declined", ("standing_checked",), "one.ground == 3"),
            ConditionalGuarantee("declined", ("other_procedure",), "one.ground == 4"),
            ConditionalGuarantee("declined", ("judgment_no",), "one.ground == 4 and one.other_procedure == 'trial'"),
            ConditionalGuarantee(
                "declined",
                ("bankrupt", "bankruptcy_court", "bankruptcy_no", "administrator"),
                "one.ground == 4 and one.other_procedure == 'bankruptcy'",
            ),
            ConditionalGuarantee("declined", ("procedure_name",), "one.ground == 4 and one.other_procedure == 'other'"),
            ConditionalGuarantee("declined", ("matter", "competent_body"), "one.ground == 5"),
            ConditionalGuarantee("declined", ("enforcing_court", "superior_court", "instrument"), "one.ground == 7"),
        ),
    ),
    "interview_record": _requires(
        meeting_records.interview_record,
        "reg_no",
        "petitioners",
        "addressees",
        "interview.day",
        "interview.place",
        "people.handler",
        "people.clerk",
    ),
    "coordination_record": _requires(
        meeting_records.coordination_record,
        "reg_no",
        "petitioners",
        "addressees",
        "coordination",
        "coordination.started_at",
        "coordination.place",
        "coordination.chair",
        "coordination.recorder",
        "coordination.everyone",
    ),
    "investigation_record": _requires(
        meeting_records.investigation_record,
        "reg_no",
        "petitioners",
        "addressees",
        "inquiry",
        "inquiry.day",
        "inquiry.place",
        "inquiry.investigators",
        "inquiry.recorder",
        "inquiry.respondent.name",
    ),
    "hearing_record": _requires(
        meeting_records.hearing_record,
        "reg_no",
        "petitioners",
        "addressees",
        "hearing",
        "hearing.place",
        "hearing.chair",
        "hearing.recorder",
        "hearing.participants",
    ),
    "collective_record": _requires(
        meeting_records.collective_record,
        "reg_no",
        "petitioners",
        "addressees",
        "collective",
        "collective.day",
        "collective.place",
        "collective.chair",
        "collective.attendees",
        "collective.members",
        "collective.reporter",
        "collective.recorder",
    ),
    "approval_form": _requires(
        forms.approval_form,
        "reg_no",
        "petitioners",
        "people.handler",
        "people.leader",
        "claims",
        sure=(ConditionalGuarantee("claims", ("statement", "outcome")),),
    ),
    "service_receipt": _requires(
        forms.service_receipt, "reg_no", "petitioners", "receipt", "addressee", "addressee.name", "addressee.address"
    ),
    "reply_opinion": _requires(
        letters.reply_opinion,
        "reg_no",
        "petitioners",
        "addressees",
        "received_on",
        "channel",
        "claims",
        "document_on",
        sure=(
            ConditionalGuarantee("claims", ("statement", "outcome")),
            ConditionalGuarantee("claims", ("title",), "claims|length > 1"),
            ConditionalGuarantee("claims", ("facts",), "not one.weighed"),
            ConditionalGuarantee(
                "claims", ("reason",), "not one.weighed and one.outcome in ('explained', 'not_supported')"
            ),
        ),
    ),
    "measures_statement": _requires(
        letters.measures_statement, "reg_no", "petitioners", "addressees", "received_on", "measures"
    ),
    "commitment": _requires(letters.commitment, "reg_no", "petitioners", "addressee", "addressee.name", "brief"),
    "supervision_report": _requires(
        letters.supervision_report,
        "petitioners",
        "assign",
        "assign.received_on",
        "assign.notice_title",
        "feedback.claims",
    ),
    "write_off_request": _requires(
        forms.write_off_request,
        "reg_no",
        "petitioners",
        "addressees",
        "register.source",
        "received_on",
        "accepted_on",
        "people.handler",
        "people.leader",
        "category",
        "claims",
        "write_off.requested_on",
        "document_on",
        sure=(ConditionalGuarantee("claims", ("statement", "outcome")),),
    ),
    "jurisdiction_note": _requires(
        letters.jurisdiction_note,
        "petitioners",
        "addressees",
        "assign",
        "assign.received_on",
        "not_ours",
        "not_ours.checked",
        "not_ours.reason",
        "not_ours.work_done",
        "document_on",
    ),
}
