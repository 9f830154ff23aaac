"""Putting scans into a case: the file into materials/, its entries into case.json; whole or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bundler.atomic_write import replace_unchanged
from bundler.case.model import Case
from bundler.case.reader import CASE_FILE
from bundler.case_edit.lock import folder_lock
from bundler.case_edit.material_files import MATERIALS_FOLDER, copied_into_case, recover_copies
from bundler.errors import CaseError, CaseUnreadableError, FileChangedError, reason
from bundler.file_record import FileRecord
from bundler.intake.entries import Entry, with_entries
from bundler.intake.qr_scan import read_pages
from bundler.intake.split import Basis, ForeignCodeError, ScanPart, propose_parts
from bundler.materials.folder import OpeningError, read_file, read_unchanged
from bundler.materials.reading import inspect_materials
from bundler.regulation.papers import Item
from bundler.regulation.rules import RULES, Severity
from bundler.sandbox import SandboxWorker

MAX_TRIES = 8

_TO_SIGN: dict[Item, str] = {
    Item.ACCEPTANCE_SERVICE: "signed_on（签收日期）",
    Item.REPLY_SERVICE: "signed_on（签收日期）或者 posted_on（交寄日期）",
    Item.EXPLANATION_SERVICE: "signed_on（签收日期）",
    Item.COMMITMENT: "signed_on（签名日期）",
    Item.CONVERSATION_RECORD: "signed_on（签名日期）",
}
"""What no scan can tell, and the gate asks for."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that is to go into a case.

    Attributes:
        path: where it lies.
        name: what it is called, which is not always how it lies there.
        record: what is known of it.
        present: what is known of the files that the case has already, by their names there.
        pieces: the papers that it is proposed to be.
        inside: its name in the case where it lies there already; else None.
        refusal: why it cannot go in, in Chinese; empty when it can.
        fix: what to do about that.
    """

    path: Path
    name: str
    record: FileRecord
    present: Mapping[str, FileRecord]
    pieces: tuple[ScanPart, ...] = ()
    inside: str | None = None
    refusal: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """An entry that was made: its place in the materials, from 0, and what remains to be filled in."""

    index: int
    piece: ScanPart
    file: str
    to_fill: tuple[str, ...]


def scan_file(  # noqa: PLR0913 (what, for which case, what a person says of it, and who looks)
    path: Path,
    folder: Path,
    case: Case,
    items: Sequence[Item] = (),
    pages: str | None = None,
    *,
    name: str = "",
    worker: SandboxWorker | None = None,
) -> Scan:
    """What a file is, and which papers of the case it seems to hold.

    Args:
        path: the file.
        folder: the case folder.
        case: the case.
        items: what a person says that the file is; then nothing is proposed.
        pages: which pages the person means; None for all.
        name: what it is called; empty where it lies under its own name.
        worker: the process that looks into files; without, it is started where it is needed.
    """
    name = name or path.name
    record = inspect_materials(path.parent, [path.name], worker)[path.name]
    present = inspect_materials(folder, [one.file for one in case.materials], worker)
    scan = Scan(path, name, record, present, inside=_inside(path, folder))
    refusal = next((one for one in record.problems if RULES[one.rule].severity is Severity.ERROR), None)
    if refusal is not None or not record.media_type:
        told = f"[{refusal.rule}] {refusal.message}" if refusal else "读不出来。"
        return replace(scan, refusal=told, fix=refusal.fix if refusal else "")
    if items:
        return _by_hand(scan, items, pages)
    try:
        looks = read_pages(read_unchanged(path.parent, path.name, record.sha256), record, worker)
        blank = {number for number, page in enumerate(record.pages, start=1) if page.blank}
        return replace(scan, pieces=propose_parts(name, looks, blank, case.registration.no))
    except FileChangedError as error:
        return replace(scan, refusal=error.message, fix=error.fix)
    except ForeignCodeError as error:
        told = f"第 {error.page} 页的二维码不是本案的。"
        if case.registration.no is None:
            told = f"第 {error.page} 页有二维码，本案还没有登记号，无从核对。"
        return replace(scan, refusal=told, fix="请核对是不是拿错了案件；本案的登记号写在 registration.no。")


def _by_hand(scan: Scan, items: Sequence[Item], pages: str | None) -> Scan:
    total = len(scan.record.pages)
    first, _, last = pages.partition("-") if pages else ("1", "-", str(max(total, 1)))
    if pages and not int(first) <= int(last or first) <= total:
        return replace(scan, refusal=f"只有 {total} 页，取不到 {pages} 页。", fix="请改正 --pages。")
    piece = ScanPart(int(first), int(last or first), tuple(items), Basis.HAND, is_whole=pages is None)
    return replace(scan, pieces=(piece,))


def _inside(path: Path, folder: Path) -> str | None:
    """The file's name relative to the case folder, where it lies below it; a hidden one is none of the case's."""
    here, root = path.parent.resolve() / path.name, folder.resolve()
    name = here.relative_to(root).as_posix() if here.is_relative_to(root) else None
    return None if name is None or f"/{name}".count("/.") else name


@contextlib.contextmanager
def case_lock(folder: Path) -> Iterator[bool]:
    """Work in a case while no other of ours does; what a killed one left half-made is taken away first.

    It yields False where the disk knows no locks, and nothing was taken away.

    Raises:
        CaseUnreadableError: the folder is gone.
    """
    with contextlib.ExitStack() as stack:
        try:
            is_alone = stack.enter_context(folder_lock(folder, MATERIALS_FOLDER, wait=True))
        except OSError as error:
            raise CaseUnreadableError(
                f"“{folder.name}”打不开：{reason(error)}。", fix="请检查案件文件夹是不是移走或者改名了。"
            ) from error
        if is_alone:
            recover_copies(folder)
        yield is_alone


def find_filed(scan: Scan, piece: ScanPart, case: Case) -> str | None:
    """The file under which the same pages of the same bytes are in the case already."""
    for material in case.materials:
        same = scan.present[material.file].sha256 == scan.record.sha256
        if same and material.pages in {piece.pages, f"{piece.first}-{piece.last}"}:
            return material.file
    return None


def file_scan(scan: Scan, pieces: Sequence[ScanPart], folder: Path) -> tuple[Filed, ...]:
    """Copy a scan into the case and add its papers to case.json.

    Raises:
        CaseError: case.json cannot take them, or is changed by somebody again and again.
        OutputError: it cannot be written; the copy is taken away again.
        FileChangedError: the scan is no longer the one that was looked at.
    """
    data = read_unchanged(scan.path.parent, scan.path.name, scan.record.sha256)
    with case_lock(folder):
        name, first = _place(scan, pieces, folder, data)
    return tuple(
        Filed(index, piece, name, tuple(dict.fromkeys(_TO_SIGN[item] for item in piece.items if item in _TO_SIGN)))
        for index, piece in enumerate(pieces, start=first)
    )


def _place(scan: Scan, pieces: Sequence[ScanPart], folder: Path, data: bytes) -> tuple[str, int]:
    """Copy and enter a scan; its name in the case, and the place of its first entry."""
    name = scan.inside or find_same_file(scan)
    if name is not None:
        return name, _append(folder, [material_entry(piece, name) for piece in pieces])
    with copied_into_case(folder, scan.name, data) as copy:
        first = _append(folder, [material_entry(piece, copy.name) for piece in pieces])
        copy.is_kept = True
    return copy.name, first


def material_entry(piece: ScanPart, name: str) -> Entry:
    """A paper as case.json enters it."""
    entry: Entry = {"items": [item.value for item in piece.items], "file": name}
    return entry if piece.pages is None else {**entry, "pages": piece.pages}


def find_same_file(scan: Scan) -> str | None:
    """A file of the case that is this very scan, so that it is not stored twice."""
    return next((name for name, record in scan.present.items() if record.sha256 == scan.record.sha256), None)


def _append(folder: Path, entries: Sequence[Entry]) -> int:
    """Add entries to case.json, whoever else writes it meanwhile; the index of the first."""
    for _ in range(MAX_TRIES):
        before = _case_bytes(folder)
        try:
            after = with_entries(before, entries)
        except ValueError:
            raise CaseError("case.json 现在读不出来。", fix="请先按 bundler check 的提示改正。") from None
        if replace_unchanged(folder / CASE_FILE, before, after):
            return _count(after) - len(entries)
    raise CaseError("case.json 一直在被别的程序改动，没有加入。", fix="请等它写完后重新运行。")


def _case_bytes(folder: Path) -> bytes:
    try:
        return read_file(folder, CASE_FILE)
    except OpeningError as error:
        raise CaseError(f"case.json {error.message}", fix=error.fix) from error


def _count(data: bytes) -> int:
    import json

    return len(json.loads(data.decode("utf-8-sig"))["materials"])
