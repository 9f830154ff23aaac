"""The bar of a row: each paper that the regulation asks for, as a cell with a word for its status."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bundler.desk.case_list.rows import CaseRow
from bundler.regulation.papers import ARCHIVE_ITEMS, PAPERS, WRITE_OFF_MATERIALS, BundleKind, Item

STATUS_LABELS = {"present": "有", "generated": "生成", "absent": "无此件", "missing": "缺"}
_SIGNS = {"present": "✓", "generated": "生", "absent": "无", "missing": "缺"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A paper's cell.

    Attributes:
        status: of the checklist; empty where the kind does not ask for the paper.
        sign: what stands in it.
        title: the paper and its status in words.
    """

    status: str
    sign: str
    title: str


@dataclass(frozen=True, slots=True)
class ChecklistBar:
    """Two groups of cells, and all of it in a sentence."""

    groups: tuple[tuple[Cell, ...], ...]
    told: str


def bar_of(row: CaseRow) -> ChecklistBar | None:
    """The bar of a case; None as long as the gate was not asked."""
    if not row.papers:
        return None
    status = dict(row.papers)
    if row.kind == BundleKind.DECLINED:
        groups = [[(Item(item), word) for item, word in row.papers]]
    else:
        groups = [
            [(one.item, status.get(one.item, "")) for one in papers] for papers in (ARCHIVE_ITEMS, WRITE_OFF_MATERIALS)
        ]
    return ChecklistBar(tuple(tuple(_cell(item, word) for item, word in group) for group in groups), _told(row))


def _cell(item: Item, status: str) -> Cell:
    word = STATUS_LABELS.get(status, "本类案件不要求")
    return Cell(status, _SIGNS.get(status, "·"), f"{PAPERS[item].label}：{word}")


def _told(row: CaseRow) -> str:
    count = Counter(status for _, status in row.papers)
    told = "，".join(f"{word} {count[status]} 件" for status, word in STATUS_LABELS.items() if count[status])
    lacking = "、".join(PAPERS[Item(item)].label for item, status in row.papers if status == "missing")
    return f"应有 {len(row.papers)} 件：{told}{f'（{lacking}）' if lacking else ''}"
