"""The checks before every route: host, TLS, size of the body, session and CSRF token; the headers of every response."""

from __future__ import annotations

import asyncio
import hmac
import logging
import traceback
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bundler.desk.error_pages import error_response
from bundler.desk.security.access_config import REQUEST_LIMITS, AccessConfig, system_user_name
from bundler.desk.security.accounts import AccountCache
from bundler.desk.security.audit import write_audit_line
from bundler.desk.security.sessions import SessionStore
from bundler.desk.templating import VERSION_PARAMETER, template_response
from bundler.errors import OutputError

LOGIN_PATH = "/login"
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_FORM_TYPE = "application/x-www-form-urlencoded"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_SECURITY_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_LOG = logging.getLogger("bundler.desk")


class SecurityMiddleware:
    """Rejects a request before the application sees it, and answers unexpected errors without a traceback.

    It is plain ASGI: Starlette's `BaseHTTPMiddleware` would buffer event streams.

    Args:
        app: the application.
        access: under which names and for whom the desk answers.
        sessions: the open sessions.
    """

    def __init__(self, app: ASGIApp, access: AccessConfig, sessions: SessionStore) -> None:
        self._app, self._access, self._sessions = app, access, sessions
        self._accounts = AccountCache(access.users)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        sender = _HeaderSender(send, _default_caching(request), secure=self._access.secure)
        scope.setdefault("state", {})
        try:
            body = _LimitedBody(receive, _max_body_size(request))
            rejection = self._reject_before_login(request, body) or await self._authorize(request, body)
            await (rejection or self._app)(scope, body.receive, sender.send)
        except HTTPException as error:
            await error_response(request, error.status_code, error.detail)(scope, receive, sender.send)
        except Exception as error:  # noqa: BLE001 (no unexpected error may show a traceback or a value of a case)
            _LOG.error("%s %s", request.method, _error_location(error))
            if not sender.started:
                await error_response(request, HTTPStatus.INTERNAL_SERVER_ERROR)(scope, receive, sender.send)

    def _reject_before_login(self, request: Request, body: _LimitedBody) -> Response | None:
        """The response to a request that is refused; None for an acceptable one."""
        if not self._access.allows_host(request.headers.get("host", "")):
            return error_response(
                request, HTTPStatus.MISDIRECTED_REQUEST, "不认识这个网址，请用管理员给出的网址打开工作台。"
            )
        if self._access.secure and request.url.scheme != "https":
            return error_response(request, HTTPStatus.FORBIDDEN, "请用 https 打开工作台。")
        length = request.headers.get("content-length", "0")
        if "content-length" in request.headers and "transfer-encoding" in request.headers:
            # A proxy and the desk may disagree on where such a request ends; the connection is not used again.
            response = error_response(request, HTTPStatus.BAD_REQUEST)
            response.headers["connection"] = "close"
            return response
        if not (length.isascii() and length.isdigit()):
            return error_response(request, HTTPStatus.BAD_REQUEST)
        if int(length) > body.max_size:
            return error_response(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_large_message(body.max_size))
        return None

    async def _authorize(self, request: Request, body: _LimitedBody) -> Response | None:
        """Find the session, and put its account and CSRF token into the request's state; a response rejects."""
        path = request.url.path
        if path.startswith("/static/") and request.method in _SAFE_METHODS:
            return None
        if request.method not in _SAFE_METHODS and not _is_same_origin(request):
            return error_response(request, HTTPStatus.FORBIDDEN, "这个改动不是从工作台自己的页面送来的，没有办。")
        if path == LOGIN_PATH and self._access.users is not None:
            return None
        session = self._sessions.find(request.cookies.get(session_cookie_name(request), ""))
        if session is None or self._accounts.password_hash(session.actor) != session.password_hash:
            return await self._answer_without_session(request)
        request.state.actor, request.state.csrf = session.actor, session.csrf
        if request.method not in _SAFE_METHODS and not hmac.compare_digest(
            (await _csrf_token(request, body)).encode("utf-8", "replace"), session.csrf.encode()
        ):
            return error_response(request, HTTPStatus.FORBIDDEN, "页面已经过期，没有办。请刷新页面后再试。")
        return _redirect_without_token(request) if "token" in request.query_params and path == "/" else None

    async def _answer_without_session(self, request: Request) -> Response:
        """Open a session for the terminal's link; otherwise tell how to log in."""
        access = self._access
        if (
            access.users is None
            and request.method == "GET"
            and access.start.consume(request.query_params.get("token", ""))
        ):
            response = _redirect_without_token(request)
            request.state.actor = system_user_name()
            set_session_cookie(request, response, self._sessions.open(request.state.actor))
            with suppress(OutputError):  # a read-only folder can still be viewed; `serve` has printed a warning
                await run_in_threadpool(write_audit_line, request, "login")
            return response
        if request.headers.get("hx-request") or request.method not in _SAFE_METHODS:
            return error_response(request, HTTPStatus.UNAUTHORIZED)
        if access.users is not None:
            return RedirectResponse(LOGIN_PATH, status_code=HTTPStatus.SEE_OTHER)
        return template_response(request, "link_required.html", status=HTTPStatus.UNAUTHORIZED)


def session_cookie_name(request: Request) -> str:
    """The name of the session cookie. It holds the port, for which browsers do not separate cookies."""
    port = request.url.port or ""
    return f"__Host-desk{port}" if request.url.scheme == "https" else f"desk{port}"


def set_session_cookie(request: Request, response: Response, token: str) -> None:
    """Set the cookie of a session; it ends with the browser."""
    secure = request.url.scheme == "https"
    response.set_cookie(session_cookie_name(request), token, path="/", httponly=True, samesite="strict", secure=secure)


def _redirect_without_token(request: Request) -> Response:
    """A redirect to the same page, so that the token does not stay in the address bar."""
    path = "/" + request.url.path.lstrip("/\\")
    return RedirectResponse(path, status_code=HTTPStatus.SEE_OTHER)


class _HeaderSender:
    """Adds the security headers to a response.

    Attributes:
        started: whether the head of a response was sent.
    """

    def __init__(self, send: Send, caching: str, *, secure: bool) -> None:
        self._send, self._caching, self._secure, self.started = send, caching, secure, False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            _set_security_headers(MutableHeaders(scope=message), self._caching, secure=self._secure)
        await self._send(message)


def _default_caching(request: Request) -> str:
    """How long a browser may keep a response that does not say so itself: a static file as long as its address names it."""
    if not request.scope["path"].startswith("/static/"):
        return "no-store"
    return "public, max-age=31536000, immutable" if VERSION_PARAMETER in request.query_params else "no-cache"


def _set_security_headers(headers: MutableHeaders, caching: str, *, secure: bool) -> None:
    """Set the headers of every response; a `cache-control` that the response has already stays."""
    for name, value in _SECURITY_HEADERS.items():
        headers[name] = value
    headers.setdefault("cache-control", caching)
    if secure:
        headers["strict-transport-security"] = "max-age=31536000"


class _LimitedBody:
    """The body of a request, counted while it arrives; what was read early is replayed to the application.

    Attributes:
        max_size: in bytes.
    """

    def __init__(self, receive: Receive, max_size: int) -> None:
        self._receive, self.max_size, self._size = receive, max_size, 0
        self._replay: list[Message] = []
        self._is_complete = False

    async def receive(self) -> Message:
        return self._replay.pop(0) if self._replay else await self._receive_next()

    async def read(self) -> bytes:
        """The whole body, which the application receives again."""
        messages: list[Message] = []
        while True:
            messages.append(await self._receive_next())
            if messages[-1]["type"] != "http.request" or not messages[-1].get("more_body"):
                break
        self._replay = messages
        return b"".join(message.get("body", b"") for message in messages)

    async def _receive_next(self) -> Message:
        # After the body the only message is the end of the connection, which may come at any time.
        try:
            async with asyncio.timeout(None if self._is_complete else REQUEST_LIMITS.silence):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, "上传中断太久，没有收下。请检查网络后再试。") from None
        self._is_complete = not message.get("more_body", False)
        self._size += len(message.get("body", b""))
        if self._size > self.max_size:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_large_message(self.max_size))
        return message


def _max_body_size(request: Request) -> int:
    is_upload = request.headers.get("content-type", "").startswith("multipart/form-data")
    return REQUEST_LIMITS.upload if is_upload else REQUEST_LIMITS.form


def _too_large_message(max_size: int) -> str:
    return f"一次送来的内容超过 {max_size // (1024 * 1024)} MB，没有收下。请分几次上传。"


def _is_same_origin(request: Request) -> bool:
    """Whether a page of this desk sent the request; a client that is no browser sends neither header and passes."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site == "same-origin" and origin == "null":  # a form sends this under `referrer-policy: no-referrer`
        return True
    is_own_site = site is None or site == "same-origin"
    return is_own_site and (origin is None or _host_of(origin) == request.headers.get("host"))


def _host_of(origin: str) -> str | None:
    """The host and port that an Origin header names; None where it is no address."""
    with suppress(ValueError):
        return urlsplit(origin).netloc
    return None


async def _csrf_token(request: Request, body: _LimitedBody) -> str:
    """The CSRF token of a change, from its header or from a field of its form."""
    token = request.headers.get("x-csrf-token", "")
    if token or not request.headers.get("content-type", "").startswith(_FORM_TYPE):
        return token
    fields = parse_qs((await body.read()).decode("utf-8", "replace"), max_num_fields=REQUEST_LIMITS.fields)
    return fields.get("csrf", [""])[0]


def _error_location(error: BaseException) -> str:
    """The class of an error and its line of code; not its message, which may hold a value of a case."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} {place}"
