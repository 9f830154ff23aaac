"""Work in processes forked from a server that has loaded the tool's modules and used none of them.

The process of the tests itself is never forked: pytest-xdist and Pango keep threads in it.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable
from multiprocessing.process import BaseProcess
from pathlib import Path

PRELOADED = "tests.support.fork_server_modules"


def start_process(work: Callable[..., object], *arguments: object, daemon: bool = False) -> BaseProcess:
    """Start work, a function at the top level of a module, with picklable arguments and this process's surroundings.

    Args:
        work: the function.
        arguments: its arguments.
        daemon: end the process with this one.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([PRELOADED])
    surroundings = (dict(os.environ), str(Path.cwd()), _umask())
    process = context.Process(target=_run_in_surroundings, args=(surroundings, work, arguments), daemon=daemon)
    process.start()
    return process


def run_at_once(work: Callable[..., object], each: Iterable[tuple[object, ...]]) -> list[int | None]:
    """Run work in one process for each tuple of arguments, all at once, and return their exit codes."""
    processes = [start_process(work, *arguments) for arguments in each]
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


def _umask() -> int:
    """The umask of this process, which can only be read by setting it."""
    umask = os.umask(0o077)
    os.umask(umask)
    return umask


def _run_in_surroundings(
    surroundings: tuple[dict[str, str], str, int], work: Callable[..., object], arguments: tuple[object, ...]
) -> None:
    environment, folder, umask = surroundings
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    os.umask(umask)
    work(*arguments)
