"""The routes of the sorting page: what waits to be placed, its pictures, and placing, turning, merging, discarding it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.bind.combine_selected_pages import ChosenPage
from bundler.case_edit.save import Conflict, Refused
from bundler.case_edit.unplaced_files_inbox import Placement, place_files, swap_unplaced, with_usable_name
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.material_slots import DATE_FIELDS
from bundler.desk.cases.material_view_routes import page_image_response
from bundler.desk.cases.requested_case import (
    displayed_case,
    requested_case,
    services_of,
)
from bundler.desk.cases.responses import (
    case_page,
    refusal_message,
    sorting_response,
)
from bundler.desk.cases.turn_and_combine_pages import FilePages, combined, pdf_name, turn_pages, turn_pages_upright
from bundler.desk.cases.unplaced_files import (
    UnplacedFile,
    UnplacedPart,
    requested_unplaced_file,
    sorting_context,
    unplaced_files,
)
from bundler.desk.cases.worker_pool import WorkerSet
from bundler.desk.reading.page_words import pages_to_turn, reading_of
from bundler.desk.request_helpers import actor_of, download_response, read_form
from bundler.desk.security.audit import audit_change, audit_download
from bundler.desk.shared_objects import desk_services
from bundler.errors import CaseError
from bundler.intake.split_scan import Basis, ScanPart
from bundler.ledger.history_entry import FileDigest
from bundler.materials.safe_opening import read_unchanged
from bundler.regulation.papers import PAPER_KINDS, Item

_MAX_PARTS = 500
DEGREES = {"turn-left": -90, "turn-right": 90}


@dataclass(frozen=True, slots=True)
class _Marked:
    """A part that the clerk marked, and the item that she gives it; None where the action needs none."""

    file: UnplacedFile
    part: UnplacedPart
    item: Item | None


def show_sorting(request: Request) -> Response:
    """The sorting page."""
    services_of(request).warm_up()
    view = displayed_case(request)
    desk_services(request).reading.prefer(view.ref)
    return case_page(request, "case_sorting.html", sorting_context(view, unplaced_files(view, services_of(request))))


async def show_tiles(request: Request) -> Response:
    """The parts of an unplaced file, after its pages were read."""
    view = await run_in_threadpool(requested_case, request)
    key = request.path_params["name"]

    def task(workers: WorkerSet) -> Response:
        file = requested_unplaced_file(view, services_of(request), key, workers.inspector)
        return case_page(request, "case_sorting_received.html", {"view": view, "files": (file,), "refused": ()})

    return await services_of(request).workers.run(task)


async def show_unplaced_page(request: Request) -> Response:
    """The image of a page of an unplaced file."""
    view, file = await run_in_threadpool(_requested_file, request)
    return await page_image_response(
        request, file.record, file_loader(view, file), is_viewable=bool(file.record.media_type)
    )


def download_unplaced(request: Request) -> Response:
    """An unplaced file as it is in the folder."""
    view, file = _requested_file(request)
    name = file.file.rpartition("/")[2]
    data = file_loader(view, file)()
    audit_download(request, view.ref, name, file.record.sha256)
    return download_response(data, name, file.record.media_type or "application/octet-stream")


def place(request: Request, view: CaseView, form: FormData, workers: WorkerSet) -> None:
    """Make the marked parts materials, all in one step of the history."""
    placements, files = [], []
    dates = {day: text for day in DATE_FIELDS if (text := str(form.get(day, "")))}
    for one in _marked(request, view, form, workers):
        if one.item is None:
            raise CaseError("没有选放在哪一项。", fix="请选一项再放。")
        if one.file.refusal:
            raise CaseError(f"“{one.file.shown}”不能放：{one.file.refusal}", fix=one.file.fix)
        name = with_usable_name(view.ref.folder, one.file.file)
        shown = one.part.part
        part = ScanPart(shown.first, shown.last, (one.item,), shown.basis, shown.is_whole)
        if one.item in shown.items:  # the paper that the tile says it is: then its title and day are right too
            part = replace(part, title=shown.title, day=shown.day)
        placements.append(Placement(name, one.file.record.sha256, {**part.entry, **dates}))
        files.append(FileDigest(name, one.file.record.sha256))
    outcome = place_files(view.ref.folder, placements, actor=actor_of(request))
    if isinstance(outcome, Conflict):
        raise CaseError("没有放：案件正在被别人改动。", fix="请再试一次。")
    if isinstance(outcome, Refused):
        raise CaseError(
            f"没有放。{refusal_message(outcome, [one.file.rpartition('/')[2] for one in files])}", fix="请改正后再放。"
        )
    audit_change(request, view.ref, "add", files, outcome.places)


def turn(request: Request, view: CaseView, form: FormData, workers: WorkerSet) -> None:
    """Turn all pages of the marked parts by a quarter."""
    degrees = DEGREES[request.path_params["action"]]
    pages: dict[str, tuple[UnplacedFile, list[int]]] = {}
    for one in _marked(request, view, form, workers):
        pages.setdefault(one.file.file, (one.file, []))[1].extend(range(one.part.part.first, one.part.part.last + 1))
    for file, numbers in pages.values():
        turned = turn_pages(view, FilePages.of_unplaced(file), tuple(numbers), degrees, workers, actor_of(request))
        audit_change(request, view.ref, "turn", [turned])


def put_upright(request: Request, view: CaseView, form: FormData, workers: WorkerSet) -> None:
    """Turn all pages of the marked parts upright, as far as it was read how they stand."""
    pages: dict[str, tuple[UnplacedFile, list[int]]] = {}
    for one in _marked(request, view, form, workers):
        pages.setdefault(one.file.file, (one.file, []))[1].extend(one.part.part.turned)
    turned = {name: (file, numbers) for name, (file, numbers) in pages.items() if numbers}
    if not turned:
        raise CaseError("识读过的页都是正的，没有转。", fix="看着不正的，请用左转、右转。")
    for file, numbers in turned.values():
        turns = pages_to_turn(reading_of(view, file.record), numbers)
        done = turn_pages_upright(view, FilePages.of_unplaced(file), turns, workers, actor_of(request))
        audit_change(request, view.ref, "turn", [done])


def discard(request: Request, view: CaseView, form: FormData, workers: WorkerSet) -> None:
    """Put the marked files into the recycle bin."""
    files = _whole_files(request, view, form, workers)
    swap_unplaced(view.ref.folder, [one.file for one in files], (), action="discard", actor=actor_of(request))
    audit_change(request, view.ref, "discard", [FileDigest(one.file, one.record.sha256) for one in files])


def merge(request: Request, view: CaseView, form: FormData, workers: WorkerSet) -> None:
    """Make one file of the marked ones, in the order of the page; the originals go into the recycle bin."""
    files = _whole_files(request, view, form, workers)
    if len(files) < 2:  # noqa: PLR2004 (two make one)
        raise CaseError("只选了一份，合并不了。", fix="请至少选两份；顺序就是这一页上的顺序。")
    sources = [FilePages.of_unplaced(one) for one in files]
    chosen = [ChosenPage(at, page) for at, one in enumerate(sources) for page in one.pages]
    data = combined(view, sources, chosen, workers)
    made = [(pdf_name(files[0].file), data)]
    swap_unplaced(view.ref.folder, [one.file for one in files], made, action="merge", actor=actor_of(request))
    audit_change(request, view.ref, "merge", [FileDigest(one.file, one.record.sha256) for one in files])


_ACTIONS: dict[str, Callable[[Request, CaseView, FormData, WorkerSet], None]] = {
    "place": place,
    "turn-left": turn,
    "turn-right": turn,
    "upright": put_upright,
    "discard": discard,
    "merge": merge,
}


async def act(request: Request) -> Response:
    """Do what the path names with the marked parts, and show the page's content again."""
    action = _ACTIONS.get(request.path_params["action"])
    if action is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    form = await read_form(request)

    def task(workers: WorkerSet) -> Response:
        action(request, requested_case(request), form, workers)
        return sorting_response(request)

    return await services_of(request).workers.run(task)


def file_loader(view: CaseView, file: UnplacedFile) -> Callable[[], bytes]:
    """Reads an unplaced file, which must be unchanged since it was inspected."""

    def load() -> bytes:
        return read_unchanged(view.ref.folder, file.file, file.record.sha256)

    return load


def _requested_file(request: Request) -> tuple[CaseView, UnplacedFile]:
    view = requested_case(request)
    return view, requested_unplaced_file(view, services_of(request), request.path_params["name"])


def _marked(request: Request, view: CaseView, form: FormData, workers: WorkerSet) -> list[_Marked]:
    """What the form marks, `KEY-FIRST:ITEM` separated by blanks, as it waits now.

    Raises:
        CaseError: nothing is marked, or a part does not wait any more.
    """
    names = str(form.get("parts", "")).split()[:_MAX_PARTS]
    if not names:
        raise CaseError("没有选扫描件。", fix="请先点一份，或者按空格选几份。")
    parts = {
        part.name: (file, part)
        for file in unplaced_files(view, services_of(request), workers.inspector)
        for part in (file.parts or _placeholder(file))
    }
    marked = []
    for name in names:
        part_name, _, item = name.partition(":")
        if part_name not in parts:
            raise CaseError("有一份不在待放的扫描件里，可能刚被别人放好或者移走。", fix="请刷新页面。")
        marked.append(_Marked(*parts[part_name], Item(item) if item in PAPER_KINDS else None))
    return marked


def _placeholder(file: UnplacedFile) -> tuple[UnplacedPart, ...]:
    """The tile of a file that cannot be placed, which can still be discarded."""
    part = ScanPart(1, max(len(file.record.pages), 1), (), Basis.NONE, is_whole=True)
    return (UnplacedPart(file.key, part, True, 0, None),)  # noqa: FBT003


def _whole_files(request: Request, view: CaseView, form: FormData, workers: WorkerSet) -> Sequence[UnplacedFile]:
    """The files of the marked parts, each once; those of which the case uses pages are refused."""
    files = list({one.file.file: one.file for one in _marked(request, view, form, workers)}.values())
    placed = next((one for one in files if one.is_rest), None)
    if placed is not None:
        raise CaseError(f"“{placed.shown}”里有已经放好的页，不能这样做。", fix="请在材料页打开它，用“页”里的办法。")
    return files


_BASE = "/cases/{key}"
routes = [
    Route(_BASE + "/sorting", show_sorting),
    Route(_BASE + "/sorting/{action}", act, methods=["POST"]),
    Route(_BASE + "/waiting/{name}/tiles", show_tiles),
    Route(_BASE + "/waiting/{name}/pages/{page}", show_unplaced_page),
    Route(_BASE + "/waiting/{name}/file", download_unplaced),
]
