"""How a case's files lie there: the same stamp, and nothing needs to be read again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from bundler.case.reading import CASE_FILE
from bundler.intake.copying import MATERIALS


def stamp_of(folder: Path, files: Iterable[str]) -> str:
    """A digest of size, time and identity of case.json, of the folder of papers and of the files that the case names.

    No file is opened and no link is followed; a name that leads out of the folder is not looked at.
    """
    digest = hashlib.blake2b(digest_size=12)
    for name in (CASE_FILE, MATERIALS, *files):
        digest.update(_lies(folder, name).encode("utf-8", "replace"))
    return digest.hexdigest()


def _lies(folder: Path, name: str) -> str:
    if name.startswith("/") or ".." in name.split("/"):
        return "outside;"
    try:
        found = os.stat(f"{folder}/{name}", follow_symlinks=False)  # noqa: PTH116 (tens of thousands, every few seconds)
    except (OSError, ValueError):
        return "gone;"
    return f"{found.st_mtime_ns},{found.st_size},{found.st_ino};"
