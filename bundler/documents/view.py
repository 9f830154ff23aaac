"""What a template may print: the case as plain data, so that it can call nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bundler.case.base import Unknown
from bundler.case.model import Case
from bundler.case.people import Officer, Parties
from bundler.documents.reply_view import reply_view
from bundler.profile import Profile
from bundler.regulation.deadlines import interview_due, reply_due

View = dict[str, Any]


def view_of(case: Case, profile: Profile, document_on: date | None) -> View:
    """The values of a document dated on a day; blank where the case has none."""
    register = case.registration
    return {
        "court": {"name": profile.court_name, "addr": profile.court_addr, "zip": profile.court_zip},
        "rule": {"title": profile.rule_title, "no": profile.rule_no, "short": profile.rule_short},
        "reg_no": register.no or "",
        "document_on": _iso(document_on),
        "received_on": _iso(register.received_on),
        "channel": register.channel or "",
        "channel_text": register.channel_text or "",
        "assigned_by": case.assignment.body if case.assignment else "",
        "brief": register.brief or "",
        "petitioners": [{"name": one.name or "", "kind": one.kind} for one in case.petitioners],
        "cases": [_enforcement(one.no, one.cause, one.parties) for one in case.enforcement_cases],
        "grounds": sorted(case.grounds),
        "handler": _name(case.people.handler),
        "handler_left": bool(case.people.former_handler and not case.people.former_handler.in_enforcement),
        "contact": _contact(case, profile),
        "conduct": _conduct(case),
        "interview": _interview(case, document_on),
        "declined": _declined(case),
        **reply_view(case, document_on),
        "period_sentence": profile.switches.period_sentence,
        **_due(case),
    }


def _iso(value: date | datetime | None) -> str:
    return value.isoformat() if value else ""


def _name(officer: Officer | Unknown | None) -> str:
    return (officer.name or "") if isinstance(officer, Officer) else ""


def _enforcement(number: str | Unknown | None, cause: str | None, parties: Parties | Unknown | None) -> View:
    named = parties if isinstance(parties, Parties) else Parties()
    return {
        "no": number if isinstance(number, str) else "",
        "cause": cause or "",
        "applicants": list(named.applicants),
        "respondents": list(named.respondents),
    }


def _contact(case: Case, profile: Profile) -> View:
    """Who answers the petitioner; never the handler complained of, so the team's public phone stands in."""
    contact = case.people.contact
    if contact and contact.name:
        return {"name": contact.name, "tel": contact.phone or profile.court_tel}
    return {"name": "执行信访团队", "tel": profile.court_tel}


def _conduct(case: Case) -> View:
    part = case.acceptance.conduct_part if case.acceptance else None
    return {"subject": part.subject, "on": _iso(part.transferred_on), "department": part.department} if part else {}


def _interview(case: Case, document_on: date | None) -> View:
    interview = case.interview
    held = interview.held_on if interview else None
    planned = interview.planned_at if interview and interview.place else None
    return {
        "held_on": _iso(held),
        "held_before_notice": bool(held and document_on and held <= document_on),
        "planned_at": _iso(planned),
        "place": (interview.place or "") if interview else "",
        "attempted_on": _iso(interview.attempted_on) if interview else "",
        "not_held_because": (interview.not_held_because or "") if interview else "",
        "heard_by": (interview.heard_by or "") if interview else "",
    }


def _due(case: Case) -> View:
    """Art. 13's days, counted from the handler's receipt; a provisional day is not printed."""
    transfer = case.transfer
    handed = (transfer and (transfer.received_on or transfer.transferred_on)) or case.registration.received_on
    if handed is None:
        return {"interview_due": "", "reply_due": ""}
    first, last = interview_due(handed), reply_due(handed)
    return {
        "interview_due": "" if first.provisional else _iso(first.day),
        "reply_due": "" if last.provisional else _iso(last.day),
    }


_PLAIN_FACTS = (
    "conduct_subject",
    "standing_checked",
    "other_procedure",
    "procedure_name",
    "judgment_no",
    "bankrupt",
    "bankruptcy_court",
    "bankruptcy_no",
    "administrator",
    "matter",
    "competent_body",
    "remedy",
    "enforcing_court",
    "superior_court",
    "instrument",
    "new_case_no",
    "phone",
)


def _declined(case: Case) -> View:
    """The ground of Art. 15 and its facts; nothing for an accepted case."""
    declined = case.declined
    if declined is None:
        return {}
    to, attempts = declined.transferred_to, [one for one in declined.contact_attempts if one.on]
    return {
        "ground": declined.ground,
        "attempts": [{"on": _iso(one.on)} for one in attempts],
        "means": list(dict.fromkeys(one.means for one in attempts if one.means)),
        "talked_on": _iso(declined.talked_on),
        "department": (to.department or "") if to else "",
        "moved_on": _iso(to.on) if to else "",
        "moved_no": (to.document_no or "") if to else "",
        "designated": declined.designated,
        "returned": {"name": declined.returned.name, "on": _iso(declined.returned.on)} if declined.returned else {},
        **{name: getattr(declined, name) or "" for name in _PLAIN_FACTS},
    }
