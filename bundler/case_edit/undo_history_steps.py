"""Undo what the history of a case records: values, rows, and materials with their files; an undo can be undone too."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bundler.case.json_pointer import parse_pointer
from bundler.case_edit.change_operations import ABSENT, Change, Insert, Json, Move, Put
from bundler.case_edit.copy_into_materials import MaterialCopy, copied_into_case
from bundler.case_edit.find_undoable_steps import find_step
from bundler.case_edit.list_identity import wrap_items
from bundler.case_edit.lock import case_lock
from bundler.case_edit.read_version_cache import Tree, read_snapshot
from bundler.case_edit.relocated_position import PositionGoneError, locate
from bundler.case_edit.removed_materials import (
    CONTENT_FILE,
    BinEntry,
    bin_entries,
    bin_path,
    delete_bin_entry,
    delete_binned_file,
    keep_in_bin,
    moving_to_bin,
    restoring_from_bin,
)
from bundler.case_edit.save import Outcome, Saved, TreeGuard, merge_and_write, recorded
from bundler.case_edit.three_way_merge import merge
from bundler.errors import CaseError
from bundler.ledger.case_change_log import read_history
from bundler.ledger.history_entry import ActionDetails, HistoryEntry, HistoryError, ValueChange
from bundler.materials.safe_opening import OpeningError, read_file

UNDONE = "撤销时取走"
"""Why something is in the recycle bin, as its list shows it."""
_MATERIALS = "/materials"


def undo_step(folder: Path, numbers: Sequence[int], *, actor: str = "", guard: TreeGuard | None = None) -> Outcome:
    """Undo a step of the history, unless what it wrote was changed since; that is a conflict without a choice.

    A material that the step added goes into the recycle bin; one that it removed or replaced comes back from there.

    Args:
        folder: the case folder.
        numbers: the numbers of the step's lines.
        actor: the account that the history names.
        guard: looks at the case before and after, and raises an error of its own to have nothing undone.

    Raises:
        CaseUnreadableError: case.json is no JSON object, or gone.
        CaseError: the step cannot be undone; or other programs keep changing case.json.
        OutputError: it cannot be written.
    """
    with case_lock(folder), contextlib.ExitStack() as stack:
        entries = _entries(folder)
        step = find_step(entries, numbers)
        if step is None or not step.changes:
            raise CaseError("这一步不能撤销，可能刚撤销过。", fix="请刷新页面。")
        now = read_snapshot(folder)
        seen = _tree_after(entries, step.numbers[-1], now.tree)
        placed = step.entry.details.placed
        files = _FileMoves(folder, stack, actor, placed)
        changes = tuple(files.with_files(change) for change in inverse_changes(step.changes))
        for entry in _entries_lost(now.tree, seen, changes):
            files.leave(entry)
        # A version that is no real one: the changes are against `seen`, which only resembles what was once written.
        outcome = merge_and_write(folder, "", changes, seen, guard=guard)
        if not isinstance(outcome, Saved):
            return outcome
        files.complete(outcome.snapshot.tree)
        details = ActionDetails(undoes=step.numbers, bin=tuple(files.bin_numbers), placed=placed)
        return recorded(folder, "undo", outcome, actor=actor, details=details)


def inverse_changes(changes: Sequence[ValueChange]) -> tuple[Change, ...]:
    """The changes that undo other changes, against the version that those produced."""
    # Items that return to one place are inserted from the last one: each then follows the same item.
    return tuple(sorted((_inverse(one) for one in reversed(changes)), key=_insertion_order))


def _insertion_order(change: Change) -> int:
    return -change.at if isinstance(change, Insert) and change.at is not None else 0


def _inverse(change: ValueChange) -> Change:
    if change.was is not None and change.now is not None:
        if change.is_move:
            return Move(change.now, int(change.was.rpartition("/")[2]))
        return Put(change.now, change.before, change.after)
    if change.now is not None:
        return Put(change.now, ABSENT, change.after)
    path = change.was or ""
    parent, _, last = path.rpartition("/")
    if last.isascii() and last.isdecimal():
        return Insert(parent, change.before, int(last))
    return Put(path, change.before, ABSENT)


def _entries(folder: Path) -> tuple[HistoryEntry, ...]:
    try:
        return read_history(folder).entries
    except HistoryError as error:
        raise CaseError(f"案件历史读不了（{error}），不能撤销。", fix="请告诉管理员。") from error


def _tree_after(entries: Sequence[HistoryEntry], number: int, now: Tree) -> Tree:
    """The case as a line left it: the present one with all later lines taken back, as far as they can be."""
    tree = now
    for entry in reversed(entries):
        if entry.number <= number:
            break
        merged = merge(tree, tree, inverse_changes(entry.details.changes))
        tree = merged.tree if not merged.clashes else tree
    return tree


def _entries_lost(now: Tree, seen: Tree, changes: Sequence[Change]) -> Iterator[dict[str, Json]]:
    """The entries of materials as they are now that changes remove, or whose file they change."""
    for change in changes:
        steps = tuple(parse_pointer(change.path))
        is_removal = len(steps) == len((_MATERIALS, 0)) and isinstance(change, Put) and change.value is ABSENT
        if steps[:1] == ("materials",) and (is_removal or steps[2:] == ("file",)):
            with contextlib.suppress(PositionGoneError):
                entry = locate(wrap_items(now), seen, steps[:2]).value
                if isinstance(entry, dict):
                    yield entry


@dataclass
class _Returning:
    entry: BinEntry
    copy: MaterialCopy


class _FileMoves:
    """The files that an undo moves between the case and its recycle bin.

    Args:
        folder: the case folder.
        stack: closes what moves files.
        actor: the account that the recycle bin names.
        placed: the files that waited in the folder before the step placed them.

    Attributes:
        bin_numbers: the numbers of what went into the bin.
    """

    def __init__(self, folder: Path, stack: contextlib.ExitStack, actor: str, placed: Sequence[str]) -> None:
        self._folder, self._stack, self._actor, self._placed = folder, stack, actor, placed
        self._bin = list(bin_entries(folder))
        self._returning: list[_Returning] = []
        self._leaving: list[tuple[str, bytes | None, Path]] = []
        self.bin_numbers: list[int] = []

    def with_files(self, change: Change) -> Change:
        """Bring back the file that a change lists again, and give the change the name that the file has now."""
        if isinstance(change, Insert) and change.path == _MATERIALS and isinstance(change.value, dict):
            return replace(change, value={**change.value, "file": self._returned(str(change.value.get("file", "")))})
        if isinstance(change, Put) and change.path.startswith(f"{_MATERIALS}/") and change.path.endswith("/file"):
            return replace(change, value=self._returned(str(change.value)))
        return change

    def _returned(self, file: str) -> str:
        if file in self._placed and self._read(file) is not None:  # it has been waiting in the folder
            return file
        binned = next((one for one in self._bin if one.entry.get("file") == file), None)
        if binned is None:
            return file
        self._bin.remove(binned)
        data = self._read(f"{bin_path(binned.number)}/{CONTENT_FILE}")
        copy = MaterialCopy(file)
        if data is not None and self._read(file) != data:
            copy = self._stack.enter_context(copied_into_case(self._folder, binned.name, data))
        self._stack.enter_context(restoring_from_bin(self._folder, binned.number, copy.name))
        self._returning.append(_Returning(binned, copy))
        return copy.name

    def leave(self, entry: dict[str, Json]) -> None:
        """Put an entry with its file into the bin; `complete` deletes the file from the case.

        A file that had been waiting in the folder stays there instead, and waits again.
        """
        file = str(entry.get("file", ""))
        if file in self._placed:
            return
        data = self._read(file)
        place = self._stack.enter_context(moving_to_bin(self._folder, entry, data, UNDONE, self._actor))
        self._leaving.append((file, data, place))
        self.bin_numbers.append(int(place.name))

    def complete(self, tree: Tree) -> None:
        """Delete from the case what went into the bin, and from the bin what came back; case.json is written."""
        for returned in self._returning:
            returned.copy.is_kept = True
            delete_bin_entry(self._folder / bin_path(returned.entry.number))
        for file, data, place in self._leaving:
            if data is not None:
                with contextlib.suppress(OpeningError, OSError):  # then it is an unlisted file, which the check reports
                    delete_binned_file(self._folder, file, tree, data)
            keep_in_bin(place)

    def _read(self, file: str) -> bytes | None:
        try:
            return read_file(self._folder, file)
        except OpeningError:
            return None
