"""The report to the assigning body in a case's view (办理情况报告): third person, 我院, personal data masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from bundler.case.identifiers import masked
from bundler.case.model import Case
from bundler.case.proceedings import FeedbackReport
from bundler.documents.views.people import known_text
from bundler.documents.views.plain_language import in_third_person
from bundler.documents.views.write_off import find_reply_days
from bundler.regulation.papers import Item


@dataclass(frozen=True, slots=True)
class ReportedPetitioner:
    """A petitioner as other bodies may read of one: no identity number, no address, the phone masked."""

    name: Annotated[str | None, "姓名（名称）"]
    sex: Annotated[Literal["男", "女"] | None, "性别"]
    role: Annotated[Literal["party", "interested", "agent", "none"] | None, "身份：当事人、利害关系人、受托人、其他"]
    position: Annotated[
        Literal["applicant", "respondent", "outsider"] | None, "执行中地位：申请执行人、被执行人、案外人"
    ]
    phone: Annotated[str | None, "联系电话，遮盖"]


@dataclass(frozen=True, slots=True)
class ReportedClaim:
    """A claim and its outcome, in the third person."""

    title: Annotated[str | None, "标题"]
    statement: Annotated[str | None, "反映的问题"]
    demand: Annotated[str | None, "请求"]
    facts: Annotated[str | None, "查明的事实"]
    outcome: Annotated[
        Literal["supported", "explained", "not_supported", "led_into"] | None,
        "结果：支持、解释说明、不予支持、导入程序",
    ]
    procedure: Annotated[str | None, "导入的程序"]
    procedure_no: Annotated[str | None, "程序案号"]


@dataclass(frozen=True, slots=True)
class ReportedMeasure:
    """A measure with its date."""

    on: Annotated[date, "日期"]
    action: Annotated[str, "采取的措施"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """The report."""

    document_no: Annotated[str | None, "发文字号"]
    signer: Annotated[str | None, "签发人"]
    subject: Annotated[str | None, "标题事由"]
    petitioners: Annotated[tuple[ReportedPetitioner, ...], "信访人"]
    case_facts: Annotated[str | None, "案件基本情况"]
    claims: Annotated[tuple[ReportedClaim, ...], "反映与请求"]
    found: Annotated[str | None, "调查核实情况"]
    measures: Annotated[tuple[ReportedMeasure, ...], "工作措施"]
    interviewed_on: Annotated[date | None, "约谈日期"]
    expected_by: Annotated[date | None, "尚未答复的，预计答复的日期；暂定或者已过的没有"]
    served_on: Annotated[date | None, "报告日以前答复送达的日期"]
    posted_on: Annotated[date | None, "报告日以前答复交寄的日期"]
    settled: Annotated[Literal["signed", "accepted", "differs"] | None, "信访人：已签承诺书、接受、仍有不同意见"]
    next_steps: Annotated[str | None, "下一步工作"]
    attachments: Annotated[tuple[str, ...], "其他附件"]


def build_feedback_view(case: Case, reply_due: date | None) -> Feedback:
    """Build the report; a part without its own text takes that of the reply or the measures.

    Args:
        case: the case.
        reply_due: the deadline of the reply; None where it is provisional or unknown.
    """
    report = case.feedback_report or FeedbackReport()
    reported_on = report.reported_on
    served, posted = (
        day if day and (reported_on is None or day <= reported_on) else None for day in find_reply_days(case)
    )
    return Feedback(
        document_no=report.document_no or None,
        signer=report.signer or None,
        subject=report.subject or case.registration.brief or None,
        petitioners=_build_petitioners(case),
        case_facts=_rewrite(report.case_facts or (case.reply.case_facts if case.reply else None)),
        claims=_build_claims(case),
        found=_rewrite(report.found),
        measures=_build_measures(case, reported_on),
        interviewed_on=_not_after(case.interview.held_on if case.interview else None, reported_on),
        expected_by=None if reply_due and reported_on and reported_on > reply_due else reply_due,
        served_on=served,
        posted_on=posted,
        settled=_find_attitude(case, report) if served or posted else None,
        next_steps=_rewrite(report.next_steps or (case.write_off.status if case.write_off else None)),
        attachments=report.attachments,
    )


def _not_after(day: date | None, reported_on: date | None) -> date | None:
    """A date; None where it is after the date of the report."""
    return day if day and (reported_on is None or day <= reported_on) else None


def _rewrite(text: str | None) -> str | None:
    return in_third_person(text, us="我院")


def _build_petitioners(case: Case) -> tuple[ReportedPetitioner, ...]:
    return tuple(
        ReportedPetitioner(
            one.name or None, one.sex, one.role, one.position, masked(known_text(one.phone) or "") or None
        )
        for one in case.petitioners
    )


def _build_claims(case: Case) -> tuple[ReportedClaim, ...]:
    return tuple(
        ReportedClaim(
            title=_rewrite(one.title),
            statement=_rewrite(one.statement),
            demand=_rewrite(one.demand),
            facts=_rewrite(one.facts),
            outcome=one.outcome,
            procedure=one.procedure.name if one.procedure else None,
            procedure_no=(one.procedure.case_no or None) if one.procedure else None,
        )
        for one in case.claims
    )


def _build_measures(case: Case, reported_on: date | None) -> tuple[ReportedMeasure, ...]:
    dated = [(_not_after(one.on, reported_on), _rewrite(one.action)) for one in case.measures]
    found = [ReportedMeasure(day, action) for day, action in dated if day and action]
    return tuple(sorted(found, key=lambda one: one.on))


def _find_attitude(case: Case, report: FeedbackReport) -> Literal["signed", "accepted", "differs"] | None:
    signed = [material.signed_on for material in case.materials_for(Item.COMMITMENT)]
    if any(_not_after(day, report.reported_on) for day in signed) and report.accepted is not False:
        return "signed"
    return None if report.accepted is None else "accepted" if report.accepted else "differs"
