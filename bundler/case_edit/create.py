"""A new case below a folder of cases, with its number and what is known of it; nothing that stands there is touched."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bundler.atomic_write import output_error
from bundler.case.discovery import find_cases
from bundler.case.identifiers import fold_registration_no, registration_no_fault
from bundler.case.reader import CASE_FILE, is_blank, read_data, read_number
from bundler.case_edit.changes import Json, Put
from bundler.case_edit.lock import TEMPORARY_PREFIX, folder_lock
from bundler.case_edit.merge import merge
from bundler.case_edit.save import record_history
from bundler.errors import UsageError, reason
from bundler.regulation.papers import BundleKind
from bundler.skeleton.make import skeleton, write_case

_MOST_NAMES = 1000
_PARTS = ("registration", "materials", "absent")
"""What a case has from the beginning; all else comes when it is filled in."""


def create_case(
    root: Path,
    number: str,
    values: Mapping[str, Json] | None = None,
    *,
    kind: BundleKind = BundleKind.ARCHIVE,
    actor: str = "",
) -> Path:
    """Make a case in a folder of its own, named after its number.

    Args:
        root: the folder of cases; several may be at work in it.
        number: the registration number (登记号); unique below the folder.
        values: what else is known, by JSON Pointer.
        kind: which papers the guide asks for.
        actor: the account for which this is done.

    Returns:
        the case folder.

    Raises:
        UsageError: the number is wrong or used, or a value does not fit.
        OutputError: it cannot be written.
    """
    number = number.strip()
    fault = registration_no_fault(number)
    if fault:
        raise UsageError(f"{fault}。", fix="请改正登记号。")
    tree = _tree(number, values or {}, kind)
    try:
        with folder_lock(root, wait=True):
            _refuse_used(root, number)
            folder = _write(root, number, kind, tree)
    except OSError as error:
        raise UsageError(f"“{root}”打不开：{reason(error)}。", fix="请检查案件文件夹和权限。") from error
    record_history(folder, "new", actor=actor, places=list(values or {}))
    return folder


def _tree(number: str, values: Mapping[str, Json], kind: BundleKind) -> dict[str, Any]:
    """The case as it begins: without the skeleton's words, for here somebody is asked instead."""
    bare = {key: value for key, value in skeleton(kind).items() if key in _PARTS}
    bare["registration"] = {"no": number}
    begun = {"registration": bare["registration"], "decision": "pending", **bare}
    tree = merge(begun, begun, [Put(path, value) for path, value in values.items() if not is_blank(value)]).tree
    reading = read_data(json.dumps(tree).encode(), Path(), CASE_FILE)
    if reading.findings:
        told = reading.findings[0]
        raise UsageError(told.message, fix=told.fix)
    return tree


def _refuse_used(root: Path, number: str) -> None:
    folded = fold_registration_no(number)
    for folder in find_cases(root):
        other = read_number(folder)
        if other is not None and fold_registration_no(other) == folded:
            where = folder.relative_to(root).as_posix()
            raise UsageError(f"登记号“{number}”已经有了，在“{where}”。", fix="请打开那一件，或者换一个登记号。")


def _write(root: Path, number: str, kind: BundleKind, tree: dict[str, Any]) -> Path:
    """The whole folder, or nothing: it is made under a hidden name, and then renamed."""
    names = (number if n == 1 else f"{number}-{n}" for n in range(1, _MOST_NAMES))
    folder = next((root / name for name in names if not os.path.lexists(root / name)), None)
    if folder is None:
        raise UsageError(f"“{number}”这个文件夹名已经用得太多。", fix="请换一个登记号。")
    try:
        making = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir=root))
    except OSError as error:
        raise output_error(folder, error) from error
    try:
        making.chmod(0o755)
        write_case(making, kind, tree)
        making.rename(folder)
    except OSError as error:
        raise output_error(folder, error) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return folder
