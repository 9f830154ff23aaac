"""What the form's page is told after a change: the field anew, what the gate says now, who else wrote, or why not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bundler.case_edit.changes import ABSENT, Change, Move, change_to_json
from bundler.case_edit.difference import Difference, find_differences
from bundler.case_edit.merge import Clash, merge
from bundler.case_edit.save import Conflict, Outcome, Refused, Saved
from bundler.case_edit.snapshot import Tree
from bundler.desk.cases.case_view import CaseView, requested_case
from bundler.desk.cases.form_fields import Field, FieldGroup, FieldRows, FormNode, Json, walk
from bundler.desk.cases.form_sections import (
    SECTION_PLANS,
    FormFindings,
    FormSection,
    build_layout,
    build_sections,
    group_findings,
    layout_nodes,
    section_plan,
)
from bundler.desk.cases.form_values import describe_value, input_text, shown
from bundler.desk.cases.services import services_of
from bundler.desk.cases.wording import page
from bundler.ledger.case_history import HistoryError, read_history

_MAX_LABELS = 12


@dataclass(frozen=True, slots=True)
class FormEdit:
    """A change on its way.

    Attributes:
        sight: the case as it stood when it came in.
        version: what its author had seen.
        changes: what is to be changed.
        path: the field that it is about.
    """

    sight: CaseView
    version: str
    changes: tuple[Change, ...]
    path: str


def remember_version(request: Request, sight: CaseView) -> CaseView:
    """A case that is shown: what stands in it is kept, so that changes against it can be merged later."""
    if sight.draft is not None:
        services_of(request).seen.keep(sight.draft)
    return sight


def known_version(request: Request, version: str) -> Tree | None:
    """What stood in a version that was shown; None where that is forgotten."""
    return services_of(request).seen.get(version)


def form_context(sight: CaseView) -> dict[str, Json]:
    """What every piece of the form prints."""
    layout = build_layout(sight.tree)
    notes = group_findings(layout, sight.examined.check_result.findings)
    words = {"kind_of": _kind, "shown": shown, "text_of": input_text, "word_of": describe_value}
    return {"sight": sight, "notes": notes, "sections": build_sections(layout, notes), **words}


def _kind(node: FormNode) -> str:
    return "field" if isinstance(node, Field) else "rows" if isinstance(node, FieldRows) else "part"


def answer(request: Request, work: FormEdit, outcome: Outcome, *, whole: bool = False) -> Response:
    """What came of a change.

    Args:
        request: which asked for it.
        work: the change.
        outcome: what came of it.
        whole: show its section anew, and not the field alone.
    """
    if isinstance(outcome, Conflict):
        return conflict_response(request, work.sight, outcome)
    if isinstance(outcome, Refused):
        return _refusal(request, work, outcome)
    after = remember_version(request, requested_case(request))
    context = form_context(after)
    section = _section(context["sections"], work.path)
    node = None
    if section is not None and not whole and _is_undisturbed(request, work, outcome, after):
        node = next((one for one in walk(section.nodes) if one.path == work.path), None)
    inner = {one.path for one in walk(section.nodes)} if section and node is None else {work.path}
    told = tuple(path for path in _notes_changed(work.sight, context["notes"]) if path not in inner)
    context |= {"node": node, "section": section, "told": told, "note": outcome.note}
    response = page(request, "case_form_saved.html", context)
    if node is None and section is not None:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = f"#s-{section.id}", "outerHTML"
        response.headers["HX-Trigger"] = "close-dialog"
    return response


def _section(sections: tuple[FormSection, ...], path: str) -> FormSection | None:
    plan = section_plan(path)
    return next((one for one in sections if plan and one.id == plan.id), None)


def _is_undisturbed(request: Request, work: FormEdit, saved: Saved, after: CaseView) -> bool:
    """Whether nobody else wrote in the section: then the rest of it on the page is still what stands there."""
    if not saved.merged:
        return True
    seen, plan = known_version(request, work.version), section_plan(work.path)
    if seen is None or plan is None:
        return False
    alone = merge(seen, seen, work.changes).tree
    return all(alone.get(key) == after.tree.get(key) for key in plan.keys)


def _notes_changed(before: CaseView, now: FormFindings) -> Iterator[str]:
    """The fields beside which the gate now says something else."""
    was = group_findings(build_layout(before.tree), before.examined.check_result.findings)
    for path in sorted(was.by_path.keys() | now.by_path.keys()):
        if was.at(path) != now.at(path):
            yield path


def _refusal(request: Request, work: FormEdit, refused: Refused) -> Response:
    """Why a value cannot be taken, beside the field, which keeps what was typed."""
    told = "；".join(one.message for one in refused.refusals)
    response = page(request, "case_form_refused.html", {"sight": work.sight, "at": work.path, "told": told})
    response.headers["HX-Reswap"] = "none"
    if work.path not in _fields_of(work.sight):  # a row or a part, which has no box of its own for it
        response = page(request, "case_refused.html", {"told": told})
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#failed", "innerHTML"
    return response


def _fields_of(sight: CaseView) -> set[str]:
    return {
        one.path
        for one in layout_nodes(build_layout(sight.tree))
        if isinstance(one, Field) or (isinstance(one, FieldGroup) and one.may_be_unknown)
    }


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that two have written.

    Attributes:
        label: the field's name.
        seen: what was seen when the change began.
        now: what stands there now.
        mine: what was to be written.
        who: who wrote what stands there now, where that is known.
        again: the change anew, as JSON; empty where it cannot be made any more.
        beside: what else of the same row is another now, each as a sentence.
        is_gone: whether the row itself is not to be found.
    """

    label: str
    seen: str
    now: str
    mine: str
    who: str
    again: str
    beside: tuple[str, ...]
    is_gone: bool


def conflict_response(request: Request, sight: CaseView, conflict: Conflict) -> Response:
    """Each field that somebody else has written meanwhile, to choose."""
    disputes = tuple(_dispute(sight, clash) for clash in conflict.clashes)
    fitting = tuple(json.dumps(change_to_json(one), ensure_ascii=False) for one in conflict.fitting)
    remember_version(request, requested_case(request))
    context = {"sight": sight, "disputes": disputes, "fitting": fitting, "version": conflict.snapshot.version}
    response = page(request, "case_conflict.html", context)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#dialog", "innerHTML"
    return response


def _dispute(sight: CaseView, clash: Clash) -> FieldConflict:
    path = clash.change.path
    field = next(
        (one for one in layout_nodes(build_layout(sight.tree)) if isinstance(one, Field) and one.path == path), None
    )
    again = json.dumps(change_to_json(clash.again), ensure_ascii=False) if clash.again else ""
    seen, now = describe_value(field, clash.seen), describe_value(field, clash.now)
    beside = tuple(_beside(sight, one) for one in clash.beside)
    is_gone = not (again or beside) and clash.now is ABSENT
    return FieldConflict(
        clash.label, seen, now, _wanted(field, clash), _last_writer(sight, path), again, beside, is_gone
    )


def _wanted(field: Field | None, clash: Clash) -> str:
    """What somebody wanted, in words."""
    if isinstance(clash.change, Move):
        return "（移到别处）"
    return "（删去）" if field is None and clash.wanted is ABSENT else describe_value(field, clash.wanted)


def _beside(sight: CaseView, other: Difference) -> str:
    who = _last_writer(sight, other.path)
    told = f"{other.label}已由“{describe_value(None, other.before)}”改为“{describe_value(None, other.after)}”"
    return f"{told}（{who}）" if who else told


def _last_writer(sight: CaseView, path: str) -> str:
    """Who changed a field last, by the case's history; empty where that is not known."""
    try:
        entries = read_history(sight.place.folder).entries
    except HistoryError:
        return ""
    for entry in reversed(entries):
        if any(path == place or path.startswith(f"{place}/") or place.startswith(f"{path}/") for place in entry.places):
            return f"{entry.actor or entry.who}，{entry.at[11:16]}"
    return ""


def form_response(request: Request, sight: CaseView) -> Response:
    """The whole form anew, and the dialog closed."""
    response = page(request, "case_form_all.html", form_context(sight))
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#form", "outerHTML"
    response.headers["HX-Trigger"] = "close-dialog"
    return response


@dataclass(frozen=True, slots=True)
class ChangesSince:
    """What stands otherwise than in a version that was shown.

    Attributes:
        labels: the fields, in words.
        more: how many there are besides.
        plans: the ids of the form's sections in which they lie; all where that version is forgotten.
    """

    labels: tuple[str, ...]
    more: int
    plans: frozenset[str]


def changes_since(request: Request, sight: CaseView, since: str) -> ChangesSince:
    """What others have changed since a version was shown."""
    seen = known_version(request, since)
    if seen is None:
        return ChangesSince((), 0, frozenset(plan.id for plan in SECTION_PLANS))
    found = find_differences(seen, sight.tree)
    keys = {one.path.split("/")[1] for one in found}
    labels = tuple(dict.fromkeys(one.label for one in found))
    plans = frozenset(plan.id for plan in SECTION_PLANS if keys & set(plan.keys))
    return ChangesSince(labels[:_MAX_LABELS], max(len(labels) - _MAX_LABELS, 0), plans)
