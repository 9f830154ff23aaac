"""Warnings where what a case tells does not bear out that it is to be written off: Art. 6 (second) and 14."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bundler.case.case_step_models import EnforcementCase
from bundler.case.model import Case
from bundler.case.people_models import Parties
from bundler.documents.definitions import find_missing_fields
from bundler.documents.unenforceable_debt_facts import list_measure_rows, list_unsettled_measures
from bundler.gate.consistency_rules import has_procedure
from bundler.gate.rule_input import GateContext
from bundler.printable_text import format_day
from bundler.regulation.findings import Finding, finding
from bundler.regulation.papers import BundleKind, Item

_SETTLEMENT = re.compile(r"和解")
_ENFORCED = re.compile(r"执行到位|发放.{0,12}(?:款|元)|领取.{0,12}(?:款|元)|履行完毕|交付|腾退|过户")
_RELIEF_MONEY = re.compile(r"救助")
_NOT_DONE = re.compile(r"(?:未(?!成年)|没有|没(?!收)|无法|无力|不能|不得|拒不|拒绝|难以|并无)[^，。；：、已]{0,10}$")
"""Words right before a result that say that it did not come about."""
_CAME_TO_NOTHING = re.compile(r"^[^，。；：、]{0,10}?(?:未成|不成|未能|未果|失败|破裂|未达成|尚未|无果)")
"""Words right after one that say the same."""
_NO_PROPERTY = re.compile(r"(?:未发现|没有|无|未查到)[^，。；]{0,12}可供执行的?财产|确无财产")
_KINDS = ("公司", "合作社", "厂", "店", "中心", "委员会", "合伙企业")
"""Words by which a text may call an organisation that has them in its name."""
_MAX_NAMES = 4
"""Measures that a message names; of more it names these and counts them all."""


def check_article_6_measures(context: GateContext) -> Iterator[Finding]:
    """ART06-MEASURES: a write-off because the debtor has no property shows that all measures were taken.

    The table of exhausted measures is filed, or the case has all that it must show.
    """
    case = context.case
    if context.kind is not BundleKind.WRITE_OFF or not _is_without_property(case) or _is_table_filed(case):
        return
    missing = context.without_unread(find_missing_fields("measures_exhausted", case, context.regulation))
    unsettled = list_unsettled_measures(case, context.profile.usual_measures)
    if not missing and not unsettled:
        return
    names = "、".join(unsettled[:_MAX_NAMES]) + (f"等{len(unsettled)}项" if len(unsettled) > _MAX_NAMES else "")
    lacking = f"没有写明{names}的日期和结果" if unsettled else f"还缺{'、'.join(field.label for field in missing)}"
    yield finding(
        "ART06-MEASURES",
        message=f"实施类案件以被执行人无财产可供执行申请核销，没有已穷尽执行措施情况表，也不能生成：{lacking}。",
        fix="请逐项填写执行措施的日期和结果；依法不能或者不必采取的，写明原因；或者补入该表的扫描件，文书名称写“已穷尽执行措施情况表”。",
        path="/enforcement_measures",
    )


def _is_without_property(case: Case) -> bool:
    """Whether a matter of enforcement (实施类) is to be written off because the debtor has nothing to enforce against."""
    resolution = case.write_off.resolution if case.write_off else ()
    if case.category != "implementation" or {"enforced", "settled"} & set(resolution):
        return False
    found = bool(case.relief and case.relief.no_property) or any(one.terminated for one in case.enforcement_cases)
    return found or any(_NO_PROPERTY.search(text) for text in _told_results(case))


def _told_results(case: Case) -> Iterator[str]:
    for claim in case.claims:
        yield from (text for text in (claim.facts, claim.reason, claim.result) if text)
    write_off = case.write_off
    yield from (text for text in ((write_off.effect, write_off.status) if write_off else ()) if text)


def _is_table_filed(case: Case) -> bool:
    return any("穷尽" in (material.title or material.file) for material in case.materials)


def check_measures_of_each_debtor(context: GateContext) -> Iterator[Finding]:
    """DATA-DEBTORS: a measure that tells of one debtor tells of the others too."""
    case = context.case
    debtors = list(dict.fromkeys(name for one in case.enforcement_cases for name in _list_debtors(one)))
    silent: dict[str, list[str]] = {}
    for row in list_measure_rows(case, context.profile.usual_measures):
        told = "".join(f"{one.result or ''}{one.not_taken_because or ''}" for one in row.taken)
        unnamed = [name for name in debtors if not _tells_of(told, name)]
        if 0 < len(unnamed) < len(debtors):
            silent.setdefault("、".join(unnamed), []).append(row.taken[0].name)
    for names, measures in silent.items():
        more = f"等{len(measures)}项" if len(measures) > _MAX_NAMES else ""
        yield finding(
            "DATA-DEBTORS",
            message=f"执行措施{'、'.join(measures[:_MAX_NAMES])}{more}写了其他被执行人，没有写{names}。",
            fix=f"请补填对{names}的日期和结果；没有采取的，写明原因。",
            path="/enforcement_measures",
        )


def _tells_of(text: str, debtor: str) -> bool:
    """Whether a text names a debtor, all debtors, or an organisation by its kind: 公司 or 二被执行人."""
    return debtor in text or "被执行人" in text or any(kind in debtor and kind in text for kind in _KINDS)


def _list_debtors(enforcement: EnforcementCase) -> tuple[str, ...]:
    return enforcement.parties.respondents if isinstance(enforcement.parties, Parties) else ()


def check_article_14_result(context: GateContext) -> Iterator[Finding]:
    """ART14-RESULT: each way of settling that the request names has its fact in the case."""
    case = context.case
    if context.kind is not BundleKind.WRITE_OFF or case.write_off is None:
        return
    for index, resolution in enumerate(case.write_off.resolution):
        fact = _RESULTS.get(resolution)
        if fact and not fact[0](case):
            yield finding(
                "ART14-RESULT",
                message=f"化解情况写的是“{fact[1]}”，案件里没有相应的事实。",
                fix=fact[2],
                item=Item.WRITE_OFF_REQUEST,
                path=f"/write_off/resolution/{index}",
            )


def _has_enforcement_result(case: Case) -> bool:
    """Whether the petitioner received money other than relief, or the case tells of a performance."""
    payments = case.write_off.payments if case.write_off else ()
    return any(not _RELIEF_MONEY.search(payment.name) for payment in payments) or any(
        _tells(_ENFORCED, text) for text in _facts(case)
    )


def _has_settlement(case: Case) -> bool:
    return any(_tells(_SETTLEMENT, text) for text in _facts(case))


def _has_relief(case: Case) -> bool:
    payments = case.write_off.payments if case.write_off else ()
    paid = case.relief is not None and bool(case.relief.paid_on or case.relief.amount or case.relief.case_no)
    return paid or any(_RELIEF_MONEY.search(payment.name) for payment in payments)


def _tells(result: re.Pattern[str], text: str) -> bool:
    """Whether a text says that something came about: 双方达成和解 does, 双方未达成和解 and 和解未成 do not."""
    return any(
        not _NOT_DONE.search(text[: found.start()]) and not _CAME_TO_NOTHING.search(text[found.end() :])
        for found in result.finditer(text)
    )


def _facts(case: Case) -> Iterator[str]:
    """The sentences and titles in which the case holds what was done and which papers prove it."""
    for measure in case.measures:
        yield from (text for text in (measure.action, measure.proof) if text)
    for material in case.materials:
        yield from (text for text in (material.title,) if text)
    for claim in case.claims:
        yield from (text for text in (claim.facts, claim.reason) if text)
        yield from (measure.text for measure in claim.measures if measure.done)


_RESULTS: dict[str, tuple[Callable[[Case], bool], str, str]] = {
    "enforced": (
        _has_enforcement_result,
        "执行到位",
        "请填写信访人收到的款项，或者在工作措施里写明执行到位的情况；没有的，改正化解情况。",
    ),
    "settled": (
        _has_settlement,
        "和解",
        "请在工作措施里写明和解的情况，并把和解协议列入材料；没有和解的，改正化解情况。",
    ),
    "relieved": (_has_relief, "司法救助", "请填写司法救助的案号、金额和发放日期；没有救助的，改正化解情况。"),
    "led_into": (has_procedure, "导入法定程序", "请写明导入了哪一个程序；没有导入的，改正化解情况。"),
}
"""For each way of settling that needs a fact: how the fact is found, its name, and what to do without it."""


def check_article_14_unfinished(context: GateContext) -> Iterator[Finding]:
    """ART14-UNFINISHED: what the reply promises is done when the write-off is requested."""
    if context.kind is not BundleKind.WRITE_OFF:
        return
    for index, claim in enumerate(context.case.claims):
        for place, measure in enumerate(claim.measures):
            if not measure.done:
                number = context.number_of(f"/claims/{index}")
                yield finding(
                    "ART14-UNFINISHED",
                    message=f"申请核销，第{number}项请求答复里定于{format_day(measure.on)}前的措施还没有写明办完。",
                    fix="请核对：已经办完的，改为已完成；没有办完的，办完以后再申请核销。",
                    item=Item.WRITE_OFF_REQUEST,
                    path=f"/claims/{index}/measures/{place}/done",
                )


def check_resolution(context: GateContext) -> Iterator[Finding]:
    """DATA-RESOLUTION: a request that is generated says how the matter was settled, or no box of it is ticked."""
    request = context.case.write_off
    is_generated = context.kind is BundleKind.WRITE_OFF and not context.materials_for(Item.WRITE_OFF_REQUEST)
    if is_generated and request is not None and not request.resolution:
        yield finding(
            "DATA-RESOLUTION",
            message="没有填写化解情况，核销申请表上这一栏一项也不勾选。",
            fix="请填写是哪一种或者哪几种化解情况。",
            item=Item.WRITE_OFF_REQUEST,
            path="/write_off/resolution",
        )


ACCEPTED_RULES = (
    check_article_6_measures,
    check_measures_of_each_debtor,
    check_article_14_result,
    check_article_14_unfinished,
    check_resolution,
)
"""Of a case that is not checked as declined."""
