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

from bundler.atomic_write import replace_unchanged
from bundler.case.model import Material
from bundler.case_edit.changes import ABSENT, Change, Move, Put
from bundler.case_edit.lock import case_lock
from bundler.case_edit.materials import MaterialRef, remove_material, replace_file, restore_material
from bundler.case_edit.save import Conflict, Outcome, Refused, Saved, record_history
from bundler.case_edit.snapshot import Tree
from bundler.desk.cases.case_view import CaseView, requested_case
from bundler.desk.cases.changing import change, outcome_response, version_tree
from bundler.desk.cases.form_fields import Field, Json, build_nodes
from bundler.desk.cases.form_values import parse_value
from bundler.desk.cases.material_slots import DATE_FIELDS, MaterialCard, slot_groups
from bundler.desk.cases.materials import materials_context, materials_response, requested_card, viewer_context
from bundler.desk.cases.multipart import UploadForm, read_upload_form
from bundler.desk.cases.responses import remember_version
from bundler.desk.cases.services import services_of
from bundler.desk.cases.wording import page
from bundler.desk.cases.worker_pool import WorkerSet
from bundler.desk.http import actor_of, form_endpoint, number_in_path, number_or_default, read_form
from bundler.desk.security.audit import audit_change
from bundler.digest import sha256_of
from bundler.errors import CaseError
from bundler.intake.scan import scan_file
from bundler.ledger.case_history import FileDigest
from bundler.materials.folder import read_unchanged
from bundler.materials.rotate import rotate_pages
from bundler.regulation.papers import PAPERS, Item
from bundler.sandbox import LimitExceededError, WorkFailedError

_DETAILS = ("title", *DATE_FIELDS, "service_kind", "document_no", "author", "pages")
_DEGREES = {"turn-left": -90, "turn-right": 90}
_MOVES = {"earlier": -1, "later": 1}


def move(request: Request, form: FormData) -> Response:
    """A paper stands before or behind its neighbour in its place."""
    sight, card = requested_card(request)
    place = str(form.get("place", "")) or card.material.items[0].value
    spots = (spot for group in slot_groups(sight) for spot in group.spots)
    here = next((spot.cards for spot in spots if spot.paper.item.value == place), ())
    at = next((number for number, one in enumerate(here) if one.index == card.index), 0)
    to = at + _way(request, _MOVES)
    if not 0 <= to < len(here):
        return materials_response(request)
    return change(request, sight, form, [Move(card.path, int(here[to].path.rpartition("/")[2]))])


def _way(request: Request, ways: Mapping[str, int]) -> int:
    found = ways.get(request.path_params["way"])
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


def date(request: Request, form: FormData) -> Response:
    """A day that a paper bears."""
    sight, card = requested_card(request)
    name = request.path_params["day"]
    if name not in DATE_FIELDS:
        raise HTTPException(HTTPStatus.NOT_FOUND, "没有这个日期。")
    return change(request, sight, form, [Put(f"{card.path}/{name}", str(form.get("value", "")) or ABSENT)])


def ask_details(request: Request) -> Response:
    """What a paper is called, and what else is known of it."""
    sight, card = requested_card(request)
    remember_version(request, sight)
    context = {
        "sight": sight,
        "card": card,
        "fields": _details(card, _entry(sight.tree, card)),
        "all_papers": tuple(PAPERS.values()),
    }
    return page(request, "case_details.html", context)


def _details(card: MaterialCard, told: Json) -> tuple[Field, ...]:
    return tuple(one for one in build_nodes(Material, told, card.path, _DETAILS) if isinstance(one, Field))


def _entry(tree: Tree | None, card: MaterialCard) -> Json:
    """What stands of a paper in a tree; nothing where that cannot be told."""
    materials = tree.get("materials") if tree else None
    place = int(card.path.rpartition("/")[2])
    return materials[place] if isinstance(materials, list) and place < len(materials) else {}


def save_details(request: Request, form: FormData) -> Response:
    """What was filled in of that: only what differs from what was seen is a change."""
    sight, card = requested_card(request)
    seen = _entry(version_tree(request, sight, str(form.get("version", "")) or sight.version), card)
    changes: list[Change] = [
        Put(field.path, value)
        for field in _details(card, seen)
        if (value := parse_value(field, [str(form.get(field.path.rpartition("/")[2], ""))])) != (field.value or ABSENT)
    ]
    items = [one for one in map(str, form.getlist("items")) if one in set(Item)]
    if items and set(items) != set(seen.get("items", ())):
        changes.append(Put(f"{card.path}/items", items))
    return change(request, sight, form, changes)


def take_away(request: Request, form: FormData) -> Response:
    """A paper goes into the bin."""
    sight, card = requested_card(request)
    version = str(form.get("version", "")) or sight.version
    outcome = remove_material(_paper(request, sight, card, version))
    return _put_away(request, sight, outcome, "take-away", FileDigest(card.material.file, card.record.sha256))


def _paper(request: Request, sight: CaseView, card: MaterialCard, version: str) -> MaterialRef:
    return MaterialRef(sight.place.folder, card.path, version, version_tree(request, sight, version), actor_of(request))


def _put_away(request: Request, sight: CaseView, outcome: Outcome, action: str, output: FileDigest) -> Response:
    if isinstance(outcome, Conflict | Refused):
        return outcome_response(request, sight, outcome)
    audit_change(request, sight.place, action, [output], outcome.places)
    return materials_response(request)


async def replace(request: Request) -> Response:
    """Another file in the place of a paper's; the earlier one goes into the bin."""
    sight, card = await run_in_threadpool(requested_card, request)
    async with read_upload_form(request, sight.place.folder) as form:
        return await services_of(request).hands.do(lambda hand: _replace(request, sight, card, form, hand))


def _replace(request: Request, sight: CaseView, card: MaterialCard, form: UploadForm, hand: WorkerSet) -> Response:
    if not form.files or sight.case is None:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "没有收到文件，请重新选择。")
    folder, sent = sight.place.folder, form.files[0]
    scan = scan_file(sent.path, folder, sight.case, name=sent.name, worker=hand.inspector)
    if scan.refusal:
        raise CaseError(f"没有替换。{scan.refusal}", fix=scan.fix)
    if scan.record.sha256 == card.record.sha256:
        raise CaseError("没有替换：与现在的文件完全一样。", fix="请核对是不是选错了文件。")
    done = replace_file(_paper(request, sight, card, sight.version), scan.new_file)
    return _put_away(request, sight, done.outcome, "replace", FileDigest(done.file, scan.record.sha256))


async def turn(request: Request) -> Response:
    """A paper's pages turned by a quarter."""
    sight, card = await run_in_threadpool(requested_card, request)
    form = await read_form(request)
    return await services_of(request).hands.do(lambda hand: _turn(request, sight, card, form, hand))


def _turn(request: Request, sight: CaseView, card: MaterialCard, form: FormData, hand: WorkerSet) -> Response:
    only = number_or_default(str(form.get("page", "")), 0)
    folder, file, record = sight.place.folder, card.material.file, card.record
    pages = [only] if only in card.pages else list(card.pages)
    data = read_unchanged(folder, file, record.sha256)
    degrees = _way(request, _DEGREES)
    try:
        made = hand.worker.run(rotate_pages, data, record.media_type, pages, degrees)
    except (LimitExceededError, WorkFailedError) as error:
        hand.holds = ""
        raise CaseError(f"“{file}”转不了：已损坏，或者有密码。", fix="请重新扫描。") from error
    with case_lock(folder):
        if not replace_unchanged(folder / file, data, made):
            raise CaseError(f"“{file}”刚被别人改动，没有转。", fix="请刷新页面后再试。")
    outputs = [FileDigest(file, sha256_of(made))]
    record_history(folder, "turn", outputs, actor=actor_of(request))
    audit_change(request, sight.place, "turn", outputs)
    return _viewed(request, card, only) if form.get("viewer") and only else materials_response(request)


def _viewed(request: Request, card: MaterialCard, number: int) -> Response:
    """The viewer anew after a page was turned in it, and the places behind it."""
    sight = requested_case(request)
    cards = (one for group in slot_groups(sight) for spot in group.spots for one in spot.cards)
    now = next((one for one in cards if one.path == card.path), None)
    if now is None:
        return materials_response(request)
    viewer = viewer_context(sight, now, now.pages, number - now.pages.start + 1)
    return page(request, "case_viewer_turned.html", {**materials_context(sight), **viewer})


def restore(request: Request, form: FormData) -> Response:
    """Something out of the bin."""
    del form
    sight = requested_case(request)
    outcome = restore_material(sight.place.folder, number_in_path(request, "number"), actor=actor_of(request))
    if not isinstance(outcome, Saved):
        raise CaseError("案件数据不能放入这一份。", fix="请先在表单里改正案件数据。")
    audit_change(request, sight.place, "restore", places=outcome.places)
    return Response(headers={"HX-Redirect": f"/cases/{sight.place.key}/materials"})


_CASE = "/cases/{key}"
_PAPER = _CASE + "/materials/{name}"
routes = [
    Route(_PAPER + "/move/{way:str}", form_endpoint(move), methods=["POST"]),
    Route(_PAPER + "/day/{day}", form_endpoint(date), methods=["POST"]),
    Route(_PAPER + "/details", ask_details),
    Route(_PAPER + "/details", form_endpoint(save_details), methods=["POST"]),
    Route(_PAPER + "/take-away", form_endpoint(take_away), methods=["POST"]),
    Route(_PAPER + "/replace", replace, methods=["POST"]),
    Route(_PAPER + "/turn/{way:str}", turn, methods=["POST"]),
    Route(_CASE + "/bin/{number}/restore", form_endpoint(restore), methods=["POST"]),
]
"""Of what is done with papers."""
