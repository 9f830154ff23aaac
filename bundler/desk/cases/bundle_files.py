"""The bundles that lie in a case's folder: which they are, whether the case was changed since, and their proof."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from bundler.bind.volume_scope import VolumeScope
from bundler.clock import SHANGHAI
from bundler.desk.cases.case_view import CaseView
from bundler.digest import sha256_of_file
from bundler.ledger.case_history import HistoryError, read_history


@dataclass(frozen=True, slots=True)
class BundleFile:
    """A bundle in the folder.

    Attributes:
        path: where it lies.
        size: bytes.
        made: when it was written, in Beijing time.
        sha256: its digest.
        recorded: the case's history names this very file.
        outdated: case.json is no longer what it was made of.
    """

    path: Path
    size: int
    made: datetime
    sha256: str
    recorded: bool
    outdated: bool


def find_bundles(sight: CaseView) -> tuple[BundleFile, ...]:
    """The bundles of a case, as ``build`` names them, the whole one first."""
    if not sight.number:
        return ()
    found = sorted(sight.place.folder.glob(f"{_plain(sight.number)}*.pdf"))
    records = _records(sight.place.folder)
    return tuple(_described(path, sight, records) for path in found if _is_bundle(path, sight.number))


def _plain(number: str) -> str:
    """A number as a pattern that means itself."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in number)


def _is_bundle(path: Path, number: str) -> bool:
    """Whether a file is named as a bundle, and is a file of this folder itself."""
    rest = path.stem.removeprefix(number)
    named = rest == "" or rest.startswith((f"-{VolumeScope.MAIN.label}", "-第", "-补充"))
    return named and stat.S_ISREG(path.lstat().st_mode)


def _records(folder: Path) -> dict[str, tuple[str, str]]:
    """What the history says of each file: its digest, and that of the case then."""
    try:
        entries = read_history(folder).entries
    except HistoryError:
        return {}
    return {
        one.file: (one.sha256, entry.case_sha256)
        for entry in entries
        if entry.action in {"build", "batch"} and not entry.fault
        for one in entry.outputs
    }


def _described(path: Path, sight: CaseView, records: dict[str, tuple[str, str]]) -> BundleFile:
    status = path.lstat()
    digest = _digest(path, status.st_mtime_ns, status.st_size, status.st_ino)
    recorded, case = records.get(path.name, ("", ""))
    return BundleFile(
        path,
        status.st_size,
        datetime.fromtimestamp(status.st_mtime, UTC).astimezone(SHANGHAI),
        digest,
        recorded=recorded == digest,
        outdated=recorded == digest and case != sight.version,
    )


@lru_cache(maxsize=1024)
def _digest(path: Path, *as_it_lies: int) -> str:
    """A file's digest, taken once for as long as the file lies there unchanged."""
    del as_it_lies
    return sha256_of_file(path)
