"""Select the documents that a case needs: those of the steps that it has reached or will reach."""

from __future__ import annotations

from collections.abc import Callable

from bundler.case.model import Case

_OF_DECLINED = frozenset({"registration_form", "explanation_notice", "service_receipt"})
_WHERE: dict[str, Callable[[Case], object]] = {
    "coordination_record": lambda case: case.coordination,
    "investigation_record": lambda case: any(one.respondent for one in case.investigations),
    "hearing_record": lambda case: case.hearing,
    "collective_record": lambda case: case.approval and case.approval.collective,
    "measures_statement": lambda case: case.write_off,
    "commitment": lambda case: case.write_off,
    "write_off_request": lambda case: case.write_off,
    "supervision_report": lambda case: case.assignment,
    "jurisdiction_note": lambda case: case.not_ours,
}
"""By document: the part of the case without which it is not needed. A document that is not named is needed in every case."""


def is_needed(document_id: str, case: Case) -> bool:
    """Whether a case needs a document, or will: none of a refusal in an accepted case, none of a meeting that is not recorded."""
    if document_id in _WHERE:
        return bool(_WHERE[document_id](case))
    if case.declined is not None:
        return document_id in _OF_DECLINED
    return document_id != "explanation_notice"
