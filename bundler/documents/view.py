"""What a template may print: the case as plain data, so that it can call nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bundler.case.base import Unknown
from bundler.case.facts import EnforcementCase, Interview
from bundler.case.model import Case
from bundler.case.people import Parties
from bundler.documents.people_view import officer_view, people_view, petitioners_view, principals_view
from bundler.documents.reply_view import reply_view
from bundler.documents.write_off_view import write_off_view
from bundler.profile import Profile
from bundler.regulation.deadlines import interview_due, reply_due

View = dict[str, Any]


def view_of(case: Case, profile: Profile, document_on: date | None) -> View:
    """The values of a document dated on a day; blank where the case has none."""
    register = case.registration
    return {
        "court": {
            "name": profile.court_name,
            "addr": profile.court_addr,
            "zip": profile.court_zip,
            "prefix": profile.doc_prefix,
        },
        "rule": {"title": profile.rule_title, "no": profile.rule_no, "short": profile.rule_short},
        "reg_no": register.no or "",
        "document_on": _iso(document_on),
        "received_on": _iso(register.received_on),
        "channel": register.channel or "",
        "channel_text": register.channel_text or "",
        "nature": register.nature,
        "brief": register.brief or "",
        "register": _register(case),
        "assign": _assignment(case),
        "petitioners": petitioners_view(case),
        "principals": principals_view(case),
        "people": people_view(case.people),
        "handler": officer_view(case.people.handler)["name"],
        "handler_left": bool(case.people.former_handler and not case.people.former_handler.in_enforcement),
        "contact": _contact(case, profile),
        "cases": [_enforcement(one) for one in case.enforcement_cases],
        "category": case.category or "",
        "ledgers": list(case.ledgers),
        "grounds": sorted(set(case.grounds)),
        "conduct": _conduct(case),
        "interview": _interview(case, document_on),
        "asks_relief": any(one.position == "applicant" for one in case.petitioners),
        "declined": _declined(case),
        "not_ours": _not_ours(case),
        **reply_view(case, document_on),
        **write_off_view(case, profile),
        **profile.switches.model_dump(),
        **_due(case),
    }


def _iso(value: date | datetime | None) -> str:
    return value.isoformat() if value else ""


def _register(case: Case) -> View:
    """What only the registration form prints (Art. 12)."""
    register = case.registration
    return {
        "registered_on": _iso(register.registered_on or register.received_on),
        "source": register.source or "",
        "visit_no": register.visit_no or 0,
        "summary": register.summary or "",
        "proposed_opinion": register.proposed_opinion or "",
        "papers": [{"name": one.name, "copies": one.copies, "original": one.original} for one in register.papers],
        "system_no": register.system_no or "",
        "system_on": _iso(register.system_on),
        "note": register.note or "",
    }


def _assignment(case: Case) -> View:
    assignment = case.assignment
    if assignment is None:
        return {}
    return {
        "body": assignment.body,
        "kind": assignment.kind,
        "notice_title": assignment.notice_title or "",
        "notice_no": assignment.notice_no or "",
        "received_on": _iso(assignment.received_on),
    }


def _enforcement(one: EnforcementCase) -> View:
    parties = one.parties if isinstance(one.parties, Parties) else Parties()
    return {
        "no": one.no if isinstance(one.no, str) else "",
        "no_unknown": one.no.unknown if isinstance(one.no, Unknown) else "",
        "cause": one.cause or "",
        "applicants": list(parties.applicants),
        "respondents": list(parties.respondents),
        "outsiders": list(parties.outsiders),
        "parties_unknown": one.parties.unknown if isinstance(one.parties, Unknown) else "",
    }


def _not_ours(case: Case) -> View:
    """A matter that another body has to handle (Art. 14, paragraph 1)."""
    note = case.not_ours
    if note is None:
        return {}
    names = ("checked", "reason", "work_done", "suggested_body", "document_no")
    return {name: getattr(note, name) or "" for name in names}


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
    interview = case.interview or Interview()
    held = interview.held_on
    planned = interview.planned_at if interview.place else None
    start = interview.started_at or (interview.planned_at if not held or _same_day(interview) else None)
    return {
        "time": _iso(start),
        "day": _iso(held or (start.date() if start else None)),
        "present": list(interview.present),
        "told": list(interview.told),
        "held_on": _iso(held),
        "held_before_notice": bool(held and document_on and held <= document_on),
        "planned_at": _iso(planned),
        "place": interview.place or "",
        "attempted_on": _iso(interview.attempted_on),
        "not_held_because": interview.not_held_because or "",
        "heard_by": interview.heard_by or "",
    }


def _same_day(interview: Interview) -> bool:
    return bool(interview.planned_at and interview.planned_at.date() == interview.held_on)


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
