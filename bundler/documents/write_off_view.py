"""What the papers of a write-off (核销) may print: measures, resolution, service of the reply, what is enclosed."""

from __future__ import annotations

from datetime import date
from typing import Any

from bundler.case.model import Case
from bundler.profile import Profile
from bundler.regulation.items import Item

View = dict[str, Any]


def write_off_view(case: Case, profile: Profile) -> View:
    """Art. 14's papers; blank and empty where a case asks for no write-off."""
    asked = case.write_off
    signed = [material.signed_on for material in case.materials_for(Item.COMMITMENT) if material.signed_on]
    return {
        "write_off": {
            "requested_on": _iso(asked.requested_on if asked else None),
            "effect": (asked.effect or "") if asked else "",
            "status": (asked.status or "") if asked else "",
        },
        "measures": _measures(case),
        "resolutions": [
            {"label": label, "chosen": bool(asked and name in asked.resolution)}
            for name, label in profile.resolution.model_dump().items()
        ],
        "service": {
            "reply_on": _iso(reply_served_on(case)),
            "method": (case.reply.service_method or "") if case.reply else "",
        },
        "commitment_on": _iso(max(signed, default=None)),
        "enclosed": _enclosed(case),
    }


def reply_served_on(case: Case) -> date | None:
    """When the reply reached the petitioner, or was posted, whichever came first (Art. 13)."""
    days = [
        day
        for material in case.materials_for(Item.REPLY_SERVICE)
        for day in (material.signed_on, material.posted_on)
        if day
    ]
    return min(days, default=None)


def _measures(case: Case) -> list[View]:
    """The dated measures, the earliest first."""
    dated = [(measure.on, measure) for measure in case.measures if measure.on]
    return [
        {"on": on.isoformat(), "action": one.action or "", "by": one.by or "", "proof": one.proof or ""}
        for on, one in sorted(dated, key=lambda pair: pair[0])
    ]


def _enclosed(case: Case) -> dict[str, int]:
    """How many papers of each kind go with the request; a measure's proof counts once."""
    proofs = {measure.proof_file or measure.proof for measure in case.measures} - {None, ""}
    statements = max(len(case.materials_for(Item.MEASURES)), 1)
    return {
        "legal": len(case.materials_for(Item.LEGAL_DOCUMENT)),
        "conversation": len(case.materials_for(Item.CONVERSATION_RECORD)),
        "measures": statements + len(proofs),
        "commitment": len(case.materials_for(Item.COMMITMENT)),
        "other": len(case.materials_for(Item.OTHER)),
    }


def _iso(value: date | None) -> str:
    return value.isoformat() if value else ""
