"""Reading files that nobody vouches for, and noticing that a file has changed without opening it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def read_bounded(path: Path, most: int, *, follow: bool = False) -> bytes:
    """A regular file's bytes; a pipe is not waited on, and a device is not read.

    Args:
        path: the file.
        most: bytes that it may have.
        follow: whether its name may be a link.

    Raises:
        OSError: it cannot be read, is no regular file, or is larger.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EACCES, "no regular file")
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, "too large")
    return data


def file_stamp(path: str) -> str:
    """How a file lies there, without opening it: another text, and it was written, replaced or taken away.

    Args:
        path: its name, as text: tens of thousands are asked for every few seconds.
    """
    try:
        found = os.stat(path, follow_symlinks=False)  # noqa: PTH116 (see above)
    except (OSError, ValueError):
        return "gone;"
    return f"{found.st_mtime_ns},{found.st_ctime_ns},{found.st_size},{found.st_ino};"
