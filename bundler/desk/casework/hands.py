"""The few who do heavy work: so many at a time, the rest wait in a queue that holds up nobody else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from bundler.assembly.drafting import LIMITS
from bundler.sandbox import Worker

Result = TypeVar("Result")

AT_ONCE = 2
"""Pieces of heavy work at a time."""


@dataclass
class Hand:
    """One who works: a process with limits that is kept, since its start costs more than most of what it does.

    Attributes:
        worker: the process.
        holds: the digest of the file that it was handed last; empty for none.
    """

    worker: Worker
    holds: str = ""


class Hands:
    """A pool of them; a request that waits holds no thread of those that serve pages."""

    def __init__(self, number: int = AT_ONCE) -> None:
        self._pool = ThreadPoolExecutor(number, thread_name_prefix="desk-hand")
        self._own = threading.local()

    async def do(self, work: Callable[[Hand], Result]) -> Result:
        """Have a piece of work done when its turn comes; its errors are its own."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._do, work)

    def close(self) -> None:
        """End them; what waits is not done."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _do(self, work: Callable[[Hand], Result]) -> Result:
        hand: Hand | None = getattr(self._own, "hand", None)
        if hand is None:
            hand = self._own.hand = Hand(Worker(LIMITS))
        return work(hand)
