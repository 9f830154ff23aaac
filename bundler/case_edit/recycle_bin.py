"""The bin of a case: what was taken away or replaced lies there, hidden from the bundle, until somebody wants it back.

Each thing has a folder of its own, with the file and a record of what, when, why, and by whom. While case.json is yet
to be changed accordingly, a mark lies beside them; what it marks when nobody works was cut short, and is ended or undone.
"""

from __future__ import annotations

import contextlib
import hashlib
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
from bundler.case_edit.changes import Json, is_same_value
from bundler.case_edit.material_files import material_entries, normalised_path, referenced_files
from bundler.case_edit.snapshot import Tree
from bundler.errors import CaseError, output_error
from bundler.materials.folder import OpeningError, read_file
from bundler.regulation.papers import PAPERS, Item

BIN_FOLDER = ".bundler-bin"
"""Hidden, so that what lies in it is no paper of the case."""
RECORD_FILE, CONTENT_FILE = "entry.json", "file"
_GOING, _COMING = "going", "coming"
"""Marks: case.json is yet to forget the thing; case.json is yet to name it again."""
_GONE = ".gone-"


@dataclass(frozen=True, slots=True)
class BinEntry:
    """Something in the bin.

    Attributes:
        number: its place, by which it is called.
        entry: what stood in case.json.
        name: its file's name.
        why: taken away, or replaced.
        at: when, in Beijing time.
        who: by whom; empty where that is not known.
    """

    number: int
    entry: dict[str, Any]
    name: str
    why: str
    at: str
    who: str

    @property
    def places(self) -> str:
        """Where it lay, in words."""
        items = self.entry.get("items")
        known = [Item(one) for one in items if one in set(Item)] if isinstance(items, list) else []
        return "、".join(PAPERS[item].label for item in known)


def bin_entries(folder: Path) -> tuple[BinEntry, ...]:
    """What lies in the bin, the latest first; what cannot be read, or is on its way, is left out."""
    found = (read_bin_entry(folder, number) for number in sorted(_numbers(folder), reverse=True))
    return tuple(one for one in found if one is not None)


def read_bin_entry(folder: Path, number: int) -> BinEntry | None:
    """Something in the bin; None where it is not there."""
    if _is_marked(folder, number, _GOING):
        return None
    try:
        told = json.loads(read_file(folder, f"{bin_path(number)}/{RECORD_FILE}"))
        entry = told["entry"]
        name = str(entry["file"]).rpartition("/")[2]
        return BinEntry(number, dict(entry), name, str(told["why"]), str(told["at"]), str(told["who"]))
    except (OpeningError, ValueError, KeyError, TypeError, AttributeError):
        return None


def bin_path(number: int) -> str:
    """Where something in the bin lies, relative to the case folder."""
    return f"{BIN_FOLDER}/{number:05}"


@contextlib.contextmanager
def moving_to_bin(folder: Path, entry: dict[str, Json], data: bytes | None, why: str, actor: str) -> Iterator[Path]:
    """An entry and its file in the bin, for as long as case.json is changed.

    The caller removes the mark by `keep_in_bin` when case.json is changed and the file is gone from its place; where it does
    not, what stands in case.json decides whether the thing stays in the bin.

    Raises:
        CaseError: the bin is no folder of the case.
        OutputError: it cannot be written.
    """
    place = _new_place(folder)
    try:
        (place / _GOING).touch()
        if data is not None:
            write_atomic(place / CONTENT_FILE, data)
        at = clock.now().isoformat(timespec="minutes")
        record = {"entry": entry, "why": why, "who": actor, "at": at}
        text = json.dumps(record, ensure_ascii=False, indent=1)
        write_atomic(place / RECORD_FILE, text.encode("utf-8", "backslashreplace"))
        yield place
    except OSError as error:
        raise output_error(place, error) from error
    finally:
        if (place / _GOING).exists():
            recover_bin(folder)


def keep_in_bin(place: Path) -> None:
    """What is in the bin stays there."""
    (place / _GOING).unlink(missing_ok=True)


@contextlib.contextmanager
def restoring_from_bin(folder: Path, number: int, name: str) -> Iterator[None]:
    """Something out of the bin, for as long as case.json is changed; the mark tells under which name it comes.

    Raises:
        OutputError: it cannot be written.
    """
    mark = folder / bin_path(number) / _COMING
    write_atomic(mark, json.dumps({"file": name}).encode())
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


def delete_bin_entry(place: Path) -> None:
    """Something is in the bin no more: all of it at once, for what is half gone could be taken for something else."""
    gone = place.with_name(f"{_GONE}{place.name}")
    with contextlib.suppress(OSError):
        place.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def is_referenced(tree: Tree, file: str) -> bool:
    """Whether case.json names a file, however it spells it."""
    return normalised_path(file) in referenced_files(tree)


def _new_place(folder: Path) -> Path:
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
    """End or undo what a killed run began with the bin; the caller works alone in the folder."""
    for left in (folder / BIN_FOLDER).glob(f"{_GONE}*"):
        shutil.rmtree(left, ignore_errors=True)
    for number in _numbers(folder):
        with contextlib.suppress(OSError):
            remove_leftovers(folder / bin_path(number))
        if not os.path.lexists(folder / bin_path(number) / RECORD_FILE):
            delete_bin_entry(folder / bin_path(number))  # it was cut short before anything was changed
    marked = [
        (number, mark) for number in _numbers(folder) for mark in (_GOING, _COMING) if _is_marked(folder, number, mark)
    ]
    tree = read_case(folder / CASE_FILE).tree if marked else None
    if tree is None:  # nothing was cut short; or somebody must first set case.json right
        return
    for number, mark in marked:
        (_end_going if mark == _GOING else _end_coming)(folder, number, tree)


def _end_going(folder: Path, number: int, tree: Tree) -> None:
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
    """Take a file that lies in the bin out of its place, where nothing names it any more and it is still the same.

    Raises:
        OpeningError: it is not there, or lies outside.
        OSError: it cannot be removed.
    """
    kept = hashlib.sha256(data).digest()
    if not is_referenced(tree, file) and hashlib.sha256(read_file(folder, file)).digest() == kept:
        (folder / file).unlink()


def _end_coming(folder: Path, number: int, tree: Tree) -> None:
    place = folder / bin_path(number)
    found = read_bin_entry(folder, number)
    try:
        name = str(json.loads(read_file(folder, f"{bin_path(number)}/{_COMING}"))["file"])
    except (OpeningError, ValueError, KeyError, TypeError):
        name = ""
    if found is not None and any(is_same_value({**found.entry, "file": name}, one) for one in material_entries(tree)):
        return delete_bin_entry(place)
    return (place / _COMING).unlink(missing_ok=True)
