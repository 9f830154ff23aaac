"""The list of cases: each as it stands today, most pressing first; told anew when something changes; and a new case."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bundler.case.labels import CHANNEL, LEDGERS
from bundler.case_edit.create import create_case
from bundler.desk.case_list.case_index import CaseIndex
from bundler.desk.case_list.checklist_bar import bar_of
from bundler.desk.case_list.query import SORT_KEYS, STATUS_FILTERS, ListQuery, list_rows
from bundler.desk.http import RETRY_LINE, actor_of, event_stream, form_endpoint
from bundler.desk.security.audit import audit_change
from bundler.desk.settings import DeskSettings
from bundler.desk.templating import render_page
from bundler.errors import UsageError
from bundler.regulation.papers import BundleKind

_PATIENCE = 0.15
"""Seconds that a page waits for a look at the folder."""
_FIRST_PATIENCE = 1.0
_LOOK_EVERY = 0.5
_TELL_EVERY = 4
"""Looks between two that are told: while hundreds of cases are checked the list is not shown anew for each."""
_HEARTBEAT = 30
_ASKED = ("no", "received_on", "petitioner", "channel")
"""What a new case is asked for."""
MAX_PRINTED_ROWS = 5000
"""So many cases are printed at once at most."""
_WORDS = {"bar_of": bar_of, "kinds": {kind.value: kind.label for kind in BundleKind}, "ledgers": LEDGERS}
"""What a row is told with."""


def show(request: Request) -> Response:
    """The cases that are asked for; for the script of the page, the table alone."""
    index, desk = case_index_of(request), settings_of(request)
    index.look(_PATIENCE if index.is_ready else _FIRST_PATIENCE)
    query = ListQuery.told(request.query_params)
    lines = list_rows(index.rows(), desk.today())
    said = {
        **_WORDS,
        "query": query,
        "answer": query.answer(lines, actor_of(request)),
        "lines": lines,
        "is_ready": index.is_ready,
        "stands": STATUS_FILTERS,
        "sorts": SORT_KEYS,
        "channels": CHANNEL,
        "today": desk.today(),
        "begun": dict.fromkeys(_ASKED, ""),
    }
    is_part = "hx-request" in request.headers and "hx-history-restore-request" not in request.headers
    return render_page(request, "list_rows.html" if is_part else "list.html", said)


def show_in_print(request: Request) -> Response:
    """All rows that are asked for, on sheets of paper."""
    index, desk = case_index_of(request), settings_of(request)
    index.look(_PATIENCE if index.is_ready else _FIRST_PATIENCE)
    query = ListQuery.told(request.query_params)
    found = query.found(list_rows(index.rows(), desk.today()), actor_of(request))
    printed = found[:MAX_PRINTED_ROWS]
    said = {
        **_WORDS,
        "query": query,
        "count": len(found),
        "printed": printed,
        "waiting": sum(not line.is_checked for line in printed),
        "today": desk.today(),
    }
    return render_page(request, "list_print.html", said)


async def events(request: Request) -> Response:
    """An event each time that the list is another."""
    return event_stream(request, _looks(case_index_of(request)), _HEARTBEAT)


async def _looks(index: CaseIndex) -> AsyncIterator[str | None]:
    known, since = index.revision, 0
    yield RETRY_LINE
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        since += 1
        if index.revision == known or since < _TELL_EVERY:
            yield None
        else:
            known, since = index.revision, 0
            yield f"event: changed\ndata: {known}\n\n"


def found(request: Request, form: FormData) -> Response:
    """Make a new case, and go to its page."""
    told = {key: str(form.get(key, "")).strip() for key in _ASKED}
    values: dict[str, object] = {
        "/registration/received_on": told["received_on"],
        "/registration/channel": told["channel"],
    }
    if told["petitioner"]:
        values["/petitioners"] = [{"name": told["petitioner"]}]
    desk, shelf = settings_of(request), request.app.state.shelf
    try:
        folder = create_case(desk.root, told["no"], values, actor=actor_of(request))
    except UsageError as error:
        return render_page(request, "list_new.html", {"channels": CHANNEL, "begun": told, "fault": error})
    place = next(one for one in shelf.places() if one.folder == folder)
    audit_change(request, place, "new", places=list(values))
    address = f"/cases/{place.key}"
    if "hx-request" in request.headers:
        return Response(headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)


def case_index_of(request: Request) -> CaseIndex:
    """The desk's rows."""
    index: CaseIndex = request.app.state.index
    return index


def settings_of(request: Request) -> DeskSettings:
    """The desk's settings."""
    desk: DeskSettings = request.app.state.desk
    return desk


routes = [
    Route("/", show, name="list"),
    Route("/print", show_in_print),
    Route("/events", events),
    Route("/cases", form_endpoint(found), methods=["POST"]),
]
"""Of the list."""
