"""Verify the case folders after a load test: every accepted change is there, and nothing else."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bundler.case.json_pointer import parse_pointer
from bundler.case_edit.change_operations import ABSENT, value_at
from bundler.desk.case_registry import CaseRegistry
from bundler.ledger.audit_log import AUDIT_FILE, read_audit
from bundler.ledger.case_change_log import HISTORY_FILE, read_history
from bundler.scan_reading.case_readings import FOLDER as READINGS_FOLDER
from tests.support.desk_load.journal import Journal, Write

Tree = Mapping[str, Any]


class InitialState:
    """The case folders before the load test.

    Attributes:
        root: the folder of case folders.
        folders: the case folders by their key in the addresses of the desk.
        trees: the content of each case.json.
        files: the files of each case folder, hidden ones too.
    """

    def __init__(self, root: Path, out: Path) -> None:
        self.root = root
        self.folders = {place.key: place.folder for place in CaseRegistry(root, out).scan()}
        self.trees = {key: _read_case(folder) for key, folder in self.folders.items()}
        self.files = {key: _list_files(folder) for key, folder in self.folders.items()}


def find_losses(initial: InitialState, journal: Journal, *, temporary: Path) -> list[str]:
    """Return what was lost or left over, one sentence each.

    Args:
        initial: the case folders before.
        journal: the accepted changes.
        temporary: the folder of temporary files of the desk, which has ended.
    """
    trees = {key: _read_case(folder) for key, folder in initial.folders.items()}
    return [
        *_check_writes(initial, trees, journal.writes),
        *_check_rows(initial, trees, journal),
        *_check_uploads(initial, trees, journal),
        *_check_bundles(initial, journal),
        *_check_histories(initial),
        *_check_audit_log(initial, journal),
        *_check_files(initial, trees, journal),
        *(f"left over: {path}" for path in sorted(temporary.rglob("*"))),
    ]


def _check_writes(initial: InitialState, trees: Mapping[str, Tree], writes: Sequence[Write]) -> Iterator[str]:
    """The changes of a field form one chain from the initial to the final value: each replaced the value its author saw."""
    by_field: dict[tuple[str, str], list[Write]] = defaultdict(list)
    for write in writes:
        by_field[write.key, write.path].append(write)
    for (key, path), found in by_field.items():
        following = {write.before: write for write in found}
        value, steps = _json_at(initial.trees[key], path), 0
        while value in following and steps < len(found):
            value, steps = following[value].after, steps + 1
        where = f"{initial.folders[key].name} {path}"
        if len(following) != len(found) or steps != len(found):
            yield f"{where}: {len(found)} values were accepted, and one was overwritten unseen"
        elif value != _json_at(trees[key], path):
            yield f"{where}: the last accepted value is not there"


def _check_rows(initial: InitialState, trees: Mapping[str, Tree], journal: Journal) -> Iterator[str]:
    """Each accepted row is in its list once, and no other row was added."""
    added = Counter((row.key, row.path) for row in journal.rows)
    for row in journal.rows:
        count = sum(row.text in one.values() for one in _list_at(trees[row.key], row.path))
        if count != 1:
            yield f"{initial.folders[row.key].name} {row.path}: a row is there {count} times"
    for (key, path), number in added.items():
        if len(_list_at(trees[key], path)) != len(_list_at(initial.trees[key], path)) + number:
            yield f"{initial.folders[key].name} {path}: the number of rows differs"


def _check_uploads(initial: InitialState, trees: Mapping[str, Tree], journal: Journal) -> Iterator[str]:
    """Each accepted file is in its case folder, and case.json names it under its item."""
    for one in journal.uploads:
        folder = initial.folders[one.key]
        named = [entry for entry in _list_at(trees[one.key], "/materials") if one.item in entry["items"]]
        if not any(_file_digest(folder / entry["file"]) == one.sha256 for entry in named):
            yield f"{folder.name}: an upload is not there, or its case does not name it ({one.item})"


def _check_bundles(initial: InitialState, journal: Journal) -> Iterator[str]:
    """Each bundle is recorded in the history with its digest, and the last one passes `bundler verify`."""
    for key in dict.fromkeys(one.key for one in journal.bundles):
        folder = initial.folders[key]
        made = [output for entry in read_history(folder).entries if entry.action == "build" for output in entry.outputs]
        shown = {one.sha256 for one in journal.bundles if one.key == key}
        if shown - {output.sha256 for output in made}:
            yield f"{folder.name}: a bundle is not in the history"
        command = [sys.executable, "-m", "bundler", "verify", str(folder / made[-1].file), "--sha256", made[-1].sha256]
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
            yield f"{folder.name}: its bundle is not valid"


def _check_histories(initial: InitialState) -> Iterator[str]:
    for folder in initial.folders.values():
        broken = read_history(folder).broken
        if broken:
            yield f"{folder.name}: its history is broken at line {broken[0].number}: {broken[0].fault}"


def _check_audit_log(initial: InitialState, journal: Journal) -> Iterator[str]:
    """The hash chain is intact, and each change has one line with the clerk who made it."""
    for link in read_audit(initial.root).broken:
        yield f"the audit log is broken at line {link.number}: {link.fault}"
    lines = map(json.loads, (initial.root / AUDIT_FILE).read_bytes().splitlines())
    logged = Counter((line["actor"], line["action"], line.get("case", "")) for line in lines)
    names = {key: folder.relative_to(initial.root).as_posix() for key, folder in initial.folders.items()}
    expected = Counter((one.actor, "edit", names[one.key]) for one in journal.writes)
    expected.update((one.actor, "edit", names[one.key]) for one in journal.rows)
    expected.update((one.actor, "add", names[one.key]) for one in journal.uploads)
    for (actor, action, case), number in expected.items():
        if logged[actor, action, case] != number:
            yield f"{case}: {actor} did {number} × {action}, and the audit log has {logged[actor, action, case]}"


def _check_files(initial: InitialState, trees: Mapping[str, Tree], journal: Journal) -> Iterator[str]:
    """A case folder has only the initial files, the files that case.json names, what was read, its history, and its bundle."""
    bound = {one.key for one in journal.bundles}
    for key, folder in initial.folders.items():
        named = {entry["file"] for entry in _list_at(trees[key], "/materials")}
        made = {f"{trees[key]['registration']['no']}.pdf"} if key in bound else set()
        for file in sorted(_list_files(folder) - initial.files[key] - named - made - {HISTORY_FILE}):
            yield f"{folder.name}: {file} is left over"
        for file in sorted(initial.files[key] - _list_files(folder)):
            yield f"{folder.name}: {file} is gone"


def _read_case(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "case.json").read_text(encoding="utf-8")))


def _list_files(folder: Path) -> set[str]:
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {file.as_posix() for file in files if file.parts[0] != READINGS_FOLDER or file.suffix != ".json"}


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _json_at(tree: Tree, path: str) -> str:
    """Return a value as JSON text; empty for none."""
    value = value_at(tree, parse_pointer(path))
    return "" if value is ABSENT or value is None else json.dumps(value, ensure_ascii=False)


def _list_at(tree: Tree, path: str) -> list[dict[str, Any]]:
    value = value_at(tree, parse_pointer(path))
    return value if isinstance(value, list) else []
