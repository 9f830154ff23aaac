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
from bundler.case_edit.changes import ABSENT, Change, Insert, Move, Put, change_from_json
from bundler.case_edit.save import Conflict, Outcome, Refused, Saved
from bundler.desk.cases.case_view import CaseView, requested_case
from bundler.desk.cases.changing import saved
from bundler.desk.cases.form_fields import Field, FieldGroup, FieldRows, FormNode, Json, build_nodes, walk
from bundler.desk.cases.form_sections import section_plan
from bundler.desk.cases.form_values import parse_previous_value, parse_value
from bundler.desk.cases.materials import materials_context, materials_response
from bundler.desk.cases.responses import (
    FormEdit,
    answer,
    changes_since,
    conflict_response,
    form_context,
    form_response,
    known_version,
    remember_version,
)
from bundler.desk.cases.wording import page
from bundler.desk.http import is_number, number_or_default, read_form
from bundler.desk.security.audit import audit_change
from bundler.errors import UsageError

_MOST_CHANGES = 200


def show(request: Request) -> Response:
    """The whole form."""
    sight = remember_version(request, requested_case(request))
    return page(request, "case_form.html", {"tab": "form", **form_context(sight)})


async def save(request: Request) -> Response:
    """One field, as somebody has filled it in."""
    return await run_in_threadpool(_save, request, await read_form(request))


def _save(request: Request, form: FormData) -> Response:
    sight, path, version = requested_case(request), _text(form, "path"), _text(form, "version")
    node = _node_at(request, path, version, sight)
    # Where both a value and a reason stand, what was touched last is meant.
    is_reason = request.headers.get("hx-trigger-name") == "unknown" or "value" not in form
    reason = _text(form, "unknown").strip() if is_reason else ""
    if isinstance(node, Field):
        value = parse_value(node, [str(one) for one in form.getlist("value")], reason)
    elif isinstance(node, FieldGroup) and node.may_be_unknown:
        value = {"unknown": reason} if reason else ABSENT
    else:
        raise _wrong()
    work = FormEdit(sight, version, (Put(path, value, _before(form)),), path)
    return answer(request, work, _apply(request, work), whole=isinstance(node, FieldGroup))


def _node_at(request: Request, path: str, version: str, sight: CaseView) -> FormNode | None:
    """The field that the page means, in the version that it shows."""
    plan = section_plan(path)
    if plan is None:
        return None
    tree = known_version(request, version) or sight.tree
    return next((one for one in walk(build_nodes(Case, tree, "", plan.keys)) if one.path == path), None)


async def alter(request: Request) -> Response:
    """A row added, taken away or moved; a part begun or taken away."""
    return await run_in_threadpool(_alter, request, await read_form(request))


def _alter(request: Request, form: FormData) -> Response:
    path = _text(form, "path")
    sight, version = requested_case(request), _text(form, "version")
    first = _first_values(_node_at(request, path, version, sight), form)
    work = FormEdit(sight, version, (_alteration(path, form, first),), path)
    return answer(request, work, _apply(request, work), whole=True)


def ask_new(request: Request) -> Response:
    """A row or a part that cannot be begun without some of its fields: they are asked first."""
    sight, query = remember_version(request, requested_case(request)), request.query_params
    path, version = query.get("path", ""), query.get("version", "")
    node, plan = _node_at(request, path, version, sight), section_plan(path)
    if plan is None or not isinstance(node, FieldGroup | FieldRows):
        raise _wrong()
    context = {"sight": sight, "node": node, "version": version, "plan": plan, "do": query.get("do", "add")}
    return page(request, "case_new.html", context)


def _first_values(node: FormNode | None, form: FormData) -> dict[str, Json]:
    """What was filled in of the fields without which a row or a part cannot be there."""
    needed = node.needed if isinstance(node, FieldGroup | FieldRows) else ()
    told = {
        field.path.rpartition("/")[2]: parse_value(field, [str(one) for one in form.getlist(f"new-{field.path}")])
        for field in needed
    }
    return {key: value for key, value in told.items() if value is not ABSENT}


def _alteration(path: str, form: FormData, first: dict[str, Json]) -> Change:
    do, last = _text(form, "do"), path.rpartition("/")[2]
    if section_plan(path) is None:
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
    return await run_in_threadpool(_settle, request, await read_form(request))


def _settle(request: Request, form: FormData) -> Response:
    sight, changes = requested_case(request), _chosen(form)
    if changes:
        outcome = _apply(request, FormEdit(sight, _text(form, "version"), tuple(changes), ""))
        if isinstance(outcome, Conflict):
            return conflict_response(request, sight, outcome)
        if isinstance(outcome, Refused):
            raise UsageError("；".join(one.message for one in outcome.refusals), fix="请改正后再保存。")
    if urlsplit(request.headers.get("hx-current-url", "")).path.endswith("/materials"):
        return materials_response(request)
    return form_response(request, remember_version(request, requested_case(request)))


def _chosen(form: FormData) -> list[Change]:
    """The changes that are still wanted: those that nobody disputes, and those of the disputed that were chosen."""
    try:
        told = [json.loads(str(one)) for one in form.getlist("fitting")]
        numbers = range(min(number_or_default(_text(form, "count"), 0), _MOST_CHANGES))
        mine = [number for number in numbers if form.get(f"choice-{number}") == "mine"]
        told += [json.loads(_text(form, f"mine-{number}")) for number in mine]
        return [change_from_json(one) for one in told]
    except (ValueError, AttributeError) as error:
        raise _wrong() from error


def _apply(request: Request, work: FormEdit) -> Outcome:
    outcome = saved(request, work.sight, work.version, work.changes)
    if isinstance(outcome, Saved) and outcome.places:
        audit_change(request, work.sight.place, "edit", places=outcome.places)
    return outcome


def changed(request: Request) -> Response:
    """What others have changed since the page was shown."""
    sight = remember_version(request, requested_case(request))
    news = changes_since(request, sight, request.query_params.get("since", ""))
    tab = request.query_params.get("tab", "")
    context = {
        **form_context(sight),
        **(materials_context(sight) if tab == "materials" else {}),
        "tab": tab,
        "news": news,
    }
    return page(request, "case_changed.html", context)


def _text(form: FormData, name: str) -> str:
    return str(form.get(name, ""))


def _before(form: FormData) -> Json:
    try:
        return parse_previous_value(_text(form, "before"))
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
