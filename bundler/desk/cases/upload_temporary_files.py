"""Files that are being uploaded: hidden in the case's folder until they are taken in, and removed in the end."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from io import BufferedRandom
from pathlib import Path
from threading import Lock

from bundler.atomic_write import private_file
from bundler.errors import OutputError, describe_os_error


class UnfinishedUploads:
    """The files that browsers are sending; those of a killed desk are removed at the next change of the case's folder.

    Each is open while it exists: an open file is what the removal of leftovers spares.
    """

    def __init__(self) -> None:
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

    def remove_file(self, path: Path) -> None:
        """Remove a file that `create_file` made; any other file is left alone."""
        with self._lock:
            file = self._files.pop(path, None)
        if file is not None:
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # closing may fail to flush data, which is no longer needed
                file.close()

    def close(self) -> None:
        """Remove all files."""
        for path in list(self._files):
            self.remove_file(path)


class UploadSink:
    """The file object that a multipart parser writes an upload to.

    The file is created with its first byte, in the thread that writes it: the event loop never opens a file.
    """

    def __init__(self, incoming: UnfinishedUploads, folder: Path) -> None:
        self._incoming, self._folder = incoming, folder
        self._path: Path | None = None
        self._file: BufferedRandom | None = None

    def path(self) -> Path:
        """The path of the file, which is created where it does not exist yet.

        Raises:
            OutputError: it cannot be created.
        """
        with self._os_errors_translated():
            if self._path is None:
                self._path, self._file = self._incoming.create_file(self._folder)
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
        """Remove the file."""
        if self._path is not None:
            self._incoming.remove_file(self._path)

    @contextlib.contextmanager
    def _os_errors_translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(
                f"上传的文件放不下：{describe_os_error(error)}。", fix="请告诉管理员：检查磁盘空间和案件文件夹的权限。"
            ) from error
