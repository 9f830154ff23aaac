"""Changes of case.json from the page of materials: saved, and the places shown anew; or who else wrote, or why not."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bundler.case_edit.changes import Change
from bundler.case_edit.save import Conflict, Outcome, Refused, save_changes
from bundler.case_edit.snapshot import Tree
from bundler.desk.cases.case_view import CaseView
from bundler.desk.cases.materials import materials_response
from bundler.desk.cases.responses import conflict_response, known_version
from bundler.desk.http import actor_of
from bundler.desk.security.audit import audit_change
from bundler.errors import CaseError


def change(request: Request, sight: CaseView, form: FormData, changes: Sequence[Change]) -> Response:
    """Changes of case.json, and the places anew."""
    version = str(form.get("version", "")) or sight.version
    return outcome_response(request, sight, saved(request, sight, version, changes))


def saved(request: Request, sight: CaseView, version: str, changes: Sequence[Change]) -> Outcome:
    """What comes of changes against a version that somebody saw."""
    seen = version_tree(request, sight, version)
    return save_changes(sight.place.folder, version, changes, seen=seen, actor=actor_of(request))


def outcome_response(request: Request, sight: CaseView, outcome: Outcome) -> Response:
    """What came of changes: the places anew, or the dispute.

    Raises:
        CaseError: a value does not fit.
    """
    if isinstance(outcome, Conflict):
        return conflict_response(request, sight, outcome)
    if isinstance(outcome, Refused):
        raise CaseError("；".join(one.message for one in outcome.refusals), fix="没有保存，请改正后再试。")
    audit_change(request, sight.place, "edit", places=outcome.places)
    return materials_response(request)


def version_tree(request: Request, sight: CaseView, version: str) -> Tree | None:
    """What stood in the version that a page shows; None where it is forgotten."""
    return sight.tree if version == sight.version else known_version(request, version)
