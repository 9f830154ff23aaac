"""The rows of the case list: what it shows of a case, with numbers of persons masked; cached as JSON."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bundler.bundle.read_and_check_case import check_case
from bundler.case.identifiers import fold_registration_no, masked
from bundler.case.model import Case
from bundler.case.reader import read_case
from bundler.case_edit.read_version_cache import listed_files_stamp
from bundler.desk.case_list.next_step import NextStep, leader_steps, next_step
from bundler.desk.case_list.search_fields import SearchField, read_court_people, read_search_fields
from bundler.digest import sha256_of
from bundler.gate.check import kind_of
from bundler.gate.check_result import CheckResult
from bundler.ledger.case_deadlines import (
    CaseStatus,
    Urgency,
    assigning_body_of,
    case_status_of,
    case_statuses,
    handler_of,
    petitioners_of,
)
from bundler.ledger.reception_bookings import appointments_of
from bundler.printable_text import replace_surrogates
from bundler.profile import Profile

_NICENESS = 10
"""Of the process that checks cases: pages that are waited for go first."""


@dataclass(frozen=True, slots=True)
class OpenDeadline:
    """A deadline that is not met yet.

    Attributes:
        rule: its rule.
        day: its day (ISO).
        provisional: no official calendar covers it yet.
        is_unproven: it is that of a reply that was given, and whose service is not proven.
    """

    rule: str
    day: str
    provisional: bool
    is_unproven: bool = False


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in the list. The cache holds these fields: a change of them needs a new number in `case_index`.

    Attributes:
        name: its folder, relative to the desk's.
        number: its registration number (登记号), or its folder's name.
        folded: its number in a normal form, in which duplicates are equal; empty for none.
        petitioners, handler: their names.
        kind: the kind of its bundle; empty where the case cannot be read.
        ledgers: the ledgers (台账) that list it.
        dues: its open deadlines, the next first.
        papers: each paper of the checklist with its status; empty until the gate has checked the case.
        errors: the number of errors; None until the gate has checked the case.
        fault: why the case could not be read or checked; empty where it could.
        files: the files that it names, which its stamp covers.
        stamp: the stamp of its files when it was read.
        day: the day (ISO) of the gate's check; empty where there was none.
        court_people: the people of the court in the case, as part and name.
        next_step: what its clerk does next; None until the gate has checked the case, and where it cannot be read.
        leader_steps: what waits in it for a court leader.
        appointments: the times (ISO, to the minute) of appointments of which no result is recorded, the earliest first.
        version: the SHA-256 of its case.json when the gate checked it.
        assigned: the body that assigned it (交办机关) and the number of its notice; empty for none.
        lacks_date: its deadlines cannot be counted, because a date is not filled in.
        search_fields: the texts in which the list searches. They hold phone numbers, so the cache does not keep them: they
            are empty until they are read again.
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
    court_people: tuple[tuple[str, str], ...] = ()
    lacks_date: bool = False
    assigned: str = ""
    next_step: NextStep | None = None
    leader_steps: tuple[NextStep, ...] = ()
    appointments: tuple[str, ...] = ()
    version: str = ""
    search_fields: tuple[SearchField, ...] = ()

    @property
    def is_readable(self) -> bool:
        """Whether the case could be read."""
        return bool(self.kind)

    @property
    def is_complete(self) -> bool:
        """Whether the gate found no error."""
        return self.errors == 0 and self.is_readable


def unchecked_row(root: Path, folder: Path, today: date, profile: Profile) -> CaseRow:
    """The row of a case from its case.json alone, which is quick; the gate has not checked it."""
    before = listed_files_stamp(folder, ())
    (status,) = case_statuses([folder], today=today, profile=profile)
    row = _row(root, status)
    # A file that changed while it was read gets no stamp, so that it is read again.
    return (
        replace(row, stamp=listed_files_stamp(folder, row.files)) if listed_files_stamp(folder, ()) == before else row
    )


def checked_row(root: Path, folder: Path, today: date, profile: Profile) -> CaseRow:
    """The row of a case with the results of the gate."""
    case = read_case(folder).case
    files = case.named_files if case else ()
    stamp = listed_files_stamp(folder, files)
    checked = check_case(str(folder), kind=None, today=today, profile=profile)
    if checked.reading.case is None:
        findings = checked.reading.findings
        status = CaseStatus(folder, fault=findings[0].message if findings else "读不出来。")
        return replace(_row(root, status), stamp=stamp, day=today.isoformat())
    row = _row(
        root,
        case_status_of(folder, checked.reading.case, checked.check_result.deadlines, today, profile.regulation),
    )
    return replace(
        row,
        papers=_paper_statuses(checked.check_result),
        errors=len(checked.check_result.errors),
        stamp=stamp if row.files == files else "",
        day=today.isoformat(),
        next_step=next_step(checked, profile.regulation),
        leader_steps=tuple(leader_steps(checked.reading.case, profile.regulation)),
        version=sha256_of(checked.reading.data),
    )


def checked_rows(root: Path, folders: Iterable[Path], today: date, profile: Profile) -> list[CaseRow]:
    """The checked rows of several cases; called in a worker process, whose priority it lowers."""
    os.nice(_NICENESS)
    return [checked_row(root, folder, today, profile) for folder in folders]


def _paper_statuses(result: CheckResult) -> tuple[tuple[str, str], ...]:
    return tuple((line.item.value, line.status.value) for line in result.checklist)


def _row(root: Path, status: CaseStatus) -> CaseRow:
    case, name = status.case, status.folder.relative_to(root).as_posix()
    search_fields = read_search_fields(status.folder)
    if case is None:
        return CaseRow(name, status.number, fault=masked(status.fault), search_fields=search_fields)
    return CaseRow(
        name=name,
        number=status.number,
        folded=fold_registration_no(case.registration.no) if case.registration.no else "",
        petitioners=masked(petitioners_of(case)),
        handler=masked(handler_of(case)),
        kind=kind_of(case, None).value,
        ledgers=tuple(case.ledgers),
        dues=_open_deadlines(status),
        files=case.named_files,
        court_people=read_court_people(case.model_dump(mode="json", exclude_none=True)),
        lacks_date=_lacks_date(case),
        assigned=masked("，".join(filter(None, assigning_body_of(case)))),
        appointments=_open_appointments(case),
        search_fields=search_fields,
    )


def _open_appointments(case: Case) -> tuple[str, ...]:
    open_ones = (one for one in appointments_of(case) if one.outcome is None)
    return tuple(sorted(one.reserved_for.isoformat("T", "minutes") for one in open_ones if one.reserved_for))


def _lacks_date(case: Case) -> bool:
    """Whether a deadline cannot be counted because a date is not filled in."""
    is_undated_feedback = case.assignment is not None and case.assignment.feedback_due is None
    return case.decision != "declined" and (case.registration.received_on is None or is_undated_feedback)


def _open_deadlines(status: CaseStatus) -> tuple[OpenDeadline, ...]:
    unmet = sorted((one for one in status.deadlines if one.done is None), key=lambda one: (one.due, one.rule))
    unproven = {task.rule for task in status.tasks if task.urgency is Urgency.UNPROVEN}
    return tuple(OpenDeadline(one.rule, one.due.isoformat(), one.provisional, one.rule in unproven) for one in unmet)


_ROWS = TypeAdapter(list[CaseRow])


def rows_to_json(rows: Iterable[CaseRow]) -> bytes:
    """Rows as JSON, for the cache, without what is searched.

    A row whose folder's name is not UTF-8 is left out, and read again after a start.
    """
    kept = [replace(row, search_fields=()) for row in rows if row.name == replace_surrogates(row.name)]
    return _ROWS.dump_json(kept, ensure_ascii=True)


def rows_from_json(data: bytes) -> list[CaseRow]:
    """The rows of cached JSON; none where it does not fit."""
    try:
        return _ROWS.validate_json(data)
    except ValidationError:
        return []
