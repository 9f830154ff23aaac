"""Damaged, hostile and unusual files of every kind; each is made by a few lines of code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hostile:
    """One hostile file.

    Attributes:
        name: its name in the case folder; the folder before `/` is the kind.
        odd: what is unusual about it, in Chinese, for the table in docs/archive.md.
        make: returns its content.
        expected: the rules of which at least one must be reported; with ``bind`` among them it may be bound instead.
    """

    name: str
    odd: str
    make: Callable[[], bytes]
    expected: frozenset[str]


def hostile(name: str, odd: str, make: Callable[[], bytes], *expected: str) -> Hostile:
    """Describe a hostile file; the last arguments are the expected rules."""
    return Hostile(name, odd, make, frozenset(expected))
