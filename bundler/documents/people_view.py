"""The people of a case as plain data for templates: petitioners, and the court's own staff."""

from __future__ import annotations

from typing import Any

from bundler.case.base import Unknown
from bundler.case.model import Case
from bundler.case.people import Officer, People, Petitioner

View = dict[str, Any]


def petitioners_view(case: Case) -> list[View]:
    """Every petitioner with what is known; which of it a paper may show is the template's to decide."""
    return [_petitioner(petitioner) for petitioner in case.petitioners]


def _petitioner(one: Petitioner) -> View:
    principal = one.principal
    return {
        "name": one.name or "",
        "kind": one.kind,
        "anonymous": one.anonymous,
        "phone": known(one.phone),
        "sex": one.sex or "",
        "ethnicity": one.ethnicity or "",
        "birth_date": one.birth_date.isoformat() if one.birth_date else "",
        "occupation": one.occupation or "",
        "address": one.address or "",
        "id_type": one.id_type,
        "id_number": one.id_number or "",
        "credit_code": one.credit_code or "",
        "representative": officer_view(one.representative),
        "role": one.role or "",
        "position": one.position or "",
        "principal": {
            "name": (principal.name or "") if principal else "",
            "authority": (principal.authority or "") if principal else "",
            "proof": (principal.proof or "") if principal else "",
        },
    }


def principals_view(case: Case) -> list[str]:
    """For whom the petitioners act, where they are agents (受托人)."""
    return [one.principal.name for one in case.petitioners if one.principal and one.principal.name]


def people_view(people: People) -> View:
    """The court's staff by their part in the matter; blank where the case names nobody."""
    return {name: officer_view(getattr(people, name)) for name in People.model_fields}


def officer_view(officer: Officer | Unknown | None) -> View:
    """A person's name and office, or the reason why neither is known."""
    if isinstance(officer, Unknown):
        return {"name": "", "title": "", "unknown": officer.unknown}
    return {
        "name": (officer.name or "") if officer else "",
        "title": (officer.title or "") if officer else "",
        "unknown": "",
    }


def known(value: str | Unknown | None) -> View:
    """A registration field: its value, or the reason why it is not known."""
    if isinstance(value, Unknown):
        return {"value": "", "unknown": value.unknown}
    return {"value": value or "", "unknown": ""}
