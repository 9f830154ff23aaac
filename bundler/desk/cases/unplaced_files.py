"""What waits in a case's folder to be placed: files that case.json does not name, and pages that no material uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException

from bundler.bind.binding_order import page_range
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.material_slots import MaterialSlot, SlotGroup, slot_groups
from bundler.desk.cases.page_image_cache import DIGEST_PREFIX
from bundler.desk.cases.shared_objects import CaseServices
from bundler.digest import sha256_of
from bundler.file_inspection_record import FileRecord
from bundler.intake.add_scan import PageReader, find_filed, scan_file
from bundler.intake.qr_scan import PageContent, read_pages
from bundler.intake.split_scan import Basis, Certainty, ScanPart, guess_item_from_name
from bundler.materials.file_inspection import inspect_materials
from bundler.materials.safe_opening import find_unlisted_files
from bundler.printable_text import readable_file_name
from bundler.regulation.model import Regulation
from bundler.regulation.papers import Item
from bundler.sandbox import SandboxWorker

CODE = re.compile(r"^\[[A-Z-]+\] ")
"""The code before a refusal, which a command prints."""
_ARCHIVE_KEYS = "1234567890"
_MATERIAL_KEYS = "abcd"
_OTHER_KEYS = "efghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class UnplacedPart:
    """A part of a file, which can be placed.

    Attributes:
        key: the file's name in addresses.
        part: its pages, and the items that it seems to be.
        is_known: whether the pages have been read, so that the proposal is the best there is.
        sideways: how many of its pages are wider than high.
        filed_as: the file of the case that has the same pages already; None without one.
    """

    key: str
    part: ScanPart
    is_known: bool
    sideways: int
    filed_as: str | None

    @property
    def name(self) -> str:
        """Its name in forms and ids: the same while its file is turned."""
        return f"{self.key}-{self.part.first}"

    @property
    def is_trusted(self) -> bool:
        """Whether it is placed when the clerk accepts all proposals at once: a doubtful one she places by itself."""
        return self.proposed is not None and self.part.certainty is not Certainty.UNSURE

    @property
    def proposed(self) -> Item | None:
        """The paper that it seems to be; None where nothing says so, or the case has it already."""
        return self.part.items[0] if self.part.items and not self.filed_as else None


@dataclass(frozen=True, slots=True)
class UnplacedFile:
    """A file with parts that wait to be placed.

    Attributes:
        key: its name in addresses.
        file: its name, relative to the case folder.
        record: what its inspection found.
        parts: its parts; none where it cannot be placed.
        refusal: why it cannot be placed; empty when it can.
        fix: what to do about that.
        is_rest: whether the case names the file, and these are the pages that no material uses.
    """

    key: str
    file: str
    record: FileRecord
    parts: tuple[UnplacedPart, ...]
    refusal: str = ""
    fix: str = ""
    is_rest: bool = False

    @property
    def shown(self) -> str:
        """Its name as a person can read it."""
        return readable_file_name(self.file).removeprefix("materials/")

    @property
    def digest_prefix(self) -> str:
        """The start of its digest, which changes the address of its pictures when it is turned."""
        return self.record.sha256[:DIGEST_PREFIX]


def file_key(file: str) -> str:
    """The name of a file in addresses."""
    return sha256_of(file.encode("utf-8", "surrogateescape"))[:DIGEST_PREFIX]


def count_unplaced(view: CaseView) -> int:
    """How many files wait."""
    return len(find_unlisted_files(view.ref.folder, view.case)) if view.case else 0


def unplaced_files(
    view: CaseView, services: CaseServices, worker: SandboxWorker | None = None, *, only: str = ""
) -> tuple[UnplacedFile, ...]:
    """The files that wait, in the order of their names, and then those of which pages are not used.

    Args:
        view: the case.
        services: the desk's services, which know the pages that were read before.
        worker: the process that reads pages; without one, files that were not read before keep a simple proposal.
        only: the key of the only file that is wanted; empty for all.
    """
    case = view.case
    if case is None:
        return ()
    names = [name for name in find_unlisted_files(view.ref.folder, case) if not only or file_key(name) == only]
    records = inspect_materials(view.ref.folder, names, worker)
    found = [_unplaced_file(view, services, name, records[name], worker) for name in names]
    rest = [one for one in _unused_pages(view) if not only or one.key == only]
    return (*found, *rest)


def requested_unplaced_file(
    view: CaseView, services: CaseServices, key: str, worker: SandboxWorker | None = None
) -> UnplacedFile:
    """The unplaced file that an address names.

    Raises:
        HTTPException: 404, it does not wait any more.
    """
    found = next(iter(unplaced_files(view, services, worker, only=key)), None)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这一份不在待放的扫描件里，可能刚被别人放好或者移走。请刷新页面。")
    return found


def remembering_reader(services: CaseServices) -> PageReader:
    """Reads the codes and titles of a file's pages, once for each digest."""

    def read(data: bytes, record: FileRecord, worker: SandboxWorker | None) -> tuple[PageContent, ...]:
        known = services.page_contents.get(record.sha256)
        return known or services.page_contents.put(record.sha256, read_pages(data, record, worker))

    return read


def place_keys(regulation: Regulation) -> dict[Item, str]:
    """The key that places a scan, for each item: the digits for Art. 16 (0 for a tenth), letters for Art. 14 and others."""
    keys = {paper.item: key for paper, key in zip(regulation.archive_items, _ARCHIVE_KEYS, strict=False)}
    letters = iter(_MATERIAL_KEYS + _OTHER_KEYS)
    for paper in regulation.write_off_materials:
        keys[paper.item] = next(letters)
    letters = letters if len(regulation.write_off_materials) > len(_MATERIAL_KEYS) else iter(_OTHER_KEYS)
    return keys | {paper.item: letter for paper, letter in zip(regulation.other_papers, letters, strict=False)}


def sorting_context(view: CaseView, files: Sequence[UnplacedFile]) -> dict[str, object]:
    """The template context of the sorting page."""
    groups: tuple[SlotGroup, ...] = slot_groups(view)
    slots: Iterator[MaterialSlot] = (slot for group in groups for slot in group.slots)
    return {
        "view": view,
        "tab": "materials",
        "waiting": tuple(one for one in files if not one.is_rest),
        "rest": tuple(one for one in files if one.is_rest),
        "groups": groups,
        "place_keys": place_keys(view.regulation),
        "item_papers": view.regulation.papers,
        "date_labels": {slot.paper.item.value: [one.field for one in slot.paper.dates] for slot in slots},
    }


def _unplaced_file(
    view: CaseView, services: CaseServices, file: str, record: FileRecord, worker: SandboxWorker | None
) -> UnplacedFile:
    """A file with the parts that its pages propose, as far as these have been read or there is a process to read them."""
    key = file_key(file)
    is_known = services.page_contents.get(record.sha256) is not None or record.is_word
    if (is_known or worker) and view.case is not None:
        scan = scan_file(
            view.ref.folder / file,
            view.ref.folder,
            view.case,
            worker=worker,
            present=view.checked.records,
            read=remembering_reader(services),
        )
        if scan.refusal:
            return UnplacedFile(key, file, record, (), CODE.sub("", scan.refusal), scan.fix)
        parts = tuple(
            UnplacedPart(key, part, True, _sideways(record, part), find_filed(scan, part, view.case))  # noqa: FBT003
            for part in scan.parts
        )
        return UnplacedFile(key, file, record, parts)
    problem = next(iter(record.problems), None)
    if not record.media_type:
        return UnplacedFile(
            key, file, record, (), problem.message if problem else "读不出来。", problem.fix if problem else ""
        )
    item = guess_item_from_name(readable_file_name(file.rpartition("/")[2]))
    part = ScanPart(1, max(len(record.pages), 1), (item,) if item else (), Basis.NAME, is_whole=True)
    return UnplacedFile(key, file, record, (UnplacedPart(key, part, False, _sideways(record, part), None),))  # noqa: FBT003


def _sideways(record: FileRecord, part: ScanPart) -> int:
    return sum(page.width_pt > page.height_pt for page in record.pages[part.first - 1 : part.last])


def _unused_pages(view: CaseView) -> Iterator[UnplacedFile]:
    """The pages of files in the case that no material uses, without blank ones."""
    materials = view.case.materials if view.case else ()
    for file in dict.fromkeys(one.file for one in materials if one.pages):
        record = view.checked.records[file]
        used = {page for one in materials if one.file == file for page in page_range(one, len(record.pages))}
        unused = [number for number, page in enumerate(record.pages, start=1) if number not in used and not page.blank]
        key = file_key(file)
        parts = tuple(
            UnplacedPart(key, ScanPart(first, last, (), Basis.NONE), True, 0, None)  # noqa: FBT003
            for first, last in _runs(unused)
        )
        if parts:
            yield UnplacedFile(key, file, record, parts, is_rest=True)


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Consecutive numbers as first and last of each run."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
