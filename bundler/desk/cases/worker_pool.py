"""A pool of threads with sandboxed processes, for work that would hold up the pages: typesetting, rendering, inspecting."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from bundler.bundle.draft_single_papers import DRAFT_LIMITS
from bundler.process_limits import Limits
from bundler.sandbox import SandboxWorker

Result = TypeVar("Result")

MAX_CONCURRENT = 2
"""Tasks that one pool runs at a time."""
_GATHERING_SECONDS = 2.0
"""How long the warming of a pool waits for each of its threads to be free."""
_NICENESS = 5
"""The pages come first; bundles, which run in the background, have a higher value still."""


@dataclass
class WorkerSet:
    """The sandboxed processes of one thread; they are kept, because starting one costs more than most tasks.

    Attributes:
        renderer: the process that fills and typesets documents, renders pages and rotates them.
        inspector: the process that inspects uploaded files; its limits are lower.
        loaded_digest: the SHA-256 of the file that the renderer has in memory; empty for none.
    """

    renderer: SandboxWorker
    inspector: SandboxWorker
    loaded_digest: str = ""


class WorkerPool:
    """Threads that each own a `WorkerSet`; a request that waits for one blocks no thread that serves pages."""

    def __init__(self, threads: int = MAX_CONCURRENT) -> None:
        self._threads, self._count = ThreadPoolExecutor(threads, thread_name_prefix="desk-worker"), threads
        self._local, self._is_warm = threading.local(), False

    async def run(self, task: Callable[[WorkerSet], Result]) -> Result:
        """Run a task on the next free thread; what it raises reaches the caller."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, task)

    def warm_up(self, load_renderer: Callable[[], None], load_inspector: Callable[[], None] | None = None) -> None:
        """Start the processes of every thread now, once, so that the first task does not wait for their imports.

        Args:
            load_renderer: imports what the renderers need, a function at the top level of a module.
            load_inspector: the same for the inspectors; None where the pool inspects nothing.
        """
        if self._is_warm:
            return
        self._is_warm = True
        all_there = threading.Barrier(self._count)

        def warm() -> None:
            with contextlib.suppress(threading.BrokenBarrierError):  # a thread was busy, and has its processes already
                all_there.wait(_GATHERING_SECONDS)
            workers = self._own_workers()
            workers.renderer.preload(load_renderer)
            if load_inspector is not None:
                workers.inspector.preload(load_inspector)

        for _ in range(self._count):
            self._threads.submit(warm)

    def close(self) -> None:
        """Shut down; tasks that have not started are cancelled."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _run(self, task: Callable[[WorkerSet], Result]) -> Result:
        return task(self._own_workers())

    def _own_workers(self) -> WorkerSet:
        """The processes of this thread."""
        workers: WorkerSet | None = getattr(self._local, "workers", None)
        if workers is None:
            renderer = SandboxWorker(replace(DRAFT_LIMITS, niceness=_NICENESS))
            inspector = SandboxWorker(Limits(niceness=_NICENESS))
            workers = self._local.workers = WorkerSet(renderer, inspector)
        return workers
