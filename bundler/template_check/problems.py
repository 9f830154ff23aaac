"""Where the proof notes what is wrong, before it is known in which file that stands."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from jinja2 import nodes

_CLOSE_ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class LineProblem:
    """One fault: the line of the source that the proof reads, what is wrong, and what would be right."""

    line: int
    message: str
    suggestion: str = ""


@dataclass
class ProblemLog:
    """The faults found so far, each once."""

    notes: dict[LineProblem, None] = field(default_factory=dict)
    _muted: int = 0
    _calls: int = 0

    def add(self, node: nodes.Node, message: str, suggestion: str = "") -> None:
        """Note a fault, unless only a question is being asked."""
        if not self._muted:
            self.notes[LineProblem(node.lineno, message, suggestion)] = None

    def pointless(self, node: nodes.Node, message: str, suggestion: str = "") -> None:
        """Note a condition that never changes; inside a macro that may be so of one call only, and is no fault."""
        if not self._calls:
            self.add(node, message, suggestion)

    @contextmanager
    def one_call(self) -> Iterator[None]:
        """Follow a macro with the values of one call."""
        self._calls += 1
        try:
            yield
        finally:
            self._calls -= 1

    @contextmanager
    def muted(self) -> Iterator[None]:
        """Ask what a value is without noting anything."""
        self._muted += 1
        try:
            yield
        finally:
            self._muted -= 1


def nearest(wrong: str, known: Iterable[str]) -> str:
    """The known name that comes nearest to a wrong one; empty where none is near."""
    return next(iter(difflib.get_close_matches(wrong, list(known), n=1, cutoff=_CLOSE_ENOUGH)), "")
