"""What the forms (表格式) require: registration form, transfer slip, approval form, receipt, write-off request."""

from __future__ import annotations

from bundler.case.field_types import Unknown
from bundler.case.model import Case
from bundler.documents.document_subjects import list_named_petitioners, list_services_due
from bundler.documents.required_facts.of_letters import require_claim_answer
from bundler.documents.required_facts.shared_checks import (
    MissingFields,
    require,
    require_handler,
    require_petitioners,
    require_registration_no,
)


def require_registration(case: Case) -> MissingFields:
    """The eight fields of Art. 12; the gate checks which of them may be unknown."""
    register = case.registration
    yield from require(register.received_on, "/registration/received_on", "来访（件）时间")
    yield from require(register.source, "/registration/source", "案件来源")
    yield from require_petitioners(case)
    for index, petitioner in enumerate(case.petitioners):
        if not petitioner.anonymous:
            yield from require(petitioner.phone, f"/petitioners/{index}/phone", "信访人联系电话")
    yield from require(case.enforcement_cases, "/enforcement_cases", "执行案号、案件当事人")
    for index, enforcement in enumerate(case.enforcement_cases):
        yield from require(enforcement.no, f"/enforcement_cases/{index}/no", "执行案号")
        parties = enforcement.parties
        named = isinstance(parties, Unknown) or (parties and (parties.applicants or parties.respondents))
        yield from require(named or None, f"/enforcement_cases/{index}/parties", "案件当事人")
    officer = case.people.handler
    known = isinstance(officer, Unknown) or (officer is not None and officer.name)
    yield from require(known or None, "/people/handler", "案件承办人")
    yield from require(register.summary, "/registration/summary", "来访（件）内容摘要")
    yield from require(register.proposed_opinion, "/registration/proposed_opinion", "拟办意见")


def registration_form(case: Case) -> MissingFields:
    """执行申诉信访案件登记表."""
    yield from require_registration_no(case)
    yield from require_registration(case)
    yield from require(case.registration.channel, "/registration/channel", "信访形式")
    for index, petitioner in enumerate(case.petitioners):
        yield from require(petitioner.role, f"/petitioners/{index}/role", "信访人身份")


def transfer_slip(case: Case) -> MissingFields:
    """信访事项转交（办）单."""
    yield from require_registration_no(case)
    yield from require_petitioners(case)
    yield from require(case.registration.received_on, "/registration/received_on", "来访（件）时间")
    summary = case.registration.summary or case.registration.brief
    yield from require(summary, "/registration/summary", "来访（件）内容摘要")
    yield from require_handler(case)
    yield from require(case.transfer and case.transfer.transferred_on, "/transfer/transferred_on", "转交日期")


def approval_form(case: Case) -> MissingFields:
    """办理意见呈批表."""
    yield from require_registration_no(case)
    yield from require_petitioners(case)
    yield from require_handler(case)
    yield from require(case.people.leader and case.people.leader.name, "/people/leader/name", "主办院领导")
    yield from require(case.claims, "/claims", "逐项反映与请求")
    for index in range(len(case.claims)):
        yield from require_claim_answer(case, index)


def service_receipt(case: Case) -> MissingFields:
    """送达回证, for each petitioner and each notice that has a date."""
    yield from require_registration_no(case)
    yield from require_petitioners(case)
    path = "/declined/notice_on" if case.declined else "/acceptance/notice_on"
    yield from require(list_services_due(case), path, "受理告知书、答复意见书或者释明告知书的日期")
    yield from require(
        not case.petitioners or list_named_petitioners(case), "/petitioners/0/name", "受送达人姓名（名称）"
    )
    for index in list_named_petitioners(case):
        yield from require(case.petitioners[index].address, f"/petitioners/{index}/address", "送达地址")


def write_off_request(case: Case) -> MissingFields:
    """执行申诉信访案件核销申请表."""
    yield from require_registration_no(case)
    yield from require_petitioners(case)
    yield from require(case.registration.source, "/registration/source", "案件来源")
    yield from require(case.registration.received_on, "/registration/received_on", "来访（件）时间")
    acceptance = case.acceptance
    accepted = acceptance and (acceptance.accepted_on or acceptance.notice_on)
    yield from require(accepted, "/acceptance/accepted_on", "受理日期")
    interview = case.interview
    yield from require(interview and (interview.held_on or interview.attempted_on), "/interview/held_on", "约谈日期")
    yield from require_handler(case)
    yield from require(case.people.leader and case.people.leader.name, "/people/leader/name", "主办院领导")
    yield from require(case.category, "/category", "案件类别")
    yield from require(case.claims, "/claims", "反映的主要问题")
    for index, claim in enumerate(case.claims):
        yield from require(claim.statement, f"/claims/{index}/statement", f"第{index + 1}项反映的问题")
        yield from require(claim.outcome, f"/claims/{index}/outcome", f"第{index + 1}项的办理结果")
    yield from require(case.write_off and case.write_off.requested_on, "/write_off/requested_on", "核销申请日期")
