"""This machine's workers: a process for each case, forked from one that has everything loaded, with limits.

A fresh process for each case costs some hundredths of a second and shares nothing with the case before: no memory that
grows from case to case, and nothing that a hostile file could leave behind.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from bundler.batch.task import CaseLostError

Result = TypeVar("Result")
Given = ParamSpec("Given")

_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of Linux's prctl."""
_LEAVING_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """What one case may take.

    Attributes:
        memory: bytes of address space.
        seconds: of waiting, and of processor time.
    """

    memory: int = 4 * 1024**3
    seconds: int = 900


class LocalExecutor(Executor):
    """Runs each call in a process of its own, so many at once."""

    def __init__(self, jobs: int, limits: Limits) -> None:
        self._limits = limits
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="case")
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["bundler.batch.warm"])
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
                    _kill(process)
        self._threads.shutdown(wait, cancel_futures=cancel_futures)

    def _alone(self, fn: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_child, args=(theirs, self._limits, fn, args, kwargs))
        with self._guard:
            if self._stopped:
                raise CaseLostError("CASE-CRASH")
            process.start()
            self._running.add(process.pid or 0)
        theirs.close()
        try:
            if not ours.poll(self._limits.seconds):
                raise CaseLostError("CASE-TIMEOUT")
            error, value = ours.recv()
            process.join(_LEAVING_SECONDS)
        except (EOFError, ConnectionError):
            process.join()
            raise CaseLostError(_lost_by(process.exitcode)) from None
        finally:
            ours.close()
            with self._guard:
                self._running.discard(process.pid or 0)
                if process.is_alive():
                    _kill(process.pid or 0)
            process.join()
        if error is not None:
            raise error
        result: Result = value
        return result


def _kill(process: int) -> None:
    """Kill a worker and whatever it started; one that has not yet a group of its own is killed alone."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(process, signal.SIGKILL)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process, signal.SIGKILL)


def _lost_by(exit_code: int | None) -> str:
    """Which finding a worker's end means: the system itself kills whoever takes too much memory or processor time."""
    return {-signal.SIGKILL: "CASE-MEMORY", -signal.SIGXCPU: "CASE-TIMEOUT"}.get(exit_code or 0, "CASE-CRASH")


def _child(
    pipe: Connection, limits: Limits, fn: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    # A keyboard's interrupt is for the batch, which then ends its workers; and no worker outlives its batch.
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What the libraries' own C code remarks is English, and may hold words of a file.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        pipe.send((None, fn(*args, **kwargs)))
    except Exception as error:  # noqa: BLE001 (the batch is told, and decides)
        pipe.send((error, None))
