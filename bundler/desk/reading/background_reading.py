"""Reads the scans of the desk's cases behind everything else: one page at a time, at the lowest priority, when nobody waits.

The desk itself does little of it: files are inspected and pages read in processes with limits. What was read is kept in
the case folders, so that stopping costs at most one page.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from bundler.atomic_write import atomic_file
from bundler.case.reader import read_case
from bundler.case_edit.read_version_cache import folder_stamp
from bundler.desk.case_registry import CaseRef, CaseRegistry
from bundler.errors import BundlerError, OutputError, UsageError
from bundler.file_reading import read_bounded
from bundler.ledger.audit_log import AUDIT_FILE
from bundler.process_limits import Limits
from bundler.sandbox import SandboxWorker
from bundler.scan_reading.record import ReadPage
from bundler.text_recognition.case_reading import plan_case, read_planned
from bundler.text_recognition.model_files import find_models
from bundler.text_recognition.page_worker import PageReader, PageTask

LOWEST_PRIORITY = 19
"""The niceness of the processes: anything else on the machine comes first."""
_STATE_FILE = "reading.json"
_MAX_STATE_BYTES = 4096
_LOOK_SECONDS = 30.0
"""After so long, the folders are looked at again for new scans; or later, see `_RESTS_PER_LOOK`."""
_RESTS_PER_LOOK = 25
"""The rest lasts so many times the processor time of the look before: thousands of cases cost no more than 4 % of a core."""
_GATE_SECONDS = 0.25
_ROUNDS = 3
"""A case is planned again after it was read, until nothing is left; a file may have come meanwhile."""
_MAX_PREFERRED = 20

Reader: TypeAlias = Callable[[PageTask, Mapping[str, ReadPage]], ReadPage | None]


class _StoppedError(Exception):
    """The reading was stopped."""


@dataclass(frozen=True, slots=True)
class ReadingState:
    """How far the reading is.

    Attributes:
        missing: why nothing can be read on this machine, in Chinese; empty where it can.
        fix: what to do about that.
        is_on: a user started it.
        actor: the account that did.
        is_waiting: it pauses while the desk answers a request.
        case: the key of the case that is being read; empty for none.
        name: its folder.
        left: how many of its pages are left.
        pages: how many pages were read since the desk was started.
        unclear: how many of them could not be read.
        done: how many cases were looked through in this round.
        total: how many cases there are.
        problem: why it ended by itself, in Chinese; empty where it did not.
    """

    missing: str = ""
    fix: str = ""
    is_on: bool = False
    actor: str = ""
    is_waiting: bool = False
    case: str = ""
    name: str = ""
    left: int = 0
    pages: int = 0
    unclear: int = 0
    done: int = 0
    total: int = 0
    problem: str = ""


class BackgroundReading:
    """Reads what was not read yet, case by case, and looks for new scans now and then.

    Args:
        root: the desk's folder.
        registry: finds the cases.
        has_open_request: tells whether a request is being answered, or one was a moment ago.
        read_page: reads a page; by default in a process with limits at the lowest priority.
    """

    def __init__(
        self,
        root: Path,
        registry: CaseRegistry,
        has_open_request: Callable[[], bool],
        read_page: Reader | None = None,
    ) -> None:
        self._root, self._registry, self._has_open_request = root, registry, has_open_request
        self._given_reader = read_page
        self._lock = threading.Lock()
        self._state = ReadingState()
        self._stop, self._wake = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._preferred: OrderedDict[str, CaseRef] = OrderedDict()
        self._seen: dict[str, str] = {}
        self._look_cost = 0.0
        self._reader: PageReader | None = None
        self._missing: tuple[str, str] | None = None

    def state(self) -> ReadingState:
        """How far it is."""
        missing, fix = self._check_engine()
        with self._lock:
            return replace(self._state, missing=missing, fix=fix)

    def start(self, actor: str) -> None:
        """Start it; nothing happens where it runs.

        Raises:
            UsageError: the engine is not installed as it should be.
        """
        missing, fix = self._check_engine()
        if missing:
            raise UsageError(missing, fix=fix)
        self._remember(actor)
        with self._lock:
            if self._thread is not None and self._thread.is_alive() and not self._stop.is_set():
                return
            before, self._thread = self._thread, None
        if before is not None:
            before.join()
        with self._lock:
            self._stop.clear()
            self._state = replace(self._state, is_on=True, actor=actor, problem="")
            self._thread = threading.Thread(target=self._run, name="background-reading", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop it: the page that is being read is finished, and what was read is written."""
        self._remember(None)
        self._halt()

    def resume(self) -> None:
        """Go on where a desk that was ended left off; nothing happens where it was stopped, or the engine is missing."""
        with contextlib.suppress(OSError, ValueError, TypeError, BundlerError):
            kept = json.loads(read_bounded(self._state_path(), _MAX_STATE_BYTES))
            if kept["on"] is True:
                self.start(str(kept["actor"]))

    def prefer(self, ref: CaseRef) -> None:
        """Read a case next, because a user has it open."""
        with self._lock:
            self._preferred[ref.key] = ref
            self._preferred.move_to_end(ref.key, last=False)
            while len(self._preferred) > _MAX_PREFERRED:
                self._preferred.popitem()
        self._wake.set()

    def close(self) -> None:
        """End it with the desk; the next desk goes on. The page that is being read is given up."""
        self._halt()
        with self._lock:
            reader, thread = self._reader, self._thread
        if reader is not None:
            reader.abort()
        if thread is not None:
            thread.join()

    def _halt(self) -> None:
        self._stop.set()
        self._wake.set()
        with self._lock:
            self._state = replace(self._state, is_on=False, is_waiting=False)

    def _check_engine(self) -> tuple[str, str]:
        """Why nothing can be read, and what to do; checked once, since it takes the digests of the models."""
        if self._missing is None:
            self._missing = ("", "")
            if self._given_reader is None:
                try:
                    find_models()
                except UsageError as error:
                    self._missing = (error.message, error.fix)
        return self._missing

    def _run(self) -> None:
        problem = ""
        try:
            while not self._stop.is_set():
                self._wake.clear()
                for ref in self._cases():
                    self._read_case(ref)
                self._rest()
        except _StoppedError:
            pass
        except BundlerError as error:
            problem = f"{error.message}{error.fix}"
        except Exception as error:  # noqa: BLE001 (the desk goes on, and says that reading does not)
            problem = f"意外中断（{type(error).__name__}）。"
        with self._lock:
            reader, self._reader = self._reader, None
            self._state = replace(self._state, is_on=False, is_waiting=False, case="", name="", left=0, problem=problem)
        if reader is not None:
            reader.close()

    def _rest(self) -> None:
        """Wait until the folders are to be looked at again, and meanwhile read the cases that users have open."""
        end = time.monotonic() + max(_LOOK_SECONDS, _RESTS_PER_LOOK * self._look_cost)
        while not self._stop.is_set() and (left := end - time.monotonic()) > 0:
            self._update(case="", name="", left=0, is_waiting=False)
            self._wake.wait(left)
            self._wake.clear()
            for ref in self._preferred_cases():
                self._read_case(ref)

    def _preferred_cases(self) -> Iterator[CaseRef]:
        """The cases that users have open, as far as they have changed since they were read."""
        while self._preferred:
            with self._lock:
                _, preferred = self._preferred.popitem(last=False)
            if self._has_changed(preferred):
                yield preferred

    def _cases(self) -> Iterator[CaseRef]:
        """Every case that has changed since it was read; those that users have open come first, whenever that is."""
        refs = self._registry.scan()
        self._seen = {ref.key: self._seen[ref.key] for ref in refs if ref.key in self._seen}
        self._look_cost = 0.0
        for done, ref in enumerate(refs):
            self._update(done=done, total=len(refs))
            yield from self._preferred_cases()
            if self._stop.is_set():
                raise _StoppedError
            if self._has_changed(ref):
                yield ref
        self._update(done=len(refs), total=len(refs))

    def _has_changed(self, ref: CaseRef) -> bool:
        began = time.thread_time()
        try:
            return self._seen.get(ref.key) != folder_stamp(ref.folder)
        finally:
            self._look_cost += time.thread_time() - began

    def _read_case(self, ref: CaseRef) -> None:
        """Read what is left of a case."""
        stamp = ""
        for _ in range(_ROUNDS):
            self._wait_until_quiet()
            stamp = folder_stamp(ref.folder)
            reading = read_case(str(ref.folder))
            if reading.case is None:
                break
            with SandboxWorker(Limits(niceness=LOWEST_PRIORITY)) as inspector:
                planned = plan_case(reading, inspector)
            left = sum(len(source.pending) for source in planned.sources)
            self._update(case=ref.key, name=ref.name, left=left)
            with ThreadPoolExecutor(1, thread_name_prefix="background-page") as executor:

                def submit(task: PageTask, known: Mapping[str, ReadPage]) -> Future[ReadPage | None]:
                    return executor.submit(self._read_page, task, known)

                read_planned([planned], submit, lambda done, total: self._update(left=total - done))
            if not left:
                break
        self._seen[ref.key] = stamp

    def _read_page(self, task: PageTask, known: Mapping[str, ReadPage]) -> ReadPage | None:
        self._wait_until_quiet()
        read = self._given_reader or self._own_reader().read
        page = read(task, known)
        if self._stop.is_set() and page is not None and page.status == "unclear":
            raise _StoppedError  # it was given up, not unclear
        with self._lock:
            is_unclear = page is not None and page.status == "unclear"
            self._state = replace(
                self._state,
                pages=self._state.pages + (page is not None),
                unclear=self._state.unclear + is_unclear,
            )
        return page

    def _own_reader(self) -> PageReader:
        with self._lock:
            if self._reader is None:
                self._reader = PageReader(niceness=LOWEST_PRIORITY)
            return self._reader

    def _wait_until_quiet(self) -> None:
        """Wait while the desk answers a request.

        Raises:
            _StoppedError: the reading was stopped.
        """
        while not self._stop.is_set():
            waits = self._has_open_request()
            self._update(is_waiting=waits)
            if not waits:
                return
            self._stop.wait(_GATE_SECONDS)
        raise _StoppedError

    def _update(self, **values: object) -> None:
        with self._lock:
            self._state = replace(self._state, **values)  # type: ignore[arg-type]

    def _state_path(self) -> Path:
        return (self._root / AUDIT_FILE).parent / _STATE_FILE

    def _remember(self, actor: str | None) -> None:
        """Keep whether it is on, for the next desk; where that cannot be written, it is off then."""
        path = self._state_path()
        with contextlib.suppress(OSError, OutputError):
            path.parent.mkdir(mode=0o700, exist_ok=True)
            with atomic_file(path, mode=0o600, durable=False) as file:
                file.write(json.dumps({"on": actor is not None, "actor": actor or ""}).encode())
