"""Files put where others may be writing too: never over anything, and never over what somebody has just changed."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bundler.files import unwritable


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
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".bundler-")
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
