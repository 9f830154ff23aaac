"""Rules about dates: their order, none in the future, and the deadlines of Art. 13 and 14."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from bundler.case.model import Case
from bundler.gate.check_result import Deadline
from bundler.gate.rule_input import GateContext
from bundler.regulation.file_sections import Limit
from bundler.regulation.findings import Finding, finding
from bundler.regulation.model import Regulation, count_days
from bundler.regulation.papers import SERVICE_RECEIPTS, BundleKind, Item, notice_of
from bundler.regulation.working_day_calendar import Due

_FUTURE_FIELDS = frozenset({"feedback_due", "planned_at", "reserved_for", "due"})
"""Deadlines and appointments may be in the future."""


def check_date_order(context: GateContext) -> Iterator[Finding]:
    """DATE-ORDER: receipt before transfer before handler's receipt, notice before service, approval before reply, service before request."""
    for earlier, earlier_name, later, later_name, path, item in _ordered_dates(context):
        if earlier and later and earlier > later:
            yield finding(
                "DATE-ORDER",
                message=f"{later_name}（{later}）早于{earlier_name}（{earlier}）。",
                fix="请核对原件，改正写错的日期。",
                item=item,
                path=path,
            )


DatePair = tuple[date | None, str, date | None, str, str, Item | None]


def _ordered_dates(context: GateContext) -> Iterator[DatePair]:
    case = context.case
    received = case.registration.received_on
    transferred = case.transfer.transferred_on if case.transfer else None
    handed = case.transfer.received_on if case.transfer else None
    yield (received, "来访（件）时间", transferred, "转交日期", "/transfer/transferred_on", None)
    yield (transferred, "转交日期", handed, "承办人收到日期", "/transfer/received_on", None)
    if transferred is None:
        yield (received, "来访（件）时间", handed, "承办人收到日期", "/transfer/received_on", None)
    for receipt in SERVICE_RECEIPTS:
        notice = notice_of(receipt)
        written = case.notice_date(receipt)
        filed = min(_filed_dates(context, notice.item).values(), default=None)
        yield from _service_dates(context, written or filed, notice.date_label, receipt)
    consent, discussion = (case.approval.leader_consent, case.approval.collective) if case.approval else (None, None)
    approved = ((consent, "院领导同意日期"), (discussion, "集体研究日期"))
    replied = {"/reply/replied_on": case.reply.replied_on} if case.reply and case.reply.replied_on else None
    for path, day in (replied or _filed_dates(context, Item.REPLY_OPINION)).items():
        for approval, name in approved:
            yield (approval.on if approval else None, name, day, "答复意见书日期", path, Item.REPLY_OPINION)
    served = context.service_dates(Item.REPLY_SERVICE)
    if context.kind is BundleKind.WRITE_OFF and served:
        written = case.write_off.requested_on if case.write_off else None
        requested = {"/write_off/requested_on": written} if written else None
        for path, day in (requested or _filed_dates(context, Item.WRITE_OFF_REQUEST)).items():
            yield (served[0], "答复送达日期", day, "核销申请日期", path, Item.REPLY_SERVICE)


def _filed_dates(context: GateContext, item: Item) -> dict[str, date]:
    """The dates of the papers filed for an item, by place; they count where the case itself gives no date of the paper."""
    materials = enumerate(context.case.materials)
    return {f"/materials/{index}/date": one.date for index, one in materials if item in one.items and one.date}


def _service_dates(context: GateContext, notice: date | None, name: str, service: Item) -> Iterator[DatePair]:
    for index, material in enumerate(context.case.materials):
        if service in material.items:
            for field in ("signed_on", "posted_on"):
                served = getattr(material, field)
                yield (notice, name, served, "送达日期", f"/materials/{index}/{field}", service)


def check_future_dates(context: GateContext) -> Iterator[Finding]:
    """DATE-FUTURE: no event is dated after the day of checking."""
    for path, day in _find_dates(context.case.model_dump(), ""):
        if day > context.today:
            yield finding(
                "DATE-FUTURE",
                message=f"{context.describe(path)}写的是 {day}，晚于检查当日（{context.today}）。",
                fix="请核对日期；还没有发生的事不要填。",
                path=path,
            )


def _find_dates(node: Any, path: str) -> Iterator[tuple[str, date]]:  # noqa: ANN401 (a dumped model)
    if isinstance(node, dict):
        planned = node.get("done") is False or (path.startswith("/follow_ups/") and not node.get("text"))
        for key, child in node.items():
            if key not in _FUTURE_FIELDS and not (planned and key == "on"):
                yield from _find_dates(child, f"{path}/{key}")
    elif isinstance(node, tuple | list):
        for index, child in enumerate(node):
            yield from _find_dates(child, f"{path}/{index}")
    elif isinstance(node, datetime):
        yield path, node.date()
    elif isinstance(node, date):
        yield path, node


def compute_deadlines(context: GateContext) -> tuple[Deadline, ...]:
    """The deadlines of Art. 13 whose first day is known, and the assigning body's date; open ones are measured at the day of checking."""
    case, limits = context.case, context.regulation.limits
    start = case.registration.received_on
    if context.kind is BundleKind.DECLINED:
        return ()
    transfer = case.transfer
    transferred = transfer.transferred_on if transfer else None
    handed = (transfer.received_on if transfer else None) or transferred or start
    interview = case.interview
    met = [day for day in (interview.held_on, interview.attempted_on) if day] if interview else []
    replied = context.service_dates(Item.REPLY_SERVICE)
    runs: tuple[tuple[str, Limit, date | None], ...] = (
        ("ART13-TRANSFER", limits.transfer, transferred),
        ("ART13-INTERVIEW", limits.interview, min(met, default=None)),
        ("ART13-REPLY", limits.reply, replied[0] if replied else None),
    )
    found = []
    for rule, limit, done in runs:
        first = start if limit.start == "received" else handed
        if rule not in context.regulation.rules or first is None:
            continue
        found.append(_build_deadline(context, rule, first, count_days(limit, first), done))
    assignment = case.assignment
    if assignment and assignment.feedback_due and "ART14-FEEDBACK" in context.regulation.rules:
        due = Due(assignment.feedback_due)  # the day that the notice names; a holiday does not move it
        found.append(_build_deadline(context, "ART14-FEEDBACK", assignment.received_on, due, assignment.feedback_on))
    return tuple(found)


def _build_deadline(context: GateContext, rule: str, start: date | None, due: Due, done: date | None) -> Deadline:
    late = ((done or context.today) - due.day).days
    overdue = 0 if due.provisional else max(late, 0)
    asked = context.regulation.rules[rule]
    return Deadline(rule, start, due.day, done, overdue, due.provisional, asked.text, asked.article)


def find_planned_follow_up(case: Case, today: date, regulation: Regulation) -> Deadline | None:
    """The next planned follow-up (回访; Art. 16), on the very day that the case names; None where none is planned."""
    planned = [one.on for one in case.follow_ups if not one.text]
    asked = regulation.rules.get("ART16-FOLLOW-UP")
    if not planned or case.decision == "declined" or asked is None:
        return None
    due, article = min(planned), asked.article
    late = max((today - due).days, 0)
    return Deadline(asked.id, None, due, None, late, provisional=False, text=asked.text, article=article)


def check_follow_up(context: GateContext) -> Iterator[Finding]:
    """ART16-FOLLOW-UP: a planned follow-up whose day has passed is not recorded."""
    planned = find_planned_follow_up(context.case, context.today, context.regulation)
    if planned and planned.overdue_days:
        index = next(i for i, one in enumerate(context.case.follow_ups) if not one.text and one.on == planned.due)
        yield finding(
            "ART16-FOLLOW-UP",
            message=f"计划于 {planned.due} 回访，已过 {planned.overdue_days} 天，没有回访情况。",
            fix="请进行回访，填写回访日期和情况；改期的，改写计划的日期。",
            path=f"/follow_ups/{index}",
        )


_OVERDUE: dict[str, tuple[str, str, str, Item | None]] = {
    "ART13-TRANSFER": ("转交承办人", "/transfer/transferred_on", "请立即转交，并填写转交日期。", None),
    "ART13-INTERVIEW": ("约谈信访人", "/interview/held_on", "请立即约谈，并填写约谈日期。", Item.INTERVIEW),
    "ART13-REPLY": ("答复信访人", "/reply/replied_on", "请立即答复并送达。", Item.REPLY_OPINION),
    "ART14-FEEDBACK": ("向交办机关反馈", "/assignment/feedback_on", "请立即反馈，并填写反馈日期。", None),
}


_PROVED_BY = {"ART13-TRANSFER": Item.TRANSFER_PROOF, "ART13-INTERVIEW": Item.INTERVIEW}
"""The paper that shows that something was done, though the day itself, which counts, is not filled in."""


def _filed_days(context: GateContext, rule: str) -> list[date]:
    """The days on the papers that show that a deadline was met, the earliest first."""
    papers = context.materials_for(_PROVED_BY[rule]) if rule in _PROVED_BY else ()
    return sorted(day for one in papers if (day := one.date or one.signed_on))


def check_deadlines(context: GateContext) -> Iterator[Finding]:
    """A warning for each deadline that was missed, and CALENDAR-PROVISIONAL for each provisional one."""
    for deadline in compute_deadlines(context):
        what, path, fix, item = _OVERDUE[deadline.rule]
        if deadline.overdue_days:
            filed = _filed_days(context, deadline.rule) if deadline.done is None else []
            state = "" if deadline.done else "，至今没有记录"
            if filed:
                label = context.regulation.papers[_PROVED_BY[deadline.rule]].label
                state, fix = f"；卷内{label}的日期是 {filed[0]}，案件里没有填写", "请核对原件，补填日期。"
            days = deadline.overdue_days
            yield finding(
                deadline.rule,
                message=f"{what}应不晚于 {deadline.due}，超期 {days} 天{state}。",
                fix="请在办理情况中说明原因。" if deadline.done else fix,
                item=item,
                path=path,
            )
        if deadline.provisional:
            yield finding(
                "CALENDAR-PROVISIONAL",
                message=f"{what}的期限 {deadline.due} 是暂定的：{deadline.due.year} 年的放假安排尚未公布。",
                fix="放假安排公布后，请管理员更新本软件后再查；暂定期限不作超期处理。",
                item=item,
                path=path,
            )


def check_spc_limit(context: GateContext) -> Iterator[Finding]:
    """SPC-LIMIT: points out that a superior court's limit has passed; Art. 13 allows more."""
    received, limits = context.case.registration.received_on, context.regulation.limits
    if context.kind is BundleKind.DECLINED or received is None or limits.superior is None:
        return
    due, replied = count_days(limits.superior, received), context.service_dates(Item.REPLY_SERVICE)
    ended = replied[0] if replied else context.today
    if not due.provisional and ended > due.day:
        yield finding(
            "SPC-LIMIT",
            message=f"上级法院另有 {limits.superior.spaced}内办结的要求（至 {due.day}），本案已超过。",
            fix=f"本院规定的期限是 {limits.reply.spaced}；请在报告中说明情况。",
            path="/registration/received_on",
        )


RULES: tuple[Callable[[GateContext], Iterator[Finding]], ...] = (
    check_date_order,
    check_future_dates,
    check_deadlines,
    check_spc_limit,
    check_follow_up,
)
