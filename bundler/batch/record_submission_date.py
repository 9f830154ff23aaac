"""Record in the cases of a submission that they were sent, after a person sent them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bundler.batch.worker_tasks import SUBMISSION_FOLDER
from bundler.case.identifiers import fold_registration_no
from bundler.case.reader import read_registration_number
from bundler.case_edit.change_operations import ABSENT, Put
from bundler.case_edit.read_version_cache import read_snapshot
from bundler.case_edit.save import Saved, save_changes
from bundler.errors import CaseError
from bundler.file_reading import read_bounded

_MAX_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SubmittedEntry:
    """A case of a submission: its folder, relative to that of the batch, and its registration number."""

    case: str
    registration_no: str


def read_submission(out: Path) -> tuple[SubmittedEntry, ...]:
    """The cases of the submission in an output folder; none where there is none, or its report cannot be read."""
    if not (out / SUBMISSION_FOLDER).is_dir():
        return ()
    try:
        tree = json.loads(read_bounded(out / "report.json", _MAX_BYTES))
        return tuple(SubmittedEntry(str(one["case"]), str(one["registration_no"])) for one in tree["submission"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ()


def record_submission(root: Path, entry: SubmittedEntry, on: date) -> None:
    """Write the day of the report (上报日期) into a case; an earlier answer of the superior court goes into the history.

    Raises:
        CaseError: the case is gone, has another number now, or was changed at the same time; nothing was written.
        OutputError: it cannot be written.
    """
    folder = root / entry.case
    if not folder.resolve().is_relative_to(root.resolve()):
        raise CaseError("不在放案件的文件夹里。", fix="请核对 report.json。")
    number = read_registration_number(folder)
    if number is None or fold_registration_no(number) != fold_registration_no(entry.registration_no):
        raise CaseError("案件不在了，或者登记号改过。", fix="请重新运行批处理。")
    snapshot = read_snapshot(folder)
    changes = (
        Put("/write_off/reported_on", on.isoformat()),
        Put("/write_off/answer", ABSENT),
        Put("/write_off/answered_on", ABSENT),
    )
    outcome = save_changes(folder, snapshot.version, changes, seen=snapshot.tree, action="submit")
    if not isinstance(outcome, Saved):
        raise CaseError("案件数据正在被改动，或者不合要求。", fix="请稍后再试。")
