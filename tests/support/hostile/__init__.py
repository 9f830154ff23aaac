"""Bad and odd files of every kind that a clerk may meet, each made here by a few lines and never copied from anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file.

    Attributes:
        name: its name in the case folder; the folder before `/` is the kind.
        odd: what is odd about it, in Chinese, for the table of docs/archive.md.
        make: gives its bytes.
        wanted: the codes of which one must be told; with ``bind`` among them it may be bound instead.
    """

    name: str
    odd: str
    make: Callable[[], bytes]
    wanted: frozenset[str]


def hostile(name: str, odd: str, make: Callable[[], bytes], *wanted: str) -> Hostile:
    """A file and what is right to happen to it."""
    return Hostile(name, odd, make, frozenset(wanted))
