"""Lock an output folder, so that only one batch writes it: flock(2) on this machine, a heartbeat file for others."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bundler.errors import OutputError, output_error

HEARTBEAT_SECONDS = 20.0
STALE_SECONDS = 90.0
"""A network share may not pass locks to other machines; there, the age of the heartbeat file shows whether its writer is alive."""


@contextmanager
def hold_output_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of an output folder within this context.

    Args:
        folder: the folder of the lock file; it must exist.

    Raises:
        OutputError: another batch holds the lock, or the lock file cannot be written.
    """
    path = folder / "lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
    except OSError as error:
        raise output_error(path, error) from error
    try:
        _acquire(handle, folder)
        stop = threading.Event()
        heartbeat = threading.Thread(target=_refresh_note, args=(handle, stop), daemon=True)
        heartbeat.start()
        try:
            yield
        finally:
            stop.set()
            heartbeat.join()
            os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def lock_holder(folder: Path) -> dict[str, object] | None:
    """Return the holder of an output folder's lock (`host`, `process`); None if it is free.

    The lock is tried for an instant only if the lock file has a note, which a batch that ended normally removes.
    """
    try:
        handle = os.open(folder / "lock", os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        note = _read_note(handle)
        return note if note and _is_held(handle, folder, note) else None
    finally:
        os.close(handle)


def _is_held(handle: int, folder: Path, note: dict[str, object]) -> bool:
    """Whether the writer of a note is still running."""
    try:
        if note.get("host") != socket.gethostname():
            return _note_age(handle, folder) < STALE_SECONDS
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _acquire(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _locked_error(_read_note(handle)) from None
    except OSError:
        # The share does not support locks: the note alone decides.
        pass
    note = _read_note(handle)
    if note and note.get("host") != socket.gethostname() and _note_age(handle, folder) < STALE_SECONDS:
        raise _locked_error(note)
    os.ftruncate(handle, 0)
    os.pwrite(handle, json.dumps({"host": socket.gethostname(), "process": os.getpid()}).encode(), 0)


def _read_note(handle: int) -> dict[str, object]:
    with contextlib.suppress(OSError, ValueError):
        note = json.loads(os.pread(handle, 4096, 0) or b"{}")
        if isinstance(note, dict):
            return note
    return {}


def _note_age(handle: int, folder: Path) -> float:
    """Return the age of the note in seconds by the clock of its file system, which may differ from the local clock."""
    with tempfile.TemporaryFile(dir=folder) as fresh:
        fresh.write(b" ")
        fresh.flush()
        return os.fstat(fresh.fileno()).st_mtime - os.fstat(handle).st_mtime


def _refresh_note(handle: int, stop: threading.Event) -> None:
    while not stop.wait(HEARTBEAT_SECONDS):
        with contextlib.suppress(OSError):
            os.utime(handle)


def _locked_error(note: dict[str, object]) -> OutputError:
    holder = f"（机器 {note['host']}，进程 {note.get('process')}）" if note.get("host") else ""
    return OutputError(
        f"另一个批处理正在写这个输出文件夹{holder}。",
        fix="请等它结束；另一台机器已经断电、死机的，等两分钟再运行。也可以用 -o 换一个输出文件夹。",
    )
