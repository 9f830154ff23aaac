"""The slots of a case's materials page: one for each item of the regulation, with the materials filed under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bundler.bind.binding_order import page_range
from bundler.case.model import Absent, Case, Material
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.finding_display import FindingLink, finding_links
from bundler.desk.cases.page_image_cache import DIGEST_PREFIX
from bundler.desk.reading.page_words import turned_materials
from bundler.digest import sha256_of
from bundler.file_inspection_record import FileRecord
from bundler.gate.required_papers import missing_dates
from bundler.regulation.model import Regulation
from bundler.regulation.papers import PAPER_KINDS, SERVICE_RECEIPTS, BundleKind, Item, Paper

DATE_FIELDS = ("date", "signed_on", "posted_on")
"""The fields of a material that hold a date."""
_TOLD_ELSEWHERE = "FILE-UNLISTED"
"""The page leads to the scans that wait, which are these files."""


@dataclass(frozen=True, slots=True)
class MaterialCard:
    """A material of the case, as its card shows it.

    Attributes:
        index: its index among the materials that can be read.
        path: its JSON Pointer in case.json.
        material: its entry in case.json.
        record: the facts of its file.
        pages: the pages of the file that it consists of; none for a Word file or one that cannot be read.
        links: its findings.
        missing_dates: the date fields that its items require and that are empty.
        papers: the paper of each item that it is filed under.
    """

    index: int
    path: str
    material: Material
    record: FileRecord
    pages: range
    links: tuple[FindingLink, ...]
    missing_dates: tuple[str, ...]
    papers: tuple[Paper, ...]

    @property
    def name(self) -> str:
        """Its name in addresses: its index and the start of its file's digest."""
        return f"{self.index}-{self.record.sha256[:DIGEST_PREFIX]}"

    @property
    def html_id(self) -> str:
        """Its part of HTML ids: the same while it is turned and moved, so that the focus stays on this paper."""
        return sha256_of(f"{self.material.file}\0{self.material.pages}".encode("utf-8", "replace"))[:DIGEST_PREFIX]

    @property
    def title(self) -> str:
        """Its title in the index of the bundle."""
        return self.material.title or self.papers[0].label

    @property
    def is_viewable(self) -> bool:
        """Whether a page of it can be shown."""
        return self.record.is_word or bool(self.record.pages)

    @property
    def is_signed(self) -> bool:
        """Whether it needs the date of a signature."""
        return any(PAPER_KINDS[item].dates for item in self.material.items)

    @property
    def is_service(self) -> bool:
        """Whether it proves a service."""
        return any(item in SERVICE_RECEIPTS for item in self.material.items)


@dataclass(frozen=True, slots=True)
class MaterialSlot:
    """The slot of an item.

    Attributes:
        paper: the paper that the regulation asks for.
        status: its status on the gate's checklist; empty where the case's kind does not ask for it.
        cards: the materials filed under it.
        links: the findings about the item that belong to none of those materials.
        absence: the declaration that there is no such paper (确无此件).
        absence_path: the JSON Pointer of the declaration; empty without one.
    """

    paper: Paper
    status: str
    cards: tuple[MaterialCard, ...]
    links: tuple[FindingLink, ...]
    absence: Absent | None = None
    absence_path: str = ""


@dataclass(frozen=True, slots=True)
class SlotGroup:
    """The slots under one heading."""

    title: str
    slots: tuple[MaterialSlot, ...]


def slot_groups(view: CaseView) -> tuple[SlotGroup, ...]:
    """All slots of a case; those that its kind of bundle asks for come first."""
    links = finding_links(view)
    cards = tuple(_cards(view, links))
    groups = [
        SlotGroup(title, tuple(_slot(view, paper, cards, links) for paper in papers))
        for title, papers in _headings(view.checked.check_result.kind, view.regulation)
    ]
    return tuple(groups)


def all_slots(view: CaseView) -> Iterator[MaterialSlot]:
    """Every slot of a case, without the headings."""
    return (slot for group in slot_groups(view) for slot in group.slots)


def all_cards(view: CaseView) -> Iterator[MaterialCard]:
    """Every card of a case; a material filed under several items comes once for each."""
    return (card for slot in all_slots(view) for card in slot.cards)


def materials_context(view: CaseView) -> dict[str, object]:
    """The template context of the slots."""
    return {
        "view": view,
        "tab": "materials",
        "groups": slot_groups(view),
        "papers": tuple(view.regulation.papers.values()),
        "turned_pages": sum(map(len, turned_materials(view).values())),
    }


def _headings(kind: BundleKind, regulation: Regulation) -> tuple[tuple[str, tuple[Paper, ...]], ...]:
    if kind is BundleKind.DECLINED:
        items = (Item.REGISTRATION, Item.EXPLANATION_NOTICE, Item.EXPLANATION_SERVICE, Item.TRANSFER_PROOF)
        asked = tuple(regulation.papers[item] for item in items)
        others = tuple(paper for paper in regulation.papers.values() if paper.item not in items)
        return (f"{regulation.name_of('refusal')}　不予受理", asked), ("其他材料", others)
    return (
        (f"{regulation.name_of('archive')}　信访档案内容", regulation.archive_items),
        (f"{regulation.name_of('write_off')}　核销材料", regulation.write_off_materials),
        ("其他材料", regulation.other_papers),
    )


def _slot(
    view: CaseView, paper: Paper, cards: tuple[MaterialCard, ...], links: tuple[FindingLink, ...]
) -> MaterialSlot:
    filed = tuple(card for card in cards if paper.item in card.material.items)
    at_cards = {link.finding for card in filed for link in card.links}
    line = next((one for one in view.checked.check_result.checklist if one.item is paper.item), None)
    absences = enumerate(view.case.absent if view.case else ())
    index, absence = next(((at, one) for at, one in absences if one.item is paper.item), (0, None))
    return MaterialSlot(
        paper,
        line.status.value if line else "",
        filed,
        tuple(
            link
            for link in links
            if link.finding.item is paper.item and link.finding not in at_cards and link.finding.rule != _TOLD_ELSEWHERE
        ),
        absence,
        view.checked.reading.pointer_in_file(f"/absent/{index}") if absence else "",
    )


def _cards(view: CaseView, links: tuple[FindingLink, ...]) -> Iterator[MaterialCard]:
    case: Case | None = view.case
    for index, material in enumerate(case.materials if case else ()):
        path = view.checked.reading.pointer_in_file(f"/materials/{index}")
        record = view.checked.records[material.file]
        papers = tuple(view.regulation.papers[item] for item in material.items)
        own_links = {
            (link.finding.rule, link.finding.message): link
            for link in links
            if link.finding.path and (link.finding.path == path or link.finding.path.startswith(path + "/"))
        }
        yield MaterialCard(
            index,
            path,
            material,
            record,
            _existing_pages(material, record),
            tuple(own_links.values()),
            tuple(dict.fromkeys(day for paper in papers for day in missing_dates(material, paper))),
            papers,
        )


def _existing_pages(material: Material, record: FileRecord) -> range:
    """The stated pages, as far as the file has them; the gate reports the others."""
    total = len(record.pages)
    stated = page_range(material, total)
    return range(max(stated.start, 1), min(stated.stop, total + 1))
