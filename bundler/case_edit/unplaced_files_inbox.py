"""Files that wait in a case's folder to be placed: they lie in materials/, and no entry of case.json names them.

The check reports them as unlisted (FILE-UNLISTED). They stay until a clerk places them, and files that were copied into the
folder by hand wait in the same way.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bundler.case_edit.change_operations import Change, Json
from bundler.case_edit.copy_into_materials import store_waiting
from bundler.case_edit.find_undoable_steps import UndoStep
from bundler.case_edit.lock import case_lock
from bundler.case_edit.materials import NewFile, entry_changes, read_if_there
from bundler.case_edit.read_version_cache import Tree, read_snapshot
from bundler.case_edit.removed_materials import (
    CONTENT_FILE,
    bin_path,
    delete_bin_entry,
    delete_binned_file,
    is_referenced,
    keep_in_bin,
    moving_to_bin,
    read_bin_entry,
)
from bundler.case_edit.save import Outcome, Saved, merge_and_write, record_history, recorded
from bundler.case_edit.undo_history_steps import UNDONE
from bundler.digest import sha256_of
from bundler.errors import CaseError, FileChangedError
from bundler.ledger.history_entry import ActionDetails, FileDigest, WaitingSwap
from bundler.printable_text import readable_file_name, replace_surrogates

DISCARDED = "没有放入案件"
"""Why something is in the recycle bin, as its list shows it."""
_GONE = "可能刚被别人放好或者移走"


@dataclass(frozen=True, slots=True)
class Placement:
    """Pages of a file that are to become a material.

    Attributes:
        file: the file, relative to the case folder.
        sha256: its digest as it was seen.
        entry: the entry of case.json without `file`: `items`, `pages` where it is not the whole file, dates.
    """

    file: str
    sha256: str
    entry: Mapping[str, Json]


def keep_waiting(folder: Path, file: NewFile, *, actor: str = "") -> str:
    """Put a received file into the case's folder, where it waits; its name there, relative to the folder.

    Raises:
        CaseUnreadableError: the folder is gone.
        FileChangedError: the file is no longer the one that was inspected.
        OutputError, UsageError: it cannot be written.
    """
    data = file.read()
    with case_lock(folder):
        name, is_new = store_waiting(folder, file.name, data)
        if is_new:
            record_history(folder, "receive", [FileDigest(name, file.sha256)], actor=actor)
    return name


def with_usable_name(folder: Path, file: str) -> str:
    """An unplaced file under a name that case.json can hold: one that is no UTF-8 gets the name that a person reads.

    Raises:
        CaseError: it does not wait any more.
        OutputError, UsageError: it cannot be written.
    """
    if replace_surrogates(file) == file:
        return file
    with case_lock(folder):
        data = _waiting_bytes(folder, file, read_snapshot(folder).tree)
        name, _ = store_waiting(folder, _last_part(file), data)
        (folder / file).unlink()
    return name


def place_files(folder: Path, placements: Sequence[Placement], *, actor: str = "") -> Outcome:
    """Enter files of the folder in case.json, all in one write, and record that in the case's history.

    An entry whose pages are in the case already is not made a second time: its items are added to the one that is there.

    Raises:
        CaseUnreadableError: case.json is no JSON object, or gone.
        CaseError: other programs keep changing case.json.
        FileChangedError: a file is not the one that was seen.
        OutputError: it cannot be written.
    """
    with case_lock(folder):
        for one in placements:
            data = read_if_there(folder, one.file)
            if data is None or sha256_of(data) != one.sha256:
                raise FileChangedError(f"“{_last_part(one.file)}”刚被改动，没有放。", fix="请刷新页面后再放。")
        snapshot = read_snapshot(folder)
        files = dict.fromkeys(one.file for one in placements)
        changes: list[Change] = []
        for file in files:
            entries = [one.entry for one in placements if one.file == file]
            changes += entry_changes(snapshot.tree, file, entries)[0]
        outcome = merge_and_write(folder, snapshot.version, changes, snapshot.tree)
        if not isinstance(outcome, Saved):
            return outcome
        placed = tuple(file for file in files if not is_referenced(snapshot.tree, file))
        outputs = [FileDigest(one.file, one.sha256) for one in {one.file: one for one in placements}.values()]
        return recorded(folder, "add", outcome, outputs, actor=actor, details=ActionDetails(placed=placed))


def swap_unplaced(
    folder: Path, gone: Sequence[str], made: Sequence[tuple[str, bytes]], *, action: str, actor: str = ""
) -> tuple[str, ...]:
    """Put unplaced files into the recycle bin, and others in their place, which wait then.

    Args:
        folder: the case folder.
        gone: the files that go, relative to the folder.
        made: the files that come: the name that each is to have as far as that is free, and its bytes.
        action: the name of the action in the history.
        actor: the account that the history names.

    Returns:
        the names of the files that came.

    Raises:
        CaseUnreadableError: case.json is no JSON object, or gone.
        CaseError: a file does not wait any more.
        OutputError, UsageError: it cannot be written.
    """
    with case_lock(folder):
        swap = _swap(folder, gone, made, DISCARDED, actor)
        _record(folder, action, swap, actor)
    return swap.made


def restore_waiting(folder: Path, number: int, *, actor: str = "") -> str:
    """Bring a file that was not placed back from the recycle bin; its name in the case.

    Raises:
        CaseError: it is not in the bin.
        OutputError, UsageError: it cannot be written.
    """
    with case_lock(folder):
        swap = _swap(folder, (), _binned(folder, (number,)), DISCARDED, actor)
        delete_bin_entry(folder / bin_path(number))
        _record(folder, "restore", swap, actor)
    return swap.made[0]


def undo_swap(folder: Path, step: UndoStep, *, actor: str = "") -> None:
    """Undo a step in which unplaced files went or came.

    Raises:
        CaseError: a file that came does not wait any more, or one that went is not in the bin.
        OutputError, UsageError: it cannot be written.
    """
    done = step.waiting or WaitingSwap()
    with case_lock(folder):
        swap = _swap(folder, done.made, _binned(folder, done.bin), UNDONE, actor)
        for number in done.bin:
            delete_bin_entry(folder / bin_path(number))
        _record(folder, "undo", swap, actor, step.numbers)


def _swap(folder: Path, gone: Sequence[str], made: Sequence[tuple[str, bytes]], why: str, actor: str) -> WaitingSwap:
    """Write what comes before anything goes: stopped in between, the folder has more than before and not less."""
    tree = read_snapshot(folder).tree
    going = [(file, _waiting_bytes(folder, file, tree)) for file in gone]
    stored: list[tuple[str, bool]] = []
    try:
        for name, data in made:
            stored.append(store_waiting(folder, name, data))
        numbers = [_bin(folder, file, data, tree, why, actor) for file, data in going]
    except BaseException:
        for name, is_new in stored:
            if is_new:
                (folder / name).unlink(missing_ok=True)
        raise
    return WaitingSwap(tuple(numbers), tuple(name for name, _ in stored))


def _bin(  # noqa: PLR0913, PLR0917 (the file, where it goes, and what the bin is to say of it)
    folder: Path, file: str, data: bytes, tree: Tree, why: str, actor: str
) -> int:
    with moving_to_bin(folder, {"file": file}, data, why, actor) as place:
        with contextlib.suppress(OSError):
            delete_binned_file(folder, file, tree, data)
        keep_in_bin(place)
    return int(place.name)


def _waiting_bytes(folder: Path, file: str, tree: Tree) -> bytes:
    data = read_if_there(folder, file)
    if data is None or is_referenced(tree, file):
        raise CaseError(f"“{_last_part(file)}”不在待放的扫描件里，{_GONE}。", fix="请刷新页面。")
    return data


def _binned(folder: Path, numbers: Sequence[int]) -> list[tuple[str, bytes]]:
    found = []
    for number in numbers:
        entry, data = read_bin_entry(folder, number), read_if_there(folder, f"{bin_path(number)}/{CONTENT_FILE}")
        if entry is None or data is None:
            raise CaseError("回收箱里没有这一份，可能已经恢复。", fix="请刷新页面。")
        found.append((entry.name, data))
    return found


def _record(folder: Path, action: str, swap: WaitingSwap, actor: str, undoes: tuple[int, ...] = ()) -> None:
    outputs = [FileDigest(name, sha256_of(read_if_there(folder, name) or b"")) for name in swap.made]
    record_history(folder, action, outputs, actor=actor, details=ActionDetails(undoes=undoes, waiting=swap))


def _last_part(file: str) -> str:
    return readable_file_name(file.rpartition("/")[2])
