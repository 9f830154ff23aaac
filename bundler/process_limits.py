"""Limits on the memory, the processor time and the files of a process, and how a process sets them for itself."""

from __future__ import annotations

import os
import resource
from dataclasses import dataclass
from pathlib import Path

MEMORY_BYTES = 2 * 1024**3
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a piece of work.

    Attributes:
        memory: bytes of address space, besides what a new process has.
        seconds: seconds of processor time.
        file_bytes: the size of the largest file that it may write.
        niceness: the niceness of the process, as in nice(2).
        patience: so many times these seconds may elapse; a process that stands behind others needs more of them.
    """

    memory: int = MEMORY_BYTES
    seconds: int = SECONDS
    file_bytes: int = 0
    niceness: int = 0
    patience: int = 2

    @property
    def elapsed_seconds(self) -> int:
        """Seconds that may elapse."""
        return self.seconds * self.patience


def apply_limits(limits: Limits) -> None:
    """Apply the limits of memory, writing and niceness to this process; none of them can be raised again."""
    os.nice(limits.niceness)
    _lower_limit(resource.RLIMIT_AS, limits.memory + _address_space())
    _lower_limit(resource.RLIMIT_FSIZE, limits.file_bytes)
    _lower_limit(resource.RLIMIT_CORE, 0)


def _lower_limit(limit: int, value: int) -> None:
    """Set a limit, but never above its present maximum."""
    _, maximum = resource.getrlimit(limit)
    lower = value if maximum == resource.RLIM_INFINITY else min(value, maximum)
    resource.setrlimit(limit, (lower, lower))


def extend_cpu_limit(seconds: int) -> None:
    """Allow the next piece of work its processor time, besides what the process has used before."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, maximum = resource.getrlimit(resource.RLIMIT_CPU)
    allowed = int(used.ru_utime + used.ru_stime) + 1 + seconds
    soft_limit = allowed if maximum == resource.RLIM_INFINITY else min(allowed, maximum)
    resource.setrlimit(resource.RLIMIT_CPU, (soft_limit, maximum))


def _address_space() -> int:
    """Bytes of address space that this process uses already."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
