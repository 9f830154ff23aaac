"""The process of a batch: started by this desk, or found again after the desk was restarted.

A private file beside the audit log identifies the process, and another one takes its standard error. Both are deleted
when it has ended.
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
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from bundler.atomic_write import atomic_file
from bundler.errors import OutputError
from bundler.file_reading import read_bounded
from bundler.ledger.audit_log import AUDIT_FILE

STATUS_UNKNOWN = 256
"""The status of a process that ended while no desk was running."""
_RECORD_FILE, _LOG_FILE = "batch.json", "batch.log"
_MAX_RECORD_BYTES = 64 * 1024
_MOST_SECONDS_TO_LOAD = 5.0


@dataclass(frozen=True, slots=True)
class _Record:
    """What identifies a process. Its number is used again, but not with the same start time since the same boot.

    Attributes:
        process: its number.
        born: its start time, in clock ticks since the boot, as /proc states it.
        boot: the kernel's identifier of this boot.
        host: the name of the machine.
        command: its command line.
        actor: the account that started it.
    """

    process: int
    born: str
    boot: str
    host: str
    command: list[str]
    actor: str


class BatchProcess:
    """A batch that runs or has run.

    Args:
        folder: the folder of its record and its log.
        log: its log, open for reading.
        actor: the account that started it.
        process: a child process, or the pidfd of a process that an earlier desk started.

    Attributes:
        actor: the account that started it.
        is_stopped: whether this desk interrupted it.
    """

    def __init__(self, folder: Path, log: IO[bytes], actor: str, process: subprocess.Popen[bytes] | int) -> None:
        self._folder, self._log, self._process = folder, log, process
        self.actor, self.is_stopped, self._has_ended = actor, False, False

    def status(self) -> int | None:
        """Its exit status, or `STATUS_UNKNOWN`; None while it runs."""
        if isinstance(self._process, int):
            status = STATUS_UNKNOWN if _has_ended(self._process) else None
        else:
            status = self._process.poll()
        if status is not None and not self._has_ended:
            self._has_ended = True
            self._delete_files()
        return status

    def stop(self) -> None:
        """Interrupt it; nothing happens when it has ended.

        It gets SIGTERM, not SIGINT: of a desk that was started in the background it may have inherited that the latter is ignored.
        """
        if self.status() is None:
            self.is_stopped = True
            if isinstance(self._process, int):
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._process, signal.SIGTERM)
            else:
                self._process.send_signal(signal.SIGTERM)

    def tail(self, max_bytes: int) -> list[str]:
        """The last whole lines of its log, read while it may be writing."""
        try:
            size = os.fstat(self._log.fileno()).st_size
            data = os.pread(self._log.fileno(), max_bytes, max(0, size - max_bytes))
        except (OSError, ValueError):
            return []
        return [line for line in data.decode("utf-8", "replace").splitlines()[(size > max_bytes) :] if line.strip()]

    def close(self) -> None:
        """Close the log and the pidfd; the process goes on."""
        self._log.close()
        if isinstance(self._process, int):
            os.close(self._process)
            self._process = -1

    def _delete_files(self) -> None:
        """Delete its record and log, unless they are those of a later batch."""
        with contextlib.suppress(OSError, ValueError):
            log_status = (self._folder / _LOG_FILE).stat(follow_symlinks=False)
            if os.path.samestat(os.fstat(self._log.fileno()), log_status):
                _delete_files(self._folder)


def start_process(root: Path, command: Sequence[str], actor: str) -> BatchProcess:
    """Start a batch.

    Args:
        root: the desk's folder.
        command: the command line.
        actor: the account that starts it.

    Raises:
        OSError: it cannot be started.
    """
    folder = (root / AUDIT_FILE).parent
    folder.mkdir(mode=0o700, exist_ok=True)
    _delete_files(folder)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    log = os.fdopen(os.open(folder / _LOG_FILE, flags, 0o600), "w+b")
    try:
        process = subprocess.Popen(  # noqa: S603 (our own command; nothing of it comes from a browser)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,  # Ctrl-C in the desk's terminal does not reach a batch of hours
        )
    except OSError:
        log.close()
        _delete_files(folder)
        raise
    record = _Record(process.pid, _start_ticks(process.pid), _boot_id(), socket.gethostname(), list(command), actor)
    with (
        contextlib.suppress(OutputError),  # without the record only this desk can stop the batch
        atomic_file(folder / _RECORD_FILE, mode=0o600, durable=False) as file,
    ):
        file.write(json.dumps(asdict(record)).encode())
    return BatchProcess(folder, log, actor, process)


def find_running_process(root: Path) -> BatchProcess | None:
    """The batch that an earlier desk of a folder started and that still runs; None where it is not certainly that one."""
    folder = (root / AUDIT_FILE).parent
    try:
        record = _Record(**json.loads(read_bounded(folder / _RECORD_FILE, _MAX_RECORD_BYTES)))
        pidfd = os.pidfd_open(record.process)
    except (OSError, ValueError, TypeError, OverflowError):
        return None
    # While the pidfd is open, the number stands for this process and for no later one.
    try:
        if _is_recorded_process(record, folder, pidfd) and not _has_ended(pidfd):
            log = os.open(folder / _LOG_FILE, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
            return BatchProcess(folder, os.fdopen(log, "rb"), record.actor, os.dup(pidfd))
    except (OSError, ValueError):
        pass
    finally:
        os.close(pidfd)
    return None


def _is_recorded_process(record: _Record, folder: Path, pidfd: int) -> bool:
    """Whether a process is the recorded one, by a record that only this account can have written.

    psutil reads the same files, but gives neither the boot's identifier nor, in its public functions, the start
    time in ticks; its `create_time()` moves with the clock, so that a batch would be lost after a correction of it.
    """
    status = (folder / _RECORD_FILE).stat(follow_symlinks=False)
    own_user = os.geteuid()
    is_private = status.st_uid == own_user and not stat.S_IMODE(status.st_mode) & 0o077
    proc = Path(f"/proc/{record.process}")
    return (
        is_private
        and record.host == socket.gethostname()
        and record.boot == _boot_id() != ""
        and record.born == _start_ticks(record.process) != ""
        and proc.stat().st_uid == own_user
        and _command_line(record.process, pidfd) == [os.fsencode(word) for word in record.command]
    )


def _command_line(process: int, pidfd: int) -> list[bytes]:
    """The command line of a process. In its first instants, when its program is still being loaded, it has none yet."""
    path, end = Path(f"/proc/{process}/cmdline"), time.monotonic() + _MOST_SECONDS_TO_LOAD
    while not (line := path.read_bytes()) and not _has_ended(pidfd) and time.monotonic() < end:
        time.sleep(0.01)
    return line.split(b"\0")[:-1]


def _has_ended(pidfd: int) -> bool:
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(0))


def _start_ticks(process: int) -> str:
    """The start time of a process in clock ticks since the boot; empty where /proc does not tell it."""
    try:
        return (
            Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[19]
        )
    except (OSError, IndexError):
        return ""


def _boot_id() -> str:
    """The kernel's identifier of this boot; empty where /proc does not tell it."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _delete_files(folder: Path) -> None:
    for name in (_RECORD_FILE, _LOG_FILE):
        with contextlib.suppress(OSError):
            (folder / name).unlink()
