"""Sandboxed processes of the tests' own process, which has threads, come from the fork server and not from a new interpreter.

The product spawns them in a process with threads, and each imports all libraries anew: half a second for each build,
check or verification in a test. The fork server has imported them, and has one thread and no state of the tests. Commands
that run in a process of their own, and a test that asks for `real_sandboxes`, start their sandboxes as a court's machine does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import pytest

from bundler import sandbox
from bundler.sandbox import SandboxWorker
from tests.support.forks import start_process

_start_really = SandboxWorker._start


def _start(self: SandboxWorker, load: Callable[[], None] | None = None) -> tuple[Connection, BaseProcess]:
    if self._process is not None and self._pipe is not None:
        return self._pipe, self._process
    if sandbox.count_threads() == 1:
        return _start_really(self, load)
    from multiprocessing import Pipe

    self._pipe, child_pipe = Pipe()
    self._process = start_process(_serve, child_pipe, load, daemon=True)
    child_pipe.close()
    return self._pipe, self._process


def _serve(pipe: Connection, load: Callable[[], None] | None) -> None:
    # Its parent is the fork server, which ends with the tests' process.
    sandbox._serve_work(pipe, os.getppid(), load)


def use_fork_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start every sandbox of this process from the fork server."""
    monkeypatch.setattr(SandboxWorker, "_start", _start)


@contextmanager
def real_sandboxes() -> Iterator[None]:
    """Start sandboxes as the product does."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(SandboxWorker, "_start", _start_really)
        yield
