"""The audit log of a desk: one line for each sign-in, sign-out, change and download, in a hash chain."""

from __future__ import annotations

import fcntl
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bundler.errors import describe_os_error
from bundler.ledger.hash_chain import MAX_LINE, NO_PREVIOUS, ChainLine, HashChain, read_lines, to_readable_line
from bundler.ledger.history_entry import HistoryError

AUDIT_FILE = Path(".desk") / "audit.jsonl"
_CHAIN = HashChain("before", to_readable_line, may_start_unsealed=True)


@dataclass(frozen=True, slots=True)
class AuditSummary:
    """Summary of an audit log.

    Attributes:
        count: the number of lines.
        broken: the lines with a fault.
        last_digest: the digest of the last line.
    """

    count: int
    broken: tuple[ChainLine, ...]
    last_digest: str


def append_audit(root: Path, line: dict[str, Any]) -> None:
    """Append a line to the audit log of a desk's folder, under a lock.

    Raises:
        OSError: it cannot be written.
    """
    path = root / AUDIT_FILE
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(path, flags, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        _CHAIN.add(handle, line, os.pread(handle, MAX_LINE, max(0, size - MAX_LINE)))
    finally:
        os.close(handle)


def can_append_audit(root: Path) -> bool:
    """Whether a line can be appended to the audit log of a desk's folder; nothing is written."""
    path = root / AUDIT_FILE
    nearest = next((here for here in (path, path.parent) if here.exists()), root)
    return os.access(nearest, os.W_OK)


def read_audit(root: Path) -> AuditSummary:
    """Check every line of the audit log of a desk's folder; writers are not blocked meanwhile.

    Raises:
        HistoryError: it is missing or cannot be read.
    """
    count, broken, last = 0, [], NO_PREVIOUS
    try:
        handle = os.open(root / AUDIT_FILE, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise HistoryError("不是普通文件")
            fcntl.flock(handle, fcntl.LOCK_SH)  # wait until no line is being written
            size = os.fstat(handle).st_size
            fcntl.flock(handle, fcntl.LOCK_UN)
            for link in _CHAIN.check(read_lines(file, size)):
                count, last = link.number, link.digest
                if link.fault:
                    broken.append(link)
    except OSError as error:
        raise HistoryError(describe_os_error(error)) from error
    return AuditSummary(count, tuple(broken), last)
