"""Working in a folder while others may be writing there too, one of us at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from bundler.atomic_write import remove_leftovers

TEMPORARY_PREFIX = ".bundler-intake-"
"""What is being made bears such a name; where nobody works, it was left by a run that was killed."""


class FolderBusyError(Exception):
    """Somebody else works in the folder."""


@contextlib.contextmanager
def folder_lock(folder: Path, *below: str, wait: bool) -> Iterator[bool]:
    """Work in a folder while no other of our commands puts anything there; what a killed one left is taken away.

    Where the disk knows no locks the work goes on without, and nothing is taken away; then it yields False.

    Args:
        folder: the folder, which is there.
        below: folders in it into which we write too.
        wait: whether to wait for the other; else it is told.

    Raises:
        BusyError: another works there.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    is_alone = False
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise FolderBusyError from None
        except OSError:
            pass
        else:
            is_alone = True
            for place in (folder, *(folder / name for name in below)):
                _sweep(place)
        yield is_alone
    finally:
        os.close(handle)


def _sweep(folder: Path) -> None:
    with contextlib.suppress(OSError):
        remove_leftovers(folder)
        for left in sorted(folder.glob(f"{TEMPORARY_PREFIX}*")):
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
