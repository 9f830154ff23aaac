"""Files put where others may be writing too: never over anything, and never over what somebody has just changed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bundler.files import unwritable

MAKING = ".bundler-intake-"
"""What is being made bears such a name; where nobody works, it was left by a run that was killed."""


class BusyError(Exception):
    """Somebody else works in the folder."""


@contextlib.contextmanager
def alone_in(folder: Path, *below: str, wait: bool) -> Iterator[None]:
    """Work in a folder while no other of our commands puts anything there; what a killed one left is taken away.

    Where the disk knows no locks the work goes on without, and nothing is taken away.

    Args:
        folder: the folder, which is there.
        below: folders in it into which we write too.
        wait: whether to wait for the other; else it is told.

    Raises:
        BusyError: another works there.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise BusyError from None
        except OSError:
            pass
        else:
            for place in (folder, *(folder / name for name in below)):
                _sweep(place)
        yield
    finally:
        os.close(handle)


def _sweep(folder: Path) -> None:
    with contextlib.suppress(OSError):
        if folder.is_symlink():
            return
        for left in sorted(folder.glob(f"{MAKING}*")):
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def write_new(target: Path, data: bytes) -> bool:
    """Write a file that was not there before, whole or not at all; False where something of that name is there.

    Raises:
        OutputError: it cannot be written; nothing is left behind.
    """
    try:
        target.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise unwritable(target, error) from error
    if os.path.lexists(target):
        return False
    with _beside(target, data) as written:
        try:
            target.hardlink_to(written)
        except FileExistsError:
            return False
        except OSError:
            # A disk without hard links; between the look before and this, nobody but a racing program could come.
            written.replace(target)
    return True


def replace_same(target: Path, before: bytes, data: bytes) -> bool:
    """Write a file anew unless somebody else has changed it since it was read; False where somebody has.

    Raises:
        OutputError: it cannot be written; the earlier file stands.
    """
    with _beside(target, data) as written:
        if target.read_bytes() != before:
            return False
        written.chmod(stat.S_IMODE(target.stat().st_mode))
        written.replace(target)
    return True


@contextlib.contextmanager
def _beside(target: Path, data: bytes) -> Iterator[Path]:
    """A file beside the target that holds the data and is on the disk; gone afterwards, unless it was moved."""
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=MAKING)
    except OSError as error:
        raise unwritable(target, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        yield Path(name)
    except OSError as error:
        raise unwritable(target, error) from error
    finally:
        Path(name).unlink(missing_ok=True)
