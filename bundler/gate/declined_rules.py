"""The rules of Art. 15: a declined petition has the facts and papers that its ground requires."""

from __future__ import annotations

from collections.abc import Iterator

from bundler.case.declined import Declined
from bundler.documents.definitions import find_missing_fields
from bundler.documents.required_facts.of_letters import require_ground_facts
from bundler.documents.required_facts.shared_checks import describe_missing
from bundler.gate.check_result import ChecklistLine, ItemStatus
from bundler.gate.context import GateContext
from bundler.regulation.articles import ART_15
from bundler.regulation.papers import PAPERS, Item
from bundler.regulation.rules import Finding, finding

MUST_BE_TRANSFERRED = frozenset({2, 4})
"""Grounds 2 and 4: the papers were transferred to another department, and the file proves it."""

NEED_NOT_BE_EXPLAINED = frozenset({1})
"""Ground 1: the petitioner could not be reached or no case was found, so that no service can be required."""


def check_article_15(context: GateContext) -> Iterator[Finding]:
    """ART15-n for each fact and paper that the ground requires and the case lacks."""
    declined = context.case.declined
    if declined is None:
        return
    yield from _missing_facts(context, declined)
    yield from _missing_notice(context, declined)
    if declined.ground in MUST_BE_TRANSFERRED:
        yield from _missing_transfer_proof(context, declined)
    if declined.ground == 5 and declined.remedy is None:  # noqa: PLR2004 (Art. 15, item 5)
        yield _missing_finding(
            declined, "没有写明告知了什么救济途径。", "请补填告知的救济途径。", None, "/declined/remedy"
        )
    if declined.ground not in NEED_NOT_BE_EXPLAINED:
        yield from _missing_explanation(context, declined)


def _missing_finding(declined: Declined, message: str, fix: str, item: Item | None, path: str) -> Finding:
    name = "一二三四五六七"[declined.ground - 1]
    return finding(
        f"ART15-{declined.ground}", message=f"{ART_15}第（{name}）项：{message}", fix=fix, item=item, path=path
    )


def _missing_facts(context: GateContext, declined: Declined) -> Iterator[Finding]:
    for field in require_ground_facts(context.case, declined):
        yield _missing_finding(
            declined,
            f"未写明{field.label}。",
            f"请补填{field.label}。",
            Item.EXPLANATION_NOTICE,
            field.path,
        )


def _missing_notice(context: GateContext, declined: Declined) -> Iterator[Finding]:
    """The finding for a notice that is missing and cannot be generated; fields of the ground are not repeated."""
    if context.materials_for(Item.EXPLANATION_NOTICE):
        return
    reported = {field.path for field in require_ground_facts(context.case, declined)}
    missing = [field for field in find_missing_fields("explanation_notice", context.case) if field.path not in reported]
    if missing:
        yield _missing_finding(
            declined,
            f"尚未起草释明告知书：{describe_missing(missing)}。",
            "请补填后起草，或者补送已盖章的释明告知书。",
            Item.EXPLANATION_NOTICE,
            missing[0].path,
        )


def _missing_transfer_proof(context: GateContext, declined: Declined) -> Iterator[Finding]:
    if not context.materials_for(Item.TRANSFER_PROOF):
        yield _missing_finding(
            declined,
            "缺少材料移送的凭证。",
            "请补送移送函、移送清单等凭证。",
            Item.TRANSFER_PROOF,
            "/materials",
        )


def is_explained(context: GateContext) -> bool:
    """Whether the petitioner got the explanation: a usable, dated receipt or a dated record proves it."""
    declined = context.case.declined
    served = any(
        material.signed_on or material.posted_on for material in context.usable_materials(Item.EXPLANATION_SERVICE)
    )
    return served or (declined is not None and declined.explained_on is not None)


def _missing_explanation(context: GateContext, declined: Declined) -> Iterator[Finding]:
    filed = context.materials_for(Item.EXPLANATION_SERVICE)
    if is_explained(context) or (filed and not context.usable_materials(Item.EXPLANATION_SERVICE)):
        return
    what = "释明送达回证没有日期。" if filed else "没有向信访人释明的送达回证或者注明日期的记录。"
    yield _missing_finding(
        declined,
        what,
        "请补送写明签收日期的送达回证，或者注明日期的释明记录。",
        Item.EXPLANATION_SERVICE,
        "/materials",
    )


def build_declined_checklist(context: GateContext) -> Iterator[ChecklistLine]:
    """The papers that the ground of a declined case requires, with their states."""
    declined = context.case.declined
    required = [Item.REGISTRATION, Item.EXPLANATION_NOTICE]
    if declined and declined.ground in MUST_BE_TRANSFERRED:
        required.append(Item.TRANSFER_PROOF)
    if declined and declined.ground not in NEED_NOT_BE_EXPLAINED:
        required.append(Item.EXPLANATION_SERVICE)
    for item in required:
        files = tuple(material.file for material in context.usable_materials(item))
        paper = PAPERS[item]
        article = paper.declined_article or ART_15
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
                declined,
                f"登记表未填{field.label}。",
                f"请补填{field.label}。",
                Item.REGISTRATION,
                field.path,
            )
