"""Foreign parsers run in a process of their own, with limits on memory, processor time, waiting and writing."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from bundler.errors import BundlerError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Result = TypeVar("Result")
Progress = Callable[[Any], None]

MEMORY_BYTES = 2 * 1024**3
SECONDS = 60
_STOPPED = frozenset({-signal.SIGXCPU, -signal.SIGKILL})
"""How a process ends that took more processor time or memory than it may."""
_DIE_WITH_PARENT = 1
"""``PR_SET_PDEATHSIG`` of prctl(2)."""


class LimitExceededError(Exception):
    """The work took more memory or time than it may."""


class WorkFailedError(Exception):
    """The work raised an error, or its process died; the type's name is the message, since its text may hold input."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a piece of work may use.

    Attributes:
        memory: bytes of address space, beside what a fresh process has.
        seconds: of processor time; and twice as many of waiting.
        file_bytes: the largest file that it may write.
        niceness: how far it lets others go first, as nice(2) counts.
    """

    memory: int = MEMORY_BYTES
    seconds: int = SECONDS
    file_bytes: int = 0
    niceness: int = 0


def run_sandboxed(
    work: Callable[..., Result], *arguments: object, limits: Limits = Limits(), listen: Progress | None = None
) -> Result:
    """Do one piece of work in a process of its own; see `Worker.run`."""
    with SandboxWorker(limits) as worker:
        return worker.run(work, *arguments, listen=listen)


class SandboxWorker:
    """A process that does one piece of work after another: a start costs more than many a file does.

    Work that fails takes the process with it, and the next gets a fresh one.
    """

    def __init__(self, limits: Limits = Limits()) -> None:
        self._limits = limits
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._limited = False

    def load(self, load: Callable[[], None]) -> None:
        """Start the process now, and load there what the work will need, while the caller does something else.

        Args:
            load: imports, at a module's top level; what goes wrong in it is told when the work meets it again.
        """
        self._started(load)

    def limit(self, limits: Limits) -> None:
        """Set what the work may use, which is known only after `load`; before the first work."""
        self._limits = limits

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def run(self, work: Callable[..., Result], *arguments: object, listen: Progress | None = None) -> Result:
        """Do a piece of work.

        Args:
            work: a function at a module's top level; where somebody listens, its first argument is a function that
                tells him where the work stands.
            arguments: its arguments; all must pickle.
            listen: called with what the work tells, as it tells it.

        Raises:
            OverLimitError: it went over a limit.
            FailedError: it raised or died.
            BundlerError: it raised one of ours, which is told as it is.
        """
        pipe, process = self._started()
        state, value = "", None
        try:
            if not self._limited:
                pipe.send(self._limits)
                self._limited = True
            pipe.send((work, arguments, listen is not None))
            state, value = _answer(pipe, self._limits.seconds * 2, listen or (lambda _: None))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            process.join()
            state, value = ("over", None) if process.exitcode in _STOPPED else ("failed", "died")
        finally:
            if state != "done":
                self._end()
        result: Result = _result(state, value)
        return result

    def _started(self, load: Callable[[], None] | None = None) -> tuple[Connection, BaseProcess]:
        if self._process is None or self._pipe is None:
            # Imported only here: a check of files that were seen before starts no process.
            import multiprocessing

            # A forked child of a process with threads may find a lock held for ever.
            threads = threading.active_count() > 1
            context = multiprocessing.get_context("spawn") if threads else multiprocessing.get_context("fork")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, os.getpid(), load), daemon=True)
            self._process.start()
            theirs.close()
        return self._pipe, self._process

    def _end(self) -> None:
        if self._process is not None and self._pipe is not None:
            self._pipe.close()
            self._process.kill()
            self._process.join()
        self._process = self._pipe = None
        self._limited = False


def _result(state: str, value: Any) -> Any:  # noqa: ANN401 (whatever the work gives)
    if state == "over":
        raise LimitExceededError
    if state == "ours":
        raise value
    if state == "failed":
        raise WorkFailedError(value)
    return value


def _answer(pipe: Connection, seconds: float, listen: Progress) -> tuple[str, Any]:
    """What the work ends with; what it tells before is handed on."""
    until = time.monotonic() + seconds
    while pipe.poll(max(until - time.monotonic(), 0)):
        state, value = pipe.recv()
        if state != "told":
            return state, value
        listen(value)
    return "over", None


def _serve(pipe: Connection, parent: int, load: Callable[[], None] | None) -> None:
    """The process's own loop: limits come in, then work; its result goes out, until the parent closes the pipe."""
    harden_process()
    if os.getppid() != parent:
        # It died before this process could ask to die with it.
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
            work, arguments, heard = pipe.recv()
        except EOFError:
            return
        except MemoryError:
            pipe.send(("over", None))
            return
        extend_cpu_limit(limits.seconds)
        if heard:
            arguments = (lambda news: pipe.send(("told", news)), *arguments)
        pipe.send(_done(work, arguments))


def _done(work: Callable[..., object], arguments: tuple[object, ...]) -> tuple[str, object]:
    try:
        return "done", work(*arguments)
    except MemoryError:
        return "over", None
    except BundlerError as error:
        return "ours", error
    except Exception as error:  # noqa: BLE001 (every failure of a foreign parser is told, none is passed on)
        return "failed", type(error).__name__


def harden_process() -> None:
    """Live no longer than the parent, which alone decides when a user interrupts, and say nothing beside the results."""
    import ctypes

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    # What the libraries' own C code remarks is English, and may hold words of the file.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def apply_limits(limits: Limits) -> None:
    """Take away what the work does not need."""
    os.nice(limits.niceness)
    _lower(resource.RLIMIT_AS, limits.memory + _address_space())
    _lower(resource.RLIMIT_FSIZE, limits.file_bytes)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(limit: int, value: int) -> None:
    """Lower a limit, never raise it."""
    _, most = resource.getrlimit(limit)
    lower = value if most == resource.RLIM_INFINITY else min(value, most)
    resource.setrlimit(limit, (lower, lower))


def extend_cpu_limit(seconds: int) -> None:
    """Give the next piece of work its processor time, beside what those before it took."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    allowed = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (allowed if most == resource.RLIM_INFINITY else min(allowed, most), most))


def _address_space() -> int:
    """Bytes that this process has already."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
