"""A stand-in for the sandbox that runs work in this process, where a fuzzer sees which lines it reaches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bundler.sandbox import LimitExceededError, Result, SandboxWorker


class DirectWorker(SandboxWorker):
    """Runs work at once and without limits; an error of the work comes out as it is."""

    def run(self, work: Callable[..., Result], *arguments: object, progress: Any = None) -> Result:  # noqa: ANN401
        """Run a piece of work.

        Raises:
            LimitExceededError: memory ran out.
        """
        try:
            return work(*(() if progress is None else (progress,)), *arguments)
        except MemoryError:
            raise LimitExceededError from None
