"""The gate before every page: the right host, a session, a body within bounds, and a change that its own page sent."""

from __future__ import annotations

import asyncio
import hmac
import logging
import traceback
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
from bundler.desk.security.accounts import AccountCache
from bundler.desk.security.audit import write_audit_line
from bundler.desk.security.config import REQUEST_LIMITS, AccessConfig, system_user_name
from bundler.desk.security.sessions import SessionStore
from bundler.desk.templating import render_page

LOGIN_PATH = "/login"
_READS = frozenset({"GET", "HEAD"})
_FORM = "application/x-www-form-urlencoded"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
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
    """Pure ASGI, so that events stream through it; it also tells what nobody expected, in place of a traceback."""

    def __init__(self, app: ASGIApp, access: AccessConfig, sessions: SessionStore) -> None:
        self._app, self._access, self._sessions = app, access, sessions
        self._roll = AccountCache(access.users)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        request, answer = Request(scope, receive), _Answer(send, scope["path"], secure=self._access.secure)
        scope.setdefault("state", {})
        try:
            bounded = _Bounded(receive, _most(request))
            refusal = self._before(request, bounded) or await self._admit(request, bounded)
            await (refusal or self._app)(scope, bounded.receive, answer.send)
        except HTTPException as error:
            await error_response(request, error.status_code, error.detail)(scope, receive, answer.send)
        except Exception as error:  # noqa: BLE001 (nothing unexpected may show a traceback or a value)
            _LOG.error("%s %s", request.method, _where(error))
            if not answer.started:
                await error_response(request, HTTPStatus.INTERNAL_SERVER_ERROR)(scope, receive, answer.send)

    def _before(self, request: Request, bounded: _Bounded) -> Response | None:
        """What is refused to everybody."""
        if not self._access.allows_host(request.headers.get("host", "")):
            return error_response(
                request, HTTPStatus.MISDIRECTED_REQUEST, "不认识这个网址，请用管理员给出的网址打开工作台。"
            )
        if self._access.secure and request.url.scheme != "https":
            return error_response(request, HTTPStatus.FORBIDDEN, "请用 https 打开工作台。")
        length = request.headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return error_response(request, HTTPStatus.BAD_REQUEST)
        if int(length) > bounded.most:
            return error_response(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_large(bounded.most))
        return None

    async def _admit(self, request: Request, bounded: _Bounded) -> Response | None:
        """Look who it is; None lets the request in."""
        path = request.url.path
        if path.startswith("/static/") and request.method in _READS:
            return None
        if request.method not in _READS and not _from_here(request):
            return error_response(request, HTTPStatus.FORBIDDEN, "这个改动不是从工作台自己的页面送来的，没有办。")
        if path == LOGIN_PATH and self._access.users is not None:
            return None
        session = self._sessions.find(request.cookies.get(session_cookie_name(request), ""))
        if session is None or self._roll.standing(session.actor) != session.standing:
            return await self._stranger(request)
        request.state.actor, request.state.csrf = session.actor, session.csrf
        if request.method not in _READS and not hmac.compare_digest(
            (await _told(request, bounded)).encode("utf-8", "replace"), session.csrf.encode()
        ):
            return error_response(request, HTTPStatus.FORBIDDEN, "页面已经过期，没有办。请刷新页面后再试。")
        return _without_token(request) if "token" in request.query_params and path == "/" else None

    async def _stranger(self, request: Request) -> Response:
        """One without a session: the terminal's link lets him in; else he is told how to come in."""
        access = self._access
        if (
            access.users is None
            and request.method == "GET"
            and access.start.take(request.query_params.get("token", ""))
        ):
            answer = _without_token(request)
            request.state.actor = system_user_name()
            set_session_cookie(request, answer, self._sessions.open(request.state.actor))
            await run_in_threadpool(write_audit_line, request, "login")
            return answer
        if request.headers.get("hx-request") or request.method not in _READS:
            return error_response(request, HTTPStatus.UNAUTHORIZED)
        if access.users is not None:
            return RedirectResponse(LOGIN_PATH, status_code=HTTPStatus.SEE_OTHER)
        return render_page(request, "closed.html", status=HTTPStatus.UNAUTHORIZED)


def session_cookie_name(request: Request) -> str:
    """The session's cookie: cookies know no ports, so each desk of a machine has a name of its own."""
    port = request.url.port or ""
    return f"__Host-desk{port}" if request.url.scheme == "https" else f"desk{port}"


def set_session_cookie(request: Request, answer: Response, token: str) -> None:
    """Put a session's token into the browser; it ends with the browser."""
    secure = request.url.scheme == "https"
    answer.set_cookie(session_cookie_name(request), token, path="/", httponly=True, samesite="strict", secure=secure)


def _without_token(request: Request) -> Response:
    """The same page again, so that the word stays in no address bar."""
    path = "/" + request.url.path.lstrip("/\\")
    return RedirectResponse(path, status_code=HTTPStatus.SEE_OTHER)


class _Answer:
    """An answer on its way, with the headers that every answer has."""

    def __init__(self, send: Send, path: str, *, secure: bool) -> None:
        self._send, self._path, self._secure, self.started = send, path, secure, False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            set_security_headers(MutableHeaders(scope=message), self._path, secure=self._secure)
        await self._send(message)


class _Bounded:
    """A body that is counted as it comes; what was read ahead of the application is given to it again."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self.most, self._count = receive, most, 0
        self._ahead: list[Message] = []
        self._is_whole = False

    async def receive(self) -> Message:
        return self._ahead.pop(0) if self._ahead else await self._next()

    async def read(self) -> bytes:
        """All of it, which the application will get nevertheless."""
        kept: list[Message] = []
        while True:
            kept.append(await self._next())
            if kept[-1]["type"] != "http.request" or not kept[-1].get("more_body"):
                break
        self._ahead = kept
        return b"".join(one.get("body", b"") for one in kept)

    async def _next(self) -> Message:
        # Behind the body stands only the end of the connection, which may be waited for as long as it likes.
        try:
            async with asyncio.timeout(None if self._is_whole else REQUEST_LIMITS.silence):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, "上传中断太久，没有收下。请检查网络后再试。") from None
        self._is_whole = not message.get("more_body", False)
        self._count += len(message.get("body", b""))
        if self._count > self.most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_large(self.most))
        return message


def _most(request: Request) -> int:
    is_upload = request.headers.get("content-type", "").startswith("multipart/form-data")
    return REQUEST_LIMITS.upload if is_upload else REQUEST_LIMITS.form


def _too_large(most: int) -> str:
    return f"一次送来的内容超过 {most // (1024 * 1024)} MB，没有收下。请分几次上传。"


def _from_here(request: Request) -> bool:
    """Whether the browser says that a page of this desk sent it; what is no browser says nothing, and has the word."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site == "same-origin" and origin == "null":  # a form of a page that sends no referrer tells its origin so
        return True
    is_site = site is None or site == "same-origin"
    return is_site and (origin is None or urlsplit(origin).netloc == request.headers.get("host"))


async def _told(request: Request, bounded: _Bounded) -> str:
    """The word that a change carries, in its header or in a field of its form."""
    word = request.headers.get("x-csrf-token", "")
    if word or not request.headers.get("content-type", "").startswith(_FORM):
        return word
    fields = parse_qs((await bounded.read()).decode("utf-8", "replace"), max_num_fields=REQUEST_LIMITS.fields)
    return fields.get("csrf", [""])[0]


def _where(error: BaseException) -> str:
    """Which error, and where in the program; never what it says, which may be out of a case."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} {place}"


def set_security_headers(headers: MutableHeaders, path: str, *, secure: bool) -> None:
    """Put them onto an answer; what the answer itself says of keeping stays."""
    for name, value in _SECURITY_HEADERS.items():
        headers[name] = value
    if not path.startswith("/static/"):
        headers.setdefault("cache-control", "no-store")
    if secure:
        headers["strict-transport-security"] = "max-age=31536000"
