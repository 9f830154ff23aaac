"""Work in processes forked from a server that has loaded the tool's modules and used none of them.

The process of the tests itself is never forked: pytest-xdist and Pango keep threads in it.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable
from multiprocessing.process import BaseProcess


def start_process(work: Callable[..., object], *arguments: object) -> BaseProcess:
    """Start work, a function at the top level of a module, with picklable arguments and the current environment."""
    context = multiprocessing.get_context("forkserver")
    # The same as for a batch: one process has one fork server.
    context.set_forkserver_preload(["bundler.batch.preload_modules"])
    process = context.Process(target=_run_with_environment, args=(dict(os.environ), work, arguments))
    process.start()
    return process


def run_at_once(work: Callable[..., object], each: Iterable[tuple[object, ...]]) -> list[int | None]:
    """Run work in one process for each tuple of arguments, all at once, and return their exit codes."""
    processes = [start_process(work, *arguments) for arguments in each]
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


def _run_with_environment(
    environment: dict[str, str], work: Callable[..., object], arguments: tuple[object, ...]
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    work(*arguments)
