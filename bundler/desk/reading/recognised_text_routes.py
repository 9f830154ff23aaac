"""The routes of what was read on a file: its words for the viewer, and turning all its pages upright with one click."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bundler.case_search.full_text_search import search_words
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.requested_case import requested_card, requested_case, services_of
from bundler.desk.cases.responses import materials_response
from bundler.desk.cases.turn_and_combine_pages import FilePages, turn_pages_upright
from bundler.desk.cases.unplaced_files import requested_unplaced_file
from bundler.desk.cases.worker_pool import WorkerSet
from bundler.desk.reading.page_words import turned_materials, words_of_file
from bundler.desk.request_helpers import actor_of
from bundler.desk.security.audit import audit_change
from bundler.file_inspection_record import FileRecord

_PRIVATE = {"cache-control": "private, no-store"}


def show_material_words(request: Request) -> Response:
    """What was read on a material's file."""
    view, card = requested_card(request)
    return _words_response(request, view, card.record)


def show_unplaced_words(request: Request) -> Response:
    """What was read on a file that waits to be placed."""
    view = requested_case(request)
    file = requested_unplaced_file(view, services_of(request), request.path_params["name"])
    return _words_response(request, view, file.record)


def _words_response(request: Request, view: CaseView, record: FileRecord) -> Response:
    words = search_words(request.query_params.get("q", ""))
    return JSONResponse(words_of_file(view, record, words), headers=_PRIVATE)


async def turn_all_upright(request: Request) -> Response:
    """Turn every page of the case's materials upright, as far as they were read, and show the slots again."""

    def task(workers: WorkerSet) -> Response:
        view = requested_case(request)
        for name, turns in turned_materials(view).items():
            pages = FilePages(name, view.checked.records[name], tuple(turns))
            turned = turn_pages_upright(view, pages, turns, workers, actor_of(request))
            audit_change(request, view.ref, "turn", [turned])
        return materials_response(request)

    return await services_of(request).workers.run(task)


_BASE = "/cases/{key}"
routes = [
    Route(_BASE + "/materials/upright", turn_all_upright, methods=["POST"]),
    Route(_BASE + "/materials/{name}/words", show_material_words),
    Route(_BASE + "/waiting/{name}/words", show_unplaced_words),
]
