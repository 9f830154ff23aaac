"""Readers of this machine: each has its process, and goes on with the file that it has open where it can."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from bundler.scan_reading.record import ReadPage
from bundler.text_recognition.page_worker import PageReader, PageTask


class LocalReaders:
    """As many readers as threads call `read` at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[PageReader] = []
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._closed = True
            for reader in self._idle:
                reader.close()
            self._idle.clear()

    def read(self, task: PageTask, known: Mapping[str, ReadPage]) -> ReadPage | None:
        """Read a page; the arguments, the result and the errors are those of `PageReader.read`."""
        with self._lock:
            fitting = [reader for reader in self._idle if reader.source == task.sha256]
            reader = (fitting or self._idle or [PageReader()])[-1]
            if reader in self._idle:
                self._idle.remove(reader)
        try:
            return reader.read(task, known)
        finally:
            with self._lock:
                if self._closed:
                    reader.close()
                else:
                    self._idle.append(reader)
