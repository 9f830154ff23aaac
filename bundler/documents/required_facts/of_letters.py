"""What the letters (公文式) require: notices, reply, statements, commitment, report, note."""

from __future__ import annotations

from collections.abc import Callable

from bundler.case.declined_petition_model import Declined
from bundler.case.model import Case
from bundler.documents.document_subjects import find_reply_days, list_named_petitioners, list_principals
from bundler.documents.required_facts.shared_checks import (
    MissingField,
    MissingFields,
    require,
    require_arrival,
    require_handler,
    require_petitioners,
    require_registration_no,
)
from bundler.regulation.file_sections import NOTICE_FACTS, SHIPPED_REFUSALS
from bundler.regulation.model import Regulation


def acceptance_notice(case: Case) -> MissingFields:
    """执行申诉信访事项受理告知书."""
    yield from require_registration_no(case)
    yield from require_petitioners(case)
    yield from require_arrival(case)
    yield from require(case.grounds, "/grounds", "受理事由")
    yield from require_handler(case)
    yield from require(case.acceptance and case.acceptance.notice_on, "/acceptance/notice_on", "受理告知书日期")


def explanation_notice(case: Case) -> MissingFields:
    """执行申诉信访事项不予受理释明告知书."""
    yield from require_registration_no(case)
    yield from require(case.petitioners, "/petitioners", "信访人")
    yield from require_arrival(case)
    if case.declined is None:
        yield MissingField("/declined", "不予受理的项和事实")
        return
    yield from require(case.declined.notice_on, "/declined/notice_on", "释明告知书日期")
    yield from _require_facts_of_known_ground(case, case.declined)
    yield from _require_done_by_notice(case.declined)


def _require_done_by_notice(declined: Declined) -> MissingFields:
    """The contact and the transfer that the notice tells of come no later than its own date."""
    day, ground = declined.notice_on, declined.ground
    if day is None:
        return
    attempts = [one.on for one in declined.contact_attempts if one.on]
    if ground == 1 and attempts and min(attempts) > day:
        yield MissingField("/declined/contact_attempts/0/on", "不晚于释明告知书日期的联系记录")
    talked = (ground == 1 and not attempts) or ground > SHIPPED_REFUSALS
    if talked and declined.talked_on and declined.talked_on > day:
        yield MissingField("/declined/talked_on", "不晚于释明告知书日期的沟通日期")
    to = declined.transferred_to
    if (ground in _TRANSFERRED_GROUNDS or ground > SHIPPED_REFUSALS) and to and to.on and to.on > day:
        yield MissingField("/declined/transferred_to/on", "不晚于释明告知书日期的移送日期")


_TRANSFERRED_GROUNDS = frozenset({2, 4})
"""The grounds on which the papers go to another department before the petitioner is told (Art. 15, items 2 and 4)."""


def require_claim_answer(case: Case, index: int) -> MissingFields:
    """The answer to one claim: what was said, what was found, and the outcome with its reason or measures."""
    claim, path = case.claims[index], f"/claims/{index}"
    noted = case.registration.nature != "complaint" and claim.outcome in {"supported", "explained"}
    yield from require(claim.statement, f"{path}/statement", f"第{index + 1}项反映的问题")
    yield from require(claim.outcome, f"{path}/outcome", f"第{index + 1}项的答复结果")
    if noted:  # a suggestion or an opinion states nothing to prove and demands nothing to grant
        return
    yield from require(claim.facts, f"{path}/facts", f"第{index + 1}项查明的事实")
    if claim.outcome in {"explained", "not_supported"}:
        yield from require(claim.reason, f"{path}/reason", f"第{index + 1}项的理由")
    if claim.outcome == "supported":
        yield from require(claim.measures, f"{path}/measures", f"第{index + 1}项的措施")
    if claim.outcome == "led_into":
        procedure = claim.procedure
        filed = procedure and (procedure.case_no or (procedure.told_on and procedure.told_to))
        yield from require(filed or None, f"{path}/procedure", f"第{index + 1}项导入的程序及案号，或者告知日期和内容")


def reply_opinion(case: Case) -> MissingFields:
    """执行申诉信访事项答复意见书."""
    yield from require_registration_no(case)
    yield from require_petitioners(case)
    yield from require_arrival(case)
    yield from require(case.claims, "/claims", "逐项反映与请求")
    for index, claim in enumerate(case.claims):
        yield from require_claim_answer(case, index)
        if len(case.claims) > 1:
            yield from require(claim.title, f"/claims/{index}/title", f"第{index + 1}项的标题")
    yield from require(case.reply and case.reply.replied_on, "/reply/replied_on", "答复意见书日期")


def measures_statement(case: Case) -> MissingFields:
    """接访后采取工作措施情况说明."""
    yield from require_registration_no(case)
    yield from require_petitioners(case)
    yield from require(case.registration.received_on, "/registration/received_on", "来访（件）时间")
    dated = [measure for measure in case.measures if measure.on and measure.action]
    if not dated:
        yield MissingField("/measures", "至少一项注明日期的工作措施")
    for index, measure in enumerate(case.measures):
        if dated:
            yield from require(measure.on, f"/measures/{index}/on", f"第{index + 1}项措施的日期")
            yield from require(measure.action, f"/measures/{index}/action", f"第{index + 1}项措施的内容")


def commitment(case: Case) -> MissingFields:
    """息诉罢访承诺书, for each petitioner: only after the reply; an agent may sign only if empowered to."""
    yield from require_registration_no(case)
    yield from require_petitioners(case)
    yield from require(
        not case.petitioners or list_named_petitioners(case), "/petitioners/0/name", "承诺人姓名（名称）"
    )
    for index in list_principals(case):
        principal = case.petitioners[index].principal
        if principal and principal.name:
            empowered = "承诺" in (principal.authority or "") or None
            yield from require(empowered, f"/petitioners/{index}/principal/authority", "写明可代为承诺的代理权限")
    if case.registration.nature == "suggestion":
        yield MissingField("/registration/nature", "投诉请求或者意见的信访性质（建议不用承诺书）")
    yield from require(case.registration.brief, "/registration/brief", "短事由")
    yield from require(any(find_reply_days(case)) or None, "/materials", "答复意见书的送达日期或者交寄日期")


def supervision_report(case: Case) -> MissingFields:
    """办理情况的报告, to the body that assigned the petition (交办机关)."""
    yield from require_petitioners(case)
    assignment = case.assignment
    yield from require(assignment and assignment.body, "/assignment/body", "交办机关")
    yield from require(assignment and assignment.received_on, "/assignment/received_on", "收文日期")
    yield from require(assignment and assignment.notice_title, "/assignment/notice_title", "交办通知的名称")
    yield from require(case.claims, "/claims", "逐项反映与请求")
    for index, claim in enumerate(case.claims):
        yield from require(claim.statement, f"/claims/{index}/statement", f"第{index + 1}项反映的问题")
        if any(find_reply_days(case)):
            yield from require(claim.outcome, f"/claims/{index}/outcome", f"第{index + 1}项的答复结果")
    worked = (
        any(one.on and one.action for one in case.measures)
        or (case.interview and case.interview.held_on)
        or (case.feedback_report and case.feedback_report.found)
    )
    yield from require(worked or None, "/measures", "已开展的工作")


def jurisdiction_note(case: Case) -> MissingFields:
    """不属于本院涉执信访管辖范围的说明."""
    yield from require_petitioners(case)
    assignment, note = case.assignment, case.not_ours
    yield from require(assignment and assignment.body, "/assignment/body", "交办机关")
    yield from require(assignment and assignment.received_on, "/assignment/received_on", "收文日期")
    for field, label in (
        ("checked", "核查情况"),
        ("reason", "不属于本院管辖的理由"),
        ("work_done", "已开展的工作"),
        ("noted_on", "说明日期"),
    ):
        yield from require(note and getattr(note, field), f"/not_ours/{field}", label)


def require_ground_facts(case: Case, declined: Declined, regulation: Regulation) -> MissingFields:
    """The facts of the ground of refusal (Art. 15), as its notice prints them."""
    yield from _require_facts_of_known_ground(case, declined)
    yield from require_own_ground_facts(case, regulation)


def _require_facts_of_known_ground(case: Case, declined: Declined) -> MissingFields:
    if declined.ground in _CHECKS_BY_GROUND:
        yield from _CHECKS_BY_GROUND[declined.ground](case, declined)


_FACTS_ELSEWHERE = {
    "case_numbers": "/enforcement_cases/0/no",
    "department": "/declined/transferred_to/department",
    "moved_on": "/declined/transferred_to/on",
    "moved_no": "/declined/transferred_to/document_no",
}
"""Where case.json has a fact that the words of a notice may name, if not in ``declined`` under the same name."""


def require_own_ground_facts(case: Case, regulation: Regulation) -> MissingFields:
    """The facts that the words of the notice name, on a ground of refusal of the court's own."""
    declined = case.declined
    if declined is None or declined.ground <= SHIPPED_REFUSALS:
        return
    found = regulation.refusal_of(declined.ground)
    if found is None or found[1].notice is None:
        yield MissingField("/declined/ground", "本院规定里有的不予受理情形")
        return
    numbers = [one.no for one in case.enforcement_cases if isinstance(one.no, str)]
    to = declined.transferred_to
    elsewhere = {
        "case_numbers": numbers[0] if numbers else None,
        "department": to.department if to else None,
        "moved_on": to.on if to else None,
        "moved_no": to.document_no if to else None,
    }
    for name in found[1].notice.names:
        if name in NOTICE_FACTS:
            value = elsewhere[name] if name in elsewhere else getattr(declined, name)
            yield from require(value, _FACTS_ELSEWHERE.get(name, f"/declined/{name}"), NOTICE_FACTS[name])


def require_grounds_of_regulation(case: Case, regulation: Regulation) -> MissingFields:
    """No ground of acceptance that the regulation does not have."""
    if any(ground > len(regulation.acceptance.grounds) for ground in case.grounds):
        yield MissingField("/grounds", "本院规定里有的受理事由")


def _ground_1(case: Case, declined: Declined) -> MissingFields:
    del case
    attempts = declined.contact_attempts
    if not attempts and declined.talked_on is None:
        yield MissingField("/declined/contact_attempts", "注明日期的联系记录，或者沟通日期")
    for index, attempt in enumerate(attempts):
        yield from require(attempt.on, f"/declined/contact_attempts/{index}/on", "联系日期")
        yield from require(attempt.means, f"/declined/contact_attempts/{index}/means", "联系方式")


def _require_transfer(declined: Declined) -> MissingFields:
    to = declined.transferred_to
    yield from require(to and to.department, "/declined/transferred_to/department", "移送的部门")
    yield from require(to and to.on, "/declined/transferred_to/on", "移送日期")


def _ground_2(case: Case, declined: Declined) -> MissingFields:
    del case
    yield from require(declined.conduct_subject, "/declined/conduct_subject", "所涉方面（工作作风、廉洁纪律）")
    yield from _require_transfer(declined)


def _require_case_number(case: Case) -> MissingFields:
    known = case.enforcement_cases and isinstance(case.enforcement_cases[0].no, str)
    yield from require(known or None, "/enforcement_cases/0/no", "所反映的执行案号")


def _ground_3(case: Case, declined: Declined) -> MissingFields:
    yield from _require_case_number(case)
    yield from require(declined.standing_checked, "/declined/standing_checked", "核对身份的方式")


def _ground_4(case: Case, declined: Declined) -> MissingFields:
    del case
    yield from _require_transfer(declined)
    yield from require(declined.other_procedure, "/declined/other_procedure", "应适用的法定程序")
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
        yield from require(getattr(declined, field), f"/declined/{field}", label)


def _ground_5(case: Case, declined: Declined) -> MissingFields:
    del case
    yield from require(declined.matter, "/declined/matter", "反映的事项")
    yield from require(declined.competent_body, "/declined/competent_body", "有权机关")


def _ground_6(case: Case, declined: Declined) -> MissingFields:
    del declined
    yield from _require_case_number(case)


def _ground_7(case: Case, declined: Declined) -> MissingFields:
    yield from _require_case_number(case)
    yield from require(declined.enforcing_court, "/declined/enforcing_court", "现执行法院")
    yield from require(declined.superior_court, "/declined/superior_court", "提级或者指定的上级法院")
    yield from require(declined.instrument, "/declined/instrument", "文书名称及文号")


_CHECKS_BY_GROUND: dict[int, Callable[[Case, Declined], MissingFields]] = {
    1: _ground_1,
    2: _ground_2,
    3: _ground_3,
    4: _ground_4,
    5: _ground_5,
    6: _ground_6,
    7: _ground_7,
}
