"""The process of a batch: one that this desk began, or one that it began before it was started anew and that is surely the same.

What is known of it lies in a private note beside the audit; what it says, in a private file there. Both go with its end.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from bundler.atomic_write import atomic_file
from bundler.errors import OutputError
from bundler.file_reading import read_bounded
from bundler.ledger.audit_log import AUDIT_FILE

STATUS_UNKNOWN = 256
"""The status of one that ended while nobody looked."""
_NOTE, _SAID = "batch.json", "batch.log"
_MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class _Note:
    """What makes a process that one and no other: its number comes again, but not with the same birth since the same start."""

    process: int
    born: str
    boot: str
    host: str
    command: list[str]
    actor: str


class BatchProcess:
    """A batch at work, or one that was.

    Attributes:
        actor: who began it.
        is_stopped: it was told to stop.
    """

    def __init__(self, folder: Path, said: IO[bytes], actor: str, process: subprocess.Popen[bytes] | int) -> None:
        self._folder, self._said, self._process = folder, said, process
        self.actor, self.is_stopped, self._is_over = actor, False, False

    def status(self) -> int | None:
        """How it ended; None while it is at work."""
        if isinstance(self._process, int):
            status = STATUS_UNKNOWN if _has_ended(self._process) else None
        else:
            status = self._process.poll()
        if status is not None and not self._is_over:
            self._is_over = True
            self._clear()
        return status

    def stop(self) -> None:
        """Tell it to stop, as Ctrl-C does; one that is not at work is left alone."""
        if self.status() is None:
            self.is_stopped = True
            if isinstance(self._process, int):
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._process, signal.SIGINT)
            else:
                self._process.send_signal(signal.SIGINT)

    def tail(self, most: int) -> list[str]:
        """The last lines of what it says, read beside it while it writes."""
        try:
            size = os.fstat(self._said.fileno()).st_size
            data = os.pread(self._said.fileno(), most, max(0, size - most))
        except (OSError, ValueError):
            return []
        return [line for line in data.decode("utf-8", "replace").splitlines()[(size > most) :] if line.strip()]

    def close(self) -> None:
        """Hear no more of it; it goes on by itself."""
        self._said.close()
        if isinstance(self._process, int):
            os.close(self._process)
            self._process = -1

    def _clear(self) -> None:
        """What was written down of it goes, unless that is of a later one."""
        with contextlib.suppress(OSError, ValueError):
            if os.path.samestat(os.fstat(self._said.fileno()), (self._folder / _SAID).stat(follow_symlinks=False)):
                _forget(self._folder)


def start_process(root: Path, command: Sequence[str], actor: str) -> BatchProcess:
    """Begin a batch.

    Args:
        root: the desk's folder.
        command: the command.
        actor: for whom.

    Raises:
        OSError: it cannot be begun.
    """
    folder = (root / AUDIT_FILE).parent
    folder.mkdir(mode=0o700, exist_ok=True)
    _forget(folder)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    said = os.fdopen(os.open(folder / _SAID, flags, 0o600), "w+b")
    try:
        process = subprocess.Popen(  # noqa: S603 (our own command; nothing of it comes from a browser)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,  # what interrupts the desk does not interrupt a batch of hours
        )
    except OSError:
        said.close()
        _forget(folder)
        raise
    note = _Note(process.pid, _born(process.pid), _boot(), socket.gethostname(), list(command), actor)
    with (
        contextlib.suppress(OutputError),  # then only this desk knows it
        atomic_file(folder / _NOTE, mode=0o600, durable=False) as file,
    ):
        file.write(json.dumps(asdict(note)).encode())
    return BatchProcess(folder, said, actor, process)


def find_running_process(root: Path) -> BatchProcess | None:
    """The batch that the desk of a folder began earlier and that is still at work; None where none surely is."""
    folder = (root / AUDIT_FILE).parent
    try:
        note = _Note(**json.loads(read_bounded(folder / _NOTE, _MOST_BYTES)))
        handle = os.pidfd_open(note.process)
    except (OSError, ValueError, TypeError, OverflowError):
        return None
    # From here on the number means this process and no later one, or none at all.
    try:
        if _is_it(note, folder) and not _has_ended(handle):
            said = os.open(folder / _SAID, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
            return BatchProcess(folder, os.fdopen(said, "rb"), note.actor, os.dup(handle))
    except (OSError, ValueError):
        pass
    finally:
        os.close(handle)
    return None


def _is_it(note: _Note, folder: Path) -> bool:
    """Whether a process is the one of a note that nobody but this account can have written."""
    status = (folder / _NOTE).stat(follow_symlinks=False)
    own = os.geteuid()
    is_ours = status.st_uid == own and not stat.S_IMODE(status.st_mode) & 0o077
    about = Path(f"/proc/{note.process}")
    command = b"".join(os.fsencode(word) + b"\0" for word in note.command)
    return (
        is_ours
        and note.host == socket.gethostname()
        and note.boot == _boot() != ""
        and note.born == _born(note.process) != ""
        and about.stat().st_uid == own
        and (about / "cmdline").read_bytes() == command
    )


def _has_ended(handle: int) -> bool:
    look = select.poll()
    look.register(handle, select.POLLIN)
    return bool(look.poll(0))


def _born(process: int) -> str:
    """When a process began, in ticks since the machine did; empty where that is not told."""
    try:
        return (
            Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[19]
        )
    except (OSError, IndexError):
        return ""


def _boot() -> str:
    """Which start of the machine this is; empty where that is not told."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _forget(folder: Path) -> None:
    for name in (_NOTE, _SAID):
        with contextlib.suppress(OSError):
            (folder / name).unlink()
