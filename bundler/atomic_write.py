"""Atomic writing: a file appears whole or not at all, and a killed run leaves nothing beside it."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedRandom, FileIO, UnsupportedOperation
from pathlib import Path
from typing import TYPE_CHECKING

from bundler.digest import sha256_of
from bundler.errors import OutputError, output_error

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

_NO_TMPFILE_ERRORS = frozenset({errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT})
"""Errors of file systems that cannot hold a file without a name (``O_TMPFILE``)."""


def write_atomic(target: Path, data: bytes, *, durable: bool = True, mode: int | None = None) -> None:
    """Write a file atomically; an earlier file stays until the new one is complete.

    Args:
        target: the file.
        data: its content.
        durable: wait until the data are on the disk, so that they survive a power failure.
        mode: the permissions of the file; None: those that this process gives new files (umask).

    Raises:
        OutputError: the file cannot be written; nothing is left behind.
    """
    with atomic_file(target, durable=durable, mode=mode) as file:
        file.write(data)


class NameTakenError(Exception):
    """The name of a new file is already taken."""


def write_new(target: Path, data: bytes) -> bool:
    """Write a new file atomically; return False where the name is already taken.

    Raises:
        OutputError: the file cannot be written; nothing is left behind.
    """
    if os.path.lexists(target):
        return False
    try:
        with atomic_file(target, new=True) as file:
            file.write(data)
    except NameTakenError:
        return False
    return True


def replace_unchanged(target: Path, before: bytes, data: bytes) -> bool:
    """Replace a file atomically if its content is still `before`; return False where it has changed.

    Raises:
        OutputError: the file cannot be written; the earlier file stays.
    """

    def check() -> None:
        if target.read_bytes() != before:
            raise NameTakenError

    try:
        mode = stat.S_IMODE(target.stat().st_mode)
        with atomic_file(target, check=check, mode=mode) as file:
            file.write(data)
    except NameTakenError:
        return False
    except OSError as error:
        raise output_error(target, error) from error
    return True


@contextmanager
def atomic_file(
    target: Path,
    *,
    durable: bool = True,
    new: bool = False,
    mode: int | None = None,
    check: Callable[[], None] = lambda: None,
) -> Iterator[BufferedRandom]:
    """Open a file to write and read that gets its name only when the block ends without an error.

    Until then it has no name, so that even a killed process leaves nothing. Only to replace an earlier file it has a
    temporary name between two system calls; what a kill leaves there, the next run removes.

    Args:
        target: the file.
        durable: wait until the data are on the disk, so that they survive a power failure. For a file that need not
            survive one, the folder, which may be large, is not listed to find what killed runs left of it, but where
            they can have left something: an earlier file is replaced, or the disk has no files without a name.
        new: do not replace an earlier file.
        mode: the permissions of the file; None: those that this process gives new files (umask).
        check: called when the file is complete, before it gets its name; if it raises, nothing is changed.

    Raises:
        OutputError: the file cannot be written; nothing is left behind.
        NameTakenError: `new` is set and the name is taken.
    """
    if target.exists() and not target.is_file():
        raise OutputError(f"“{target}”不是普通文件，不能写。", fix="请换一个文件名。")
    try:
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise output_error(target, error) from error
    temporary = _TemporaryFile(folder, target.name, sweeps=durable)
    raw: _DeferredErrorFile | None = None
    try:
        raw = _DeferredErrorFile(temporary.open(), "w+b")
        with _FileWithoutDescriptor(raw) as file:
            yield file
            file.flush()
            raw.raise_fault()
            permissions = new_permissions(0o666) if mode is None else mode
            temporary.finish(raw.fileno(), permissions, durable=durable)
            check()
            temporary.publish(raw.fileno(), durable=durable, new=new)
    except OSError as error:
        raise output_error(target, error) from error
    except Exception as error:
        if raw is not None and raw.fault is not None:  # the error is a consequence of the failed write
            raise output_error(target, raw.fault) from error
        raise
    finally:
        temporary.remove()
        os.close(folder)


def new_permissions(asked: int) -> int:
    """The permissions asked for a new file or folder, less those that the umask of this process takes away.

    ``os.umask`` can be read only by changing it, for all threads; where /proc does not show it, only the owner may read.
    """
    with suppress(OSError, ValueError, IndexError):
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return asked & ~int(status.partition("Umask:")[2].split(maxsplit=1)[0], 8)
    return asked & 0o700


def flush_to_disk(file: BufferedRandom) -> None:
    """Write what is buffered to the disk now, so that the end of a large file needs no long wait.

    Raises:
        OSError: the disk cannot take it.
    """
    file.flush()
    os.fdatasync(file.raw.fileno())


class _DeferredErrorFile(FileIO):
    """A file that keeps the first write error and accepts all later writes without writing them.

    qpdf closes its streams in destructors, where an error would terminate the process.

    Attributes:
        fault: the first error.
    """

    fault: OSError | None = None

    def write(self, data: Buffer, /) -> int:
        """Write, or keep the error and pretend to have written."""
        if self.fault is None:
            try:
                return super().write(data)
            except OSError as error:
                self.fault = error
        return memoryview(data).nbytes

    def raise_fault(self) -> None:
        """Raise the error that was kept, if there is one."""
        if self.fault is not None:
            raise self.fault


class _FileWithoutDescriptor(BufferedRandom):
    """A buffered file that hides its file descriptor, so that pikepdf cannot write past the buffer."""

    def fileno(self) -> int:
        """Refuse to give the descriptor."""
        raise UnsupportedOperation


class _TemporaryFile:
    """A file that is written without its final name in a folder, and named when it is complete."""

    def __init__(self, folder: int, name: str, *, sweeps: bool) -> None:
        self._folder, self._name, self._sweeps = folder, name, sweeps
        self._temporary_prefix = _temporary_prefix(name)
        self._temporary: str | None = None

    def open(self) -> int:
        """Open the file: without a name where the file system supports it, else with a temporary name of this target."""
        if self._sweeps:
            self._remove_own_leftovers()
        handle = _open_tmpfile(self._folder)
        if handle is None:
            if not self._sweeps:
                self._remove_own_leftovers()
            handle, self._temporary = _create_locked(self._folder, self._temporary_prefix)
        return handle

    @staticmethod
    def finish(handle: int, mode: int, *, durable: bool) -> None:
        """Set the permissions of the complete file, and wait for the disk."""
        os.fchmod(handle, mode)
        if durable:
            os.fsync(handle)

    def publish(self, handle: int, *, durable: bool, new: bool) -> None:
        """Give the file its name; an earlier file is replaced unless `new` is set."""
        is_named = self._temporary is None and self._link(handle, self._name)
        if new and not is_named:
            self._name_new_file()
        elif not is_named:
            if self._temporary is None:
                if not self._sweeps:
                    self._remove_own_leftovers()
                self._temporary = _random_name(self._temporary_prefix)
                self._link(handle, self._temporary)
            self._rename()
        if durable:
            with suppress(OSError):  # some file systems do not support it; the file itself is safe
                os.fsync(self._folder)

    def _name_new_file(self) -> None:
        if self._temporary is None:
            raise NameTakenError
        try:
            os.link(self._temporary, self._name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        except FileExistsError:
            raise NameTakenError from None
        except OSError:
            # The disk has no hard links; a race with another program is possible between this check and the rename.
            if self._name in os.listdir(self._folder):  # noqa: PTH208 (a Path cannot list an open folder)
                raise NameTakenError from None
            self._rename()

    def _rename(self) -> None:
        if self._temporary is not None:
            os.replace(self._temporary, self._name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
            self._temporary = None

    def remove(self) -> None:
        """Remove the temporary name, if there is one."""
        if self._temporary is not None:
            with suppress(FileNotFoundError):
                os.unlink(self._temporary, dir_fd=self._folder)

    def _link(self, handle: int, name: str) -> bool:
        """Name a file that has no name; return False where the name is taken."""
        try:
            os.link(f"/proc/self/fd/{handle}", name, dst_dir_fd=self._folder, follow_symlinks=True)
        except FileExistsError:
            return False
        return True

    def _remove_own_leftovers(self) -> None:
        """Remove what killed runs left of the same target; a running one holds its lock."""
        for name in os.listdir(self._folder):  # noqa: PTH208 (a Path cannot list an open folder)
            if name.startswith(self._temporary_prefix):
                with suppress(OSError):
                    _remove_unless_locked(self._folder, name)


def private_file(folder: Path) -> tuple[Path, BufferedRandom]:
    """Open a new file in a folder under a hidden temporary name; the caller removes it.

    While it is open, `remove_leftovers` leaves it; afterwards it is removed as a leftover.

    Raises:
        OSError: it cannot be created.
    """
    folder_handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        handle, name = _create_locked(folder_handle, _temporary_prefix(""))
    finally:
        os.close(folder_handle)
    return folder / name, os.fdopen(handle, "w+b")


def _create_locked(folder: int, prefix: str) -> tuple[int, str]:
    """Create a file and lock it; try again where it was removed as a leftover before it was locked."""
    while True:
        name = _random_name(prefix)
        handle = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, name
        os.close(handle)


def _temporary_prefix(name: str) -> str:
    return f".bundler-{sha256_of(os.fsencode(name))[:12]}-"


def _random_name(prefix: str) -> str:
    return prefix + os.urandom(16).hex()


_TEMPORARY_NAME = re.compile(r"\.bundler-[0-9a-f]{12}-[0-9a-f]{32}")


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files of killed runs from a folder; a running process holds the lock of its own."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        for name in os.listdir(handle):  # noqa: PTH208 (a Path cannot list an open folder)
            if _TEMPORARY_NAME.fullmatch(name):
                with suppress(OSError):
                    _remove_unless_locked(handle, name)
    finally:
        os.close(handle)


def _remove_unless_locked(folder: int, name: str) -> None:
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(name, dir_fd=folder)
    finally:
        os.close(handle)


def _open_tmpfile(folder: int) -> int | None:
    """Open a file without a name in a folder; None where that is not possible, or it could not be named later."""
    try:
        handle = os.open(".", os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600, dir_fd=folder)
    except OSError as error:
        if error.errno in _NO_TMPFILE_ERRORS:
            return None
        raise
    if os.path.exists(f"/proc/self/fd/{handle}"):  # noqa: PTH110 (os.path is enough here)
        return handle
    os.close(handle)
    return None
