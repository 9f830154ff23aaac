"""The view of a batch's submission to the superior court (报请核销的请示) with its list of cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from bundler.case.model import Case
from bundler.documents.document_subjects import find_reply_days, list_service_days
from bundler.documents.views.case_view import Court, Rule, build_court_view, build_rule_view
from bundler.documents.views.claims_reported_to_superior import to_superior
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.documents.views.people import Officer, build_officer_view, find_addressees
from bundler.documents.views.record_fields import AT_LEAST_ONE
from bundler.documents.views.reply_opinion import (
    Outcomes,
    consent_day,
    count_outcomes,
    discussion_day,
    is_approved,
)
from bundler.documents.views.reply_service import build_reply_service
from bundler.profile import Profile
from bundler.regulation.model import Regulation
from bundler.regulation.papers import Item


@dataclass(frozen=True, slots=True)
class SubmittedCase:
    """One case of the list, without identity number, phone or address."""

    reg_no: Annotated[str, "登记号"]
    system_no: Annotated[str | None, "系统录入号"]
    petitioner_names: Annotated[tuple[str, ...], "信访人姓名（名称）"]
    case_numbers: Annotated[tuple[str, ...], "执行案号"]
    brief: Annotated[str | None, "短事由"]
    statements: Annotated[tuple[str, ...], "逐项反映的问题"]
    assigned_by: Annotated[str | None, "交办机关"]
    assigned_no: Annotated[str | None, "交办通知文号"]
    outcomes: Annotated[tuple[Outcomes, ...], "办理结果"]
    served_on: Annotated[date | None, "答复送达日期（签收日）；几份的为最后一份"]
    served_days: Annotated[tuple[date, ...], "各份答复送达的日期，先后为序"]
    posted_on: Annotated[date | None, "答复交寄日期"]
    commitment_on: Annotated[date | None, "承诺书日期"]
    pages: Annotated[int, "卷内页数"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionView:
    """The names that the template of the submission may use."""

    court: Annotated[Court, "本院"]
    rule: Annotated[Rule, "规定"]
    contact_name: Annotated[str | None, "联系人；各案不同的没有，由办公室填写"]
    contact_tel: Annotated[str | None, "联系电话"]
    document_no: Annotated[str | None, "发文字号；没有的由办公室编填"]
    document_on: Annotated[date | None, "文书日期"]
    document_year: Annotated[int | None, "发文字号的年份；日期留空的，取最近一件申请的年份"]
    signer: Annotated[str | None, "签发人"]
    cases: Annotated[tuple[SubmittedCase, ...], "报请核销的案件", AT_LEAST_ONE]
    implementation: Annotated[int, "执行实施类件数"]
    review: Annotated[int, "执行审查类件数"]
    all_recorded: Annotated[bool, "均已录入系统"]
    all_answered: Annotated[bool, "均已约谈、审批、送达"]
    consented: Annotated[int, "经主办院领导同意的件数"]
    discussed: Annotated[int, "经相关人员集体研究的件数"]
    all_complete: Annotated[bool, "每件均附核销材料"]
    date_style: Annotated[Literal["arabic", "hanzi"], "日期写法：阿拉伯数字、汉字"]
    seal_placeholder: Annotated[bool, "印“（院印）”占位"]
    cite_rule: Annotated[bool, "写出规定名称"]


def build_submission_view(
    cases: Sequence[tuple[Case, int]],
    profile: Profile,
    document_on: date | None,
    *,
    document_no: str | None = None,
    signer: str | None = None,
) -> SubmissionView:
    """Build the view of a batch's submission.

    Args:
        cases: each case bundled for write-off, with the number of numbered pages (页号) of its bundle; no returned case.
        profile: the court and its superior court.
        document_on: the date of the letter; None where it is left blank.
        document_no: its 发文字号; None where the office assigns it later.
        signer: who signs it (签发人).
    """
    papers = [case for case, _ in cases]
    kinds = Counter(case.category for case in papers)
    contact = _find_contact(papers)
    return SubmissionView(
        court=build_court_view(profile),
        rule=build_rule_view(profile),
        contact_name=contact.name if contact else None,
        contact_tel=(contact.phone if contact else None) or profile.court_tel or None,
        document_no=document_no,
        document_on=document_on,
        document_year=document_on.year if document_on else _find_latest_year(papers),
        signer=signer,
        cases=tuple(_build_case(case, pages) for case, pages in cases),
        implementation=kinds["implementation"],
        review=kinds["review"],
        all_recorded=all(case.registration.system_no for case in papers),
        all_answered=all(map(_is_answered, papers)),
        consented=sum(consent_day(case) is not None for case in papers),
        discussed=sum(discussion_day(case) is not None for case in papers),
        all_complete=all(_is_complete(case, profile.regulation) for case in papers),
        date_style=profile.switches.date_style,
        seal_placeholder=profile.switches.seal_placeholder,
        cite_rule=profile.switches.cite_rule,
    )


def _find_latest_year(cases: Sequence[Case]) -> int | None:
    """The year of the latest request."""
    asked = (one.write_off.requested_on for one in cases if one.write_off)
    return max((day.year for day in asked if day), default=None)


def _find_contact(cases: Sequence[Case]) -> Officer | None:
    """The contact person whom all cases name; None where they name several, or none."""
    people = {one.people.contact.name: one.people.contact for one in cases if one.people.contact}
    named = len(people) == 1 and all(one.people.contact for one in cases)
    return build_officer_view(next(iter(people.values()))) if named else None


def _build_case(case: Case, pages: int) -> SubmittedCase:
    _, posted = find_reply_days(case)
    served = list_service_days(case)
    return SubmittedCase(
        reg_no=case.registration.no or "",
        system_no=case.registration.system_no or None,
        petitioner_names=tuple(one.name for one in find_addressees(case).addressees if one.name),
        case_numbers=tuple(one.no for one in case.enforcement_cases if isinstance(one.no, str)),
        brief=case.registration.brief or None,
        statements=tuple(said for claim in case.claims if (said := to_superior(claim.statement))),
        assigned_by=(case.assignment.body if case.assignment else None) or None,
        assigned_no=(case.assignment.notice_no if case.assignment else None) or None,
        outcomes=count_outcomes(case),
        served_on=served[-1] if served else None,
        served_days=served,
        posted_on=posted,
        commitment_on=max(_list_signing_dates(case, Item.COMMITMENT), default=None),
        pages=pages,
    )


def _is_answered(case: Case) -> bool:
    """Whether the petitioners were interviewed, the reply approved and served on each; a posting does not prove service."""
    interviewed = bool(case.interview and case.interview.held_on)
    return interviewed and is_approved(case) and build_reply_service(case, DocumentDay(None, None)).served_to_all


def _is_complete(case: Case, regulation: Regulation) -> bool:
    """Whether the materials of a write-off are there; the statement of measures may be drafted."""
    filed = (paper.item for paper in regulation.write_off_materials if paper.item is not Item.MEASURES)
    measures = any(one.on and one.action for one in case.measures) or bool(case.materials_for(Item.MEASURES))
    return measures and all(case.materials_for(item) for item in filed)


def _list_signing_dates(case: Case, item: Item) -> Iterable[date]:
    return (material.signed_on for material in case.materials_for(item) if material.signed_on)
