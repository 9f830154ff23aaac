"""The routes that change materials: reorder, date, edit, remove, replace, rotate, restore from the recycle bin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case.model import Material
from bundler.case_edit.change_operations import ABSENT, Change, Move, Put
from bundler.case_edit.materials import MaterialRef, remove_material, replace_file, restore_material
from bundler.case_edit.read_version_cache import Tree
from bundler.case_edit.removed_materials import read_bin_entry
from bundler.case_edit.save import Outcome, Saved, save_changes
from bundler.case_edit.unplaced_files_inbox import restore_waiting
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.form_fields import Field, Json, parse_value
from bundler.desk.cases.form_fields_from_model import build_nodes
from bundler.desk.cases.material_slots import (
    DATE_FIELDS,
    MaterialCard,
    all_slots,
)
from bundler.desk.cases.multipart import UploadForm, read_upload_form
from bundler.desk.cases.parse_page_ranges import normalise_page_range
from bundler.desk.cases.requested_case import change_guard, requested_card, requested_case, services_of
from bundler.desk.cases.responses import case_page, materials_response, outcome_response
from bundler.desk.cases.turn_and_combine_pages import FilePages, turn_pages
from bundler.desk.cases.worker_pool import WorkerSet
from bundler.desk.request_helpers import actor_of, form_endpoint, number_in_path
from bundler.desk.security.audit import audit_change
from bundler.errors import CaseError
from bundler.intake.add_scan import scan_file
from bundler.ledger.history_entry import FileDigest
from bundler.regulation.papers import Item

_DETAIL_FIELDS = ("title", *DATE_FIELDS, "service_kind", "document_no", "author", "pages")
_DEGREES = {"turn-left": -90, "turn-right": 90}
_OFFSETS = {"earlier": -1, "later": 1}


def change_materials(request: Request, view: CaseView, form: FormData, changes: Sequence[Change]) -> Response:
    """Save changes that a form of the materials page asks for, and show the slots again."""
    version = _shown_version(view, form)
    seen = services_of(request).known_tree(view, version)
    guard = change_guard(request, view)
    outcome = save_changes(view.ref.folder, version, changes, seen=seen, actor=actor_of(request), guard=guard)
    return _saved_response(request, view, outcome, "edit", [])


def move_material(request: Request, form: FormData) -> Response:
    """Move a material before or behind its neighbour in the same slot."""
    view, card = requested_card(request)
    item = str(form.get("place", "")) or card.material.items[0].value
    cards = next((slot.cards for slot in all_slots(view) if slot.paper.item.value == item), ())
    position = next((number for number, one in enumerate(cards) if one.index == card.index), 0)
    new_position = position + _way_in_path(request, _OFFSETS)
    if not 0 <= new_position < len(cards):
        return materials_response(request)
    change = Move(card.path, int(cards[new_position].path.rpartition("/")[2]))
    return change_materials(request, view, form, [change])


def place_elsewhere(request: Request, form: FormData) -> Response:
    """File a material under another item instead of the one of the slot from which it was dragged."""
    view, card = requested_card(request)
    source, target = (str(form.get(name, "")) for name in ("from", "to"))
    if target not in set(Item):
        raise HTTPException(HTTPStatus.NOT_FOUND, "没有这一项。")
    items = [target if item.value == source else item.value for item in card.material.items]
    change = Put(f"{card.path}/items", list(dict.fromkeys(items)))
    return change_materials(request, view, form, [change])


def set_date(request: Request, form: FormData) -> Response:
    """Set a date of a material."""
    view, card = requested_card(request)
    name = request.path_params["day"]
    if name not in DATE_FIELDS:
        raise HTTPException(HTTPStatus.NOT_FOUND, "没有这个日期。")
    return change_materials(request, view, form, [Put(f"{card.path}/{name}", str(form.get("value", "")) or ABSENT)])


def show_details(request: Request) -> Response:
    """The form of a material's title, dates, items and other fields."""
    view, card = requested_card(request)
    services_of(request).keep_version(view)
    context = {
        "view": view,
        "card": card,
        "fields": _detail_fields(view, card, _entry(view.tree, card)),
        "all_papers": tuple(view.regulation.papers.values()),
    }
    return case_page(request, "case_material_details.html", context)


def save_details(request: Request, form: FormData) -> Response:
    """Save the fields of that form whose value differs from the one that the clerk saw."""
    view, card = requested_card(request)
    seen = services_of(request).known_tree(view, _shown_version(view, form))
    return change_materials(request, view, form, _detail_changes(view, card, _entry(seen, card), form))


def remove_to_bin(request: Request, form: FormData) -> Response:
    """Remove a material into the recycle bin."""
    view, card = requested_card(request)
    outcome = remove_material(_material_ref(request, view, card, _shown_version(view, form)))
    file = FileDigest(card.material.file, card.record.sha256)
    return _saved_response(request, view, outcome, "take-away", [file])


async def replace_material(request: Request) -> Response:
    """Replace a material's file; the old file goes into the recycle bin."""
    view, card = await run_in_threadpool(requested_card, request)
    services, ref = services_of(request), _material_ref(request, view, card, view.version)
    incoming = services.incoming
    async with read_upload_form(request.headers, request.stream(), view.ref.folder, incoming) as form:

        def task(workers: WorkerSet) -> Response:
            outcome, file = _replace_file(view, card, ref, form, workers)
            return _saved_response(request, view, outcome, "replace", [file])

        return await services.workers.run(task)


async def rotate_material(request: Request) -> Response:
    """Rotate all pages of a material by 90 degrees."""
    view, card = await run_in_threadpool(requested_card, request)
    actor, degrees = actor_of(request), _way_in_path(request, _DEGREES)

    def task(workers: WorkerSet) -> Response:
        pages = FilePages.of_card(card)
        file = turn_pages(view, pages, pages.pages, degrees, workers, actor)
        audit_change(request, view.ref, "turn", [file])
        return materials_response(request)

    return await services_of(request).workers.run(task)


def restore_from_bin(request: Request, form: FormData) -> Response:
    """Restore a material from the recycle bin."""
    del form
    view, number = requested_case(request), number_in_path(request, "number")
    entry = read_bin_entry(view.ref.folder, number)
    if entry is not None and not entry.entry.get("items"):
        restore_waiting(view.ref.folder, number, actor=actor_of(request))
        audit_change(request, view.ref, "restore")
        return Response(headers={"HX-Redirect": f"/cases/{view.ref.key}/sorting"})
    outcome = restore_material(view.ref.folder, number, actor=actor_of(request))
    if not isinstance(outcome, Saved):
        raise CaseError("案件数据不能放入这一份。", fix="请先在表单里改正案件数据。")
    audit_change(request, view.ref, "restore", places=outcome.places)
    return Response(headers={"HX-Redirect": f"/cases/{view.ref.key}/materials"})


def _way_in_path(request: Request, ways: Mapping[str, int]) -> int:
    way = ways.get(request.path_params["way"])
    if way is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return way


def _shown_version(view: CaseView, form: FormData) -> str:
    """The version of case.json that the page showed, as its form states."""
    return str(form.get("version", "")) or view.version


def _saved_response(
    request: Request, view: CaseView, outcome: Outcome, action: str, files: Sequence[FileDigest]
) -> Response:
    """The slots after a change that was saved and audited; the dialog of a conflict, or the error of a refusal."""

    def on_saved(saved: Saved) -> Response:
        audit_change(request, view.ref, action, files, saved.places)
        return materials_response(request)

    return outcome_response(request, view, outcome, on_saved)


def _material_ref(request: Request, view: CaseView, card: MaterialCard, version: str) -> MaterialRef:
    seen = services_of(request).known_tree(view, version)
    return MaterialRef(view.ref.folder, card.path, version, seen, actor_of(request))


def _entry(tree: Tree | None, card: MaterialCard) -> Json:
    """The entry of a material in a version of case.json; an empty one where the version has none."""
    materials = tree.get("materials") if tree else None
    index = int(card.path.rpartition("/")[2])
    return materials[index] if isinstance(materials, list) and index < len(materials) else {}


def _detail_fields(view: CaseView, card: MaterialCard, entry: Json) -> tuple[Field, ...]:
    nodes = build_nodes(Material, entry, card.path, view.regulation, _DETAIL_FIELDS)
    return tuple(one for one in nodes if isinstance(one, Field))


def _detail_changes(view: CaseView, card: MaterialCard, seen: Json, form: FormData) -> list[Change]:
    """The changes between the entry that the clerk saw and the values of the form."""
    changes: list[Change] = []
    for field in _detail_fields(view, card, seen):
        key = field.path.rpartition("/")[2]
        text = str(form.get(key, ""))
        value = parse_value(field, [normalise_page_range(text) if key == "pages" else text])
        if value != (field.value or ABSENT):
            changes.append(Put(field.path, value))
    items = [one for one in map(str, form.getlist("items")) if one in set(Item)]
    if items and set(items) != set(seen.get("items", ())):
        changes.append(Put(f"{card.path}/items", items))
    return changes


def _replace_file(
    view: CaseView, card: MaterialCard, ref: MaterialRef, form: UploadForm, workers: WorkerSet
) -> tuple[Outcome, FileDigest]:
    """Inspect the uploaded file and put it in the place of a material's file.

    Raises:
        CaseError: the gate would not accept the file, or it is the same one.
        HTTPException: 400, there is no file, or the case cannot be read.
    """
    if not form.files or view.case is None:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "没有收到文件，请重新选择。")
    uploaded = form.files[0]
    scan = scan_file(uploaded.path, view.ref.folder, view.case, name=uploaded.name, worker=workers.inspector)
    if scan.refusal:
        raise CaseError(f"没有替换。{scan.refusal}", fix=scan.fix)
    if scan.record.sha256 == card.record.sha256:
        raise CaseError("没有替换：与现在的文件完全一样。", fix="请核对是不是选错了文件。")
    replaced = replace_file(ref, scan.new_file)
    return replaced.outcome, FileDigest(replaced.file, scan.record.sha256)


_CASE = "/cases/{key}"
_MATERIAL = _CASE + "/materials/{name}"
routes = [
    Route(_MATERIAL + "/move/{way:str}", form_endpoint(move_material), methods=["POST"]),
    Route(_MATERIAL + "/place", form_endpoint(place_elsewhere), methods=["POST"]),
    Route(_MATERIAL + "/day/{day}", form_endpoint(set_date), methods=["POST"]),
    Route(_MATERIAL + "/details", show_details),
    Route(_MATERIAL + "/details", form_endpoint(save_details), methods=["POST"]),
    Route(_MATERIAL + "/take-away", form_endpoint(remove_to_bin), methods=["POST"]),
    Route(_MATERIAL + "/replace", replace_material, methods=["POST"]),
    Route(_MATERIAL + "/turn/{way:str}", rotate_material, methods=["POST"]),
    Route(_CASE + "/bin/{number}/restore", form_endpoint(restore_from_bin), methods=["POST"]),
]
