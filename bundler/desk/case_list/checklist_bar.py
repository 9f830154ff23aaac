"""The bar of a row: a cell for each paper that the regulation asks for, with the status of the paper."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bundler.desk.case_list.case_list_rows import CaseRow
from bundler.regulation.model import Regulation
from bundler.regulation.papers import BundleKind, Item

STATUS_LABELS = {"present": "有", "generated": "生成", "absent": "无此件", "missing": "缺"}
_SYMBOLS = {"present": "✓", "generated": "生", "absent": "无", "missing": "缺"}


@dataclass(frozen=True, slots=True)
class Cell:
    """The cell of a paper.

    Attributes:
        status: its status in the checklist; empty where the kind does not ask for the paper.
        symbol: the character in the cell.
        title: the name of the paper and its status.
    """

    status: str
    symbol: str
    title: str


@dataclass(frozen=True, slots=True)
class ChecklistBar:
    """The cells in groups, and the same as a sentence."""

    groups: tuple[tuple[Cell, ...], ...]
    summary: str


def checklist_bar(row: CaseRow, regulation: Regulation) -> ChecklistBar | None:
    """The bar of a case; None until the gate has checked it."""
    if not row.papers:
        return None
    status = dict(row.papers)
    if row.kind == BundleKind.DECLINED:
        groups = [[(Item(item), of_paper) for item, of_paper in row.papers]]
    else:
        groups = [
            [(paper.item, status.get(paper.item, "")) for paper in papers]
            for papers in (regulation.archive_items, regulation.write_off_materials)
        ]
    return ChecklistBar(
        tuple(tuple(_cell(regulation.papers[item].label, of_paper) for item, of_paper in group) for group in groups),
        _summary(row, regulation),
    )


def _cell(name: str, status: str) -> Cell:
    label = STATUS_LABELS.get(status, "本类案件不要求")
    return Cell(status, _SYMBOLS.get(status, "·"), f"{name}：{label}")


def _summary(row: CaseRow, regulation: Regulation) -> str:
    count = Counter(status for _, status in row.papers)
    counts = "，".join(f"{label} {count[status]} 件" for status, label in STATUS_LABELS.items() if count[status])
    missing = "、".join(regulation.papers[Item(item)].label for item, status in row.papers if status == "missing")
    return f"应有 {len(row.papers)} 件：{counts}{f'（{missing}）' if missing else ''}"
