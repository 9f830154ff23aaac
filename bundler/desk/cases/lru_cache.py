"""An in-memory cache that drops its least recently used entries and may be used from any thread."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class LruCache(Generic[Key, Value]):
    """A `cachetools.LRUCache` behind a lock.

    Args:
        max_size: the bound for the sizes of all values together; the newest value is kept, however large it is.
        size_of: the size of a value; each counts 1 by default.
    """

    def __init__(self, max_size: int, size_of: Callable[[Value], int] = lambda _: 1) -> None:
        # The library refuses a value above the bound: counted as the whole bound, it replaces all others.
        self._values = LRUCache[Key, Value](max_size, lambda value: min(size_of(value), max_size))
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        """The value of a key; None where it is not in the cache."""
        with self._lock:
            return self._values.get(key)

    def put(self, key: Key, value: Value) -> Value:
        """Store a value, drop the least recently used ones that no longer fit, and return the value."""
        with self._lock:
            self._values[key] = value
        return value
