"""A process of this machine that runs one call after another, with resource limits."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from types import ModuleType
from typing import Any

from bundler.batch.worker_tasks import WorkerLostError
from bundler.errors import OutputError
from bundler.process_limits import Limits, apply_limits, extend_cpu_limit
from bundler.process_start import call_with_room, harden_process, without_current_folder

_EXIT_SECONDS = 10
_LONGEST_TEMPORARY_FOLDER = 107 - len("/pymp-12345678/listener-12345678")
"""Bytes of its path, to which multiprocessing adds the rest of a socket's path; unix(7) allows 107."""


class WorkerProcess:
    """Runs calls in a process that was forked from the context's server.

    Attributes:
        calls: how many it was given.
    """

    def __init__(self, context: ForkServerContext, limits: Limits) -> None:
        self.calls = 0
        self._seconds = limits.seconds
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_run_calls, args=(theirs, limits))
        start_server()
        with _without_main_module():
            self._process.start()
        theirs.close()

    def call(self, function: Callable[..., Any], arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Any:  # noqa: ANN401 (what the function returns)
        """Run a call and return its result, or raise its error.

        Raises:
            WorkerLostError: the process died, or the call took too long; it has ended, and those that it started were killed.
        """
        self.calls += 1
        try:
            self._pipe.send((function, arguments, options))
            if not self._pipe.poll(self._seconds * 2):
                self.kill()
                self._process.join()
                raise WorkerLostError("CASE-TIMEOUT")
            error, value = self._pipe.recv()
        except (EOFError, ConnectionError):
            self._process.join()
            rule = _rule_for_exit_code(self._process.exitcode)
            self.kill()
            raise WorkerLostError(rule) from None
        if error is not None:
            raise error
        return value

    def is_alive(self) -> bool:
        """Whether the process can take a call."""
        return self._process.is_alive()

    def let_end(self) -> None:
        """Tell the process that no call comes any more; it gives back its memory while the caller goes on."""
        self._pipe.close()

    def end(self) -> None:
        """Wait until the process has ended, and kill it if that takes long."""
        self.let_end()
        self._process.join(_EXIT_SECONDS)
        if self._process.is_alive():
            self.kill()
        self._process.join()

    def kill(self) -> None:
        """Kill the process and those that it started; one that has no process group yet is killed alone."""
        process_id = self._process.pid or 0
        if self._process.is_alive():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process_id, signal.SIGKILL)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process_id, signal.SIGKILL)


@contextmanager
def _without_main_module() -> Iterator[None]:
    """Start processes that do not run the imports of the program that started this one, as multiprocessing has them do.

    None of it is needed. With the script `bundler` it was the command line, 10 CPU ms for each process; on a worker of a
    cluster it was Dask, 0.3 s, and a thread of its libraries, because of which the process could not fork others.
    """
    with _starting:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


_starting = threading.Lock()
"""Held while the main module is another one: two threads must not take each other's for the real one."""


def start_server() -> None:
    """Start the server from which the processes are forked, unless it runs.

    Raises:
        OutputError: the path of the folder for temporary files is too long for the server's socket.
    """
    folder = tempfile.gettempdir()
    if len(os.fsencode(folder)) > _LONGEST_TEMPORARY_FOLDER:
        raise OutputError(
            f"临时文件夹“{folder}”的路径太长。", fix="请把环境变量 TMPDIR 设为较短的路径（如 /tmp），再运行。"
        )
    with without_current_folder():
        forkserver.ensure_running()


def _rule_for_exit_code(exit_code: int | None) -> str:
    """Return the rule for an exit code: the kernel kills a process that exceeds the limit of memory or CPU time."""
    return {-signal.SIGKILL: "CASE-MEMORY", -signal.SIGXCPU: "CASE-TIMEOUT"}.get(exit_code or 0, "CASE-CRASH")


def _run_calls(pipe: Connection, limits: Limits) -> None:
    """In the process: run calls and send their results until the pipe is closed."""
    # A process group of its own, so that processes it starts end with it.
    os.setpgid(0, 0)
    harden_process()
    apply_limits(limits)
    with suppress(EOFError, ConnectionError):
        while True:
            function, arguments, options = pipe.recv()
            extend_cpu_limit(limits.seconds)
            try:
                pipe.send((None, call_with_room(function, *arguments, **options)))
            except Exception as error:  # noqa: BLE001 (sent to the batch, which decides)
                pipe.send((error, None))
