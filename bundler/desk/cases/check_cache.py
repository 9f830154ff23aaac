"""What the gate said of the cases that people have before them, for as long as their files lie there unchanged."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bundler.bundle.check import CheckedCase, check_case
from bundler.case.reader import CASE_FILE, MAX_CASE_BYTES
from bundler.case_edit.snapshot import folder_stamp
from bundler.desk.cases.latest import Latest
from bundler.desk.settings import DeskSettings
from bundler.file_reading import read_bounded
from bundler.regulation.papers import BundleKind

_MAX_ENTRIES = 100
_SETTLE_SECONDS = 0.1
"""Seconds; a file that changed later may change once more without its time being another."""


@dataclass(frozen=True, slots=True)
class _CachedCheck:
    """What the gate said on a day, how the files lay then, and the bytes of case.json: those are always compared."""

    day: date
    folder_stamp: str
    data: bytes
    examined: CheckedCase


class CheckCache:
    """The latest of them; a page, its pieces and all who watch the case share one."""

    def __init__(self, most: int = _MAX_ENTRIES) -> None:
        self._latest = Latest[tuple[Path, BundleKind | None], _CachedCheck](most)

    def of(self, folder: Path, kind: BundleKind | None, desk: DeskSettings) -> CheckedCase:
        """What the gate says of a case as it lies there now.

        Args:
            folder: the case folder.
            kind: what it is checked as; None: what it says itself.
            desk: whose day and court count.
        """
        day, lies, data = desk.today(), folder_stamp(folder), _data(folder)
        kept = self._latest.get((folder, kind))
        if kept is not None and (kept.day, kept.folder_stamp, kept.data) == (day, lies, data):
            return kept.examined
        examined = check_case(str(folder), kind=kind, today=day, profile=desk.profile)
        if _is_settled(examined) and examined.reading.data == data and folder_stamp(folder) == lies:
            self._latest.keep((folder, kind), _CachedCheck(day, lies, data, examined))
        return examined


def _data(folder: Path) -> bytes:
    try:
        return read_bounded(folder / CASE_FILE, MAX_CASE_BYTES)
    except OSError:
        return b""


def _is_settled(examined: CheckedCase) -> bool:
    """Whether the stamp will tell of each change: hidden files are not in it, and the newest may be too new."""
    case, folder = examined.reading.case, examined.reading.folder
    names = [one.file for one in case.materials] if case else []
    if any("/." in f"/{name}" or name.startswith("/") for name in names):
        return False
    newest = max((_changed_at(folder / name) for name in names), default=0.0)
    return time.time() - newest > _SETTLE_SECONDS


def _changed_at(path: Path) -> float:
    try:
        status = path.stat(follow_symlinks=False)
    except (OSError, ValueError):
        return 0.0
    return max(status.st_mtime, status.st_ctime)
