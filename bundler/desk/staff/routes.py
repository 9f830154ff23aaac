"""The page of the staff list: show it, add a person, change or remove an entry."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bundler.case.labels import POST
from bundler.desk.request_helpers import form_endpoint
from bundler.desk.security.audit import write_audit_line
from bundler.desk.shared_objects import desk_services
from bundler.desk.staff.staff_list import PARTS, STAFF_FILE, EntryChangedError, StaffMember, member_from_form
from bundler.desk.templating import template_response
from bundler.errors import UsageError

_TEXTS = ("name", "title", "post", "phone", "account")
_ADDRESS = "/staff"


def show_staff(request: Request) -> Response:
    """The list, and a form for one person."""
    return _page(request, request.query_params.get("edit", ""))


def save_member(request: Request, form: FormData) -> Response:
    """Add a person or change an entry; where that is refused, show the form with the reason."""
    values = {key: str(form.get(key, "")) for key in _TEXTS}
    usually = [str(one) for one in form.getlist("usually")]
    replaced = str(form.get("replaced", ""))
    written: dict[str, object] = {**values, "usually": usually}
    try:
        desk_services(request).staff.put(member_from_form(values, usually), replaced)
    except EntryChangedError:
        return _page_after_conflict(request, written, _seen_values(form))
    except UsageError as error:
        return _page(request, replaced, written, f"{error.message}{error.fix}")
    write_audit_line(request, "staff")
    return RedirectResponse(_ADDRESS, status_code=HTTPStatus.SEE_OTHER)


def _seen_values(form: FormData) -> Mapping[str, object]:
    """The values of the entry that the form showed at first; empty where the browser sends something else."""
    try:
        seen = json.loads(str(form.get("seen", "")))
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}


def _page_after_conflict(request: Request, written: Mapping[str, object], seen: Mapping[str, object]) -> Response:
    """The form with what this person changed, and for the rest what another person has saved meanwhile."""
    names = [seen.get("name"), written["name"]]
    members = desk_services(request).staff.members()
    now = next((one for name in names for one in members if one.name == name), None)
    if now is None:
        return _page(request, "", {**written}, "这一项刚被别人删去了，没有保存。要重新加上的，再按“保存”。")
    present = now.model_dump(mode="json")
    values = {key: present[key] if value == seen.get(key) else value for key, value in written.items()}
    return _page(
        request, now.digest, values, "这一项刚被别人改过，没有保存。下面留着你改的，其余已是最新；核对后再按“保存”。"
    )


def remove_member(request: Request, form: FormData) -> Response:
    """Remove an entry; cases keep the people that they name."""
    desk_services(request).staff.remove(str(form.get("replaced", "")))
    write_audit_line(request, "staff")
    return RedirectResponse(_ADDRESS, status_code=HTTPStatus.SEE_OTHER)


def _page(request: Request, edited: str, values: dict[str, object] | None = None, fault: str = "") -> Response:
    try:
        members = desk_services(request).staff.members()
    except UsageError as error:
        members, fault = (), f"{error.message}{error.fix}"
    one = next((member for member in members if member.digest == edited), None)
    if values is None:
        values = (one or StaffMember.model_construct(name="")).model_dump()
    seen = one.model_dump(mode="json", include={*_TEXTS, "usually"}) if one else {}
    context = {
        "members": members,
        "edited": edited if one else "",
        "values": values,
        "seen": json.dumps(seen, ensure_ascii=False),
        "fault": fault,
        "parts": PARTS,
        "posts": POST,
        "file": STAFF_FILE.as_posix(),
    }
    return template_response(request, "staff.html", context)


routes = [
    Route(_ADDRESS, show_staff),
    Route(f"{_ADDRESS}/save", form_endpoint(save_member), methods=["POST"]),
    Route(f"{_ADDRESS}/remove", form_endpoint(remove_member), methods=["POST"]),
]
