"""What was learnt is kept by digest in the user's own cache folder, never in an untrusted case folder."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from bundler.atomic_write import write_atomic
from bundler.errors import OutputError


def cache_folder() -> Path:
    """The folder; ``XDG_CACHE_HOME`` moves it."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "bundler"


def load(name: str) -> bytes | None:
    """What is kept under a name; None when there is nothing, or it cannot be read."""
    try:
        return (cache_folder() / name).read_bytes()
    except OSError:
        return None


def store(name: str, data: bytes) -> None:
    """Keep bytes under a name, whole or not at all; a cache that cannot be written costs time and nothing else."""
    folder = cache_folder()
    with contextlib.suppress(OSError, OutputError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomic(folder / name, data, durable=False)
