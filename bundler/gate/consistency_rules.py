"""Warnings where every paper is there and the facts still do not fit together: Art. 4, 6, 7, 9, 14 and 16."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from bundler.case.case_step_models import EnforcementCase
from bundler.case.model import Case
from bundler.case.people_models import Parties, Petitioner, is_same_name
from bundler.documents.definitions import find_missing_fields
from bundler.documents.document_subjects import is_alone, list_named_petitioners, map_own_materials
from bundler.documents.unenforceable_debt_facts import list_measure_rows, list_unsettled_measures
from bundler.gate.rule_input import GateContext
from bundler.printable_text import format_day
from bundler.regulation.findings import Finding, finding
from bundler.regulation.papers import BundleKind, Item

_LOST = re.compile(r"遗失|丢失|灭失|毁损|损毁|找不到|未找到|没找到|下落不明")
_NEVER_GATHERED = re.compile(
    r"(?:未|没有|没|尚未|来不及)(?:及时)?(?:收集|搜集|收取|调取|取得|归档|扫描|整理)|漏(?:收|存|归|扫|放)|忘记|以后补|待补|正在补"
)
_SETTLEMENT = re.compile(r"和解")
_ENFORCED = re.compile(r"执行到位|发放.{0,12}(?:款|元)|领取.{0,12}(?:款|元)|履行完毕|交付|腾退|过户")
_RELIEF_MONEY = re.compile(r"救助")

_NOT_DONE = re.compile(r"(?:未(?!成年)|没有|没(?!收)|无法|无力|不能|不得|拒不|拒绝|难以|并无)[^，。；：、已]{0,10}$")
"""Words right before a result that say that it did not come about."""
_CAME_TO_NOTHING = re.compile(r"^[^，。；：、]{0,10}?(?:未成|不成|未能|未果|失败|破裂|未达成|尚未|无果)")
"""Words right after one that say the same."""
_NO_PROPERTY = re.compile(r"(?:未发现|没有|无|未查到)[^，。；]{0,12}可供执行的?财产|确无财产")
_WITHOUT_STANDING = 3
"""The code of the ground of refusal that a petitioner is not concerned."""
_KINDS = ("公司", "合作社", "厂", "店", "中心", "委员会", "合伙企业")
"""Words by which a text may call an organisation that has them in its name."""
_MAX_NAMES = 4
"""Measures that a message names; of more it names these and counts them all."""


def check_article_4_self(context: GateContext) -> Iterator[Finding]:
    """ART04-SELF: the leader in charge is not the handler himself."""
    leader, handler = context.case.people.leader, context.case.handler_name
    if leader and is_same_name(leader.name, handler):
        yield finding(
            "ART04-SELF",
            message=f"主办院领导和案件承办人都写的是{handler}。",
            fix="请核对：由院领导主办，具体承办人另行写明；写错的请改正。",
            path="/people/leader",
        )


def check_article_6_standing(context: GateContext) -> Iterator[Finding]:
    """ART06-STANDING: at least one petitioner is a party, an interested third person, or an agent of one."""
    case = context.case
    if case.decision == "accepted" and case.petitioners and not any(_list_standing(case.petitioners)):
        yield finding(
            "ART06-STANDING",
            message="已经受理，但没有一名信访人写明是案件当事人、利害关系人或者其受托人。",
            fix=f"请核对信访人身份后填写；确实都不是的，{_refuse_without_standing(context)}。",
            path="/petitioners",
        )


def _list_standing(petitioners: Sequence[Petitioner]) -> Iterator[bool]:
    """Whether each petitioner is concerned; an agent is not whose principal is registered as not concerned."""
    outside = [one.name for one in petitioners if one.role == "none"]
    for one in petitioners:
        principal = one.principal.name if one.principal else None
        is_for_outsider = any(is_same_name(principal, name) for name in outside)
        yield one.role in {"party", "interested"} or (one.role == "agent" and not is_for_outsider)


def _refuse_without_standing(context: GateContext) -> str:
    """What to do with a petition of nobody concerned, as far as the regulation has that ground of refusal."""
    refusal = context.regulation.refusal_of(_WITHOUT_STANDING)
    return f"属于不予受理的情形：{refusal[1].text}" if refusal else "请改正受理情况"


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


def check_article_7(context: GateContext) -> Iterator[Finding]:
    """ART07: a matter for review (审查类) was led into a procedure, or the file says why none fits."""
    case = context.case
    if case.decision != "accepted" or case.category != "review":
        return
    if not _has_procedure(case) and not case.no_procedure_reason:
        yield finding(
            "ART07",
            message="审查类信访案件，没有写明导入了哪一个法定程序，也没有写明不导入的理由。",
            fix="请写明已经导入或者已经告知的程序；不宜导入的，写明理由。",
            path="/led_into",
        )


def check_article_14_not_ours(context: GateContext) -> Iterator[Finding]:
    """ART14-NOT-OURS: a case is not both accepted and said to be another court's."""
    if context.case.decision == "accepted" and context.case.not_ours is not None:
        yield finding(
            "ART14-NOT-OURS",
            message="案件已经受理，又写明不属于本院涉执信访管辖范围。",
            fix="请核对：属于本院管辖的，删去不属于本院管辖的说明；不属于的，不应受理。",
            item=Item.JURISDICTION_NOTE,
            path="/not_ours",
        )


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


def check_article_16_absent(context: GateContext) -> Iterator[Finding]:
    """ART16-ABSENT: an absence is approved by another than the handler, and means that the paper never existed."""
    handler = context.case.handler_name
    for index, absent in enumerate(context.case.absent):
        label = context.regulation.papers[absent.item].label
        if is_same_name(absent.approved_by, handler):
            yield finding(
                "ART16-ABSENT",
                message=f"“确无{label}”由案件承办人{handler}自己批准。",
                fix="请由主办院领导或者部门负责人批准，并改写批准人。",
                item=absent.item,
                path=f"/absent/{index}/approved_by",
            )
        reason = absent.reason or ""
        if _LOST.search(reason) or _NEVER_GATHERED.search(reason):
            yield finding(
                "ART16-ABSENT",
                message=f"“确无{label}”的原因是材料没有收集或者已经遗失，不属于确无此件。",
                fix="请补齐或者补制材料；原件遗失的，附遗失情况的说明和复制件。",
                item=absent.item,
                path=f"/absent/{index}/reason",
            )


def check_commitment_date(context: GateContext) -> Iterator[Finding]:
    """DATE-COMMITMENT: the commitment (息诉罢访承诺) is signed after the reply, not before it."""
    replied = context.reply_date
    for index, material in enumerate(context.case.materials):
        signed = material.signed_on
        if Item.COMMITMENT in material.items and replied and signed and signed < replied:
            yield _early_commitment(index, signed, replied)


def _early_commitment(index: int, signed: date, replied: date) -> Finding:
    return finding(
        "DATE-COMMITMENT",
        message=f"息诉罢访承诺签署于 {signed}，早于答复意见书（{replied}）。",
        fix="请核对原件的日期；确实先承诺、后答复的，请在工作措施里说明。",
        item=Item.COMMITMENT,
        path=f"/materials/{index}/signed_on",
    )


def check_person_served(context: GateContext) -> Iterator[Finding]:
    """SERVICE-PERSON: of several petitioners, each receipt of the reply says on whom; else a commitment has no date of it."""
    case = context.case
    papers = case.materials_for(Item.REPLY_SERVICE)
    people = [case.petitioners[index] for index in list_named_petitioners(case)]
    own = map_own_materials(case, Item.REPLY_SERVICE)
    unnamed = [] if is_alone(case) else [one.name or "" for one in people if one.name not in own]
    if (
        context.kind is BundleKind.WRITE_OFF
        and papers
        and unnamed
        and len(case.materials_for(Item.COMMITMENT)) < len(people)
    ):
        names = "、".join(unnamed[:_MAX_NAMES]) + (f"等{len(unnamed)}人" if len(unnamed) > _MAX_NAMES else "")
        yield finding(
            "SERVICE-PERSON",
            message=f"答复的送达凭证没有写明哪一份是{names}的，各人的承诺书上送达日期留空。",
            fix="请在送达凭证的文书名称里写明受送达人，如“答复意见书送达回证（甲某某）”；还没有送达的，请补送达。",
            item=Item.REPLY_SERVICE,
            path=f"/materials/{case.materials.index(papers[0])}/title",
        )


def check_hearing_audience(context: GateContext) -> Iterator[Finding]:
    """DATA-AUDIENCE: listeners are counted at a public hearing only; otherwise the record does not print them."""
    hearing = context.case.hearing
    if hearing and hearing.audience and not hearing.public:
        yield finding(
            "DATA-AUDIENCE",
            message=f"听证写了旁听{hearing.audience}人，{'没有写明公开' if hearing.public is None else '又写明不公开'}，听证笔录不印旁听人数。",
            fix="公开听证的，请写明公开；不公开的，删去旁听人数。",
            path="/hearing/audience",
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


def _has_procedure(case: Case) -> bool:
    return bool(case.led_into) or any(claim.procedure for claim in case.claims)


def _has_enforcement_result(case: Case) -> bool:
    """Whether the petitioner received money other than relief, or the case tells of a performance."""
    payments = case.write_off.payments if case.write_off else ()
    return any(not _RELIEF_MONEY.search(payment.name) for payment in payments) or any(
        _tells(_ENFORCED, text) for text in _facts(case)
    )


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


def _has_settlement(case: Case) -> bool:
    return any(_tells(_SETTLEMENT, text) for text in _facts(case))


def _has_relief(case: Case) -> bool:
    payments = case.write_off.payments if case.write_off else ()
    paid = case.relief is not None and bool(case.relief.paid_on or case.relief.amount or case.relief.case_no)
    return paid or any(_RELIEF_MONEY.search(payment.name) for payment in payments)


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
    "led_into": (_has_procedure, "导入法定程序", "请写明导入了哪一个程序；没有导入的，改正化解情况。"),
}
"""For each way of settling that needs a fact: how the fact is found, its name, and what to do without it."""

ACCEPTED_RULES = (
    check_article_4_self,
    check_article_6_standing,
    check_article_6_measures,
    check_measures_of_each_debtor,
    check_article_7,
    check_article_14_not_ours,
    check_article_14_result,
    check_article_14_unfinished,
    check_resolution,
    check_article_16_absent,
    check_commitment_date,
    check_person_served,
    check_hearing_audience,
)
"""Of a case that is not checked as declined."""
