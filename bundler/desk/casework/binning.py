"""The bin of a case: what was taken away or replaced lies there, hidden from the bundle, until somebody wants it back."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from bundler.editing.change import Change, Insert
from bundler.editing.draft import Tree, read_draft
from bundler.editing.save import MATERIALS, Outcome, Saved, change_file
from bundler.errors import CaseError
from bundler.files import unwritable, write_whole
from bundler.intake.filing import store_copy
from bundler.intake.placing import alone_in
from bundler.materials.folder import OpeningError, read_file
from bundler.regulation.items import PAPERS, Item

BIN = ".bundler-bin"
"""Hidden, so that what lies in it is no paper of the case."""
_RECORD = "entry.json"
_FILE = "file"
_MOST = 100_000
_SHANGHAI = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Binned:
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


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that takes a file out of the case.

    Attributes:
        folder: the case folder.
        version: what its author had seen.
        seen: what stood in that version.
        changes: to case.json.
        entry: what stands there of the paper.
        why: taken away, or replaced.
        actor: by whom.
    """

    folder: Path
    version: str
    seen: Tree | None
    changes: tuple[Change, ...]
    entry: dict[str, Any]
    why: str
    actor: str = ""


def put_away(asked: Asked) -> Outcome:
    """Change case.json, and put the file that it named into the bin where nothing names it any more.

    The copy in the bin is made first and the file removed last: whoever is killed in between leaves a copy too many,
    and never one too few.

    Raises:
        CaseError: the file is gone, or case.json is changed by somebody again and again.
        OutputError: it cannot be written.
    """
    folder, file = asked.folder, str(asked.entry.get("file", ""))
    with alone_in(folder, MATERIALS, wait=True):
        data = _bytes(folder, file)
        place = _bin(asked, data)
        try:
            outcome = change_file(folder, asked.version, asked.changes, asked.seen)
        except BaseException:
            _remove(place)
            raise
        if not isinstance(outcome, Saved):
            _remove(place)
        elif data is not None and not _is_named(outcome.draft.tree, file):
            (folder / file).unlink(missing_ok=True)
    return outcome


def _is_named(tree: Tree, file: str) -> bool:
    materials = tree.get("materials")
    return isinstance(materials, list) and any(isinstance(one, dict) and one.get("file") == file for one in materials)


def _bytes(folder: Path, file: str) -> bytes | None:
    """A file of the folder; None for one that is not there, or lies outside: its entry can be taken away all the same."""
    try:
        return read_file(folder, file)
    except OpeningError:
        return None


def _bin(asked: Asked, data: bytes | None) -> Path:
    root = asked.folder / BIN
    if root.is_symlink():
        raise CaseError("回收箱是一个链接，不能放入。", fix="请告诉管理员。")
    try:
        root.mkdir(mode=0o700, exist_ok=True)
        place = root / f"{max((int(one.name) for one in root.iterdir() if one.name.isdecimal()), default=0) + 1:05}"
        place.mkdir(mode=0o700)
    except OSError as error:
        raise unwritable(root, error) from error
    record = {
        "entry": asked.entry,
        "why": asked.why,
        "who": asked.actor,
        "at": datetime.now(UTC).astimezone(_SHANGHAI).isoformat(timespec="minutes"),
    }
    if data is not None:
        write_whole(place / _FILE, data)
    write_whole(place / _RECORD, json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace"))
    return place


def _remove(place: Path) -> None:
    with contextlib.suppress(OSError):
        for name in (_RECORD, _FILE):
            (place / name).unlink(missing_ok=True)
        place.rmdir()


def bin_of(folder: Path) -> tuple[Binned, ...]:
    """What lies in the bin, the latest first; what cannot be read is left out."""
    root = folder / BIN
    try:
        numbers = sorted((int(name) for name in os.listdir(root) if name.isdecimal()), reverse=True)  # noqa: PTH208 (names alone)
    except OSError:
        return ()
    return tuple(one for number in numbers[:_MOST] if (one := _read(folder, number)) is not None)


def _read(folder: Path, number: int) -> Binned | None:
    try:
        told = json.loads(read_file(folder, f"{BIN}/{number:05}/{_RECORD}"))
        entry = told["entry"]
        name = str(entry["file"]).rpartition("/")[2]
        return Binned(number, dict(entry), name, str(told["why"]), str(told["at"]), str(told["who"]))
    except (OpeningError, ValueError, KeyError, TypeError, AttributeError):
        return None


def bring_back(folder: Path, number: int) -> Saved:
    """Put something from the bin back into the case, at the end of its materials.

    Raises:
        CaseError: it is not there, or case.json cannot take it.
        OutputError: it cannot be written.
    """
    with alone_in(folder, MATERIALS, wait=True):
        found = _read(folder, number)
        if found is None:
            raise CaseError("回收箱里没有这一份，可能已经恢复。", fix="请刷新页面。")
        data, made = _bytes(folder, f"{BIN}/{number:05}/{_FILE}"), None
        name = str(found.entry["file"])
        if data is not None:
            path, is_new = store_copy(folder, found.name, data)
            name, made = path.relative_to(folder).as_posix(), path if is_new else None
        draft = read_draft(folder)
        outcome = change_file(folder, draft.version, [Insert("/materials", {**found.entry, "file": name})], draft.tree)
        if not isinstance(outcome, Saved):
            if made is not None:
                made.unlink(missing_ok=True)
            raise CaseError("案件数据不能放入这一份。", fix="请先在表单里改正案件数据。")
        _remove(folder / BIN / f"{number:05}")
    return outcome
