"""Create case folders: for `bundler new`, for an imported petition, and for a registration at the desk."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bundler.atomic_write import new_permissions
from bundler.case.field_types import is_blank
from bundler.case.find_case_folders import find_cases
from bundler.case.identifiers import fold_registration_no, registration_no_fault
from bundler.case.reader import CASE_FILE, read_data, read_registration_number
from bundler.case_edit.change_operations import Json, Put
from bundler.case_edit.copy_into_materials import MATERIALS_FOLDER
from bundler.case_edit.lock import TEMPORARY_PREFIX, folder_lock
from bundler.case_edit.new_case_skeleton import GUIDE_NAME, guide_text, skeleton_tree
from bundler.case_edit.save import record_history
from bundler.case_edit.three_way_merge import merge
from bundler.errors import OutputError, UsageError, describe_os_error, output_error
from bundler.regulation.load import load_regulation
from bundler.regulation.model import Regulation
from bundler.regulation.papers import BundleKind

_MAX_SAME_NAMES = 1000
_FIRST_KEYS = ("registration", "materials", "absent")
"""The parts of case.json that a case has from the beginning; the form adds the others as they are filled in."""


def new_case(folder: Path, kind: BundleKind, regulation: Regulation | None = None) -> tuple[Path, ...]:
    """Create a case folder to fill in: case.json with placeholders, an empty materials folder, and a guide.

    Args:
        folder: the new folder.
        kind: which papers the guide asks for.
        regulation: the court's regulation, whose papers the guide lists; None: the shipped one.

    Returns:
        the files written.

    Raises:
        UsageError: the folder already holds a case.
        OutputError: it cannot be written.
    """
    if (folder / CASE_FILE).exists() or (folder / GUIDE_NAME).exists():
        raise UsageError(f"“{folder}”里已经有案件，没有改动。", fix="请换一个文件夹名，或者直接编辑原来的 case.json。")
    return _write_files(folder, kind, skeleton_tree(kind), regulation)


def create_case(  # noqa: PLR0913 (what is known of the case, and whose court it is)
    root: Path,
    number: str,
    values: Mapping[str, Json] | None = None,
    *,
    kind: BundleKind = BundleKind.ARCHIVE,
    actor: str = "",
    regulation: Regulation | None = None,
) -> Path:
    """Create a case in a folder of its own, named after its number.

    Args:
        root: the folder of cases; other processes may create cases in it at the same time.
        number: the registration number (登记号); unique below the folder.
        values: what else is known, by JSON Pointer.
        kind: which papers the guide asks for.
        actor: the account that the history names.
        regulation: the court's regulation, whose papers the guide lists; None: the shipped one.

    Returns:
        the case folder.

    Raises:
        UsageError: the number is wrong or used, or a value does not fit the model.
        OutputError: it cannot be written.
    """
    number = number.strip()
    fault = registration_no_fault(number)
    if fault:
        raise UsageError(f"{fault}。", fix="请改正登记号。")
    tree = _first_tree(number, values or {}, kind)
    try:
        with folder_lock(root, wait=True):
            _refuse_used_number(root, number)
            folder = write_case_folder(_free_folder(root, number), kind, tree, regulation)
    except OSError as error:
        raise UsageError(f"“{root}”打不开：{describe_os_error(error)}。", fix="请检查案件文件夹和权限。") from error
    record_history(folder, "new", actor=actor, places=list(values or {}))
    return folder


def write_case_folder(
    folder: Path, kind: BundleKind, tree: Mapping[str, Any], regulation: Regulation | None = None
) -> Path:
    """Create a case folder whole or not at all: it is filled under a temporary name, and then renamed.

    The caller holds the lock of the folder around it.

    Returns:
        the case folder.

    Raises:
        UsageError: the tree does not fit the model.
        OutputError: it cannot be written.
    """
    refuse_faulty_tree(tree)
    try:
        temporary = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir=folder.parent))
    except OSError as error:
        raise output_error(folder, error) from error
    try:
        temporary.chmod(new_permissions(0o777))
        _write_files(temporary, kind, tree, regulation)
        temporary.rename(folder)
    except OSError as error:
        raise output_error(folder, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


def refuse_faulty_tree(tree: Mapping[str, Any]) -> None:
    """Check that a case.json with this tree can be read and fits the model; placeholders (待填) count as not given.

    Raises:
        UsageError: it does not.
    """
    findings = read_data(_encoded(tree), Path(), CASE_FILE).findings
    if findings:
        raise UsageError(findings[0].message, fix=findings[0].fix)


def _encoded(tree: Mapping[str, Any]) -> bytes:
    return (json.dumps(tree, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")


def _write_files(
    folder: Path, kind: BundleKind, tree: Mapping[str, Any], regulation: Regulation | None = None
) -> tuple[Path, ...]:
    """Write the parts of a case into a folder that has none of them."""
    case_file, guide = folder / CASE_FILE, folder / GUIDE_NAME
    try:
        (folder / MATERIALS_FOLDER).mkdir(parents=True, exist_ok=True)
        for path, data in (
            (case_file, _encoded(tree)),
            (guide, guide_text(kind, regulation or load_regulation()).encode()),
        ):
            with path.open("xb") as file:
                file.write(data)
    except OSError as error:
        raise OutputError(f"“{folder}”写不了：{describe_os_error(error)}。", fix="请检查路径和权限。") from error
    return case_file, guide


def _first_tree(number: str, values: Mapping[str, Json], kind: BundleKind) -> dict[str, Any]:
    """Build the tree of a new case: without placeholders, because the form asks for what is missing."""
    parts = {key: value for key, value in skeleton_tree(kind).items() if key in _FIRST_KEYS}
    parts["registration"] = {"no": number}
    first = {"registration": parts["registration"], "decision": "pending", **parts}
    tree = merge(first, first, [Put(path, value) for path, value in values.items() if not is_blank(value)]).tree
    refuse_faulty_tree(tree)
    return tree


def _refuse_used_number(root: Path, number: str) -> None:
    folded = fold_registration_no(number)
    for folder in find_cases(root):
        other = read_registration_number(folder)
        if other is not None and fold_registration_no(other) == folded:
            where = folder.relative_to(root).as_posix()
            raise UsageError(f"登记号“{number}”已经有了，在“{where}”。", fix="请打开那一件，或者换一个登记号。")


def _free_folder(root: Path, number: str) -> Path:
    names = (number if n == 1 else f"{number}-{n}" for n in range(1, _MAX_SAME_NAMES))
    folder = next((root / name for name in names if not os.path.lexists(root / name)), None)
    if folder is None:
        raise UsageError(f"“{number}”这个文件夹名已经用得太多。", fix="请换一个登记号。")
    return folder
