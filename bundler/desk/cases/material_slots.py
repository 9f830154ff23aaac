"""The places of a petition file, each with the papers that lie there and what is still to be done about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bundler.bind.binding_order import page_range
from bundler.case.model import Absent, Case, Material
from bundler.desk.cases.case_view import CaseView
from bundler.desk.cases.finding_links import FindingLink, finding_links
from bundler.desk.cases.page_image_cache import DIGEST_PREFIX
from bundler.file_record import FileRecord
from bundler.gate.checklist import missing_dates
from bundler.regulation.articles import ART_14, ART_15, ART_16
from bundler.regulation.papers import (
    ARCHIVE_ITEMS,
    OTHER_PAPERS,
    PAPERS,
    SERVICE_RECEIPTS,
    WRITE_OFF_MATERIALS,
    BundleKind,
    Item,
    Paper,
)

DATE_FIELDS = ("date", "signed_on", "posted_on")
"""The days that an entry of the materials may tell."""


@dataclass(frozen=True, slots=True)
class MaterialCard:
    """A paper in the folder, as one of the case's materials.

    Attributes:
        index: its place among the materials that can be read.
        path: its JSON Pointer in case.json.
        name: what the browser calls it: its place, and the beginning of its digest.
        record: what is known of its file.
        pages: the pages of the file that it is; none for a Word file or one that cannot be read.
        found: what the gate says of it.
        asks: the days that it must bear and the case does not tell yet.
        also: the other places that it serves.
    """

    index: int
    path: str
    material: Material
    record: FileRecord
    pages: range
    found: tuple[FindingLink, ...]
    asks: tuple[str, ...]
    also: tuple[Paper, ...]

    @property
    def name(self) -> str:
        """What the browser calls it."""
        return f"{self.index}-{self.record.sha256[:DIGEST_PREFIX]}"

    @property
    def title(self) -> str:
        """Its title in the index of the bundle."""
        return self.material.title or PAPERS[self.material.items[0]].label

    @property
    def is_viewable(self) -> bool:
        """Whether there is a page to look at."""
        return self.record.is_word or bool(self.record.pages)

    @property
    def is_signed(self) -> bool:
        """Whether its day of signature matters."""
        return any(PAPERS[item].dates for item in self.material.items)

    @property
    def is_service(self) -> bool:
        """Whether it proves a service."""
        return any(item in SERVICE_RECEIPTS for item in self.material.items)


@dataclass(frozen=True, slots=True)
class MaterialSlot:
    """A place for papers.

    Attributes:
        paper: what the regulation says of it.
        status: of the gate's checklist; empty where the case's kind does not ask for it.
        cards: the papers that lie there.
        found: what the gate says of the place and of none of its papers.
        absent: the declaration that there is no such paper.
        absence_path: its JSON Pointer.
    """

    paper: Paper
    status: str
    cards: tuple[MaterialCard, ...]
    found: tuple[FindingLink, ...]
    absent: Absent | None = None
    absence_path: str = ""


@dataclass(frozen=True, slots=True)
class SlotGroup:
    """Places under one heading."""

    title: str
    spots: tuple[MaterialSlot, ...]


def slot_groups(sight: CaseView) -> tuple[SlotGroup, ...]:
    """All places of a case, those that its kind asks for first."""
    links = finding_links(sight)
    cards = tuple(_cards(sight, links))
    groups = [
        SlotGroup(title, tuple(_spot(sight, paper, cards, links) for paper in papers))
        for title, papers in _headings(sight.examined.check_result.kind)
    ]
    return tuple(groups)


def _headings(kind: BundleKind) -> tuple[tuple[str, tuple[Paper, ...]], ...]:
    nine = (f"{ART_16}　信访档案内容", ARCHIVE_ITEMS)
    four = (f"{ART_14}　核销材料", WRITE_OFF_MATERIALS)
    rest = ("其他材料", OTHER_PAPERS)
    if kind is BundleKind.DECLINED:
        first = (Item.REGISTRATION, Item.EXPLANATION_NOTICE, Item.EXPLANATION_SERVICE, Item.TRANSFER_PROOF)
        asked = tuple(PAPERS[item] for item in first)
        others = tuple(paper for paper in PAPERS.values() if paper.item not in first)
        return (f"{ART_15}　不予受理", asked), ("其他材料", others)
    return nine, four, rest


def _spot(
    sight: CaseView, paper: Paper, cards: tuple[MaterialCard, ...], links: tuple[FindingLink, ...]
) -> MaterialSlot:
    here = tuple(card for card in cards if paper.item in card.material.items)
    told = {link.finding for card in here for link in card.found}
    line = next((one for one in sight.examined.check_result.checklist if one.item is paper.item), None)
    found = tuple(link for link in links if link.finding.item is paper.item and link.finding not in told)
    absent = next(
        ((place, one) for place, one in enumerate(sight.case.absent if sight.case else ()) if one.item is paper.item),
        None,
    )
    return MaterialSlot(
        paper,
        line.status.value if line else "",
        here,
        found,
        absent[1] if absent else None,
        sight.examined.reading.pointer_in_file(f"/absent/{absent[0]}") if absent else "",
    )


def _cards(sight: CaseView, links: tuple[FindingLink, ...]) -> Iterator[MaterialCard]:
    case: Case | None = sight.case
    for index, material in enumerate(case.materials if case else ()):
        path = sight.examined.reading.pointer_in_file(f"/materials/{index}")
        record = sight.examined.records[material.file]
        found = {
            (link.finding.rule, link.finding.message): link
            for link in links
            if link.finding.path and (link.finding.path == path or link.finding.path.startswith(path + "/"))
        }
        yield MaterialCard(
            index,
            path,
            material,
            record,
            _pages(material, record),
            tuple(found.values()),
            tuple(dict.fromkeys(day for item in material.items for day in missing_dates(material, item))),
            tuple(PAPERS[item] for item in material.items),
        )


def _pages(material: Material, record: FileRecord) -> range:
    """The pages that it is; a range that the file does not have is the gate's business."""
    total = len(record.pages)
    asked = page_range(material, total)
    return range(max(asked.start, 1), min(asked.stop, total + 1))
