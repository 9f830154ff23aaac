"""Save changes to case.json: merge them with what others wrote, validate the result, and only then replace the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bundler.atomic_write import replace_unchanged
from bundler.case.json_pointer import describe_pointer, parse_pointer
from bundler.case.reader import CASE_FILE, MAX_CASE_BYTES, ReadResult, read_data
from bundler.case_edit.change_operations import ABSENT, Change, value_at
from bundler.case_edit.lock import case_lock
from bundler.case_edit.read_version_cache import Snapshot, Tree, read_snapshot, snapshot_of
from bundler.case_edit.rewrite_changed_json import rewrite
from bundler.case_edit.three_way_merge import Clash, MergeResult, TouchedPath, merge
from bundler.errors import CaseError
from bundler.ledger.case_change_log import append_history
from bundler.ledger.history_entry import ActionDetails, FileDigest, HistoryError, ValueChange
from bundler.regulation.findings import Finding, finding

MAX_TRIES = 8
TreeGuard = Callable[[Tree, Tree], None]
"""Looks at the case before and after a change, and raises an error where the change must not be written."""


class CaseChangingError(CaseError):
    """Other programs changed case.json each time between reading and writing it; nothing was written."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The changes are in the file.

    Attributes:
        snapshot: the case as it is now, with what others wrote meanwhile.
        merged: whether others had written since the version that the changes were made against.
        note: what else failed, in Chinese; empty where nothing did.
        places: the JSON Pointers that changed.
        changes: the values before and after.
    """

    snapshot: Snapshot
    merged: bool = False
    note: str = ""
    places: tuple[str, ...] = ()
    changes: tuple[ValueChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Others have changed the same values; nothing was written.

    Attributes:
        snapshot: the case as it is now.
        clashes: each change that would undo what others wrote.
        fitting: the other changes, against `snapshot`.
    """

    snapshot: Snapshot
    clashes: tuple[Clash, ...]
    fitting: tuple[Change, ...]

    def settled(self, mine: Sequence[int]) -> tuple[Change, ...]:
        """The changes to save against `snapshot` for an account that insists on some of the clashing ones.

        Args:
            mine: the numbers of those clashes, from 0.
        """
        again = [clash.again for number, clash in enumerate(self.clashes) if number in mine]
        return (*self.fitting, *(change for change in again if change is not None))


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that does not fit the model.

    Attributes:
        path: its JSON Pointer.
        label: its position in Chinese.
        message: the reason, in Chinese, beginning with the label.
        finding: the finding of the reader.
    """

    path: str
    label: str
    message: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Refused:
    """A new value does not fit the model, or a removed one is required; nothing was written.

    Attributes:
        snapshot: the case as it is.
        refusals: each value that does not fit.
    """

    snapshot: Snapshot
    refusals: tuple[Refusal, ...]


Outcome = Saved | Conflict | Refused


def save_changes(  # noqa: PLR0913 (the changes, their version, and who makes them)
    folder: Path,
    version: str,
    changes: Sequence[Change],
    *,
    seen: Tree | None = None,
    actor: str = "",
    action: str = "edit",
    guard: TreeGuard | None = None,
) -> Outcome:
    """Save changes to a case and record them in its history.

    Args:
        folder: the case folder.
        version: the version against which the changes were made.
        changes: all of them; either all are saved or none.
        seen: the tree of that version, where the caller still has it. Without it, a change is merged only where its
            `before` gives the value that was read, and none within a list is.
        actor: the account that the history names.
        action: the name of the action in the history.
        guard: looks at the case before and after, and raises an error of its own to have nothing written.

    Raises:
        CaseUnreadableError: case.json is no JSON object, or gone.
        CaseChangingError: other programs keep changing it.
        OutputError: it cannot be written.
    """
    with case_lock(folder):
        outcome = merge_and_write(folder, version, changes, seen, guard=guard)
        if not isinstance(outcome, Saved) or not outcome.places:
            return outcome
        return recorded(folder, action, outcome, actor=actor)


def merge_and_write(  # noqa: PLR0913 (as `save_changes`)
    folder: Path,
    version: str,
    changes: Sequence[Change],
    seen: Tree | None,
    *,
    one_line_items: bool = False,
    guard: TreeGuard | None = None,
) -> Outcome:
    """Do the same as `save_changes` for a caller that holds the case's lock, and records the history itself.

    No other function writes to an existing case.json.

    Args:
        folder: the case folder.
        version: the version against which the changes were made.
        changes: all of them; either all are saved or none.
        seen: the tree of that version; None where it is no longer cached.
        one_line_items: write a new item on one line where its list has none yet.
        guard: as in `save_changes`.

    Raises:
        CaseUnreadableError: case.json is no JSON object, or gone.
        CaseChangingError: other programs keep changing it.
        OutputError: it cannot be written.
    """
    for _ in range(MAX_TRIES):
        now = read_snapshot(folder)
        is_same = now.version == version
        merged = merge(now.tree, now.tree if is_same else seen, changes)
        if merged.clashes:
            return Conflict(now, merged.clashes, merged.fitting)
        if not merged.touched:
            return Saved(now, merged=not is_same)
        if guard is not None:
            guard(now.tree, merged.tree)
        data = rewrite(now.data, merged.tree, one_line_items=one_line_items)
        after = read_data(data, folder, now.reading.given)
        refusals = tuple(_refusals(now.reading, after, merged))
        if refusals:
            return Refused(now, refusals)
        if replace_unchanged(folder / CASE_FILE, now.data, data):
            values = tuple(_value_changes(now.tree, merged))
            return Saved(snapshot_of(after), merged=not is_same, places=_places(merged.touched), changes=values)
    raise CaseChangingError("case.json 一直在被别的程序改动，没有保存。", fix="请等它写完后再保存。")


def recorded(  # noqa: PLR0913 (one line of the history has that much in it)
    folder: Path,
    action: str,
    saved: Saved,
    outputs: Sequence[FileDigest] = (),
    *,
    actor: str = "",
    details: ActionDetails = ActionDetails(),  # noqa: B008 (frozen)
) -> Saved:
    """Append a saved change with its values to the case's history; a caller that may be raced holds the case's lock.

    Args:
        folder: the case folder.
        action: the name of the action.
        saved: the change.
        outputs: the files that the action made or took in.
        actor: the account that did it.
        details: what the change can be undone with, besides its values.

    Returns:
        the change, with a note where the history could not be written.
    """
    details = replace(details, changes=saved.changes)
    return replace(
        saved, note=record_history(folder, action, outputs, actor=actor, places=saved.places, details=details)
    )


def record_history(  # noqa: PLR0913 (one line of the history has that much in it)
    folder: Path,
    action: str,
    outputs: Sequence[FileDigest] = (),
    *,
    actor: str = "",
    places: Sequence[str] = (),
    details: ActionDetails | None = None,
) -> str:
    """Append a line to the case's history.

    Args:
        folder: the case folder.
        action: the name of the action.
        outputs: the files that it made.
        actor: the account that did it.
        places: the JSON Pointers that it changed.
        details: the values before and after, and what else it can be undone with.

    Returns:
        why that failed, in Chinese; empty where it did not, for the changes themselves are saved.
    """
    try:
        append_history(folder, action, outputs, actor=actor, places=places, details=details)
    except HistoryError as error:
        return f"没有写入案件历史（{error}）；改动已经保存。"
    return ""


def _places(touched: Sequence[TouchedPath]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place for one in touched if (place := one.now or one.was or one.holder) is not None))


def _value_changes(before: Tree, merged: MergeResult) -> Iterator[ValueChange]:
    for one in merged.values:
        old = ABSENT if one.was is None else value_at(before, parse_pointer(one.was))
        new = ABSENT if one.now is None else value_at(merged.tree, parse_pointer(one.now))
        yield ValueChange(
            None if old is ABSENT else one.was,
            None if new is ABSENT else one.now,
            None if old is ABSENT else old,
            None if new is ABSENT else new,
        )


def _refusals(before: ReadResult, after: ReadResult, merged: MergeResult) -> Iterator[Refusal]:
    """The faults that a change has made: a value that does not fit, or the removal of a required one."""
    if len(after.data) > MAX_CASE_BYTES:
        yield _refusal(finding("JSON-SYNTAX", message="case.json 会超过 8 MB。", fix="请写短一些。", path=""))
        return
    if after.tree is None:
        yield _refusal(after.findings[0])
        return
    known = {found.path for found in before.findings}
    for found in after.findings:
        path = found.path
        if any(_has_caused(touched, path, (before, after), known) for touched in merged.touched):
            yield _refusal(found)


def _has_caused(touched: TouchedPath, path: str, readings: tuple[ReadResult, ReadResult], known: set[str]) -> bool:
    """Whether a change has caused the fault at a path; faults that were there before hinder no other change."""
    before, after = readings
    if not _exists(after.tree, path):
        return _was_required(touched, path, before)
    within = touched.now is not None and (path == touched.now or path.startswith(f"{touched.now}/"))
    return within and not (
        path in known and value_at(before.tree, parse_pointer(path)) == value_at(after.tree, parse_pointer(path))
    )


def _was_required(touched: TouchedPath, path: str, before: ReadResult) -> bool:
    """Whether a change took a missing value out of a part that could be read."""
    if touched.now is None:  # the change removed the value itself
        return touched.was == path and not _had_faults(before, touched.holder)
    # The change replaced an object that could be read by one without a required member.
    return touched.was is not None and path.startswith(f"{touched.now}/") and not _had_faults(before, touched.was)


def _had_faults(before: ReadResult, path: str | None) -> bool:
    """Whether a part, something in it or something around it did not fit the model."""
    return path is None or any(
        unread == path or unread.startswith(f"{path}/") or path.startswith(f"{unread}/") for unread in before.unread
    )


def _refusal(found: Finding) -> Refusal:
    path = found.path
    label = describe_pointer(path)
    return Refusal(path, label, f"{label}：{found.message.removeprefix(label)}", found)


def _exists(tree: Mapping[str, Any] | None, path: str) -> bool:
    return value_at(tree, parse_pointer(path)) is not ABSENT
