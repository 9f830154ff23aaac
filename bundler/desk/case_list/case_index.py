"""The rows of all cases, kept up by two threads.

One looks at the folder every few seconds, and whoever asks for the list waits for it. The other has the gate asked, in a
process of its own, and nobody waits for that.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bundler import __version__, cache
from bundler.atomic_write import remove_leftovers
from bundler.batch.local_executor import LocalExecutor
from bundler.desk.case_list.rows import (
    CaseRow,
    case_files_stamp,
    checked_rows,
    rows_from_json,
    rows_to_json,
    unchecked_row,
)
from bundler.desk.case_registry import CaseRef, CaseRegistry
from bundler.desk.settings import DeskSettings

SCAN_INTERVAL = 3.0
"""Seconds between two looks at the folder; more where a look takes long."""
_REST = 9
"""A look takes at most a tenth of the time."""
_AT_ONCE = 12
"""Cases that one process checks, one after the other."""
_KEEP_EVERY = 30.0
"""Seconds after which what is known is kept, for a desk that ends without a word."""
_JUST_NOW = 0.5
"""Seconds; a look that ended so lately is as good as one of now."""
_LOST = "核对时超过了时间或者内存上限，请检查有没有异常大或者损坏的文件。"
_FORMAT = 1
"""Raised when a row changes its shape or meaning."""


@dataclass(frozen=True, slots=True)
class IndexedRow:
    """A row with the word by which the browser knows it, and whether what the gate said of it is of now."""

    key: str
    row: CaseRow
    is_checked: bool


class CaseIndex:
    """All cases of a desk.

    Attributes:
        revision: raised with each change of the rows.
        is_ready: whether every case was looked at once.
    """

    def __init__(self, settings: DeskSettings, shelf: CaseRegistry) -> None:
        self._desk, self._shelf = settings, shelf
        self._rows: dict[str, CaseRow] = {}
        self._places: dict[str, CaseRef] = {}
        self._guard, self._looked, self._wake = threading.Lock(), threading.Condition(), threading.Event()
        self._is_looked = threading.Event()
        self._threads: tuple[threading.Thread, ...] = ()
        self._gate = LocalExecutor(1)
        self._is_closed = False
        self._looks, self._took, self._ended = 0, 0.0, 0.0
        self._is_kept, self._kept_at = True, 0.0
        self.revision, self.is_ready = 0, False

    def rows(self) -> list[IndexedRow]:
        """Every case that was looked at."""
        today = self._desk.today().isoformat()
        with self._guard:
            found = [(place.key, self._rows.get(name)) for name, place in self._places.items()]
        return [IndexedRow(key, row, row.day == today) for key, row in found if row is not None]

    def look(self, patience: float) -> None:
        """Have the folder looked at, and wait for it so many seconds at most; at the first time, begin.

        A look at a great folder, and one that has just been, are not waited for: whoever has the list is told later.
        """
        self._begin()
        with self._looked:
            looks = self._looks
            if looks and (self._took > patience or time.monotonic() - self._ended < _JUST_NOW):
                return
            self._wake.set()
            self._looked.wait_for(lambda: self._looks > looks, patience)

    def close(self) -> None:
        """End, and keep what is known for the next time."""
        self._is_closed = True
        self._wake.set()
        self._is_looked.set()
        self._gate.shutdown(wait=False, cancel_futures=True)
        for thread in self._threads:
            thread.join()
        if self._threads:
            self._keep()

    def _begin(self) -> None:
        with self._guard:
            if not self._threads and not self._is_closed:
                self._threads = (
                    threading.Thread(target=self._keep_looking, name="desk-index", daemon=True),
                    threading.Thread(target=self._keep_asking, name="desk-index-gate", daemon=True),
                )
                for thread in self._threads:
                    thread.start()

    def _keep_looking(self) -> None:
        self._recall()
        while not self._is_closed:
            self._wake.clear()
            self._do(self._look)
            self._is_looked.set()
            if time.monotonic() - self._kept_at > _KEEP_EVERY:
                self._keep()
            self._wake.wait(max(SCAN_INTERVAL, self._took * _REST))

    def _keep_asking(self) -> None:
        while not self._is_closed:
            self._is_looked.wait()
            self._is_looked.clear()
            self._do(self._check)

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 (a list that never changes again would be worse)
            logging.getLogger("bundler.desk").error("index %s", type(error).__name__)  # noqa: TRY400 (no values)

    def _look(self) -> None:
        """Every case that is new or lies there otherwise, as its case.json alone tells it."""
        began = time.monotonic()
        places = {place.name: place for place in self._shelf.places()}
        self._place(places)
        for name, place in places.items():
            if self._is_closed:
                return
            if not self.is_ready:
                with contextlib.suppress(
                    OSError
                ):  # what a killed desk was being sent; a folder that is closed has none
                    remove_leftovers(place.folder)
            row = self._rows.get(name)
            if row is None or row.stamp != case_files_stamp(place.folder, row.files):
                self._put([self._begun(place, row)])
        with self._guard:
            if not self.is_ready:
                self.is_ready, self.revision = True, self.revision + 1
        with self._looked:
            self._looks, self._ended = self._looks + 1, time.monotonic()
            self._took = self._ended - began
            self._looked.notify_all()

    def _begun(self, place: CaseRef, before: CaseRow | None) -> CaseRow:
        """A row out of case.json; of its papers, until the gate is asked, what was known last."""
        row = unchecked_row(self._desk.root, place.folder, self._desk.today(), self._desk.profile)
        if before is not None and before.kind == row.kind and row.is_readable:
            return replace(row, papers=before.papers, errors=before.errors)
        return row

    def _check(self) -> None:
        """Ask the gate for those that it was not asked for as they are, each once; the others at the next look."""
        asked: set[str] = set()
        while waiting := self._waiting(asked):
            if self._is_closed:
                return
            asked.update(place.name for place in waiting)
            self._put([row for row in self._checked(waiting) if self._is_of_now(row)])

    def _waiting(self, asked: set[str]) -> list[CaseRef]:
        """Some of those, the first ones first: what changes meanwhile is not kept waiting behind thousands of others."""
        with self._guard:
            places = dict(self._places)
        names = (one.row.name for one in self.rows() if not one.is_checked and one.row.name not in asked)
        return [places[name] for name in names if name in places][:_AT_ONCE]

    def _is_of_now(self, row: CaseRow) -> bool:
        """Whether a case was not looked at anew while the gate was asked; then it is asked once more."""
        now = self._rows.get(row.name)
        return now is not None and now.stamp in {"", row.stamp}

    def _checked(self, places: list[CaseRef]) -> list[CaseRow]:
        """What the gate says; a case over which its process is lost is told as such, and costs the others nothing."""
        folders = [place.folder for place in places]
        try:
            return self._gate.submit(
                checked_rows, self._desk.root, folders, self._desk.today(), self._desk.profile
            ).result()
        except Exception:  # noqa: BLE001 (whatever one case brings about, it stops no other)
            if self._is_closed:
                return []
            if len(places) > 1:
                return [row for place in places for row in self._checked([place])]
            return self._lost(places[0].name)

    def _lost(self, name: str) -> list[CaseRow]:
        row = self._rows.get(name)
        if row is None:
            return []
        return [replace(row, fault=_LOST, errors=None, papers=(), day=self._desk.today().isoformat())]

    def _place(self, places: dict[str, CaseRef]) -> None:
        """Which cases there are now."""
        with self._guard:
            if places.keys() != self._places.keys():
                self.revision += 1
            for name in self._rows.keys() - places.keys():
                del self._rows[name]
            self._places = places

    def _put(self, rows: Sequence[CaseRow]) -> None:
        with self._guard:
            if any(self._rows.get(row.name) != row for row in rows):
                self.revision += 1
                self._is_kept = False
            self._rows.update({row.name: row for row in rows})

    def _recall(self) -> None:
        data = cache.load(self._name())
        rows = rows_from_json(data) if data else []
        with self._guard:
            self._rows = {row.name: row for row in rows}

    def _keep(self) -> None:
        with self._guard:
            rows, is_kept = list(self._rows.values()), self._is_kept
            self._is_kept, self._kept_at = True, time.monotonic()
        if not is_kept:
            cache.store(self._name(), rows_to_json(rows))

    def _name(self) -> str:
        """Of the folder and the court: what the gate said for another court is not said for this one."""
        words = f"{self._desk.root}\n{self._desk.profile.model_dump_json()}"
        return f"desk-{_FORMAT}-{__version__}-{hashlib.sha256(words.encode('utf-8', 'replace')).hexdigest()[:16]}.json"
