"""A case as the desk's pages show it: read, checked by the gate, and cached until a file of it changes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from bundler.bundle.read_and_check_case import CheckedCase, check_case
from bundler.case.model import Case
from bundler.case.reader import CASE_FILE, MAX_CASE_BYTES
from bundler.case_edit.read_version_cache import Snapshot, Tree, folder_stamp, snapshot_of
from bundler.desk.case_registry import CaseRef
from bundler.desk.cases.findings_due_at_stage import CaseStage, due_errors, stage_of_case
from bundler.desk.cases.lru_cache import LruCache
from bundler.desk.settings import DeskSettings
from bundler.file_reading import read_bounded
from bundler.ledger.case_deadlines import CaseStatus, Task, case_status_of, petitioners_of
from bundler.regulation.findings import Finding
from bundler.regulation.model import Regulation
from bundler.regulation.papers import BundleKind, Item
from bundler.regulation.rule_codes import Severity

_MAX_ENTRIES = 100
_SETTLE_SECONDS = 0.1
"""A file that changed less than this ago may change again without getting another modification time."""


@dataclass(frozen=True)
class CaseView:
    """A case, read and checked.

    Attributes:
        ref: the case's key and folder.
        checked: the case as read, and the gate's check result.
        settings: the desk's settings.
    """

    ref: CaseRef
    checked: CheckedCase
    settings: DeskSettings

    @property
    def case(self) -> Case | None:
        """The case; None where case.json cannot be read."""
        return self.checked.reading.case

    @property
    def number(self) -> str:
        """The registration number (登记号); empty where it has none."""
        return self.checked.check_result.registration_no or ""

    @property
    def petitioners(self) -> str:
        """The petitioners' names, joined."""
        return petitioners_of(self.case) if self.case else ""

    @property
    def tree(self) -> Tree:
        """The content of case.json; empty where it is no JSON object."""
        return self.checked.reading.parsed

    @cached_property
    def snapshot(self) -> Snapshot | None:
        """The version of case.json that is shown, to merge edits with; None where it is no JSON object."""
        return snapshot_of(self.checked.reading) if self.checked.reading.tree is not None else None

    @property
    def version(self) -> str:
        """The SHA-256 of case.json as read; empty where it is no JSON object."""
        return self.snapshot.version if self.snapshot else ""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the gate closed."""
        return self.checked.check_result.errors

    @cached_property
    def stage(self) -> CaseStage:
        """How far the case is, and which findings only a later stage settles."""
        return stage_of_case(self.checked.check_result, self.tree)

    @property
    def due_errors(self) -> tuple[Finding, ...]:
        """Those errors that are due at the stage of the case."""
        return due_errors(self.errors, self.stage)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that do not keep the gate closed."""
        return tuple(one for one in self.checked.check_result.findings if one.severity is not Severity.ERROR)

    @property
    def regulation(self) -> Regulation:
        """The regulation that the court goes by."""
        return self.settings.profile.regulation

    @cached_property
    def next_task(self) -> Task | None:
        """The task with the earliest deadline; None where nothing is due."""
        status = self.status
        return status.tasks[0] if status and status.tasks else None

    @cached_property
    def status(self) -> CaseStatus | None:
        """The stage and deadlines of the case; None where it cannot be read."""
        if self.case is None:
            return None
        folder, deadlines = self.checked.reading.folder, self.checked.check_result.deadlines
        return case_status_of(folder, self.case, deadlines, self.settings.today(), self.regulation)

    @property
    def missing(self) -> tuple[Item, ...]:
        """The items of the checklist that the case lacks."""
        return tuple(line.item for line in self.checked.check_result.checklist if line.status == "missing")


@dataclass(frozen=True, slots=True)
class _CachedCheck:
    """A check, and what it depended on.

    Attributes:
        day: the day by which deadlines were counted.
        stamp: the stamp of the case's files.
        data: the bytes of case.json, which are always compared, since a time stamp may miss a change.
    """

    day: date
    stamp: str
    data: bytes
    checked: CheckedCase


class CheckCache:
    """The latest checks; a page, its fragments and everybody who watches the case share one."""

    def __init__(self, max_entries: int = _MAX_ENTRIES) -> None:
        self._cache = LruCache[tuple[Path, BundleKind | None], _CachedCheck](max_entries)

    def check(self, folder: Path, kind: BundleKind | None, settings: DeskSettings) -> CheckedCase:
        """Check a case, unless nothing changed since it was checked.

        Args:
            folder: the case folder.
            kind: the kind of bundle to check for; None: the kind that the case itself states.
            settings: the desk's settings, for the day and the court.
        """
        day, stamp, data = settings.today(), folder_stamp(folder), _case_bytes(folder)
        cached = self._cache.get((folder, kind))
        if cached is not None and (cached.day, cached.stamp, cached.data) == (day, stamp, data):
            return cached.checked
        checked = check_case(str(folder), kind=kind, today=day, profile=settings.profile)
        if _is_settled(checked) and checked.reading.data == data and folder_stamp(folder) == stamp:
            self._cache.put((folder, kind), _CachedCheck(day, stamp, data, checked))
        return checked


def _case_bytes(folder: Path) -> bytes:
    try:
        return read_bounded(folder / CASE_FILE, MAX_CASE_BYTES)
    except OSError:
        return b""


def _is_settled(checked: CheckedCase) -> bool:
    """Whether the stamp will show every change: it omits hidden files, and the newest file may be too new."""
    case, folder = checked.reading.case, checked.reading.folder
    names = [one.file for one in case.materials] if case else []
    if any("/." in f"/{name}" or name.startswith("/") for name in names):
        return False
    newest = max((_change_time(folder / name) for name in names), default=0.0)
    return time.time() - newest > _SETTLE_SECONDS


def _change_time(path: Path) -> float:
    try:
        status = path.stat(follow_symlinks=False)
    except (OSError, ValueError):
        return 0.0
    return max(status.st_mtime, status.st_ctime)
