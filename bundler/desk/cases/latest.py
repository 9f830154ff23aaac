"""Things kept in memory for as long as they are used, within a bound."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")


class Latest(Generic[Key, Kept]):
    """Things by key, the latest used of them.

    Args:
        most: what all of them may weigh together; the last one is kept, however much it weighs.
        weight: of one.
    """

    def __init__(self, most: int, weight: Callable[[Kept], int] = lambda _: 1) -> None:
        self._most, self._weight, self._all = most, weight, 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Kept | None:
        """What is kept under a key."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Key, thing: Kept) -> Kept:
        """Keep one, and let go of those that nobody has asked for the longest time."""
        with self._lock:
            if key in self._kept:
                self._all -= self._weight(self._kept.pop(key))
            self._kept[key] = thing
            self._all += self._weight(thing)
            while self._all > self._most and len(self._kept) > 1:
                self._all -= self._weight(self._kept.popitem(last=False)[1])
        return thing
