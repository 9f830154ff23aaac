"""The routes of the form: show it, save a field, change rows and groups, settle a conflict, show others' changes."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case.reader import read_case
from bundler.case_edit.change_operations import Change
from bundler.case_edit.save import Refused, Saved
from bundler.desk.case_list.next_registration_number import find_latest_case
from bundler.desk.cases.edit_conflicts import changes_since
from bundler.desk.cases.fill_in_common_values import (
    MEASURES_SECTION,
    FillSource,
    changes_from_case,
    changes_from_staff,
    changes_from_usual_measures,
    sections_with_common_values,
)
from bundler.desk.cases.form_edits import (
    FormEdit,
    chosen_changes,
    field_edit,
    field_paths,
    form_text,
    invalid_form,
    node_as_shown,
    save_edit,
    saved_edit_context,
    structure_edit,
)
from bundler.desk.cases.form_fields import FieldGroup, FieldRows
from bundler.desk.cases.form_sections import SECTION_PLANS, form_context, section_plan
from bundler.desk.cases.material_slots import materials_context
from bundler.desk.cases.requested_case import change_guard, displayed_case, requested_case, services_of
from bundler.desk.cases.responses import (
    case_page,
    materials_response,
    outcome_response,
    refusal_message,
    sorting_response,
    swap_into,
)
from bundler.desk.cases.unplaced_files import sorting_context, unplaced_files
from bundler.desk.cases.viewer_context import scans_of_case
from bundler.desk.request_helpers import actor_of, asking_page, form_endpoint
from bundler.desk.security.audit import audit_change
from bundler.desk.shared_objects import desk_services, visible_cases
from bundler.errors import UsageError

_WARM_UP_SECONDS = 8.0
"""Whoever opens a form needs no process yet, but is likely to go on to the materials or the papers."""


def show_form(request: Request) -> Response:
    """The page of the form."""
    services_of(request).warm_up(after=_WARM_UP_SECONDS)
    view = displayed_case(request)
    return case_page(request, "case_form.html", {"tab": "form", "scans": scans_of_case(view), **form_context(view)})


def save_field(request: Request, form: FormData) -> Response:
    """Save one field."""
    # A page that is left sends its last text without headers of its own.
    trigger = request.headers.get("hx-trigger-name") or form_text(form, "trigger") or None
    staff = desk_services(request).staff.readable_members()
    return save_form_edit(request, field_edit(services_of(request), requested_case(request), form, trigger, staff))


def fill_in(request: Request, form: FormData) -> Response:
    """Fill in the empty fields of a section from the staff list or the case before, or the list of measures from the profile."""
    view, services = requested_case(request), desk_services(request)
    section, source = form_text(form, "section"), form_text(form, "source")
    if section not in {*sections_with_common_values(), MEASURES_SECTION}:
        raise invalid_form()
    changes: Sequence[Change]
    if section == MEASURES_SECTION:
        changes = changes_from_usual_measures(view.tree, services.settings.profile.usual_measures)
    elif source == FillSource.STAFF:
        changes = changes_from_staff(view.tree, services.staff.usual_people())
    else:
        latest = find_latest_case(visible_cases(request), but=view.ref.key)
        other = read_case(services.settings.root / latest.row.name).tree if latest else None
        changes = changes_from_case(view.tree, other or {}, section)
    path = f"/{next(plan for plan in SECTION_PLANS if plan.id == section).keys[0]}"
    return save_form_edit(request, FormEdit(view, view.version, changes, path, shows_section=True))


def change_structure(request: Request, form: FormData) -> Response:
    """Add, remove or move a row; add or remove a group."""
    return save_form_edit(request, structure_edit(services_of(request), requested_case(request), form))


def ask_required_fields(request: Request) -> Response:
    """Ask for the fields without which a new row or group would be invalid."""
    view, query = displayed_case(request), request.query_params
    path, version = query.get("path", ""), query.get("version", "")
    node, plan = node_as_shown(services_of(request), view, path, version), section_plan(path)
    if plan is None or not isinstance(node, FieldGroup | FieldRows):
        raise invalid_form()
    context = {"view": view, "node": node, "version": version, "plan": plan, "do": query.get("do", "add")}
    return case_page(request, "case_required_fields.html", context)


def settle_conflict(request: Request, form: FormData) -> Response:
    """Save what the clerk chose in the dialog of a conflict."""
    view, changes = requested_case(request), chosen_changes(form)
    if not changes:
        return _page_after_conflict(request)
    edit = FormEdit(view, form_text(form, "version"), changes)
    outcome = save_edit(services_of(request), edit, actor_of(request), change_guard(request, view))

    def on_saved(saved: Saved) -> Response:
        _audit_edit(request, edit, saved)
        return _page_after_conflict(request)

    return outcome_response(request, view, outcome, on_saved, _refuse_choice)


def show_changes(request: Request) -> Response:
    """What others changed since the page was shown: a notice, and the sections or slots concerned."""
    view, tab = displayed_case(request), request.query_params.get("tab", "")
    seen = services_of(request).snapshots.get(request.query_params.get("since", ""))
    context = {**form_context(view), **(materials_context(view) if tab == "materials" else {})}
    if tab == "sorting":
        context |= sorting_context(view, unplaced_files(view, services_of(request)))
    return case_page(request, "case_changed.html", {**context, "tab": tab, "changes": changes_since(view, seen)})


def save_form_edit(request: Request, edit: FormEdit) -> Response:
    """Save an edit, and show again what it changed on the page of the form."""
    services = services_of(request)
    outcome = save_edit(services, edit, actor_of(request), change_guard(request, edit.view))

    def on_saved(saved: Saved) -> Response:
        _audit_edit(request, edit, saved)
        context = saved_edit_context(services, edit, saved, displayed_case(request))
        response = case_page(request, "case_form_saved.html", context)
        section = context["section"]
        if context["node"] is None and section is not None:
            return swap_into(response, f"#s-{section.id}", "outerHTML", closes_dialog=True)
        return response

    def on_refused(refused: Refused) -> Response:
        return _refused_response(request, edit, refused)

    return outcome_response(request, edit.view, outcome, on_saved, on_refused)


def _audit_edit(request: Request, edit: FormEdit, saved: Saved) -> None:
    if saved.places:
        audit_change(request, edit.view.ref, "edit", places=saved.places)


def _refused_response(request: Request, edit: FormEdit, refused: Refused) -> Response:
    """Why a value was refused: beside the field, which keeps what was typed, or else at the head of the page."""
    message = refusal_message(refused)
    if edit.path not in field_paths(edit.view):
        return swap_into(case_page(request, "case_refused.html", {"message": message}), "#failed")
    context = {"view": edit.view, "field_path": edit.path, "message": message}
    response = case_page(request, "case_field_refused.html", context)
    response.headers["HX-Reswap"] = "none"
    return response


def _refuse_choice(refused: Refused) -> Response:
    raise UsageError(refusal_message(refused), fix="请改正后再保存。")


def _page_after_conflict(request: Request) -> Response:
    """The whole form, or the slots on the page of materials, with the dialog closed."""
    path = asking_page(request)
    if path.endswith("/materials"):
        return materials_response(request)
    if path.endswith("/sorting"):
        return sorting_response(request, closes_dialog=True)
    response = case_page(request, "case_form_again.html", form_context(displayed_case(request)))
    return swap_into(response, "#form", "outerHTML", closes_dialog=True)


_BASE = "/cases/{key}"
routes = [
    Route(_BASE, show_form, name="case"),
    Route(_BASE + "/fields", form_endpoint(save_field), methods=["POST"]),
    Route(_BASE + "/fill", form_endpoint(fill_in), methods=["POST"]),
    Route(_BASE + "/rows", form_endpoint(change_structure), methods=["POST"]),
    Route(_BASE + "/rows/new", ask_required_fields),
    Route(_BASE + "/settle", form_endpoint(settle_conflict), methods=["POST"]),
    Route(_BASE + "/changed", show_changes),
]
