"""An in-memory cache that drops its least recently used entries and may be used from any thread."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class LruCache(Generic[Key, Value]):
    """Values by key, the most recently used of them.

    Args:
        max_size: the bound for the sizes of all values together; the newest value is kept, however large it is.
        size_of: the size of a value; each counts 1 by default.
    """

    def __init__(self, max_size: int, size_of: Callable[[Value], int] = lambda _: 1) -> None:
        self._max_size, self._size_of, self._total = max_size, size_of, 0
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        """The value of a key; None where it is not in the cache."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Key, value: Value) -> Value:
        """Store a value, drop the least recently used ones that no longer fit, and return the value."""
        with self._lock:
            if key in self._values:
                self._total -= self._size_of(self._values.pop(key))
            self._values[key] = value
            self._total += self._size_of(value)
            while self._total > self._max_size and len(self._values) > 1:
                self._total -= self._size_of(self._values.popitem(last=False)[1])
        return value
