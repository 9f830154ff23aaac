"""What the last batch left: its report, looked up row by row; a path never comes from a browser."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bundler.batch.local_executor import LocalExecutor
from bundler.case.discovery import find_cases
from bundler.desk.settings import DeskSettings
from bundler.digest import sha256_of_stream
from bundler.errors import BundlerError
from bundler.file_reading import read_bounded
from bundler.materials.folder import OpeningError, open_file
from bundler.profile import Profile
from bundler.reports.case_result import BUNDLES, RETURNED

REPORTS = {"report.pdf": "汇总报告（PDF）", "report.xlsx": "台账和汇总表（Excel）", "report.json": "全部结果（JSON）"}
_MOST = 256 * 1024 * 1024
_KEY_DIGITS = 16


@dataclass(frozen=True, slots=True)
class BatchEntry:
    """A case of the batch.

    Attributes:
        key: what the browser calls its output.
        case: the folder, as the report names it.
        number: its registration number; empty for none.
        output: the bundle or the notice, relative to the output folder.
        errors: what it was returned for.
    """

    key: str
    case: str
    number: str
    output: str
    errors: int

    @property
    def is_bundled(self) -> bool:
        """Whether there is a bundle."""
        return self.output.startswith(f"{BUNDLES}/")


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file of the output folder that may be handed out: where it lies, and its digest."""

    path: Path
    sha256: str


def read_entries(out: Path) -> tuple[BatchEntry, ...]:
    """Every case of the last batch; none where there was none."""
    try:
        tree = json.loads(read_bounded(out / "report.json", _MOST))
        return tuple(_entry(one) for one in tree["cases"])
    except (OSError, ValueError, KeyError, TypeError, BundlerError):
        return ()


def _entry(tree: dict[str, Any]) -> BatchEntry:
    output = str(tree["output"])
    errors = sum(found["severity"] == "error" for found in tree["findings"])
    key = hashlib.sha256(output.encode("utf-8", "replace")).hexdigest()[:_KEY_DIGITS]
    return BatchEntry(key, str(tree["case"]), str(tree["registration_no"] or ""), output, errors)


def find_output(out: Path, key: str) -> OutputFile | None:
    """The bundle or notice that a browser's word means."""
    found = next((one.output for one in read_entries(out) if one.key == key), None)
    return _file(out, found) if found and found.startswith((f"{BUNDLES}/", f"{RETURNED}/")) else None


def find_report(out: Path, name: str) -> OutputFile | None:
    """A report by its name."""
    return _file(out, name) if name in REPORTS else None


def _file(out: Path, name: str) -> OutputFile | None:
    try:
        with open_file(out, name) as file:
            return OutputFile(out / name, sha256_of_stream(file))
    except (OpeningError, OSError):
        return None


Export = Callable[[Path, Path, date, Profile], bytes]


def run_export(book: Export, desk: DeskSettings) -> bytes:
    """A book's bytes."""
    with LocalExecutor(1) as executor:
        return executor.submit(book, desk.root, desk.out, desk.today(), desk.profile).result()


def export_ledger(root: Path, out: Path, today: date, profile: Profile) -> bytes:
    """The ledgers (台账) as a workbook."""
    from bundler.ledger.case_status import case_statuses
    from bundler.ledger.export import ledger_workbook

    return ledger_workbook(list(case_statuses(find_cases(root, skip=out), today=today, profile=profile)), root, today)


def export_agenda(root: Path, out: Path, today: date, profile: Profile) -> bytes:
    """The open deadlines as a calendar file."""
    from bundler.ledger.case_status import case_statuses
    from bundler.ledger.ics_calendar import calendar_bytes

    return calendar_bytes(case_statuses(find_cases(root, skip=out), today=today, profile=profile))
