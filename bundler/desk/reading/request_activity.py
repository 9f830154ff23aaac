"""Whether the desk is answering: the requests that are being answered, and when the last one was."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

_QUIET_SECONDS = 0.5
"""So long after an answer, its reader may ask for the next page."""


class RequestActivity:
    """Counts the requests that a person waits for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = 0
        self._ended = 0.0

    def begin(self) -> None:
        """A request has come."""
        with self._lock:
            self._running += 1

    def end(self) -> None:
        """A request was answered."""
        with self._lock:
            self._running -= 1
            self._ended = time.monotonic()

    @property
    def has_open_request(self) -> bool:
        """Whether a request is being answered, or one was a moment ago."""
        return self._running > 0 or time.monotonic() - self._ended < _QUIET_SECONDS


class ActivityMiddleware:
    """Tells a `RequestActivity` of each request.

    Args:
        app: the application.
        activity: what is told.
        except_for: the beginnings of paths that the pages ask for by themselves, such as event streams.
    """

    def __init__(self, app: ASGIApp, activity: RequestActivity, except_for: Iterable[str]) -> None:
        self._app, self._activity, self._except_for = app, activity, tuple(except_for)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or scope["path"].startswith(self._except_for):
            await self._app(scope, receive, send)
            return
        self._activity.begin()
        try:
            await self._app(scope, receive, send)
        finally:
            self._activity.end()
