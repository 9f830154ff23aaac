"""What the index (目录) of a bundle will say of each material, and what in it is poor, before the bundle is built."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from bundler.bind.binding_order import BoundPaper, paper_of
from bundler.bind.default_index_entries import names_by_file, title_in_file_name
from bundler.desk.cases.checked_case_cache import CaseView


@dataclass(frozen=True, slots=True)
class IndexLine:
    """A line of the index.

    Attributes:
        title, author, date: as the index will print them; empty or None where nothing is known.
        remarks: what is poor, in Chinese.
        address: the URL of the place where the material is.
    """

    title: str
    author: str
    date: date | None
    remarks: tuple[str, ...]
    address: str


def index_preview(view: CaseView) -> tuple[IndexLine, ...]:
    """The lines of all materials, in the order of the case."""
    case = view.case
    if case is None:
        return ()
    papers = [
        paper_of(case, index, material.items[0], view.checked.records, view.checked.profile.regulation)
        for index, material in enumerate(case.materials)
        if material.file in view.checked.records
    ]
    titles = Counter(paper.title for paper in papers)
    return tuple(_line(view, paper, is_repeated=titles[paper.title] > 1) for paper in papers)


def _line(view: CaseView, paper: BoundPaper, *, is_repeated: bool) -> IndexLine:
    material = paper.material
    is_unnamed = material is not None and not material.title and names_by_file(paper.item)
    remarks = []
    if is_unnamed and material is not None and not title_in_file_name(material.file):
        remarks.append("名称看不出是什么")
    elif is_repeated:
        remarks.append("名称和别的一样")
    if paper.date is None:
        remarks.append("没有日期")
    if not paper.author:
        remarks.append("没有责任者")
    address = f"/cases/{view.ref.key}/materials#place-{paper.item.value}"
    return IndexLine(paper.title, paper.author, paper.date, tuple(remarks), address)
