"""New files in a case's materials, which go away again unless case.json comes to name them, whatever happens meanwhile."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bundler.atomic_write import write_atomic, write_new
from bundler.case.reader import CASE_FILE, read_case
from bundler.errors import UsageError, output_error
from bundler.materials.folder import OpeningError, read_file
from bundler.text import replace_unsafe

MATERIALS_FOLDER = "materials"
MAX_NAME = 120
"""Characters of a file's name in the case, before its ending."""
_MAX_BYTES, _MAX_ENDING = 200, 20
"""What a disk holds of a name, less what makes it another one of several; and characters of an ending."""
COPY_NOTE_PREFIX = ".bundler-copying-"
"""A note of a file on its way bears such a name: where nobody works, the way was cut short."""


@dataclass
class MaterialCopy:
    """A file on its way into a case.

    Attributes:
        name: its name in the case.
        is_new: it was not there before.
        is_kept: case.json names it now.
    """

    name: str
    is_new: bool
    is_kept: bool = False


@contextlib.contextmanager
def copied_into_case(folder: Path, name: str, data: bytes) -> Iterator[MaterialCopy]:
    """Bytes in materials/, under their own name or the next one that is free; gone afterwards unless they are kept.

    The caller works alone in the folder. A note beside case.json lets the next one take away what a kill leaves.

    Raises:
        UsageError: the name cannot be had.
        OutputError: it cannot be written.
    """
    copy, note = _store(folder, name, data)
    try:
        yield copy
    finally:
        if note is not None:
            if not copy.is_kept:  # whoever was stopped may have written case.json: what stands there decides
                _end(folder, note, _named(folder))
            note.unlink(missing_ok=True)


def _store(folder: Path, name: str, data: bytes) -> tuple[MaterialCopy, Path | None]:
    target = folder / MATERIALS_FOLDER
    if target.is_symlink():
        raise UsageError(f"“{target}”是一个链接，不能放入材料。", fix="请换成普通的文件夹。")
    try:
        target.mkdir(exist_ok=True)
    except OSError as error:
        raise output_error(target, error) from error
    for path in _candidates(target, name):
        inside = path.relative_to(folder).as_posix()
        if os.path.lexists(path):
            if _is_same(folder, inside, data):  # put there by hand, perhaps
                return MaterialCopy(inside, is_new=False), None
            continue
        note = _note(folder, inside, data)
        if write_new(path, data):
            return MaterialCopy(inside, is_new=True), note
        note.unlink(missing_ok=True)
    raise UsageError(f"“{name}”这个文件名已经用得太多。", fix="请给扫描件换一个文件名。")


def _candidates(target: Path, name: str) -> Iterator[Path]:
    stem, dot, ending = safe_file_name(name).rpartition(".")
    for number in range(1, 1000):
        suffix = f"-{number}" if number > 1 else ""
        yield target / (f"{stem}{suffix}.{ending}" if dot else f"{ending}{suffix}")


def safe_file_name(name: str) -> str:
    """A name that shows what it is: composed, nothing that cannot be seen, no folder, not hidden, not too long."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = replace_unsafe(last, "", keep="").lstrip(". ")
    stem, dot, ending = seen.rpartition(".")
    if not dot or len(ending) > _MAX_ENDING:
        stem, dot, ending = seen, "", ""
    room = _MAX_BYTES - len((dot + ending).encode())
    return stem[:MAX_NAME].encode()[:room].decode(errors="ignore") + dot + ending or "扫描件"


def _is_same(folder: Path, inside: str, data: bytes) -> bool:
    try:
        return read_file(folder, inside) == data
    except OpeningError:
        return False


def _note(folder: Path, inside: str, data: bytes) -> Path:
    digest = hashlib.sha256(data).hexdigest()
    note = folder / f"{COPY_NOTE_PREFIX}{hashlib.sha256(inside.encode()).hexdigest()[:16]}.json"
    write_atomic(note, json.dumps({"file": inside, "sha256": digest}).encode())
    return note


def recover_copies(folder: Path) -> None:
    """Take away what a killed run had copied and case.json does not name; the caller works alone in the folder."""
    notes = sorted(folder.glob(f"{COPY_NOTE_PREFIX}*.json"))
    named = _named(folder) if notes else None
    if named is None:  # nothing was cut short; or nobody knows what case.json names until somebody sets it right
        return
    for note in notes:
        _end(folder, note, named)
        note.unlink(missing_ok=True)


def _named(folder: Path) -> frozenset[str] | None:
    """The files that case.json names; None where it cannot be read."""
    tree = read_case(folder / CASE_FILE).tree
    return None if tree is None else referenced_files(tree)


def referenced_files(tree: Mapping[str, Any]) -> frozenset[str]:
    """The files that a case names, each as `normalised_path`."""
    return frozenset(normalised_path(str(one.get("file"))) for one in material_entries(tree))


def material_entries(tree: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What stands in a case's materials, as far as it is entries."""
    materials = tree.get("materials")
    return [one for one in materials if isinstance(one, dict)] if isinstance(materials, list) else []


def normalised_path(file: str) -> str:
    """A file's name in one spelling of several."""
    return unicodedata.normalize("NFC", "/".join(part for part in file.split("/") if part not in {"", "."}))


def _end(folder: Path, note: Path, named: frozenset[str] | None) -> None:
    """Take away the file of a note, where it is still the one that was copied and nothing names it."""
    with contextlib.suppress(OpeningError, ValueError, KeyError, TypeError, OSError):
        told = json.loads(read_file(folder, note.name))
        file, digest = str(told["file"]), told["sha256"]
        is_ours = hashlib.sha256(read_file(folder, file)).hexdigest() == digest
        if named is not None and normalised_path(file) not in named and is_ours:
            (folder / file).unlink()
