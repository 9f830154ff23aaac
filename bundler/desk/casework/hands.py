"""The few who do heavy work: so many at a time, the rest wait in a queue that holds up nobody else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from bundler.assembly.drafting import LIMITS
from bundler.sandbox import Limits, Worker

Result = TypeVar("Result")

AT_ONCE = 2
"""Pieces of heavy work at a time."""
_POLITE = 5
"""They let the pages go first that somebody waits for; bundles come last."""


@dataclass
class Hand:
    """One who works: processes with limits that are kept, since their start costs more than most of what they do.

    Attributes:
        worker: the process that drafts and draws.
        eye: the process that looks into files that came in, which may take less.
        holds: the digest of the file that the worker was handed last; empty for none.
    """

    worker: Worker
    eye: Worker
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
            hand = self._own.hand = Hand(Worker(replace(LIMITS, niceness=_POLITE)), Worker(Limits(niceness=_POLITE)))
        return work(hand)
