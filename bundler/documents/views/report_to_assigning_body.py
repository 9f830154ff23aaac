"""The report to the assigning body in a case's view (办理情况报告): third person, 我院, personal data masked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Literal

from bundler.case.case_closing_models import FeedbackReport
from bundler.case.model import Case
from bundler.documents.document_subjects import list_principals
from bundler.documents.views.claims_reported_to_superior import ReportedClaim, build_reported_claims, to_superior
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.documents.views.people import find_addressees
from bundler.documents.views.record_fields import copy_fields
from bundler.documents.views.recorded_steps import list_steps
from bundler.documents.views.reply_service import ReplyService, build_reply_service
from bundler.documents.views.rewording_for_outside_readers import tells_later
from bundler.documents.views.work_done import WorkDone, is_about, join_days, list_results, match_results
from bundler.printable_text import format_day
from bundler.regulation.papers import Item

_BARE_STEP = 8
"""Characters of a measure that says of a step only that it took place, such as 约谈信访人."""


@dataclass(frozen=True, slots=True)
class ReportedPetitioner:
    """A petitioner as other bodies may read of one: no identity number, no address, no phone."""

    name: Annotated[str | None, "姓名（名称）"]
    sex: Annotated[Literal["男", "女"] | None, "性别"]
    birth_date: Annotated[date | None, "出生日期"]
    ethnicity: Annotated[str | None, "民族"]
    relation: Annotated[str | None, "与案件的关系"]
    agents: Annotated[tuple[str, ...], "委托代理人"]


@dataclass(frozen=True, slots=True)
class ReportedMeasure:
    """The measures of one day."""

    on: Annotated[date, "日期"]
    action: Annotated[str, "采取的措施，几项用“，同日”相连"]


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
    work: Annotated[tuple[str, ...], "报告日以前的约谈、协调、调查、听证、司法救助和阅卷，短句"]
    expected_by: Annotated[date | None, "尚未答复的，预计答复的日期；暂定或者已过的没有"]
    service: Annotated[ReplyService, "报告日以前答复的送达"]
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
    moment = DocumentDay(reported_on, reported_on)
    service = build_reply_service(case, moment)
    answered = bool(service.served_on or service.posted_on)
    own_facts = report.case_facts or (case.reply.case_facts if case.reply else None)
    return Feedback(
        document_no=report.document_no or None,
        signer=report.signer or None,
        subject=report.subject or case.registration.brief or None,
        petitioners=_build_petitioners(case),
        case_facts=None if tells_later(own_facts, reported_on) else to_superior(own_facts),
        claims=_build_claims(case, moment, answered=answered),
        found=None if tells_later(report.found, reported_on) else to_superior(report.found),
        measures=_build_measures(case, moment),
        work=tuple(_list_work(case, moment, answered=answered)),
        expected_by=None if reply_due and reported_on and reported_on > reply_due else reply_due,
        service=service,
        settled=_find_attitude(case, report) if answered else None,
        next_steps=to_superior(report.next_steps or _find_status(case, moment)),
        attachments=report.attachments,
    )


def _list_work(case: Case, moment: DocumentDay, *, answered: bool) -> Iterator[str]:
    """What was done by the day of the report, each in a few words."""
    transferred = moment.known(case.transfer.transferred_on) if case.transfer else None
    held: dict[str, list[date]] = {}
    for one in list_steps(case, moment):
        held.setdefault(one.text, []).append(one.on)
    if transferred and not answered:
        yield f"于{format_day(transferred)}转交案件承办人办理"
    for text, days in held.items():
        yield f"于{'、'.join(map(format_day, dict.fromkeys(days)))}{text}"
    if answered and case.reply and case.reply.file_reviewed:
        yield "并查阅了执行卷宗" if held else "查阅了执行卷宗"


def _find_status(case: Case, moment: DocumentDay) -> str | None:
    """The state of the case as the statement of measures tells it; None where the report is older."""
    request = case.write_off
    stated_on = (request.statement_on or request.requested_on) if request else None
    return request.status if request and not moment.is_later(stated_on) else None


def _not_after(day: date | None, reported_on: date | None) -> date | None:
    """A date; None where it is after the date of the report."""
    return day if day and (reported_on is None or day <= reported_on) else None


def _build_claims(case: Case, moment: DocumentDay, *, answered: bool) -> tuple[ReportedClaim, ...]:
    """The claims; findings and results only after the reply has stated them."""
    claims = build_reported_claims(case, moment)
    return claims if answered else tuple(replace(one, facts=None, why=None, result=None) for one in claims)


def _build_petitioners(case: Case) -> tuple[ReportedPetitioner, ...]:
    return tuple(
        copy_fields(ReportedPetitioner, one, name=one.name or None, agents=tuple(agent.name for agent in one.agents))
        for one in find_addressees(case).addressees
    )


def _build_measures(case: Case, moment: DocumentDay) -> tuple[ReportedMeasure, ...]:
    """The measures of each day by then with their results, and the measures of enforcement that none of them tells of.

    One that tells of a step no more than the sentence about the steps is left out.
    """
    steps = list_steps(case, moment)
    matched, untold = match_results(case, moment, list_results(case, moment))
    dated = [
        (one.on, to_superior(found.work.text if found else one.action))
        for one, found in matched
        if len(one.action or "") > _BARE_STEP or not any(is_about(case, each, one.on, one.action) for each in steps)
    ]
    dated += [(one.work.on, to_superior(one.work.text)) for one in untold]
    joined = join_days(WorkDone(day, action) for day, action in dated if day and action)
    return tuple(ReportedMeasure(one.on, one.text) for one in joined)


def _find_attitude(case: Case, report: FeedbackReport) -> Literal["signed", "accepted", "differs"] | None:
    """What the petitioners say of the reply; they have signed when there is a signed commitment of each."""
    signed = [one for one in case.materials_for(Item.COMMITMENT) if _not_after(one.signed_on, report.reported_on)]
    if signed and len(signed) >= len(list_principals(case)) and report.accepted is not False:
        return "signed"
    return None if report.accepted is None else "accepted" if report.accepted else "differs"
