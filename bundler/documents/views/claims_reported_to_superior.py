"""Claims as papers to the superior court state them: third person, 我院, personal data masked, the result in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from bundler.case import case_step_models as model
from bundler.case.model import Case
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.documents.views.reply_opinion import is_weighed, list_known_measures
from bundler.documents.views.rewording_for_outside_readers import (
    first_sentence,
    in_third_person,
    name_procedure,
    tells_later,
)
from bundler.printable_text import format_day


@dataclass(frozen=True, slots=True)
class ReportedClaim:
    """A claim and its result, in the third person."""

    by: Annotated[str | None, "提出人；请求没有分别的没有"]
    title: Annotated[str | None, "标题"]
    statement: Annotated[str | None, "反映的问题"]
    demand: Annotated[str | None, "请求"]
    facts: Annotated[str | None, "查明的事实；文书日期以前没有查明的没有"]
    outcome: Annotated[
        Literal["supported", "explained", "not_supported", "led_into"] | None,
        "结果：支持、解释说明、不予支持、导入程序",
    ]
    why: Annotated[str | None, "办理结果摘要，或者理由的第一句"]
    result: Annotated[str | None, "办理结果，一句话，不带句末标点"]


def build_reported_claims(case: Case, moment: DocumentDay) -> tuple[ReportedClaim, ...]:
    """Build the claims; findings that name a day after the paper's are not told."""
    return tuple(
        ReportedClaim(
            by=one.by,
            title=to_superior(one.title),
            statement=to_superior(one.statement),
            demand=to_superior(one.demand),
            facts=None if tells_later(one.facts, moment.until) else to_superior(one.facts),
            outcome=one.outcome,
            why=_find_reason(one),
            result=_describe_result(case, one, moment),
        )
        for one in case.claims
    )


def to_superior(text: str | None) -> str | None:
    """A text as a paper to the superior court has it: 信访人 and 我院."""
    return in_third_person(text, us="我院")


def _find_reason(claim: model.Claim) -> str | None:
    return to_superior(claim.result or first_sentence(claim.reason))


def _describe_result(case: Case, claim: model.Claim, moment: DocumentDay) -> str | None:
    why = _find_reason(claim)
    if claim.outcome is None:
        return None
    if is_weighed(case, claim):
        because = f"；{why}，已向信访人解释说明" if why else ""
        return "予以采纳" if claim.outcome == "supported" else f"将在工作中予以考虑{because}"
    if claim.outcome == "supported":
        measures = list_known_measures(claim, moment)
        told = [
            f"{'已于' if one.done else '将于'}{format_day(one.on)}{'' if one.done else '前'}{one.text}"
            for one in measures
        ]
        return to_superior("，".join(["予以支持", *told]))
    if claim.outcome == "explained":
        return f"{why}，已向信访人解释说明" if why else "已向信访人解释说明"
    if claim.outcome == "not_supported":
        refused = "不予支持" if case.registration.nature == "complaint" else "不予采纳"
        return f"{refused}，理由是{why}" if why else refused
    return _describe_procedure(claim.procedure, moment)


def _describe_procedure(procedure: model.Procedure | None, moment: DocumentDay) -> str:
    if procedure is None:
        return "已告知信访人通过法定程序主张权利"
    name = name_procedure(procedure.name)
    if procedure.case_no and not moment.is_later(procedure.filed_on):
        return f"已导入{name}程序，案号为{procedure.case_no}"
    if procedure.told_to and moment.known(procedure.told_on):
        return f"已告知信访人可以{procedure.told_to}"
    return f"应当通过{name}程序解决"
