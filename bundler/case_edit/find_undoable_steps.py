"""The steps of a case's history that can be undone: one line, or the lines in which one person wrote one value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bundler.ledger.history_entry import HistoryEntry, PageTurn, ValueChange, WaitingSwap

_ONE_GO = timedelta(minutes=10)
"""Between two lines of a step: a text is saved each time that its author pauses."""
UNDOABLE_ACTIONS = frozenset(
    {"edit", "add", "take-away", "replace", "restore", "turn", "undo", "discard", "split", "merge", "pages"}
)


@dataclass(frozen=True, slots=True)
class UndoStep:
    """What is undone at once.

    Attributes:
        numbers: the numbers of its lines.
        entry: the last of these lines.
        changes: the values before the first and after the last line; empty where pages were turned.
        turns: the pages that were turned, by each angle.
    """

    numbers: tuple[int, ...]
    entry: HistoryEntry
    changes: tuple[ValueChange, ...]
    turns: tuple[PageTurn, ...] = ()

    @property
    def waiting(self) -> WaitingSwap | None:
        """The files that wait to be placed, and went or came; None where none did."""
        return self.entry.details.waiting

    @property
    def is_undo(self) -> bool:
        """Whether it took another step back, so that undoing it does that step again."""
        return self.entry.action == "undo"


@dataclass(frozen=True, slots=True)
class UndoChoice:
    """What one account can undo and do again next; None for nothing."""

    undo: UndoStep | None
    redo: UndoStep | None


def history_steps(entries: Sequence[HistoryEntry]) -> tuple[UndoStep, ...]:
    """All steps in their order, undone ones too; lines with a fault and lines that changed nothing are in none."""
    steps: list[UndoStep] = []
    for entry in entries:
        details = entry.details
        if (
            entry.fault
            or entry.action not in UNDOABLE_ACTIONS
            or not (details.changes or details.turns or details.waiting)
        ):
            continue
        last = steps[-1] if steps else None
        joined = _joined(last, entry) if last and last.numbers[-1] == entry.number - 1 else None
        if joined is not None:
            steps[-1] = joined
        else:
            steps.append(UndoStep((entry.number,), entry, details.changes, details.turns))
    return tuple(steps)


def find_step(entries: Sequence[HistoryEntry], numbers: Sequence[int]) -> UndoStep | None:
    """The step of some lines where it is not undone; None where there is none."""
    return next((one for one in open_steps(entries) if set(numbers) <= set(one.numbers)), None)


def open_steps(entries: Sequence[HistoryEntry]) -> tuple[UndoStep, ...]:
    """The steps that are not undone."""
    steps = history_steps(entries)
    undone = set(_undone_numbers(steps))
    return tuple(one for one in steps if not undone & set(one.numbers))


def undo_choice(entries: Sequence[HistoryEntry], actor: str) -> UndoChoice:
    """What an account can undo next: its own latest step; and what it can do again, until it changes something else."""
    undos: list[UndoStep] = []
    redos: list[UndoStep] = []
    for step in history_steps(entries):
        if step.entry.actor != actor:
            continue
        undone = set(step.entry.details.undoes)
        if not step.is_undo:
            undos.append(step)
            redos = []
        elif any(undone & set(one.numbers) for one in redos):  # an undo was undone: the step counts again
            redos = [one for one in redos if not undone & set(one.numbers)]
            undos.append(step)
        else:
            undos = [one for one in undos if not undone & set(one.numbers)]
            redos.append(step)
    return UndoChoice(undos[-1] if undos else None, redos[-1] if redos else None)


def _undone_numbers(steps: Sequence[UndoStep]) -> Iterator[int]:
    for step in steps:
        yield from step.entry.details.undoes


def _joined(last: UndoStep, entry: HistoryEntry) -> UndoStep | None:
    """The step with one more line of the same person at the same value; None where the line is a step of its own."""
    if last.entry.action != "edit" or entry.action != "edit" or last.entry.actor != entry.actor:
        return None
    if len(last.changes) != 1 or len(entry.details.changes) != 1:
        return None
    first, more = last.changes[0], entry.details.changes[0]
    is_one_text = isinstance(first.after, str) and isinstance(more.before, str) and first.after == more.before
    is_one_place = first.now is not None and first.now == more.was and isinstance(more.after, str | None)
    if not (is_one_text and is_one_place and _is_within(last.entry.at, entry.at)):
        return None
    change = ValueChange(first.was, more.now, first.before, more.after)
    return UndoStep((*last.numbers, entry.number), entry, (change,))


def _is_within(before: str, after: str) -> bool:
    try:
        return datetime.fromisoformat(after) - datetime.fromisoformat(before) <= _ONE_GO
    except (ValueError, TypeError):
        return False
