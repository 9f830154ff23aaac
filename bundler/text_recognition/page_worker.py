"""The process with limits that draws and reads pages, one at a time: a page that kills it is lost, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from bundler.digest import sha256_of
from bundler.materials.safe_opening import read_unchanged
from bundler.process_limits import Limits
from bundler.sandbox import LimitExceededError, SandboxWorker, WorkFailedError
from bundler.scan_reading.record import MAX_PIXELS, ReadPage

if TYPE_CHECKING:  # loaded in the process that reads
    from bundler.text_recognition.page_picture import PagePicture, SourcePages

MEMORY = 1024**3
"""Bytes of address space besides what the process has when the models are loaded; it reserves 0.6 GiB and uses half."""
SECONDS = 120
"""Seconds of processor time for a page."""
_PATIENCE = 15
"""So many times these may elapse: on a busy machine a process that stands behind all others gets a hundredth of a core."""
_TIMES_INPUT = 2
_NICENESS = 10
"""Reading stands behind everything that a person waits for."""
_MIN_TEXT_ON_SCAN = 20
"""Characters of text from which on a scan counts as read already; a scanner's stamp has fewer."""


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page to read.

    Attributes:
        folder: the case folder.
        file: the file, relative to it.
        sha256: the file's digest.
        size: in bytes.
        media_type: its type by content.
        number: the page, from 1.
        points: width and height of the page.
        is_scan: whether one image fills the page.
    """

    folder: Path
    file: str
    sha256: str
    size: int
    media_type: str
    number: int
    points: tuple[float, float]
    is_scan: bool


def make_unclear_page(task: PageTask) -> ReadPage:
    """The record of a page that could not even be drawn; its size is that of the file's page at 200 dpi."""
    width, height = (max(min(round(value / 72 * 200), MAX_PIXELS), 1) for value in task.points)
    picture = sha256_of(f"{task.sha256} {task.number}".encode())
    return ReadPage(number=task.number, status="unclear", width=width, height=height, picture=picture)


class PageReader:
    """Reads pages in a process with limits, which is started again when a page has killed it."""

    def __init__(self, niceness: int = _NICENESS) -> None:
        self._niceness = niceness
        self._is_aborted = False
        self._worker: SandboxWorker | None = None
        self._memory = 0
        self.source = ""
        """The digest of the file that the process has open; empty where there is none."""
        self._unopened: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        if self._worker is not None:
            self._worker.__exit__(None, None, None)
        self._worker, self.source = None, ""

    def abort(self) -> None:
        """Give up the page that another thread reads: it counts as unclear, and so does every later one."""
        self._is_aborted = True
        worker = self._worker
        if worker is not None:
            worker.kill()

    def read(self, task: PageTask, known: Mapping[str, ReadPage]) -> ReadPage | None:
        """Read a page.

        Args:
            task: the page.
            known: pages that were read before, by the digest of their pictures; a page that shows the same is not read.

        Returns:
            What was read; None where the page has text of its own.

        Raises:
            FileChangedError: the file is another one by now.
            UsageError: the engine is not installed as it should be.
        """
        is_opened = False
        # The first time it may have been the machine: memory was short, or the process was killed.
        for _ in range(0 if task.sha256 in self._unopened else 2):
            if self._is_aborted:
                break
            try:
                return self._read(task, known)
            except (LimitExceededError, WorkFailedError):
                is_opened = self.source == task.sha256
                self.close()
        if not is_opened:
            self._unopened.add(task.sha256)  # its other pages need not be tried
        return make_unclear_page(task)

    def _read(self, task: PageTask, known: Mapping[str, ReadPage]) -> ReadPage | None:
        worker = self._open(task)
        picture = worker.run(_draw, task.number, _MIN_TEXT_ON_SCAN if task.is_scan else 1)
        if picture is None:
            return None
        if picture in known:
            return known[picture].model_copy(update={"number": task.number})
        return worker.run(_read_drawn, task.number)

    def _open(self, task: PageTask) -> SandboxWorker:
        """The process, with the file of a page open."""
        memory = MEMORY + _TIMES_INPUT * task.size
        if self._worker is None or self._memory < memory:
            self.close()
            limits = Limits(memory=memory, seconds=SECONDS, niceness=self._niceness, patience=_PATIENCE)
            self._worker = SandboxWorker(limits)
            self._worker.preload(_load)
            self._memory = memory
        if self.source != task.sha256:
            self._worker.run(_open_source, read_unchanged(task.folder, task.file, task.sha256), task.media_type)
            self.source = task.sha256
        return self._worker


_source: SourcePages | None = None
_drawn: PagePicture | None = None


def _load() -> None:
    """In the process: load the models, before its memory is limited."""
    from bundler.text_recognition.ocr_engine import load_engine

    load_engine()


def _open_source(data: bytes, media_type: str) -> None:
    global _source, _drawn  # noqa: PLW0603 (what the process keeps between two pages)
    from bundler.text_recognition.page_picture import SourcePages

    _drawn = None
    _source = SourcePages(data, media_type)


def _draw(number: int, min_text: int) -> str | None:
    """Draw a page; return the digest of its picture, or None where the page has text."""
    global _drawn  # noqa: PLW0603 (as above)
    assert _source is not None  # noqa: S101 (the file was opened before)
    _drawn = None
    if _source.count_text(number) >= min_text:
        return None
    _drawn = _source.picture(number)
    return _drawn.sha256


def _read_drawn(number: int) -> ReadPage:
    """Read the page that was drawn last."""
    from bundler.text_recognition.ocr_engine import load_engine
    from bundler.text_recognition.page_reading import read_page

    assert _drawn is not None  # noqa: S101 (the page was drawn before)
    return read_page(load_engine(), _drawn, number)
