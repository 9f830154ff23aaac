"""Arrange the papers of a case in the binding order of its kind, and give them their 页号 (folios)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bundler.bind.default_index_entries import COURT, default_author, default_title, index_date
from bundler.case.model import Absent, Case, Material
from bundler.documents.definitions import DOCUMENTS, build_title, find_document_date
from bundler.file_inspection_record import FileRecord
from bundler.regulation.model import Regulation
from bundler.regulation.papers import BundleKind, Item, Paper


class Origin(StrEnum):
    """Where a paper's pages come from."""

    GENERATED = "generated"
    FILE = "file"
    WORD_FILE = "word"
    ABSENT_NOTE = "absent"
    MATERIALS_LIST = "list"


@dataclass(frozen=True, slots=True)
class BoundPaper:
    """One paper of the bundle.

    Attributes:
        key: its name within this bundle.
        item: the item under which it is bound.
        items: all items that it serves.
        title, document_no, author, date: its line in the index; `date` may be None.
        origin: where its pages come from.
        document: the document's id, for a generated paper.
        material: the material, for a file.
        absent: the declaration, for a note that a paper does not exist.
    """

    key: str
    item: Item
    items: tuple[Item, ...]
    title: str
    origin: Origin
    author: str = COURT
    document_no: str = ""
    date: date | None = None
    document: str = ""
    material: Material | None = None
    absent: Absent | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """An item of the bundle: the papers bound under it, and those bound under an earlier item that serve it too."""

    item: Item
    papers: tuple[BoundPaper, ...]
    elsewhere: tuple[BoundPaper, ...] = ()


@dataclass(frozen=True, slots=True)
class FolioRange:
    """First and last 页号 of a paper, both included."""

    first: int
    last: int

    def __str__(self) -> str:
        """As the index prints it: 3—5, or 3 for a single page."""
        return str(self.first) if self.first == self.last else f"{self.first}—{self.last}"


def arrange_papers(
    case: Case, kind: BundleKind, records: Mapping[str, FileRecord], regulation: Regulation
) -> tuple[Section, ...]:
    """Put a complete case's papers into the regulation's binding order of its kind."""
    bound: dict[int, BoundPaper] = {}
    sections = []
    for item in _item_order(case, regulation.binding_order(kind)):
        serving = [(i, m) for i, m in enumerate(case.materials) if item in m.items]
        new = [paper_of(case, i, item, records, regulation) for i, m in serving if i not in bound]
        elsewhere = tuple(bound[i] for i, _ in serving if i in bound)
        bound.update(zip((i for i, _ in serving if i not in bound), new, strict=True))
        papers = (*new, *_added_papers(case, kind, regulation.papers[item], filed=bool(serving)))
        if papers or elsewhere:
            sections.append(Section(item, papers, elsewhere))
    return tuple(sections)


def _item_order(case: Case, order: tuple[Item, ...]) -> tuple[Item, ...]:
    """The order of items; items that it does not have come before 其他材料."""
    unknown = [item for material in case.materials for item in material.items if item not in order]
    place = order.index(Item.OTHER)
    return (*order[:place], *dict.fromkeys(sorted(unknown, key=list(Item).index)), *order[place:])


def material_key(index: int) -> str:
    """The key of the paper of a material, by its index in the case."""
    return f"material-{index}"


def paper_of(
    case: Case, index: int, item: Item, records: Mapping[str, FileRecord], regulation: Regulation
) -> BoundPaper:
    """The paper of the material with an index, bound under one of the items that it serves."""
    material = case.materials[index]
    is_word = records[material.file].is_word
    return BoundPaper(
        key=material_key(index),
        item=item,
        items=material.items,
        title=material.title or default_title(material, regulation.papers[item]),
        origin=Origin.WORD_FILE if is_word else Origin.FILE,
        author=material.author or default_author(case, item),
        document_no=material.document_no or "",
        date=index_date(case, material, item),
        material=material,
    )


def _added_papers(case: Case, kind: BundleKind, paper: Paper, *, filed: bool) -> Iterator[BoundPaper]:
    """The papers that the tool itself adds under an item."""
    item, document = paper.item, paper.document
    for number, absent in enumerate(case.absent):
        if absent.item is item and not filed:
            title = f"缺件情况说明（{paper.label}）"
            yield BoundPaper(f"absent-{number}", item, (item,), title, Origin.ABSENT_NOTE, absent=absent)
    wanted = kind in paper.generated_for or (item is Item.JURISDICTION_NOTE and case.not_ours is not None)
    if wanted and not filed and document:
        yield BoundPaper(
            key=f"document-{document}",
            item=item,
            items=(item,),
            title=build_title(DOCUMENTS[document], case),
            origin=Origin.GENERATED,
            date=find_document_date(case, document),
            document=document,
        )
    if kind is BundleKind.WRITE_OFF and item is Item.WRITE_OFF_REQUEST:
        yield BoundPaper("materials-list", item, (item,), "核销材料清单", Origin.MATERIALS_LIST)


def page_range(material: Material, total: int) -> range:
    """The pages of a file that a material uses, counted from 1."""
    if material.pages is None:
        return range(1, total + 1)
    first, _, last = material.pages.partition("-")
    return range(int(first), int(last or first) + 1)


def number_papers(sections: tuple[Section, ...], counts: Mapping[str, int]) -> dict[str, FolioRange]:
    """Give every bound paper its 页号, 1…n without a gap.

    Args:
        sections: the bundle's sections, in order.
        counts: pages of each paper, by key.
    """
    folios, following = {}, 1
    for section in sections:
        for paper in section.papers:
            folios[paper.key] = FolioRange(following, following + counts[paper.key] - 1)
            following += counts[paper.key]
    return folios


def papers_of(sections: tuple[Section, ...]) -> tuple[BoundPaper, ...]:
    """Every bound paper, in order."""
    return tuple(paper for section in sections for paper in section.papers)


def write_off_sections(sections: tuple[Section, ...], regulation: Regulation) -> tuple[Section, ...]:
    """The sections of the materials of a write-off (Art. 14)."""
    wanted = {paper.item for paper in regulation.write_off_materials}
    return tuple(section for section in sections if section.item in wanted)
