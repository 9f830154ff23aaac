"""The rules of Art. 4 to 14 about facts of the case, in the order of the articles; Art. 16's papers are in checklist."""

from __future__ import annotations

from collections.abc import Iterator

from bundler.case.field_types import Unknown
from bundler.case.model import Case
from bundler.case.people_models import distinct_names, is_same_name
from bundler.documents.required_facts.of_forms import require_registration
from bundler.documents.required_facts.shared_checks import MissingField, describe_missing
from bundler.gate.rule_input import GateContext
from bundler.regulation.file_sections import SHIPPED_GROUNDS
from bundler.regulation.findings import Finding, finding
from bundler.regulation.model import in_hanzi
from bundler.regulation.papers import BundleKind, Item

_MAY_RECEIVE = frozenset({"president", "vice_president", "bureau_director", "bureau_deputy_director"})
"""Posts whose holder may receive a repeated visit or a major matter (Art. 8)."""
_DISCUSSION_PERSONS = 2


def check_article_4(context: GateContext) -> Iterator[Finding]:
    """Art. 4: a court leader is in charge of each case accepted since the regulation took effect."""
    case, effective = context.case, context.profile.rules_effective
    acceptance = case.acceptance
    accepted = (acceptance and (acceptance.accepted_on or acceptance.notice_on)) or case.registration.received_on
    before = effective is not None and accepted is not None and accepted < effective
    if not before and not (case.people.leader and case.people.leader.name):
        yield finding(
            "ART04",
            message="没有写明主办院领导。",
            fix="请确定主办院领导，填写姓名和职务。",
            path="/people/leader",
        )


def check_article_5(context: GateContext) -> Iterator[Finding]:
    """Art. 5: a first contact is named; if the former handler has left enforcement, the team coordinates."""
    people = context.case.people
    if not (people.first_contact and people.first_contact.name):
        yield finding("ART05", message="没有写明首访接待人。", fix="请填写首访接待人。", path="/people/first_contact")
    former = people.former_handler
    if former and not former.in_enforcement and not (people.team and people.team.name):
        yield finding(
            "ART05",
            message="原承办人已不在执行岗位，没有写明执行信访团队的经办人。",
            fix="请由执行信访团队协调处理，并填写团队的经办人。",
            path="/people/team",
        )


def check_article_6a(context: GateContext) -> Iterator[Finding]:
    """Art. 6: an accepted petition names at least one of the grounds, and none that the regulation does not have."""
    regulation = context.regulation
    article, most = regulation.name_of("acceptance"), len(regulation.acceptance.grounds)
    fix = f"请对照{article}的{in_hanzi(most)}项，填写属于哪一项或者哪几项。"
    if not context.case.grounds:
        yield finding("ART06", message="没有写明受理事由。", fix=fix, path="/grounds")
    for index, ground in enumerate(context.case.grounds):
        if most < ground <= SHIPPED_GROUNDS:  # beyond, JSON-SCHEMA tells it
            yield finding("ART06", message=f"{article}没有第{in_hanzi(ground)}项。", fix=fix, path=f"/grounds/{index}")


def check_article_8(context: GateContext) -> Iterator[Finding]:
    """Art. 8: the director or a deputy director of enforcement, or a court leader, receives a repeated or major matter.

    Whoever kept an appointment received the visitor too. A second letter or call is no visit, and nobody can receive it.
    """
    reception = context.case.reception
    kept = (one.receiver for one in context.case.appointments if one.outcome == "received")
    receivers = [one for one in (context.case.people.receiver, *kept) if one]
    visits = context.case.registration.visit_no or 1
    is_party = any(petitioner.role == "party" for petitioner in context.case.petitioners)
    came = context.case.registration.channel in {None, "visit"}
    repeated = (reception is not None and reception.repeated) or (visits > 1 and is_party and came)
    major = reception is not None and reception.major
    if (repeated or major) and not any(one.post in _MAY_RECEIVE for one in receivers):
        yield finding(
            "ART08",
            message=f"{'重复来访' if repeated else '重大复杂信访案件'}，没有由分管副局长、执行局局长或者院领导接待的记录。",
            fix="请安排分管副局长、执行局局长或者院领导接待，并填写接待人的姓名和职级。",
            path="/people/receiver",
        )


def check_article_10(context: GateContext) -> Iterator[Finding]:
    """Art. 10: a court leader approved the coercive measure."""
    measure = context.case.coercive_measure
    if measure and not (measure.approved_by and measure.approved_on):
        yield finding(
            "ART10",
            message="对来访人采取了强制措施，没有院领导批准的记录。",
            fix="请补办院领导批准手续，并填写批准人和批准日期。",
            path="/coercive_measure/approved_by",
        )


def check_article_11(context: GateContext) -> Iterator[Finding]:
    """Art. 11: judicial relief was requested for an applicant in hardship when no property was found."""
    relief = context.case.relief
    if relief and relief.hardship and relief.no_property and not (relief.started_on or relief.case_no):
        yield finding(
            "ART11",
            message="申请执行人特别困难，被执行人无财产可供执行，没有启动司法救助的记录。",
            fix="请依照司法救助程序报请救助，并填写启动日期或者救助案号。",
            path="/relief/started_on",
        )


def check_article_12(context: GateContext) -> Iterator[Finding]:
    """Art. 12: each of the eight registered facts is given, or unknown with a reason where that is allowed."""
    for field in (*require_registration(context.case), *_wrongly_unknown(context)):
        yield finding(
            "ART12",
            message=f"登记事项缺少{field.label}。",
            fix=f"请补填{field.label}。",
            item=Item.REGISTRATION,
            path=field.path,
        )


def _wrongly_unknown(context: GateContext) -> Iterator[MissingField]:
    """In an accepted case only the phone may be unknown; in a declined one also case number, parties and handler."""
    if context.case.decision == "declined":
        return
    for index, enforcement in enumerate(context.case.enforcement_cases):
        if isinstance(enforcement.no, Unknown):
            yield MissingField(f"/enforcement_cases/{index}/no", "执行案号（已受理的案件不能写不详）")
        if isinstance(enforcement.parties, Unknown):
            yield MissingField(f"/enforcement_cases/{index}/parties", "案件当事人（已受理的案件不能写不详）")
    if isinstance(context.case.people.handler, Unknown):
        yield MissingField("/people/handler", "案件承办人（已受理的案件不能写不详）")


def check_article_12_system(context: GateContext) -> Iterator[Finding]:
    """Art. 12: the case is entered in the national petition system (应录尽录)."""
    if context.case.registration.system_no is None:
        yield finding(
            "ART12-SYSTEM",
            message="没有执行申诉信访系统的录入号。",
            fix="请录入系统后，填写录入号和录入日期。",
            item=Item.REGISTRATION,
            path="/registration/system_no",
        )


def check_article_13_approval(context: GateContext) -> Iterator[Finding]:
    """Art. 13: before a reply the leader in charge consents, or two persons or more discuss it; the record suffices."""
    case = context.case
    replied = (case.reply and case.reply.replied_on) or context.materials_for(Item.REPLY_OPINION)
    if replied and not _has_consent(case) and not _has_discussion(case):
        yield finding(
            "ART13-APPROVAL",
            message="已有答复意见书，没有主办院领导同意或者集体研究的完整记录。"
            + "".join(f"{fault}。" for fault in _approval_faults(case)),
            fix="请补办主办院领导审批（写明姓名和日期，不能是承办人本人）或者二人以上的集体研究（写明日期和参加人员），补送呈批表或者研究记录。",
            item=Item.REPLY_OPINION,
            path="/approval",
        )


def _has_consent(case: Case) -> bool:
    """Whether the leader in charge consented: named, dated, and not the handler himself."""
    consent = case.approval.leader_consent if case.approval else None
    return bool(consent and consent.by and consent.on) and not _is_own_consent(case) and not _is_others_consent(case)


def _is_own_consent(case: Case) -> bool:
    consent = case.approval.leader_consent if case.approval else None
    return is_same_name(consent.by if consent else None, case.handler_name)


def _is_others_consent(case: Case) -> bool:
    """Whether somebody else than the leader in charge consented; where none is named, ART04 asks for one."""
    consent, leader = case.approval.leader_consent if case.approval else None, case.people.leader
    named = consent.by if consent else None
    return bool(named and leader and leader.name) and not is_same_name(named, leader.name if leader else None)


def _has_discussion(case: Case) -> bool:
    """Whether a discussion is dated and names two persons or more, its chair among them."""
    discussion = case.approval.collective if case.approval else None
    return bool(discussion and discussion.on) and len(_participants(case)) >= _DISCUSSION_PERSONS


def _participants(case: Case) -> set[str]:
    discussion = case.approval.collective if case.approval else None
    if discussion is None:
        return set()
    return distinct_names((*discussion.attendees, *((discussion.chair,) if discussion.chair else ())))


def _approval_faults(case: Case) -> Iterator[str]:
    """What an approval that does not count lacks; nothing where none was begun, as in a case folder that is still to be filled."""
    consent = case.approval.leader_consent if case.approval else None
    discussion = case.approval.collective if case.approval else None
    if consent and _is_own_consent(case):
        yield "院领导同意写的是承办人本人"
    elif consent and case.people.leader and _is_others_consent(case):
        yield f"同意的是{consent.by}，主办院领导是{case.people.leader.name}"
    elif consent and bool(consent.by) is not bool(consent.on):
        yield f"院领导同意没有写明{'姓名' if consent.on else '日期'}"
    if discussion and not discussion.on and _participants(case):
        yield "集体研究没有写明日期"
    elif discussion and discussion.on and len(_participants(case)) < _DISCUSSION_PERSONS:
        yield "集体研究的参加人员不足二人"


def check_article_14_jurisdiction(context: GateContext) -> Iterator[Finding]:
    """Art. 14, paragraph 1: a note explains to the assigning body that the matter is not this court's."""
    if context.case.not_ours is None or context.materials_for(Item.JURISDICTION_NOTE):
        return
    yield from _draft_lacks_fields(
        context, "ART14-JURISDICTION", Item.JURISDICTION_NOTE, "起草不属于本院管辖的说明", "说明"
    )


def check_article_14_closed(context: GateContext) -> Iterator[Finding]:
    """Art. 14, paragraph 2: a write-off is requested only after the reply was served or posted."""
    if context.kind is BundleKind.WRITE_OFF and not context.service_dates(Item.REPLY_SERVICE):
        yield finding(
            "ART14-CLOSED",
            message="申请核销，但没有答复意见书送达或者交寄的日期，案件还没有办理完毕。",
            fix="请送达答复意见书，补送写明签收日期的送达回证，或者写明交寄日期的邮寄凭证。",
            item=Item.REPLY_SERVICE,
            path="/materials",
        )


def check_article_14_request(context: GateContext) -> Iterator[Finding]:
    """Art. 14, paragraph 2: the request for write-off is in the file, or can be generated."""
    if context.kind is not BundleKind.WRITE_OFF or context.materials_for(Item.WRITE_OFF_REQUEST):
        return
    yield from _draft_lacks_fields(context, "ART14-REQUEST", Item.WRITE_OFF_REQUEST, "填写核销申请表", "核销申请表")


def _draft_lacks_fields(context: GateContext, rule: str, item: Item, action: str, paper: str) -> Iterator[Finding]:
    """A draft lacks fields: `action` is what has not been done, `paper` what may be handed in stamped in its place."""
    missing = context.unwritten_fields(item)
    if missing:
        yield finding(
            rule,
            message=f"尚未{action}：{describe_missing(missing, context.unread.pointer_in_file)}。",
            fix=f"请补填后起草，或者补送已盖章的{paper}。",
            item=item,
            path=missing[0].path,
        )


def check_article_14_proof(context: GateContext) -> Iterator[Finding]:
    """Art. 14: each measure taken names its proof."""
    if context.kind is not BundleKind.WRITE_OFF:
        return
    for index, measure in enumerate(context.case.measures):
        if measure.action and not measure.proof and not measure.proof_file:
            yield finding(
                "ART14-PROOF",
                message=f"第{context.number_of(f'/measures/{index}')}项工作措施没有佐证材料。",
                fix="请补送佐证，并写明佐证文书的名称。",
                item=Item.MEASURES,
                path=f"/measures/{index}/proof",
            )


def check_article_16_equivalent(context: GateContext) -> Iterator[Finding]:
    """Art. 16, item 4, names only a signed receipt; proof of posting or electronic service is accepted and pointed out."""
    for index, material in enumerate(context.case.materials):
        if Item.ACCEPTANCE_SERVICE in material.items and (
            material.posted_on or material.service_kind in {"posted", "electronic"}
        ):
            yield finding(
                "SERVICE-EQUIVALENT",
                message="受理告知以邮寄或者电子送达凭证代替送达回执。",
                fix="不用补正；上级要求回执的，请另附说明。",
                item=Item.ACCEPTANCE_SERVICE,
                path=f"/materials/{index}",
            )


COMMON_RULES = (check_article_5, check_article_8, check_article_10, check_article_11)
"""The rules of every petition: who is received and how is the same whether it is accepted or declined afterwards."""

ACCEPTED_RULES = (
    check_article_4,
    check_article_6a,
    check_article_13_approval,
    check_article_14_jurisdiction,
    check_article_14_closed,
    check_article_14_request,
    check_article_14_proof,
    check_article_16_equivalent,
)
"""The rules of an accepted case alone. A declined case has Art. 15's rules instead; Art. 12 applies to both."""
