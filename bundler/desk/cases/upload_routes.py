"""The route of uploads: files dropped on a slot are added to the case; all others wait on the sorting page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case_edit.materials import add_file
from bundler.case_edit.save import Conflict, Refused
from bundler.case_edit.unplaced_files_inbox import keep_waiting
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.multipart import UploadedFile, read_upload_form
from bundler.desk.cases.requested_case import requested_case, services_of
from bundler.desk.cases.responses import case_page, dialog_response, materials_response, refusal_message
from bundler.desk.cases.unplaced_files import CODE, file_key, remembering_reader, unplaced_files
from bundler.desk.cases.worker_pool import WorkerSet
from bundler.desk.request_helpers import actor_of
from bundler.desk.security.audit import audit_change
from bundler.errors import CaseError
from bundler.intake.add_scan import Scan, find_filed, scan_file
from bundler.intake.split_scan import Basis
from bundler.ledger.history_entry import FileDigest
from bundler.regulation.model import Regulation
from bundler.regulation.papers import Item


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """What became of an uploaded file.

    Attributes:
        name: its name.
        refusal: why it was not taken in, in Chinese; empty where it was.
        fix: what to do about that.
        waiting: its name in the case's folder, where it waits to be placed; empty where it does not wait.
        notice: why it was not placed on the slot on which it was dropped; empty where it was.
        warning: why that slot may be the wrong one, though it was placed there; empty where nothing says so.
    """

    name: str
    refusal: str = ""
    fix: str = ""
    waiting: str = ""
    notice: str = ""
    warning: str = ""


async def receive_uploads(request: Request) -> Response:
    """Take files that were dropped on a slot or on the page."""
    view = await run_in_threadpool(requested_case, request)
    services = services_of(request)
    async with read_upload_form(request.headers, request.stream(), view.ref.folder, services.incoming) as form:
        slot, in_tiles = _item_or_none(form.field("item")), bool(form.field("tiles"))

        def task(workers: WorkerSet) -> Response:
            if not form.files:
                raise HTTPException(HTTPStatus.BAD_REQUEST, "没有收到文件，请重新选择。")
            received = [_receive(request, view, file, slot, workers) for file in form.files]
            if in_tiles:
                return _tiles_response(request, received, workers)
            return _page_response(request, view, received, slot)

        return await services.workers.run(task)


def _receive(
    request: Request, view: CaseView, file: UploadedFile, slot: Item | None, workers: WorkerSet
) -> ReceivedFile:
    """Inspect a file; add it where its slot says what it is, else let it wait in the folder.

    Raises:
        CaseError: the case cannot be read, is being changed by another user, or cannot take the file.
    """
    case, folder = view.case, view.ref.folder
    if case is None:
        raise CaseError("案件数据现在读不出来，不能加入材料。", fix="请先在表单里改正。")
    scan = scan_file(
        file.path,
        folder,
        case,
        name=file.name,
        worker=workers.inspector,
        present=view.checked.records,
        read=remembering_reader(services_of(request)),
    )
    if scan.refusal:
        return ReceivedFile(file.name, CODE.sub("", scan.refusal), scan.fix)
    filed = next((one for part in scan.parts if (one := find_filed(scan, part, case))), None)
    if filed is not None and len(scan.parts) == 1:
        title = filed.rpartition("/")[2]
        return ReceivedFile(file.name, f"与材料里的“{title}”完全一样，没有再收。", "同时算几项的，在“名称等”里勾选。")
    notice = _why_not_there(scan, slot, view.regulation)
    if slot is not None and not notice:
        _add(request, view, scan, slot)
        return ReceivedFile(file.name, warning=_why_another(scan, file.name, slot, view.regulation))
    name = keep_waiting(folder, scan.new_file, actor=actor_of(request))
    audit_change(request, view.ref, "receive", [FileDigest(name, scan.record.sha256)])
    return ReceivedFile(file.name, waiting=name, notice=notice if slot is not None else "")


def _why_not_there(scan: Scan, slot: Item | None, regulation: Regulation) -> str:
    """Why a file is not placed on its slot without a question; empty where it is."""
    items = {item for part in scan.parts if part.basis is Basis.CODE for item in part.items}
    if slot is None:
        return "没有指定放在哪一项。"
    if items and items != {slot}:
        papers = regulation.papers
        return f"文件上的二维码是“{'”“'.join(papers[item].label for item in items)}”，不是“{papers[slot].label}”。"
    return "里面有几件，要一件一件放。" if len(scan.parts) > 1 else ""


def _why_another(scan: Scan, name: str, slot: Item, regulation: Regulation) -> str:
    """Why a file that was placed on a slot may belong to another one; empty where nothing says so."""
    part = scan.parts[0]
    if not part.items or part.items[0] is slot or part.basis not in {Basis.NAME, Basis.TEXT}:
        return ""
    labels = regulation.papers[part.items[0]].label, regulation.papers[slot].label
    return f"“{name}”放到了“{labels[1]}”，按{part.basis.label}却像“{labels[0]}”，请核对；放错了按 Ctrl+Z。"


def _add(request: Request, view: CaseView, scan: Scan, slot: Item) -> None:
    # What else was read on it is not taken over without being shown.
    part = replace(scan.parts[0], items=(slot,), basis=Basis.HAND, title="", day=None)
    added = add_file(view.ref.folder, scan.new_file, [part.entry], actor=actor_of(request))
    if isinstance(added.outcome, Conflict):
        raise CaseError("没有加入：案件正在被别人改动。", fix="请再试一次。")
    if isinstance(added.outcome, Refused):
        raise CaseError(f"没有加入。{refusal_message(added.outcome)}", fix="请改正后再加入。")
    audit_change(request, view.ref, "add", [FileDigest(added.file, scan.record.sha256)])


def _tiles_response(request: Request, received: Sequence[ReceivedFile], workers: WorkerSet) -> Response:
    """The tiles of the files that wait now, and why others do not; the page that sent the files puts them in."""
    view, services = requested_case(request), services_of(request)
    files = [
        found
        for one in received
        if one.waiting
        for found in unplaced_files(view, services, workers.inspector, only=file_key(one.waiting))
    ]
    refused = [one for one in received if one.refusal]
    return case_page(request, "case_sorting_received.html", {"view": view, "files": files, "refused": refused})


def _page_response(request: Request, view: CaseView, received: Sequence[ReceivedFile], slot: Item | None) -> Response:
    """The slots where everything was added; else a dialog that says what was not, and leads to the sorting page."""
    is_waiting = any(one.waiting for one in received)
    told = [one for one in received if one.refusal or one.notice]
    if told:
        context = {"view": view, "received": told, "waiting": sum(bool(one.waiting) for one in received)}
        return dialog_response(request, "case_upload_told.html", context)
    if is_waiting:
        return Response(headers={"HX-Redirect": f"/cases/{view.ref.key}/sorting"})
    return materials_response(request, slot, "".join(one.warning for one in received))


def _item_or_none(name: str) -> Item | None:
    return Item(name) if name in set(Item) else None


routes = [Route("/cases/{key}/uploads", receive_uploads, methods=["POST"])]
