"""Change the materials of a case: add, replace, remove into the recycle bin, restore; each as a whole or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bundler.case.json_pointer import parse_pointer
from bundler.case_edit.change_operations import ABSENT, Change, Insert, Json, Put
from bundler.case_edit.copy_into_materials import MaterialCopy, copied_into_case
from bundler.case_edit.list_identity import wrap_items
from bundler.case_edit.lock import case_lock
from bundler.case_edit.read_version_cache import Snapshot, Tree, read_snapshot
from bundler.case_edit.relocated_position import PositionGoneError, locate
from bundler.case_edit.removed_materials import (
    CONTENT_FILE,
    bin_path,
    delete_bin_entry,
    delete_binned_file,
    keep_in_bin,
    moving_to_bin,
    read_bin_entry,
    restoring_from_bin,
)
from bundler.case_edit.save import Conflict, Outcome, Saved, merge_and_write, recorded
from bundler.digest import sha256_of
from bundler.errors import CaseError
from bundler.ledger.history_entry import ActionDetails, FileDigest
from bundler.materials.safe_opening import OpeningError, read_file, read_unchanged

REMOVED, REPLACED, REARRANGED = "取走", "被替换", "整理页以前的原件"
"""Why something is in the recycle bin, as its list shows it."""

_MATERIALS = "/materials"


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is to go into a case.

    Attributes:
        path: where it is now.
        name: the name that it is to have in the case, as far as that is free.
        sha256: its digest when it was inspected.
        existing: a file of the case that had the same digest then, relative to the case folder; None without one.
    """

    path: Path
    name: str
    sha256: str
    existing: str | None = None

    def read(self) -> bytes:
        """Read its bytes.

        Raises:
            FileChangedError: they are no longer those that were inspected.
        """
        return read_unchanged(self.path.parent, self.path.name, self.sha256)


@dataclass(frozen=True, slots=True)
class MaterialRef:
    """A material as an account saw it.

    Attributes:
        folder: the case folder.
        path: the JSON Pointer of its entry, in the version that was seen.
        version: that version.
        seen: the tree of that version; None where it is no longer cached.
        actor: the account that the history names.
    """

    folder: Path
    path: str
    version: str
    seen: Tree | None
    actor: str = ""


@dataclass(frozen=True, slots=True)
class AddedFile:
    """The result of putting a file into a case.

    Attributes:
        outcome: Saved, or why not.
        file: its name in the case.
        indices: for each of its entries, the place in `materials`, from 0.
    """

    outcome: Outcome
    file: str
    indices: tuple[int, ...] = ()


def add_file(folder: Path, file: NewFile, entries: Sequence[Mapping[str, Json]], *, actor: str = "") -> AddedFile:
    """Put a file into a case with its entries, in one write of case.json, and record that in the case's history.

    An entry whose pages are in the case already is not made a second time: its items are added to the one that is there.

    Args:
        folder: the case folder.
        file: the file.
        entries: what `materials` is to say of it, without `file`: `items`, `pages` where it is not the whole file, and
            what else is known, such as `title` or `signed_on`.
        actor: the account that the history names.

    Raises:
        CaseUnreadableError: case.json is no JSON object, or gone.
        CaseError: other programs keep changing case.json.
        OutputError: it cannot be written; the copy is removed again.
        FileChangedError: the file is no longer the one that was inspected.
    """
    added = enter_file(folder, file, entries)
    outputs = [FileDigest(added.file, file.sha256)]
    return replace(added, outcome=_recorded(folder, "add", added.outcome, outputs, actor))


def enter_file(
    folder: Path, file: NewFile, entries: Sequence[Mapping[str, Json]], *, one_line_items: bool = False
) -> AddedFile:
    """Do the same as `add_file` for a caller that records the history itself.

    Args:
        folder: the case folder.
        file: the file.
        entries: as for `add_file`.
        one_line_items: write each entry on one line where `materials` has none yet.
    """
    data = file.read()
    with case_lock(folder), _in_case(folder, file, data) as copy:
        snapshot = read_snapshot(folder)
        changes, indices = entry_changes(snapshot.tree, copy.name, entries)
        outcome = merge_and_write(folder, snapshot.version, changes, snapshot.tree, one_line_items=one_line_items)
        copy.is_kept = isinstance(outcome, Saved)
    return AddedFile(outcome, copy.name, indices)


@contextlib.contextmanager
def _in_case(folder: Path, file: NewFile, data: bytes) -> Iterator[MaterialCopy]:
    """Provide the file in the case: the existing one with the same bytes, or a copy."""
    if file.existing is not None and read_if_there(folder, file.existing) == data:
        yield MaterialCopy(file.existing)
        return
    with copied_into_case(folder, file.name, data) as copy:
        yield copy


def entry_changes(
    tree: Tree, name: str, entries: Sequence[Mapping[str, Json]]
) -> tuple[tuple[Change, ...], tuple[int, ...]]:
    """The changes that enter a file's materials, and the place that each of them has afterwards."""
    materials = tree.get("materials")
    there = materials if isinstance(materials, list) else []
    changes: list[Change] = []
    indices: list[int] = []
    length = len(there)
    for entry in entries:
        index = _index_of(there, name, entry.get("pages"))
        if index is None:
            first = {"items": entry["items"], "file": name}
            changes.append(Insert(_MATERIALS, {**first, **entry}))
            indices.append(length)
            length += 1
        else:
            changes += _additions(f"{_MATERIALS}/{index}", there[index], entry)
            indices.append(index)
    return tuple(changes), tuple(indices)


def _index_of(materials: Sequence[Json], name: str, pages: Json) -> int | None:
    """The place of the entry that names the same pages of a file; None where none does."""
    for index, one in enumerate(materials):
        if isinstance(one, dict) and one.get("file") == name and one.get("pages") == pages:
            return index
    return None


def _additions(path: str, existing: Mapping[str, Json], entry: Mapping[str, Json]) -> Iterator[Change]:
    items = list(existing.get("items", ()))
    added = [item for item in entry["items"] if item not in items]
    if added:
        yield Put(f"{path}/items", [*items, *added])
    for key, value in entry.items():
        if key not in {"items", "pages"}:
            yield Put(f"{path}/{key}", value)


def replace_file(material: MaterialRef, file: NewFile) -> AddedFile:
    """Put another file in the place of a material's; the earlier one goes into the recycle bin unless another entry names it.

    All pages of the new file are bound: an earlier page range is dropped.

    Raises:
        CaseUnreadableError: case.json is no JSON object, or gone.
        CaseError: other programs keep changing case.json.
        OutputError: it cannot be written.
        FileChangedError: the file is no longer the one that was inspected.
    """
    data = file.read()
    with case_lock(material.folder), _in_case(material.folder, file, data) as copy:
        changes = (Put(f"{material.path}/file", copy.name), Put(f"{material.path}/pages", ABSENT))
        moved = _move_to_bin((material,), changes, REPLACED)
        copy.is_kept = isinstance(moved.outcome, Saved)
    outputs = [FileDigest(copy.name, file.sha256)]
    outcome = _recorded(material.folder, "replace", moved.outcome, outputs, material.actor, moved.details)
    return AddedFile(outcome, copy.name)


def remove_material(material: MaterialRef) -> Outcome:
    """Move a material into the recycle bin, with its file unless another entry names that.

    Raises:
        CaseUnreadableError: case.json is no JSON object, or gone.
        CaseError: other programs keep changing case.json.
        OutputError: it cannot be written.
    """
    with case_lock(material.folder):
        moved = _move_to_bin((material,), (Put(material.path, ABSENT),), REMOVED)
    return _recorded(material.folder, "take-away", moved.outcome, (), material.actor, moved.details)


def rearrange_materials(
    materials: Sequence[MaterialRef],
    made: Sequence[tuple[str, bytes]],
    changes_for: Callable[[Sequence[str]], Sequence[Change]],
    action: str,
) -> Outcome:
    """Put new files with other pages in the place of materials; the earlier files go into the recycle bin.

    Args:
        materials: those whose file or entry goes; at least one, all of one version.
        made: the new files: the name that each is to have as far as that is free, and its bytes.
        changes_for: the changes of case.json, given the names that the new files have in the case.
        action: the name of the action in the history.

    Raises:
        CaseUnreadableError: case.json is no JSON object, or gone.
        CaseError: other programs keep changing case.json.
        OutputError: it cannot be written.
    """
    folder, actor = materials[0].folder, materials[0].actor
    with case_lock(folder), contextlib.ExitStack() as stack:
        copies = [stack.enter_context(copied_into_case(folder, name, data)) for name, data in made]
        moved = _move_to_bin(materials, changes_for([copy.name for copy in copies]), REARRANGED)
        for copy in copies:
            copy.is_kept = isinstance(moved.outcome, Saved)
    outputs = [FileDigest(copy.name, sha256_of(data)) for copy, (_, data) in zip(copies, made, strict=True)]
    return _recorded(folder, action, moved.outcome, outputs, actor, moved.details)


@dataclass(frozen=True, slots=True)
class _Moved:
    """The result of a move to the recycle bin, with the number of the bin entry."""

    outcome: Outcome
    details: ActionDetails = field(default_factory=ActionDetails)


def _move_to_bin(materials: Sequence[MaterialRef], changes: Sequence[Change], why: str) -> _Moved:
    """Change case.json, and put the entries and the files that they had into the recycle bin."""
    seen = materials[0]
    folder, snapshot = seen.folder, read_snapshot(seen.folder)
    entries = [_entry_now(snapshot, one) for one in materials]
    if None in entries:  # another account has removed it: the clash says so
        return _Moved(_without_choices(merge_and_write(folder, seen.version, changes, seen.seen)))
    with contextlib.ExitStack() as stack:
        moves = []
        for entry in filter(None, entries):
            file = str(entry.get("file", ""))
            data = read_if_there(folder, file)
            moves.append((file, data, stack.enter_context(moving_to_bin(folder, entry, data, why, seen.actor))))
        outcome = merge_and_write(folder, seen.version, changes, seen.seen)
        if isinstance(outcome, Saved):
            for file, data, bin_place in moves:
                if data is not None:
                    with contextlib.suppress(OpeningError, OSError):  # then it is an unlisted file, which is reported
                        delete_binned_file(folder, file, outcome.snapshot.tree, data)
                keep_in_bin(bin_place)
    return _Moved(_without_choices(outcome), ActionDetails(bin=tuple(int(place.name) for _, _, place in moves)))


def _without_choices(outcome: Outcome) -> Outcome:
    """A conflict that offers nothing to choose: changes of case.json alone would leave the file and the bin behind."""
    if not isinstance(outcome, Conflict):
        return outcome
    return replace(outcome, clashes=tuple(replace(one, again=None) for one in outcome.clashes), fitting=())


def _entry_now(snapshot: Snapshot, material: MaterialRef) -> dict[str, Json] | None:
    """The entry of a material as it is now; None where it is gone."""
    seen = snapshot.tree if snapshot.version == material.version else material.seen
    try:
        found = locate(wrap_items(snapshot.tree), seen, parse_pointer(material.path)).value
    except PositionGoneError:
        return None
    return found if isinstance(found, dict) else None


def read_if_there(folder: Path, file: str) -> bytes | None:
    """A file of the case; None for one that is missing or outside, whose entry can be removed all the same."""
    try:
        return read_file(folder, file)
    except OpeningError:
        return None


def restore_material(folder: Path, number: int, *, actor: str = "") -> Outcome:
    """Put a material from the recycle bin back into the case, at the end of its materials.

    Args:
        folder: the case folder.
        number: its number in the recycle bin.
        actor: the account that the history names.

    Raises:
        CaseUnreadableError: case.json is no JSON object, or gone.
        CaseError: it is not in the bin; or other programs keep changing case.json.
        OutputError: it cannot be written.
    """
    with case_lock(folder):
        found = read_bin_entry(folder, number)
        if found is None:
            raise CaseError("回收箱里没有这一份，可能已经恢复。", fix="请刷新页面。")
        data = read_if_there(folder, f"{bin_path(number)}/{CONTENT_FILE}")
        with contextlib.ExitStack() as stack:
            copy = MaterialCopy(str(found.entry["file"]))
            if data is not None and read_if_there(folder, copy.name) != data:
                copy = stack.enter_context(copied_into_case(folder, found.name, data))
            stack.enter_context(restoring_from_bin(folder, number, copy.name))
            snapshot = read_snapshot(folder)
            entry = {**found.entry, "file": copy.name}
            outcome = merge_and_write(folder, snapshot.version, [Insert(_MATERIALS, entry)], snapshot.tree)
            copy.is_kept = isinstance(outcome, Saved)
            if copy.is_kept:
                delete_bin_entry(folder / bin_path(number))
    return _recorded(folder, "restore", outcome, (), actor)


def _recorded(  # noqa: PLR0913, PLR0917 (one line of the history has that much in it)
    folder: Path,
    action: str,
    outcome: Outcome,
    outputs: Sequence[FileDigest],
    actor: str,
    details: ActionDetails = ActionDetails(),  # noqa: B008 (frozen)
) -> Outcome:
    """The outcome, with a line in the case's history where something was saved."""
    if not isinstance(outcome, Saved):
        return outcome
    return recorded(folder, action, outcome, outputs, actor=actor, details=details)
