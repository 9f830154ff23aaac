"""The files that the batch page offers: reports and outputs of the last batch, the ledgers, and the deadlines.

The browser sends a key, which is looked up in the batch's report; nothing that it sends becomes a part of a path.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bundler.atomic_write import write_atomic
from bundler.batch.local_executor import LocalExecutor
from bundler.batch.worker_tasks import SUBMISSION_FOLDER
from bundler.case.find_case_folders import find_cases
from bundler.desk.settings import DeskSettings
from bundler.digest import sha256_of, sha256_of_stream
from bundler.errors import BundlerError
from bundler.file_reading import read_bounded
from bundler.materials.safe_opening import OpeningError, open_file
from bundler.profile import Profile
from bundler.regulation.papers import BundleKind
from bundler.reports.case_result import BUNDLES, RETURNED

REPORTS = {"report.pdf": "汇总报告（PDF）", "report.xlsx": "台账和汇总表（Excel）", "report.json": "全部结果（JSON）"}
REPORT_FILE_NAMES = {"report.pdf": "汇总报告.pdf", "report.xlsx": "台账和汇总表.xlsx", "report.json": "全部结果.json"}
"""The names under which a browser saves the reports."""
SUBMISSION_TITLE = "报送包"
_MAX_REPORT_BYTES = 256 * 1024 * 1024
_KEY_DIGITS = 16
_LAST_CALENDAR = Path(".desk") / "calendar.ics"
"""The calendar that was given out last, below the folder of cases."""
Export = Callable[[Path, Path, date, Profile], bytes]
"""Makes a file from all cases. Arguments: their folder, the output folder of batches, today, and the court."""


@dataclass(frozen=True, slots=True)
class BatchEntry:
    """A case in the report of the last batch.

    Attributes:
        key: the key of its output in an address.
        case: the case folder, as the report names it.
        number: its registration number (登记号); empty for none.
        output: the bundle or the return notice, relative to the output folder; empty for a case in progress.
        errors: the number of errors that it was returned for.
        label: the result in Chinese, such as 成卷（待盖章）.
    """

    key: str
    case: str
    number: str
    output: str
    errors: int
    label: str

    @property
    def status(self) -> str:
        """Bundled, returned, or open: in progress, without an output."""
        if not self.output:
            return "open"
        return "bundled" if self.is_bundled else "returned"

    @property
    def is_bundled(self) -> bool:
        """Whether the output is a bundle."""
        return self.output.startswith(f"{BUNDLES}/")


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file of the output folder that may be sent: its path and its SHA-256."""

    path: Path
    sha256: str


def read_entries(out: Path) -> tuple[BatchEntry, ...]:
    """The cases of the last batch, those to be mended first; none where there is no readable report."""
    try:
        report = json.loads(read_bounded(out / "report.json", _MAX_REPORT_BYTES))
        goes_up = {str(case["output"]) for case in report.get("submission", ())}
        went_up = {str(case["output"]) for case in report.get("went_up_before", ())}
        entries = [_entry(case, goes_up, went_up) for case in report["cases"]]
        return tuple(sorted(entries, key=lambda entry: _ORDER.index(entry.status)))
    except (OSError, ValueError, KeyError, TypeError, BundlerError):
        return ()


def results_stamp(out: Path) -> str:
    """A text that changes when a batch writes its report; empty where there is none."""
    try:
        status = (out / "report.json").stat(follow_symlinks=False)
    except OSError:
        return ""
    return f"{status.st_mtime_ns} {status.st_size} {status.st_ino}"


_ORDER = ("returned", "open", "bundled")


def _entry(case: dict[str, Any], goes_up: Container[str], went_up: Container[str]) -> BatchEntry:
    output = str(case["output"] or "")
    errors = sum(finding["severity"] == "error" for finding in case["findings"])
    key = sha256_of(output.encode("utf-8", "replace"))[:_KEY_DIGITS]
    label = f"退回，{errors} 处" if output else "在办"
    if output.startswith(f"{BUNDLES}/"):
        label = _label_of_bundle(case, goes_up=output in goes_up, went_up=output in went_up)
    return BatchEntry(key, str(case["case"]), str(case["registration_no"] or ""), output, errors, label)


def _label_of_bundle(case: dict[str, Any], *, goes_up: bool, went_up: bool) -> str:
    """The result of a bundled case; of a write-off also whether it goes up, awaits a seal, or went up before."""
    if case.get("kind") != BundleKind.WRITE_OFF.value:
        return "成卷"
    if goes_up:
        return "成卷（报请核销）"
    is_unsealed = any(finding["rule"] == "ART16-UNSEALED" for finding in case["findings"])
    return "成卷（待盖章）" if is_unsealed and not went_up else "成卷（不再报送）"


def find_output(out: Path, key: str) -> OutputFile | None:
    """The bundle or return notice with a key; None for an unknown key or a file that is gone."""
    output = next((entry.output for entry in read_entries(out) if entry.key == key), None)
    return _open_output(out, output) if output and output.startswith((f"{BUNDLES}/", f"{RETURNED}/")) else None


def find_report(out: Path, name: str) -> OutputFile | None:
    """The report of a name; None for an unknown name or a file that is gone."""
    return _open_output(out, name) if name in REPORTS else None


def pack_submission(out: Path) -> Path | None:
    """The submission (报送包) of the last batch as a zip in a temporary file, which the caller removes; None where there is none."""
    folder = out / SUBMISSION_FOLDER
    if not has_submission(out):
        return None
    handle, name = tempfile.mkstemp(prefix="bundler-zip-", suffix=".zip")
    with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                packed.write(path, f"{SUBMISSION_TITLE}/{path.relative_to(folder).as_posix()}", zipfile.ZIP_STORED)
    return Path(name)


def has_submission(out: Path) -> bool:
    """Whether the last batch wrote a submission."""
    folder = out / SUBMISSION_FOLDER
    return folder.is_dir() and not folder.is_symlink()


def _open_output(out: Path, name: str) -> OutputFile | None:
    try:
        with open_file(out, name) as file:
            return OutputFile(out / name, sha256_of_stream(file))
    except (OpeningError, OSError):
        return None


def run_export(export: Export, settings: DeskSettings) -> bytes:
    """The bytes of an export, made in a worker process, since it reads thousands of cases."""
    with LocalExecutor(1) as executor:
        return executor.submit(export, settings.root, settings.out, settings.today(), settings.profile).result()


def export_ledger(root: Path, out: Path, today: date, profile: Profile) -> bytes:
    """The ledgers (台账) as a workbook."""
    from bundler.ledger.case_deadlines import ledger_statuses
    from bundler.ledger.export_ledgers import ledger_workbook

    return ledger_workbook(list(ledger_statuses(find_cases(root, skip=out), today=today, profile=profile)), root, today)


def export_register(root: Path, out: Path, today: date, profile: Profile) -> bytes:
    """The register (登记簿) of Art. 12 as a workbook, phones masked."""
    from bundler.ledger.case_deadlines import ledger_statuses
    from bundler.ledger.petition_register import build_register, register_workbook

    cases = ledger_statuses(find_cases(root, skip=out), today=today, profile=profile)
    return register_workbook(build_register(cases), root, today, profile.regulation)


def export_calendar(root: Path, out: Path, today: date, profile: Profile) -> bytes:
    """The open deadlines as a calendar file (.ics); what the last one had and is done by now is cancelled in it."""
    from bundler.ledger.case_deadlines import ledger_statuses
    from bundler.ledger.ics_calendar import build_calendar

    last = root / _LAST_CALENDAR
    earlier = b""
    with contextlib.suppress(OSError, BundlerError):
        earlier = read_bounded(last, _MAX_REPORT_BYTES)
    cases = ledger_statuses(find_cases(root, skip=out), today=today, profile=profile)
    data = build_calendar(cases, today, earlier)
    # Where it cannot be kept, the calendar is complete but for what it would cancel.
    with contextlib.suppress(OSError, BundlerError):
        last.parent.mkdir(mode=0o700, exist_ok=True)
        write_atomic(last, data)
    return data
