"""Uploaded files that the clerk has not placed yet: hidden in the case's folder, and not part of the case."""

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
from bundler.errors import OutputError, describe_os_error
from bundler.intake.add_scan import Scan

MAX_AGE_SECONDS = 3600.0
MAX_PENDING = 300
"""Each pending upload keeps its file open: an open file is what the removal of leftovers spares."""


@dataclass(slots=True)
class PendingUpload:
    """An uploaded file that waits for the clerk.

    Attributes:
        token: the name that the browser knows it by.
        case_key: the key of its case.
        name: the file name that the browser sent.
        scan: what the inspection found, and the parts that it proposes.
        since: when it was added, by the monotonic clock, in seconds.
    """

    token: str
    case_key: str
    name: str
    scan: Scan
    since: float = field(default_factory=time.monotonic)


class PendingUploads:
    """All pending uploads of a desk; those of a killed desk are removed at the next change of the case's folder."""

    def __init__(self) -> None:
        self._uploads: dict[str, PendingUpload] = {}
        self._files: dict[Path, BufferedRandom] = {}
        self._lock = Lock()

    def create_file(self, folder: Path) -> tuple[Path, BufferedRandom]:
        """Create a hidden file in a folder; it exists until it is removed.

        Raises:
            OSError: it cannot be created.
        """
        path, file = private_file(folder)
        with self._lock:
            self._files[path] = file
        return path, file

    def add(self, case_key: str, name: str, scan: Scan) -> PendingUpload:
        """Add an inspected file, and drop those that are too old or too many."""
        upload = PendingUpload(token_hex(8), case_key, name, scan)
        with self._lock:
            self._uploads[upload.token] = upload
        self._drop_expired()
        return upload

    def get(self, case_key: str, token: str) -> PendingUpload | None:
        """The pending upload of a case; None where it expired or belongs to another case."""
        upload = self._uploads.get(token)
        return upload if upload is not None and upload.case_key == case_key else None

    def drop(self, token: str) -> None:
        """Remove a pending upload and its file."""
        with self._lock:
            upload = self._uploads.pop(token, None)
        if upload is not None:
            self.remove_file(upload.scan.path)

    def remove_unless_pending(self, path: Path) -> None:
        """Remove a file that `create_file` made, unless a pending upload needs it."""
        if not any(upload.scan.path == path for upload in list(self._uploads.values())):
            self.remove_file(path)

    def remove_file(self, path: Path) -> None:
        """Remove a file that `create_file` made; any other file is left alone."""
        with self._lock:
            file = self._files.pop(path, None)
        if file is not None:
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # closing may fail to flush data, which is no longer needed
                file.close()

    def close(self) -> None:
        """Remove all pending uploads and their files."""
        self._uploads.clear()
        for path in list(self._files):
            self.remove_file(path)

    def _drop_expired(self) -> None:
        now = time.monotonic()
        oldest_first = sorted(self._uploads.values(), key=lambda one: one.since)
        for index, upload in enumerate(oldest_first):
            if now - upload.since > MAX_AGE_SECONDS or len(oldest_first) - index > MAX_PENDING:
                self.drop(upload.token)


class UploadSink:
    """The file object that a multipart parser writes an upload to.

    The file is created with its first byte, in the thread that writes it: the event loop never opens a file.
    """

    def __init__(self, uploads: PendingUploads, folder: Path) -> None:
        self._uploads, self._folder = uploads, folder
        self._path: Path | None = None
        self._file: BufferedRandom | None = None

    def path(self) -> Path:
        """The path of the file, which is created where it does not exist yet.

        Raises:
            OutputError: it cannot be created.
        """
        with self._os_errors_translated():
            if self._path is None:
                self._path, self._file = self._uploads.create_file(self._folder)
        return self._path

    def write(self, data: bytes) -> None:
        """Write a chunk.

        Raises:
            OutputError: it cannot be written.
        """
        self.path()
        with self._os_errors_translated():
            if self._file is not None:
                self._file.write(data)

    def seek(self, offset: int) -> None:
        """Flush and seek; the parser rewinds a file when all of it has arrived.

        Raises:
            OutputError: it cannot be written.
        """
        self.path()
        with self._os_errors_translated():
            if self._file is not None:
                self._file.flush()
                self._file.seek(offset)

    def discard(self) -> None:
        """Remove the file, unless it became a pending upload."""
        if self._path is not None:
            self._uploads.remove_unless_pending(self._path)

    @contextlib.contextmanager
    def _os_errors_translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(
                f"上传的文件放不下：{describe_os_error(error)}。", fix="请告诉管理员：检查磁盘空间和案件文件夹的权限。"
            ) from error
