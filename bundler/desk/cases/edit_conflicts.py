"""What others changed since a page was shown: the fields in conflict with an edit, and the sections to show again."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bundler.case_edit.case_differences import Difference, find_differences
from bundler.case_edit.change_operations import ABSENT, Move, change_to_json
from bundler.case_edit.read_version_cache import Tree
from bundler.case_edit.save import Conflict
from bundler.case_edit.three_way_merge import Clash
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.form_fields import Field, describe_value
from bundler.desk.cases.form_sections import SECTION_PLANS, build_layout, layout_nodes
from bundler.ledger.case_change_log import read_history
from bundler.ledger.history_entry import HistoryError

_MAX_LABELS = 12


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that two people wrote; every value is in words.

    Attributes:
        label: the field's name.
        seen: the value that the author of the edit saw.
        now: the value that is there now.
        mine: the value that the author wanted to write.
        last_writer: who wrote the present value, where that is known.
        retry: the change against the present version, as JSON; empty where it can no longer be made.
        row_differences: what else changed in the same row, a sentence each.
        is_gone: the row itself cannot be found any more.
    """

    label: str
    seen: str
    now: str
    mine: str
    last_writer: str
    retry: str
    row_differences: tuple[str, ...]
    is_gone: bool


@dataclass(frozen=True, slots=True)
class ChangesSince:
    """What changed since a version that a page shows.

    Attributes:
        labels: the names of the fields, at most `_MAX_LABELS`.
        more: how many fields there are besides.
        section_ids: the ids of the sections that contain them; all sections where the version is no longer known.
    """

    labels: tuple[str, ...]
    more: int
    section_ids: frozenset[str]


def conflict_context(view: CaseView, conflict: Conflict) -> dict[str, object]:
    """The template context of the dialog in which the clerk chooses between two values of each field in conflict."""
    return {
        "view": view,
        "conflicts": tuple(_field_conflict(view, clash) for clash in conflict.clashes),
        "fitting": tuple(json.dumps(change_to_json(one), ensure_ascii=False) for one in conflict.fitting),
        "version": conflict.snapshot.version,
    }


def changes_since(view: CaseView, seen: Tree | None) -> ChangesSince:
    """Compare a case with the version that a page shows.

    Args:
        view: the case now.
        seen: the content of case.json in that version; None where it is no longer known.
    """
    if seen is None:
        return ChangesSince((), 0, frozenset(plan.id for plan in SECTION_PLANS))
    differences = find_differences(seen, view.tree)
    keys = {one.path.split("/")[1] for one in differences}
    labels = tuple(dict.fromkeys(one.label for one in differences))
    section_ids = frozenset(plan.id for plan in SECTION_PLANS if keys & set(plan.keys))
    return ChangesSince(labels[:_MAX_LABELS], max(len(labels) - _MAX_LABELS, 0), section_ids)


def _field_conflict(view: CaseView, clash: Clash) -> FieldConflict:
    path = clash.change.path
    nodes = layout_nodes(build_layout(view.tree, view.regulation))
    field = next((one for one in nodes if isinstance(one, Field) and one.path == path), None)
    retry = json.dumps(change_to_json(clash.again), ensure_ascii=False) if clash.again else ""
    row_differences = tuple(_describe_difference(view, one) for one in clash.beside)
    return FieldConflict(
        label=clash.label,
        seen=describe_value(field, clash.seen),
        now=describe_value(field, clash.now),
        mine=_describe_wanted(field, clash),
        last_writer=_last_writer(view, path),
        retry=retry,
        row_differences=row_differences,
        is_gone=not (retry or row_differences) and clash.now is ABSENT,
    )


def _describe_wanted(field: Field | None, clash: Clash) -> str:
    if isinstance(clash.change, Move):
        return "（移到别处）"
    return "（删去）" if field is None and clash.wanted is ABSENT else describe_value(field, clash.wanted)


def _describe_difference(view: CaseView, other: Difference) -> str:
    writer = _last_writer(view, other.path)
    before, after = describe_value(None, other.before), describe_value(None, other.after)
    sentence = f"{other.label}已由“{before}”改为“{after}”"
    return f"{sentence}（{writer}）" if writer else sentence


def _last_writer(view: CaseView, path: str) -> str:
    """Who changed a field last and when, by the case's history; empty where that is not known."""
    try:
        entries = read_history(view.ref.folder).entries
    except HistoryError:
        return ""
    for entry in reversed(entries):
        if any(path == one or path.startswith(f"{one}/") or one.startswith(f"{path}/") for one in entry.places):
            return f"{entry.actor or entry.who}，{entry.at[11:16]}"
    return ""
