"""How a case's files lie there: the same stamp, and nothing needs to be read again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from bundler.atomic_write import file_stamp
from bundler.case.reader import CASE_FILE
from bundler.case_edit.material_files import MATERIALS_FOLDER


def case_files_stamp(folder: Path, files: Iterable[str]) -> str:
    """A digest of size, time and identity of case.json, of the folder of papers and of the files that the case names.

    No file is opened and no link is followed; a name that leads out of the folder is not looked at.
    """
    digest = hashlib.blake2b(digest_size=12)
    for name in (CASE_FILE, MATERIALS_FOLDER, *files):
        digest.update(_lies(folder, name).encode("utf-8", "replace"))
    return digest.hexdigest()


def _lies(folder: Path, name: str) -> str:
    if name.startswith("/") or ".." in name.split("/"):
        return "outside;"
    return file_stamp(f"{folder}/{name}")
