"""The people in a case's view: petitioners, and the court's staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from bundler.case import people_models as model
from bundler.case.field_types import Unknown
from bundler.case.model import Case
from bundler.documents.document_subjects import list_principals, split_names
from bundler.documents.views.petitioner_standing import describe_relation, describe_standing
from bundler.documents.views.record_fields import AT_LEAST_ONE, copy_fields


@dataclass(frozen=True, slots=True)
class Officer:
    """A member of the court's staff, or an organisation's representative, whose name is known."""

    name: Annotated[str, "姓名"]
    title: Annotated[str | None, "职务"]
    phone: Annotated[str | None, "联系电话"]


@dataclass(frozen=True, slots=True)
class Principal:
    """The person for whom an agent (受托人) petitions (委托人)."""

    name: Annotated[str, "委托人"]
    authority: Annotated[str | None, "代理权限"]
    proof: Annotated[str | None, "委托手续"]


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent (委托代理人) of a petitioner; no petitioner himself, and named once."""

    name: Annotated[str, "代理人"]
    authority: Annotated[str | None, "代理权限"]
    proof: Annotated[str | None, "委托手续"]
    phone: Annotated[str | None, "联系电话"]


@dataclass(frozen=True, slots=True)
class Mandate:
    """An agent who acts for some of the addressees alone."""

    agent: Annotated[str, "代理人"]
    principals: Annotated[tuple[str, ...], "委托人", AT_LEAST_ONE]


@dataclass(frozen=True, slots=True)
class ActingAgent:
    """An agent with all whom he acts for under one authority, so that a paper names him once."""

    name: Annotated[str, "代理人"]
    principals: Annotated[tuple[str, ...], "委托人", AT_LEAST_ONE]
    authority: Annotated[str | None, "代理权限"]
    proof: Annotated[str | None, "委托手续"]
    phone: Annotated[str | None, "联系电话"]


@dataclass(frozen=True, slots=True)
class Petitioner:
    """A petitioner with all that is known; the template decides what a document shows."""

    kind: Annotated[Literal["person", "company", "organization"], "类别：自然人、公司、其他单位"]
    name: Annotated[str | None, "姓名（名称）；匿名的没有"]
    anonymous: Annotated[bool, "匿名"]
    phone: Annotated[str | None, "联系电话"]
    phone_unknown: Annotated[str | None, "联系电话不详的原因"]
    sex: Annotated[Literal["男", "女"] | None, "性别"]
    ethnicity: Annotated[str | None, "民族"]
    birth_date: Annotated[date | None, "出生日期"]
    occupation: Annotated[str | None, "职业"]
    address: Annotated[str | None, "住址（住所地）"]
    id_type: Annotated[Literal["resident", "other"], "证件种类：居民身份证、其他"]
    id_number: Annotated[str | None, "证件号码"]
    credit_code: Annotated[str | None, "统一社会信用代码"]
    representative: Annotated[Officer | None, "法定代表人（负责人）"]
    role: Annotated[Literal["party", "interested", "agent", "none"] | None, "身份：当事人、利害关系人、受托人、其他"]
    position: Annotated[
        Literal["applicant", "respondent", "outsider"] | None, "执行中地位：申请执行人、被执行人、案外人"
    ]
    principal: Annotated[Principal | None, "委托情况；受托人单独登记时有"]
    agents: Annotated[tuple[Agent, ...], "委托代理人"]
    standing: Annotated[str | None, "身份，如“申请执行人”"]
    relation: Annotated[str | None, "与案件的关系，如“（2020）鲁0117执9001号案申请执行人”"]


@dataclass(frozen=True, slots=True)
class People:
    """The court's staff by function; None where the case names no one."""

    handler: Annotated[Officer | None, "案件承办人"]
    handler_unknown: Annotated[str | None, "案件承办人不详的原因"]
    leader: Annotated[Officer | None, "主办院领导"]
    co_handler: Annotated[Officer | None, "协办承办法官"]
    former_handler: Annotated[Officer | None, "原承办人"]
    team: Annotated[Officer | None, "执行信访团队经办人"]
    first_contact: Annotated[Officer | None, "首访接待人"]
    receiver: Annotated[Officer | None, "接待人"]
    clerk: Annotated[Officer | None, "书记员"]
    registrar: Annotated[Officer | None, "登记人"]


def build_petitioners_view(case: Case) -> tuple[Petitioner, ...]:
    """Every petitioner and agent, in the order given."""
    return tuple(_build_petitioner(case, petitioner) for petitioner in case.petitioners)


def _build_petitioner(case: Case, one: model.Petitioner) -> Petitioner:
    return copy_fields(
        Petitioner,
        one,
        phone=known_text(one.phone),
        phone_unknown=find_unknown_reason(one.phone),
        representative=build_officer_view(one.representative),
        principal=_build_principal(one.principal),
        agents=_list_agents(case, one),
        standing=describe_standing(case, one),
        relation=describe_relation(case, one),
    )


def _build_principal(one: model.Principal | None) -> Principal | None:
    return copy_fields(Principal, one) if one and one.name else None


def _list_agents(case: Case, principal: model.Petitioner) -> tuple[Agent, ...]:
    """The agents registered together with a petitioner, each once."""
    found: dict[str, Agent] = {}
    for one in case.petitioners:
        mandate = one.principal
        if one.name and mandate and principal.name in split_names(mandate.name) and one is not principal:
            agent = Agent(one.name, mandate.authority or None, mandate.proof or None, known_text(one.phone) or None)
            found.setdefault(one.name, agent)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Addressees:
    """To whom a letter is addressed, and who acts for them.

    An agent (受托人) registered together with a principal is no addressee and no petitioner: the letter is addressed to the
    principal and names the agent. An agent registered alone is the addressee.

    Attributes:
        addressees: the petitioners without the agents.
        agents: the agents who act for all addressees.
        principals: for whom an agent registered alone acts.
        mandates: the agents who act for some addressees alone.
    """

    addressees: tuple[Petitioner, ...]
    agents: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    mandates: tuple[Mandate, ...] = ()


def find_addressees(case: Case) -> Addressees:
    """Separate the petitioners from their agents, and find for whom each agent acts."""
    everyone = build_petitioners_view(case)
    others = tuple(everyone[index] for index in list_principals(case))
    represented: dict[str, list[str]] = {}
    for one in others:
        for agent in one.agents:
            represented.setdefault(agent.name, []).append(one.name or "")
    agents = tuple(name for name, principals in represented.items() if len(principals) == len(others))
    mandates = tuple(Mandate(name, tuple(for_)) for name, for_ in represented.items() if name not in agents)
    alone = [one.principal.name for one in others if one.principal]
    principals = tuple(dict.fromkeys(name for names in alone for name in split_names(names)))
    return Addressees(others, agents, principals if len(alone) == len(others) else (), mandates)


def list_acting_agents(petitioners: tuple[Petitioner, ...]) -> tuple[ActingAgent, ...]:
    """The agents of the petitioners, each once with all his principals; once for each authority that he has."""
    principals: dict[Agent, list[str]] = {}
    for one in petitioners:
        for agent in one.agents:
            same = next((known for known in principals if _acts_alike(known, agent)), agent)
            principals.setdefault(same, []).append(one.name or "")
    return tuple(copy_fields(ActingAgent, agent, principals=tuple(names)) for agent, names in principals.items())


def _acts_alike(one: Agent, other: Agent) -> bool:
    return (one.name, one.authority, one.proof) == (other.name, other.authority, other.proof)


def build_people_view(people: model.People) -> People:
    """The court's staff by function."""
    officers = {name: build_officer_view(getattr(people, name)) for name in model.People.model_fields}
    return copy_fields(People, people, **officers, handler_unknown=find_unknown_reason(people.handler))


def build_officer_view(officer: model.Officer | Unknown | None) -> Officer | None:
    """An officer; None where the name is missing or unknown."""
    if officer is None or isinstance(officer, Unknown) or not officer.name:
        return None
    return copy_fields(Officer, officer)


def known_text(value: str | Unknown | None) -> str | None:
    """The value of a field that may be declared unknown; None where it is missing or unknown."""
    return value if isinstance(value, str) else None


def find_unknown_reason(value: object) -> str | None:
    """The reason given for a field that is declared unknown; None for any other."""
    return value.unknown if isinstance(value, Unknown) else None
