"""Run parsers of untrusted files in a separate process, with limits on memory, processor time, elapsed time and writing."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar, cast

from bundler.errors import BundlerError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Result = TypeVar("Result")
Given = ParamSpec("Given")
Progress = Callable[[Any], None]

MEMORY_BYTES = 2 * 1024**3
SECONDS = 60
_STOPPED = frozenset({-signal.SIGXCPU, -signal.SIGKILL})
"""Exit codes of a process that exceeded its processor time or memory."""
_MACHINE_ERRORS = frozenset(
    {errno.ENOMEM, errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.EIO, errno.EINTR}
)
"""Errors of the system that say nothing of the work's input."""
_DIE_WITH_PARENT = 1
"""``PR_SET_PDEATHSIG`` of prctl(2)."""
_STACK_SLOTS = 1 << 16
"""For this many values Python reserves a piece of stack of 1 MB, half of which is left to what is called."""


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


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a piece of work.

    Attributes:
        memory: bytes of address space, besides what a new process has.
        seconds: seconds of processor time.
        file_bytes: the size of the largest file that it may write.
        niceness: the niceness of the process, as in nice(2).
        patience: so many times these seconds may elapse; a process that stands behind others needs more of them.
    """

    memory: int = MEMORY_BYTES
    seconds: int = SECONDS
    file_bytes: int = 0
    niceness: int = 0
    patience: int = 2

    @property
    def elapsed_seconds(self) -> int:
        """Seconds that may elapse."""
        return self.seconds * self.patience


@contextmanager
def without_current_folder() -> Iterator[None]:
    """Start Python processes that import nothing from the current folder.

    Python looks for modules there first when multiprocessing starts it, and the folder may be one of received cases: a file
    in it called like a library, such as ``json.py``, would be run.
    """
    name = "PYTHONSAFEPATH"
    with _starting:
        before = os.environ.get(name)
        os.environ[name] = "1"
        try:
            yield
        finally:
            if before is None:
                del os.environ[name]
            else:
                os.environ[name] = before


_starting = threading.RLock()
"""Held while the variable is set: another thread must not find it unset before its own process has started."""


def call_with_room(work: Callable[Given, Result], /, *arguments: Given.args, **options: Given.kwargs) -> Result:
    """Call a function with half a megabyte of stack ready for the calls that it makes.

    Python takes the stack of its functions from the system in pieces of 16 KB, and gives a piece back as soon as the call
    that needed it returns. Where a loop happens to stand at the end of a piece, each call in it takes and returns one:
    in the layout of pages that is a tenth of the time. This function claims a stack so large that the piece given for it
    has room for all calls below it.
    """
    return cast("Callable[..., Result]", _call_on_large_stack)(work, arguments, options)


def _call(work: Callable[..., Result], arguments: tuple[object, ...], options: dict[str, object]) -> Result:
    return work(*arguments, **options)


_call_on_large_stack = FunctionType(_call.__code__.replace(co_stacksize=_STACK_SLOTS), globals())


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
            self._pipe, child_pipe = context.Pipe()
            self._process = context.Process(target=_serve_work, args=(child_pipe, os.getpid(), load), daemon=True)
            with nullcontext() if can_fork else without_current_folder():
                self._process.start()
            child_pipe.close()
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


def harden_process() -> None:
    """Let this process die with its parent, leave interrupts to the parent, and print nothing."""
    import ctypes

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    # Messages of the libraries' C code are in English, and may contain text of the file.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def apply_limits(limits: Limits) -> None:
    """Apply the limits of memory, writing and niceness to this process; none of them can be raised again."""
    os.nice(limits.niceness)
    _lower_limit(resource.RLIMIT_AS, limits.memory + _address_space())
    _lower_limit(resource.RLIMIT_FSIZE, limits.file_bytes)
    _lower_limit(resource.RLIMIT_CORE, 0)


def _lower_limit(limit: int, value: int) -> None:
    """Set a limit, but never above its present maximum."""
    _, maximum = resource.getrlimit(limit)
    lower = value if maximum == resource.RLIM_INFINITY else min(value, maximum)
    resource.setrlimit(limit, (lower, lower))


def extend_cpu_limit(seconds: int) -> None:
    """Allow the next piece of work its processor time, besides what the process has used before."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, maximum = resource.getrlimit(resource.RLIMIT_CPU)
    allowed = int(used.ru_utime + used.ru_stime) + 1 + seconds
    soft_limit = allowed if maximum == resource.RLIM_INFINITY else min(allowed, maximum)
    resource.setrlimit(resource.RLIMIT_CPU, (soft_limit, maximum))


def count_threads() -> int:
    """Return how many threads this process has, those of the libraries' C code included.

    A process with more than one must not be forked: the child has only the thread that forks, and waits forever for
    what another would do, or for a lock that it held. Pango (since 1.52) keeps a thread of its own for fonts, which
    Python does not count.
    """
    return len(list(Path("/proc/self/task").iterdir()))


def _address_space() -> int:
    """Bytes of address space that this process uses already."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
