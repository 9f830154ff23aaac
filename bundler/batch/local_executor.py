"""An executor that runs calls in processes of this machine, with resource limits.

The processes are forked from a server that has all libraries loaded, which takes some hundredths of a second. A process takes
the next call that waits, so that starting it is paid once for many cases. It ends when none waits, after an error, and after
some calls, so that memory cannot grow for long. Files are parsed in processes that `bundler.sandbox` starts for the one case, and
papers are typeset as `bundler.bundle.kept_typesetter` says, so a hostile file leaves nothing behind for another case.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from bundler.batch.worker_process import WorkerProcess, start_server
from bundler.batch.worker_tasks import WorkerLostError
from bundler.process_limits import Limits

Result = TypeVar("Result")
Given = ParamSpec("Given")

_MOST_CALLS = 50
"""Calls after which a process ends, and another one is started."""
CASE_LIMITS = Limits(memory=4 * 1024**3, seconds=600, file_bytes=64 * 1024**3)
"""The limits: of memory for a process, of time for one case; `bundler.bundle` sets lower ones for its bundle from the size of its files."""


class LocalExecutor(Executor):
    """Runs calls in processes of this machine, up to `jobs` at once."""

    def __init__(self, jobs: int, limits: Limits = CASE_LIMITS) -> None:
        self._limits = limits
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="case")
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["bundler.batch.preload_modules"])
        self._running: set[WorkerProcess] = set()
        self._idle: list[WorkerProcess] = []
        self._ending: list[WorkerProcess] = []
        self._waiting = 0
        self._lock = threading.Lock()
        self._stopped = False

    def start_server(self) -> None:
        """Start the server now, so that it loads its libraries while the caller does something else; else the first call does."""
        start_server()

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        """Queue a call; the future raises WorkerLostError if its process is lost."""
        with self._lock:
            self._waiting += 1
        future = self._threads.submit(self._run_in_process, fn, args, kwargs)
        future.add_done_callback(self._forget_if_cancelled)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 (Executor's)
        """Shut down; with `cancel_futures`, running processes are killed too."""
        if cancel_futures:
            with self._lock:
                self._stopped = True
                for process in self._running:
                    process.kill()
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        with self._lock:
            self._ending += self._idle
            self._idle.clear()
        self._end_finished()

    def _run_in_process(self, fn: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
        process = self._take_process()
        is_usable = False
        try:
            self._end_finished()
            result: Result = process.call(fn, args, kwargs)
            is_usable = process.calls < _MOST_CALLS
        finally:
            self._give_back(process, is_usable=is_usable)
        return result

    def _take_process(self) -> WorkerProcess:
        with self._lock:
            self._waiting -= 1
            if self._stopped:
                raise WorkerLostError("CASE-CRASH")
            dead = [process for process in self._idle if not process.is_alive()]
            self._ending += dead
            self._idle = [process for process in self._idle if process not in dead]
            process = self._idle.pop() if self._idle else WorkerProcess(self._context, self._limits)
            self._running.add(process)
        return process

    def _forget_if_cancelled(self, future: Future[Any]) -> None:
        if future.cancelled():
            with self._lock:
                self._waiting -= 1

    def _give_back(self, process: WorkerProcess, *, is_usable: bool) -> None:
        """Keep the process if a queued call can use it; otherwise let it end in the background."""
        with self._lock:
            self._running.discard(process)
            if is_usable and self._waiting > len(self._idle):
                self._idle.append(process)
            else:
                process.let_end()
                self._ending.append(process)

    def _end_finished(self) -> None:
        """End the processes that take no calls any more."""
        while True:
            with self._lock:
                if not self._ending:
                    return
                process = self._ending.pop()
            process.end()
