"""The routes of uploads: files dropped on a slot are added to the case; for all others the page asks the clerk first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case_edit.materials import add_file
from bundler.case_edit.save import Conflict, Refused
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.material_slots import DATE_FIELDS, unlisted_files
from bundler.desk.cases.multipart import UploadedFile, read_upload_form
from bundler.desk.cases.pending_uploads import PendingUpload, PendingUploads
from bundler.desk.cases.requested_case import requested_case, services_of
from bundler.desk.cases.responses import dialog_response, materials_response, refusal_message
from bundler.desk.cases.worker_pool import WorkerSet
from bundler.desk.request_helpers import actor_of, read_form
from bundler.desk.security.audit import audit_change
from bundler.errors import CaseError
from bundler.intake.add_scan import find_filed, scan_file
from bundler.intake.split import Basis, ScanPart
from bundler.ledger.case_change_log import FileDigest
from bundler.regulation.papers import PAPERS, Item


@dataclass(frozen=True, slots=True)
class UploadQuestion:
    """A file whose item the clerk has to choose.

    Attributes:
        upload: the file.
        filed_as: for each of its parts, the file of the case that has the same pages already.
        slot: the item of the slot on which it was dropped.
    """

    upload: PendingUpload
    filed_as: tuple[str | None, ...]
    slot: Item | None

    @property
    def contradicts_slot(self) -> bool:
        """Whether the QR codes in the file name another item than the slot's."""
        parts = self.upload.scan.parts
        items = {item for part in parts if part.basis is Basis.CODE for item in part.items}
        return self.slot is not None and bool(items) and items != {self.slot}

    @property
    def is_settled(self) -> bool:
        """Whether the slot answers the question: the file has one part, and nothing contradicts."""
        scan = self.upload.scan
        return (
            self.slot is not None
            and not scan.refusal
            and len(scan.parts) == 1
            and not self.contradicts_slot
            and not any(self.filed_as)
        )


@dataclass(frozen=True, slots=True)
class _CaseInbox:
    """Adds pending uploads to a case.

    Attributes:
        view: the case.
        uploads: the pending uploads of the desk.
        actor: the account that adds them.
        audit: writes an audit line for an added file.
        inspected: the tokens of the pending uploads that it made.
    """

    view: CaseView
    uploads: PendingUploads
    actor: str
    audit: Callable[[FileDigest], None]
    inspected: list[str] = field(default_factory=list)

    @contextmanager
    def drop_on_error(self) -> Iterator[None]:
        """Where the block fails, drop the files that it inspected: no page was sent on which the clerk could place them."""
        try:
            yield
        except BaseException:
            for token in self.inspected:
                self.uploads.drop(token)
            raise

    def inspect(self, file: UploadedFile, slot: Item | None, workers: WorkerSet) -> UploadQuestion:
        """Inspect a file and make it a pending upload, unless the gate would not accept it.

        Raises:
            CaseError: the case cannot be read.
        """
        case = self.view.case
        if case is None:
            raise CaseError("案件数据现在读不出来，不能加入材料。", fix="请先在表单里改正。")
        scan = scan_file(file.path, self.view.ref.folder, case, name=file.name, worker=workers.inspector)
        upload = self.uploads.add(self.view.ref.key, file.name, scan)
        self.inspected.append(upload.token)
        if scan.refusal:
            self.uploads.drop(upload.token)
        return UploadQuestion(upload, tuple(find_filed(scan, part, case) for part in scan.parts), slot)

    def add(self, upload: PendingUpload, parts: Sequence[ScanPart], dates: Sequence[dict[str, str]]) -> None:
        """Add the parts of a file to the case, each with its dates, and record that in the case's history.

        Raises:
            CaseError: someone else is changing the case, or a date does not fit the case model.
        """
        entries = [{**part.entry, **part_dates} for part, part_dates in zip(parts, dates, strict=True)]
        added = add_file(self.view.ref.folder, upload.scan.new_file, entries, actor=self.actor)
        if isinstance(added.outcome, Conflict):
            raise CaseError("没有加入：案件正在被别人改动。", fix="请再试一次。")
        if isinstance(added.outcome, Refused):
            raise CaseError(f"没有加入。{refusal_message(added.outcome)}", fix="请改正后再加入。")
        self.audit(FileDigest(added.file, upload.scan.record.sha256))
        self.uploads.drop(upload.token)

    def add_settled(self, questions: Sequence[UploadQuestion]) -> tuple[UploadQuestion, ...]:
        """Add the files that their slot settles, and return the others."""
        open_questions = tuple(one for one in questions if not one.is_settled)
        for one in questions:
            if one not in open_questions and one.slot is not None:
                self.add(one.upload, [replace(one.upload.scan.parts[0], items=(one.slot,), basis=Basis.HAND)], [{}])
        return open_questions

    def add_answered(self, form: FormData) -> Item | None:
        """Add the parts that the clerk chose an item for, drop the files without one, and return the first item.

        Raises:
            HTTPException: 410, a file expired.
        """
        first: Item | None = None
        for token in [str(one) for one in form.getlist("token")]:
            upload = self.uploads.get(self.view.ref.key, token)
            if upload is None:
                raise HTTPException(HTTPStatus.GONE, "等得太久，上传的文件已经放弃。请重新上传。")
            parts, dates = _chosen_parts(form, upload)
            if parts:
                first = first or parts[0].items[0]
                self.add(upload, parts, dates)
            else:
                self.uploads.drop(upload.token)
        return first


async def receive_uploads(request: Request) -> Response:
    """Take files that were dropped on a slot or on the page."""
    view = await run_in_threadpool(requested_case, request)
    services, inbox = services_of(request), _inbox(request, view)
    uploads = services.pending_uploads
    async with read_upload_form(request.headers, request.stream(), view.ref.folder, uploads) as form:
        slot = _item_or_none(form.field("item"))

        def task(workers: WorkerSet) -> Response:
            if not form.files:
                raise HTTPException(HTTPStatus.BAD_REQUEST, "没有收到文件，请重新选择。")
            with inbox.drop_on_error():
                open_questions = inbox.add_settled([inbox.inspect(file, slot, workers) for file in form.files])
                return _ask(request, view, open_questions) if open_questions else materials_response(request, slot)

        return await services.workers.run(task)


async def ask_about_unlisted_file(request: Request) -> Response:
    """Ask about a file in the case folder that case.json does not name."""
    view = await run_in_threadpool(requested_case, request)
    files = await run_in_threadpool(unlisted_files, view)
    unlisted = next((one for one in files if one.key == request.path_params["stray"]), None)
    if unlisted is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这个文件已经列入，或者已经不在。请刷新页面。")
    inbox, file = _inbox(request, view), UploadedFile(unlisted.name, view.ref.folder / unlisted.name)

    def task(workers: WorkerSet) -> Response:
        return _ask(request, view, [inbox.inspect(file, unlisted.guess, workers)])

    return await services_of(request).workers.run(task)


async def add_uploads(request: Request) -> Response:
    """Add the pending uploads as the clerk answered."""
    form = await read_form(request)

    def task(_: WorkerSet) -> Response:
        first = _inbox(request, requested_case(request)).add_answered(form)
        return materials_response(request, first)

    return await services_of(request).workers.run(task)


async def discard_uploads(request: Request) -> Response:
    """Drop pending uploads that the clerk does not want."""
    form = await read_form(request)
    view = await run_in_threadpool(requested_case, request)
    uploads = services_of(request).pending_uploads
    for token in form.getlist("token"):
        upload = uploads.get(view.ref.key, str(token))
        if upload is not None:
            await run_in_threadpool(uploads.drop, upload.token)
    return Response(headers={"HX-Trigger": "close-dialog"})


def _inbox(request: Request, view: CaseView) -> _CaseInbox:
    def audit(file: FileDigest) -> None:
        audit_change(request, view.ref, "add", [file])

    return _CaseInbox(view, services_of(request).pending_uploads, actor_of(request), audit)


def _ask(request: Request, view: CaseView, questions: Sequence[UploadQuestion]) -> Response:
    context = {"view": view, "questions": questions, "papers": tuple(PAPERS.values())}
    return dialog_response(request, "case_upload_questions.html", context)


def _chosen_parts(form: FormData, upload: PendingUpload) -> tuple[list[ScanPart], list[dict[str, str]]]:
    """The parts of a file that the clerk chose items for, and the dates that were entered for each."""
    parts: list[ScanPart] = []
    dates: list[dict[str, str]] = []
    for number, part in enumerate(upload.scan.parts):
        name = f"{upload.token}-{number}"
        names = map(str, form.getlist(f"item-{name}"))
        items = tuple(dict.fromkeys(item for one in names if (item := _item_or_none(one))))
        if items:
            parts.append(replace(part, items=items, basis=Basis.HAND))
            dates.append({day: text for day in DATE_FIELDS if (text := str(form.get(f"{day}-{name}", "")))})
    return parts, dates


def _item_or_none(name: str) -> Item | None:
    return Item(name) if name in set(Item) else None


_BASE = "/cases/{key}"
routes = [
    Route(_BASE + "/uploads", receive_uploads, methods=["POST"]),
    Route(_BASE + "/uploads/place", add_uploads, methods=["POST"]),
    Route(_BASE + "/uploads/forget", discard_uploads, methods=["POST"]),
    Route(_BASE + "/strays/{stray}", ask_about_unlisted_file, methods=["POST"]),
]
