"""Reading and hashing the next attached file by a thread, while the one before it is being bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bundler.bind.parts import SourcePart, TypesetPart

AHEAD_BYTES = 16 << 20
"""The largest file that may wait in memory for its turn; a larger one is read when its turn comes."""


def read_ahead(parts: Iterable[TypesetPart | SourcePart]) -> Iterator[TypesetPart | SourcePart]:
    """The same parts in the same order; while one is bound, the file of the next is read.

    What goes wrong in reading is raised when the part's own turn has come.
    """
    with ThreadPoolExecutor(1) as thread:
        before: TypesetPart | SourcePart | None = None
        for part in parts:
            begun = part
            if isinstance(part, SourcePart) and part.size <= AHEAD_BYTES:
                begun = replace(part, load=thread.submit(part.load).result)
            if before is not None:
                yield before
            before = begun
        if before is not None:
            yield before
