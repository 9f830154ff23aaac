"""Scan a file that is to go into a case: inspect it, propose what it holds, and add what a person chose."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bundler.case.model import Case, Material
from bundler.case_edit.materials import NewFile, enter_file
from bundler.case_edit.save import CaseChangingError, Conflict, Refused
from bundler.errors import CaseError, FileChangedError
from bundler.file_inspection_record import FileRecord
from bundler.intake.qr_scan import PageContent, read_pages
from bundler.intake.split_scan import Basis, ForeignCodeError, ScanPart, guess_item_from_name, propose_parts
from bundler.materials.file_inspection import inspect_materials
from bundler.materials.safe_opening import read_unchanged
from bundler.printable_text import readable_file_name, replace_surrogates
from bundler.regulation.papers import PAPER_KINDS, DateUse, Item
from bundler.regulation.rule_codes import Severity, severity_of
from bundler.sandbox import SandboxWorker
from bundler.scan_reading.case_readings import load_case_readings

PageReader = Callable[[bytes, FileRecord, SandboxWorker | None], tuple[PageContent, ...]]
"""Reads the codes and titles of a file's pages."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that is to go into a case.

    Attributes:
        path: where it is now.
        name: the name that the user knows; an upload has another one on disk.
        record: the result of its inspection.
        present: the records of the files that the case lists, by their names in the case.
        parts: the materials that it is proposed to hold.
        inside: its name in the case where it is in the case folder already; else None.
        refusal: why it cannot be added, in Chinese; empty when it can.
        fix: what to do about that, in Chinese.
    """

    path: Path
    name: str
    record: FileRecord
    present: Mapping[str, FileRecord]
    parts: tuple[ScanPart, ...] = ()
    inside: str | None = None
    refusal: str = ""
    fix: str = ""

    @property
    def new_file(self) -> NewFile:
        """The file as `case_edit` puts it into the case."""
        same = (name for name, record in self.present.items() if record.sha256 == self.record.sha256)
        return NewFile(self.path, self.name, self.record.sha256, self.inside or next(same, None))


@dataclass(frozen=True, slots=True)
class AddedPart:
    """A part of a scan that was entered in case.json.

    Attributes:
        index: the place of its entry in the materials, from 0.
        part: the part.
        file: the file's name in the case.
        to_fill: what remains to be filled in by hand, in Chinese.
    """

    index: int
    part: ScanPart
    file: str
    to_fill: tuple[str, ...]


def scan_file(  # noqa: PLR0913 (the file, its case, what a person stated about it, and who inspects it)
    path: Path,
    folder: Path,
    case: Case,
    items: Sequence[Item] = (),
    pages: str | None = None,
    *,
    name: str = "",
    worker: SandboxWorker | None = None,
    present: Mapping[str, FileRecord] | None = None,
    read: PageReader = read_pages,
) -> Scan:
    """Inspect a file and propose the materials that it holds.

    Args:
        path: the file.
        folder: the case folder.
        case: the case.
        items: the items that a person named; then nothing else is proposed.
        pages: the page range that the person named, such as “8” or “10-12”; None for all pages.
        name: the name that the user knows; empty where that is the file's own.
        worker: the process that inspects files; without one, processes are started as needed.
        present: the records of the files that the case lists, where they are known; else these are inspected.
        read: reads the codes and titles of the pages.
    """
    name = readable_file_name(name or path.name)
    if not os.path.lexists(path):
        missing = FileRecord(name)
        return Scan(path, name, missing, {}, refusal="[FILE-MISSING] 没有这个文件。", fix="请检查文件名和路径。")
    record = inspect_materials(path.parent, [path.name], worker)[path.name]
    if present is None:
        present = inspect_materials(folder, [one.file for one in case.materials], worker)
    scan = Scan(path, name, record, present, inside=_name_in_case(path, folder))
    refusal = next((one for one in record.problems if severity_of(one.rule) is Severity.ERROR), None)
    if refusal is not None or not record.media_type:
        message = f"[{refusal.rule}] {refusal.message}" if refusal else "读不出来。"
        return replace(scan, refusal=message, fix=refusal.fix if refusal else "")
    if items:
        return _with_named_items(scan, items, pages)
    try:
        contents = read(read_unchanged(path.parent, path.name, record.sha256), record, worker)
        blank = {number for number, page in enumerate(record.pages, start=1) if page.blank}
        parts = propose_parts(name, contents, blank, case.registration.no)
        if not any(part.basis is Basis.CODE for part in parts):
            parts = _parts_from_reading(folder, name, record, blank) or parts
        return replace(scan, parts=parts)
    except FileChangedError as error:
        return replace(scan, refusal=error.message, fix=error.fix)
    except ForeignCodeError as error:
        message = f"第 {error.page} 页的二维码不是本案的。"
        if case.registration.no is None:
            message = f"第 {error.page} 页有二维码，本案还没有登记号，无从核对。"
        return replace(scan, refusal=message, fix="请核对是不是拿错了案件，或者本案的登记号填错了。")


def _parts_from_reading(folder: Path, name: str, record: FileRecord, blank: Collection[int]) -> tuple[ScanPart, ...]:
    """The parts by what was read on the file, where the case has its record; none without."""
    reading = load_case_readings(folder, {name: record}).by_file.get(name)
    if reading is None:
        return ()
    from bundler.intake.parts_from_reading import propose_parts_from_reading

    return propose_parts_from_reading(reading, len(record.pages), blank, guess_item_from_name(name))


def _with_named_items(scan: Scan, items: Sequence[Item], pages: str | None) -> Scan:
    total = len(scan.record.pages)
    first, _, last = pages.partition("-") if pages else ("1", "-", str(max(total, 1)))
    if pages and not int(first) <= int(last or first) <= total:
        return replace(scan, refusal=f"只有 {total} 页，没有第 {pages} 页。", fix="请改正 --pages。")
    part = ScanPart(int(first), int(last or first), tuple(items), Basis.HAND, is_whole=pages is None)
    return replace(scan, parts=(part,))


def _name_in_case(path: Path, folder: Path) -> str | None:
    """The file's name relative to the case folder; None where it is outside, hidden, or named so that case.json cannot name it."""
    here, root = path.parent.resolve() / path.name, folder.resolve()
    name = here.relative_to(root).as_posix() if here.is_relative_to(root) else None
    return None if name is None or f"/{name}".count("/.") or name != replace_surrogates(name) else name


def find_filed(scan: Scan, part: ScanPart, case: Case) -> str | None:
    """The file with the same bytes of which the case lists the same pages already; None without one."""
    material = _filed_material(scan, part, case)
    return material.file if material else None


def names_further_items(scan: Scan, part: ScanPart, case: Case) -> bool:
    """Whether a person named items that the entry which the case has already of these pages does not serve yet."""
    material = _filed_material(scan, part, case)
    return material is not None and part.basis is Basis.HAND and not set(part.items) <= set(material.items)


def _filed_material(scan: Scan, part: ScanPart, case: Case) -> Material | None:
    for material in case.materials:
        same = scan.present[material.file].sha256 == scan.record.sha256
        if same and material.pages in {part.pages, f"{part.first}-{part.last}"}:
            return material
    return None


def add_scan(scan: Scan, parts: Sequence[ScanPart], folder: Path) -> tuple[AddedPart, ...]:
    """Copy a scan into the case and enter its parts in case.json; the caller records that in the history.

    Args:
        scan: the file; not refused.
        parts: what it holds, each with its items.
        folder: the case folder.

    Raises:
        CaseUnreadableError: case.json is no JSON object, or gone.
        CaseError: case.json cannot take the entries, or other programs keep changing it.
        OutputError: it cannot be written; the copy is removed again.
        FileChangedError: the scan is no longer the file that was inspected.
    """
    try:
        added = enter_file(folder, scan.new_file, [part.entry for part in parts], one_line_items=True)
    except CaseChangingError:
        raise CaseError("case.json 一直在被别的程序改动，没有加入。", fix="请等它写完后重新运行。") from None
    if isinstance(added.outcome, Conflict):
        raise CaseError("案件的材料一项写法不对，加不进去。", fix="请先按 bundler check 的提示改正 case.json。")
    if isinstance(added.outcome, Refused):
        faults = "；".join(one.message for one in added.outcome.refusals)
        raise CaseError(f"没有加入。{faults}", fix="请改正后重新运行。")
    return tuple(
        AddedPart(index, part, added.file, _dates_to_fill(part.items))
        for index, part in zip(added.indices, parts, strict=True)
    )


def _dates_to_fill(items: Iterable[Item]) -> tuple[str, ...]:
    """The dates that no scan gives and the check asks for, each with what it is called."""
    papers = [PAPER_KINDS[item] for item in items if PAPER_KINDS[item].date_use is not DateUse.OPTIONAL]
    return tuple(
        dict.fromkeys(
            "或者 ".join(f"{date.field}（{date.entry_label or date.label}）" for date in paper.dates)
            for paper in papers
        )
    )
