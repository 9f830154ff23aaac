"""The recycle bin of a case: removed and replaced materials, hidden from the bundle, until they are restored.

Each entry has a folder of its own, with the file and a record of what was removed, when, why, and by whom. A mark beside
them says that case.json is still to be changed. A mark without a lock holder means an interrupted run; recovery
completes or reverts it.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bundler import clock
from bundler.atomic_write import remove_leftovers, write_atomic
from bundler.case.reader import CASE_FILE, read_case
from bundler.case_edit.change_operations import Json, is_same_value
from bundler.case_edit.copy_into_materials import material_entries, normalised_path, referenced_files
from bundler.case_edit.read_version_cache import Tree
from bundler.digest import sha256_of
from bundler.errors import CaseError, output_error
from bundler.materials.safe_opening import OpeningError, read_file
from bundler.regulation.papers import PAPER_KINDS, Item

BIN_FOLDER = ".bundler-bin"
"""Hidden, so that its files are not taken for materials of the case."""
RECORD_FILE, CONTENT_FILE = "entry.json", "file"
_REMOVAL_MARK, _RESTORE_MARK = "going", "coming"
"""Marks: case.json is still to drop the entry; case.json is still to list it again."""
_DELETED_PREFIX = ".gone-"
"""Begins the names of bin entries that are being deleted."""


@dataclass(frozen=True, slots=True)
class BinEntry:
    """An entry of the recycle bin.

    Attributes:
        number: its number, which identifies it.
        entry: the entry of case.json's materials.
        name: the file's name, without its folder.
        why: that it was removed, or replaced; in Chinese.
        at: the time, in Beijing time (ISO).
        who: the account; empty where that is not known.
    """

    number: int
    entry: dict[str, Any]
    name: str
    why: str
    at: str
    who: str

    @property
    def places(self) -> str:
        """The items that it served, in Chinese."""
        items = self.entry.get("items")
        known = [Item(one) for one in items if one in set(Item)] if isinstance(items, list) else []
        return "、".join(PAPER_KINDS[item].name for item in known)


def bin_entries(folder: Path) -> tuple[BinEntry, ...]:
    """The entries of a case's bin, latest first, without those that are unreadable or still being moved."""
    found = (read_bin_entry(folder, number) for number in sorted(_numbers(folder), reverse=True))
    return tuple(one for one in found if one is not None)


def read_bin_entry(folder: Path, number: int) -> BinEntry | None:
    """Read an entry of the bin; None where there is none, or where it is still being moved there."""
    if _is_marked(folder, number, _REMOVAL_MARK):
        return None
    try:
        record = json.loads(read_file(folder, f"{bin_path(number)}/{RECORD_FILE}"))
        entry = record["entry"]
        name = str(entry["file"]).rpartition("/")[2]
        return BinEntry(number, dict(entry), name, str(record["why"]), str(record["at"]), str(record["who"]))
    except (OpeningError, ValueError, KeyError, TypeError, AttributeError):
        return None


def bin_path(number: int) -> str:
    """The folder of a bin entry, relative to the case folder."""
    return f"{BIN_FOLDER}/{number:05}"


@contextlib.contextmanager
def moving_to_bin(folder: Path, entry: dict[str, Json], data: bytes | None, why: str, actor: str) -> Iterator[Path]:
    """Put a material into the bin for the duration of a block that changes case.json.

    The caller calls `keep_in_bin` once case.json is changed and the file is deleted from materials. If it does not,
    case.json decides whether the entry stays in the bin: it does where case.json no longer lists it.

    Args:
        folder: the case folder.
        entry: the entry of case.json's materials.
        data: the file's bytes; None where it is missing.
        why: REMOVED or REPLACED.
        actor: the account.

    Yields:
        the folder of the bin entry.

    Raises:
        CaseError: the bin is a link.
        OutputError: it cannot be written.
    """
    place = _new_entry_folder(folder)
    try:
        (place / _REMOVAL_MARK).touch()
        _write_entry(place, entry, data, why, actor)
        yield place
    except OSError as error:
        raise output_error(place, error) from error
    finally:
        if (place / _REMOVAL_MARK).exists():
            recover_bin(folder)


def copy_to_bin(folder: Path, entry: dict[str, Json], data: bytes, why: str, actor: str) -> int:
    """Put a copy of a file into the bin, while the file itself stays where it is; the number of the bin entry.

    Args:
        folder: the case folder.
        entry: the entry of case.json's materials; of a file that waits, the name alone.
        data: the file's bytes.
        why: why it is kept, as the list of the bin shows it.
        actor: the account.

    Raises:
        CaseError: the bin is a link.
        OutputError: it cannot be written.
    """
    place = _new_entry_folder(folder)
    try:
        _write_entry(place, entry, data, why, actor)
    except OSError as error:
        delete_bin_entry(place)
        raise output_error(place, error) from error
    return int(place.name)


def _write_entry(place: Path, entry: dict[str, Json], data: bytes | None, why: str, actor: str) -> None:
    """Write the file of a bin entry, and then its record, without which it is no entry."""
    if data is not None:
        write_atomic(place / CONTENT_FILE, data)
    record = {"entry": entry, "why": why, "who": actor, "at": clock.now().isoformat(timespec="minutes")}
    text = json.dumps(record, ensure_ascii=False, indent=1)
    write_atomic(place / RECORD_FILE, text.encode("utf-8", "backslashreplace"))


def keep_in_bin(place: Path) -> None:
    """Complete a move to the bin: remove the mark."""
    (place / _REMOVAL_MARK).unlink(missing_ok=True)


@contextlib.contextmanager
def restoring_from_bin(folder: Path, number: int, name: str) -> Iterator[None]:
    """Mark an entry of the bin as being restored, for the duration of a block that changes case.json.

    Args:
        folder: the case folder.
        number: the number of the bin entry.
        name: the name that the file has in the case, which the mark records.

    Raises:
        OutputError: it cannot be written.
    """
    mark = folder / bin_path(number) / _RESTORE_MARK
    write_atomic(mark, json.dumps({"file": name}).encode())
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


def delete_bin_entry(place: Path) -> None:
    """Delete the folder of a bin entry: it is renamed first, so that a half-deleted one is not taken for an entry."""
    deleted = place.with_name(f"{_DELETED_PREFIX}{place.name}")
    with contextlib.suppress(OSError):
        place.rename(deleted)
    shutil.rmtree(deleted, ignore_errors=True)


def is_referenced(tree: Tree, file: str) -> bool:
    """Whether case.json lists a file, in whatever spelling."""
    return normalised_path(file) in referenced_files(tree)


def _new_entry_folder(folder: Path) -> Path:
    root = folder / BIN_FOLDER
    if root.is_symlink():
        raise CaseError("回收箱是一个链接，不能放入。", fix="请告诉管理员。")
    try:
        root.mkdir(mode=0o700, exist_ok=True)
        place = folder / bin_path(max(_numbers(folder), default=0) + 1)
        place.mkdir(mode=0o700)
    except OSError as error:
        raise output_error(root, error) from error
    return place


def _numbers(folder: Path) -> list[int]:
    try:
        return [int(name) for name in os.listdir(folder / BIN_FOLDER) if name.isascii() and name.isdecimal()]  # noqa: PTH208 (names alone)
    except OSError:
        return []


def _is_marked(folder: Path, number: int, mark: str) -> bool:
    return os.path.lexists(folder / bin_path(number) / mark)


def recover_bin(folder: Path) -> None:
    """Complete or revert what an interrupted run began with the bin; the caller holds the case's lock."""
    for left in (folder / BIN_FOLDER).glob(f"{_DELETED_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
    for number in _numbers(folder):
        with contextlib.suppress(OSError):
            remove_leftovers(folder / bin_path(number))
        if not os.path.lexists(folder / bin_path(number) / RECORD_FILE):
            delete_bin_entry(folder / bin_path(number))  # interrupted before anything was changed
    marked = [
        (number, mark)
        for number in _numbers(folder)
        for mark in (_REMOVAL_MARK, _RESTORE_MARK)
        if _is_marked(folder, number, mark)
    ]
    tree = read_case(folder / CASE_FILE).tree if marked else None
    if tree is None:  # nothing was interrupted, or case.json must be repaired first
        return
    for number, mark in marked:
        (_recover_removal if mark == _REMOVAL_MARK else _recover_restore)(folder, number, tree)


def _recover_removal(folder: Path, number: int, tree: Tree) -> None:
    """Complete a move to the bin where case.json no longer lists the entry; else revert it."""
    place = folder / bin_path(number)
    try:
        entry = json.loads(read_file(folder, f"{bin_path(number)}/{RECORD_FILE}"))["entry"]
        file = str(entry["file"])
    except (OpeningError, ValueError, KeyError, TypeError):
        return delete_bin_entry(place)
    if any(is_same_value(entry, one) for one in material_entries(tree)):
        return delete_bin_entry(place)
    with contextlib.suppress(OpeningError, OSError):
        delete_binned_file(folder, file, tree, read_file(folder, f"{bin_path(number)}/{CONTENT_FILE}"))
    return keep_in_bin(place)


def delete_binned_file(folder: Path, file: str, tree: Tree, data: bytes) -> None:
    """Delete a file whose copy is in the bin, where case.json no longer lists it and its bytes are the same.

    Args:
        folder: the case folder.
        file: its name, relative to the folder.
        tree: the current case.json.
        data: the bytes of the copy.

    Raises:
        OpeningError: it is missing, or outside the folder.
        OSError: it cannot be deleted.
    """
    kept = sha256_of(data)
    if not is_referenced(tree, file) and sha256_of(read_file(folder, file)) == kept:
        (folder / file).unlink()


def _recover_restore(folder: Path, number: int, tree: Tree) -> None:
    """Complete a restoration where case.json lists the entry again; else revert it."""
    place = folder / bin_path(number)
    found = read_bin_entry(folder, number)
    try:
        name = str(json.loads(read_file(folder, f"{bin_path(number)}/{_RESTORE_MARK}"))["file"])
    except (OpeningError, ValueError, KeyError, TypeError):
        name = ""
    if found is not None and any(is_same_value({**found.entry, "file": name}, one) for one in material_entries(tree)):
        return delete_bin_entry(place)
    return (place / _RESTORE_MARK).unlink(missing_ok=True)
