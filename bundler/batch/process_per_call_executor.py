"""An executor that runs each call in a new process of this machine, with resource limits.

The processes are forked from a server that has all libraries loaded, which takes some hundredths of a second. A process
of its own for each case means that no memory grows from case to case and that a hostile file leaves nothing behind.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

from bundler.batch.worker_tasks import WorkerLostError
from bundler.sandbox import Limits, apply_limits, call_with_room, extend_cpu_limit, harden_process

Result = TypeVar("Result")
Given = ParamSpec("Given")

_EXIT_SECONDS = 10


CASE_LIMITS = Limits(memory=4 * 1024**3, seconds=600, file_bytes=64 * 1024**3)
"""The limits of one case; `bundler.bundle` sets lower ones for its bundle from the size of its files."""


class LocalExecutor(Executor):
    """Runs each call in a new process, up to `jobs` at once."""

    def __init__(self, jobs: int, limits: Limits = CASE_LIMITS) -> None:
        self._limits = limits
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="case")
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["bundler.batch.preload_modules"])
        self._process_ids: set[int] = set()
        self._finished: list[BaseProcess] = []
        self._lock = threading.Lock()
        self._stopped = False

    def start_server(self) -> None:
        """Start the server now, so that it loads its libraries while the caller does something else; else the first call does."""
        forkserver.ensure_running()

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        """Queue a call; the future raises WorkerLostError if its process is lost."""
        return self._threads.submit(self._run_in_process, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 (Executor's)
        """Shut down; with `cancel_futures`, running processes are killed too."""
        if cancel_futures:
            with self._lock:
                self._stopped = True
                for process_id in self._process_ids:
                    _kill_process(process_id)
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        self._end_finished()

    def _run_in_process(self, fn: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_run_call, args=(theirs, self._limits, fn, args, kwargs))
        with self._lock:
            if self._stopped:
                raise WorkerLostError("CASE-CRASH")
            with _without_main_module():
                process.start()
            self._process_ids.add(process.pid or 0)
        theirs.close()
        self._end_finished()
        is_finished = False
        try:
            if not ours.poll(self._limits.seconds * 2):
                raise WorkerLostError("CASE-TIMEOUT")
            error, value = ours.recv()
            is_finished = True
        except (EOFError, ConnectionError):
            process.join()
            raise WorkerLostError(_rule_for_exit_code(process.exitcode)) from None
        finally:
            ours.close()
            with self._lock:
                self._process_ids.discard(process.pid or 0)
                if is_finished:
                    self._finished.append(process)
            if not is_finished:
                _end(process)
        if error is not None:
            raise error
        result: Result = value
        return result

    def _end_finished(self) -> None:
        """End the processes that have sent their results: a call need not wait until the system has taken back their memory."""
        while True:
            with self._lock:
                if not self._finished:
                    return
                process = self._finished.pop()
            process.join(_EXIT_SECONDS)
            _end(process)


@contextmanager
def _without_main_module() -> Iterator[None]:
    """Start processes that do not run the imports of the program that started this one, as multiprocessing has them do.

    None of it is needed. With the script `bundler` it was the command line, 10 CPU ms for each case; on a worker of a
    cluster it was Dask, 0.3 s, and a thread of its libraries, because of which the case's own process could not be forked.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _end(process: BaseProcess) -> None:
    """Kill a process unless it has ended."""
    if process.is_alive():
        _kill_process(process.pid or 0)
    process.join()


def _kill_process(process_id: int) -> None:
    """Kill a worker and the processes it started; one that has no process group yet is killed alone."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(process_id, signal.SIGKILL)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process_id, signal.SIGKILL)


def _rule_for_exit_code(exit_code: int | None) -> str:
    """Return the rule for an exit code: the kernel kills a process that exceeds the limit of memory or CPU time."""
    return {-signal.SIGKILL: "CASE-MEMORY", -signal.SIGXCPU: "CASE-TIMEOUT"}.get(exit_code or 0, "CASE-CRASH")


def _run_call(
    pipe: Connection, limits: Limits, fn: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    # A process group of its own, so that processes it starts end with it.
    os.setpgid(0, 0)
    harden_process()
    apply_limits(limits)
    extend_cpu_limit(limits.seconds)
    try:
        pipe.send((None, call_with_room(fn, *args, **kwargs)))
    except Exception as error:  # noqa: BLE001 (sent to the batch, which decides)
        pipe.send((error, None))
