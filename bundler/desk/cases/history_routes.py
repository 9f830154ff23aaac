"""The route of the history page: who did what and when, from which value to which, and the recycle bin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case.identifiers import masked
from bundler.case.json_pointer import describe_pointer
from bundler.case_edit.find_undoable_steps import UndoStep, history_steps, open_steps
from bundler.case_edit.removed_materials import bin_entries
from bundler.desk.cases.form_fields import Field, describe_value
from bundler.desk.cases.form_sections import build_layout, layout_nodes
from bundler.desk.cases.offered_undo_steps import describe_step
from bundler.desk.cases.requested_case import requested_case
from bundler.desk.cases.responses import case_page
from bundler.ledger.case_change_log import read_history
from bundler.ledger.history_entry import ACTIONS, MATERIAL_ACTIONS, History, HistoryEntry, HistoryError, ValueChange
from bundler.regulation.papers import PAPER_KINDS, Item

_MAX_VALUE = 200
"""Characters of a value that the page shows."""
_MAX_VALUES = 20


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change of a value in words; numbers of persons are masked.

    Attributes:
        label: the field's name.
        before: the value before.
        after: the value afterwards.
    """

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An entry of the history in words, or the entries in which one person wrote one value.

    Attributes:
        entry: the last of the entries.
        number: their numbers.
        action: what was done.
        time: when, in Beijing time, to the minute.
        actor: who did it.
        fields: the names of the fields that it changed, where their values are not known.
        changes: the values before and after.
        step: the numbers for an undo; empty where it cannot be undone any more.
        step_label: what an undo would take back.
        is_undone: it was undone.
    """

    entry: HistoryEntry
    number: str
    action: str
    time: str
    actor: str
    fields: str
    changes: tuple[ShownChange, ...]
    step: str
    step_label: str
    is_undone: bool


def show_history(request: Request) -> Response:
    """The page of the history, the latest entry first, and the recycle bin."""
    view = requested_case(request)
    history, error = _read(view.ref.folder)
    fields = {one.path: one for one in layout_nodes(build_layout(view.tree, view.regulation)) if isinstance(one, Field)}
    lines = tuple(reversed(tuple(_lines(history, fields)))) if history else ()
    context = {
        "view": view,
        "tab": "history",
        "history": history,
        "error": error,
        "lines": lines,
        "bin": bin_entries(view.ref.folder),
    }
    return case_page(request, "case_history.html", context)


def _read(folder: Path) -> tuple[History | None, str]:
    """The history; or None and why it cannot be read."""
    try:
        return read_history(folder), ""
    except HistoryError as error:
        return None, str(error)


def _lines(history: History, fields: dict[str, Field]) -> Iterator[HistoryLine]:
    steps = {number: step for step in history_steps(history.entries) for number in step.numbers}
    still_open = {number for step in open_steps(history.entries) for number in step.numbers}
    for entry in history.entries:
        step = steps.get(entry.number)
        if step is None or entry.number == step.numbers[-1]:
            yield _line(entry, step, fields, is_open=entry.number in still_open)


def _line(entry: HistoryEntry, step: UndoStep | None, fields: dict[str, Field], *, is_open: bool) -> HistoryLine:
    numbers = step.numbers if step else (entry.number,)
    changes = tuple(_shown_change(one, fields) for one in (step.changes if step else ())[:_MAX_VALUES])
    return HistoryLine(
        entry,
        number=f"{numbers[0]}—{numbers[-1]}" if len(numbers) > 1 else str(entry.number),
        action=ACTIONS.get(entry.action, entry.action),
        time=entry.at.replace("T", " ")[: len("2021-09-16 09:30")] or "（看不出时间）",
        actor=entry.actor or entry.who,
        fields=""
        if changes or entry.action in MATERIAL_ACTIONS
        else "、".join(dict.fromkeys(describe_pointer(path) for path in entry.places)),
        changes=changes,
        step=",".join(map(str, numbers)) if step and is_open else "",
        step_label=describe_step(step) if step else "",
        is_undone=step is not None and not is_open,
    )


def _shown_change(change: ValueChange, fields: dict[str, Field]) -> ShownChange:
    if change.is_move:
        places = [int(path.rpartition("/")[2]) + 1 for path in (change.was or "/0", change.now or "/0")]
        parent = change.path.rpartition("/")[0]
        return ShownChange(describe_pointer(parent), f"第 {places[0]} 项", f"第 {places[1]} 项")
    field = fields.get(change.path)
    before, after = (_shown_value(field, value) for value in (change.before, change.after))
    return ShownChange(describe_pointer(change.path), before, after)


def _shown_value(field: Field | None, value: object) -> str:
    if isinstance(value, Mapping) and isinstance(value.get("file"), str):
        return _material_in_words(value)
    text = masked(describe_value(field, value))
    return text if len(text) <= _MAX_VALUE else f"{text[:_MAX_VALUE]}……"


def _material_in_words(entry: Mapping[str, object]) -> str:
    """An entry of `materials` by its items and the name of its file."""
    items = entry.get("items")
    labels = [PAPER_KINDS[Item(one)].name for one in items if one in set(Item)] if isinstance(items, list) else []
    return masked(f"{'、'.join(labels)}（{str(entry['file']).rpartition('/')[2]}）")


routes = [Route("/cases/{key}/history", show_history)]
