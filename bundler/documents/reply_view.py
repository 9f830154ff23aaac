"""What the reply opinion (答复意见书) may print, beside the common values."""

from __future__ import annotations

from datetime import date
from typing import Any

from bundler.case.facts import Claim
from bundler.case.model import Case
from bundler.regulation.statutes import statutes_on


def reply_view(case: Case, document_on: date | None) -> dict[str, Any]:
    """The claims with their answers, and the remedies that are really open to this petitioner."""
    acceptance, approval = case.acceptance, case.approval
    accepted = acceptance and (acceptance.accepted_on or acceptance.notice_on)
    consent = approval and approval.leader_consent and approval.leader_consent.on
    collective = approval and approval.collective and approval.collective.on
    statutes = statutes_on(document_on)
    return {
        "approved": bool(consent or collective),
        "accepted_on": accepted.isoformat() if accepted else "",
        "investigated": bool(case.investigations),
        "hearing_on": case.hearing.held_on.isoformat() if case.hearing else "",
        "previous_reply_on": _iso(case.reply.previous_reply_on) if case.reply else "",
        "relief": {
            "started_on": _iso(case.relief.started_on) if case.relief else "",
            "case_no": (case.relief.case_no or "") if case.relief else "",
        },
        "case_facts": (case.reply.case_facts or "") if case.reply else "",
        "claims": [_claim(claim) for claim in case.claims],
        "remedies": remedies(case),
        "statutes": {"conduct": statutes.conduct, "delay": statutes.delay, "outsider": statutes.outsider},
        "attachments": list(case.reply.attachments) if case.reply else [],
    }


def _iso(value: date | None) -> str:
    return value.isoformat() if value else ""


def _claim(claim: Claim) -> dict[str, Any]:
    procedure = claim.procedure
    return {
        "title": claim.title or "",
        "statement": claim.statement or "",
        "demand": claim.demand or "",
        "facts": claim.facts or "",
        "outcome": claim.outcome or "",
        "reason": claim.reason or "",
        "lacks": claim.lacks,
        "measures": [{"on": one.on.isoformat(), "text": one.text, "done": one.done} for one in claim.measures],
        "procedure": {
            "name": procedure.name if procedure else "",
            "case_no": (procedure.case_no or "") if procedure else "",
            "told_on": procedure.told_on.isoformat() if procedure and procedure.told_on else "",
            "told_to": (procedure.told_to or "") if procedure else "",
        },
    }


def remedies(case: Case) -> list[str]:
    """The remedies by code: those that the case names, else those of the petitioner's position and the outcomes."""
    chosen: list[str] = []
    if case.reply and case.reply.remedies is not None:
        chosen = list(case.reply.remedies)
    elif case.registration.nature == "complaint" and {claim.outcome for claim in case.claims} & {
        "explained",
        "not_supported",
    }:
        chosen = _by_position(case)
    if any(claim.outcome == "led_into" and claim.procedure and claim.procedure.case_no for claim in case.claims):
        chosen.append("R5")
    return chosen


def _by_position(case: Case) -> list[str]:
    positions = {petitioner.position for petitioner in case.petitioners}
    terminated = any(enforcement.terminated for enforcement in case.enforcement_cases)
    late = any(enforcement.overdue_six_months for enforcement in case.enforcement_cases)
    found = []
    if "applicant" in positions and terminated:
        found.append("R4")
    if positions & {"applicant", "respondent"}:
        found.append("R1")
    if "outsider" in positions:
        found.append("R2")
    if "applicant" in positions and late and not terminated:
        found.append("R3")
    return found
