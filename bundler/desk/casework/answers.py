"""What the form's page is told after a change: the field anew, what the gate says now, who else wrote, or why not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bundler.desk.casework.entered import in_words, shown, text_of
from bundler.desk.casework.fields import Field, Json, Node, Part, Rows, walk
from bundler.desk.casework.sections import PLANS, Notes, Section, laid_out, nodes_in, notes_of, plan_of, sections_of
from bundler.desk.casework.showing import page
from bundler.desk.casework.sight import Sight, sight_of
from bundler.desk.casework.workroom import workroom_of
from bundler.editing.change import ABSENT, Change, Move, as_json
from bundler.editing.difference import Difference, difference
from bundler.editing.draft import Tree
from bundler.editing.merge import Clash, merge
from bundler.editing.save import Conflict, Outcome, Refused, Saved
from bundler.ledger.history import HistoryError, read_history

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Work:
    """A change on its way.

    Attributes:
        sight: the case as it stood when it came in.
        version: what its author had seen.
        changes: what is to be changed.
        path: the field that it is about.
    """

    sight: Sight
    version: str
    changes: tuple[Change, ...]
    path: str


def keep_seen(request: Request, sight: Sight) -> Sight:
    """A case that is shown: what stands in it is kept, so that changes against it can be merged later."""
    if sight.draft is not None:
        workroom_of(request).seen.keep(sight.draft)
    return sight


def seen_tree(request: Request, version: str) -> Tree | None:
    """What stood in a version that was shown; None where that is forgotten."""
    return workroom_of(request).seen.get(version)


def form_context(sight: Sight) -> dict[str, Json]:
    """What every piece of the form prints."""
    layout = laid_out(sight.tree)
    notes = notes_of(layout, sight.examined.verdict.findings)
    words = {"kind_of": _kind, "shown": shown, "text_of": text_of, "word_of": in_words}
    return {"sight": sight, "notes": notes, "sections": sections_of(layout, notes), **words}


def _kind(node: Node) -> str:
    return "field" if isinstance(node, Field) else "rows" if isinstance(node, Rows) else "part"


def answer(request: Request, work: Work, outcome: Outcome, *, whole: bool = False) -> Response:
    """What came of a change.

    Args:
        request: which asked for it.
        work: the change.
        outcome: what came of it.
        whole: show its section anew, and not the field alone.
    """
    if isinstance(outcome, Conflict):
        return dispute(request, work.sight, outcome)
    if isinstance(outcome, Refused):
        return _refusal(request, work, outcome)
    after = keep_seen(request, sight_of(request))
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


def _section(sections: tuple[Section, ...], path: str) -> Section | None:
    plan = plan_of(path)
    return next((one for one in sections if plan and one.id == plan.id), None)


def _is_undisturbed(request: Request, work: Work, saved: Saved, after: Sight) -> bool:
    """Whether nobody else wrote in the section: then the rest of it on the page is still what stands there."""
    if not saved.merged:
        return True
    seen, plan = seen_tree(request, work.version), plan_of(work.path)
    if seen is None or plan is None:
        return False
    alone = merge(seen, seen, work.changes).tree
    return all(alone.get(key) == after.tree.get(key) for key in plan.keys)


def _notes_changed(before: Sight, now: Notes) -> Iterator[str]:
    """The fields beside which the gate now says something else."""
    was = notes_of(laid_out(before.tree), before.examined.verdict.findings)
    for path in sorted(was.by_path.keys() | now.by_path.keys()):
        if was.at(path) != now.at(path):
            yield path


def _refusal(request: Request, work: Work, refused: Refused) -> Response:
    """Why a value cannot be taken, beside the field, which keeps what was typed."""
    told = "；".join(one.message for one in refused.refusals)
    response = page(request, "case_form_refused.html", {"sight": work.sight, "at": work.path, "told": told})
    response.headers["HX-Reswap"] = "none"
    if work.path not in _fields_of(work.sight):  # a row or a part, which has no box of its own for it
        response = page(request, "case_refused.html", {"told": told})
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#failed", "innerHTML"
    return response


def _fields_of(sight: Sight) -> set[str]:
    return {
        one.path
        for one in nodes_in(laid_out(sight.tree))
        if isinstance(one, Field) or (isinstance(one, Part) and one.may_be_unknown)
    }


@dataclass(frozen=True, slots=True)
class Dispute:
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


def dispute(request: Request, sight: Sight, conflict: Conflict) -> Response:
    """Each field that somebody else has written meanwhile, to choose."""
    disputes = tuple(_dispute(sight, clash) for clash in conflict.clashes)
    fitting = tuple(json.dumps(as_json(one), ensure_ascii=False) for one in conflict.fitting)
    keep_seen(request, sight_of(request))
    context = {"sight": sight, "disputes": disputes, "fitting": fitting, "version": conflict.draft.version}
    response = page(request, "case_conflict.html", context)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#dialog", "innerHTML"
    return response


def _dispute(sight: Sight, clash: Clash) -> Dispute:
    path = clash.change.path
    field = next((one for one in nodes_in(laid_out(sight.tree)) if isinstance(one, Field) and one.path == path), None)
    again = json.dumps(as_json(clash.again), ensure_ascii=False) if clash.again else ""
    seen, now = in_words(field, clash.seen), in_words(field, clash.now)
    beside = tuple(_beside(sight, one) for one in clash.beside)
    is_gone = not (again or beside) and clash.now is ABSENT
    return Dispute(clash.label, seen, now, _wanted(field, clash), _last_writer(sight, path), again, beside, is_gone)


def _wanted(field: Field | None, clash: Clash) -> str:
    """What somebody wanted, in words."""
    if isinstance(clash.change, Move):
        return "（移到别处）"
    return "（删去）" if field is None and clash.wanted is ABSENT else in_words(field, clash.wanted)


def _beside(sight: Sight, other: Difference) -> str:
    who = _last_writer(sight, other.path)
    told = f"{other.label}已由“{in_words(None, other.before)}”改为“{in_words(None, other.after)}”"
    return f"{told}（{who}）" if who else told


def _last_writer(sight: Sight, path: str) -> str:
    """Who changed a field last, by the case's history; empty where that is not known."""
    try:
        entries = read_history(sight.place.folder).entries
    except HistoryError:
        return ""
    for entry in reversed(entries):
        if any(path == place or path.startswith(f"{place}/") or place.startswith(f"{path}/") for place in entry.places):
            return f"{entry.actor or entry.who}，{entry.at[11:16]}"
    return ""


def refreshed(request: Request, sight: Sight) -> Response:
    """The whole form anew, and the dialog closed."""
    response = page(request, "case_form_all.html", form_context(sight))
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#form", "outerHTML"
    response.headers["HX-Trigger"] = "close-dialog"
    return response


@dataclass(frozen=True, slots=True)
class News:
    """What stands otherwise than in a version that was shown.

    Attributes:
        labels: the fields, in words.
        more: how many there are besides.
        plans: the ids of the form's sections in which they lie; all where that version is forgotten.
    """

    labels: tuple[str, ...]
    more: int
    plans: frozenset[str]


def news_since(request: Request, sight: Sight, since: str) -> News:
    """What others have changed since a version was shown."""
    seen = seen_tree(request, since)
    if seen is None:
        return News((), 0, frozenset(plan.id for plan in PLANS))
    found = difference(seen, sight.tree)
    keys = {one.path.split("/")[1] for one in found}
    labels = tuple(dict.fromkeys(one.label for one in found))
    plans = frozenset(plan.id for plan in PLANS if keys & set(plan.keys))
    return News(labels[:_SHOWN], max(len(labels) - _SHOWN, 0), plans)
