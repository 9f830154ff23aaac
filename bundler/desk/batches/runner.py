"""A batch begun at the desk: the command as a process of its own, which goes on when the desk ends."""

from __future__ import annotations

import re
import sys
import threading
from dataclasses import dataclass

from bundler.batch.output_lock import lock_holder
from bundler.batch.task import STATE
from bundler.case.identifiers import masked
from bundler.desk.batches import process
from bundler.desk.batches.process import BatchProcess
from bundler.desk.settings import DeskSettings
from bundler.errors import OutputError, UsageError, reason

_PROGRESS = re.compile(r"进度 ([0-9]+)/([0-9]+)")
_TAIL = 16 * 1024
_MOST_LINES = 20
_ENDS = {
    0: "已完成，全部成卷。",
    1: "已完成；有案件退回补正。",
    3: "没有一件案件可以读。",
    4: "模板有问题，有案件没有成卷。",
    process.STATUS_UNKNOWN: "已结束，结果见下面的报告；没有做完的，再次开始会接着做完。",
}
_STOPPED = "已停止，没有留下半成品；再次开始会接着做完。"
_FAILED = "没有做完。"


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far a batch is.

    Attributes:
        is_running: whether it is at work.
        done: cases that are behind it.
        total: how many there are; 0 as long as nobody knows.
        end: how it ended; empty while it runs.
        said: what it said beside its progress; numbers covered.
        actor: who began it.
        is_stopping: it was told to stop.
    """

    is_running: bool
    done: int
    total: int
    end: str
    said: tuple[str, ...]
    actor: str
    is_stopping: bool


class BatchRunner:
    """The desk's batch, one at a time."""

    def __init__(self, desk: DeskSettings) -> None:
        self._desk = desk
        self._guard = threading.RLock()
        self._last: BatchProcess | None = None

    def begin(self, actor: str) -> None:
        """Begin one.

        Raises:
            UsageError: one is at work, of this desk or of somebody else.
            OutputError: it cannot be begun.
        """
        with self._guard:
            if self._at_work() is not None:
                raise UsageError("批处理正在进行。", fix="请等它结束，或者先停止。")
            other = self.other()
            if other:
                raise UsageError(f"另一个批处理正在写这个输出文件夹（{other}）。", fix="请等它结束。")
            try:
                self._take(process.start_process(self._desk.root, self._command(), actor))
            except OSError as error:
                raise OutputError(f"批处理没有开始：{reason(error)}。", fix="请告诉管理员。") from error

    def stop(self) -> None:
        """Tell it to stop, as Ctrl-C does; one that is not at work is left alone."""
        with self._guard:
            work = self._at_work()
            if work is not None:
                work.stop()

    def other(self) -> str:
        """Who else works on the output folder, in words; empty for nobody."""
        if self._at_work() is not None:
            return ""
        note = lock_holder(self._desk.out / STATE)
        return f"机器 {note.get('host')}，进程 {note.get('process')}" if note else ""

    def progress(self) -> BatchProgress | None:
        """How far the desk's batch is, or how it ended; None where none was begun."""
        with self._guard:
            self._at_work()
            return _progress(self._last) if self._last is not None else None

    def close(self) -> None:
        """Hear no more of it; it goes on by itself, and the next desk of the folder knows it again."""
        with self._guard:
            if self._last is not None:
                self._last.close()

    def _at_work(self) -> BatchProcess | None:
        """The batch that is at work, be it one that was begun before this desk was."""
        with self._guard:
            if self._last is not None and self._last.status() is None:
                return self._last
            found = process.find_running_process(self._desk.root)
            if found is not None:
                self._take(found)
            return found

    def _take(self, work: BatchProcess) -> None:
        self.close()
        self._last = work

    def _command(self) -> list[str]:
        desk = self._desk
        profile = ["--profile", str(desk.profile_path)] if desk.profile_path else []
        return [
            *(sys.executable, "-m", "bundler", "batch", str(desk.root), "-o", str(desk.out), "--progress"),
            *("--today", desk.today().isoformat(), "--templates", str(desk.templates), *profile),
        ]


def _progress(work: BatchProcess) -> BatchProgress:
    status, lines = work.status(), work.tail(_TAIL)
    counts = [found for line in lines if (found := _PROGRESS.fullmatch(line))]
    done, total = (int(counts[-1][1]), int(counts[-1][2])) if counts else (0, 0)
    # Told to stop while it was starting, it says so in Python's own words, which are nobody's.
    words = [] if work.is_stopped else [masked(line) for line in lines if not _PROGRESS.fullmatch(line)]
    return BatchProgress(
        status is None, done, total, _end(work, status, total), tuple(words[-_MOST_LINES:]), work.actor, work.is_stopped
    )


def _end(work: BatchProcess, status: int | None, total: int) -> str:
    """How it ended, in words; empty while it is at work."""
    if status is None:
        return ""
    # Stopped before it knew how many cases there are, Python may end it with the status of one that ran to its end.
    if work.is_stopped and (status not in _ENDS or not total):
        return _STOPPED
    return _ENDS.get(status, _FAILED)
