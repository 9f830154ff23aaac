"""A batch begun at the desk: the command as a process of its own, which goes on when the desk ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from typing import IO

from bundler.batch.lock import holder_of
from bundler.batch.task import STATE
from bundler.case.masking import masked
from bundler.desk.settings import Settings
from bundler.errors import OutputError, UsageError, reason

_PROGRESS = re.compile(r"进度 ([0-9]+)/([0-9]+)")
_TAIL = 16 * 1024
_MOST_LINES = 20
_ENDS = {
    0: "已完成，全部成卷。",
    1: "已完成；有案件退回补正。",
    3: "没有一件案件可以读。",
    4: "模板有问题，有案件没有成卷。",
}
_STOPPED = "已停止，没有留下半成品；再次开始会接着做完。"
_FAILED = "没有做完。"


@dataclass(frozen=True, slots=True)
class Progress:
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


class Batches:
    """The desk's batch, one at a time."""

    def __init__(self, desk: Settings) -> None:
        self._desk = desk
        self._guard = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._said: IO[bytes] | None = None
        self._actor, self._is_stopped = "", False

    def begin(self, actor: str) -> None:
        """Begin one.

        Raises:
            UsageError: one is at work, of this desk or of somebody else.
            OutputError: it cannot be begun.
        """
        with self._guard:
            if self._child is not None and self._child.poll() is None:
                raise UsageError("批处理正在进行。", fix="请等它结束，或者先停止。")
            other = self.other()
            if other:
                raise UsageError(f"另一个批处理正在写这个输出文件夹（{other}）。", fix="请等它结束。")
            self._forget()
            self._said = tempfile.TemporaryFile("w+b")  # noqa: SIM115 (open as long as the child may write)
            self._actor, self._is_stopped = actor, False
            try:
                self._child = subprocess.Popen(  # noqa: S603 (our own command; nothing of it comes from a browser)
                    self._command(),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=self._said,
                    start_new_session=True,  # what interrupts the desk does not interrupt a batch of hours
                )
            except OSError as error:
                raise OutputError(f"批处理没有开始：{reason(error)}。", fix="请告诉管理员。") from error

    def stop(self) -> None:
        """Tell it to stop, as Ctrl-C does; one that is not at work is left alone."""
        with self._guard:
            if self._child is not None and self._child.poll() is None:
                self._is_stopped = True
                self._child.send_signal(signal.SIGINT)

    def other(self) -> str:
        """Who else works on the output folder, in words; empty for nobody."""
        if self._child is not None and self._child.poll() is None:
            return ""
        note = holder_of(self._desk.out / STATE)
        return f"机器 {note.get('host')}，进程 {note.get('process')}" if note else ""

    def progress(self) -> Progress | None:
        """How far the desk's batch is, or how it ended; None where none was begun."""
        child, said = self._child, self._said
        if child is None or said is None:
            return None
        status = child.poll()
        lines = _tail(said)
        counts = [found for line in lines if (found := _PROGRESS.fullmatch(line))]
        done, total = (int(counts[-1][1]), int(counts[-1][2])) if counts else (0, 0)
        # Told to stop while it was starting, it says so in Python's own words, which are nobody's.
        words = [] if self._is_stopped else [masked(line) for line in lines if not _PROGRESS.fullmatch(line)]
        end = (
            ""
            if status is None
            else _STOPPED
            if self._is_stopped and status not in _ENDS
            else _ENDS.get(status, _FAILED)
        )
        return Progress(status is None, done, total, end, tuple(words[-_MOST_LINES:]), self._actor, self._is_stopped)

    def close(self) -> None:
        """Hear no more of it; it goes on by itself."""
        with self._guard:
            self._forget()

    def _forget(self) -> None:
        if self._said is not None:
            self._said.close()
        self._said = None

    def _command(self) -> list[str]:
        desk = self._desk
        profile = ["--profile", str(desk.profile_path)] if desk.profile_path else []
        return [
            *(sys.executable, "-m", "bundler", "batch", str(desk.root), "-o", str(desk.out), "--progress"),
            *("--today", desk.today().isoformat(), "--templates", str(desk.templates), *profile),
        ]


def _tail(file: IO[bytes]) -> list[str]:
    """The last lines, read beside whoever is writing."""
    try:
        size = os.fstat(file.fileno()).st_size
        data = os.pread(file.fileno(), _TAIL, max(0, size - _TAIL))
    except (OSError, ValueError):
        return []
    return [line for line in data.decode("utf-8", "replace").splitlines()[(size > _TAIL) :] if line.strip()]
