"""The reply in a case's view: claims with their answers, remedies, judicial relief (答复意见书)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from bundler.case import case_step_models as model
from bundler.case.meeting_models import Investigation
from bundler.case.model import Case
from bundler.case.people_models import Petitioner
from bundler.case.unenforceable_debt_models import Relief as ReliefFacts
from bundler.documents.capital_amounts import to_capital_amount
from bundler.documents.document_subjects import is_alone, list_principals
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.documents.views.petitioner_standing import list_own_cases, list_positions
from bundler.documents.views.record_fields import copy_fields
from bundler.documents.views.rewording_for_outside_readers import in_third_person, name_procedure
from bundler.regulation.cited_law import Provision, find_law, statutes_on


@dataclass(frozen=True, slots=True)
class Remedy:
    """A remedy, and which of the addressees may use it."""

    code: Annotated[
        Literal["R1", "R2", "R3", "R4", "R5"],
        "代号：提异议、案外人异议、逾六个月申请执行、恢复执行、在已导入的程序中",
    ]
    names: Annotated[tuple[str, ...], "可以使用的受文人；人人可以使用的没有"]
    procedures: Annotated[tuple[str, ...], "已导入的程序名称，不带“程序”二字"]


@dataclass(frozen=True, slots=True)
class ClaimMeasure:
    """A measure about one claim: done, or to be done by a date."""

    on: Annotated[date, "日期"]
    text: Annotated[str, "措施"]
    text_told: Annotated[str, "措施，以“信访人”代“你”"]
    done: Annotated[bool, "已完成"]


@dataclass(frozen=True, slots=True)
class Procedure:
    """The statutory procedure to which a claim was directed (Art. 7)."""

    name: Annotated[str, "程序名称，不带“程序”二字"]
    case_no: Annotated[str | None, "程序案号；文书日期以前没有立案的没有"]
    told_on: Annotated[date | None, "告知日期"]
    told_to: Annotated[str | None, "告知内容"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim (反映与请求) and its answer."""

    by: Annotated[str | None, "提出人；请求没有分别的没有"]
    title: Annotated[str | None, "标题"]
    statement: Annotated[str | None, "反映的问题"]
    statement_told: Annotated[str | None, "反映的问题，以“信访人”代“你”"]
    demand: Annotated[str | None, "请求"]
    demand_told: Annotated[str | None, "请求，以“信访人”代“你”"]
    facts: Annotated[str | None, "查明的事实"]
    facts_told: Annotated[str | None, "查明的事实，以“信访人”代“你”"]
    weighed: Annotated[bool, "建议、意见，予以采纳或者考虑"]
    outcome: Annotated[
        Literal["supported", "explained", "not_supported", "led_into"] | None,
        "结果：支持、解释说明、不予支持、导入程序",
    ]
    reason: Annotated[str | None, "理由或者说明"]
    reason_told: Annotated[str | None, "理由或者说明，以“信访人”代“你”"]
    lacks: Annotated[Literal["facts", "law"] | None, "缺乏的依据：事实、法律"]
    measures: Annotated[tuple[ClaimMeasure, ...], "措施"]
    procedure: Annotated[Procedure | None, "导入的程序"]


@dataclass(frozen=True, slots=True)
class Statutes:
    """Article numbers of the Civil Procedure Law on the document's date; None where no text in force then was checked."""

    conduct: Annotated[str | None, "执行行为异议的条号"]
    delay: Annotated[str | None, "逾六个月未执行的条号"]
    outsider: Annotated[str | None, "案外人异议的条号"]


@dataclass(frozen=True, slots=True)
class Relief:
    """Judicial relief (司法救助; Art. 11) that was started."""

    started_on: Annotated[date, "启动日期"]
    name: Annotated[str | None, "救助的信访人；只有一名信访人的，案件没有写明的，没有"]
    case_no: Annotated[str | None, "救助案号"]
    amount: Annotated[str | None, "救助金额"]
    in_capitals: Annotated[str | None, "救助金额的大写"]
    paid_on: Annotated[date | None, "发放日期；文书日期以前没有发放的没有"]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many claims of a case had one outcome."""

    outcome: Annotated[
        Literal["supported", "explained", "not_supported", "led_into", "told"],
        "结果：支持、解释说明、不予支持、导入程序、告知可以申请的程序",
    ]
    count: Annotated[int, "项数"]


def count_outcomes(case: Case) -> tuple[Outcomes, ...]:
    """Count the outcomes of a case's claims, in the order of their first occurrence.

    A claim whose petitioner was only told of a procedure was not led into one.
    """
    counted = Counter(_outcome_of(claim) for claim in case.claims if claim.outcome)
    return tuple(Outcomes(outcome, count) for outcome, count in counted.items() if outcome)


def _outcome_of(claim: model.Claim) -> model.Outcome | Literal["told"] | None:
    filed = bool(claim.procedure and claim.procedure.case_no)
    return "told" if claim.outcome == "led_into" and not filed else claim.outcome


def build_reply_values(case: Case, moment: DocumentDay) -> dict[str, Any]:
    """Build the values of the reply by name: claims with their answers, and the remedies open to each addressee."""
    acceptance, reply, relief = case.acceptance, case.reply, case.relief
    accepted = (acceptance.accepted_on or acceptance.notice_on) if acceptance else None
    inquiries = tuple(sorted({day for one in case.investigations if (day := moment.known(day_of_inquiry(one)))}))
    return {
        "approved": is_approved(case),
        "accepted_on": moment.known(accepted),
        "file_reviewed": bool(reply and reply.file_reviewed),
        "investigated": bool(inquiries),
        "inquiry_days": inquiries,
        "inquired_of": _tell_asked(case, moment),
        "hearing_on": moment.known(case.hearing.held_on) if case.hearing else None,
        "previous_reply_on": reply.previous_reply_on if reply else None,
        "relief": _build_relief(case, relief, moment) if relief and moment.known(relief.started_on) else None,
        "case_facts": reply.case_facts if reply else None,
        "outcomes": count_outcomes(case),
        "claims": tuple(_build_claim(case, claim, moment) for claim in case.claims),
        "remedies": tuple(one for one in list_remedies(case, moment) if one.code != "R4" or _may_be_resumed(moment)),
        "statutes": copy_fields(Statutes, statutes_on(moment.day)),
        "attachments": reply.attachments if reply else (),
    }


def _may_be_resumed(moment: DocumentDay) -> bool:
    """Whether the rule is known that enforcement is resumed without a limit of time, on the document's date."""
    return moment.day is None or find_law(Provision.RESUMPTION, moment.day) is not None


def _build_relief(case: Case, relief: ReliefFacts, moment: DocumentDay) -> Relief:
    return copy_fields(
        Relief,
        relief,
        name=find_relieved(case, relief),
        paid_on=moment.known(relief.paid_on),
        in_capitals=to_capital_amount(relief.amount) if relief.amount else None,
    )


def find_relieved(case: Case, relief: ReliefFacts) -> str | None:
    """Whom of several petitioners relief was given, where the case says so."""
    return None if is_alone(case) else relief.applicant or None


def _tell_asked(case: Case, moment: DocumentDay) -> str:
    """Whom the inquiries asked, as a letter says it without a name; empty where it is not known that each asked a person."""
    known = [one for one in case.investigations if (day := day_of_inquiry(one)) and not moment.is_later(day)]
    return "向有关人员" if known and all(one.respondent for one in known) else ""


def day_of_inquiry(one: Investigation) -> date | None:
    """The date of an inquiry; None where the case gives none."""
    return one.on or (one.started_at.date() if one.started_at else None)


def is_approved(case: Case) -> bool:
    """Whether the leader's consent or the collective discussion of Art. 13 is recorded with its date."""
    return bool(consent_day(case) or discussion_day(case))


def consent_day(case: Case) -> date | None:
    """The date of the leader's consent."""
    approval = case.approval
    return approval.leader_consent.on if approval and approval.leader_consent else None


def discussion_day(case: Case) -> date | None:
    """The date of the collective discussion."""
    approval = case.approval
    return approval.collective.on if approval and approval.collective else None


def _build_claim(case: Case, claim: model.Claim, moment: DocumentDay) -> Claim:
    return copy_fields(
        Claim,
        claim,
        statement_told=in_third_person(claim.statement),
        demand_told=in_third_person(claim.demand),
        facts_told=in_third_person(claim.facts, own_day=moment.own_day),
        reason_told=in_third_person(claim.reason, own_day=moment.own_day),
        weighed=is_weighed(case, claim),
        measures=tuple(
            copy_fields(ClaimMeasure, one, text_told=in_third_person(one.text) or "")
            for one in list_known_measures(claim, moment)
        ),
        procedure=_build_procedure(claim.procedure, moment) if claim.procedure else None,
    )


def list_known_measures(claim: model.Claim, moment: DocumentDay) -> tuple[model.ClaimMeasure, ...]:
    """The measures of a claim that a paper of that moment may tell: those done by then, and those yet to be done."""
    return tuple(one for one in claim.measures if not one.done or moment.known(one.on))


def _build_procedure(procedure: model.Procedure, moment: DocumentDay) -> Procedure:
    return copy_fields(
        Procedure,
        procedure,
        name=name_procedure(procedure.name),
        case_no=None if moment.is_later(procedure.filed_on) else procedure.case_no,
        told_on=moment.known(procedure.told_on),
    )


def is_weighed(case: Case, claim: model.Claim) -> bool:
    """Whether a claim is a suggestion or an opinion, which is considered rather than proved or granted."""
    return case.registration.nature != "complaint" and claim.outcome in {"supported", "explained"}


_REMEDY_ORDER: tuple[Literal["R4", "R1", "R2", "R3"], ...] = ("R4", "R1", "R2", "R3")
_PROCEDURES_OF = {
    "R1": frozenset({"执行异议", "执行行为异议", "执行复议"}),
    "R2": frozenset({"案外人异议"}),
    "R4": frozenset({"恢复执行"}),
}
"""The procedures that a remedy begins: whoever is in one of them is not told to begin it."""


def list_remedies(case: Case, moment: DocumentDay) -> list[Remedy]:
    """List the remedies, each with those who may use it: those that the case names, else those of position and outcomes.

    A petitioner for whom the procedure of a remedy was begun is told of that procedure instead (R5), unless the case names
    the remedy and nobody else could use it.
    """
    found: list[Remedy] = []
    addressees = [case.petitioners[index] for index in list_principals(case)]
    named = case.reply.remedies if case.reply else None
    answered = {claim.outcome for claim in case.claims} & {"explained", "not_supported"}
    filed = [one for one in case.claims if _is_filed(one, moment)]
    for code in _REMEDY_ORDER:
        entitled = [one for one in addressees if code in _list_by_position(case, one)]
        users = [one for one in entitled if not _has_begun(one, code, filed)]
        if named is not None:
            wanted = code in named
            users = users or entitled
        else:
            wanted = bool(users) and case.registration.nature == "complaint" and bool(answered)
        if wanted:
            everyone = len(users) in {0, len(addressees)}
            found.append(Remedy(code, () if everyone else tuple(one.name or "" for one in users), ()))
    if filed:
        users_of_procedure = (
            () if any(not one.by for one in filed) else tuple(dict.fromkeys(one.by or "" for one in filed))
        )
        names = tuple(dict.fromkeys(name_procedure(one.procedure.name) for one in filed if one.procedure))
        everyone = len(users_of_procedure) == len(addressees)
        found.append(Remedy("R5", () if everyone else users_of_procedure, names))
    return found


def _is_filed(claim: model.Claim, moment: DocumentDay) -> bool:
    """Whether a claim was led into a procedure that had begun by then."""
    procedure = claim.procedure
    return bool(
        claim.outcome == "led_into" and procedure and procedure.case_no and not moment.is_later(procedure.filed_on)
    )


def _has_begun(one: Petitioner, code: str, filed: list[model.Claim]) -> bool:
    """Whether a procedure that the remedy begins is under way for a petitioner; a claim of nobody in particular is everyone's."""
    return any(
        claim.procedure and name_procedure(claim.procedure.name) in _PROCEDURES_OF.get(code, ())
        for claim in filed
        if not claim.by or claim.by == one.name
    )


def _list_by_position(case: Case, one: Petitioner) -> list[str]:
    """The remedies of one petitioner's position."""
    positions = set(list_positions(case, one))
    own = list_own_cases(case, one)
    terminated = any(enforcement.terminated for enforcement in own)
    late = any(enforcement.overdue_six_months for enforcement in own)
    found: list[str] = []
    if "applicant" in positions and terminated:
        found.append("R4")
    if positions & {"applicant", "respondent"} or (not positions and one.role in {"party", "interested"}):
        found.append("R1")
    if "outsider" in positions:
        found.append("R2")
    if "applicant" in positions and late and not terminated:
        found.append("R3")
    return found
