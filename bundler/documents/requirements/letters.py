"""What the letters (公文式) need: notices, reply, statements, note."""

from __future__ import annotations

from collections.abc import Callable

from bundler.case.declined import Declined
from bundler.case.model import Case
from bundler.documents.requirements.common import (
    MissingField,
    MissingFields,
    handler,
    need,
    petitioners,
    received,
    registration_no,
)
from bundler.documents.views.receipt_and_commitment import list_named_petitioners
from bundler.documents.views.write_off import find_reply_days


def acceptance_notice(case: Case) -> MissingFields:
    """执行申诉信访事项受理告知书."""
    yield from registration_no(case)
    yield from petitioners(case)
    yield from received(case)
    yield from need(case.grounds, "/grounds", "受理事由")
    yield from handler(case)
    yield from need(case.acceptance and case.acceptance.notice_on, "/acceptance/notice_on", "受理告知书日期")


def explanation_notice(case: Case) -> MissingFields:
    """执行申诉信访事项不予受理释明告知书."""
    yield from registration_no(case)
    yield from need(case.petitioners, "/petitioners", "信访人")
    yield from received(case)
    if case.declined is None:
        yield MissingField("/declined", "不予受理的项和事实")
        return
    yield from need(case.declined.notice_on, "/declined/notice_on", "释明告知书日期")
    yield from require_ground_facts(case, case.declined)


def require_claim_answer(case: Case, index: int) -> MissingFields:
    """What the answer to one claim needs: what was said, what was found, and the outcome with its reason or measures."""
    claim, path = case.claims[index], f"/claims/{index}"
    noted = case.registration.nature != "complaint" and claim.outcome in {"supported", "explained"}
    yield from need(claim.statement, f"{path}/statement", f"第{index + 1}项反映的问题")
    yield from need(claim.outcome, f"{path}/outcome", f"第{index + 1}项的答复结果")
    if noted:  # a suggestion or an opinion is weighed; there is nothing to prove and no demand to grant
        return
    yield from need(claim.facts, f"{path}/facts", f"第{index + 1}项查明的事实")
    if claim.outcome in {"explained", "not_supported"}:
        yield from need(claim.reason, f"{path}/reason", f"第{index + 1}项的理由")
    if claim.outcome == "supported":
        yield from need(claim.measures, f"{path}/measures", f"第{index + 1}项的措施")
    if claim.outcome == "led_into":
        procedure = claim.procedure
        filed = procedure and (procedure.case_no or (procedure.told_on and procedure.told_to))
        yield from need(filed or None, f"{path}/procedure", f"第{index + 1}项导入的程序及案号，或者告知日期和内容")


def reply_opinion(case: Case) -> MissingFields:
    """执行申诉信访事项答复意见书."""
    yield from registration_no(case)
    yield from petitioners(case)
    yield from received(case)
    yield from need(case.claims, "/claims", "逐项反映与请求")
    for index, claim in enumerate(case.claims):
        yield from require_claim_answer(case, index)
        if len(case.claims) > 1:
            yield from need(claim.title, f"/claims/{index}/title", f"第{index + 1}项的标题")
    yield from need(case.reply and case.reply.replied_on, "/reply/replied_on", "答复意见书日期")


def measures_statement(case: Case) -> MissingFields:
    """接访后采取工作措施情况说明."""
    yield from registration_no(case)
    yield from petitioners(case)
    yield from need(case.registration.received_on, "/registration/received_on", "来访（件）时间")
    dated = [measure for measure in case.measures if measure.on and measure.action]
    if not dated:
        yield MissingField("/measures", "至少一项注明日期的工作措施")
    for index, measure in enumerate(case.measures):
        if dated:
            yield from need(measure.on, f"/measures/{index}/on", f"第{index + 1}项措施的日期")
            yield from need(measure.action, f"/measures/{index}/action", f"第{index + 1}项措施的内容")


def commitment(case: Case) -> MissingFields:
    """息诉罢访承诺书, for each petitioner: offered only after the reply, signed by an agent only with that power."""
    yield from registration_no(case)
    yield from petitioners(case)
    yield from need(not case.petitioners or list_named_petitioners(case), "/petitioners/0/name", "承诺人姓名（名称）")
    for index, petitioner in enumerate(case.petitioners):
        principal = petitioner.principal
        if principal and principal.name:
            may = "承诺" in (principal.authority or "") or None
            yield from need(may, f"/petitioners/{index}/principal/authority", "写明可代为承诺的代理权限")
    yield from need(case.registration.brief, "/registration/brief", "短事由")
    yield from need(any(find_reply_days(case)) or None, "/materials", "答复意见书的送达日期或者交寄日期")


def supervision_report(case: Case) -> MissingFields:
    """办理情况的报告, to the body that assigned the matter."""
    yield from petitioners(case)
    assignment = case.assignment
    yield from need(assignment and assignment.body, "/assignment/body", "交办机关")
    yield from need(assignment and assignment.received_on, "/assignment/received_on", "收文日期")
    yield from need(assignment and assignment.notice_title, "/assignment/notice_title", "交办通知的名称")
    yield from need(case.claims, "/claims", "逐项反映与请求")
    for index, claim in enumerate(case.claims):
        yield from need(claim.statement, f"/claims/{index}/statement", f"第{index + 1}项反映的问题")
        if any(find_reply_days(case)):
            yield from need(claim.outcome, f"/claims/{index}/outcome", f"第{index + 1}项的答复结果")
    worked = (
        any(one.on and one.action for one in case.measures)
        or (case.interview and case.interview.held_on)
        or (case.feedback_report and case.feedback_report.found)
    )
    yield from need(worked or None, "/measures", "已开展的工作")


def jurisdiction_note(case: Case) -> MissingFields:
    """不属于本院涉执信访管辖范围的说明."""
    yield from petitioners(case)
    assignment, note = case.assignment, case.not_ours
    yield from need(assignment and assignment.body, "/assignment/body", "交办机关")
    yield from need(assignment and assignment.received_on, "/assignment/received_on", "收文日期")
    for field, label in (
        ("checked", "核查情况"),
        ("reason", "不属于本院管辖的理由"),
        ("work_done", "已开展的工作"),
        ("noted_on", "说明日期"),
    ):
        yield from need(note and getattr(note, field), f"/not_ours/{field}", label)


def require_ground_facts(case: Case, declined: Declined) -> MissingFields:
    """The facts of the declined matter's own ground (Art. 15), as its notice prints them."""
    yield from _GROUNDS[declined.ground](case, declined)


def _ground_1(case: Case, declined: Declined) -> MissingFields:
    del case
    attempts = declined.contact_attempts
    if not attempts and declined.talked_on is None:
        yield MissingField("/declined/contact_attempts", "注明日期的联系记录，或者沟通日期")
    for index, attempt in enumerate(attempts):
        yield from need(attempt.on, f"/declined/contact_attempts/{index}/on", "联系日期")
        yield from need(attempt.means, f"/declined/contact_attempts/{index}/means", "联系方式")


def _transferred(declined: Declined) -> MissingFields:
    to = declined.transferred_to
    yield from need(to and to.department, "/declined/transferred_to/department", "移送的部门")
    yield from need(to and to.on, "/declined/transferred_to/on", "移送日期")


def _ground_2(case: Case, declined: Declined) -> MissingFields:
    del case
    yield from need(declined.conduct_subject, "/declined/conduct_subject", "所涉方面（工作作风、廉洁纪律）")
    yield from _transferred(declined)


def _case_number(case: Case) -> MissingFields:
    known = case.enforcement_cases and isinstance(case.enforcement_cases[0].no, str)
    yield from need(known or None, "/enforcement_cases/0/no", "所反映的执行案号")


def _ground_3(case: Case, declined: Declined) -> MissingFields:
    yield from _case_number(case)
    yield from need(declined.standing_checked, "/declined/standing_checked", "核对身份的方式")


def _ground_4(case: Case, declined: Declined) -> MissingFields:
    del case
    yield from _transferred(declined)
    yield from need(declined.other_procedure, "/declined/other_procedure", "应适用的法定程序")
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
        yield from need(getattr(declined, field), f"/declined/{field}", label)


def _ground_5(case: Case, declined: Declined) -> MissingFields:
    del case
    yield from need(declined.matter, "/declined/matter", "反映的事项")
    yield from need(declined.competent_body, "/declined/competent_body", "有权机关")


def _ground_6(case: Case, declined: Declined) -> MissingFields:
    del declined
    yield from _case_number(case)


def _ground_7(case: Case, declined: Declined) -> MissingFields:
    yield from _case_number(case)
    yield from need(declined.enforcing_court, "/declined/enforcing_court", "现执行法院")
    yield from need(declined.superior_court, "/declined/superior_court", "提级或者指定的上级法院")
    yield from need(declined.instrument, "/declined/instrument", "文书名称及文号")


_GROUNDS: dict[int, Callable[[Case, Declined], MissingFields]] = {
    1: _ground_1,
    2: _ground_2,
    3: _ground_3,
    4: _ground_4,
    5: _ground_5,
    6: _ground_6,
    7: _ground_7,
}
