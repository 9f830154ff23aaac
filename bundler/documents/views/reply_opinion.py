"""The reply in a case's view: claims with their answers, remedies, judicial relief (答复意见书)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from bundler.case import proceedings as model
from bundler.case.model import Case
from bundler.documents.capital_amounts import to_capital_amount
from bundler.documents.views.fields import copy_fields
from bundler.documents.views.plain_language import in_third_person
from bundler.regulation.articles import statutes_on

Remedy = Literal["R1", "R2", "R3", "R4", "R5"]


@dataclass(frozen=True, slots=True)
class ClaimMeasure:
    """A measure about one claim: done, or to be done by a date."""

    on: Annotated[date, "日期"]
    text: Annotated[str, "措施"]
    done: Annotated[bool, "已完成"]


@dataclass(frozen=True, slots=True)
class Procedure:
    """The statutory procedure to which a claim was directed (Art. 7)."""

    name: Annotated[str, "程序名称"]
    case_no: Annotated[str | None, "程序案号"]
    told_on: Annotated[date | None, "告知日期"]
    told_to: Annotated[str | None, "告知内容"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim (反映与请求) and its answer."""

    by: Annotated[str | None, "提出人；请求没有分别的没有"]
    title: Annotated[str | None, "标题"]
    statement: Annotated[str | None, "反映的问题"]
    demand: Annotated[str | None, "请求"]
    facts: Annotated[str | None, "查明的事实"]
    facts_told: Annotated[str | None, "查明的事实，以“信访人”代“你”"]
    weighed: Annotated[bool, "建议、意见，予以采纳或者考虑"]
    outcome: Annotated[
        Literal["supported", "explained", "not_supported", "led_into"] | None,
        "结果：支持、解释说明、不予支持、导入程序",
    ]
    reason: Annotated[str | None, "理由或者说明"]
    reason_told: Annotated[str | None, "理由或者说明，以“信访人”代“你”"]
    lacks: Annotated[Literal["facts", "law"], "缺乏的依据：事实、法律"]
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
    case_no: Annotated[str | None, "救助案号"]
    amount: Annotated[str | None, "救助金额"]
    in_capitals: Annotated[str | None, "救助金额的大写"]
    paid_on: Annotated[date | None, "发放日期"]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many claims of a case had one outcome."""

    outcome: Annotated[model.Outcome, "结果：支持、解释说明、不予支持、导入程序"]
    count: Annotated[int, "项数"]


def count_outcomes(case: Case) -> tuple[Outcomes, ...]:
    """Count the outcomes of a case's claims, in the order of their first occurrence."""
    counted = Counter(claim.outcome for claim in case.claims if claim.outcome)
    return tuple(Outcomes(outcome, count) for outcome, count in counted.items())


def build_reply_values(case: Case, document_on: date | None) -> dict[str, Any]:
    """Build the values of the reply by name: claims with their answers, and the remedies open to this petitioner."""
    acceptance, reply, relief = case.acceptance, case.reply, case.relief
    return {
        "approved": is_approved(case),
        "accepted_on": acceptance and (acceptance.accepted_on or acceptance.notice_on),
        "investigated": any(_may_be_reported(one.on, document_on) for one in case.investigations),
        "hearing_on": case.hearing.held_on
        if case.hearing and _may_be_reported(case.hearing.held_on, document_on)
        else None,
        "previous_reply_on": reply.previous_reply_on if reply else None,
        "relief": _build_relief(relief) if relief and relief.started_on else None,
        "case_facts": reply.case_facts if reply else None,
        "claims": tuple(_build_claim(case, claim) for claim in case.claims),
        "remedies": tuple(list_remedies(case)),
        "statutes": copy_fields(Statutes, statutes_on(document_on)),
        "attachments": reply.attachments if reply else (),
    }


def _build_relief(relief: model.Relief) -> Relief:
    return copy_fields(Relief, relief, in_capitals=to_capital_amount(relief.amount) if relief.amount else None)


def _may_be_reported(day: date | None, document_on: date | None) -> bool:
    """Whether a document of that date may report something as done; an unknown date counts as past."""
    return day is None or document_on is None or day <= document_on


def is_approved(case: Case) -> bool:
    """Whether the leader's consent or the collective discussion of Art. 13 is recorded with its date."""
    approval = case.approval
    consent = approval and approval.leader_consent and approval.leader_consent.on
    collective = approval and approval.collective and approval.collective.on
    return bool(consent or collective)


def _build_claim(case: Case, claim: model.Claim) -> Claim:
    return copy_fields(
        Claim,
        claim,
        facts_told=in_third_person(claim.facts),
        reason_told=in_third_person(claim.reason),
        weighed=is_weighed(case, claim),
        measures=tuple(copy_fields(ClaimMeasure, one) for one in claim.measures),
        procedure=copy_fields(Procedure, claim.procedure) if claim.procedure else None,
    )


def is_weighed(case: Case, claim: model.Claim) -> bool:
    """Whether a claim is a suggestion or an opinion, which is considered rather than proved or granted."""
    return case.registration.nature != "complaint" and claim.outcome in {"supported", "explained"}


def list_remedies(case: Case) -> list[Remedy]:
    """List the remedies by code: those that the case names, else those of the petitioner's position and the outcomes."""
    chosen: list[Remedy] = []
    if case.reply and case.reply.remedies is not None:
        chosen = list(case.reply.remedies)
    elif case.registration.nature == "complaint" and {claim.outcome for claim in case.claims} & {
        "explained",
        "not_supported",
    }:
        chosen = _list_by_position(case)
    if any(claim.outcome == "led_into" and claim.procedure and claim.procedure.case_no for claim in case.claims):
        chosen.append("R5")
    return chosen


def _list_by_position(case: Case) -> list[Remedy]:
    positions = {petitioner.position for petitioner in case.petitioners}
    concerned = any(one.position is None and one.role in {"party", "interested"} for one in case.petitioners)
    terminated = any(enforcement.terminated for enforcement in case.enforcement_cases)
    late = any(enforcement.overdue_six_months for enforcement in case.enforcement_cases)
    found: list[Remedy] = []
    if "applicant" in positions and terminated:
        found.append("R4")
    if positions & {"applicant", "respondent"} or concerned:
        found.append("R1")
    if "outsider" in positions:
        found.append("R2")
    if "applicant" in positions and late and not terminated:
        found.append("R3")
    return found
