"""The routes that show materials: the slots, a material in the viewer, its page images and its file."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.material_slots import MaterialCard, all_cards, materials_context
from bundler.desk.cases.page_image_cache import PageRef
from bundler.desk.cases.requested_case import (
    displayed_case,
    may_edit_case,
    requested_card,
    requested_image_size,
    services_of,
)
from bundler.desk.cases.responses import case_page, image_etag, image_response, not_modified_response
from bundler.desk.cases.viewer_context import material_viewer, only_shown
from bundler.desk.request_helpers import download_response, number_in_path, number_or_default
from bundler.desk.security.audit import audit_download
from bundler.desk.shared_objects import desk_services
from bundler.file_inspection_record import FileRecord
from bundler.materials.safe_opening import read_unchanged


def show_materials(request: Request) -> Response:
    """The page of materials."""
    services_of(request).warm_up()
    view = displayed_case(request)
    desk_services(request).reading.prefer(view.ref)
    context = {**materials_context(view), "opens_viewer": _found_page(request, view)}
    return case_page(request, "case_materials.html", context)


def _found_page(request: Request, view: CaseView) -> str:
    """The address of the viewer at the page that the search found; empty where the query names none of this case."""
    query = request.query_params
    file, page = query.get("file", ""), number_or_default(query.get("page", ""), 1)
    cards = [card for card in all_cards(view) if card.material.file == file and card.is_viewable]
    card = next((one for one in cards if page in one.pages), next(iter(cards), None))
    if card is None:
        return ""
    at = card.pages.index(page) + 1 if page in card.pages else 1
    return f"/cases/{view.ref.key}/materials/{card.name}/view?{urlencode({'at': at, 'q': query.get('q', '')})}"


async def show_viewer(request: Request) -> Response:
    """The viewer of a material."""
    view, card = await run_in_threadpool(requested_card, request)
    if not card.is_viewable:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这份文件看不了，请先按提示改正。")
    pages, record = card.pages, card.record
    if record.is_word:
        images = services_of(request).page_images
        count = await images.count_pages(record.sha256, record.media_type, _loader(view, card))
        pages = range(1, count + 1)
    first = number_or_default(request.query_params.get("at", "1"), 1)
    context = material_viewer(view, card, pages, first, request.query_params.get("q", ""))
    is_beside = bool(request.query_params.get("beside"))
    if is_beside or not may_edit_case(request, view):
        context = only_shown(context, is_beside=is_beside)
    return case_page(request, "case_viewer.html", context)


async def show_page_image(request: Request) -> Response:
    """The image of a page of a material."""
    view, card = await run_in_threadpool(requested_card, request)
    return await page_image_response(request, card.record, _loader(view, card), is_viewable=card.is_viewable)


async def page_image_response(
    request: Request, record: FileRecord, load: Callable[[], bytes], *, is_viewable: bool
) -> Response:
    """The image of the requested page of a file; status 304 where the browser has it already.

    Raises:
        HTTPException: status 404, the file has no such page, or its pages cannot be shown.
    """
    number, size = number_in_path(request, "page"), requested_image_size(request)
    if not is_viewable or (not record.is_word and not 1 <= number <= len(record.pages)):
        raise HTTPException(HTTPStatus.NOT_FOUND, "没有这一页。")
    etag = image_etag(record.sha256, number, size)
    not_modified = not_modified_response(request, etag)
    if not_modified is not None:
        return not_modified
    page = PageRef(record.sha256, record.media_type, number, size)
    return image_response(await services_of(request).page_images.image(page, load), etag)


def download_material(request: Request) -> Response:
    """The file of a material, as it is in the folder."""
    view, card = requested_card(request)
    data = _loader(view, card)()
    name = card.material.file.rpartition("/")[2]
    audit_download(request, view.ref, name, card.record.sha256)
    return download_response(data, name, card.record.media_type or "application/octet-stream")


def _loader(view: CaseView, card: MaterialCard) -> Callable[[], bytes]:
    """Reads a material's file, which must be unchanged since the case was checked."""

    def load() -> bytes:
        return read_unchanged(view.ref.folder, card.material.file, card.record.sha256)

    return load


_BASE = "/cases/{key}/materials"
routes = [
    Route(_BASE, show_materials),
    Route(_BASE + "/{name}/view", show_viewer),
    Route(_BASE + "/{name}/pages/{page}", show_page_image),
    Route(_BASE + "/{name}/file", download_material),
]
