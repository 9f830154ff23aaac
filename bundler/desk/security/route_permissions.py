"""Which permission each address of the desk asks for, and the check before a route answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bundler.desk.security.roles import Permission, Rights, Role, forbidden
from bundler.desk.shared_objects import desk_services, rights_of

_CASE = "/cases/{key}"
_SAFE_METHODS = frozenset({"GET", "HEAD"})
FOR_EVERYONE = frozenset({"/login", "/logout", "/password", "/session", "/live", "/live/now"})
"""Every account may use these: they show and change nothing of a case."""
_PERMISSIONS: Mapping[str, Permission] = {
    "/": Permission.READ,
    "/today": Permission.OWN_DAY,
    "/print": Permission.READ,
    "/list.xlsx": Permission.READ,
    "/package": Permission.READ,
    "/find": Permission.READ,
    "/cases": Permission.REGISTER,
    "/register": Permission.REGISTER,
    "/bin": Permission.CASE_BIN,
    "/bin/restore": Permission.CASE_BIN,
    "/centre": Permission.OVERVIEW,
    "/centre/run": Permission.OVERVIEW,
    "/centre/start": Permission.BATCH,
    "/centre/stop": Permission.BATCH,
    "/centre/reports/{name}": Permission.OVERVIEW,
    "/centre/outputs/{key}": Permission.OVERVIEW,
    "/centre/submission.zip": Permission.OVERVIEW,
    "/centre/books/{name}": Permission.OVERVIEW,
    "/centre/period/{name}": Permission.OVERVIEW,
    "/centre/reminders": Permission.RECEPTION,
    "/centre/reminders/notice": Permission.REMIND,
    "/centre/receptions.docx": Permission.RECEPTION,
    "/reading": Permission.READ_SCANS,
    "/reading/state": Permission.READ_SCANS,
    "/reading/start": Permission.READ_SCANS,
    "/reading/stop": Permission.READ_SCANS,
    "/staff": Permission.STAFF,
    "/staff/save": Permission.STAFF,
    "/staff/remove": Permission.STAFF,
    "/accounts": Permission.ACCOUNTS,
    "/accounts/save": Permission.ACCOUNTS,
    "/accounts/remove": Permission.ACCOUNTS,
    "/templates": Permission.TEMPLATES,
    "/templates/newer": Permission.TEMPLATES,
    "/templates/{document}": Permission.TEMPLATES,
    "/templates/{document}/looks.css": Permission.TEMPLATES,
    "/templates/{document}/pdf": Permission.TEMPLATES,
}
_IN_A_CASE: Mapping[str, Permission] = {
    "/remove": Permission.REMOVE_CASE,
    "/fields": Permission.WRITE_VALUES,
    "/rows": Permission.WRITE_VALUES,
    "/rows/new": Permission.WRITE_VALUES,
    "/settle": Permission.WRITE_VALUES,
    "/undo": Permission.WRITE_VALUES,
    "/absent/{item}": Permission.WRITE_VALUES,
    "/absent/{item}/withdraw": Permission.WRITE_VALUES,
    "/sorting": Permission.EDIT,
    "/proposals": Permission.EDIT,
    "/bundle/{digest}/proof": Permission.READ,
}
"""What differs from the usual: to read a case for a page, to edit it for a change."""


def permission_for(path: str, method: str) -> Permission | None:
    """The permission that an address asks for; None where it asks for none.

    Args:
        path: the address as a route is given it, with the names of its parameters.
        method: the HTTP method.

    Raises:
        LookupError: nobody has decided what the address asks for.
    """
    if path in FOR_EVERYONE:
        return None
    if path in _PERMISSIONS:
        return _PERMISSIONS[path]
    if path == _CASE or path.startswith(f"{_CASE}/"):
        usual = Permission.READ if method in _SAFE_METHODS else Permission.EDIT
        return _IN_A_CASE.get(path.removeprefix(_CASE), usual)
    raise LookupError(path)


def guard_routes(routes: Iterable[BaseRoute]) -> list[BaseRoute]:
    """The routes, each with the check of its permission before it.

    Raises:
        LookupError: nobody has decided what a route asks for; the desk does not start then.
    """
    guarded = [copy(route) for route in routes]
    for route in guarded:
        if isinstance(route, Route):
            permissions = {method: permission_for(route.path, method) for method in route.methods or ()}
            route.app = _GuardedRoute(route.app, permissions, is_case=route.path.startswith(_CASE))
    return guarded


class _GuardedRoute:
    """A route that answers accounts with its permission, and refuses others with status 403."""

    def __init__(self, app: ASGIApp, permissions: Mapping[str, Permission | None], *, is_case: bool) -> None:
        self._app, self._permissions, self._is_case = app, permissions, is_case

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        permission = self._permissions[scope["method"]]
        if permission is not None:
            request = Request(scope, receive)
            rights = await run_in_threadpool(rights_of, request)
            if scope["path"] == "/" and not rights.may(permission) and rights.may(Permission.ACCOUNTS):
                await RedirectResponse("/accounts", status_code=HTTPStatus.SEE_OTHER)(scope, receive, send)
                return
            rights.require(permission)
            if self._is_case and rights.roles & permission.roles <= {Role.HANDLER}:
                await run_in_threadpool(_require_own_case, request, rights, permission)
        await self._app(scope, receive, send)


def _require_own_case(request: Request, rights: Rights, permission: Permission) -> None:
    """Refuse a handler whom the case does not name; that there is no such case is for the route to say.

    Raises:
        HTTPException: 403, the case names other people.
    """
    services = desk_services(request)
    ref = services.case_registry.find(request.path_params["key"])
    if ref is None:
        return
    tree = services.cases.load_case(ref).tree
    if rights.may_in_case(permission, tree):
        return
    if not rights.may_in_case(Permission.READ, tree):
        raise HTTPException(
            HTTPStatus.FORBIDDEN,
            "这一件没有写着你的姓名，承办人的账号只能看和办自己的案件。"
            "要是该由你办，请书记员在表单的“本院人员”里写上你的姓名；姓名和账号不同的，请管理员在人员名单里写上账号。",
        )
    raise forbidden(permission)
