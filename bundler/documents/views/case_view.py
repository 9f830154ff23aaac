"""The view of a case: every name that the template of a case's document may print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from bundler.case import case_step_models as model
from bundler.case.model import Case
from bundler.documents.document_subjects import DocumentCopy, with_corrected_case_numbers
from bundler.documents.views.claims_reported_to_superior import ReportedClaim, build_reported_claims
from bundler.documents.views.enforcement_told_to_applicants import list_told_in_reply
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.documents.views.meeting_records import (
    Collective,
    Coordination,
    Hearing,
    Inquiry,
    build_meeting_record_values,
)
from bundler.documents.views.people import (
    ActingAgent,
    Mandate,
    People,
    Petitioner,
    build_people_view,
    find_addressees,
    list_acting_agents,
)
from bundler.documents.views.petitioner_copies import (
    OwnService,
    Payment,
    Receipt,
    build_copy_values,
    find_copied_petitioner,
)
from bundler.documents.views.petitioner_standing import find_relief_askers, list_own_cases
from bundler.documents.views.procedural_facts import (
    Assignment,
    ConductPart,
    Declined,
    EnforcementCase,
    Interview,
    NotOurs,
    Register,
    Transfer,
    build_conduct_view,
    build_declined_view,
    build_enforcement_view,
    build_interview_view,
    build_register_view,
)
from bundler.documents.views.record_fields import copy_fields
from bundler.documents.views.reply_opinion import Claim, Outcomes, Relief, Remedy, Statutes, build_reply_values
from bundler.documents.views.reply_service import ReplyService
from bundler.documents.views.report_to_assigning_body import Feedback, build_feedback_view
from bundler.documents.views.unenforceable_debt import (
    ExhaustedMeasure,
    FollowUp,
    ReliefRequest,
    build_unenforceable_values,
)
from bundler.documents.views.work_done import WorkDone, list_work_done
from bundler.documents.views.write_off import (
    Enclosed,
    Measure,
    Resolution,
    WriteOff,
    build_write_off_values,
)
from bundler.profile import Profile
from bundler.regulation.file_sections import Limit
from bundler.regulation.model import Regulation, count_days


@dataclass(frozen=True, slots=True)
class Court:
    """The court (profile)."""

    name: Annotated[str, "法院名称"]
    addr: Annotated[str | None, "地址"]
    tel: Annotated[str | None, "公开电话"]
    zip: Annotated[str | None, "邮政编码"]
    prefix: Annotated[str | None, "发文字号的代字"]
    superior: Annotated[str | None, "上级法院"]


@dataclass(frozen=True, slots=True)
class Rule:
    """The regulation as documents cite it: its title (profile), and the limits and articles that they name."""

    title: Annotated[str, "规定名称"]
    no: Annotated[str, "规定文号"]
    short: Annotated[str, "规定简称"]
    interview_limit: Annotated[str, "约谈期限，如“5日”"]
    reply_limit: Annotated[str, "答复期限，如“40个工作日”"]
    interview_from_receipt: Annotated[bool, "约谈期限自本院收到之日起算，否则自承办人收到之日"]
    reply_from_receipt: Annotated[bool, "答复期限自本院收到之日起算，否则自承办人收到之日"]
    draft_limit: Annotated[str, "反馈期限前几日报送，如“3个工作日”"]
    acceptance_article: Annotated[str, "受理事由的条，如“第六条”"]
    acceptance_name: Annotated[str, "受理事由的条名，同一条号有两条的，带括号里的区别"]
    refusal_article: Annotated[str, "不予受理的条"]
    relief_article: Annotated[str, "司法救助的条"]
    write_off_article: Annotated[str, "核销的条"]
    archive_article: Annotated[str, "信访档案的条"]
    figures_article: Annotated[str, "考核的条"]


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers the petitioner's questions; never the officer complained of."""

    name: Annotated[str, "联系人"]
    tel: Annotated[str | None, "联系电话"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """The names that the template of a case's document may use."""

    court: Annotated[Court, "本院"]
    rule: Annotated[Rule, "规定"]
    reg_no: Annotated[str | None, "登记号"]
    document_on: Annotated[date | None, "文书日期"]
    document_year: Annotated[int | None, "发文字号的年份；日期留空的文书，取案件最近的年份"]
    received_on: Annotated[date | None, "收到（来访）日期"]
    channel: Annotated[
        Literal["visit", "letter", "phone", "network", "other"] | None, "信访形式：走访、书信、电话、网络、其他"
    ]
    channel_text: Annotated[str | None, "形式说明"]
    nature: Annotated[Literal["suggestion", "opinion", "complaint"], "信访性质：建议、意见、投诉请求"]
    brief: Annotated[str | None, "短事由"]
    register: Annotated[Register, "信访件登记"]
    assign: Annotated[Assignment | None, "交办"]
    petitioners: Annotated[tuple[Petitioner, ...], "信访人，委托代理人不在内"]
    petitioner_names: Annotated[tuple[str, ...], "信访人姓名（名称），匿名的和委托代理人不在内"]
    addressees: Annotated[tuple[Petitioner, ...], "受文人，与信访人相同"]
    addressee_names: Annotated[tuple[str, ...], "受文人姓名（名称），与信访人相同"]
    agents: Annotated[tuple[str, ...], "全部受文人的委托代理人"]
    principals: Annotated[tuple[str, ...], "受托人单独登记时的委托人"]
    standings: Annotated[tuple[str, ...], "信访人的各种身份，各一次"]
    mandates: Annotated[tuple[Mandate, ...], "只代理一部分受文人的委托代理人"]
    acting_agents: Annotated[tuple[ActingAgent, ...], "信访人的委托代理人和他们的委托人；代理几人的，授权相同的印一次"]
    people: Annotated[People, "人员"]
    handler_left: Annotated[bool, "原承办人已不在执行岗位"]
    contact: Annotated[Contact, "对外联系人"]
    cases: Annotated[tuple[EnforcementCase, ...], "执行案件"]
    case_numbers: Annotated[tuple[str, ...], "执行案号，不详的和不能查明案件的不在内"]
    own_cases: Annotated[tuple[EnforcementCase, ...], "本份文书受送达人（承诺人）自己的执行案件"]
    own_case_numbers: Annotated[tuple[str, ...], "本份文书受送达人（承诺人）自己的执行案号"]
    category: Annotated[Literal["implementation", "review"] | None, "案件类别：执行实施类、执行审查类"]
    ledgers: Annotated[tuple[Literal["supervised", "special", "backlog"], ...], "台账类别：催督办、专项化解、信访积案"]
    grounds: Annotated[tuple[int, ...], "受理事由的项"]
    conduct: Annotated[ConductPart | None, "已移送的作风、廉洁部分"]
    conduct_apart: Annotated[bool, "有作风、廉洁部分，不随单转交"]
    interview: Annotated[Interview, "约谈"]
    coordination: Annotated[Coordination | None, "协调会议"]
    inquiry: Annotated[Inquiry | None, "调查"]
    hearing: Annotated[Hearing | None, "听证"]
    collective: Annotated[Collective | None, "集体研究"]
    asks_relief: Annotated[bool, "有自然人申请执行人，问是否申请司法救助"]
    relief_askers: Annotated[tuple[str, ...], "可以申请司法救助的信访人；人人可以的没有"]
    declined: Annotated[Declined | None, "不予受理"]
    not_ours: Annotated[NotOurs | None, "不属于本院管辖"]
    interview_due: Annotated[date | None, "约谈期限；暂定的没有"]
    reply_due: Annotated[date | None, "答复期限；暂定的没有"]
    transfer: Annotated[Transfer, "转交"]
    approved: Annotated[bool, "已经审批"]
    accepted_on: Annotated[date | None, "受理日期"]
    investigated: Annotated[bool, "进行了调查"]
    inquiry_days: Annotated[tuple[date, ...], "调查日期，从早到晚"]
    inquired_of: Annotated[str, "每次调查都问了人的，为“向有关人员”；其余为空"]
    file_reviewed: Annotated[bool, "查阅了执行卷宗"]
    hearing_on: Annotated[date | None, "听证日期"]
    previous_reply_on: Annotated[date | None, "前次答复日期"]
    relief: Annotated[Relief | None, "已启动的司法救助"]
    case_facts: Annotated[str | None, "案件基本情况"]
    outcomes: Annotated[tuple[Outcomes, ...], "各种结果的项数"]
    claims: Annotated[tuple[Claim, ...], "反映与请求"]
    remedies: Annotated[tuple[Remedy, ...], "可用的救济句"]
    statutes: Annotated[Statutes, "《民事诉讼法》的条号"]
    attachments: Annotated[tuple[str, ...], "附件"]
    write_off: Annotated[WriteOff, "核销申请"]
    measures: Annotated[
        tuple[Measure, ...], "工作措施；填写的以外，有约谈、协调、调查、听证、司法救助和执行措施，先后为序"
    ]
    main_measures: Annotated[
        tuple[Measure, ...],
        "主要措施，同日的合为一项：不超过六日的为全部，否则为填写的、约谈、协调、调查、听证、司法救助和对财产的措施",
    ]
    work_done: Annotated[
        tuple[WorkDone, ...],
        "收到信访事项以后的约谈、协调、调查、听证、司法救助和措施，先后为序；查明的事实里写了的不在内",
    ]
    enforcement_told: Annotated[
        tuple[WorkDone, ...],
        "收到信访材料以后查找和处置财产的措施，先后为序；信访人都是申请执行人的才有，答复中写了的不在内",
    ]
    resolutions: Annotated[tuple[Resolution, ...], "化解情况的选项"]
    service: Annotated[ReplyService, "答复的送达"]
    commitment_on: Annotated[date | None, "承诺书签署日期，几份的为最后一份"]
    signed_commitments: Annotated[int, "文书日期以前签署的承诺书份数"]
    enclosed: Annotated[Enclosed, "所附材料件数"]
    receipt: Annotated[Receipt | None, "送达回证所送达的文书"]
    addressee: Annotated[Petitioner | None, "本份文书的受送达人（承诺人）"]
    own_service: Annotated[OwnService, "答复对本份文书承诺人的送达"]
    payments: Annotated[tuple[Payment, ...], "本份承诺书写明的收款"]
    own_brief: Annotated[str | None, "本份承诺书承诺人自己反映的短事由；几名信访人的反映不同的，由各项标题组成"]
    own_interview: Annotated[bool, "已约谈本份承诺书的承诺人；几名信访人的，笔录或者在场人写明了才算"]
    reported_claims: Annotated[tuple[ReportedClaim, ...], "反映与请求，向上级报送的写法"]
    feedback: Annotated[Feedback, "办理情况报告"]
    exhausted: Annotated[tuple[ExhaustedMeasure, ...], "执行措施，通常措施在前"]
    no_property: Annotated[bool, "认定被执行人无财产可供执行，各项执行措施都有结果或者未采取的原因"]
    relief_request: Annotated[ReliefRequest, "司法救助的报请"]
    follow_up: Annotated[FollowUp | None, "回访"]
    date_style: Annotated[Literal["arabic", "hanzi"], "日期写法：阿拉伯数字、汉字"]
    seal_placeholder: Annotated[bool, "印“（院印）”占位"]
    cite_rule: Annotated[bool, "写出规定名称"]
    leader_in_notice: Annotated[bool, "受理告知书写主办院领导"]
    period_sentence: Annotated[bool, "印“不影响期间的计算”"]
    duplicate_band: Annotated[str | None, "转交（办）单表上行中间的字样"]
    bureau_opinion: Annotated[bool, "呈批表印“执行局负责人意见”"]


def build_case_view(
    case: Case, profile: Profile, moment: DocumentDay | date | None, copy: DocumentCopy | None = None
) -> CaseView:
    """Build the view of a case.

    Args:
        case: the case.
        profile: the court.
        moment: when the document speaks, or its date; None where the date is left blank.
        copy: the copy for one petitioner and one service; None: the first.
    """
    when = moment if isinstance(moment, DocumentDay) else DocumentDay(moment, moment)
    return CaseView(**_build_values(with_corrected_case_numbers(case), profile, when, copy))


def _build_values(case: Case, profile: Profile, moment: DocumentDay, copy: DocumentCopy | None) -> dict[str, Any]:
    register = case.registration
    switches, deadlines = (
        profile.switches.model_dump(exclude={"submission_sealed"}),
        _count_deadlines(case, profile.regulation),
    )
    found = find_addressees(case)
    names = tuple(one.name for one in found.addressees if one.name)
    write_off = build_write_off_values(case, profile, moment)
    own = list_own_cases(case, find_copied_petitioner(case, copy))
    return {
        "court": build_court_view(profile),
        "rule": build_rule_view(profile),
        "reg_no": register.no,
        "document_on": moment.day,
        "document_year": moment.day.year if moment.day else _find_latest_year(case),
        "received_on": register.received_on,
        "channel": register.channel,
        "channel_text": register.channel_text,
        "nature": register.nature,
        "brief": register.brief,
        "register": build_register_view(register),
        "assign": copy_fields(Assignment, case.assignment) if case.assignment else None,
        "petitioners": found.addressees,
        "petitioner_names": names,
        "addressees": found.addressees,
        "addressee_names": names,
        "agents": found.agents,
        "principals": found.principals,
        "mandates": found.mandates,
        "acting_agents": list_acting_agents(found.addressees),
        "standings": tuple(dict.fromkeys(one.standing for one in found.addressees if one.standing)),
        "people": build_people_view(case.people),
        "handler_left": bool(case.people.former_handler and not case.people.former_handler.in_enforcement),
        "contact": _find_contact(case, profile),
        "cases": tuple(build_enforcement_view(one) for one in case.enforcement_cases),
        "case_numbers": _list_case_numbers(case),
        "own_cases": tuple(build_enforcement_view(one) for one in own),
        "own_case_numbers": tuple(one.no for one in own if isinstance(one.no, str)),
        "category": case.category,
        "ledgers": case.ledgers,
        "grounds": tuple(sorted(set(case.grounds))),
        "conduct": build_conduct_view(case, moment),
        "conduct_apart": bool(case.acceptance and case.acceptance.conduct_part),
        "interview": build_interview_view(case, moment),
        **find_relief_askers(case),
        "declined": build_declined_view(case, profile, moment, _address(found.addressees)),
        "not_ours": copy_fields(NotOurs, case.not_ours) if case.not_ours else None,
        **build_meeting_record_values(case),
        "transfer": copy_fields(Transfer, case.transfer or model.Transfer()),
        "reported_claims": build_reported_claims(case, moment),
        "feedback": build_feedback_view(case, deadlines["reply_due"]),
        **deadlines,
        "work_done": list_work_done(case, moment, [claim.facts for claim in case.claims]),
        "enforcement_told": list_told_in_reply(case, moment),
        **build_copy_values(case, copy, moment),
        **build_reply_values(case, moment),
        **write_off,
        **build_unenforceable_values(case, profile, moment),
        **switches,
        "duplicate_band": switches["duplicate_band"] or None,
    }


def _address(addressees: tuple[Petitioner, ...]) -> str:
    """How a letter addresses the petitioners, for the words of a notice that a regulation's file has."""
    if len(addressees) > 1:
        return "你们"
    return {"company": "你公司", "organization": "你单位"}.get(addressees[0].kind, "你") if addressees else "你"


def _list_case_numbers(case: Case) -> tuple[str, ...]:
    """The known numbers; none where the petition is declined because it names no case that can be found (Art. 15, item 1)."""
    if case.declined and case.declined.ground == 1:
        return ()
    return tuple(one.no for one in case.enforcement_cases if isinstance(one.no, str))


def _find_latest_year(case: Case) -> int | None:
    """The year of the latest step that the case gives."""
    days = (
        case.registration.received_on,
        case.assignment.received_on if case.assignment else None,
        case.interview.held_on if case.interview else None,
        case.reply.replied_on if case.reply else None,
        case.write_off.requested_on if case.write_off else None,
    )
    return max((day.year for day in days if day), default=None)


def build_court_view(profile: Profile) -> Court:
    """The court's names, address and numbers; an empty one is None."""
    return Court(
        name=profile.court_name,
        addr=profile.court_addr or None,
        tel=profile.court_tel or None,
        zip=profile.court_zip or None,
        prefix=profile.doc_prefix or None,
        superior=profile.superior_court or None,
    )


def build_rule_view(profile: Profile) -> Rule:
    """The regulation as documents cite it."""
    regulation = profile.regulation
    return Rule(
        title=profile.rule_title,
        no=profile.rule_no,
        short=profile.rule_short,
        interview_limit=regulation.limits.interview.text,
        reply_limit=regulation.limits.reply.text,
        interview_from_receipt=regulation.limits.interview.start == "received",
        reply_from_receipt=regulation.limits.reply.start == "received",
        draft_limit=regulation.limits.feedback_draft.text,
        acceptance_article=regulation.citation_of("acceptance"),
        acceptance_name=regulation.name_of("acceptance"),
        refusal_article=regulation.citation_of("refusal"),
        relief_article=regulation.citation_of("relief"),
        write_off_article=regulation.citation_of("write_off"),
        archive_article=regulation.citation_of("archive"),
        figures_article=regulation.citation_of("figures"),
    )


def _find_contact(case: Case, profile: Profile) -> Contact:
    """The contact person, else the team's officer; the petition team with the court's phone where the case names none."""
    for officer in (case.people.contact, case.people.team):
        if officer and officer.name:
            return Contact(officer.name, officer.phone or profile.court_tel or None)
    return Contact("执行信访团队", profile.court_tel or None)


def _count_deadlines(case: Case, regulation: Regulation) -> dict[str, date | None]:
    """The deadlines of Art. 13, as the regulation counts them; a provisional date is not printed."""
    transfer, received = case.transfer, case.registration.received_on
    handed = (transfer and (transfer.received_on or transfer.transferred_on)) or received

    def last_day(limit: Limit) -> date | None:
        start = received if limit.start == "received" else handed
        due = count_days(limit, start) if start else None
        return None if due is None or due.provisional else due.day

    limits = regulation.limits
    return {"interview_due": last_day(limits.interview), "reply_due": last_day(limits.reply)}
