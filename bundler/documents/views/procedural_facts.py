"""The facts of a case in its view: registration, enforcement cases, assignment, transfer, interview, refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from bundler.case import case_step_models as model
from bundler.case.declined_petition_model import Declined as DeclinedFacts
from bundler.case.model import Case
from bundler.case.people_models import Parties
from bundler.documents.required_facts.of_letters import require_own_ground_facts
from bundler.documents.views.enforcement_told_to_applicants import list_told_in_interview
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.documents.views.people import find_unknown_reason, known_text
from bundler.documents.views.record_fields import copy_fields
from bundler.documents.views.rewording_for_outside_readers import name_procedure
from bundler.printable_text import format_day
from bundler.profile import Profile
from bundler.regulation.cited_law import Provision, find_law
from bundler.regulation.file_sections import NOTICE_YOU, SHIPPED_REFUSALS
from bundler.regulation.model import Regulation


@dataclass(frozen=True, slots=True)
class SubmittedPaper:
    """A paper that the petitioner submitted."""

    name: Annotated[str, "材料名称"]
    copies: Annotated[int, "件数"]
    original: Annotated[bool | None, "原件"]


@dataclass(frozen=True, slots=True)
class Register:
    """The registration, printed on the registration form alone (Art. 12)."""

    registered_on: Annotated[date | None, "登记日期；不填的留空"]
    source: Annotated[str | None, "案件来源"]
    nature: Annotated[Literal["suggestion", "opinion", "complaint"] | None, "登记的信访性质：建议、意见、投诉请求"]
    visit_no: Annotated[int | None, "第几次"]
    summary: Annotated[str | None, "内容摘要"]
    proposed_opinion: Annotated[str | None, "拟办意见"]
    papers: Annotated[tuple[SubmittedPaper, ...], "提交材料"]
    system_no: Annotated[str | None, "系统录入号"]
    system_on: Annotated[date | None, "录入日期"]
    note: Annotated[str | None, "备注"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment by a higher court or another body (交办; Art. 14)."""

    body: Annotated[str, "交办机关"]
    kind: Annotated[Literal["交办", "转办", "督办", "催办"], "方式"]
    notice_title: Annotated[str | None, "通知名称"]
    notice_no: Annotated[str | None, "通知文号"]
    received_on: Annotated[date | None, "收文日期"]
    feedback_due: Annotated[date | None, "反馈期限"]


@dataclass(frozen=True, slots=True)
class Transfer:
    """The transfer to the handler (转交; Art. 13)."""

    transferred_on: Annotated[date | None, "转交日期"]
    received_on: Annotated[date | None, "承办人收到日期"]
    attachments: Annotated[tuple[str, ...], "附件"]


@dataclass(frozen=True, slots=True)
class EnforcementCase:
    """An enforcement case (执行案件) that the petition is about."""

    no: Annotated[str | None, "执行案号"]
    no_unknown: Annotated[str | None, "执行案号不详的原因"]
    cause: Annotated[str | None, "案由"]
    applicants: Annotated[tuple[str, ...], "申请执行人"]
    respondents: Annotated[tuple[str, ...], "被执行人"]
    outsiders: Annotated[tuple[str, ...], "案外人"]
    parties_unknown: Annotated[str | None, "案件当事人不详的原因"]


@dataclass(frozen=True, slots=True)
class NotOurs:
    """A petition that another body has to handle (Art. 14, paragraph 1)."""

    checked: Annotated[str | None, "核查情况"]
    reason: Annotated[str | None, "不属于本院管辖的理由"]
    work_done: Annotated[str | None, "已开展的工作"]
    suggested_body: Annotated[str | None, "建议转交的机关"]
    attachments: Annotated[tuple[str, ...], "附件"]
    document_no: Annotated[str | None, "发文字号"]


@dataclass(frozen=True, slots=True)
class ConductPart:
    """The part of an accepted petition about conduct or integrity, transferred to another department (Art. 15, item 2)."""

    subject: Annotated[str | None, "所涉方面"]
    transferred_on: Annotated[date, "移送日期"]
    department: Annotated[str, "移送部门"]


@dataclass(frozen=True, slots=True)
class Appointment:
    """The time and place fixed for the interview."""

    at: Annotated[datetime, "约定时间"]
    place: Annotated[str, "地点"]


@dataclass(frozen=True, slots=True)
class Interview:
    """The interview (约谈; Art. 13)."""

    started_at: Annotated[datetime | None, "开始时间"]
    day: Annotated[date | None, "约谈（约定）日期"]
    place: Annotated[str | None, "地点"]
    present: Annotated[tuple[str, ...], "在场人"]
    told: Annotated[tuple[str, ...], "告知内容；没有填写而信访人都是申请执行人的，为约谈以前的执行措施"]
    held_on: Annotated[date | None, "约谈日期；文书日期以前没有约谈的没有"]
    planned: Annotated[Appointment | None, "约定的约谈"]
    attempted_on: Annotated[date | None, "约谈未成的日期"]
    not_held_because: Annotated[str | None, "未成原因"]
    heard_by: Annotated[str | None, "听取意见的方式"]


@dataclass(frozen=True, slots=True)
class Returned:
    """Papers that were returned to the petitioner."""

    name: Annotated[str, "材料名称"]
    on: Annotated[date | None, "退还日期"]


@dataclass(frozen=True, slots=True)
class OwnRefusal:
    """What the regulation's file says in the notice, on a ground of refusal of the court's own."""

    found: Annotated[str, "查明的情况"]
    explained: Annotated[str, "不予受理的理由"]
    remedy: Annotated[str, "可以怎样办"]


@dataclass(frozen=True, slots=True)
class Declined:
    """The refusal: the ground of Art. 15 and its facts."""

    own: Annotated[OwnRefusal | None, "本院规定另有的不予受理情形，释明的话写在规定文件里"]
    ground: Annotated[
        Literal[0, 1, 2, 3, 4, 5, 6, 7],
        "不予受理情形的代号，用来判断是哪一种情形；本院规定另有的为0；印第几项用 number",
    ]
    number: Annotated[int, "不予受理的条里第几项"]
    attempts: Annotated[tuple[date, ...], "联系日期"]
    means: Annotated[tuple[str, ...], "联系方式"]
    talked_on: Annotated[date | None, "沟通日期"]
    department: Annotated[str | None, "移送部门"]
    moved_on: Annotated[date | None, "移送日期"]
    moved_no: Annotated[str | None, "移送文号"]
    conduct_subject: Annotated[Literal["工作作风", "廉洁纪律"] | None, "所涉方面"]
    standing_checked: Annotated[str | None, "核对方式"]
    other_procedure: Annotated[
        Literal["trial", "compensation", "bankruptcy", "other"] | None, "其他法定程序：审判、国家赔偿、破产、其他"
    ]
    procedure_name: Annotated[str | None, "程序名称，不带“程序”二字"]
    judgment_no: Annotated[str | None, "执行依据文号"]
    bankrupt: Annotated[str | None, "破产的被执行人"]
    bankruptcy_court: Annotated[str | None, "破产受理法院"]
    bankruptcy_here: Annotated[bool, "破产由本院受理"]
    bankruptcy_no: Annotated[str | None, "破产案号"]
    employee_claim: Annotated[bool | None, "职工债权（否则为须申报的债权）"]
    administrator: Annotated[str | None, "管理人"]
    matter: Annotated[str | None, "反映的事项"]
    competent_body: Annotated[str | None, "有权机关"]
    remedy: Annotated[str | None, "救济途径"]
    enforcing_court: Annotated[str | None, "现执行法院"]
    superior_court: Annotated[str | None, "上级法院"]
    instrument: Annotated[str | None, "文书名称及文号"]
    designated: Annotated[bool, "指定执行（否则为提级执行）"]
    new_case_no: Annotated[str | None, "现执行案号"]
    phone: Annotated[str | None, "对方电话"]
    returned: Annotated[Returned | None, "退还材料"]


def build_register_view(register: model.Registration) -> Register:
    """The registration; a date of registration that the case does not hold is left blank."""
    return copy_fields(
        Register,
        register,
        nature=register.nature if "nature" in register.model_fields_set else None,
        papers=tuple(copy_fields(SubmittedPaper, one) for one in register.papers),
    )


def build_enforcement_view(one: model.EnforcementCase) -> EnforcementCase:
    """One enforcement case; an unknown number or unknown parties come with the reason."""
    parties = one.parties if isinstance(one.parties, Parties) else Parties()
    return EnforcementCase(
        no=known_text(one.no),
        no_unknown=find_unknown_reason(one.no),
        cause=one.cause,
        applicants=parties.applicants,
        respondents=parties.respondents,
        outsiders=parties.outsiders,
        parties_unknown=find_unknown_reason(one.parties),
    )


def build_conduct_view(case: Case, moment: DocumentDay) -> ConductPart | None:
    """The part about conduct that was transferred by then; None where there is none."""
    part = case.acceptance.conduct_part if case.acceptance else None
    return copy_fields(ConductPart, part) if part and moment.known(part.transferred_on) else None


def build_interview_view(case: Case, moment: DocumentDay) -> Interview:
    """The interview; empty where the case records none."""
    interview = case.interview or model.Interview()
    held, planned = interview.held_on, interview.planned_at
    same_day = bool(planned and planned.date() == held)
    start = interview.started_at or (planned if not held or same_day else None)
    day = held or (start.date() if start else None)
    return copy_fields(
        Interview,
        interview,
        started_at=start,
        day=day,
        told=list_told_in_interview(case, day),
        held_on=moment.known(held),
        attempted_on=moment.known(interview.attempted_on),
        planned=Appointment(planned, interview.place) if planned and interview.place else None,
    )


def build_declined_view(case: Case, profile: Profile, moment: DocumentDay, you: str) -> Declined | None:
    """The refusal; None for an accepted case.

    Args:
        case: the case.
        profile: this court, which a letter of its own calls 本院, with its regulation.
        moment: the day of the document.
        you: how a letter addresses the petitioners.
    """
    declined = case.declined
    if declined is None:
        return None
    transfer = declined.transferred_to
    dated = [one for one in declined.contact_attempts if one.on and not moment.is_later(one.on)]
    return copy_fields(
        Declined,
        declined,
        own=_build_own_refusal(case, declined, profile.regulation, you),
        ground=declined.ground if declined.ground <= SHIPPED_REFUSALS else 0,
        number=profile.regulation.refusal_number(declined.ground),
        attempts=tuple(one.on for one in dated),
        means=tuple(dict.fromkeys(one.means for one in dated if one.means)),
        department=transfer.department if transfer else None,
        moved_on=transfer.on if transfer else None,
        moved_no=transfer.document_no if transfer else None,
        procedure_name=name_procedure(declined.procedure_name) if declined.procedure_name else None,
        bankruptcy_here=_is_this_court(declined.bankruptcy_court, profile.court_name),
        designated=_is_designated(declined),
        employee_claim=declined.employee_claim if find_law(Provision.WORKERS, declined.notice_on) else None,
        returned=_build_returned(declined, moment),
    )


def _build_own_refusal(case: Case, declined: DeclinedFacts, regulation: Regulation, you: str) -> OwnRefusal | None:
    """What the notice says on a ground of the court's own; None on another ground, or while a fact is missing."""
    found = regulation.refusal_of(declined.ground)
    notice = found[1].notice if found else None
    if notice is None or any(require_own_ground_facts(case, regulation)):
        return None
    to = declined.transferred_to
    values: dict[str, object] = {
        NOTICE_YOU: you,
        "case_numbers": "、".join(one.no for one in case.enforcement_cases if isinstance(one.no, str)),
        "department": to.department if to else None,
        "moved_on": to.on if to else None,
        "moved_no": to.document_no if to else None,
    }
    named = {name: values[name] if name in values else getattr(declined, name) for name in notice.names}
    return OwnRefusal(*notice.fill({name: _print_fact(value) for name, value in named.items()}))


def _print_fact(value: object) -> str:
    return format_day(value) if isinstance(value, date) else str(value or "")


def _is_this_court(court: str | None, court_name: str) -> bool:
    """Whether a court is this one, with or without its province before the name."""
    return bool(court) and (court == "本院" or (court or "").endswith(court_name) or court_name.endswith(court or ""))


def _is_designated(declined: DeclinedFacts) -> bool:
    """Whether another court was designated: it is not the one that ordered it."""
    if declined.designated is not None:
        return declined.designated
    return declined.enforcing_court != declined.superior_court


def _build_returned(declined: DeclinedFacts, moment: DocumentDay) -> Returned | None:
    returned = declined.returned
    return copy_fields(Returned, returned) if returned and not moment.is_later(returned.on) else None
