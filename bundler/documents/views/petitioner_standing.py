"""Who a petitioner is: the standing in each enforcement case in which the case names the petitioner as a party."""

from __future__ import annotations

from typing import Any

from bundler.case.case_step_models import EnforcementCase
from bundler.case.labels import POSITION
from bundler.case.model import Case
from bundler.case.people_models import Parties, Petitioner, Position
from bundler.documents.document_subjects import list_principals, split_names

_MANY_NUMBERS = 3
"""So many case numbers are listed; of more the first is given with their count."""


def find_positions(case: Case, name: str | None) -> dict[Position, tuple[str, ...]]:
    """The positions of a person among the parties of the enforcement cases, with the numbers of those cases."""
    found: dict[Position, list[str]] = {}
    for one in case.enforcement_cases:
        parties = one.parties if isinstance(one.parties, Parties) else Parties()
        sides: tuple[tuple[Position, tuple[str, ...]], ...] = (
            ("applicant", parties.applicants),
            ("respondent", parties.respondents),
            ("outsider", parties.outsiders),
        )
        for position, names in sides:
            if name and name in names:
                found.setdefault(position, []).append(one.no if isinstance(one.no, str) else "")
    return {position: tuple(number for number in numbers if number) for position, numbers in found.items()}


def list_positions(case: Case, one: Petitioner) -> tuple[Position, ...]:
    """A petitioner's positions: those of the cases' parties, else the one registered; an agent has those of the principals."""
    if one.principal and one.principal.name:
        acted = [position for name in split_names(one.principal.name) for position in find_positions(case, name)]
        return tuple(dict.fromkeys(acted)) or _registered(one)
    if one.role == "none":
        return ()
    named = tuple(find_positions(case, one.name))
    return named if named and (one.position is None or one.position in named) else _registered(one)


def _registered(one: Petitioner) -> tuple[Position, ...]:
    return (one.position,) if one.position else ()


def list_own_cases(case: Case, one: Petitioner | None) -> tuple[EnforcementCase, ...]:
    """The enforcement cases in which a petitioner, or an agent's principal, is a party; all where none names them."""
    names = {one.name, *split_names(one.principal.name if one.principal else None)} - {None} if one else set()
    own = tuple(enforcement for enforcement in case.enforcement_cases if names & _list_parties(enforcement))
    return own or case.enforcement_cases


def _list_parties(enforcement: EnforcementCase) -> set[str]:
    parties = enforcement.parties
    if not isinstance(parties, Parties):
        return set()
    return {*parties.applicants, *parties.respondents, *parties.outsiders}


def describe_standing(case: Case, one: Petitioner) -> str | None:
    """The standing without case numbers, such as 申请执行人; None where the case tells none."""
    if one.principal and one.principal.name:
        return "、".join(_describe_principal(case, name) for name in split_names(one.principal.name)) + "的委托代理人"
    positions = list_positions(case, one)
    return "、".join(POSITION[position] for position in positions) or _describe_role(one)


def _describe_principal(case: Case, name: str) -> str:
    return "、".join(POSITION[position] for position in find_positions(case, name)) + name


def _describe_role(one: Petitioner) -> str | None:
    return {"party": "案件当事人", "interested": "利害关系人", "agent": "委托代理人"}.get(one.role or "")


def describe_relation(case: Case, one: Petitioner) -> str | None:
    """The relation to the cases, each named by its number, such as （2020）鲁0117执9001号案申请执行人; None if it is unknown.

    A petitioner whom no case names as a party is related to the only case; of several it is not known to which.
    """
    if one.principal and one.principal.name:
        shown = []
        for name in split_names(one.principal.name):
            named = find_positions(case, name)
            shown.append(_join_relations(named) + name if named else name)
        return "、".join(shown) + "的委托代理人"
    named = find_positions(case, one.name)
    if named and tuple(named) == list_positions(case, one):
        return _join_relations(named)
    standing = describe_standing(case, one)
    numbers = [enforcement.no for enforcement in case.enforcement_cases if isinstance(enforcement.no, str)]
    if standing and len(case.enforcement_cases) == 1 and numbers:
        return _describe_in_case(f"{numbers[0]}案", standing)
    return standing


def _join_relations(named: dict[Position, tuple[str, ...]]) -> str:
    return "、".join(_describe_in_case(_name_cases(numbers), POSITION[position]) for position, numbers in named.items())


def _describe_in_case(cases: str, standing: str) -> str:
    """A standing in cases without a doubled 案: …号案申请执行人, …号案件案外人, …号案当事人."""
    if cases.endswith("案") and standing.startswith("案"):
        return f"{cases}{standing.removeprefix('案件')}" if standing.startswith("案件") else f"{cases}件{standing}"
    return f"{cases}{standing}"


def _name_cases(numbers: tuple[str, ...]) -> str:
    if not numbers:
        return ""
    if len(numbers) > _MANY_NUMBERS:
        return f"{numbers[0]}等{len(numbers)}件案"
    return "、".join(numbers) + "案"


def find_relief_askers(case: Case) -> dict[str, Any]:
    """Whether anybody may ask for relief, and who, where others may not."""
    petitioners = [case.petitioners[index] for index in list_principals(case)]
    askers = [one for one in petitioners if _may_ask_relief(case, one)]
    names = tuple(one.name for one in askers if one.name) if len(askers) < len(petitioners) else ()
    return {"asks_relief": bool(askers), "relief_askers": names}


def _may_ask_relief(case: Case, one: Petitioner) -> bool:
    """Whether a petitioner may ask for judicial relief: a natural person who applied for enforcement."""
    return one.kind == "person" and "applicant" in list_positions(case, one)
