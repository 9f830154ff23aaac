"""Files that were sent up and of which nobody has said yet what they are: hidden in the case's folder, and no papers of it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedRandom
from pathlib import Path
from secrets import token_hex
from threading import Lock

from bundler.atomic_write import private_file
from bundler.errors import OutputError, reason
from bundler.intake.scan import Scan

MAX_AGE_SECONDS = 3600.0
MAX_PENDING = 300
"""Each that waits is an open file, so that nobody sweeps it away."""


@dataclass(slots=True)
class PendingUpload:
    """A file that waits.

    Attributes:
        token: what the browser calls it.
        key: of which case.
        name: as it was sent.
        scan: what it seems to be.
        since: by the machine's own clock.
    """

    token: str
    key: str
    name: str
    scan: Scan
    since: float = field(default_factory=time.monotonic)


class PendingUploads:
    """The files that wait; those that a killed desk leaves go when somebody works in their case's folder."""

    def __init__(self) -> None:
        self._waiting: dict[str, PendingUpload] = {}
        self._lying: dict[Path, BufferedRandom] = {}
        self._lock = Lock()

    def place(self, folder: Path) -> tuple[Path, BufferedRandom]:
        """A file to be filled, which lies there until it is removed.

        Raises:
            OSError: there can be none.
        """
        path, file = private_file(folder)
        with self._lock:
            self._lying[path] = file
        return path, file

    def keep(self, key: str, name: str, scan: Scan) -> PendingUpload:
        """Keep a file that was looked at."""
        one = PendingUpload(token_hex(8), key, name, scan)
        with self._lock:
            self._waiting[one.token] = one
        self._tidy()
        return one

    def get(self, key: str, token: str) -> PendingUpload | None:
        """A file that waits for a case."""
        one = self._waiting.get(token)
        return one if one is not None and one.key == key else None

    def drop(self, token: str) -> None:
        """Let go of a file."""
        with self._lock:
            one = self._waiting.pop(token, None)
        if one is not None:
            self.remove(one.scan.path)

    def leave(self, path: Path) -> None:
        """Remove what `place` gave, unless it is kept."""
        if not any(one.scan.path == path for one in list(self._waiting.values())):
            self.remove(path)

    def remove(self, path: Path) -> None:
        """Remove what `place` gave; what lies elsewhere is not touched."""
        with self._lock:
            file = self._lying.pop(path, None)
        if file is not None:
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # what could not be written is not wanted any more
                file.close()

    def close(self) -> None:
        """Let go of all."""
        self._waiting.clear()
        for path in list(self._lying):
            self.remove(path)

    def _tidy(self) -> None:
        """Let go of what nobody has come back to."""
        now = time.monotonic()
        waiting = sorted(self._waiting.values(), key=lambda one: one.since)
        for place, one in enumerate(waiting):
            if now - one.since > MAX_AGE_SECONDS or len(waiting) - place > MAX_PENDING:
                self.drop(one.token)


class UploadSink:
    """A file on its way into the tray: it is there with its first byte, so that nothing is opened where pages are served."""

    def __init__(self, pending_uploads: PendingUploads, folder: Path) -> None:
        self._tray, self._folder = pending_uploads, folder
        self._path: Path | None = None
        self._file: BufferedRandom | None = None

    def land(self) -> Path:
        """Where it lies.

        Raises:
            OutputError: it cannot be made.
        """
        with self._told():
            if self._path is None:
                self._path, self._file = self._tray.place(self._folder)
        return self._path

    def write(self, data: bytes) -> None:
        """Take a piece.

        Raises:
            OutputError: it cannot be written.
        """
        self.land()
        with self._told():
            if self._file is not None:
                self._file.write(data)

    def seek(self, place: int) -> None:
        """All of it has come.

        Raises:
            OutputError: it cannot be written.
        """
        self.land()
        with self._told():
            if self._file is not None:
                self._file.flush()
                self._file.seek(place)

    def leave(self) -> None:
        """It goes, unless the tray has been told to keep it."""
        if self._path is not None:
            self._tray.leave(self._path)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(
                f"上传的文件放不下：{reason(error)}。", fix="请告诉管理员：检查磁盘空间和案件文件夹的权限。"
            ) from error
