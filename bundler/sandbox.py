"""Foreign parsers run in a process of their own, with limits on memory, processor time and waiting."""

from __future__ import annotations

import multiprocessing
import os
import resource
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TypeVar

Result = TypeVar("Result")

MEMORY_BYTES = 2 * 1024**3
SECONDS = 60


class OverLimitError(Exception):
    """The work took more memory or time than it may, or its process died."""


class FailedError(Exception):
    """The work raised an error; its type's name is the message, since its text may hold input."""


def run_limited(
    work: Callable[..., Result], *arguments: object, memory: int = MEMORY_BYTES, seconds: int = SECONDS
) -> Result:
    """Do work in a process of its own.

    Args:
        work: a function at a module's top level.
        arguments: its arguments; all must pickle.
        memory: bytes of address space.
        seconds: of processor time, and of waiting.

    Raises:
        OverLimitError: it went over a limit or died.
        FailedError: it raised.
    """
    # A forked child of a process with threads may find a lock held for ever.
    threads = threading.active_count() > 1
    context = multiprocessing.get_context("spawn") if threads else multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(theirs, work, arguments, memory, seconds), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(seconds * 2):
            raise OverLimitError
        state, value = ours.recv()
    except EOFError:
        raise OverLimitError from None
    finally:
        ours.close()
        process.kill()
        process.join()
    if state == "memory":
        raise OverLimitError
    if state == "failed":
        raise FailedError(value)
    result: Result = value
    return result


def _child(
    pipe: Connection, work: Callable[..., object], arguments: tuple[object, ...], memory: int, seconds: int
) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What the libraries' own C code remarks is English, and may hold words of the file.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        pipe.send(("done", work(*arguments)))
    except MemoryError:
        pipe.send(("memory", None))
    except Exception as error:  # noqa: BLE001 (every failure of a foreign parser is told, none is passed on)
        pipe.send(("failed", type(error).__name__))
