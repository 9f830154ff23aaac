"""A case in the list: what is shown of it, as a record that can be kept; personal numbers are covered already."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bundler.bundle.check import check_case
from bundler.case.identifiers import fold_registration_no, masked
from bundler.case.model import Case
from bundler.case.reader import CASE_FILE, read_case
from bundler.case_edit.material_files import MATERIALS_FOLDER
from bundler.file_reading import file_stamp
from bundler.gate.check import kind_of
from bundler.gate.check_result import CheckResult, Deadline
from bundler.ledger.case_status import CaseStatus, case_statuses, handler_of, petitioners_of
from bundler.profile import Profile

_POLITE = 10


@dataclass(frozen=True, slots=True)
class OpenDeadline:
    """An open deadline: its rule, its day (ISO), and whether no official calendar is there yet."""

    rule: str
    day: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as the list knows it.

    Attributes:
        name: its folder, relative to the desk's.
        number: its registration number (登记号), or its folder's name.
        folded: its number however it is written, by which two that share one are found; empty for none.
        petitioners, handler: their names.
        kind: what is to become of it; empty where it cannot be read.
        ledgers: the ledgers (台账) in which it stands.
        dues: its open deadlines, what is due first standing first.
        papers: each paper of the gate's checklist with its status; none as long as the gate was not asked.
        errors: what must be mended; None as long as the gate was not asked.
        fault: why it could not be read, or not be checked; empty where it could.
        files: the files that it names, by which it is known to be unchanged.
        stamp: how its files lay when it was read.
        day: the day (ISO) on which the gate was asked; empty where it was not.
    """

    name: str
    number: str
    folded: str = ""
    petitioners: str = ""
    handler: str = ""
    kind: str = ""
    ledgers: tuple[str, ...] = ()
    dues: tuple[OpenDeadline, ...] = ()
    papers: tuple[tuple[str, str], ...] = ()
    errors: int | None = None
    fault: str = ""
    files: tuple[str, ...] = ()
    stamp: str = ""
    day: str = ""

    @property
    def is_readable(self) -> bool:
        """Whether there is a case."""
        return bool(self.kind)

    @property
    def is_complete(self) -> bool:
        """Whether the gate is open."""
        return self.errors == 0 and self.is_readable


def unchecked_row(root: Path, folder: Path, today: date, profile: Profile) -> CaseRow:
    """What case.json alone tells, without its papers: quick, for the time until the gate was asked."""
    before = case_files_stamp(folder, ())
    (standing,) = case_statuses([folder], today=today, profile=profile)
    row = _row(root, standing)
    # Written to while it was read, it bears no stamp, and is read again.
    return replace(row, stamp=case_files_stamp(folder, row.files)) if case_files_stamp(folder, ()) == before else row


def checked_row(root: Path, folder: Path, today: date, profile: Profile) -> CaseRow:
    """The case with what the gate says of it."""
    case = read_case(folder).case
    files = _files(case) if case else ()
    stamp = case_files_stamp(folder, files)
    examined = check_case(str(folder), kind=None, today=today, profile=profile)
    if examined.reading.case is None:
        findings = examined.reading.findings
        standing = CaseStatus(folder, fault=findings[0].message if findings else "读不出来。")
        return replace(_row(root, standing), stamp=stamp, day=today.isoformat())
    row = _row(root, CaseStatus(folder, examined.reading.case, examined.check_result.deadlines))
    return replace(
        row,
        papers=_papers(examined.check_result),
        errors=len(examined.check_result.errors),
        stamp=stamp if row.files == files else "",
        day=today.isoformat(),
    )


def checked_rows(root: Path, folders: Iterable[Path], today: date, profile: Profile) -> list[CaseRow]:
    """Several of them, in a process of its own that lets those go first who are waited for."""
    os.nice(_POLITE)
    return [checked_row(root, folder, today, profile) for folder in folders]


def _papers(check_result: CheckResult) -> tuple[tuple[str, str], ...]:
    return tuple((line.item.value, line.status.value) for line in check_result.checklist)


def _files(case: Case) -> tuple[str, ...]:
    return tuple(dict.fromkeys(material.file for material in case.materials))


def _row(root: Path, standing: CaseStatus) -> CaseRow:
    case, name = standing.case, standing.folder.relative_to(root).as_posix()
    if case is None:
        return CaseRow(name, standing.number, fault=masked(standing.fault))
    return CaseRow(
        name=name,
        number=standing.number,
        folded=fold_registration_no(case.registration.no) if case.registration.no else "",
        petitioners=masked(petitioners_of(case)),
        handler=masked(handler_of(case)),
        kind=kind_of(case, None).value,
        ledgers=tuple(case.ledgers),
        dues=_dues(standing.deadlines),
        files=_files(case),
    )


def _dues(deadlines: Iterable[Deadline]) -> tuple[OpenDeadline, ...]:
    open_ones = sorted((one for one in deadlines if one.done is None), key=lambda one: (one.due, one.rule))
    return tuple(OpenDeadline(one.rule, one.due.isoformat(), one.provisional) for one in open_ones)


_KEPT = TypeAdapter(list[CaseRow])


def rows_to_json(rows: Iterable[CaseRow]) -> bytes:
    """Rows as bytes that `rows_from_json` reads again."""
    return _KEPT.dump_json(list(rows), ensure_ascii=True)


def rows_from_json(data: bytes) -> list[CaseRow]:
    """The rows that were kept; none where these bytes are none."""
    try:
        return _KEPT.validate_json(data)
    except ValidationError:
        return []


def case_files_stamp(folder: Path, files: Iterable[str]) -> str:
    """A digest of size, time and identity of case.json, of the folder of papers and of the files that the case names.

    No file is opened and no link is followed; a name that leads out of the folder is not looked at.
    """
    digest = hashlib.blake2b(digest_size=12)
    for name in (CASE_FILE, MATERIALS_FOLDER, *files):
        digest.update(_lies(folder, name).encode("utf-8", "replace"))
    return digest.hexdigest()


def _lies(folder: Path, name: str) -> str:
    if name.startswith("/") or ".." in name.split("/"):
        return "outside;"
    return file_stamp(f"{folder}/{name}")
