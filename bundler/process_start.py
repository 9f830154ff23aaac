"""What the processes that this program starts need first: a safe start, an end with their parent, and room on the stack."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FunctionType
from typing import ParamSpec, TypeVar, cast

Result = TypeVar("Result")
Given = ParamSpec("Given")
_DIE_WITH_PARENT = 1
"""``PR_SET_PDEATHSIG`` of prctl(2)."""
_STACK_SLOTS = 1 << 16
"""For this many values Python reserves a piece of stack of 1 MB, half of which is left to what is called."""


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


def harden_process() -> None:
    """Let this process die with its parent, leave interrupts to the parent, and print nothing."""
    import ctypes

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    # Messages of the libraries' C code are in English, and may contain text of the file.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def count_threads() -> int:
    """Return how many threads this process has, those of the libraries' C code included.

    A process with more than one must not be forked: the child has only the thread that forks, and waits forever for
    what another would do, or for a lock that it held. Pango (since 1.52) keeps a thread of its own for fonts, which
    Python does not count.
    """
    return len(list(Path("/proc/self/task").iterdir()))
