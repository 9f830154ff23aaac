"""The rows of all cases, kept up to date by two threads.

The scan thread looks for new and changed folders every few seconds; a request for the list waits for it briefly. The
check thread has the gate check changed cases in a worker process, and no request waits for that.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bundler import __version__, cache
from bundler.atomic_write import remove_leftovers
from bundler.batch.local_executor import LocalExecutor
from bundler.case_edit.read_version_cache import listed_files_stamp
from bundler.desk.case_list.case_list_rows import (
    CaseRow,
    checked_rows,
    rows_from_json,
    rows_to_json,
    unchecked_row,
)
from bundler.desk.case_list.search_fields import read_search_fields
from bundler.desk.case_registry import CaseRef, CaseRegistry
from bundler.desk.settings import DeskSettings
from bundler.digest import sha256_of

SCAN_INTERVAL = 3.0
"""Seconds between two scans; more where a scan takes long."""
_PAUSE_FACTOR = 9
"""After a scan the thread pauses so many times as long: it works a tenth of the time at most."""
_CHECK_BATCH = 12
"""Cases that one worker process checks."""
_SAVE_INTERVAL = 30.0
"""Seconds after which the rows are written to the cache, in case the desk is killed."""
_FRESH_SECONDS = 0.5
"""A scan that ended so recently is not repeated."""
_LOST_WORKER = "核对时超过了时间或者内存上限，请检查有没有异常大或者损坏的文件。"
_FORMAT = 6
"""The number of the cache's format; raised when a row changes its fields or their meaning."""


@dataclass(frozen=True, slots=True)
class IndexedRow:
    """A row, the key of its case, and whether the gate has checked the files as they are now."""

    key: str
    row: CaseRow
    is_checked: bool


class CaseIndex:
    """The rows of all cases of a desk.

    Args:
        settings: the desk's settings.
        registry: finds the case folders.

    Attributes:
        revision: raised with each change of the rows.
        is_ready: whether every case was scanned once.
    """

    def __init__(self, settings: DeskSettings, registry: CaseRegistry) -> None:
        self._settings, self._registry = settings, registry
        self._rows: dict[str, CaseRow] = {}
        self._cases: dict[str, CaseRef] = {}
        self._lock, self._scanned, self._wake = threading.Lock(), threading.Condition(), threading.Event()
        self._has_scanned = threading.Event()
        self._threads: tuple[threading.Thread, ...] = ()
        self._executor = LocalExecutor(1)
        self._is_closed = False
        self._scan_count, self._scan_seconds, self._scan_ended = 0, 0.0, 0.0
        self._is_saved, self._saved_at = True, 0.0
        self.revision, self.is_ready = 0, False

    def rows(self) -> list[IndexedRow]:
        """The row of every case that was scanned."""
        today = self._settings.today().isoformat()
        with self._lock:
            rows = [(case.key, self._rows.get(name)) for name, case in self._cases.items()]
        return [IndexedRow(key, row, row.day == today) for key, row in rows if row is not None]

    def refresh(self, timeout: float) -> None:
        """Have the folder scanned, and wait for that; the first call starts the threads.

        A scan that usually takes longer than the timeout, or ended just now, is not waited for: the page learns of the
        changes by an event.

        Args:
            timeout: seconds to wait at most.
        """
        self._start()
        with self._scanned:
            count = self._scan_count
            if count and (self._scan_seconds > timeout or time.monotonic() - self._scan_ended < _FRESH_SECONDS):
                return
            self._wake.set()
            self._scanned.wait_for(lambda: self._scan_count > count, timeout)

    def close(self) -> None:
        """Stop the threads, and write the rows to the cache."""
        self._is_closed = True
        self._wake.set()
        self._has_scanned.set()
        self._executor.shutdown(wait=False, cancel_futures=True)
        for thread in self._threads:
            thread.join()
        if self._threads:
            self._save()

    def _start(self) -> None:
        with self._lock:
            if not self._threads and not self._is_closed:
                self._threads = (
                    threading.Thread(target=self._run_scans, name="desk-index", daemon=True),
                    threading.Thread(target=self._run_checks, name="desk-index-gate", daemon=True),
                )
                for thread in self._threads:
                    thread.start()

    def _run_scans(self) -> None:
        self._log_errors(self._load)
        while not self._is_closed:
            self._wake.clear()
            self._log_errors(self._scan)
            self._has_scanned.set()
            if time.monotonic() - self._saved_at > _SAVE_INTERVAL:
                self._log_errors(self._save)
            self._wake.wait(max(SCAN_INTERVAL, self._scan_seconds * _PAUSE_FACTOR))

    def _run_checks(self) -> None:
        while not self._is_closed:
            self._has_scanned.wait()
            self._has_scanned.clear()
            self._log_errors(self._check_changed)

    def _log_errors(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 (a dead thread would leave the list as it is for ever)
            logging.getLogger("bundler.desk").error("index %s", type(error).__name__)  # noqa: TRY400 (no values)

    def _scan(self) -> None:
        """Read the case.json of every case that is new or has changed."""
        started = time.monotonic()
        cases = {case.name: case for case in self._registry.scan()}
        self._set_cases(cases)
        for name, case in cases.items():
            if self._is_closed:
                return
            if not self.is_ready:
                with contextlib.suppress(OSError):  # a folder that cannot be written has no leftovers of uploads
                    remove_leftovers(case.folder)
            row = self._rows.get(name)
            if row is None or row.stamp != listed_files_stamp(case.folder, row.files):
                self._put([self._unchecked(case, row)])
            elif not row.search_fields:  # a row of the cache
                self._put([replace(row, search_fields=read_search_fields(case.folder))])
        with self._lock:
            if not self.is_ready:
                self.is_ready, self.revision = True, self.revision + 1
        with self._scanned:
            self._scan_count, self._scan_ended = self._scan_count + 1, time.monotonic()
            self._scan_seconds = self._scan_ended - started
            self._scanned.notify_all()

    def _unchecked(self, case: CaseRef, previous: CaseRow | None) -> CaseRow:
        """A row from case.json; it keeps the results of the last check until the next one."""
        row = unchecked_row(self._settings.root, case.folder, self._settings.today(), self._settings.profile)
        if previous is not None and previous.kind == row.kind and row.is_readable:
            return replace(
                row,
                papers=previous.papers,
                errors=previous.errors,
                next_step=previous.next_step,
                leader_steps=previous.leader_steps,
            )
        return row

    def _check_changed(self) -> None:
        """Check every case that changed since its check, each once; one that changes meanwhile waits for the next scan."""
        done: set[str] = set()
        while cases := self._next_unchecked(done):
            if self._is_closed:
                return
            done.update(case.name for case in cases)
            self._put([row for row in self._checked(cases) if self._is_current(row)])

    def _next_unchecked(self, done: set[str]) -> list[CaseRef]:
        """The first unchecked cases, determined again each time, so that a changed case does not wait for thousands of others."""
        with self._lock:
            cases = dict(self._cases)
        names = (one.row.name for one in self.rows() if not one.is_checked and one.row.name not in done)
        return [cases[name] for name in names if name in cases][:_CHECK_BATCH]

    def _is_current(self, row: CaseRow) -> bool:
        """Whether the case did not change during its check; otherwise it is checked again."""
        current = self._rows.get(row.name)
        return current is not None and current.stamp in {"", row.stamp}

    def _checked(self, cases: list[CaseRef]) -> list[CaseRow]:
        """The checked rows; where the worker process dies, the cases are checked one by one to find the one at fault."""
        folders = [case.folder for case in cases]
        try:
            return self._executor.submit(
                checked_rows, self._settings.root, folders, self._settings.today(), self._settings.profile
            ).result()
        except Exception:  # noqa: BLE001 (whatever error one case causes, the others are checked)
            if self._is_closed:
                return []
            if len(cases) > 1:
                return [row for case in cases for row in self._checked([case])]
            return self._failed(cases[0].name)

    def _failed(self, name: str) -> list[CaseRow]:
        row = self._rows.get(name)
        if row is None:
            return []
        return [
            replace(
                row, fault=_LOST_WORKER, errors=None, papers=(), next_step=None, day=self._settings.today().isoformat()
            )
        ]

    def _set_cases(self, cases: dict[str, CaseRef]) -> None:
        """Set which cases there are, and drop the rows of the others."""
        with self._lock:
            if cases.keys() != self._cases.keys():
                self.revision += 1
            for name in self._rows.keys() - cases.keys():
                del self._rows[name]
            self._cases = cases

    def _put(self, rows: Sequence[CaseRow]) -> None:
        with self._lock:
            if any(self._rows.get(row.name) != row for row in rows):
                self.revision += 1
                self._is_saved = False
            self._rows.update({row.name: row for row in rows})

    def _load(self) -> None:
        data = cache.load(self._cache_name())
        rows = rows_from_json(data) if data else []
        with self._lock:
            self._rows = {row.name: row for row in rows}

    def _save(self) -> None:
        with self._lock:
            rows, is_saved = list(self._rows.values()), self._is_saved
            self._is_saved, self._saved_at = True, time.monotonic()
        if not is_saved:
            cache.store(self._cache_name(), rows_to_json(rows))

    def _cache_name(self) -> str:
        """A name for the folder and the court: another court's profile gives other results."""
        key = f"{self._settings.root}\n{self._settings.profile.cache_key}"
        digest = sha256_of(key.encode("utf-8", "replace"))[:16]
        return f"desk-{_FORMAT}-{__version__}-{digest}.json"
