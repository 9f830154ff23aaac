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
from bundler.bind.join_types import SourcePart, TypesetPart

_BATCH_BYTES = 1 << 20
"""Bytes that are handed to the thread at once."""
_MAX_WAITING_BYTES = 4 << 20
"""Bytes that may wait for the thread; beyond that, `write` blocks."""
_FLUSH_BYTES = 8 << 20
"""Bytes after which the file is flushed to the disk, so that little is left to wait for at the end."""
READ_AHEAD_BYTES = 16 << 20
"""The largest file that is read ahead; a larger one is read when its turn comes."""


class BackgroundWriter:
    """Writes and hashes a file in a thread.

    Attributes:
        size: bytes passed to `write` so far.
    """

    def __init__(self, file: BufferedRandom) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._thread = ThreadPoolExecutor(1)
        self._job: Future[None] | None = None
        self._waiting: list[bytes] = []
        self._waiting_bytes = self._unflushed = self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()

    def write(self, data: bytes) -> None:
        """Append bytes.

        Raises:
            OSError: earlier bytes could not be written.
        """
        self._waiting.append(data)
        self._waiting_bytes += len(data)
        self.size += len(data)
        if self._waiting_bytes > _MAX_WAITING_BYTES or (
            self._waiting_bytes > _BATCH_BYTES and (self._job is None or self._job.done())
        ):
            self._submit_batch()

    def digest(self) -> hashlib._Hash:
        """Wait until everything is written, and return its SHA-256."""
        self._submit_batch()
        self._submit_batch()
        return self._digest.copy()

    def _submit_batch(self) -> None:
        """Wait for the thread to finish the last batch, and give it the next."""
        if self._job is not None:
            self._job.result()
        batch, self._waiting, self._waiting_bytes = self._waiting, [], 0
        self._job = self._thread.submit(self._write_batch, batch)

    def _write_batch(self, batch: list[bytes]) -> None:
        data = b"".join(batch)
        self._file.write(data)
        self._digest.update(data)
        self._unflushed += len(data)
        if self._unflushed > _FLUSH_BYTES:
            self._unflushed = 0
            flush_to_disk(self._file)


def read_ahead(parts: Iterable[TypesetPart | SourcePart]) -> Iterator[TypesetPart | SourcePart]:
    """Give the same parts in the same order, and read the file of the next while one is being bound.

    An error of reading is raised when the part's own turn comes.
    """
    with ThreadPoolExecutor(1) as thread:
        previous: TypesetPart | SourcePart | None = None
        for part in parts:
            started = part
            if isinstance(part, SourcePart) and part.size <= READ_AHEAD_BYTES:
                started = replace(part, load=thread.submit(part.load).result)
            if previous is not None:
                yield previous
            previous = started
        if previous is not None:
            yield previous
