"""The routes of logging in and out."""

from __future__ import annotations

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bundler.desk.error_pages import error_response
from bundler.desk.security.accounts import TooManyAttemptsError
from bundler.desk.security.audit import write_audit_line
from bundler.desk.security.middleware import LOGIN_PATH, session_cookie_name, set_session_cookie
from bundler.desk.shared_objects import desk_services
from bundler.desk.templating import template_response


def show_login(request: Request) -> Response:
    """The page that asks for account and password."""
    return template_response(request, "login.html", {"error": "", "name": ""})


async def log_in(request: Request) -> Response:
    """Check account and password, and open a session."""
    form = await request.form(max_files=0, max_fields=10)
    name, password = str(form.get("name", ""))[:64], str(form.get("password", ""))
    authenticator = desk_services(request).authenticator
    address = request.client.host if request.client else ""
    try:
        is_right = await authenticator.check_password(name, address, password)
    except TooManyAttemptsError as error:
        wait = int(error.seconds) + 1
        return _refuse(request, name, f"试错太多次，请等 {wait} 秒再试。", wait_seconds=wait)
    if not is_right:
        await run_in_threadpool(_audit_login, request, "login-refused", name)
        return _refuse(request, name, "账号或者口令不对。")
    await run_in_threadpool(_audit_login, request, "login", name)
    accepted: Response = RedirectResponse("/", status_code=HTTPStatus.SEE_OTHER)
    if "hx-request" in request.headers:  # over a page that stays
        accepted = Response(status_code=HTTPStatus.NO_CONTENT)
    set_session_cookie(request, accepted, desk_services(request).sessions.open(name, authenticator.password_hash(name)))
    return accepted


def _refuse(request: Request, name: str, message: str, *, wait_seconds: int = 0) -> Response:
    status = HTTPStatus.TOO_MANY_REQUESTS if wait_seconds else HTTPStatus.UNAUTHORIZED
    if "hx-request" in request.headers:
        response = error_response(request, status, message)
    else:
        response = template_response(request, "login.html", {"error": message, "name": name}, status=status)
    if wait_seconds:
        response.headers["retry-after"] = str(wait_seconds)
    return response


def _audit_login(request: Request, action: str, name: str) -> None:
    """Write an audit line under a name that the request has no session of."""
    request.state.actor = name
    write_audit_line(request, action)
    request.state.actor = ""


def log_out(request: Request) -> Response:
    """End the session."""
    write_audit_line(request, "logout")
    services = desk_services(request)
    services.sessions.close(request.cookies.get(session_cookie_name(request), ""))
    target = LOGIN_PATH if services.access.users is not None else "/"
    response = RedirectResponse(target, status_code=HTTPStatus.SEE_OTHER)
    secure = request.url.scheme == "https"
    response.delete_cookie(session_cookie_name(request), path="/", httponly=True, samesite="strict", secure=secure)
    return response


routes = [
    Route(LOGIN_PATH, show_login, methods=["GET"]),
    Route(LOGIN_PATH, log_in, methods=["POST"]),
    Route("/logout", log_out, methods=["POST"]),
]
