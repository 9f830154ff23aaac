"""A case as it was read, the versions that users still see, and stamps that tell whether its files have changed since."""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from bundler.case.reader import CASE_FILE, ReadResult, read_case
from bundler.case_edit.copy_into_materials import MATERIALS_FOLDER
from bundler.digest import sha256_of
from bundler.errors import CaseUnreadableError
from bundler.file_reading import file_stamp
from bundler.scan_reading.case_readings import FOLDER as READINGS_FOLDER

Tree = Mapping[str, Any]
"""A parsed case.json; never changed in place."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A case.json as it was at one moment.

    Attributes:
        folder: the case folder.
        version: the SHA-256 of its bytes, which identifies the version.
        tree: its whole content, including what does not fit the model.
        reading: the same as the model has it, with the findings.
    """

    folder: Path
    version: str
    tree: Tree = field(repr=False)
    reading: ReadResult = field(repr=False)

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return self.reading.data


def read_snapshot(folder: Path) -> Snapshot:
    """Read the case of a folder.

    Raises:
        CaseUnreadableError: there is none, or it is no JSON object.
    """
    return snapshot_of(read_case(folder))


def snapshot_of(reading: ReadResult) -> Snapshot:
    """Make a snapshot of a case that was read.

    Raises:
        CaseUnreadableError: it is no JSON object.
    """
    if reading.tree is None:
        fault = reading.findings[0]
        raise CaseUnreadableError(fault.message, fix=fault.fix, code=fault.rule)
    return Snapshot(reading.folder, sha256_of(reading.data), reading.tree, reading)


class SnapshotCache:
    """The trees of the latest versions that users have on their screens, so that their changes can be merged.

    Where a version is no longer cached, a change is merged by its `before` alone.

    Args:
        most: the number of versions kept.
    """

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._trees: OrderedDict[str, Tree] = OrderedDict()
        self._lock = Lock()

    def keep(self, snapshot: Snapshot) -> Snapshot:
        """Keep a snapshot that is shown to a user."""
        with self._lock:
            self._trees[snapshot.version] = snapshot.tree
            self._trees.move_to_end(snapshot.version)
            while len(self._trees) > self._most:
                self._trees.popitem(last=False)
        return snapshot

    def get(self, version: str) -> Tree | None:
        """The tree of a version; None where it is no longer cached."""
        with self._lock:
            return self._trees.get(version)


def folder_stamp(folder: Path) -> str:
    """A stamp of all visible files of a case folder and of what was read on them, made without opening one.

    It differs once one of them has changed.
    """
    digest = hashlib.sha256()
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") or name == READINGS_FOLDER)
        for name in sorted(files):
            if not name.startswith("."):
                path = f"{here}/{name}"
                digest.update(f"{path}\0{file_stamp(path)}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def listed_files_stamp(folder: Path, files: Iterable[str]) -> str:
    """A quicker stamp, of case.json, of the materials folder and of the files that the case lists.

    No file is opened and no link is followed; a name that leads out of the folder is not looked at.

    Args:
        folder: the case folder.
        files: names relative to the folder.
    """
    digest = hashlib.blake2b(digest_size=12)
    for name in (CASE_FILE, MATERIALS_FOLDER, *files):
        is_outside = name.startswith("/") or ".." in name.split("/")
        stamp = "outside;" if is_outside else file_stamp(f"{folder}/{name}")
        digest.update(stamp.encode("utf-8", "replace"))
    return digest.hexdigest()
