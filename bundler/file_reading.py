"""Read untrusted files safely, and notice that a file has changed without opening it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def read_bounded(path: Path, max_bytes: int, *, follow: bool = False) -> bytes:
    """Read a regular file; a pipe does not block, and a device is not read.

    Args:
        path: the file.
        max_bytes: the largest size that is accepted.
        follow: whether the path may be a symbolic link.

    Raises:
        OSError: the file cannot be read, is not a regular file, or is larger.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EACCES, "no regular file")
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise OSError(errno.EFBIG, "too large")
    return data


def file_stamp(path: str) -> str:
    """A text that changes when the file is written, replaced or removed; the file is not opened.

    Args:
        path: the file, as text: this is called for tens of thousands of files every few seconds.
    """
    try:
        found = os.stat(path, follow_symlinks=False)  # noqa: PTH116 (see above)
    except (OSError, ValueError):
        return "gone;"
    return f"{found.st_mtime_ns},{found.st_ctime_ns},{found.st_size},{found.st_ino};"
