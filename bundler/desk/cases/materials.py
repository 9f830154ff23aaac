"""The materials: the places, the pages of each paper as pictures, and the files to keep."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.desk.cases.case_view import CaseView, requested_case
from bundler.desk.cases.material_slots import MaterialCard, slot_groups
from bundler.desk.cases.page_image_cache import DIGEST_PREFIX, PageRef
from bundler.desk.cases.responses import remember_version
from bundler.desk.cases.sending import image_etag, picture, requested_image_size, unchanged
from bundler.desk.cases.services import services_of
from bundler.desk.cases.wording import page
from bundler.desk.http import download_response, number_in_path, number_or_default
from bundler.desk.security.audit import audit_download
from bundler.digest import sha256_of
from bundler.materials.folder import find_unlisted_files, read_unchanged
from bundler.regulation.papers import PAPERS, Item


@dataclass(frozen=True, slots=True)
class UnlistedFile:
    """A file in the folder that nothing names.

    Attributes:
        key: what the browser calls it.
        name: relative to the folder.
        guess: the place that its name speaks of.
    """

    key: str
    name: str
    guess: Item | None


def materials_context(sight: CaseView) -> dict[str, object]:
    """What the page of materials shows."""
    return {
        "sight": sight,
        "tab": "materials",
        "groups": slot_groups(sight),
        "papers": tuple(PAPERS.values()),
        "strays": unlisted_files_of(sight),
    }


def unlisted_files_of(sight: CaseView) -> tuple[UnlistedFile, ...]:
    """The files in the folder that nothing names, each with a guess at its place."""
    if sight.case is None:
        return ()
    found = find_unlisted_files(sight.place.folder, sight.case)
    return tuple(
        UnlistedFile(sha256_of(name.encode("utf-8", "surrogateescape"))[:DIGEST_PREFIX], name, item)
        for name, item in found.items()
    )


def show(request: Request) -> Response:
    """Every place, with the papers that lie there."""
    return page(request, "case_materials.html", materials_context(remember_version(request, requested_case(request))))


def materials_response(request: Request, item: Item | None = None) -> Response:
    """The places anew after a change, and the dialog closed; elsewhere than on their own page, the way there."""
    sight = remember_version(request, requested_case(request))
    here = f"/cases/{sight.place.key}/materials"
    if urlsplit(request.headers.get("hx-current-url", here)).path != here:
        return Response(headers={"HX-Redirect": f"{here}#place-{item.value}" if item else here})
    response = page(request, "case_places_saved.html", materials_context(sight))
    response.headers.update({"HX-Retarget": "#places", "HX-Reswap": "outerHTML", "HX-Trigger": "close-dialog"})
    return response


async def view(request: Request) -> Response:
    """A paper's pages, to be leafed through."""
    sight, card = await run_in_threadpool(requested_card, request)
    if not card.is_viewable:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这份文件看不了，请先按提示改正。")
    total = range(1, await _count(request, sight, card) + 1) if card.record.is_word else card.pages
    asked = request.query_params.get("at", "1")
    return page(request, "case_viewer.html", viewer_context(sight, card, total, number_or_default(asked, 1)))


def viewer_context(sight: CaseView, card: MaterialCard, total: range, first: int) -> dict[str, object]:
    """What the viewer of a paper shows.

    Args:
        sight: the case.
        card: the paper.
        total: the pages of its file that it is.
        first: which of them is shown first, from 1.
    """
    base = f"/cases/{sight.place.key}/materials/{card.name}"
    return {
        "title": card.title,
        "pages": [f"{base}/pages/{number}" for number in total],
        "first": first if 1 <= first <= len(total) else 1,
        "turning": "" if card.record.is_word else f"{base}/turn",
    }


async def leaf(request: Request) -> Response:
    """A page of a paper as a picture."""
    number, size = number_in_path(request, "page"), requested_image_size(request)
    sight, card = await run_in_threadpool(requested_card, request)
    record = card.record
    if not card.is_viewable or (not record.is_word and not 1 <= number <= len(record.pages)):
        raise HTTPException(HTTPStatus.NOT_FOUND, "没有这一页。")
    tag = image_etag(record.sha256, number, size)

    def load() -> bytes:
        return read_unchanged(sight.place.folder, card.material.file, record.sha256)

    drawn = unchanged(request, tag)
    return drawn or picture(
        await services_of(request).pictures.page(PageRef(record.sha256, record.media_type, number, size), load), tag
    )


def send(request: Request) -> Response:
    """A paper's file, as it lies in the folder."""
    sight, card = requested_card(request)
    data = read_unchanged(sight.place.folder, card.material.file, card.record.sha256)
    name = card.material.file.rpartition("/")[2]
    audit_download(request, sight.place, name, card.record.sha256)
    return download_response(data, name, card.record.media_type or "application/octet-stream")


def requested_card(request: Request) -> tuple[CaseView, MaterialCard]:
    """The case and the paper that the address means.

    Raises:
        HTTPException: the paper is not there any more, or its file is another.
    """
    sight = requested_case(request)
    name = request.path_params["name"]
    cards = (card for group in slot_groups(sight) for spot in group.spots for card in spot.cards)
    card = next((one for one in cards if one.name == name), None)
    if card is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这份材料刚被改动，请刷新页面。")
    return sight, card


async def _count(request: Request, sight: CaseView, card: MaterialCard) -> int:
    def load() -> bytes:
        return read_unchanged(sight.place.folder, card.material.file, card.record.sha256)

    return await services_of(request).pictures.count(card.record.sha256, card.record.media_type, load)


_BASE = "/cases/{key}/materials"
routes = [
    Route(_BASE, show),
    Route(_BASE + "/{name}/view", view),
    Route(_BASE + "/{name}/pages/{page}", leaf),
    Route(_BASE + "/{name}/file", send),
]
"""Of the materials."""
