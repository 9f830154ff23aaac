"""The form: shown, and saved field by field with what each clerk had seen."""

from __future__ import annotations

import json
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case.model import Case
from bundler.desk.casework.acting import note_change
from bundler.desk.casework.answers import (
    Work,
    answer,
    dispute,
    form_context,
    keep_seen,
    news_since,
    refreshed,
    seen_tree,
)
from bundler.desk.casework.changing import saved
from bundler.desk.casework.entered import before_of, value_of
from bundler.desk.casework.fields import Field, Json, Node, Part, Rows, nodes_of, walk
from bundler.desk.casework.materials import context_of, placed
from bundler.desk.casework.receiving import form_of
from bundler.desk.casework.sections import plan_of
from bundler.desk.casework.showing import page
from bundler.desk.casework.sight import Sight, sight_of
from bundler.desk.numbers import is_number, number_of
from bundler.editing.change import ABSENT, Change, Insert, Move, Put, from_json
from bundler.editing.save import Conflict, Outcome, Refused, Saved
from bundler.errors import UsageError

_MOST_CHANGES = 200


def show(request: Request) -> Response:
    """The whole form."""
    sight = keep_seen(request, sight_of(request))
    return page(request, "case_form.html", {"tab": "form", **form_context(sight)})


async def save(request: Request) -> Response:
    """One field, as somebody has filled it in."""
    return await run_in_threadpool(_save, request, await form_of(request))


def _save(request: Request, form: FormData) -> Response:
    sight, path, version = sight_of(request), _text(form, "path"), _text(form, "version")
    node = _node_at(request, path, version, sight)
    # Where both a value and a reason stand, what was touched last is meant.
    is_reason = request.headers.get("hx-trigger-name") == "unknown" or "value" not in form
    reason = _text(form, "unknown").strip() if is_reason else ""
    if isinstance(node, Field):
        value = value_of(node, [str(one) for one in form.getlist("value")], reason)
    elif isinstance(node, Part) and node.may_be_unknown:
        value = {"unknown": reason} if reason else ABSENT
    else:
        raise _wrong()
    work = Work(sight, version, (Put(path, value, _before(form)),), path)
    return answer(request, work, _apply(request, work), whole=isinstance(node, Part))


def _node_at(request: Request, path: str, version: str, sight: Sight) -> Node | None:
    """The field that the page means, in the version that it shows."""
    plan = plan_of(path)
    if plan is None:
        return None
    tree = seen_tree(request, version) or sight.tree
    return next((one for one in walk(nodes_of(Case, tree, "", plan.keys)) if one.path == path), None)


async def alter(request: Request) -> Response:
    """A row added, taken away or moved; a part begun or taken away."""
    return await run_in_threadpool(_alter, request, await form_of(request))


def _alter(request: Request, form: FormData) -> Response:
    path = _text(form, "path")
    sight, version = sight_of(request), _text(form, "version")
    first = _first_values(_node_at(request, path, version, sight), form)
    work = Work(sight, version, (_alteration(path, form, first),), path)
    return answer(request, work, _apply(request, work), whole=True)


def ask_new(request: Request) -> Response:
    """A row or a part that cannot be begun without some of its fields: they are asked first."""
    sight, query = keep_seen(request, sight_of(request)), request.query_params
    path, version = query.get("path", ""), query.get("version", "")
    node, plan = _node_at(request, path, version, sight), plan_of(path)
    if plan is None or not isinstance(node, Part | Rows):
        raise _wrong()
    context = {"sight": sight, "node": node, "version": version, "plan": plan, "do": query.get("do", "add")}
    return page(request, "case_new.html", context)


def _first_values(node: Node | None, form: FormData) -> dict[str, Json]:
    """What was filled in of the fields without which a row or a part cannot be there."""
    needed = node.needed if isinstance(node, Part | Rows) else ()
    told = {
        field.path.rpartition("/")[2]: value_of(field, [str(one) for one in form.getlist(f"new-{field.path}")])
        for field in needed
    }
    return {key: value for key, value in told.items() if value is not ABSENT}


def _alteration(path: str, form: FormData, first: dict[str, Json]) -> Change:
    do, last = _text(form, "do"), path.rpartition("/")[2]
    if plan_of(path) is None:
        raise _wrong()
    if do == "add":
        return Insert(path, first)
    if do == "begin":
        return Put(path, first, ABSENT)
    if do == "drop":
        return Put(path, ABSENT, _before(form))
    if do in {"up", "down"} and is_number(last):
        return Move(path, max(int(last) + (1 if do == "down" else -1), 0))
    raise _wrong()


async def settle(request: Request) -> Response:
    """What was chosen where two had written the same field."""
    return await run_in_threadpool(_settle, request, await form_of(request))


def _settle(request: Request, form: FormData) -> Response:
    sight, changes = sight_of(request), _chosen(form)
    if changes:
        outcome = _apply(request, Work(sight, _text(form, "version"), tuple(changes), ""))
        if isinstance(outcome, Conflict):
            return dispute(request, sight, outcome)
        if isinstance(outcome, Refused):
            raise UsageError("；".join(one.message for one in outcome.refusals), fix="请改正后再保存。")
    if urlsplit(request.headers.get("hx-current-url", "")).path.endswith("/materials"):
        return placed(request)
    return refreshed(request, keep_seen(request, sight_of(request)))


def _chosen(form: FormData) -> list[Change]:
    """The changes that are still wanted: those that nobody disputes, and those of the disputed that were chosen."""
    try:
        told = [json.loads(str(one)) for one in form.getlist("fitting")]
        numbers = range(min(number_of(_text(form, "count"), 0), _MOST_CHANGES))
        mine = [number for number in numbers if form.get(f"choice-{number}") == "mine"]
        told += [json.loads(_text(form, f"mine-{number}")) for number in mine]
        return [from_json(one) for one in told]
    except (ValueError, AttributeError) as error:
        raise _wrong() from error


def _apply(request: Request, work: Work) -> Outcome:
    outcome = saved(request, work.sight, work.version, work.changes)
    if isinstance(outcome, Saved) and outcome.places:
        note_change(request, work.sight.place, "edit", places=outcome.places)
    return outcome


def changed(request: Request) -> Response:
    """What others have changed since the page was shown."""
    sight = keep_seen(request, sight_of(request))
    news = news_since(request, sight, request.query_params.get("since", ""))
    tab = request.query_params.get("tab", "")
    context = {**form_context(sight), **(context_of(sight) if tab == "materials" else {}), "tab": tab, "news": news}
    return page(request, "case_changed.html", context)


def _text(form: FormData, name: str) -> str:
    return str(form.get(name, ""))


def _before(form: FormData) -> Json:
    try:
        return before_of(_text(form, "before"))
    except ValueError as error:
        raise _wrong() from error


def _wrong() -> HTTPException:
    return HTTPException(HTTPStatus.BAD_REQUEST, "页面送来的内容不完整，请刷新页面后再试。")


_BASE = "/cases/{key}"
routes = [
    Route(_BASE, show, name="case"),
    Route(_BASE + "/fields", save, methods=["POST"]),
    Route(_BASE + "/rows", alter, methods=["POST"]),
    Route(_BASE + "/rows/new", ask_new),
    Route(_BASE + "/settle", settle, methods=["POST"]),
    Route(_BASE + "/changed", changed),
]
"""Of the form."""
