"""What the pages of a case offer to undo and to do again."""

from __future__ import annotations

from dataclasses import dataclass

from bundler.case.json_pointer import describe_pointer
from bundler.case_edit.find_undoable_steps import UndoStep, undo_choice
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.ledger.case_change_log import read_recent_entries
from bundler.ledger.history_entry import ACTIONS, MATERIAL_ACTIONS, ValueChange


@dataclass(frozen=True, slots=True)
class UndoOffer:
    """A step that the page offers to undo.

    Attributes:
        numbers: the numbers of its lines, as the form sends them.
        label: what it was, in Chinese.
    """

    numbers: str
    label: str


@dataclass(frozen=True, slots=True)
class UndoOffers:
    """What an account can undo and do again next; None for nothing."""

    undo: UndoOffer | None
    redo: UndoOffer | None


def undo_offers(view: CaseView, actor: str) -> UndoOffers:
    """What an account can undo and do again next in a case."""
    choice = undo_choice(read_recent_entries(view.ref.folder), actor)
    return UndoOffers(_offer(choice.undo), _offer(choice.redo))


def describe_step(step: UndoStep) -> str:
    """What a step did, in a few words."""
    if step.turns:
        return f"转页 {step.turns[0].file.rpartition('/')[2]}"
    if step.waiting is not None and not step.changes:
        name = next((one.file for one in step.entry.outputs), "")
        return f"{ACTIONS.get(step.entry.action, '')} {name.rpartition('/')[2]}".strip()
    labels = tuple(dict.fromkeys(_label(one) for one in step.changes))
    more = f"等 {len(labels)} 处" if len(labels) > 1 else ""
    what = f"{labels[0] if labels else ''}{more}"
    if step.entry.action in MATERIAL_ACTIONS:
        what = "、".join(one.file.rpartition("/")[2] for one in step.entry.outputs) or what
    return what if step.is_undo else f"{ACTIONS.get(step.entry.action, step.entry.action)} {what}"


def _label(change: ValueChange) -> str:
    """What a change concerns: a material that came or went by its file, for no page shows its index."""
    entry = change.after if change.was is None else change.before if change.now is None else None
    file = entry.get("file") if isinstance(entry, dict) else None
    return str(file).rpartition("/")[2] if file else describe_pointer(change.path)


def _offer(step: UndoStep | None) -> UndoOffer | None:
    return None if step is None else UndoOffer(",".join(map(str, step.numbers)), describe_step(step))
