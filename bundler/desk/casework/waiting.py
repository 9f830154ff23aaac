"""Files that were sent up and of which nobody has said yet what they are: kept aside, and never in the case."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from threading import Lock

from bundler.intake.filing import Scan

KEPT_SECONDS = 3600.0
MOST = 500


@dataclass(slots=True)
class Waiting:
    """A file that waits.

    Attributes:
        token: what the browser calls it.
        key: of which case.
        name: as it was sent.
        scan: what it seems to be.
        since: by the machine's own clock.
    """

    token: str
    key: str
    name: str
    scan: Scan
    since: float = field(default_factory=time.monotonic)


class Tray:
    """The files that wait, below one private folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: dict[str, Waiting] = {}
        self._lock = Lock()

    def place(self, name: str) -> Path:
        """Where a file may lie until it is known what it is."""
        own = self._folder / token_hex(8)
        own.mkdir(mode=0o700, parents=True)
        return own / plain_name(name)

    def keep(self, key: str, name: str, scan: Scan) -> Waiting:
        """Keep a file that was looked at."""
        one = Waiting(token_hex(8), key, name, scan)
        with self._lock:
            self._waiting[one.token] = one
        self._tidy()
        return one

    def get(self, key: str, token: str) -> Waiting | None:
        """A file that waits for a case."""
        one = self._waiting.get(token)
        return one if one is not None and one.key == key else None

    def drop(self, token: str) -> None:
        """Let go of a file."""
        with self._lock:
            one = self._waiting.pop(token, None)
        if one is not None:
            self.remove(one.scan.path)

    def remove(self, path: Path) -> None:
        """Remove what `place` gave; what lies elsewhere is not touched."""
        if path.parent.parent == self._folder:
            shutil.rmtree(path.parent, ignore_errors=True)

    def _tidy(self) -> None:
        """Let go of what nobody has come back to."""
        now = time.monotonic()
        waiting = sorted(self._waiting.values(), key=lambda one: one.since)
        for place, one in enumerate(waiting):
            if now - one.since > KEPT_SECONDS or len(waiting) - place > MOST:
                self.drop(one.token)


def plain_name(name: str) -> str:
    """The last part of a name that a browser sent; never hidden, never a folder."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if c.isprintable()).lstrip(". ")[-120:]
    return kept or "扫描件"
