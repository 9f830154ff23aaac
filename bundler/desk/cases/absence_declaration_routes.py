"""The routes that declare that a paper does not exist (确无此件), with a reason and an approver, and withdraw that."""

from __future__ import annotations

from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case_edit.change_operations import ABSENT, Change, Insert, Put
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.form_fields import Json
from bundler.desk.cases.leader_only_fields import is_approved_by_another
from bundler.desk.cases.material_change_routes import change_materials
from bundler.desk.cases.material_slots import MaterialSlot, all_slots
from bundler.desk.cases.requested_case import requested_case
from bundler.desk.cases.responses import case_page
from bundler.desk.request_helpers import actor_of, form_endpoint
from bundler.desk.security.roles import Permission
from bundler.desk.shared_objects import desk_services, rights_of
from bundler.regulation.papers import Item

_FIELDS = ("reason", "approved_by", "approved_on")
"""The fields of a declaration, besides the item."""
_REASON_ALONE = "reason_alone"
"""The form field that says: save the reason and do not approve it. Only accounts that may approve have a choice."""


def show_declaration(request: Request) -> Response:
    """The form of a declaration."""
    view = requested_case(request)
    item = _declarable_item(request.path_params["item"], view)
    rights = rights_of(request)
    staff = desk_services(request).staff.readable_members()
    # The name in the staff list rather than that of the account, where they differ.
    own = next((one.name for one in staff if one.account == actor_of(request)), actor_of(request))
    slot = _slot(view, item)
    by = (slot.absence.approved_by if slot.absence else None) or ""
    is_by_another = is_approved_by_another(rights, slot.absence)
    context = {
        "view": view,
        "slot": slot,
        "approves": rights.may(Permission.APPROVE),
        "approver": own if rights.names is not None and (is_by_another or not by) else by,
        "earlier_approver": by if is_by_another else "",
    }
    return case_page(request, "case_absence.html", context)


def save_declaration(request: Request, form: FormData) -> Response:
    """Declare that a paper does not exist, or change the declaration."""
    view = requested_case(request)
    item = _declarable_item(request.path_params["item"], view)
    approves = rights_of(request).may(Permission.APPROVE) and _REASON_ALONE not in form
    return change_materials(request, view, form, _declaration_changes(_slot(view, item), form, approves=approves))


def withdraw_declaration(request: Request, form: FormData) -> Response:
    """Withdraw a declaration."""
    view = requested_case(request)
    item = _declarable_item(request.path_params["item"], view)
    path = _slot(view, item).absence_path
    return change_materials(request, view, form, [Put(path, ABSENT)] if path else [])


def _declaration_changes(slot: MaterialSlot, form: FormData, *, approves: bool) -> list[Change]:
    """The changes that write the form's values.

    An approval holds for one reason. If the reason changes and is not approved anew, the earlier approval is removed.
    """
    if not approves and slot.absence and str(form.get("reason", "")).strip() == (slot.absence.reason or ""):
        return []
    written = _FIELDS[:1] if _REASON_ALONE in form else _FIELDS
    values: dict[str, Json] = {key: text for key in written if (text := str(form.get(key, "")).strip())}
    if slot.absence_path:
        return [Put(f"{slot.absence_path}/{key}", values.get(key, ABSENT)) for key in _FIELDS]
    return [Insert("/absent", {"item": slot.paper.item.value, **values})]


def _slot(view: CaseView, item: Item) -> MaterialSlot:
    return next(one for one in all_slots(view) if one.paper.item is item)


def _declarable_item(name: str, view: CaseView) -> Item:
    """The item of a name.

    Raises:
        HTTPException: 404, there is no such item, or its paper must exist.
    """
    if name not in set(Item) or not view.regulation.papers[Item(name)].may_be_absent:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这一项不能说明确无此件。")
    return Item(name)


_BASE = "/cases/{key}/absent/{item}"
routes = [
    Route(_BASE, show_declaration),
    Route(_BASE, form_endpoint(save_declaration), methods=["POST"]),
    Route(_BASE + "/withdraw", form_endpoint(withdraw_declaration), methods=["POST"]),
]
