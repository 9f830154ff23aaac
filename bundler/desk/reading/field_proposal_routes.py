"""The routes of the values that were read for empty fields of the form: the list, taking one, and dismissing one (不填)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.form_edits import FormEdit
from bundler.desk.cases.form_routes import save_form_edit
from bundler.desk.cases.material_slots import all_cards
from bundler.desk.cases.requested_case import displayed_case, requested_case
from bundler.desk.cases.responses import case_page
from bundler.desk.cases.unplaced_files import file_key
from bundler.desk.request_helpers import form_endpoint
from bundler.desk.security.audit import audit_change
from bundler.desk.shared_objects import desk_services
from bundler.errors import CaseError
from bundler.intake.fields_from_reading import FieldProposal, change_of, find_values, first_of_each
from bundler.materials.file_inspection import inspect_materials
from bundler.materials.safe_opening import find_unlisted_files
from bundler.scan_reading.case_readings import load_case_readings
from bundler.scan_reading.record import ScanReading


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposal, with the address of the viewer that shows its place."""

    proposal: FieldProposal
    viewer: str

    @property
    def file_name(self) -> str:
        """The name of its file without the folder."""
        return self.proposal.file.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class _Values:
    """What was read for the empty fields of a case.

    Attributes:
        proposed: each value once, without those that were dismissed.
        every: at every place where they were read, those that were dismissed too.
    """

    proposed: tuple[FieldProposal, ...]
    every: tuple[FieldProposal, ...]

    @property
    def dismissed(self) -> int:
        """How many values are proposed no more."""
        return len({(one.path, one.value) for one in self.every}) - len(self.proposed)


def show_proposals(request: Request) -> Response:
    """The list of proposals; empty where there are none."""
    view = displayed_case(request)
    values = _find_values(request, view)
    shown = tuple(ShownProposal(one, _viewer_address(view, one)) for one in values.proposed)
    context = {"view": view, "proposals": shown, "dismissed": values.dismissed}
    return case_page(request, "case_proposals.html", context)


def take_proposal(request: Request, form: FormData) -> Response:
    """Write one proposal into its field, and show the section of the form and the list again.

    Raises:
        CaseError: it is not proposed any more, since the field is filled in or the scan is another one.
    """
    view = requested_case(request)
    proposal = _requested_proposal(_find_values(request, view), form)
    if proposal is None:
        raise CaseError("没有填：这一格刚被填过，或者扫描件换过了。", fix="请刷新页面后再看。")
    edit = FormEdit(view, view.version, (change_of(view.tree, proposal),), proposal.path, shows_section=True)
    response = save_form_edit(request, edit)
    response.headers["HX-Trigger"] = json.dumps({"proposals-changed": ""})
    return response


def dismiss_proposal(request: Request, form: FormData) -> Response:
    """Propose a value no more, on all scans on which it was read so far; show the list again.

    Raises:
        OutputError: that cannot be kept.
    """
    view = requested_case(request)
    values = _find_values(request, view)
    proposal = _requested_proposal(values, form)
    if proposal is not None:
        same = [one.mark for one in values.every if (one.path, one.value) == (proposal.path, proposal.value)]
        desk_services(request).dismissed.add(view.ref.key, same)
        audit_change(request, view.ref, "dismiss", places=[proposal.path])
    return show_proposals(request)


def propose_again(request: Request, form: FormData) -> Response:
    """Propose everything again that was dismissed in this case.

    Raises:
        OutputError: that cannot be kept.
    """
    del form
    view = requested_case(request)
    desk_services(request).dismissed.forget(view.ref.key)
    audit_change(request, view.ref, "propose-again")
    return show_proposals(request)


def _requested_proposal(values: _Values, form: FormData) -> FieldProposal | None:
    wanted = str(form.get("proposal", ""))
    return next((one for one in values.proposed if one.mark == wanted), None)


def _find_values(request: Request, view: CaseView) -> _Values:
    every = tuple(find_values(view.tree, dict(_readings(view))))
    dismissed = frozenset(desk_services(request).dismissed.of_case(view.ref.key))
    return _Values(first_of_each(one for one in every if one.mark not in dismissed), every)


def _readings(view: CaseView) -> Iterator[tuple[str, ScanReading]]:
    """What was read on the materials, and on the files that wait to be placed."""
    yield from view.checked.scan_readings.by_file.items()
    if view.case is not None:
        names = find_unlisted_files(view.ref.folder, view.case)
        records = inspect_materials(view.ref.folder, names)
        yield from load_case_readings(view.ref.folder, records).by_file.items()


def _viewer_address(view: CaseView, proposal: FieldProposal) -> str:
    """The address of the viewer beside the form, at the page of a proposal."""
    base = f"/cases/{view.ref.key}"
    for card in all_cards(view):
        if card.material.file == proposal.file and proposal.page in card.pages:
            at = card.pages.index(proposal.page) + 1
            return f"{base}/materials/{card.name}/view?beside=yes&at={at}"
    return f"{base}/waiting/{file_key(proposal.file)}/view?beside=yes&at={proposal.page}"


_BASE = "/cases/{key}/proposals"
routes = [
    Route(_BASE, show_proposals),
    Route(_BASE + "/take", form_endpoint(take_proposal), methods=["POST"]),
    Route(_BASE + "/dismiss", form_endpoint(dismiss_proposal), methods=["POST"]),
    Route(_BASE + "/again", form_endpoint(propose_again), methods=["POST"]),
]
