"""Changes of case.json from the page of materials: saved, and the places shown anew; or who else wrote, or why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bundler.desk.casework.acting import actor_of, note_change
from bundler.desk.casework.answers import dispute, seen_tree
from bundler.desk.casework.materials import placed
from bundler.desk.casework.receiving import form_of
from bundler.desk.casework.sight import Sight
from bundler.editing.change import Change
from bundler.editing.draft import Tree
from bundler.editing.save import Conflict, Outcome, Refused, apply
from bundler.errors import CaseError

Work = Callable[[Request, FormData], Response]


def posted(work: Work) -> Callable[[Request], object]:
    """An endpoint that takes a form in and lets somebody work on it who may wait for the disk."""

    async def endpoint(request: Request) -> Response:
        form = await form_of(request)
        return await run_in_threadpool(work, request, form)

    return endpoint


def change(request: Request, sight: Sight, form: FormData, changes: Sequence[Change]) -> Response:
    """Changes of case.json, and the places anew."""
    version = str(form.get("version", "")) or sight.version
    return answered(request, sight, saved(request, sight, version, changes))


def saved(request: Request, sight: Sight, version: str, changes: Sequence[Change]) -> Outcome:
    """What comes of changes against a version that somebody saw."""
    seen = seen_in(request, sight, version)
    return apply(sight.place.folder, version, changes, seen=seen, actor=actor_of(request))


def answered(request: Request, sight: Sight, outcome: Outcome) -> Response:
    """What came of changes: the places anew, or the dispute.

    Raises:
        CaseError: a value does not fit.
    """
    if isinstance(outcome, Conflict):
        return dispute(request, sight, outcome)
    if isinstance(outcome, Refused):
        raise CaseError("；".join(one.message for one in outcome.refusals), fix="没有保存，请改正后再试。")
    note_change(request, sight.place, "edit", places=outcome.places)
    return placed(request)


def seen_in(request: Request, sight: Sight, version: str) -> Tree | None:
    """What stood in the version that a page shows; None where it is forgotten."""
    return sight.tree if version == sight.version else seen_tree(request, version)
