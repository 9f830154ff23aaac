"""The rules of Art. 15: a declined petition has the facts and papers that its ground requires."""

from __future__ import annotations

from collections.abc import Iterator

from bundler.case.declined_petition_model import Declined
from bundler.documents.definitions import find_missing_fields
from bundler.documents.required_facts.of_letters import require_ground_facts
from bundler.documents.required_facts.shared_checks import describe_missing
from bundler.gate.check_result import ChecklistLine, ItemStatus
from bundler.gate.rule_input import GateContext
from bundler.regulation.findings import Finding, finding
from bundler.regulation.model import in_hanzi
from bundler.regulation.papers import Item


def check_article_15(context: GateContext) -> Iterator[Finding]:
    """ART15-n for each fact and paper that the ground requires and the case lacks."""
    declined = context.case.declined
    refusal = context.regulation.refusal_of(declined.ground) if declined else None
    if declined is None or refusal is None:
        return  # DATA-CONFLICT or JSON-SCHEMA tells that the regulation has no such ground
    _, proofs = refusal
    yield from _missing_facts(context, declined)
    yield from _missing_notice(context, declined)
    for item in proofs.papers:
        yield from _missing_proof(context, item)
    if proofs.remedy and declined.remedy is None:
        yield _missing_finding(
            context, "没有写明告知了什么救济途径。", "请补填告知的救济途径。", None, "/declined/remedy"
        )
    if proofs.explained:
        yield from _missing_explanation(context)


def _missing_finding(context: GateContext, message: str, fix: str, item: Item | None, path: str) -> Finding:
    ground = context.case.declined.ground if context.case.declined else 0
    number, article = context.regulation.refusal_number(ground), context.regulation.name_of("refusal")
    return finding(
        f"ART15-{ground}", message=f"{article}第（{in_hanzi(number)}）项：{message}", fix=fix, item=item, path=path
    )


def _missing_facts(context: GateContext, declined: Declined) -> Iterator[Finding]:
    for field in require_ground_facts(context.case, declined, context.regulation):
        yield _missing_finding(
            context,
            f"未写明{field.label}。",
            f"请补填{field.label}。",
            Item.EXPLANATION_NOTICE,
            field.path,
        )


def _missing_notice(context: GateContext, declined: Declined) -> Iterator[Finding]:
    """The finding for a notice that is missing and cannot be generated; fields of the ground are not repeated."""
    if context.materials_for(Item.EXPLANATION_NOTICE):
        return
    reported = {field.path for field in require_ground_facts(context.case, declined, context.regulation)}
    required = find_missing_fields("explanation_notice", context.case, context.regulation)
    missing = context.without_unread(field for field in required if field.path not in reported)
    if missing:
        yield _missing_finding(
            context,
            f"尚未起草释明告知书：{describe_missing(missing, context.unread.pointer_in_file)}。",
            "请补填后起草，或者补送已盖章的释明告知书。",
            Item.EXPLANATION_NOTICE,
            missing[0].path,
        )


def _missing_proof(context: GateContext, item: Item) -> Iterator[Finding]:
    """The finding for a paper that proves the ground and is not filed."""
    if context.materials_for(item):
        return
    label = context.regulation.papers[item].label
    what, fix = f"缺少{label}。", f"请补送{label}。"
    if item is Item.TRANSFER_PROOF:
        what, fix = "缺少材料移送的凭证。", "请补送移送函、移送清单等凭证。"
    yield _missing_finding(context, what, fix, item, "/materials")


def is_explained(context: GateContext) -> bool:
    """Whether the petitioner got the explanation: a usable, dated receipt or a dated record proves it."""
    declined = context.case.declined
    served = any(
        material.signed_on or material.posted_on for material in context.usable_materials(Item.EXPLANATION_SERVICE)
    )
    return served or (declined is not None and declined.explained_on is not None)


def _missing_explanation(context: GateContext) -> Iterator[Finding]:
    filed = context.materials_for(Item.EXPLANATION_SERVICE)
    if is_explained(context) or (filed and not context.usable_materials(Item.EXPLANATION_SERVICE)):
        return
    what = "释明送达回证没有日期。" if filed else "没有向信访人释明的送达回证或者注明日期的记录。"
    yield _missing_finding(
        context,
        what,
        "请补送写明签收日期的送达回证，或者注明日期的释明记录。",
        Item.EXPLANATION_SERVICE,
        "/materials",
    )


def build_declined_checklist(context: GateContext) -> Iterator[ChecklistLine]:
    """The papers that the ground of a declined case requires, with their states."""
    declined, regulation = context.case.declined, context.regulation
    refusal = regulation.refusal_of(declined.ground) if declined else None
    required = [Item.REGISTRATION, Item.EXPLANATION_NOTICE]
    if refusal:
        proofs = refusal[1]
        required += [*proofs.papers, *((Item.EXPLANATION_SERVICE,) if proofs.explained else ())]
    for item in required:
        files = tuple(material.file for material in context.usable_materials(item))
        paper = regulation.papers[item]
        article = paper.declined_article or regulation.name_of("refusal")
        yield ChecklistLine(item, article, paper.label, _item_status(context, item), files)


def _item_status(context: GateContext, item: Item) -> ItemStatus:
    if item is Item.EXPLANATION_SERVICE:
        dated = any(material.signed_on or material.posted_on for material in context.usable_materials(item))
        recorded = is_explained(context) and not context.materials_for(item)
        return ItemStatus.PRESENT if dated or recorded else ItemStatus.MISSING
    if context.usable_materials(item):
        return ItemStatus.PRESENT
    return ItemStatus.GENERATED if context.can_be_generated(item) else ItemStatus.MISSING


def check_registration_form(context: GateContext, reported: set[str | None]) -> Iterator[Finding]:
    """ART15-n for fields that the registration form lacks beside those of Art. 12.

    Args:
        context: the case.
        reported: the places that Art. 12's findings already name.
    """
    declined = context.case.declined
    if declined is None or context.materials_for(Item.REGISTRATION):
        return
    for field in context.missing_fields(Item.REGISTRATION):
        if field.path not in reported:
            yield _missing_finding(
                context,
                f"登记表未填{field.label}。",
                f"请补填{field.label}。",
                Item.REGISTRATION,
                field.path,
            )
