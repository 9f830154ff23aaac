"""What each document needs of the case before it can be filled: one table, read by the gate and by `render` alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bundler.case.base import Unknown
from bundler.case.declined import Declined
from bundler.case.model import Case


@dataclass(frozen=True, slots=True)
class Need:
    """A field that a document lacks: its JSON Pointer and its Chinese name."""

    path: str
    label: str


Needs = Iterator[Need]


def missing_fields(document: str, case: Case) -> tuple[Need, ...]:
    """The fields that a document still needs, in the order of the paper; none when it can be filled."""
    return tuple(_TABLE[document](case))


def _need(value: object, path: str, label: str) -> Needs:
    """The field, when it has no value."""
    if value is None or value in ("", ()):
        yield Need(path, label)


def _registration_no(case: Case) -> Needs:
    yield from _need(case.registration.no, "/registration/no", "登记号")


def _petitioners(case: Case) -> Needs:
    yield from _need(case.petitioners, "/petitioners", "信访人")
    for index, petitioner in enumerate(case.petitioners):
        if not petitioner.anonymous:
            yield from _need(petitioner.name, f"/petitioners/{index}/name", "信访人姓名（名称）")


def _received(case: Case) -> Needs:
    yield from _need(case.registration.received_on, "/registration/received_on", "来访（件）时间")
    yield from _need(case.registration.channel, "/registration/channel", "信访形式")
    if case.registration.channel in {"network", "other"}:
        yield from _need(case.registration.channel_text, "/registration/channel_text", "信访形式说明")


def _handler(case: Case) -> Needs:
    handler = case.people.handler
    name = None if handler is None or isinstance(handler, Unknown) else handler.name
    yield from _need(name, "/people/handler", "案件承办人")


def registration_fields(case: Case) -> Needs:
    """Art. 12's eight fields; which of them may be unknown is for the gate to say."""
    register = case.registration
    yield from _need(register.received_on, "/registration/received_on", "来访（件）时间")
    yield from _need(register.source, "/registration/source", "案件来源")
    yield from _petitioners(case)
    for index, petitioner in enumerate(case.petitioners):
        if not petitioner.anonymous:
            yield from _need(petitioner.phone, f"/petitioners/{index}/phone", "信访人联系电话")
    yield from _need(case.enforcement_cases, "/enforcement_cases", "执行案号、案件当事人")
    for index, enforcement in enumerate(case.enforcement_cases):
        yield from _need(enforcement.no, f"/enforcement_cases/{index}/no", "执行案号")
        parties = enforcement.parties
        named = isinstance(parties, Unknown) or (parties and (parties.applicants or parties.respondents))
        yield from _need(named or None, f"/enforcement_cases/{index}/parties", "案件当事人")
    handler = case.people.handler
    known = isinstance(handler, Unknown) or (handler is not None and handler.name)
    yield from _need(known or None, "/people/handler", "案件承办人")
    yield from _need(register.summary, "/registration/summary", "来访（件）内容摘要")
    yield from _need(register.proposed_opinion, "/registration/proposed_opinion", "拟办意见")


def _registration_form(case: Case) -> Needs:
    yield from _registration_no(case)
    yield from registration_fields(case)
    yield from _need(case.registration.channel, "/registration/channel", "信访形式")
    for index, petitioner in enumerate(case.petitioners):
        yield from _need(petitioner.role, f"/petitioners/{index}/role", "信访人身份")


def _acceptance_notice(case: Case) -> Needs:
    yield from _registration_no(case)
    yield from _petitioners(case)
    yield from _received(case)
    yield from _need(case.grounds, "/grounds", "受理事由")
    yield from _handler(case)
    yield from _need(case.acceptance and case.acceptance.notice_on, "/acceptance/notice_on", "受理告知书日期")


def _explanation_notice(case: Case) -> Needs:
    yield from _registration_no(case)
    yield from _need(case.petitioners, "/petitioners", "信访人")
    yield from _received(case)
    if case.declined is None:
        yield Need("/declined", "不予受理的项和事实")
        return
    yield from _need(case.declined.notice_on, "/declined/notice_on", "释明告知书日期")
    yield from ground_fields(case, case.declined)


def ground_fields(case: Case, declined: Declined) -> Needs:
    """The facts of the declined matter's own ground (Art. 15), as its notice prints them."""
    yield from _GROUNDS[declined.ground](case, declined)


def _ground_1(case: Case, declined: Declined) -> Needs:
    del case
    attempts = declined.contact_attempts
    if not attempts and declined.talked_on is None:
        yield Need("/declined/contact_attempts", "注明日期的联系记录，或者沟通日期")
    for index, attempt in enumerate(attempts):
        yield from _need(attempt.on, f"/declined/contact_attempts/{index}/on", "联系日期")
        yield from _need(attempt.means, f"/declined/contact_attempts/{index}/means", "联系方式")


def _transferred(declined: Declined) -> Needs:
    to = declined.transferred_to
    yield from _need(to and to.department, "/declined/transferred_to/department", "移送的部门")
    yield from _need(to and to.on, "/declined/transferred_to/on", "移送日期")


def _ground_2(case: Case, declined: Declined) -> Needs:
    del case
    yield from _need(declined.conduct_subject, "/declined/conduct_subject", "所涉方面（工作作风、廉洁纪律）")
    yield from _transferred(declined)


def _case_number(case: Case) -> Needs:
    known = case.enforcement_cases and isinstance(case.enforcement_cases[0].no, str)
    yield from _need(known or None, "/enforcement_cases/0/no", "所反映的执行案号")


def _ground_3(case: Case, declined: Declined) -> Needs:
    yield from _case_number(case)
    yield from _need(declined.standing_checked, "/declined/standing_checked", "核对身份的方式")


def _ground_4(case: Case, declined: Declined) -> Needs:
    del case
    yield from _transferred(declined)
    yield from _need(declined.other_procedure, "/declined/other_procedure", "应适用的法定程序")
    wanted = {
        "trial": (("judgment_no", "有异议的裁判文书文号"),),
        "bankruptcy": (
            ("bankrupt", "破产的被执行人"),
            ("bankruptcy_court", "破产受理法院"),
            ("bankruptcy_no", "破产案号"),
            ("administrator", "管理人"),
        ),
        "other": (("procedure_name", "程序名称"),),
    }
    for field, label in wanted.get(declined.other_procedure or "", ()):
        yield from _need(getattr(declined, field), f"/declined/{field}", label)


def _ground_5(case: Case, declined: Declined) -> Needs:
    del case
    yield from _need(declined.matter, "/declined/matter", "反映的事项")
    yield from _need(declined.competent_body, "/declined/competent_body", "有权机关")


def _ground_6(case: Case, declined: Declined) -> Needs:
    del declined
    yield from _case_number(case)


def _ground_7(case: Case, declined: Declined) -> Needs:
    yield from _case_number(case)
    yield from _need(declined.enforcing_court, "/declined/enforcing_court", "现执行法院")
    yield from _need(declined.superior_court, "/declined/superior_court", "提级或者指定的上级法院")
    yield from _need(declined.instrument, "/declined/instrument", "文书名称及文号")


_GROUNDS: dict[int, Callable[[Case, Declined], Needs]] = {
    1: _ground_1,
    2: _ground_2,
    3: _ground_3,
    4: _ground_4,
    5: _ground_5,
    6: _ground_6,
    7: _ground_7,
}


def _interview_record(case: Case) -> Needs:
    yield from _registration_no(case)
    yield from _petitioners(case)
    interview = case.interview
    when = interview and (interview.started_at or interview.held_on or interview.planned_at)
    yield from _need(when, "/interview/held_on", "约谈时间")
    yield from _need(interview and interview.place, "/interview/place", "约谈地点")
    yield from _handler(case)
    yield from _need(case.people.clerk and case.people.clerk.name, "/people/clerk/name", "书记员")


def claim_fields(case: Case, index: int) -> Needs:
    """What the answer to one claim needs: what was said, what was found, and the outcome with its reason or measures."""
    claim, path = case.claims[index], f"/claims/{index}"
    noted = case.registration.nature != "complaint" and claim.outcome in {"supported", "explained"}
    yield from _need(claim.statement, f"{path}/statement", f"第{index + 1}项反映的问题")
    yield from _need(claim.outcome, f"{path}/outcome", f"第{index + 1}项的答复结果")
    if noted:  # a suggestion or an opinion is weighed; there is nothing to prove and no demand to grant
        return
    yield from _need(claim.facts, f"{path}/facts", f"第{index + 1}项查明的事实")
    if claim.outcome in {"explained", "not_supported"}:
        yield from _need(claim.reason, f"{path}/reason", f"第{index + 1}项的理由")
    if claim.outcome == "supported":
        yield from _need(claim.measures, f"{path}/measures", f"第{index + 1}项的措施")
    if claim.outcome == "led_into":
        procedure = claim.procedure
        filed = procedure and (procedure.case_no or (procedure.told_on and procedure.told_to))
        yield from _need(filed or None, f"{path}/procedure", f"第{index + 1}项导入的程序及案号，或者告知日期和内容")


def _reply_opinion(case: Case) -> Needs:
    yield from _registration_no(case)
    yield from _petitioners(case)
    yield from _received(case)
    yield from _need(case.claims, "/claims", "逐项反映与请求")
    for index, claim in enumerate(case.claims):
        yield from claim_fields(case, index)
        if len(case.claims) > 1:
            yield from _need(claim.title, f"/claims/{index}/title", f"第{index + 1}项的标题")
    yield from _need(case.reply and case.reply.replied_on, "/reply/replied_on", "答复意见书日期")


def _measures_statement(case: Case) -> Needs:
    yield from _registration_no(case)
    yield from _petitioners(case)
    yield from _need(case.registration.received_on, "/registration/received_on", "来访（件）时间")
    dated = [measure for measure in case.measures if measure.on and measure.action]
    if not dated:
        yield Need("/measures", "至少一项注明日期的工作措施")
    for index, measure in enumerate(case.measures):
        if dated:
            yield from _need(measure.on, f"/measures/{index}/on", f"第{index + 1}项措施的日期")
            yield from _need(measure.action, f"/measures/{index}/action", f"第{index + 1}项措施的内容")


def _write_off_request(case: Case) -> Needs:
    yield from _registration_no(case)
    yield from _petitioners(case)
    yield from _need(case.registration.source, "/registration/source", "案件来源")
    yield from _need(case.registration.received_on, "/registration/received_on", "来访（件）时间")
    acceptance = case.acceptance
    accepted = acceptance and (acceptance.accepted_on or acceptance.notice_on)
    yield from _need(accepted, "/acceptance/accepted_on", "受理日期")
    interview = case.interview
    yield from _need(interview and (interview.held_on or interview.attempted_on), "/interview/held_on", "约谈日期")
    yield from _handler(case)
    yield from _need(case.people.leader and case.people.leader.name, "/people/leader/name", "主办院领导")
    yield from _need(case.category, "/category", "案件类别")
    yield from _need(case.claims, "/claims", "反映的主要问题")
    for index, claim in enumerate(case.claims):
        yield from _need(claim.statement, f"/claims/{index}/statement", f"第{index + 1}项反映的问题")
        yield from _need(claim.outcome, f"/claims/{index}/outcome", f"第{index + 1}项的办理结果")
    yield from _need(case.write_off and case.write_off.requested_on, "/write_off/requested_on", "核销申请日期")


def _jurisdiction_note(case: Case) -> Needs:
    yield from _petitioners(case)
    assignment, note = case.assignment, case.not_ours
    yield from _need(assignment and assignment.body, "/assignment/body", "交办机关")
    yield from _need(assignment and assignment.received_on, "/assignment/received_on", "收文日期")
    for field, label in (
        ("checked", "核查情况"),
        ("reason", "不属于本院管辖的理由"),
        ("work_done", "已开展的工作"),
        ("noted_on", "说明日期"),
    ):
        yield from _need(note and getattr(note, field), f"/not_ours/{field}", label)


_TABLE: dict[str, Callable[[Case], Needs]] = {
    "registration_form": _registration_form,
    "acceptance_notice": _acceptance_notice,
    "explanation_notice": _explanation_notice,
    "interview_record": _interview_record,
    "reply_opinion": _reply_opinion,
    "measures_statement": _measures_statement,
    "write_off_request": _write_off_request,
    "jurisdiction_note": _jurisdiction_note,
}
