"""Run parsers of untrusted files in a separate process, with limits on memory, processor time, elapsed time and writing."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import time
from collections.abc import Callable
from contextlib import nullcontext
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from bundler.errors import BundlerError
from bundler.process_limits import Limits, apply_limits, extend_cpu_limit
from bundler.process_start import call_with_room, count_threads, harden_process, without_current_folder

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Result = TypeVar("Result")
Progress = Callable[[Any], None]

_STOPPED = frozenset({-signal.SIGXCPU, -signal.SIGKILL})
"""Exit codes of a process that exceeded its processor time or memory."""
_MACHINE_ERRORS = frozenset(
    {errno.ENOMEM, errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.EIO, errno.EINTR}
)
"""Errors of the system that say nothing of the work's input."""


class LimitExceededError(Exception):
    """The work exceeded a limit of memory or time."""


class WorkFailedError(Exception):
    """The work raised an error, or its process died.

    The message is only the name of the error's type, since its text may contain untrusted input.

    Attributes:
        is_repeatable: the same work fails again on any machine: it raised an error that has to do with its input,
            not with the machine, as when memory is short or a process is killed.
        in_helper: what died is another process, to which the work had given work; its owner knows how it ended.
    """

    def __init__(self, message: str, *, is_repeatable: bool = False, in_helper: bool = False) -> None:
        super().__init__(message)
        self.is_repeatable = is_repeatable
        self.in_helper = in_helper


def run_sandboxed(
    work: Callable[..., Result], *arguments: object, limits: Limits = Limits(), progress: Progress | None = None
) -> Result:
    """Run one piece of work in a new process; see `SandboxWorker.run`."""
    with SandboxWorker(limits) as worker:
        return worker.run(work, *arguments, progress=progress)


class SandboxWorker:
    """A process that runs one piece of work after another, since starting one can take longer than the work itself.

    The process ends when a piece of work fails; the next gets a new process. A process that was forked from the owner
    may give it work in the owner's place, but can neither end it nor learn how it ended.
    """

    def __init__(self, limits: Limits = Limits()) -> None:
        self._owner = os.getpid()
        self._limits = limits
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._limited = False

    def preload(self, load: Callable[[], None]) -> None:
        """Start the process now, and import there what the work will need, while the caller does something else.

        Args:
            load: a function at the top level of a module; its errors are ignored, the work will raise them again.
        """
        self._start(load)

    def kill(self) -> None:
        """End the process from another thread; the work that runs fails as if its process had died."""
        process = self._process
        if process is not None:
            process.kill()

    def is_running(self) -> bool:
        """Whether the process was started and has not died."""
        return self._process is not None and self._process.is_alive()

    def end(self) -> None:
        """Kill the process, whatever it does; the next work gets a new one."""
        if self._process is not None and self._pipe is not None:
            self._pipe.close()
            if self._is_owner():
                self._process.kill()
                self._process.join()
        self._process = self._pipe = None
        self._limited = False

    def set_limits(self, limits: Limits) -> None:
        """Set the limits, which may be known only after `preload`; call it before the first work."""
        self._limits = limits

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def run(self, work: Callable[..., Result], *arguments: object, progress: Progress | None = None) -> Result:
        """Run a piece of work.

        Args:
            work: a function at the top level of a module; with `progress`, its first argument is a function that
                reports progress.
            arguments: its further arguments; all must be picklable.
            progress: called with each value that the work reports.

        Raises:
            LimitExceededError: the work exceeded a limit.
            WorkFailedError: the work raised an error, or its process died.
            BundlerError: the work raised it; it is raised again as it is.
        """
        self.begin(work, *arguments, reports_progress=progress is not None)
        result: Result = self.finish(progress)
        return result

    def begin(self, work: Callable[..., object], *arguments: object, reports_progress: bool = False) -> None:
        """Send a piece of work and do not wait for it; `finish` gives the results in the same order, and the errors."""
        pipe, _ = self._start()
        is_sent = False
        try:
            # If the process has died, `finish` raises the error.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                if not self._limited:
                    pipe.send(self._limits)
                    self._limited = True
                pipe.send((work, arguments, reports_progress))
            is_sent = True
        finally:
            if not is_sent:
                self.end()

    def finish(self, progress: Progress | None = None) -> Any:  # noqa: ANN401 (whatever the work gives)
        """Wait for the earliest work that was begun; parameter and errors are those of `run`."""
        pipe, _ = self._start()
        state, value = "", None
        try:
            state, value = _receive_result(pipe, self._limits.elapsed_seconds, progress or (lambda _: None))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            state = "over" if self.exceeded_limit() else "died" if self._is_owner() else "helper died"
        finally:
            if state != "done":
                self.end()
        return _result(state, value)

    def exceeded_limit(self) -> bool:
        """Wait for the end of a process that has died, and return whether the kernel ended it for its memory or time."""
        if self._process is None or not self._is_owner():
            return False
        self._process.join()
        return self._process.exitcode in _STOPPED

    def _is_owner(self) -> bool:
        return os.getpid() == self._owner

    def _start(self, load: Callable[[], None] | None = None) -> tuple[Connection, BaseProcess]:
        if self._process is None or self._pipe is None:
            # Imported here: a check of files that are in the cache starts no process.
            import multiprocessing

            can_fork = count_threads() == 1
            context = multiprocessing.get_context("fork") if can_fork else multiprocessing.get_context("spawn")
            pipe, child_pipe = context.Pipe()
            process = context.Process(target=_serve_work, args=(child_pipe, os.getpid(), load), daemon=True)
            with nullcontext() if can_fork else without_current_folder():
                process.start()
            child_pipe.close()
            self._pipe, self._process = pipe, process
        return self._pipe, self._process


def _result(state: str, value: Any) -> Any:  # noqa: ANN401 (whatever the work gives)
    if state == "over":
        raise LimitExceededError
    if state == "ours":
        raise value
    if state == "failed":
        raise WorkFailedError(value, is_repeatable=True)
    if state in {"died", "helper died"}:
        raise WorkFailedError("died", in_helper=state == "helper died")
    return value


def _receive_result(pipe: Connection, seconds: float, progress: Progress) -> tuple[str, Any]:
    """Wait for the result of the work, and pass on the progress that it reports."""
    deadline = time.monotonic() + seconds
    while pipe.poll(max(deadline - time.monotonic(), 0)):
        state, value = pipe.recv()
        if state != "progress":
            return state, value
        progress(value)
    return "over", None


def _serve_work(pipe: Connection, parent: int, load: Callable[[], None] | None) -> None:
    """Run in the worker process: receive the limits, then run work and send results until the parent closes the pipe."""
    harden_process()
    if os.getppid() != parent:
        # The parent died before this process could ask to be killed with it.
        return
    if load is not None:
        with contextlib.suppress(Exception):
            load()
    try:
        limits = pipe.recv()
    except EOFError:
        return
    apply_limits(limits)
    while True:
        try:
            work, arguments, reports_progress = pipe.recv()
        except EOFError:
            return
        except MemoryError:
            pipe.send(("over", None))
            return
        extend_cpu_limit(limits.seconds)
        if reports_progress:
            arguments = (lambda value: pipe.send(("progress", value)), *arguments)
        pipe.send(_run_work(work, arguments))


def _run_work(work: Callable[..., object], arguments: tuple[object, ...]) -> tuple[str, object]:
    try:
        return "done", call_with_room(work, *arguments)
    except (MemoryError, LimitExceededError):
        return "over", None
    except WorkFailedError as error:
        return "helper died" if error.in_helper else "failed", type(error).__name__
    except BundlerError as error:
        return "ours", error
    except OSError as error:
        return ("died", None) if error.errno in _MACHINE_ERRORS else ("failed", type(error).__name__)
    except Exception as error:  # noqa: BLE001 (every error of a parser is reported to the parent)
        return "failed", type(error).__name__
