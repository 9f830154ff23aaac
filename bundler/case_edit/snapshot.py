"""A case as it stands, for somebody who is going to change it."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from bundler.case.reader import ReadResult, read_case
from bundler.errors import CaseUnreadableError

Tree = Mapping[str, Any]
"""A case.json as it was parsed; never changed in place."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A case.json as somebody saw it.

    Attributes:
        folder: the case folder.
        version: the SHA-256 of its bytes; another one means that somebody wrote.
        tree: all that stands in it, what does not fit the model included.
        reading: the same, as the model sees it, with the findings.
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
    """The case of a folder.

    Raises:
        CaseUnreadableError: there is none, or it is no JSON object.
    """
    return snapshot_of(read_case(folder))


def snapshot_of(reading: ReadResult) -> Snapshot:
    """What was read, as a draft.

    Raises:
        CaseUnreadableError: it is no JSON object.
    """
    if reading.tree is None:
        told = reading.findings[0]
        raise CaseUnreadableError(told.message, fix=told.fix, code=told.rule)
    return Snapshot(reading.folder, hashlib.sha256(reading.data).hexdigest(), reading.tree, reading)


class SnapshotCache:
    """The drafts that people have before them, by version, the latest of them; so that their changes can be merged.

    It is a help and no record: where a version is forgotten, a change tells by its `before` what was seen.
    """

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._trees: OrderedDict[str, Tree] = OrderedDict()
        self._lock = Lock()

    def keep(self, draft: Snapshot) -> Snapshot:
        """Remember a draft that is shown to somebody."""
        with self._lock:
            self._trees[draft.version] = draft.tree
            self._trees.move_to_end(draft.version)
            while len(self._trees) > self._most:
                self._trees.popitem(last=False)
        return draft

    def get(self, version: str) -> Tree | None:
        """What stood in a version; None where it is forgotten."""
        with self._lock:
            return self._trees.get(version)
