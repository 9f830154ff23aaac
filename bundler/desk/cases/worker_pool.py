"""The few who do heavy work: so many at a time, the rest wait in a queue that holds up nobody else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from bundler.bundle.paper import DRAFT_LIMITS
from bundler.sandbox import Limits, SandboxWorker

Result = TypeVar("Result")

MAX_CONCURRENT = 2
"""Pieces of heavy work at a time."""
_NICENESS = 5
"""They let the pages go first that somebody waits for; bundles come last."""


@dataclass
class WorkerSet:
    """One who works: processes with limits that are kept, since their start costs more than most of what they do.

    Attributes:
        worker: the process that drafts and draws.
        inspector: the process that looks into files that came in, which may take less.
        holds: the digest of the file that the worker was handed last; empty for none.
    """

    worker: SandboxWorker
    inspector: SandboxWorker
    holds: str = ""


class WorkerPool:
    """A pool of them; a request that waits holds no thread of those that serve pages."""

    def __init__(self, number: int = MAX_CONCURRENT) -> None:
        self._pool = ThreadPoolExecutor(number, thread_name_prefix="desk-hand")
        self._own = threading.local()

    async def do(self, work: Callable[[WorkerSet], Result]) -> Result:
        """Have a piece of work done when its turn comes; its errors are its own."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._do, work)

    def close(self) -> None:
        """End them; what waits is not done."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _do(self, work: Callable[[WorkerSet], Result]) -> Result:
        hand: WorkerSet | None = getattr(self._own, "hand", None)
        if hand is None:
            hand = self._own.hand = WorkerSet(
                SandboxWorker(replace(DRAFT_LIMITS, niceness=_NICENESS)), SandboxWorker(Limits(niceness=_NICENESS))
            )
        return work(hand)
