"""The desk's batch, one at a time: ``bundler batch`` in a process of its own, which outlives the desk."""

from __future__ import annotations

import re
import sys
import threading
from dataclasses import dataclass

from bundler.batch.output_lock import lock_holder
from bundler.batch.worker_tasks import STATE_FOLDER
from bundler.case.identifiers import masked
from bundler.desk.batches import batch_process
from bundler.desk.batches.batch_downloads import results_stamp
from bundler.desk.batches.batch_process import BatchProcess
from bundler.desk.settings import DeskSettings
from bundler.digest import sha256_of
from bundler.errors import OutputError, UsageError, describe_os_error

_PROGRESS_LINE = re.compile(r"进度 ([0-9]+)/([0-9]+)")
_TAIL_BYTES = 16 * 1024
_MAX_LINES = 20
_RESULTS = {
    0: "已完成，全部成卷。",
    1: "已完成；有案件退回补正。",
    3: "没有一件案件可以读。",
    4: "模板有问题，有案件没有成卷。",
    batch_process.STATUS_UNKNOWN: "已结束，结果见下面的报告；没有做完的，再次开始会接着做完。",
}
_STOPPED = "已停止，没有留下半成品；再次开始会接着做完。"
_FAILED = "没有做完。"


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far a batch is.

    Attributes:
        is_running: whether it runs.
        done: the number of cases that are finished.
        total: the number of cases; 0 until the batch has counted them.
        end: how it ended, in Chinese; empty while it runs.
        messages: its last messages, with numbers of persons masked.
        actor: the account that started it.
        is_stopping: whether it was interrupted.
    """

    is_running: bool
    done: int
    total: int
    end: str
    messages: tuple[str, ...]
    actor: str
    is_stopping: bool


class BatchRunner:
    """Starts, watches and stops the desk's batch."""

    def __init__(self, settings: DeskSettings) -> None:
        self._settings = settings
        self._lock = threading.RLock()
        self._last: BatchProcess | None = None
        self._count = 0

    def start(self, actor: str) -> None:
        """Start a batch for an account.

        Raises:
            UsageError: one runs already, this desk's or another's.
            OutputError: it cannot be started.
        """
        with self._lock:
            if self._running() is not None:
                raise UsageError("批处理正在进行。", fix="请等它结束，或者先停止。")
            other = self.other_batch()
            if other:
                raise UsageError(f"另一个批处理正在写这个输出文件夹（{other}）。", fix="请等它结束。")
            try:
                self._replace(batch_process.start_process(self._settings.root, self._command(), actor))
            except OSError as error:
                raise OutputError(f"批处理没有开始：{describe_os_error(error)}。", fix="请告诉管理员。") from error

    def stop(self) -> None:
        """Interrupt the batch as Ctrl-C does; without a running batch nothing happens."""
        with self._lock:
            running = self._running()
            if running is not None:
                running.stop()

    def other_batch(self) -> str:
        """Which machine and process works on the output folder besides this desk's batch, in Chinese; empty for none."""
        if self._running() is not None:
            return ""
        holder = lock_holder(self._settings.out / STATE_FOLDER)
        return f"机器 {holder.get('host')}，进程 {holder.get('process')}" if holder else ""

    def progress(self) -> BatchProgress | None:
        """How far the desk's batch is, or how it ended; None where none was started."""
        with self._lock:
            self._running()
            return _progress(self._last) if self._last is not None else None

    def state(self) -> str:
        """A text that changes when a batch begins or ends, this desk's or another's, or has written new results."""
        with self._lock:
            number = self._count if self._running() is not None else 0
        return sha256_of(f"{number} {self.other_batch()} {results_stamp(self._settings.out)}".encode())[:16]

    def close(self) -> None:
        """Stop watching the batch, which goes on; the next desk of the folder finds it again."""
        with self._lock:
            if self._last is not None:
                self._last.close()

    def _running(self) -> BatchProcess | None:
        """The running batch; it may have been started before this desk was."""
        with self._lock:
            if self._last is not None and self._last.status() is None:
                return self._last
            found = batch_process.find_running_process(self._settings.root)
            if found is not None:
                self._replace(found)
            return found

    def _replace(self, batch: BatchProcess) -> None:
        self.close()
        self._last = batch
        self._count += 1

    def _command(self) -> list[str]:
        settings = self._settings
        profile = ["--profile", str(settings.profile_path)] if settings.profile_path else []
        return [
            *(sys.executable, "-P", "-m", "bundler"),
            *("batch", str(settings.root), "-o", str(settings.out), "--progress"),
            *("--today", settings.today().isoformat(), "--templates", str(settings.templates), *profile),
        ]


def _progress(batch: BatchProcess) -> BatchProgress:
    status, lines = batch.status(), batch.tail(_TAIL_BYTES)
    counts = [match for line in lines if (match := _PROGRESS_LINE.fullmatch(line))]
    done, total = (int(counts[-1][1]), int(counts[-1][2])) if counts else (0, 0)
    # A batch that was stopped while Python was starting prints a traceback of the interpreter's, which helps no clerk.
    messages = [] if batch.is_stopped else [masked(line) for line in lines if not _PROGRESS_LINE.fullmatch(line)]
    return BatchProgress(
        is_running=status is None,
        done=done,
        total=total,
        end=_end(batch, status, total),
        messages=tuple(messages[-_MAX_LINES:]),
        actor=batch.actor,
        is_stopping=batch.is_stopped,
    )


def _end(batch: BatchProcess, status: int | None, total: int) -> str:
    """How a batch ended, in Chinese; empty while it runs."""
    if status is None:
        return ""
    # Stopped before it had counted the cases, the interpreter may end with the status of a complete run.
    if batch.is_stopped and (status not in _RESULTS or not total):
        return _STOPPED
    return _RESULTS.get(status, _FAILED)
