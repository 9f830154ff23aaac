"""What is done with the papers of a case: put in, replaced, taken away into the bin, brought back; whole or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bundler.case.json_pointer import parse_pointer
from bundler.case_edit.changes import ABSENT, Change, Insert, Json, Put
from bundler.case_edit.list_identity import wrap_items
from bundler.case_edit.locate import PositionGoneError, locate
from bundler.case_edit.material_files import MaterialCopy, copied_into_case
from bundler.case_edit.recycle_bin import (
    CONTENT_FILE,
    bin_path,
    delete_bin_entry,
    delete_binned_file,
    keep_in_bin,
    moving_to_bin,
    read_bin_entry,
    recover_bin,
    restoring_from_bin,
)
from bundler.case_edit.save import Conflict, Outcome, Saved, merge_and_write, record_history
from bundler.case_edit.snapshot import Snapshot, Tree, read_snapshot
from bundler.errors import CaseError
from bundler.intake.scan import Scan, case_lock, find_same_file, material_entry
from bundler.intake.split import ScanPart
from bundler.ledger.case_history import FileDigest
from bundler.materials.folder import OpeningError, read_file, read_unchanged

TAKEN, REPLACED = "取走", "被替换"


@dataclass(frozen=True, slots=True)
class MaterialRef:
    """A paper that somebody means.

    Attributes:
        folder: the case folder.
        path: the JSON Pointer of its entry, in the version that was seen.
        version: that version.
        seen: what stood in it; None where that is forgotten.
        actor: the account for which something is done.
    """

    folder: Path
    path: str
    version: str
    seen: Tree | None
    actor: str = ""


@dataclass(frozen=True, slots=True)
class AddedFile:
    """What came of putting a file into a case.

    Attributes:
        outcome: Saved, or why not.
        file: its name in the case.
    """

    outcome: Outcome
    file: str


def add_file(
    folder: Path,
    scan: Scan,
    pieces: Sequence[ScanPart],
    details: Sequence[Mapping[str, Json]] = (),
    *,
    actor: str = "",
) -> AddedFile:
    """Put a file into a case, and enter its papers with what is known of each, in one writing.

    A paper whose pages are in the case already gets the places that it did not have; it is not entered twice.

    Args:
        folder: the case folder.
        scan: the file, as `look_into` saw it; not refused.
        pieces: its papers, each with its items.
        details: for each of them what else its entry says, such as `title` or `signed_on`; none where none is given.
        actor: the account for which this is done.

    Raises:
        CaseUnreadableError: case.json is no JSON object, or gone.
        CaseError: case.json is changed by somebody again and again.
        OutputError: it cannot be written; the copy is taken away again.
        FileChangedError: the scan is no longer the one that was looked at.
    """
    data = read_unchanged(scan.path.parent, scan.path.name, scan.record.sha256)
    with _alone(folder), _in_case(folder, scan, data) as copy:
        draft = read_snapshot(folder)
        changes = tuple(_entries(draft.tree, copy.name, pieces, details))
        outcome = merge_and_write(folder, draft.version, changes, draft.tree)
        copy.is_kept = isinstance(outcome, Saved)
    return AddedFile(_told(folder, "add", outcome, [FileDigest(copy.name, scan.record.sha256)], actor), copy.name)


def recover_case(folder: Path) -> None:
    """End or undo what a killed run left half-done, where there is nothing else to do."""
    with _alone(folder):
        pass


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with case_lock(folder) as is_alone:
        if is_alone:
            recover_bin(folder)
        yield


@contextlib.contextmanager
def _in_case(folder: Path, scan: Scan, data: bytes) -> Iterator[MaterialCopy]:
    """The file in the case: where it lies there already, or as a copy."""
    name = scan.inside or find_same_file(scan)
    if name is not None and _bytes(folder, name) == data:
        yield MaterialCopy(name, is_new=False)
        return
    with copied_into_case(folder, scan.name, data) as copy:
        yield copy


def _entries(
    tree: Tree, name: str, pieces: Sequence[ScanPart], details: Sequence[Mapping[str, Json]]
) -> Iterator[Change]:
    """What case.json is to say of a file's papers."""
    for number, piece in enumerate(pieces):
        more = details[number] if number < len(details) else {}
        index = _entered(tree, name, piece)
        if index is None:
            yield Insert("/materials", {**material_entry(piece, name), **more})
            continue
        here = tree["materials"][index]
        items = list(here.get("items", ()))
        added = [item.value for item in piece.items if item.value not in items]
        if added:
            yield Put(f"/materials/{index}/items", [*items, *added])
        for key, value in more.items():
            yield Put(f"/materials/{index}/{key}", value)


def _entered(tree: Tree, name: str, piece: ScanPart) -> int | None:
    """The place of the entry that names the same pages of a file; None where none does."""
    materials = tree.get("materials")
    for index, one in enumerate(materials if isinstance(materials, list) else ()):
        if isinstance(one, dict) and one.get("file") == name and one.get("pages") == piece.pages:
            return index
    return None


def replace_file(paper: MaterialRef, scan: Scan) -> AddedFile:
    """Another file in the place of a paper's; the earlier one goes into the bin where nothing else names it.

    Which of the file's pages are bound is said anew: all of them.

    Raises:
        CaseUnreadableError: case.json is no JSON object, or gone.
        CaseError: it is the same file; or case.json is changed by somebody again and again.
        OutputError: it cannot be written.
        FileChangedError: the scan is no longer the one that was looked at.
    """
    data = read_unchanged(scan.path.parent, scan.path.name, scan.record.sha256)
    with _alone(paper.folder), _in_case(paper.folder, scan, data) as copy:
        changes = (Put(f"{paper.path}/file", copy.name), Put(f"{paper.path}/pages", ABSENT))
        outcome = _put_away(paper, changes, REPLACED)
        copy.is_kept = isinstance(outcome, Saved)
    outputs = [FileDigest(copy.name, scan.record.sha256)]
    return AddedFile(_told(paper.folder, "replace", outcome, outputs, paper.actor), copy.name)


def remove_material(paper: MaterialRef) -> Outcome:
    """A paper goes into the bin, and its file with it where nothing else names that.

    Raises:
        CaseUnreadableError: case.json is no JSON object, or gone.
        CaseError: case.json is changed by somebody again and again.
        OutputError: it cannot be written.
    """
    with _alone(paper.folder):
        outcome = _put_away(paper, (Put(paper.path, ABSENT),), TAKEN)
    return _told(paper.folder, "take-away", outcome, (), paper.actor)


def _put_away(paper: MaterialRef, changes: Sequence[Change], why: str) -> Outcome:
    """Change case.json, and put what its entry was into the bin."""
    folder, draft = paper.folder, read_snapshot(paper.folder)
    entry = _entry_now(draft, paper)
    if entry is None:  # another has taken it away: the clash is told
        return _only_told(merge_and_write(folder, paper.version, changes, paper.seen))
    file = str(entry.get("file", ""))
    data = _bytes(folder, file)
    with moving_to_bin(folder, entry, data, why, paper.actor) as bin_place:
        outcome = merge_and_write(folder, paper.version, changes, paper.seen)
        if isinstance(outcome, Saved):
            if data is not None:
                with contextlib.suppress(OpeningError, OSError):  # then it is a file that nothing names, which is told
                    delete_binned_file(folder, file, outcome.draft.tree, data)
            keep_in_bin(bin_place)
    return _only_told(outcome)


def _only_told(outcome: Outcome) -> Outcome:
    """A conflict out of which nothing can be chosen: changes of case.json alone would leave file and bin behind."""
    if not isinstance(outcome, Conflict):
        return outcome
    return replace(outcome, clashes=tuple(replace(one, again=None) for one in outcome.clashes), fitting=())


def _entry_now(draft: Snapshot, paper: MaterialRef) -> dict[str, Json] | None:
    """What stands of a paper now; None where it is gone."""
    seen = draft.tree if draft.version == paper.version else paper.seen
    try:
        found = locate(wrap_items(draft.tree), seen, parse_pointer(paper.path)).value
    except PositionGoneError:
        return None
    return found if isinstance(found, dict) else None


def _bytes(folder: Path, file: str) -> bytes | None:
    """A file of the case; None for one that is not there, or lies outside: its entry can be taken away all the same."""
    try:
        return read_file(folder, file)
    except OpeningError:
        return None


def restore_material(folder: Path, number: int, *, actor: str = "") -> Outcome:
    """Put something from the bin back into the case, at the end of its materials.

    Raises:
        CaseUnreadableError: case.json is no JSON object, or gone.
        CaseError: it is not in the bin; or case.json is changed by somebody again and again.
        OutputError: it cannot be written.
    """
    with _alone(folder):
        found = read_bin_entry(folder, number)
        if found is None:
            raise CaseError("回收箱里没有这一份，可能已经恢复。", fix="请刷新页面。")
        data = _bytes(folder, f"{bin_path(number)}/{CONTENT_FILE}")
        with contextlib.ExitStack() as stack:
            copy = MaterialCopy(str(found.entry["file"]), is_new=False)
            if data is not None and _bytes(folder, copy.name) != data:
                copy = stack.enter_context(copied_into_case(folder, found.name, data))
            stack.enter_context(restoring_from_bin(folder, number, copy.name))
            draft = read_snapshot(folder)
            entry = {**found.entry, "file": copy.name}
            outcome = merge_and_write(folder, draft.version, [Insert("/materials", entry)], draft.tree)
            copy.is_kept = isinstance(outcome, Saved)
            if copy.is_kept:
                delete_bin_entry(folder / bin_path(number))
    return _told(folder, "restore", outcome, (), actor)


def _told(folder: Path, action: str, outcome: Outcome, outputs: Sequence[FileDigest], actor: str) -> Outcome:
    """The outcome, written down in the case's history where something was done."""
    if not isinstance(outcome, Saved):
        return outcome
    return replace(outcome, note=record_history(folder, action, outputs, actor=actor, places=outcome.places))
