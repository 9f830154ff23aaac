"""What must be true of the folder when everybody has gone: all that was acknowledged stands there, and nothing else."""

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
from bundler.case_edit.changes import ABSENT, value_at
from bundler.desk.case_registry import CaseRegistry
from bundler.ledger.audit_log import AUDIT_FILE, read_audit
from bundler.ledger.case_history import HISTORY_FILE, read_history
from tests.support.desk_load.journal import Journal, Write

Tree = Mapping[str, Any]


class Before:
    """The folder as it was before anybody came.

    Attributes:
        root: the folder of case folders.
        folders: the case folders, by the word by which a browser calls them.
        trees: what stood in each case.json.
        files: the files of each, hidden ones too.
    """

    def __init__(self, root: Path, out: Path) -> None:
        self.root = root
        self.folders = {place.key: place.folder for place in CaseRegistry(root, out).scan()}
        self.trees = {key: _tree(folder) for key, folder in self.folders.items()}
        self.files = {key: _files(folder) for key, folder in self.folders.items()}


def faults(before: Before, journal: Journal, *, settled: Path) -> list[str]:
    """What is not as it must be, a sentence each; none where nobody has lost anything.

    Args:
        before: the folder as it was.
        journal: what the clerks were told.
        settled: the folder of temporary files of a desk that has ended.
    """
    trees = {key: _tree(folder) for key, folder in before.folders.items()}
    return [
        *_of_writes(before, trees, journal.writes),
        *_of_rows(before, trees, journal),
        *_of_uploads(before, trees, journal),
        *_of_bundles(before, journal),
        *_of_histories(before),
        *_of_audit(before, journal),
        *_of_files(before, trees, journal),
        *(f"left over: {path}" for path in sorted(settled.rglob("*"))),
    ]


def _of_writes(before: Before, trees: Mapping[str, Tree], writes: Sequence[Write]) -> Iterator[str]:
    """Each value was written over the one that its author had seen: one chain from what stood there to what stands now."""
    by_field: dict[tuple[str, str], list[Write]] = defaultdict(list)
    for write in writes:
        by_field[write.key, write.path].append(write)
    for (key, path), found in by_field.items():
        following = {write.before: write for write in found}
        value, steps = _text_at(before.trees[key], path), 0
        while value in following and steps < len(found):
            value, steps = following[value].after, steps + 1
        where = f"{before.folders[key].name} {path}"
        if len(following) != len(found) or steps != len(found):
            yield f"{where}: {len(found)} values were taken, and one was written over unseen"
        elif value != _text_at(trees[key], path):
            yield f"{where}: the value that was taken last does not stand there"


def _of_rows(before: Before, trees: Mapping[str, Tree], journal: Journal) -> Iterator[str]:
    """Each row stands in its list once, and no row besides."""
    added = Counter((row.key, row.path) for row in journal.rows)
    for row in journal.rows:
        standing = sum(row.words in one.values() for one in _list_at(trees[row.key], row.path))
        if standing != 1:
            yield f"{before.folders[row.key].name} {row.path}: a row stands there {standing} times"
    for (key, path), number in added.items():
        if len(_list_at(trees[key], path)) != len(_list_at(before.trees[key], path)) + number:
            yield f"{before.folders[key].name} {path}: not as many rows as were added"


def _of_uploads(before: Before, trees: Mapping[str, Tree], journal: Journal) -> Iterator[str]:
    """Each file lies in its folder, as it was sent, and the case names it at its place."""
    for one in journal.uploads:
        folder = before.folders[one.key]
        named = [entry for entry in _list_at(trees[one.key], "/materials") if one.item in entry["items"]]
        if not any(_digest(folder / entry["file"]) == one.sha256 for entry in named):
            yield f"{folder.name}: an upload is not there, or its case does not name it ({one.item})"


def _of_bundles(before: Before, journal: Journal) -> Iterator[str]:
    """Each file that was shown as made was written down with its digest, and the one that lies there is sound."""
    for key in dict.fromkeys(one.key for one in journal.bundles):
        folder = before.folders[key]
        made = [output for entry in read_history(folder).entries if entry.action == "build" for output in entry.outputs]
        told = {one.sha256 for one in journal.bundles if one.key == key}
        if told - {output.sha256 for output in made}:
            yield f"{folder.name}: a bundle was shown of which its history knows nothing"
        command = [sys.executable, "-m", "bundler", "verify", str(folder / made[-1].file), "--sha256", made[-1].sha256]
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
            yield f"{folder.name}: its bundle is not sound"


def _of_histories(before: Before) -> Iterator[str]:
    for folder in before.folders.values():
        broken = read_history(folder).broken
        if broken:
            yield f"{folder.name}: its history does not hold at line {broken[0].number}: {broken[0].fault}"


def _of_audit(before: Before, journal: Journal) -> Iterator[str]:
    """Its chain holds, and each change has one line in it, of the clerk who made it."""
    for link in read_audit(before.root).broken:
        yield f"the audit file does not hold at line {link.number}: {link.fault}"
    lines = map(json.loads, (before.root / AUDIT_FILE).read_bytes().splitlines())
    done = Counter((told["actor"], told["action"], told.get("case", "")) for told in lines)
    names = {key: folder.relative_to(before.root).as_posix() for key, folder in before.folders.items()}
    asked = Counter((one.actor, "edit", names[one.key]) for one in journal.writes)
    asked.update((one.actor, "edit", names[one.key]) for one in journal.rows)
    asked.update((one.actor, "add", names[one.key]) for one in journal.uploads)
    for (actor, action, case), number in asked.items():
        if done[actor, action, case] != number:
            yield f"{case}: {actor} did {number} × {action}, and the audit file knows of {done[actor, action, case]}"


def _of_files(before: Before, trees: Mapping[str, Tree], journal: Journal) -> Iterator[str]:
    """Nothing lies in a folder but what lay there, what the case names, its history, and its bundle."""
    bound = {one.key for one in journal.bundles}
    for key, folder in before.folders.items():
        named = {entry["file"] for entry in _list_at(trees[key], "/materials")}
        made = {f"{trees[key]['registration']['no']}.pdf"} if key in bound else set()
        for file in sorted(_files(folder) - before.files[key] - named - made - {HISTORY_FILE}):
            yield f"{folder.name}: {file} is left over"
        for file in sorted(before.files[key] - _files(folder)):
            yield f"{folder.name}: {file} is gone"


def _tree(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "case.json").read_text(encoding="utf-8")))


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _text_at(tree: Tree, path: str) -> str:
    """A value as JSON text; empty for none."""
    value = value_at(tree, parse_pointer(path))
    return "" if value is ABSENT or value is None else json.dumps(value, ensure_ascii=False)


def _list_at(tree: Tree, path: str) -> list[dict[str, Any]]:
    value = value_at(tree, parse_pointer(path))
    return value if isinstance(value, list) else []
