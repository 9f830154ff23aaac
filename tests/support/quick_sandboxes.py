"""Sandboxed processes of the tests' own process, which has threads, come from the fork server and not from a new interpreter.

The product spawns them in a process with threads, and each imports all libraries anew: half a second for each build,
check or verification in a test. The fork server has imported them, and has one thread and no state of the tests. Commands
that run in a process of their own, and a test that asks for `real_sandboxes`, start their sandboxes as a court's machine does.
"""

from __future__ import annotations

import multiprocessing.forkserver
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

import pytest

from bundler import sandbox
from bundler.process_start import count_threads
from bundler.sandbox import SandboxWorker
from tests.support.forks import PRELOADED, start_process

_start_really = SandboxWorker._start
_preload_really = BaseContext.set_forkserver_preload


def _start(self: SandboxWorker, load: Callable[[], None] | None = None) -> tuple[Connection, BaseProcess]:
    if self._process is not None and self._pipe is not None:
        return self._pipe, self._process
    if count_threads() == 1:
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
    """Start every sandbox of this process from the fork server, which loads all modules even where a batch starts it.

    One process has one fork server. Where that of a batch came first, each sandbox would import for itself what the tests
    need besides.
    """
    monkeypatch.setattr(SandboxWorker, "_start", _start)
    monkeypatch.setattr(BaseContext, "set_forkserver_preload", _preload)


def _preload(self: BaseContext, modules: Sequence[str]) -> None:
    _preload_really(self, list(dict.fromkeys([*modules, PRELOADED])))


@contextmanager
def fork_server_of_a_batch() -> Iterator[None]:
    """Let a batch start a fork server of its own as on a court's machine."""
    server = multiprocessing.forkserver.ForkServer()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(BaseContext, "set_forkserver_preload", _preload_really)
        for name in ("set_forkserver_preload", "connect_to_new_process", "ensure_running", "get_inherited_fds"):
            monkeypatch.setattr(multiprocessing.forkserver, name, getattr(server, name))
        try:
            yield
        finally:
            server._stop()  # type: ignore[attr-defined]  # the standard library's own tests use it


@contextmanager
def real_sandboxes() -> Iterator[None]:
    """Start sandboxes as the product does."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(SandboxWorker, "_start", _start_really)
        yield
