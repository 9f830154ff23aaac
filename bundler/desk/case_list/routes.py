"""The routes of the case list: the list, its printed form, and a new case."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bundler.case.labels import CHANNEL, LEDGERS
from bundler.case.reader import read_case
from bundler.case_edit.change_operations import Json
from bundler.case_edit.create import create_case
from bundler.desk.case_list.case_list_query import SORT_KEYS, STATUS_FILTERS, ListQuery, ListRow, list_rows
from bundler.desk.case_list.checklist_bar import checklist_bar
from bundler.desk.case_list.next_registration_number import find_latest_case, next_registration_number
from bundler.desk.case_list.word_and_pinyin_search import mark_words
from bundler.desk.cases.fill_in_common_values import FillSource, changes_from_case
from bundler.desk.request_helpers import actor_of, form_endpoint
from bundler.desk.security.audit import audit_change
from bundler.desk.shared_objects import desk_services, visible_cases
from bundler.desk.templating import template_response
from bundler.errors import UsageError
from bundler.regulation.model import Regulation, in_hanzi
from bundler.regulation.papers import BundleKind

_SCAN_TIMEOUT = 0.15
"""Seconds that a page waits for a scan of the folder."""
_FIRST_SCAN_TIMEOUT = 1.0
_NEW_CASE_FIELDS = ("no", "received_on", "petitioner", "channel", "people")
MAX_PRINTED_ROWS = 5000
_ROW_CONTEXT = {
    "mark_words": mark_words,
    "kinds": {kind.value: kind.label for kind in BundleKind},
    "ledgers": LEDGERS,
}


def _bar_context(regulation: Regulation) -> dict[str, Any]:
    """What the bars of the rows need: the regulation's lists, and how long they are."""
    lists = regulation.archive_items, regulation.write_off_materials
    return {
        "checklist_bar": lambda row: checklist_bar(row, regulation),
        "bar_papers": tuple(zip(_bar_titles(regulation), lists, strict=True)),
        "bar_title": "、".join(_bar_titles(regulation)),
    }


def _bar_titles(regulation: Regulation) -> tuple[str, str]:
    items, materials = len(regulation.archive_items), len(regulation.write_off_materials)
    return f"{in_hanzi(items)}项", f"{in_hanzi(materials)}件材料"


def show_list(request: Request) -> Response:
    """The list; for a request of the page's script, its table alone."""
    services = desk_services(request)
    today, index = services.settings.today(), services.case_index
    revision = index.revision  # before the rows are read: what changes meanwhile is told as a change
    rows, query = current_rows(request), ListQuery.from_params(request.query_params)
    context: dict[str, Any] = {
        **_ROW_CONTEXT,
        **_bar_context(services.settings.profile.regulation),
        "query": query,
        "list_page": query.select_page(rows, services.staff.names_of(actor_of(request))),
        "rows": rows,
        "is_ready": index.is_ready,
        "revision": revision,
        "status_filters": STATUS_FILTERS,
        "sort_keys": SORT_KEYS,
        "channels": CHANNEL,
        "today": today,
        "values": {
            **dict.fromkeys(_NEW_CASE_FIELDS, ""),
            "no": next_registration_number((row.case.number for row in rows), today.year),
            "received_on": today.isoformat(),
            "people": FillSource.STAFF.value if services.staff.usual_people() else "",
        },
        **_people_context(request),
    }
    is_part = "hx-request" in request.headers and "hx-history-restore-request" not in request.headers
    response = template_response(request, "list_rows.html" if is_part else "list.html", context)
    if "x-desk-typed" in request.headers:
        # Otherwise the way back would lead through every beginning of the words.
        response.headers["HX-Replace-Url"] = context["query"].address()
    return response


def show_printed_list(request: Request) -> Response:
    """All rows that pass the filters, for printing."""
    query = ListQuery.from_params(request.query_params)
    services = desk_services(request)
    selected = query.select(current_rows(request), services.staff.names_of(actor_of(request)))
    printed = selected[:MAX_PRINTED_ROWS]
    context = {
        **_ROW_CONTEXT,
        **_bar_context(services.settings.profile.regulation),
        "query": query,
        "count": len(selected),
        "printed": printed,
        "waiting": sum(not row.is_checked for row in printed),
        "today": services.settings.today(),
    }
    return template_response(request, "list_print.html", context)


def current_rows(request: Request) -> list[ListRow]:
    """The rows that the account of a request may see, after a short wait for a scan of the folder."""
    services = desk_services(request)
    index = services.case_index
    index.refresh(_SCAN_TIMEOUT if index.is_ready else _FIRST_SCAN_TIMEOUT)
    return list_rows(visible_cases(request), services.settings.today())


def add_case(request: Request, form: FormData) -> Response:
    """Create a case, and redirect to its page; where it cannot be created, show the form with the reason."""
    entered = {key: str(form.get(key, "")).strip() for key in _NEW_CASE_FIELDS}
    values: dict[str, object] = {
        "/registration/received_on": entered["received_on"],
        "/registration/channel": entered["channel"],
    }
    if entered["petitioner"]:
        values["/petitioners"] = [{"name": entered["petitioner"]}]
    services = desk_services(request)
    people = _people_of(request, entered["people"])
    if people:
        values["/people"] = people
    try:
        folder = create_case(
            services.settings.root,
            entered["no"],
            values,
            actor=actor_of(request),
            regulation=services.settings.profile.regulation,
        )
    except UsageError as error:
        context = {"channels": CHANNEL, "values": entered, "error": error, **_people_context(request)}
        return template_response(request, "list_new.html", context)
    case = next(one for one in services.case_registry.scan() if one.folder == folder)
    audit_change(request, case, "new", places=list(values))
    address = f"/cases/{case.key}"
    if "hx-request" in request.headers:
        return Response(headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)


def _people_context(request: Request) -> dict[str, object]:
    """What the dialog of a new case offers for the people of the court."""
    services = desk_services(request)
    latest = find_latest_case(visible_cases(request))
    return {"usual_people": services.staff.usual_people(), "latest_number": latest.row.number if latest else ""}


def _people_of(request: Request, source: str) -> dict[str, Json]:
    """The people of the staff list, or of the case before; none for another source."""
    services = desk_services(request)
    if source == FillSource.STAFF:
        return services.staff.usual_people()
    latest = find_latest_case(visible_cases(request))
    if source != FillSource.LAST_CASE or latest is None:
        return {}
    changes = changes_from_case({}, read_case(services.settings.root / latest.row.name).tree or {}, "people")
    return {one.path.rpartition("/")[2]: one.value for one in changes}


routes = [
    Route("/", show_list, name="list"),
    Route("/print", show_printed_list),
    Route("/cases", form_endpoint(add_case), methods=["POST"]),
]
