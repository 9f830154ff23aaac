"""This machine's workers: a process for each case, forked from one that has everything loaded, with limits.

A fresh process for each case costs some hundredths of a second and shares nothing with the case before: no memory that
grows from case to case, and nothing that a hostile file could leave behind.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from bundler.batch.task import WorkerLostError
from bundler.sandbox import Limits, apply_limits, extend_cpu_limit, harden_process

Result = TypeVar("Result")
Given = ParamSpec("Given")

_EXIT_SECONDS = 10


CASE_LIMITS = Limits(memory=4 * 1024**3, seconds=600, file_bytes=64 * 1024**3)
"""What one case may take; what its bundle may take of that hangs on its files."""


class LocalExecutor(Executor):
    """Runs each call in a process of its own, so many at once."""

    def __init__(self, jobs: int, limits: Limits = CASE_LIMITS) -> None:
        self._limits = limits
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="case")
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["bundler.batch.preload"])
        self._running: set[int] = set()
        self._guard = threading.Lock()
        self._stopped = False

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        """Queue a call; its result, or CaseLostError when its process was lost."""
        return self._threads.submit(self._alone, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 (Executor's)
        """End; with `cancel_futures` what runs is killed too."""
        if cancel_futures:
            with self._guard:
                self._stopped = True
                for process in self._running:
                    _kill_process(process)
        self._threads.shutdown(wait, cancel_futures=cancel_futures)

    def _alone(self, fn: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_run_call, args=(theirs, self._limits, fn, args, kwargs))
        with self._guard:
            if self._stopped:
                raise WorkerLostError("CASE-CRASH")
            process.start()
            self._running.add(process.pid or 0)
        theirs.close()
        try:
            if not ours.poll(self._limits.seconds * 2):
                raise WorkerLostError("CASE-TIMEOUT")
            error, value = ours.recv()
            process.join(_EXIT_SECONDS)
        except (EOFError, ConnectionError):
            process.join()
            raise WorkerLostError(_rule_for_exit_code(process.exitcode)) from None
        finally:
            ours.close()
            with self._guard:
                self._running.discard(process.pid or 0)
                if process.is_alive():
                    _kill_process(process.pid or 0)
            process.join()
        if error is not None:
            raise error
        result: Result = value
        return result


def _kill_process(process: int) -> None:
    """Kill a worker and whatever it started; one that has not yet a group of its own is killed alone."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(process, signal.SIGKILL)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process, signal.SIGKILL)


def _rule_for_exit_code(exit_code: int | None) -> str:
    """Which finding a worker's end means: the system itself kills whoever takes too much memory or processor time."""
    return {-signal.SIGKILL: "CASE-MEMORY", -signal.SIGXCPU: "CASE-TIMEOUT"}.get(exit_code or 0, "CASE-CRASH")


def _run_call(
    pipe: Connection, limits: Limits, fn: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    # A group of its own, so that what the work has started ends with it.
    os.setpgid(0, 0)
    harden_process()
    apply_limits(limits)
    extend_cpu_limit(limits.seconds)
    try:
        pipe.send((None, fn(*args, **kwargs)))
    except Exception as error:  # noqa: BLE001 (the batch is told, and decides)
        pipe.send((error, None))
