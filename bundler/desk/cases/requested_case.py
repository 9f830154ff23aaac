"""What the routes of the case pages take out of a request: services, the case, the material card, the account's rights in it."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request

from bundler.case_edit.save import TreeGuard
from bundler.desk.case_registry import CaseRef
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.leader_only_fields import approval_guard
from bundler.desk.cases.material_slots import MaterialCard, all_cards
from bundler.desk.cases.page_renderer import ImageSize
from bundler.desk.cases.shared_objects import CaseServices
from bundler.desk.security.roles import Permission
from bundler.desk.shared_objects import desk_services, rights_of
from bundler.regulation.papers import BundleKind


def services_of(request: Request) -> CaseServices:
    """The services that the case pages of this desk share."""
    return desk_services(request).cases


def requested_ref(request: Request) -> CaseRef:
    """The case that the address names.

    Raises:
        HTTPException: 404, there is no such case.
    """
    ref = desk_services(request).case_registry.find(request.path_params["key"])
    if ref is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "没有这个案件，可能已经移走或者改名。")
    return ref


def requested_case(request: Request, kind: BundleKind | None = None) -> CaseView:
    """Read and check the case that the address names; arguments and errors as in `load_case` and `requested_ref`."""
    return services_of(request).load_case(requested_ref(request), kind)


def displayed_case(request: Request) -> CaseView:
    """The requested case, whose version is kept because the page is going to show it."""
    view = requested_case(request)
    services_of(request).keep_version(view)
    return view


def requested_card(request: Request) -> tuple[CaseView, MaterialCard]:
    """The case and the material that the address names.

    Raises:
        HTTPException: 404, the material does not exist any more, or its file changed.
    """
    view = requested_case(request)
    name = request.path_params["name"]
    card = next((one for one in all_cards(view) if one.name == name), None)
    if card is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这份材料刚被改动，请刷新页面。")
    return view, card


def requested_image_size(request: Request) -> ImageSize:
    """The size of the page image that the query names; that of a page by default."""
    size = request.query_params.get("size", "")
    return ImageSize(size) if size in set(ImageSize) else ImageSize.PAGE


def may_edit_case(request: Request, view: CaseView) -> bool:
    """Whether the account edits this case: a handler edits those that name him."""
    return rights_of(request).may_in_case(Permission.EDIT, view.tree)


def change_guard(request: Request, view: CaseView) -> TreeGuard | None:
    """The check of what the account changes in a case, before it is written; None where it may change everything."""
    return approval_guard(rights_of(request), may_edit=may_edit_case(request, view))
