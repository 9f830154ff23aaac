"""The folders of the repository and its samples, and the contents of any folder."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
WITH_SIGINT = ("env", "--default-signal=INT")
"""Before a command that shall end on SIGINT, which the tests' own process may ignore: ``nohup make test &``."""


def copy_sample(name: str, folder: Path) -> Path:
    """Copy a sample without the history that commands run on the sample itself have left there, and return the folder."""
    return Path(shutil.copytree(SAMPLES / name, folder, ignore=shutil.ignore_patterns(".bundler-history.jsonl")))


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder, hidden ones too, by relative path."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
