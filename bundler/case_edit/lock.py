"""Locks of folders: one process at a time changes a case, and first completes or reverts what an interrupted one left."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from bundler.atomic_write import remove_leftovers
from bundler.case_edit.copy_into_materials import MATERIALS_FOLDER, recover_copies
from bundler.case_edit.removed_materials import recover_bin
from bundler.errors import CaseUnreadableError, describe_os_error

TEMPORARY_PREFIX = ".bundler-intake-"
"""Begins the names of unfinished files and folders; without a lock holder, an interrupted run left them."""


class FolderBusyError(Exception):
    """Another process holds the folder's lock."""


@contextlib.contextmanager
def folder_lock(folder: Path, *below: str, wait: bool) -> Iterator[bool]:
    """Hold the lock of a folder, and remove the unfinished files that interrupted runs left in it.

    On a disk without locks the block runs without one, and nothing is removed; the value is False then.

    Args:
        folder: an existing folder.
        below: folders in it that are cleaned up too.
        wait: whether to wait while another process holds the lock.

    Raises:
        FolderBusyError: another process holds the lock, and `wait` is False.
        OSError: the folder cannot be opened.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    is_locked = False
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise FolderBusyError from None
        except OSError:
            pass
        else:
            is_locked = True
            for path in (folder, *(folder / name for name in below)):
                _clean_up(path)
        yield is_locked
    finally:
        if is_locked:
            # A process forked meanwhile has the handle too, and closing this one alone would leave the folder locked.
            fcntl.flock(handle, fcntl.LOCK_UN)
        os.close(handle)


@contextlib.contextmanager
def case_lock(folder: Path) -> Iterator[bool]:
    """Hold the lock of a case folder; everything that writes into one works under it.

    Copies and moves to and from the recycle bin that an interrupted run left half-done are completed or reverted before
    the block runs. On a disk without locks they are left alone, and the value is False.

    Raises:
        CaseUnreadableError: the folder is gone.
    """
    with contextlib.ExitStack() as stack:
        try:
            is_locked = stack.enter_context(folder_lock(folder, MATERIALS_FOLDER, wait=True))
        except OSError as error:
            raise CaseUnreadableError(
                f"“{folder.name}”打不开：{describe_os_error(error)}。", fix="请检查案件文件夹是不是移走或者改名了。"
            ) from error
        if is_locked:
            recover_copies(folder)
            recover_bin(folder)
        yield is_locked


def recover_case(folder: Path) -> None:
    """Complete or revert what an interrupted run left half-done in a case folder, and change nothing else.

    Raises:
        CaseUnreadableError: the folder is gone.
    """
    with case_lock(folder):
        pass


def _clean_up(folder: Path) -> None:
    with contextlib.suppress(OSError):
        remove_leftovers(folder)
        for path in sorted(folder.glob(f"{TEMPORARY_PREFIX}*")):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
