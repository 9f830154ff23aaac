"""List what contradicts itself among the people of an invented case: two roles, shared telephones, who is left out, refusals."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from bundler.case.field_types import Unknown
from bundler.case.model import Case
from bundler.case.people_models import Parties, Petitioner
from bundler.documents.document_subjects import list_named_petitioners
from bundler.regulation.papers import Item

OWN_COURT = "鲁0117"
_WAGES = re.compile(r"劳动报酬|工资|劳务报酬|经济补偿")


def list_contradictions_among_people(case: Case) -> Iterator[str]:
    """Yield what the people of a case, their claims, meetings and papers contradict, and what speaks against a refusal."""
    yield from _people_in_two_roles(case)
    yield from _shared_contacts(case)
    yield from _claims_of_nobody(case)
    yield from _petitioners_left_out(case)
    yield from _papers_of_nobody(case)
    yield from _refusals_that_do_not_fit(case)


def parties_of(case: Case) -> Iterator[Parties]:
    """The known parties of each enforcement case."""
    return (one.parties for one in case.enforcement_cases if isinstance(one.parties, Parties))


def principals_of(case: Case) -> list[Petitioner]:
    """The petitioners with a name, without their agents."""
    return [case.petitioners[index] for index in list_named_petitioners(case)]


def _people_in_two_roles(case: Case) -> Iterator[str]:
    """Somebody who is a party and a witness, or on the court's side and on the other."""
    sides: dict[str, set[str]] = defaultdict(set)
    for one in case.petitioners:
        sides["代理人" if one.principal else "信访人"].add(one.name or "")
    for parties in parties_of(case):
        for side, names in (
            ("申请执行人", parties.applicants),
            ("被执行人", parties.respondents),
            ("案外人", parties.outsiders),
        ):
            sides[side] |= {*names}
    sides["被调查人"] = {one.respondent.name or "" for one in case.investigations if one.respondent}
    sides["本院人员"] = {name for name in _staff(case) if name}
    clashes = {frozenset({"信访人", side}) for side in ("代理人", "被调查人", "本院人员")}
    clashes |= {frozenset({"被调查人", side}) for side in ("代理人", "申请执行人", "案外人", "本院人员")}
    clashes |= {
        frozenset({"申请执行人", "被执行人"}),
        frozenset({"申请执行人", "案外人"}),
        frozenset({"被执行人", "案外人"}),
    }
    clashes |= {frozenset({"本院人员", side}) for side in ("申请执行人", "被执行人", "案外人", "代理人")}
    for pair in clashes:
        first, second = sorted(pair)
        yield from (f"{name} 既是{first}又是{second}" for name in (sides[first] & sides[second]) - {""})
    known = {
        parties_name
        for parties in parties_of(case)
        for parties_name in (*parties.applicants, *parties.respondents, *parties.outsiders)
    }
    for one in principals_of(case):
        position = {"applicant": "申请执行人", "respondent": "被执行人", "outsider": "案外人"}.get(one.position or "")
        if position and known and one.name not in sides[position]:
            yield f"{one.name} 登记为{position}，案件当事人里不是"


def _staff(case: Case) -> Iterator[str | None]:
    people = case.people
    for one in (
        people.handler,
        people.leader,
        people.co_handler,
        people.team,
        people.first_contact,
        people.receiver,
        people.clerk,
    ):
        if one and not isinstance(one, Unknown):
            yield one.name
    for meeting in (case.coordination, case.hearing):
        if meeting and meeting.chair:
            yield meeting.chair.name
    yield from (one.name for inquiry in case.investigations for one in inquiry.investigators)


def _shared_contacts(case: Case) -> Iterator[str]:
    """A telephone number or an address of two who are not one."""
    for key, label in (("phone", "电话"), ("address", "住址")):
        owners: dict[str, set[str]] = defaultdict(set)
        for one in case.petitioners:
            value = getattr(one, key)
            if isinstance(value, str) and one.name:
                owners[value].add(one.name)
        yield from (
            f"{'、'.join(sorted(names))} 同一{label} {value}" for value, names in owners.items() if len(names) > 1
        )


def _claims_of_nobody(case: Case) -> Iterator[str]:
    """Claims that repeat each other, and petitioners without a claim where each claim says whose it is."""
    for key in ("statement", "facts", "demand"):
        texts = [text for claim in case.claims if (text := getattr(claim, key))]
        yield from (f"两项请求的 {key} 都是：{text}" for text in {text for text in texts if texts.count(text) > 1})
    names = {one.name for one in principals_of(case)}
    owners = {claim.by for claim in case.claims if claim.by}
    yield from (f"请求由 {name} 提出，不是信访人" for name in owners - names)
    if owners and all(claim.by for claim in case.claims):
        yield from (f"{name} 没有请求" for name in names - owners)
    opinion = case.approval.collective.opinion if case.approval and case.approval.collective else None
    if opinion and len(case.claims) > 1 and "该项" in opinion:
        yield f"{len(case.claims)}项请求，研究意见：{opinion}"


def _petitioners_left_out(case: Case) -> Iterator[str]:
    """Meetings to which a petitioner, or somebody for him, did not come."""
    agents: dict[str, set[str]] = defaultdict(set)
    for one in case.petitioners:
        if one.principal and one.principal.name:
            agents[one.principal.name].add(one.name or "")
    for label, people in (
        ("协调会", case.coordination.parties if case.coordination else None),
        ("听证", case.hearing.participants if case.hearing else None),
    ):
        came = {one.name for one in people or ()}
        if people is None:
            continue
        for one in principals_of(case):
            own = {one.name, *agents[one.name or ""], *((one.representative.name,) if one.representative else ())}
            titled = any(
                (one.name or "无名") in (attendee.title or "") or "兼未到会" in (attendee.title or "")
                for attendee in people
            )
            if not own & came and not titled:
                yield f"{label}没有 {one.name}"


def _papers_of_nobody(case: Case) -> Iterator[str]:
    """Receipts and commitments that name none of several petitioners."""
    names = [one.name for one in principals_of(case) if one.name]
    if len(names) < 2:
        return
    for item in (Item.ACCEPTANCE_SERVICE, Item.REPLY_SERVICE, Item.COMMITMENT):
        papers = case.materials_for(item)
        told = "".join(one.title or "" for one in papers)
        if papers:
            yield from (f"{item.value} 没有写 {name}" for name in names if name not in told)


def _refusals_that_do_not_fit(case: Case) -> Iterator[str]:
    """Facts of the case that speak against the ground on which it is refused."""
    declined = case.declined
    if declined is None or case.decision != "declined":
        return
    register = case.registration
    ground, said = declined.ground, f"{register.summary or ''}{register.brief or ''}{register.proposed_opinion or ''}"
    numbers = [one.no for one in case.enforcement_cases if isinstance(one.no, str)]
    respondents = {name for parties in parties_of(case) for name in parties.respondents}
    members = {
        name for parties in parties_of(case) for name in (*parties.applicants, *parties.respondents, *parties.outsiders)
    }
    own = [number for number in numbers if OWN_COURT in number]
    faults: Iterable[tuple[bool, str]] = (
        (ground in {1, 2} and bool(numbers), "没有指向执行案件，登记了案号"),
        (ground == 1 and case.handler_name is not None, "没有对应的案件，登记了承办人"),
        (
            ground == 2 and bool(declined.conduct_subject) and (declined.conduct_subject or "") not in said,
            "摘要没有写所涉方面",
        ),
        (ground == 3 and any(one.role != "none" or one.name in members for one in case.petitioners), "信访人是当事人"),
        (ground == 4 and not _tells_of_procedure(case, said), "摘要没有写应走的程序"),
        (ground == 4 and bool(declined.bankrupt) and declined.bankrupt not in respondents, "破产的不是被执行人"),
        (ground == 4 and declined.employee_claim is False and bool(_WAGES.search(said)), "劳动报酬，不是职工债权"),
        (ground == 4 and declined.employee_claim is True and not _WAGES.search(said), "职工债权，摘要没有写劳动报酬"),
        (ground == 5 and (declined.matter or "").removesuffix("问题") not in said, "摘要没有写反映的事项"),
        (ground == 6 and bool(own), "不是本院的案件，案号是本院的"),
        (ground == 6 and case.handler_name is not None, "不是本院的案件，承办人是本院的"),
        (ground == 7 and not own, "已提级、指定的案件，原案号不是本院的"),
    )
    yield from (f"第{ground}项：{fault}" for wrong, fault in faults if wrong)


def _tells_of_procedure(case: Case, said: str) -> bool:
    declined = case.declined
    assert declined is not None
    words = {
        "trial": ("判决",),
        "compensation": ("赔偿",),
        "bankruptcy": ("破产",),
        "other": ((declined.procedure_name or "无").removeprefix("申请").removesuffix("程序"),),
    }
    return any(word in said for word in words.get(declined.other_procedure or "", ()))
