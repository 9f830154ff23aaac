"""Files sent up: put where the clerk dropped them, or asked about; nothing is decided silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case.model import Case
from bundler.case_edit.materials import add_file
from bundler.case_edit.save import Conflict, Refused
from bundler.desk.cases.case_view import CaseView, requested_case
from bundler.desk.cases.material_slots import DATE_FIELDS
from bundler.desk.cases.materials import materials_response, unlisted_files_of
from bundler.desk.cases.multipart import UploadedFile, UploadForm, read_upload_form
from bundler.desk.cases.pending_uploads import PendingUpload
from bundler.desk.cases.services import services_of
from bundler.desk.cases.wording import page
from bundler.desk.cases.worker_pool import WorkerSet
from bundler.desk.http import actor_of, read_form
from bundler.desk.security.audit import audit_change
from bundler.errors import CaseError
from bundler.intake.scan import find_filed, scan_file
from bundler.intake.split import Basis, ScanPart
from bundler.ledger.case_history import FileDigest
from bundler.regulation.papers import PAPERS, Item


@dataclass(frozen=True, slots=True)
class UploadQuestion:
    """A file about which the clerk is asked.

    Attributes:
        waiting: the file.
        already: for each of its papers, the file under which the same pages are in the case already.
        wanted: the place on which it was dropped.
    """

    waiting: PendingUpload
    already: tuple[str | None, ...]
    wanted: Item | None

    @property
    def differs(self) -> bool:
        """Whether its codes speak of another place than the one on which it was dropped."""
        named = {item for part in self.waiting.scan.parts if part.basis is Basis.CODE for item in part.items}
        return self.wanted is not None and bool(named) and named != {self.wanted}


async def receive(request: Request) -> Response:
    """Files that were dropped on a place, or on the page."""
    sight = await run_in_threadpool(requested_case, request)
    async with read_upload_form(request, sight.place.folder) as form:
        return await services_of(request).hands.do(lambda hand: _receive(request, sight, form, hand))


def _receive(request: Request, sight: CaseView, form: UploadForm, hand: WorkerSet) -> Response:
    wanted = _item(form.field("item"))
    asked = tuple(_look(request, sight, sent, wanted, hand) for sent in form.files)
    if not asked:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "没有收到文件，请重新选择。")
    left = tuple(one for one in asked if not _is_plain(one))
    for one in asked:
        if one not in left and wanted is not None:
            whole = replace(one.waiting.scan.parts[0], items=(wanted,), basis=Basis.HAND)
            _file(request, sight, one.waiting, [whole], [{}])
    return _ask(request, sight, left) if left else materials_response(request, wanted)


def _look(
    request: Request, sight: CaseView, sent: UploadedFile, wanted: Item | None, hand: WorkerSet
) -> UploadQuestion:
    case = _case(sight)
    scan = scan_file(sent.path, sight.place.folder, case, name=sent.name, worker=hand.inspector)
    waiting = services_of(request).pending_uploads.keep(sight.place.key, sent.name, scan)
    if scan.refusal:
        _drop(request, waiting)
    return UploadQuestion(waiting, tuple(find_filed(scan, part, case) for part in scan.parts), wanted)


def _is_plain(asked: UploadQuestion) -> bool:
    """Whether dropping it on a place has said all: one paper, which nothing contradicts."""
    scan = asked.waiting.scan
    return (
        asked.wanted is not None
        and not scan.refusal
        and len(scan.parts) == 1
        and not asked.differs
        and not any(asked.already)
    )


def _ask(request: Request, sight: CaseView, asked: Sequence[UploadQuestion]) -> Response:
    context = {"sight": sight, "asked": asked, "papers": tuple(PAPERS.values())}
    response = page(request, "case_ask.html", context)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#dialog", "innerHTML"
    return response


async def ask_about_unlisted_file(request: Request) -> Response:
    """A file that lies in the folder already, and that nothing names."""
    sight = await run_in_threadpool(requested_case, request)
    strays = await run_in_threadpool(unlisted_files_of, sight)
    stray = next((one for one in strays if one.key == request.path_params["stray"]), None)
    if stray is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这个文件已经列入，或者已经不在。请刷新页面。")
    sent = UploadedFile(stray.name, sight.place.folder / stray.name)
    return await services_of(request).hands.do(
        lambda hand: _ask(request, sight, [_look(request, sight, sent, stray.guess, hand)])
    )


async def place(request: Request) -> Response:
    """What the clerk said of the files that wait."""
    form = await read_form(request)
    return await services_of(request).hands.do(lambda _: _place(request, form))


def _place(request: Request, form: FormData) -> Response:
    sight = requested_case(request)
    first: Item | None = None
    for token in [str(one) for one in form.getlist("token")]:
        waiting = services_of(request).pending_uploads.get(sight.place.key, token)
        if waiting is None:
            raise HTTPException(HTTPStatus.GONE, "等得太久，上传的文件已经放弃。请重新上传。")
        parts, days = _said(form, waiting)
        if parts:
            first = first or parts[0].items[0]
            _file(request, sight, waiting, parts, days)
        else:
            _drop(request, waiting)
    return materials_response(request, first)


def _said(form: FormData, waiting: PendingUpload) -> tuple[list[ScanPart], list[dict[str, str]]]:
    """The papers that the clerk wants, each with its places and the days that it bears."""
    parts: list[ScanPart] = []
    days: list[dict[str, str]] = []
    for number, part in enumerate(waiting.scan.parts):
        name = f"{waiting.token}-{number}"
        items = tuple(dict.fromkeys(item for one in form.getlist(f"item-{name}") if (item := _item(str(one)))))
        if items:
            parts.append(replace(part, items=items, basis=Basis.HAND))
            days.append({day: told for day in DATE_FIELDS if (told := str(form.get(f"{day}-{name}", "")))})
    return parts, days


async def forget(request: Request) -> Response:
    """The clerk wants none of the files that wait."""
    form = await read_form(request)
    sight = await run_in_threadpool(requested_case, request)
    for token in form.getlist("token"):
        waiting = services_of(request).pending_uploads.get(sight.place.key, str(token))
        if waiting is not None:
            await run_in_threadpool(_drop, request, waiting)
    return Response(headers={"HX-Trigger": "close-dialog"})


def _file(
    request: Request,
    sight: CaseView,
    waiting: PendingUpload,
    parts: Sequence[ScanPart],
    days: Sequence[dict[str, str]],
) -> None:
    """Put a file's papers into the case, with their days; and a line in its history."""
    entries = [{**part.entry, **dates} for part, dates in zip(parts, days, strict=True)]
    done = add_file(sight.place.folder, waiting.scan.new_file, entries, actor=actor_of(request))
    if isinstance(done.outcome, Conflict):
        raise CaseError("没有加入：案件正在被别人改动。", fix="请再试一次。")
    if isinstance(done.outcome, Refused):
        told = "；".join(one.message for one in done.outcome.refusals)
        raise CaseError(f"没有加入。{told}", fix="请改正后再加入。")
    audit_change(request, sight.place, "add", [FileDigest(done.file, waiting.scan.record.sha256)])
    _drop(request, waiting)


def _drop(request: Request, waiting: PendingUpload) -> None:
    services_of(request).pending_uploads.drop(waiting.token)


def _item(word: str) -> Item | None:
    return Item(word) if word in set(Item) else None


def _case(sight: CaseView) -> Case:
    if sight.case is None:
        raise CaseError("案件数据现在读不出来，不能加入材料。", fix="请先在表单里改正。")
    return sight.case


_BASE = "/cases/{key}"
routes = [
    Route(_BASE + "/uploads", receive, methods=["POST"]),
    Route(_BASE + "/uploads/place", place, methods=["POST"]),
    Route(_BASE + "/uploads/forget", forget, methods=["POST"]),
    Route(_BASE + "/strays/{stray}", ask_about_unlisted_file, methods=["POST"]),
]
"""Of files sent up."""
