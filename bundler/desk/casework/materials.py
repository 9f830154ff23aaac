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

from bundler.assembly.record import sha256_of
from bundler.desk.casework.acting import note_download
from bundler.desk.casework.answers import keep_seen
from bundler.desk.casework.pictures import PREFIX, Leaf
from bundler.desk.casework.places import Card, groups_of
from bundler.desk.casework.sending import download, picture, size_of, tag_of, unchanged
from bundler.desk.casework.showing import page
from bundler.desk.casework.sight import Sight, sight_of
from bundler.desk.casework.workroom import workroom_of
from bundler.desk.numbers import number_in, number_of
from bundler.materials.folder import read_unchanged, unlisted_files
from bundler.regulation.items import PAPERS, Item


@dataclass(frozen=True, slots=True)
class Stray:
    """A file in the folder that nothing names.

    Attributes:
        key: what the browser calls it.
        name: relative to the folder.
        guess: the place that its name speaks of.
    """

    key: str
    name: str
    guess: Item | None


def context_of(sight: Sight) -> dict[str, object]:
    """What the page of materials shows."""
    return {
        "sight": sight,
        "tab": "materials",
        "groups": groups_of(sight),
        "papers": tuple(PAPERS.values()),
        "strays": strays_of(sight),
    }


def strays_of(sight: Sight) -> tuple[Stray, ...]:
    """The files in the folder that nothing names, each with a guess at its place."""
    if sight.case is None:
        return ()
    found = unlisted_files(sight.place.folder, sight.case)
    return tuple(
        Stray(sha256_of(name.encode("utf-8", "surrogateescape"))[:PREFIX], name, item) for name, item in found.items()
    )


def show(request: Request) -> Response:
    """Every place, with the papers that lie there."""
    return page(request, "case_materials.html", context_of(keep_seen(request, sight_of(request))))


def placed(request: Request, item: Item | None = None) -> Response:
    """The places anew after a change, and the dialog closed; elsewhere than on their own page, the way there."""
    sight = keep_seen(request, sight_of(request))
    here = f"/cases/{sight.place.key}/materials"
    if urlsplit(request.headers.get("hx-current-url", here)).path != here:
        return Response(headers={"HX-Redirect": f"{here}#place-{item.value}" if item else here})
    response = page(request, "case_places_saved.html", context_of(sight))
    response.headers.update({"HX-Retarget": "#places", "HX-Reswap": "outerHTML", "HX-Trigger": "close-dialog"})
    return response


async def view(request: Request) -> Response:
    """A paper's pages, to be leafed through."""
    sight, card = await run_in_threadpool(card_asked, request)
    if not card.is_seen:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这份文件看不了，请先按提示改正。")
    total = range(1, await _count(request, sight, card) + 1) if card.record.is_word else card.pages
    asked = request.query_params.get("at", "1")
    return page(request, "case_viewer.html", viewer_of(sight, card, total, number_of(asked, 1)))


def viewer_of(sight: Sight, card: Card, total: range, first: int) -> dict[str, object]:
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
    number, size = number_in(request, "page"), size_of(request)
    sight, card = await run_in_threadpool(card_asked, request)
    record = card.record
    if not card.is_seen or (not record.is_word and not 1 <= number <= len(record.pages)):
        raise HTTPException(HTTPStatus.NOT_FOUND, "没有这一页。")
    tag = tag_of(record.sha256, number, size)

    def load() -> bytes:
        return read_unchanged(sight.place.folder, card.material.file, record.sha256)

    drawn = unchanged(request, tag)
    return drawn or picture(
        await workroom_of(request).pictures.page(Leaf(record.sha256, record.media_type, number, size), load), tag
    )


def send(request: Request) -> Response:
    """A paper's file, as it lies in the folder."""
    sight, card = card_asked(request)
    data = read_unchanged(sight.place.folder, card.material.file, card.record.sha256)
    name = card.material.file.rpartition("/")[2]
    note_download(request, sight.place, name, card.record.sha256)
    return download(data, name, card.record.media_type or "application/octet-stream")


def card_asked(request: Request) -> tuple[Sight, Card]:
    """The case and the paper that the address means.

    Raises:
        HTTPException: the paper is not there any more, or its file is another.
    """
    sight = sight_of(request)
    name = request.path_params["name"]
    cards = (card for group in groups_of(sight) for spot in group.spots for card in spot.cards)
    card = next((one for one in cards if one.name == name), None)
    if card is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这份材料刚被改动，请刷新页面。")
    return sight, card


async def _count(request: Request, sight: Sight, card: Card) -> int:
    def load() -> bytes:
        return read_unchanged(sight.place.folder, card.material.file, card.record.sha256)

    return await workroom_of(request).pictures.count(card.record.sha256, card.record.media_type, load)


_BASE = "/cases/{key}/materials"
routes = [
    Route(_BASE, show),
    Route(_BASE + "/{name}/view", view),
    Route(_BASE + "/{name}/pages/{page}", leaf),
    Route(_BASE + "/{name}/file", send),
]
"""Of the materials."""
