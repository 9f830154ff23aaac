"""The checklist of the items of Art. 16 and the materials of Art. 14, and the findings for missing papers."""

from __future__ import annotations

from collections.abc import Iterator

from bundler.case.model import Material
from bundler.documents.definitions import DOCUMENTS
from bundler.documents.required_facts.shared_checks import describe_missing
from bundler.gate.check_result import ChecklistLine, ItemStatus
from bundler.gate.procedure_rules import check_article_12
from bundler.gate.rule_input import GateContext
from bundler.regulation.findings import Finding, finding
from bundler.regulation.papers import BundleKind, DateUse, Item, Paper


def build_checklist(context: GateContext) -> tuple[ChecklistLine, ...]:
    """The state of every paper that the kind of bundle requires."""
    return tuple(_build_line(context, paper) for paper in context.regulation.required_papers(context.kind))


def _build_line(context: GateContext, paper: Paper) -> ChecklistLine:
    files = tuple(material.file for material in context.usable_materials(paper.item))
    return ChecklistLine(paper.item, paper.article, paper.label, item_status(context, paper.item), files)


def item_status(context: GateContext, item: Item) -> ItemStatus:
    """The state of a paper: present (usable file with its date), generated, declared absent, or missing."""
    if any(_is_dated(context, item, index) for index in _usable_indices(context, item)):
        return ItemStatus.PRESENT
    if context.can_be_generated(item):
        return ItemStatus.GENERATED
    if not context.materials_for(item) and _is_declared_absent(context, item):
        return ItemStatus.ABSENT
    return ItemStatus.MISSING


def _usable_indices(context: GateContext, item: Item) -> Iterator[int]:
    for index, material in enumerate(context.case.materials):
        if item in material.items and context.is_usable(index, item):
            yield index


def _is_dated(context: GateContext, item: Item, index: int) -> bool:
    """Whether a material has the date without which it does not count for an item."""
    return not missing_dates(context.case.materials[index], context.regulation.papers[item])


def missing_dates(material: Material, paper: Paper) -> tuple[str, ...]:
    """The fields for the dates of which a paper requires one, if a material has none of them; else empty."""
    days = [date.field for date in paper.dates] if paper.date_use is DateUse.REQUIRED else []
    return () if any(getattr(material, day) is not None for day in days) else tuple(days)


def _is_declared_absent(context: GateContext, item: Item) -> bool:
    return context.regulation.papers[item].may_be_absent and any(
        absent.item is item and absent.reason and absent.approved_by for absent in context.case.absent
    )


def check_required_papers(context: GateContext) -> Iterator[Finding]:
    """ART16-n and ART14-n for each required paper that is missing."""
    for paper in context.regulation.required_papers(context.kind):
        if item_status(context, paper.item) is ItemStatus.MISSING:
            yield from _missing_paper_findings(context, paper)


def _missing_paper_findings(context: GateContext, paper: Paper) -> Iterator[Finding]:
    sound = tuple(_usable_indices(context, paper.item))
    if sound:
        label = "或者".join(date.label for date in paper.dates)
        yield finding(
            paper.rule,
            message=f"{paper.label}（“{context.case.materials[sound[0]].file}”）没有{label}，不能算数。",
            fix="请核对原件上的日期并补填；原件没有日期的，请补签。",
            item=paper.item,
            path=f"/materials/{sound[0]}",
        )
    elif context.materials_for(paper.item):
        return  # the finding about the unusable file names the item
    elif paper.document:
        yield from _unfillable_document_findings(context, paper)
    else:
        yield finding(
            paper.rule,
            message=f"缺少{paper.label}。{_incomplete_declaration(context, paper.item)}",
            fix=paper.fix,
            item=paper.item,
            path="/materials",
        )


def _incomplete_declaration(context: GateContext, item: Item) -> str:
    """A sentence about a declaration of absence without reason or approver; empty where there is none."""
    declared = [absent for absent in context.case.absent if absent.item is item]
    if not declared:
        return ""
    if not context.regulation.papers[item].may_be_absent:
        return "这一项不能以缺件情况说明代替。"
    lacking = [name for name, text in (("原因", declared[0].reason), ("批准人", declared[0].approved_by)) if not text]
    return f"缺件情况说明没有写明{'和'.join(lacking)}。"


def _unfillable_document_findings(context: GateContext, paper: Paper) -> Iterator[Finding]:
    """The finding for a document that cannot be generated; fields that Art. 12's findings name are left out."""
    reported = {found.path for found in check_article_12(context)}
    fields = context.unwritten_fields(paper.item)
    missing = [field for field in fields if field.path not in reported]
    if not missing and paper.item is Item.REGISTRATION:
        return
    missing = missing or list(fields)
    if not missing:
        return  # what it lacks is there and cannot be read, which JSON-SCHEMA tells
    title = _short_title(paper)
    yield finding(
        paper.rule,
        message=f"尚未起草{title}：{describe_missing(missing, context.unread.pointer_in_file)}。",
        fix=f"请补填后起草，或者补送已签名、盖章的{title}。",
        item=paper.item,
        path=missing[0].path,
    )


def _short_title(paper: Paper) -> str:
    """A document's title as clerks say it: 答复意见书."""
    title = DOCUMENTS[paper.document or ""].title
    return title.removeprefix("执行申诉信访事项").removeprefix("执行申诉信访案件")


def check_generated_papers(context: GateContext) -> Iterator[Finding]:
    """ART16-UNSEALED for each generated document that will be bound, and for each that came back as a Word file."""
    for paper in context.regulation.generated_papers(context.kind):
        if paper.document and context.can_be_generated(paper.item):
            yield _unsealed_finding(context, paper, f"《{DOCUMENTS[paper.document].title}》")
    for item in dict.fromkeys(item for material in context.case.materials for item in material.items):
        paper = context.regulation.papers[item]
        usable = context.usable_materials(item)
        if paper.document and usable and all(context.records[material.file].is_word for material in usable):
            yield _unsealed_finding(context, paper, f"{paper.label}（Word 文件“{usable[0].file}”）")


def _unsealed_finding(context: GateContext, paper: Paper, what: str) -> Finding:
    return finding(
        "ART16-UNSEALED",
        message=f"{what}，尚未换成盖章件。",
        fix=f"请打印、签名、盖章后扫描放入，换齐后再{'报送核销' if context.kind is BundleKind.WRITE_OFF else '归档'}。",
        item=paper.item,
        path="/materials",
    )
