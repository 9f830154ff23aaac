"""Files appear whole or not at all, and a run that is killed leaves nothing beside them."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedRandom, FileIO, UnsupportedOperation
from pathlib import Path
from typing import TYPE_CHECKING

from bundler.errors import OutputError, output_error

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

_NO_NAMELESS = frozenset({errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT})
"""What a file system says that cannot hold a file without a name."""


def write_atomic(target: Path, data: bytes, *, durable: bool = True) -> None:
    """Write a file so that it is there whole or not at all; an earlier file stays until the last moment.

    Args:
        target: its name.
        data: all of it.
        durable: wait until the disk has it, so that not even a power cut takes it away.

    Raises:
        OutputError: it cannot be written; nothing is left behind.
    """
    with atomic_file(target, durable=durable) as file:
        file.write(data)


class NameTakenError(Exception):
    """A new file cannot have its name, since something bears it already."""


def write_new(target: Path, data: bytes) -> bool:
    """Write a file that was not there before, whole or not at all; False where something of that name is there.

    Raises:
        OutputError: it cannot be written; nothing is left behind.
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
    """Write a file anew unless somebody else has changed it since it was read; False where somebody has.

    Raises:
        OutputError: it cannot be written; the earlier file stands.
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
    mode: int = 0o644,
    check: Callable[[], None] = lambda: None,
) -> Iterator[BufferedRandom]:
    """A file to write and read back that takes its name only when the block ends without an error.

    It has no name until then, so that even a killed process leaves nothing. Only to take the place of an earlier file
    it bears another name for the moment between two system calls; what a kill leaves there, the next run removes.

    Args:
        target: its name.
        durable: wait until the disk has it, so that not even a power cut takes it away.
        new: never in the place of an earlier file.
        mode: its permissions.
        check: called when the file is whole, last before it takes its name; an error that it raises leaves all as it was.

    Raises:
        OutputError: it cannot be written; nothing is left behind.
        TakenError: it was to be new, and something of that name is there.
    """
    if target.exists() and not target.is_file():
        raise OutputError(f"“{target}”不是普通文件，不能写。", fix="请换一个文件名。")
    try:
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise output_error(target, error) from error
    draft = _Draft(folder, target.name)
    raw: _Steady | None = None
    try:
        raw = _Steady(draft.open(), "w+b")
        with _Unnumbered(raw) as file:
            yield file
            file.flush()
            raw.tell_fault()
            draft.settle(raw.fileno(), mode, durable=durable)
            check()
            draft.place(raw.fileno(), durable=durable, new=new)
    except OSError as error:
        raise output_error(target, error) from error
    except Exception as error:
        if raw is not None and raw.fault is not None:  # whatever came of what could not be written
            raise output_error(target, raw.fault) from error
        raise
    finally:
        draft.remove()
        os.close(folder)


def flush_to_disk(file: BufferedRandom) -> None:
    """Have the disk take what was written so far, so that the end of a large file is not one long wait.

    Raises:
        OSError: the disk does not.
    """
    file.flush()
    os.fdatasync(file.raw.fileno())


class _Steady(FileIO):
    """A file that keeps the first error of writing and takes all that follows as if it were written.

    qpdf finishes its streams in destructors; an error that comes to it there ends the process.
    """

    fault: OSError | None = None

    def write(self, data: Buffer, /) -> int:
        """Write, or keep the error."""
        if self.fault is None:
            try:
                return super().write(data)
            except OSError as error:
                self.fault = error
        return memoryview(data).nbytes

    def tell_fault(self) -> None:
        """Raise the error that was kept."""
        if self.fault is not None:
            raise self.fault


class _Unnumbered(BufferedRandom):
    """A buffered file that keeps its number to itself: pikepdf would write to that behind our back."""

    def fileno(self) -> int:
        """None is told."""
        raise UnsupportedOperation


class _Draft:
    """A file on its way to its name in a folder."""

    def __init__(self, folder: int, name: str) -> None:
        self._folder, self._name = folder, name
        self._prefix = _prefix(name)
        self._temporary: str | None = None

    def open(self) -> int:
        """The file to write: nameless where the file system can, else under a name that tells whose it is."""
        self._sweep()
        handle = _nameless(self._folder)
        if handle is None:
            handle, self._temporary = _held(self._folder, self._prefix)
        return handle

    @staticmethod
    def settle(handle: int, mode: int, *, durable: bool) -> None:
        """All is written."""
        os.fchmod(handle, mode)
        if durable:
            os.fsync(handle)

    def place(self, handle: int, *, durable: bool, new: bool) -> None:
        """Give it its name, in place of an earlier file unless it is to be new."""
        is_placed = self._temporary is None and self._link(handle, self._name)
        if new and not is_placed:
            self._place_new()
        elif not is_placed:
            if self._temporary is None:
                self._temporary = _some_name(self._prefix)
                self._link(handle, self._temporary)
            self._rename()
        if durable:
            with suppress(OSError):  # some file systems do not know how; the file itself is safe
                os.fsync(self._folder)

    def _place_new(self) -> None:
        if self._temporary is None:
            raise NameTakenError
        try:
            os.link(self._temporary, self._name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        except FileExistsError:
            raise NameTakenError from None
        except OSError:
            # A disk without hard links; between this look and the next call only a racing program could come.
            if self._name in os.listdir(self._folder):  # noqa: PTH208 (a Path cannot list an open folder)
                raise NameTakenError from None
            self._rename()

    def _rename(self) -> None:
        if self._temporary is not None:
            os.replace(self._temporary, self._name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
            self._temporary = None

    def remove(self) -> None:
        """Leave nothing, whatever happened."""
        if self._temporary is not None:
            with suppress(FileNotFoundError):
                os.unlink(self._temporary, dir_fd=self._folder)

    def _link(self, handle: int, name: str) -> bool:
        """Name a nameless file; False where the name is taken."""
        try:
            os.link(f"/proc/self/fd/{handle}", name, dst_dir_fd=self._folder, follow_symlinks=True)
        except FileExistsError:
            return False
        return True

    def _sweep(self) -> None:
        """Remove what killed runs left on the way to the same name; one that still runs holds its lock."""
        for name in os.listdir(self._folder):  # noqa: PTH208 (a Path cannot list an open folder)
            if name.startswith(self._prefix):
                with suppress(OSError):
                    _remove_if_left(self._folder, name)


def private_file(folder: Path) -> tuple[Path, BufferedRandom]:
    """A private file in a folder, under a hidden name that tells whose it is; whoever has it removes it in the end.

    While it is open nobody sweeps it away; when it is not, the next one who works in the folder does.

    Raises:
        OSError: it cannot be made.
    """
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        handle, name = _held(here, _prefix(""))
    finally:
        os.close(here)
    return folder / name, os.fdopen(handle, "w+b")


def _held(folder: int, prefix: str) -> tuple[int, str]:
    """A new file with its lock; one that was swept away before it had that is made anew."""
    while True:
        name = _some_name(prefix)
        handle = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, name
        os.close(handle)


def _prefix(name: str) -> str:
    return f".bundler-{hashlib.sha256(os.fsencode(name)).hexdigest()[:12]}-"


def _some_name(prefix: str) -> str:
    return prefix + os.urandom(16).hex()


_DRAFT_NAME = re.compile(r"\.bundler-[0-9a-f]{12}-[0-9a-f]{32}")


def remove_leftovers(folder: Path) -> None:
    """Remove what killed runs left in a folder on the way to any name; one that still runs holds its lock."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        for name in os.listdir(handle):  # noqa: PTH208 (a Path cannot list an open folder)
            if _DRAFT_NAME.fullmatch(name):
                with suppress(OSError):
                    _remove_if_left(handle, name)
    finally:
        os.close(handle)


def _remove_if_left(folder: int, name: str) -> None:
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(name, dir_fd=folder)
    finally:
        os.close(handle)


def _nameless(folder: int) -> int | None:
    """A file without a name in a folder; None where there can be none, or none that could be named later."""
    try:
        handle = os.open(".", os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600, dir_fd=folder)
    except OSError as error:
        if error.errno in _NO_NAMELESS:
            return None
        raise
    if os.path.exists(f"/proc/self/fd/{handle}"):  # noqa: PTH110 (a Path here costs an import of nothing gained)
        return handle
    os.close(handle)
    return None
