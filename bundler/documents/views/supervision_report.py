"""What the report to the assigning body (办理情况报告) may print: third person, 我院, personal data masked."""

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
    """A petitioner as other bodies read of one: no identity number, no address, the phone masked."""

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
    """A dated action."""

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
    """The report; where it has no words of its own, it uses those of the reply and the measures."""
    report = case.feedback_report or FeedbackReport()
    until = report.reported_on
    served, posted = (day if day and (until is None or day <= until) else None for day in find_reply_days(case))
    return Feedback(
        document_no=report.document_no or None,
        signer=report.signer or None,
        subject=report.subject or case.registration.brief or None,
        petitioners=_petitioners(case),
        case_facts=_ours(report.case_facts or (case.reply.case_facts if case.reply else None)),
        claims=_claims(case),
        found=_ours(report.found),
        measures=_measures(case, until),
        interviewed_on=_by(case.interview.held_on if case.interview else None, until),
        expected_by=None if reply_due and until and until > reply_due else reply_due,
        served_on=served,
        posted_on=posted,
        settled=_settled(case, report) if served or posted else None,
        next_steps=_ours(report.next_steps or (case.write_off.status if case.write_off else None)),
        attachments=report.attachments,
    )


def _by(day: date | None, until: date | None) -> date | None:
    """A day that the report can know of."""
    return day if day and (until is None or day <= until) else None


def _ours(text: str | None) -> str | None:
    return in_third_person(text, us="我院")


def _petitioners(case: Case) -> tuple[ReportedPetitioner, ...]:
    return tuple(
        ReportedPetitioner(
            one.name or None, one.sex, one.role, one.position, masked(known_text(one.phone) or "") or None
        )
        for one in case.petitioners
    )


def _claims(case: Case) -> tuple[ReportedClaim, ...]:
    return tuple(
        ReportedClaim(
            title=_ours(one.title),
            statement=_ours(one.statement),
            demand=_ours(one.demand),
            facts=_ours(one.facts),
            outcome=one.outcome,
            procedure=one.procedure.name if one.procedure else None,
            procedure_no=(one.procedure.case_no or None) if one.procedure else None,
        )
        for one in case.claims
    )


def _measures(case: Case, until: date | None) -> tuple[ReportedMeasure, ...]:
    dated = [(_by(one.on, until), _ours(one.action)) for one in case.measures]
    found = [ReportedMeasure(day, action) for day, action in dated if day and action]
    return tuple(sorted(found, key=lambda one: one.on))


def _settled(case: Case, report: FeedbackReport) -> Literal["signed", "accepted", "differs"] | None:
    signed = [material.signed_on for material in case.materials_for(Item.COMMITMENT)]
    if any(_by(day, report.reported_on) for day in signed) and report.accepted is not False:
        return "signed"
    return None if report.accepted is None else "accepted" if report.accepted else "differs"
