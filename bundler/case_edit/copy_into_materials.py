"""Copy files into a case's materials folder; a copy is removed again unless case.json comes to list it."""

from __future__ import annotations

import contextlib
import json
import os
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bundler.atomic_write import write_atomic, write_new
from bundler.case.reader import CASE_FILE, read_case
from bundler.digest import sha256_of
from bundler.errors import UsageError, output_error
from bundler.materials.safe_opening import OpeningError, read_file
from bundler.printable_text import replace_unsafe

MATERIALS_FOLDER = "materials"
MAX_NAME = 120
"""Characters of a file name in the case, without its extension."""
_MAX_BYTES, _MAX_EXTENSION = 200, 20
"""Bytes of a file name, less than file systems allow so that a number fits in; and characters of an extension."""
COPY_NOTE_PREFIX = ".bundler-copying-"
"""Begins the names of notes about copies in progress; without a lock holder, an interrupted run left them."""


@dataclass
class MaterialCopy:
    """A file that is being put into a case.

    Attributes:
        name: its name, relative to the case folder.
        is_kept: whether case.json lists it now; the caller sets this.
    """

    name: str
    is_kept: bool = False


@contextlib.contextmanager
def copied_into_case(folder: Path, name: str, data: bytes) -> Iterator[MaterialCopy]:
    """Copy bytes into materials/ for the duration of a block, and remove the copy again unless it is kept.

    The caller holds the case's lock. A note beside case.json lets the next holder remove what a killed run leaves.

    Args:
        folder: the case folder.
        name: the name wanted; where it is taken, the next free one with a number is used.
        data: the bytes.

    Raises:
        UsageError: no name is free, or materials/ is a link.
        OutputError: it cannot be written.
    """
    copy, note = _store(folder, name, data)
    try:
        yield copy
    finally:
        if note is not None:
            if not copy.is_kept:  # the run may have been stopped after it wrote case.json, so that is read again
                _remove_unlisted(folder, note, _listed_files(folder))
            note.unlink(missing_ok=True)


def _store(folder: Path, name: str, data: bytes) -> tuple[MaterialCopy, Path | None]:
    for path, relative in _free_or_same(folder, name, data):
        if os.path.lexists(path):  # put there by hand, perhaps
            return MaterialCopy(relative), None
        note = _write_note(folder, relative, data)
        is_written = False
        try:
            is_written = write_new(path, data)
        finally:
            if not is_written:
                note.unlink(missing_ok=True)
        if is_written:
            return MaterialCopy(relative), note
    raise _no_name(name)


def store_waiting(folder: Path, name: str, data: bytes) -> tuple[str, bool]:
    """Put a file into materials/ that case.json does not name yet; the caller holds the case's lock.

    Returns:
        its name, relative to the case folder, and whether it was written; a file with that name and these bytes may be
        there already.

    Raises:
        UsageError: no name is free, or materials/ is a link.
        OutputError: it cannot be written.
    """
    for path, relative in _free_or_same(folder, name, data):
        if os.path.lexists(path):
            return relative, False
        if write_new(path, data):
            return relative, True
    raise _no_name(name)


def _no_name(name: str) -> UsageError:
    return UsageError(f"“{name}”这个文件名已经用得太多。", fix="请给扫描件换一个文件名。")


def _free_or_same(folder: Path, name: str, data: bytes) -> Iterator[tuple[Path, str]]:
    """The paths in materials/ that are free, or hold the same bytes, each with its name in the case."""
    parent = folder / MATERIALS_FOLDER
    if parent.is_symlink():
        raise UsageError(f"“{parent}”是一个链接，不能放入材料。", fix="请换成普通的文件夹。")
    try:
        parent.mkdir(exist_ok=True)
    except OSError as error:
        raise output_error(parent, error) from error
    for path in _candidates(parent, name):
        relative = path.relative_to(folder).as_posix()
        if not os.path.lexists(path) or _has_bytes(folder, relative, data):
            yield path, relative


def _candidates(parent: Path, name: str) -> Iterator[Path]:
    stem, dot, extension = safe_file_name(name).rpartition(".")
    for number in range(1, 1000):
        suffix = f"-{number}" if number > 1 else ""
        yield parent / (f"{stem}{suffix}.{extension}" if dot else f"{extension}{suffix}")


def safe_file_name(name: str) -> str:
    """Make a file name harmless: NFC, no invisible characters, no folder, not hidden, not too long."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    visible = replace_unsafe(last, "", keep="").lstrip(". ")
    stem, dot, extension = visible.rpartition(".")
    if not dot or len(extension) > _MAX_EXTENSION:
        stem, dot, extension = visible, "", ""
    max_bytes = _MAX_BYTES - len((dot + extension).encode())
    return stem[:MAX_NAME].encode()[:max_bytes].decode(errors="ignore") + dot + extension or "扫描件"


def _has_bytes(folder: Path, relative: str, data: bytes) -> bool:
    try:
        return read_file(folder, relative) == data
    except OpeningError:
        return False


def _write_note(folder: Path, relative: str, data: bytes) -> Path:
    digest = sha256_of(data)
    note = folder / f"{COPY_NOTE_PREFIX}{sha256_of(relative.encode())[:16]}.json"
    write_atomic(note, json.dumps({"file": relative, "sha256": digest}).encode())
    return note


def recover_copies(folder: Path) -> None:
    """Remove what a killed run had copied and case.json does not list; the caller holds the case's lock."""
    notes = sorted(folder.glob(f"{COPY_NOTE_PREFIX}*.json"))
    listed = _listed_files(folder) if notes else None
    if listed is None:  # nothing was interrupted, or case.json must be repaired first
        return
    for note in notes:
        _remove_unlisted(folder, note, listed)
        note.unlink(missing_ok=True)


def _listed_files(folder: Path) -> frozenset[str] | None:
    """The files that case.json lists; None where it cannot be read."""
    tree = read_case(folder / CASE_FILE).tree
    return None if tree is None else referenced_files(tree)


def referenced_files(tree: Mapping[str, Any]) -> frozenset[str]:
    """The files that a case lists, each as a `normalised_path`."""
    return frozenset(normalised_path(str(one.get("file"))) for one in material_entries(tree))


def material_entries(tree: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries of a case's materials; what is no object is left out."""
    materials = tree.get("materials")
    return [one for one in materials if isinstance(one, dict)] if isinstance(materials, list) else []


def normalised_path(file: str) -> str:
    """One spelling of a relative file name: NFC, without empty and “.” parts."""
    return unicodedata.normalize("NFC", "/".join(part for part in file.split("/") if part not in {"", "."}))


def _remove_unlisted(folder: Path, note: Path, listed: frozenset[str] | None) -> None:
    """Remove the file of a note where it is still the one that was copied, and case.json does not list it."""
    with contextlib.suppress(OpeningError, ValueError, KeyError, TypeError, OSError):
        copied = json.loads(read_file(folder, note.name))
        file, digest = str(copied["file"]), copied["sha256"]
        is_ours = sha256_of(read_file(folder, file)) == digest
        if listed is not None and normalised_path(file) not in listed and is_ours:
            (folder / file).unlink()
