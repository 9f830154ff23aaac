"""Disk work in a thread: the next attached file is read, and finished pages are written and hashed, during binding."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from io import BufferedRandom
from types import TracebackType
from typing import Self

from bundler.atomic_write import flush_to_disk
from bundler.bind.parts import SourcePart, TypesetPart

_BATCH = 1 << 20
"""Bytes worth a hand-over to the thread."""
_HELD = 4 << 20
"""Bytes that may wait for the thread: for more, the maker of pages waits."""
_AT_ONCE = 8 << 20
"""Bytes after which the disk is asked to take what it has: at the end, there is little left to wait for."""
AHEAD_BYTES = 16 << 20
"""The largest file that may wait in memory for its turn; a larger one is read when its turn comes."""


class BackgroundWriter:
    """A file that is written and hashed in the order in which it is given, a little later.

    Attributes:
        size: bytes given so far.
    """

    def __init__(self, file: BufferedRandom) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._thread = ThreadPoolExecutor(1)
        self._job: Future[None] | None = None
        self._waiting: list[bytes] = []
        self._held = self._unsettled = self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()

    def put(self, data: bytes) -> None:
        """Give the next bytes.

        Raises:
            OSError: those before could not be written.
        """
        self._waiting.append(data)
        self._held += len(data)
        self.size += len(data)
        if self._held > _HELD or (self._held > _BATCH and (self._job is None or self._job.done())):
            self._hand_over()

    def digest(self) -> hashlib._Hash:
        """The SHA-256 of all that was given, when it is written."""
        self._hand_over()
        self._hand_over()
        return self._digest.copy()

    def _hand_over(self) -> None:
        """Wait for what was handed over before, and hand over what has come since."""
        if self._job is not None:
            self._job.result()
        batch, self._waiting, self._held = self._waiting, [], 0
        self._job = self._thread.submit(self._take, batch)

    def _take(self, batch: list[bytes]) -> None:
        data = b"".join(batch)
        self._file.write(data)
        self._digest.update(data)
        self._unsettled += len(data)
        if self._unsettled > _AT_ONCE:
            self._unsettled = 0
            flush_to_disk(self._file)


def read_ahead(parts: Iterable[TypesetPart | SourcePart]) -> Iterator[TypesetPart | SourcePart]:
    """The same parts in the same order; while one is bound, the file of the next is read.

    What goes wrong in reading is raised when the part's own turn has come.
    """
    with ThreadPoolExecutor(1) as thread:
        before: TypesetPart | SourcePart | None = None
        for part in parts:
            begun = part
            if isinstance(part, SourcePart) and part.size <= AHEAD_BYTES:
                begun = replace(part, load=thread.submit(part.load).result)
            if before is not None:
                yield before
            before = begun
        if before is not None:
            yield before
