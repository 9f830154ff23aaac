"""A pool of threads with sandboxed processes, for work that would hold up the pages: typesetting, rendering, inspecting."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from bundler.bundle.single_papers import DRAFT_LIMITS
from bundler.sandbox import Limits, SandboxWorker

Result = TypeVar("Result")

MAX_CONCURRENT = 2
"""Tasks that one pool runs at a time."""
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
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="desk-worker")
        self._local = threading.local()

    async def run(self, task: Callable[[WorkerSet], Result]) -> Result:
        """Run a task on the next free thread; what it raises reaches the caller."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, task)

    def close(self) -> None:
        """Shut down; tasks that have not started are cancelled."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _run(self, task: Callable[[WorkerSet], Result]) -> Result:
        workers: WorkerSet | None = getattr(self._local, "workers", None)
        if workers is None:
            renderer = SandboxWorker(replace(DRAFT_LIMITS, niceness=_NICENESS))
            inspector = SandboxWorker(Limits(niceness=_NICENESS))
            workers = self._local.workers = WorkerSet(renderer, inspector)
        return task(workers)
