"""What a clerk does with a paper: move, turn, name, date, replace, take away and bring back; and papers that do not exist."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.assembly.record import sha256_of
from bundler.case.model import Material
from bundler.desk.casework.acting import actor_of, note_change
from bundler.desk.casework.answers import keep_seen
from bundler.desk.casework.changing import answered, change, posted, seen_in
from bundler.desk.casework.entered import value_of
from bundler.desk.casework.fields import Field, Json, nodes_of
from bundler.desk.casework.hands import Hand
from bundler.desk.casework.materials import card_asked, context_of, placed, viewer_of
from bundler.desk.casework.places import DAYS, Card, groups_of
from bundler.desk.casework.receiving import Received, form_of, received
from bundler.desk.casework.showing import page
from bundler.desk.casework.sight import Sight, sight_of
from bundler.desk.casework.turning import turned
from bundler.desk.casework.workroom import workroom_of
from bundler.desk.numbers import number_in, number_of
from bundler.editing import papers
from bundler.editing.change import ABSENT, Change, Move, Put
from bundler.editing.draft import Tree
from bundler.editing.papers import Paper
from bundler.editing.save import Conflict, Outcome, Refused, Saved, remember
from bundler.errors import CaseError
from bundler.files import replace_same
from bundler.intake.filing import alone_in_case, look_into
from bundler.ledger.history import Output
from bundler.materials.folder import read_unchanged
from bundler.regulation.items import PAPERS, Item
from bundler.sandbox import FailedError, OverLimitError

_DETAILS = ("title", *DAYS, "service_kind", "document_no", "author", "pages")
_DEGREES = {"turn-left": -90, "turn-right": 90}
_MOVES = {"earlier": -1, "later": 1}


def move(request: Request, form: FormData) -> Response:
    """A paper stands before or behind its neighbour in its place."""
    sight, card = card_asked(request)
    place = str(form.get("place", "")) or card.material.items[0].value
    spots = (spot for group in groups_of(sight) for spot in group.spots)
    here = next((spot.cards for spot in spots if spot.paper.item.value == place), ())
    at = next((number for number, one in enumerate(here) if one.index == card.index), 0)
    to = at + _way(request, _MOVES)
    if not 0 <= to < len(here):
        return placed(request)
    return change(request, sight, form, [Move(card.path, int(here[to].path.rpartition("/")[2]))])


def _way(request: Request, ways: Mapping[str, int]) -> int:
    found = ways.get(request.path_params["way"])
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


def date(request: Request, form: FormData) -> Response:
    """A day that a paper bears."""
    sight, card = card_asked(request)
    name = request.path_params["day"]
    if name not in DAYS:
        raise HTTPException(HTTPStatus.NOT_FOUND, "没有这个日期。")
    return change(request, sight, form, [Put(f"{card.path}/{name}", str(form.get("value", "")) or ABSENT)])


def ask_details(request: Request) -> Response:
    """What a paper is called, and what else is known of it."""
    sight, card = card_asked(request)
    keep_seen(request, sight)
    context = {
        "sight": sight,
        "card": card,
        "fields": _details(card, _entry(sight.tree, card)),
        "all_papers": tuple(PAPERS.values()),
    }
    return page(request, "case_details.html", context)


def _details(card: Card, told: Json) -> tuple[Field, ...]:
    return tuple(one for one in nodes_of(Material, told, card.path, _DETAILS) if isinstance(one, Field))


def _entry(tree: Tree | None, card: Card) -> Json:
    """What stands of a paper in a tree; nothing where that cannot be told."""
    materials = tree.get("materials") if tree else None
    place = int(card.path.rpartition("/")[2])
    return materials[place] if isinstance(materials, list) and place < len(materials) else {}


def save_details(request: Request, form: FormData) -> Response:
    """What was filled in of that: only what differs from what was seen is a change."""
    sight, card = card_asked(request)
    seen = _entry(seen_in(request, sight, str(form.get("version", "")) or sight.version), card)
    changes: list[Change] = [
        Put(field.path, value)
        for field in _details(card, seen)
        if (value := value_of(field, [str(form.get(field.path.rpartition("/")[2], ""))])) != (field.value or ABSENT)
    ]
    items = [one for one in map(str, form.getlist("items")) if one in set(Item)]
    if items and set(items) != set(seen.get("items", ())):
        changes.append(Put(f"{card.path}/items", items))
    return change(request, sight, form, changes)


def take_away(request: Request, form: FormData) -> Response:
    """A paper goes into the bin."""
    sight, card = card_asked(request)
    version = str(form.get("version", "")) or sight.version
    outcome = papers.take_away(_paper(request, sight, card, version))
    return _put_away(request, sight, outcome, "take-away", Output(card.material.file, card.record.sha256))


def _paper(request: Request, sight: Sight, card: Card, version: str) -> Paper:
    return Paper(sight.place.folder, card.path, version, seen_in(request, sight, version), actor_of(request))


def _put_away(request: Request, sight: Sight, outcome: Outcome, action: str, output: Output) -> Response:
    if isinstance(outcome, Conflict | Refused):
        return answered(request, sight, outcome)
    note_change(request, sight.place, action, [output], outcome.places)
    return placed(request)


async def replace(request: Request) -> Response:
    """Another file in the place of a paper's; the earlier one goes into the bin."""
    sight, card = await run_in_threadpool(card_asked, request)
    async with received(request, sight.place.folder) as form:
        return await workroom_of(request).hands.do(lambda hand: _replace(request, sight, card, form, hand))


def _replace(request: Request, sight: Sight, card: Card, form: Received, hand: Hand) -> Response:
    if not form.files or sight.case is None:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "没有收到文件，请重新选择。")
    folder, sent = sight.place.folder, form.files[0]
    scan = look_into(sent.path, folder, sight.case, name=sent.name, worker=hand.eye)
    if scan.refusal:
        raise CaseError(f"没有替换。{scan.refusal}", fix=scan.fix)
    if scan.record.sha256 == card.record.sha256:
        raise CaseError("没有替换：与现在的文件完全一样。", fix="请核对是不是选错了文件。")
    done = papers.replace_file(_paper(request, sight, card, sight.version), scan)
    return _put_away(request, sight, done.outcome, "replace", Output(done.file, scan.record.sha256))


async def turn(request: Request) -> Response:
    """A paper's pages turned by a quarter."""
    sight, card = await run_in_threadpool(card_asked, request)
    form = await form_of(request)
    return await workroom_of(request).hands.do(lambda hand: _turn(request, sight, card, form, hand))


def _turn(request: Request, sight: Sight, card: Card, form: FormData, hand: Hand) -> Response:
    only = number_of(str(form.get("page", "")), 0)
    folder, file, record = sight.place.folder, card.material.file, card.record
    pages = [only] if only in card.pages else list(card.pages)
    data = read_unchanged(folder, file, record.sha256)
    degrees = _way(request, _DEGREES)
    try:
        made = hand.worker.run(turned, data, record.media_type, pages, degrees)
    except (OverLimitError, FailedError) as error:
        hand.holds = ""
        raise CaseError(f"“{file}”转不了：已损坏，或者有密码。", fix="请重新扫描。") from error
    with alone_in_case(folder):
        if not replace_same(folder / file, data, made):
            raise CaseError(f"“{file}”刚被别人改动，没有转。", fix="请刷新页面后再试。")
    outputs = [Output(file, sha256_of(made))]
    remember(folder, "turn", outputs, actor=actor_of(request))
    note_change(request, sight.place, "turn", outputs)
    return _viewed(request, card, only) if form.get("viewer") and only else placed(request)


def _viewed(request: Request, card: Card, number: int) -> Response:
    """The viewer anew after a page was turned in it, and the places behind it."""
    sight = sight_of(request)
    cards = (one for group in groups_of(sight) for spot in group.spots for one in spot.cards)
    now = next((one for one in cards if one.path == card.path), None)
    if now is None:
        return placed(request)
    viewer = viewer_of(sight, now, now.pages, number - now.pages.start + 1)
    return page(request, "case_viewer_turned.html", {**context_of(sight), **viewer})


def restore(request: Request, form: FormData) -> Response:
    """Something out of the bin."""
    del form
    sight = sight_of(request)
    outcome = papers.bring_back(sight.place.folder, number_in(request, "number"), actor=actor_of(request))
    if not isinstance(outcome, Saved):
        raise CaseError("案件数据不能放入这一份。", fix="请先在表单里改正案件数据。")
    note_change(request, sight.place, "restore", places=outcome.places)
    return Response(headers={"HX-Redirect": f"/cases/{sight.place.key}/materials"})


_CASE = "/cases/{key}"
_PAPER = _CASE + "/materials/{name}"
routes = [
    Route(_PAPER + "/move/{way:str}", posted(move), methods=["POST"]),
    Route(_PAPER + "/day/{day}", posted(date), methods=["POST"]),
    Route(_PAPER + "/details", ask_details),
    Route(_PAPER + "/details", posted(save_details), methods=["POST"]),
    Route(_PAPER + "/take-away", posted(take_away), methods=["POST"]),
    Route(_PAPER + "/replace", replace, methods=["POST"]),
    Route(_PAPER + "/turn/{way:str}", turn, methods=["POST"]),
    Route(_CASE + "/bin/{number}/restore", posted(restore), methods=["POST"]),
]
"""Of what is done with papers."""
