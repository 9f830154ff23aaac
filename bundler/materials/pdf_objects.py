"""A walk through all that the pages of a PDF are made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf

MAX_OBJECTS = 500_000
_ELSEWHERE = frozenset({"/Parent", "/Annots"})
"""The tree above a page, and what is on it only until it is flattened."""


def walk_objects(pages: list[Any]) -> Iterator[Any]:
    """Each dictionary and stream that the pages refer to, once, the pages themselves included.

    Raises:
        MemoryError: there are more than any real file has.
    """
    seen: set[tuple[int, int]] = set()
    waiting = list(reversed(pages))
    count = 0
    while waiting:
        thing = waiting.pop()
        if thing.objgen != (0, 0):
            if thing.objgen in seen:
                continue
            seen.add(thing.objgen)
        count += 1
        if count > MAX_OBJECTS:
            raise MemoryError
        if isinstance(thing, pikepdf.Array):
            waiting += [part for part in thing if _is_composite(part)]
            continue
        yield thing
        waiting += [part for key, part in list(thing.items()) if key not in _ELSEWHERE and _is_composite(part)]


def _is_composite(thing: Any) -> bool:  # noqa: ANN401 (a PDF object)
    return isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array))
