"""The recycle bin of a folder of cases: whole case folders that were removed, until they are put back.

Each entry is a folder of its own in a hidden folder, with the case folder and a record of where it was, when it was removed
and by whom. Nothing is ever deleted from it.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_hex

from bundler import clock
from bundler.atomic_write import write_atomic
from bundler.case.find_case_folders import find_cases
from bundler.case.identifiers import fold_registration_no
from bundler.case.reader import read_registration_number
from bundler.case_edit.lock import case_lock, folder_lock
from bundler.case_edit.save import record_history
from bundler.errors import CaseError, UsageError, output_error
from bundler.materials.safe_opening import OpeningError, read_file

CASE_BIN = Path(".desk") / "bin"
"""Below the folder of cases; hidden, so that no case in it is found."""
_RECORD_FILE, _CASE_FOLDER = "entry.json", "case"
_KEY = re.compile(r"[0-9]{14}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class BinnedCase:
    """A case in the bin.

    Attributes:
        key: names it.
        name: where its folder was, relative to the folder of cases.
        number: its registration number (登记号); empty for none.
        at: when it was removed, in Beijing time (ISO).
        who: the account that removed it; empty where that is not known.
    """

    key: str
    name: str
    number: str
    at: str
    who: str


def bin_case(root: Path, folder: Path, *, actor: str = "") -> BinnedCase:
    """Move a case folder into the bin.

    Args:
        root: the folder of cases.
        folder: the case folder, below it.
        actor: the account that asks for it.

    Raises:
        CaseUnreadableError: the folder is gone.
        OutputError: it cannot be moved.
    """
    now = clock.now()
    key = f"{now:%Y%m%d%H%M%S}-{token_hex(4)}"
    entry = BinnedCase(
        key,
        folder.relative_to(root).as_posix(),
        read_registration_number(folder) or "",
        now.isoformat(timespec="seconds"),
        actor,
    )
    target = root / CASE_BIN / key
    try:
        with case_lock(folder):
            target.mkdir(parents=True, mode=0o700)
            record = json.dumps(asdict(entry), ensure_ascii=True, indent=1)
            write_atomic(target / _RECORD_FILE, record.encode("ascii"))
            record_history(folder, "bin-case", actor=actor)
            folder.rename(target / _CASE_FOLDER)
    except OSError as error:
        raise output_error(folder, error) from error
    return entry


def binned_cases(root: Path) -> tuple[BinnedCase, ...]:
    """The cases in the bin, the latest first."""
    try:
        names = [path.name for path in (root / CASE_BIN).iterdir()]
    except OSError:
        return ()
    keys = sorted((name for name in names if _KEY.fullmatch(name)), reverse=True)
    found = (_read_entry(root, key) for key in keys)
    return tuple(one for one in found if one is not None)


def restore_case(root: Path, key: str, *, actor: str = "") -> Path:
    """Put a case back to where it was.

    Returns:
        the case folder.

    Raises:
        UsageError: it is not in the bin any more, or its registration number or its place is in use.
        OutputError: it cannot be moved.
    """
    entry = _read_entry(root, key) if _KEY.fullmatch(key) else None
    if entry is None:
        raise UsageError("回收箱里已经没有这件案件。", fix="请刷新页面。")
    folder = root / entry.name
    try:
        with folder_lock(root, wait=True):
            _refuse_used_place(root, folder, entry)
            folder.parent.mkdir(parents=True, exist_ok=True)
            (root / CASE_BIN / key / _CASE_FOLDER).rename(folder)
    except OSError as error:
        raise output_error(folder, error) from error
    record_history(folder, "restore-case", actor=actor)
    return folder


def _refuse_used_place(root: Path, folder: Path, entry: BinnedCase) -> None:
    if os.path.lexists(folder):
        raise UsageError(f"“{entry.name}”这个文件夹名已经用了，没有恢复。", fix="请先把现在这个文件夹移开或者改名。")
    folded = fold_registration_no(entry.number)
    for other in find_cases(root):
        number = read_registration_number(other)
        if entry.number and number is not None and fold_registration_no(number) == folded:
            where = other.relative_to(root).as_posix()
            raise UsageError(
                f"登记号“{entry.number}”已经有了，在“{where}”，没有恢复。",
                fix="请先改正那一件的登记号，或者把它移入回收箱。",
            )


def _read_entry(root: Path, key: str) -> BinnedCase | None:
    """The record of an entry; None where it is unreadable, or its case was put back."""
    place = root / CASE_BIN / key
    try:
        entry = BinnedCase(**json.loads(read_file(place, _RECORD_FILE)))
    except (OpeningError, OSError, ValueError, TypeError, CaseError):
        return None
    is_inside = not entry.name.startswith("/") and ".." not in Path(entry.name).parts
    return entry if is_inside and entry.key == key and (place / _CASE_FOLDER).is_dir() else None
