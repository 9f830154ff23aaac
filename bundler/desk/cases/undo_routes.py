"""The route that undoes a step of a case's history; an undo is undone in the same way."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case_edit.find_undoable_steps import find_step
from bundler.case_edit.save import Saved
from bundler.case_edit.undo_history_steps import undo_step
from bundler.case_edit.unplaced_files_inbox import undo_swap
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.form_sections import form_context
from bundler.desk.cases.requested_case import (
    change_guard,
    displayed_case,
    may_edit_case,
    requested_case,
    services_of,
)
from bundler.desk.cases.responses import case_page, materials_response, sorting_response, swap_into
from bundler.desk.cases.turn_and_combine_pages import undo_turn
from bundler.desk.cases.worker_pool import WorkerSet
from bundler.desk.request_helpers import actor_of, asking_page, is_number, read_form
from bundler.desk.security.audit import audit_change
from bundler.desk.security.roles import Permission, forbidden
from bundler.errors import CaseError
from bundler.ledger.case_change_log import read_history
from bundler.ledger.history_entry import HistoryError

_MAX_STEP_LINES = 500


async def undo(request: Request) -> Response:
    """Undo the step that the form names, and show the page's content again."""
    form = await read_form(request)
    numbers = [int(one) for one in str(form.get("numbers", "")).split(",")[:_MAX_STEP_LINES] if is_number(one)]

    def task(workers: WorkerSet) -> Response:
        view = requested_case(request)
        _undo(request, view, numbers, workers)
        return _page_after(request)

    return await services_of(request).workers.run(task)


def _undo(request: Request, view: CaseView, numbers: Sequence[int], workers: WorkerSet) -> None:
    """Undo a step and write the audit line.

    Raises:
        CaseError: the step cannot be undone.
        HTTPException: 403, the account may not write what the step wrote.
    """
    actor = actor_of(request)
    try:
        step = find_step(read_history(view.ref.folder).entries, numbers)
    except HistoryError as error:
        raise CaseError(f"案件历史读不了（{error}），不能撤销。", fix="请告诉管理员。") from error
    if step is not None and (step.turns or step.waiting) and not may_edit_case(request, view):
        raise forbidden(Permission.EDIT)
    if step is not None and step.turns:
        audit_change(request, view.ref, "undo", [undo_turn(view, step, workers, actor)])
        return
    if step is not None and step.waiting is not None:
        undo_swap(view.ref.folder, step, actor=actor)
        audit_change(request, view.ref, "undo")
        return
    outcome = undo_step(view.ref.folder, numbers, actor=actor, guard=change_guard(request, view))
    if not isinstance(outcome, Saved):
        raise CaseError("没有撤销：这里后来又改过。", fix="请先撤销后来的改动，或者直接改。")
    audit_change(request, view.ref, "undo", places=outcome.places)


def _page_after(request: Request) -> Response:
    """The content of the page that asked, as it is now."""
    path = asking_page(request)
    view = displayed_case(request)
    if path.endswith("/materials"):
        return materials_response(request)
    if path.endswith("/sorting"):
        return sorting_response(request)
    if path == f"/cases/{view.ref.key}":
        return swap_into(case_page(request, "case_form_again.html", form_context(view)), "#form", "outerHTML")
    return Response(headers={"HX-Refresh": "true"})


routes = [Route("/cases/{key}/undo", undo, methods=["POST"])]
