"""Read the scans of cases: one record for each file, written as pages are read, so that a stopped run goes on later."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bundler.case.reader import ReadResult
from bundler.errors import BundlerError
from bundler.file_inspection_record import WORD, FileRecord
from bundler.materials.file_inspection import inspect_materials
from bundler.materials.safe_opening import OpeningError, find_unlisted_files, read_file
from bundler.sandbox import SandboxWorker
from bundler.scan_reading.case_readings import FOLDER, RecordError, parse_record, write_record
from bundler.scan_reading.record import ReadPage, ScanReading
from bundler.text_recognition.model_files import MODELS, PACKAGE, RELEASE
from bundler.text_recognition.ocr_engine import DETECTION_SIDE, MIN_SCORE
from bundler.text_recognition.page_picture import LONG_SIDE
from bundler.text_recognition.page_worker import PageTask

ENGINE = f"{PACKAGE} {RELEASE}"
SETTINGS: dict[str, int | str] = {
    "method": 3,  # increased when this package reads a page otherwise
    "long_side": LONG_SIDE,
    "detection_side": DETECTION_SIDE,
    "channel": "red",
    "min_score_percent": round(MIN_SCORE * 100),
}
_WRITE_SECONDS = 5
"""Seconds after which what was read is written, although the file has more pages."""
_AHEAD = 64
"""Pages that are handed out beforehand."""
_RECORD_FILE = re.compile(r"[0-9a-f]{64}\.json")

SubmitFunction = Callable[[PageTask, Mapping[str, ReadPage]], "Future[ReadPage | None]"]
"""Hands out a page with the pages known by the digest of their pictures, as `PageReader.read` takes them."""
Progress = Callable[[int, int], None]
"""Called with how many pages are done, and how many there are."""


@dataclass
class SourceState:
    """A file whose pages are being read.

    Attributes:
        folder: the case folder.
        name: the file, relative to it.
        record: what was found in it.
        pending: the pages that may be scans and were not read yet.
        pages: what was read, by page, until the record is complete and written: a backlog has more pages than memory holds.
        numbers: the pages that were read.
        unclear: those of them that could not be read.
        kept: how many of these pages were read by an earlier run.
        problem: why the rest of the file cannot be read, in Chinese; empty where it can.
        is_done: the record is complete and written.
    """

    folder: Path
    name: str
    record: FileRecord
    pending: list[int]
    pages: dict[int, ReadPage] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    unclear: list[int] = field(default_factory=list)
    kept: int = 0
    problem: str = ""
    is_done: bool = False
    written: float = 0.0

    def add(self, page: ReadPage) -> None:
        """Take in what was read on a page."""
        self.pages[page.number] = page
        self.numbers.append(page.number)
        if page.status == "unclear":
            self.unclear.append(page.number)

    def tasks(self) -> Iterator[PageTask]:
        """The pages to read."""
        for number in tuple(self.pending):
            page = self.record.pages[number - 1]
            yield PageTask(
                self.folder,
                self.name,
                self.record.sha256,
                self.record.size,
                self.record.media_type,
                number,
                (page.width_pt, page.height_pt),
                page.is_scan,
            )

    def reading(self) -> ScanReading:
        """The record so far."""
        scans = tuple(sorted({*self.pending, *self.pages}))
        pages = tuple(self.pages[number] for number in sorted(self.pages))
        return ScanReading(
            source=self.record.sha256, engine=ENGINE, models=MODELS, settings=SETTINGS, scans=scans, pages=pages
        )


@dataclass
class CaseState:
    """A case whose scans are being read.

    Attributes:
        given: the case as the user named it.
        folder: the case folder.
        sources: its files with pages, each digest once.
        known: pages that were read before, by the digest of their pictures; only while the case is being read.
    """

    given: str
    folder: Path
    sources: list[SourceState]
    known: dict[str, ReadPage] = field(default_factory=dict)

    def learn(self) -> None:
        """Load what was read before, to know the pages that stand in new files too."""
        for reading in _earlier_readings(self.folder).values():
            self.known |= {page.picture: page for page in reading.pages if page.status == "read"}


def plan_case(reading: ReadResult, inspector: SandboxWorker | None = None) -> CaseState:
    """Find which pages of a case are still to be read.

    Args:
        reading: the case, read without error.
        inspector: the process that inspects its files; by default one is started where it is needed.
    """
    assert reading.case is not None  # noqa: S101 (the caller checked)
    folder = reading.folder.absolute()  # a worker of a cluster has another working directory
    # A file that case.json does not name yet is read too, so that what it is can be proposed when it is added.
    names = [*reading.case.named_files, *find_unlisted_files(folder, reading.case)]
    records = inspect_materials(folder, names, inspector)
    earlier = _earlier_readings(folder)
    sources: dict[str, SourceState] = {}
    for name, record in records.items():
        if record.sha256 and record.pages and record.media_type != WORD and record.sha256 not in sources:
            sources[record.sha256] = _plan_source(folder, name, record, earlier.get(record.sha256))
    return CaseState(reading.given, folder, list(sources.values()))


def _plan_source(folder: Path, name: str, record: FileRecord, earlier: ScanReading | None) -> SourceState:
    scans = [number for number, page in enumerate(record.pages, start=1) if not page.blank]
    if earlier is None:
        return SourceState(folder, name, record, scans)
    state = SourceState(folder, name, record, [], kept=len(earlier.pages), is_done=earlier.is_complete)
    for page in earlier.pages:
        state.add(page)
    state.pending = [number for number in earlier.scans if number in scans and number not in state.pages]
    if state.is_done:
        state.pages.clear()
    return state


def _earlier_readings(folder: Path) -> dict[str, ScanReading]:
    """The records of a case that this engine wrote with these models and settings, by the digest of the file."""
    found = {}
    for name in _record_files(folder):
        with suppress(OpeningError, RecordError):
            reading = parse_record(read_file(folder, f"{FOLDER}/{name}"))
            own = (reading.engine, reading.models, reading.settings) == (ENGINE, MODELS, SETTINGS)
            if own and name == f"{reading.source}.json":
                found[reading.source] = reading
    return found


def _record_files(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in (folder / FOLDER).iterdir() if _RECORD_FILE.fullmatch(path.name))
    except OSError:
        return []


def read_planned(cases: Sequence[CaseState], submit: SubmitFunction, progress: Progress = lambda *_: None) -> None:
    """Read the pages of cases, and write their records.

    Args:
        cases: what `plan_case` returned.
        submit: hands out a page.
        progress: called after each page.

    Raises:
        OutputError: a record cannot be written.
        UsageError: the engine is not installed as it should be.
    """
    total = sum(len(source.pending) for case in cases for source in case.sources)
    done = 0
    progress(done, total)
    waiting: dict[Future[ReadPage | None], tuple[CaseState, SourceState, int]] = {}
    work = _all_tasks(cases)
    try:
        while True:
            for case, source, task in work:
                waiting[submit(task, case.known)] = (case, source, task.number)
                if len(waiting) >= _AHEAD:
                    break
            if not waiting:
                break
            finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                _take(future, *waiting.pop(future))
                done += 1
                progress(done, total)
    finally:
        for future in waiting:
            future.cancel()
        for case in cases:
            _write_all(case)
    for case in cases:
        _remove_stale(case)


def _all_tasks(cases: Sequence[CaseState]) -> Iterator[tuple[CaseState, SourceState, PageTask]]:
    for case in cases:
        if any(source.pending for source in case.sources):
            case.learn()
        for source in case.sources:
            for task in source.tasks():
                if not source.problem:
                    yield case, source, task


def _take(future: Future[ReadPage | None], case: CaseState, source: SourceState, number: int) -> None:
    """Take the result of a page."""
    try:
        page = future.result()
    except BundlerError as error:
        if error.code != "FILE-CHANGED":  # as of an engine that is not installed
            raise
        source.problem = "在识读时被改动了"
        return
    source.pending.remove(number)
    if page is not None:
        source.add(page)
        if page.status == "read":
            case.known[page.picture] = page
    if not source.pending or time.monotonic() - source.written > _WRITE_SECONDS:
        _write(source)
    if all(one.is_done for one in case.sources):
        case.known.clear()


def _write_all(case: CaseState) -> None:
    for source in case.sources:
        if not source.is_done and not source.problem and (source.pages or not source.pending):
            _write(source)


def _write(source: SourceState) -> None:
    """Write the record of a file as far as it was read."""
    write_record(source.folder, source.reading())
    source.written = time.monotonic()
    if not source.pending:
        source.is_done = True
        source.pages.clear()


def _remove_stale(case: CaseState) -> None:
    """Remove the records of files that the case has no more; their pages were used where they stand in other files."""
    current = {f"{source.record.sha256}.json" for source in case.sources}
    if not (case.folder / FOLDER).is_symlink():
        for name in _record_files(case.folder):
            if name not in current:
                with suppress(OSError):
                    (case.folder / FOLDER / name).unlink()
