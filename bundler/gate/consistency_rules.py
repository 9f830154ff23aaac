"""Warnings where every paper is there and the facts still do not fit together: Art. 4, 6, 7, 9, 14 and 16, and days and persons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from bundler.case.model import Case
from bundler.case.people_models import Parties, Petitioner, is_same_name
from bundler.documents.document_subjects import is_alone, list_named_petitioners, map_own_materials
from bundler.gate.rule_input import GateContext
from bundler.regulation.findings import Finding, finding
from bundler.regulation.papers import BundleKind, Item

_LOST = re.compile(r"遗失|丢失|灭失|毁损|损毁|找不到|未找到|没找到|下落不明")
_NEVER_GATHERED = re.compile(
    r"(?:未|没有|没|尚未|来不及)(?:及时)?(?:收集|搜集|收取|调取|取得|归档|扫描|整理)|漏(?:收|存|归|扫|放)|忘记|以后补|待补|正在补"
)
_WITHOUT_STANDING = 3
"""The code of the ground of refusal that a petitioner is not concerned."""
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


def check_article_7(context: GateContext) -> Iterator[Finding]:
    """ART07: a matter for review (审查类) was led into a procedure, or the file says why none fits."""
    case = context.case
    if case.decision != "accepted" or case.category != "review":
        return
    if not has_procedure(case) and not case.no_procedure_reason:
        yield finding(
            "ART07",
            message="审查类信访案件，没有写明导入了哪一个法定程序，也没有写明不导入的理由。",
            fix="请写明已经导入或者已经告知的程序；不宜导入的，写明理由。",
            path="/led_into",
        )


def has_procedure(case: Case) -> bool:
    """Whether the matter was led into a procedure of the law."""
    return bool(case.led_into) or any(claim.procedure for claim in case.claims)


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


def check_remedies(context: GateContext) -> Iterator[Finding]:
    """DATA-REMEDY: an applicant's remedies R3 and R4 depend on the state of the enforcement case; the case must give it."""
    case = context.case
    is_explained = any(one.outcome in {"explained", "not_supported"} for one in case.claims)
    if case.registration.nature != "complaint" or not is_explained or (case.reply and case.reply.remedies is not None):
        return
    names = {one.name for one in case.petitioners} - {None}
    for index, one in enumerate(case.enforcement_cases):
        applicants = one.parties.applicants if isinstance(one.parties, Parties) else ()
        if names & set(applicants) and not {"terminated", "overdue_six_months"} & one.model_fields_set:
            number = (
                one.no if isinstance(one.no, str) else f"第{context.number_of(f'/enforcement_cases/{index}')}件执行"
            )
            yield finding(
                "DATA-REMEDY",
                message=f"{number}案没有写明是否已终结本次执行程序、是否超过六个月未执行，答复意见书告知申请执行人的途径可能不全。",
                fix="请核对后填写案件状态；都不是的，填“否”。",
                item=Item.REPLY_OPINION,
                path=f"/enforcement_cases/{index}/overdue_six_months",
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


ACCEPTED_RULES = (
    check_article_4_self,
    check_article_6_standing,
    check_article_7,
    check_article_14_not_ours,
    check_article_16_absent,
    check_commitment_date,
    check_person_served,
    check_remedies,
    check_hearing_audience,
)
"""Of a case that is not checked as declined."""
