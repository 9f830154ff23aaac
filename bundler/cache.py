"""The user's own cache folder: computed data under names that contain a digest, never in an untrusted case folder.

The folder is found here and not by platformdirs, which ignores a relative ``XDG_CACHE_HOME`` and an empty
``HOME``, so that the cache of such an installation would move.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from bundler.atomic_write import write_atomic
from bundler.errors import OutputError


def cache_folder() -> Path:
    """Return ``$XDG_CACHE_HOME/bundler``, by default ``~/.cache/bundler``."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "bundler"


def load(name: str) -> bytes | None:
    """Return the data stored under a name; None if there is none or it cannot be read."""
    try:
        return (cache_folder() / name).read_bytes()
    except OSError:
        return None


def load_part(name: str, begin: int, length: int) -> bytes | None:
    """Return some bytes of the data stored under a name; None if they are not all there."""
    try:
        with (cache_folder() / name).open("rb", buffering=0) as file:
            data = os.pread(file.fileno(), length, begin)
    except OSError:
        return None
    return data if len(data) == length else None


def stored_size(name: str) -> int | None:
    """Return the size in bytes of the data stored under a name; None if there is none."""
    try:
        return (cache_folder() / name).stat().st_size
    except OSError:
        return None


def store(name: str, data: bytes) -> None:
    """Store data under a name, whole or not at all; a cache that cannot be written only costs time, so it is no error."""
    folder = cache_folder()
    with contextlib.suppress(OSError, OutputError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomic(folder / name, data, durable=False, mode=0o600)


def remove(name: str) -> None:
    """Remove the data stored under a name, if there are any."""
    with contextlib.suppress(OSError):
        (cache_folder() / name).unlink()
