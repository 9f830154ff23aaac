"""Coming in and going out: the page that asks for account and password, and the button that ends a session."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bundler.desk.security.accounts import AccountCache, read_accounts, verify_password
from bundler.desk.security.audit import write_audit_line
from bundler.desk.security.middleware import LOGIN_PATH, session_cookie_name, set_session_cookie
from bundler.desk.templating import render_page

_FREE = 3
"""So many wrong passwords cost no waiting."""
_LONGEST_WAIT = 900.0
_REMEMBERED = 10_000
_AT_ONCE = 2
"""Passwords looked at together: each takes memory and time, which nobody may use up for all."""


class Authenticator:
    """Who asks for passwords, and lets those wait who guess: per account and address, twice as long each time."""

    def __init__(self, users: Path | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._users, self._clock = users, clock
        self._roll = AccountCache(users)
        self._failed: dict[tuple[str, str], tuple[int, float]] = {}
        self._lock, self._few = threading.Lock(), threading.Semaphore(_AT_ONCE)

    def wait(self, name: str, address: str) -> float:
        """Seconds until the account may be tried again from that address."""
        with self._lock:
            return max(0.0, self._failed.get((name, address), (0, 0.0))[1] - self._clock())

    def check_password(self, name: str, address: str, password: str) -> bool:
        """Whether somebody may come in.

        Raises:
            UsageError: the file of accounts cannot be read.
        """
        if self._users is None:
            return False
        with self._few:
            is_right = verify_password(read_accounts(self._users), name, password)
        with self._lock:
            self._note(name, address, is_right=is_right)
        return is_right

    def standing(self, name: str) -> str:
        """What the account's password is kept as."""
        return self._roll.standing(name) or ""

    def _note(self, name: str, address: str, *, is_right: bool) -> None:
        times, _ = self._failed.pop((name, address), (0, 0.0))
        if is_right:
            return
        while len(self._failed) >= _REMEMBERED:
            del self._failed[next(iter(self._failed))]
        wait = min(_LONGEST_WAIT, 2.0 ** (times + 1 - _FREE)) if times + 1 >= _FREE else 0.0
        self._failed[name, address] = (times + 1, self._clock() + wait)


def show_login(request: Request) -> Response:
    """The page that asks."""
    return render_page(request, "login.html", {"told": ""})


async def log_in(request: Request) -> Response:
    """Account and password."""
    form = await request.form(max_files=0, max_fields=10)
    name, password = str(form.get("name", ""))[:64], str(form.get("password", ""))
    return await run_in_threadpool(_let_in, request, name, password)


def _let_in(request: Request, name: str, password: str) -> Response:
    door: Authenticator = request.app.state.authenticator
    address = request.client.host if request.client else ""
    if wait := door.wait(name, address):
        answer = render_page(
            request,
            "login.html",
            {"told": f"试错太多次，请等 {int(wait) + 1} 秒再试。"},
            status=HTTPStatus.TOO_MANY_REQUESTS,
        )
        answer.headers["retry-after"] = str(int(wait) + 1)
        return answer
    if not door.check_password(name, address, password):
        _note(request, "login-refused", name)
        return render_page(request, "login.html", {"told": "账号或者口令不对。"}, status=HTTPStatus.UNAUTHORIZED)
    _note(request, "login", name)
    back = RedirectResponse("/", status_code=HTTPStatus.SEE_OTHER)
    set_session_cookie(request, back, request.app.state.sessions.open(name, door.standing(name)))
    return back


def _note(request: Request, action: str, name: str) -> None:
    request.state.actor = name
    write_audit_line(request, action)
    request.state.actor = ""


def log_out(request: Request) -> Response:
    """End the session."""
    write_audit_line(request, "logout")
    request.app.state.sessions.close(request.cookies.get(session_cookie_name(request), ""))
    has_accounts = request.app.state.access.users is not None
    back = LOGIN_PATH if has_accounts else "/"
    answer = RedirectResponse(back, status_code=HTTPStatus.SEE_OTHER)
    secure = request.url.scheme == "https"
    answer.delete_cookie(session_cookie_name(request), path="/", httponly=True, samesite="strict", secure=secure)
    return answer


routes = [
    Route(LOGIN_PATH, show_login, methods=["GET"]),
    Route(LOGIN_PATH, log_in, methods=["POST"]),
    Route("/logout", log_out, methods=["POST"]),
]
"""Of coming and going."""
