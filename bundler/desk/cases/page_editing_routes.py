"""The routes of work on pages: turn, split, take out, reorder, merge, for materials of the case and for unplaced files.

A material of consecutive pages stays a range of its file wherever it can. Only for other pages a new PDF is made, of the
pages as they are; the file that was there before is kept in the recycle bin.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.bind.combine_selected_pages import ChosenPage
from bundler.case_edit.change_operations import ABSENT, Change, Insert, Json, Put
from bundler.case_edit.materials import MaterialRef, rearrange_materials
from bundler.case_edit.save import Outcome, Saved, save_changes
from bundler.case_edit.unplaced_files_inbox import swap_unplaced
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.material_slots import MaterialCard, all_cards, materials_context
from bundler.desk.cases.parse_page_ranges import page_range_text, parse_page_numbers
from bundler.desk.cases.requested_case import (
    displayed_case,
    may_edit_case,
    requested_card,
    requested_case,
    services_of,
)
from bundler.desk.cases.responses import (
    case_page,
    materials_response,
    outcome_response,
    sorting_response,
    swap_into,
)
from bundler.desk.cases.turn_and_combine_pages import (
    FilePages,
    combined,
    pdf_name,
    turn_pages,
    turn_pages_upright,
)
from bundler.desk.cases.unplaced_files import (
    UnplacedFile,
    file_key,
    requested_unplaced_file,
    sorting_context,
    unplaced_files,
)
from bundler.desk.cases.viewer_context import material_viewer, only_shown, waiting_viewer
from bundler.desk.cases.worker_pool import WorkerSet
from bundler.desk.reading.page_words import pages_to_turn, reading_of
from bundler.desk.request_helpers import actor_of, number_or_default, read_form
from bundler.desk.security.audit import audit_change
from bundler.errors import CaseError
from bundler.ledger.history_entry import FileDigest

_DEGREES = {"turn-left": -90, "turn-right": 90}
_UPRIGHT = "upright"
_ALL_CHOSEN = "全部页都选了。"


@dataclass(frozen=True, slots=True)
class _MaterialWork:
    """A material whose pages are worked on.

    Attributes:
        view: the case.
        card: the material.
        ref: the material as the clerk saw it.
        workers: the processes that make PDFs.
        chosen: the indices of the chosen pages among the pages of the material, from 1, in the order written.
    """

    view: CaseView
    card: MaterialCard
    ref: MaterialRef
    workers: WorkerSet
    chosen: tuple[int, ...]

    @property
    def pages(self) -> FilePages:
        """The pages of the material."""
        return FilePages.of_card(self.card)

    def numbers(self, indices: Sequence[int]) -> list[int]:
        """The numbers in the file of some of its pages."""
        return [self.pages.pages[index - 1] for index in indices]

    def others(self) -> list[int]:
        """The indices of the pages that are not chosen."""
        return [index for index in range(1, len(self.pages.pages) + 1) if index not in self.chosen]

    def made(self, indices: Sequence[int]) -> tuple[str, bytes]:
        """A new PDF of some of its pages, with the name that it is to have."""
        chosen = [ChosenPage(0, number) for number in self.numbers(indices)]
        return pdf_name(self.pages.file), combined(self.view, [self.pages], chosen, self.workers)


def split(work: _MaterialWork) -> Outcome:
    """Make a material of its own of the pages from the chosen one on."""
    first = work.chosen[0]
    if first == 1:
        raise CaseError("第 1 页前面没有别的页，不用拆。", fix="请选后一件的第 1 页。")
    return _separate(work, list(range(1, first)), list(range(first, len(work.pages.pages) + 1)), "split")


def extract(work: _MaterialWork) -> Outcome:
    """Make a material of its own of the chosen pages."""
    if not work.others():
        raise CaseError(_ALL_CHOSEN, fix="请留下至少一页。")
    return _separate(work, work.others(), list(work.chosen), "split")


def take_out(work: _MaterialWork) -> Outcome:
    """Take the chosen pages out of a material."""
    if not work.others():
        raise CaseError(_ALL_CHOSEN, fix="整件不要的，请用“取走”。")
    return rearrange_materials(
        (work.ref,), [work.made(work.others())], lambda names: _with_file(work, names[0]), "pages"
    )


def reorder(work: _MaterialWork) -> Outcome:
    """Put the pages of a material into the order written."""
    if work.others():
        raise CaseError("页的次序里少了几页。", fix="请刷新页面后再排。")
    return rearrange_materials((work.ref,), [work.made(work.chosen)], lambda names: _with_file(work, names[0]), "pages")


def merge(work: _MaterialWork, other: MaterialCard) -> Outcome:
    """Append another material to a material; it ends there, and its items are added."""
    own, more = work.pages, FilePages.of_card(other)
    items = list(dict.fromkeys(item.value for item in (*work.card.material.items, *other.material.items)))
    shared: list[Change] = [Put(f"{work.ref.path}/items", items)]
    gone = Put(other.path, ABSENT)
    pages = page_range_text((*own.pages, *more.pages)) if own.file == more.file else None
    if pages is not None:
        whole = len(own.pages) + len(more.pages) == len(own.record.pages)
        changes: list[Change] = [*shared, Put(f"{work.ref.path}/pages", ABSENT if whole else pages), gone]
        return save_changes(
            work.ref.folder, work.ref.version, changes, seen=work.ref.seen, actor=work.ref.actor, action="merge"
        )
    chosen = [ChosenPage(at, page) for at, one in enumerate((own, more)) for page in one.pages]
    made = pdf_name(own.file), combined(work.view, [own, more], chosen, work.workers)
    refs = (work.ref, MaterialRef(work.ref.folder, other.path, work.ref.version, work.ref.seen, work.ref.actor))
    return rearrange_materials(refs, [made], lambda names: [*shared, *_with_file(work, names[0]), gone], "merge")


_MATERIAL_ACTIONS = {"split": split, "extract": extract, "take-out": take_out, "order": reorder}
_WAITING_ACTIONS = frozenset({"split", "extract", "order"})


async def work_on_material(request: Request) -> Response:
    """Do what the path names with pages of a material, and show the viewer again."""
    view, card = await run_in_threadpool(requested_card, request)
    form, action = await read_form(request), _known_action(request, {*_MATERIAL_ACTIONS, "merge"})

    def task(workers: WorkerSet) -> Response:
        seen_version = str(form.get("version", "")) or view.version
        seen = services_of(request).known_tree(view, seen_version)
        ref = MaterialRef(view.ref.folder, card.path, seen_version, seen, actor_of(request))
        every = f"1-{len(card.pages)}"
        written = every if action == _UPRIGHT else str(form.get("pages", "")) or (every if action == "merge" else "")
        chosen = parse_page_numbers(written, len(card.pages))
        work = _MaterialWork(view, card, ref, workers, chosen)
        if action in {*_DEGREES, _UPRIGHT}:
            turned = _turn(view, work.pages, work.numbers(chosen), action, workers, actor_of(request))
            audit_change(request, view.ref, "turn", [turned])
            return _material_again(request, card, chosen[0])
        outcome = _material_outcome(work, action, form)

        def on_saved(saved: Saved) -> Response:
            file = FileDigest(card.material.file, card.record.sha256)
            audit_change(request, view.ref, "pages", [file], saved.places)
            if form.get("closed"):
                return materials_response(request)
            return _material_again(request, card, number_or_default(str(form.get("at", "")), 1))

        return outcome_response(request, view, outcome, on_saved)

    return await services_of(request).workers.run(task)


def _known_action(request: Request, actions: Collection[str]) -> str:
    """The action that the path names.

    Raises:
        HTTPException: 404, there is no such action.
    """
    action = str(request.path_params["action"])
    if action not in {*actions, *_DEGREES, _UPRIGHT}:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return action


def _turn(  # noqa: PLR0913, PLR0917 (what, how, by which process and for whom)
    view: CaseView, of: FilePages, pages: Sequence[int], action: str, workers: WorkerSet, actor: str
) -> FileDigest:
    """Turn pages by a quarter, or each so that it stands upright by what was read on it.

    Raises:
        CaseError: none of them is known to be turned; or as for `turn_pages`.
    """
    if action in _DEGREES:
        return turn_pages(view, of, pages, _DEGREES[action], workers, actor)
    turns = pages_to_turn(reading_of(view, of.record), pages)
    if not turns:
        raise CaseError("识读过的页都是正的，没有转。", fix="看着不正的，请选页后用左转、右转。")
    return turn_pages_upright(view, of, turns, workers, actor)


def _material_outcome(work: _MaterialWork, action: str, form: FormData) -> Outcome:
    if action == "merge":
        other = next((one for one in all_cards(work.view) if one.name == form.get("with")), None)
        if other is None:
            raise CaseError("没有选和哪一件合并，或者那一件刚被改动。", fix="请再选一次。")
        return merge(work, other)
    return _MATERIAL_ACTIONS[action](work)


def _separate(work: _MaterialWork, kept: list[int], moved: list[int], action: str) -> Outcome:
    """Divide a material in two: ranges of its file where both parts are consecutive, else two new files."""
    ranges = [page_range_text(work.numbers(part)) for part in (kept, moved)]
    entry = _entry(work)
    index = int(work.ref.path.rpartition("/")[2])
    moved_entry = {"items": entry.get("items", []), "file": entry.get("file", "")}
    if None not in ranges:
        changes: list[Change] = [
            Put(f"{work.ref.path}/pages", ranges[0]),
            Insert("/materials", {**moved_entry, "pages": ranges[1]}, index + 1),
        ]
        ref = work.ref
        return save_changes(ref.folder, ref.version, changes, seen=ref.seen, actor=ref.actor, action=action)
    made = [work.made(kept), work.made(moved)]
    return rearrange_materials(
        (work.ref,),
        made,
        lambda names: [
            *_with_file(work, names[0]),
            Insert("/materials", {**moved_entry, "file": names[1]}, index + 1),
        ],
        action,
    )


def _with_file(work: _MaterialWork, name: str) -> list[Change]:
    return [Put(f"{work.ref.path}/file", name), Put(f"{work.ref.path}/pages", ABSENT)]


def _entry(work: _MaterialWork) -> Json:
    materials = (work.ref.seen or work.view.tree).get("materials")
    index = int(work.ref.path.rpartition("/")[2])
    return materials[index] if isinstance(materials, list) and index < len(materials) else {}


def _material_again(request: Request, card: MaterialCard, first: int) -> Response:
    """The viewer of the material again, and the slots behind it."""
    view = displayed_case(request)
    changed = next((one for one in all_cards(view) if one.path == card.path), None)
    if changed is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这份材料刚被改动，请刷新页面。")
    context = {**materials_context(view), **material_viewer(view, changed, changed.pages, first)}
    return swap_into(case_page(request, "case_viewer_again.html", {**context, "behind": "slots"}), "#dialog")


async def work_on_waiting(request: Request) -> Response:
    """Do what the path names with pages of an unplaced file, and show the viewer again."""
    form, action = await read_form(request), _known_action(request, _WAITING_ACTIONS)

    def task(workers: WorkerSet) -> Response:
        view = requested_case(request)
        key = request.path_params["name"]
        file = requested_unplaced_file(view, services_of(request), key, workers.inspector)
        if file.is_rest:
            raise CaseError(f"“{file.shown}”里有已经放好的页，不能这样做。", fix="请在材料页打开它，再整理页。")
        pages = FilePages.of_unplaced(file)
        written = f"1-{len(pages.pages)}" if action == _UPRIGHT else str(form.get("pages", ""))
        chosen = parse_page_numbers(written, len(pages.pages))
        digest = FileDigest(file.file, file.record.sha256)
        if action in {*_DEGREES, _UPRIGHT}:
            _turn(view, pages, chosen, action, workers, actor_of(request))
            audit_change(request, view.ref, "turn", [digest])
            return _waiting_again(request, file.file, chosen[0], workers)
        parts = _parts(action, chosen, len(pages.pages))
        made = [
            (pdf_name(file.file), combined(view, [pages], [ChosenPage(0, number) for number in part], workers))
            for part in parts
        ]
        name = "pages" if action == "order" else "split"
        names = swap_unplaced(view.ref.folder, [file.file], made, action=name, actor=actor_of(request))
        audit_change(request, view.ref, "pages", [digest])
        if form.get("closed"):
            return sorting_response(request)
        return _waiting_again(request, names[0], number_or_default(str(form.get("at", "")), 1), workers)

    return await services_of(request).workers.run(task)


def _parts(action: str, chosen: Sequence[int], count: int) -> list[list[int]]:
    """The pages of each new file that an action makes of a waiting one."""
    others = [page for page in range(1, count + 1) if page not in chosen]
    if action == "split":
        if chosen[0] == 1:
            raise CaseError("第 1 页前面没有别的页，不用拆。", fix="请选后一件的第 1 页。")
        return [list(range(1, chosen[0])), list(range(chosen[0], count + 1))]
    if action == "extract":
        if not others:
            raise CaseError(_ALL_CHOSEN, fix="请留下至少一页。")
        return [others, list(chosen)]
    if others:
        raise CaseError("页的次序里少了几页。", fix="请刷新页面后再排。")
    return [list(chosen)]


def show_waiting_viewer(request: Request) -> Response:
    """The viewer of an unplaced file."""
    view = requested_case(request)
    file: UnplacedFile = requested_unplaced_file(view, services_of(request), request.path_params["name"])
    first = number_or_default(request.query_params.get("at", "1"), 1)
    if not file.record.media_type:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这份文件看不了，请先按提示改正。")
    context = waiting_viewer(view, file, first)
    is_beside = bool(request.query_params.get("beside"))
    if is_beside or not may_edit_case(request, view):
        context = only_shown(context, is_beside=is_beside)
    return case_page(request, "case_viewer.html", context)


def _waiting_again(request: Request, file: str, first: int, workers: WorkerSet) -> Response:
    """The viewer of the waiting file again, and the tiles behind it."""
    view, services = displayed_case(request), services_of(request)
    files = unplaced_files(view, services, workers.inspector)
    shown = next(one for one in files if one.key == file_key(file))
    context = {**sorting_context(view, files), **waiting_viewer(view, shown, first)}
    return swap_into(case_page(request, "case_viewer_again.html", {**context, "behind": "sorting"}), "#dialog")


_BASE = "/cases/{key}"
routes = [
    Route(_BASE + "/materials/{name}/pages/{action}", work_on_material, methods=["POST"]),
    Route(_BASE + "/waiting/{name}/pages/{action}", work_on_waiting, methods=["POST"]),
    Route(_BASE + "/waiting/{name}/view", show_waiting_viewer),
]
