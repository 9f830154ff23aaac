"""A proxy before a desk, which answers some requests with an error of its own, as one does whose desk is away."""

from __future__ import annotations

import re
import time
from collections import Counter

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.support.browser import TIMEOUT_MS


class FailingProxy:
    """Passes requests on to a desk, or refuses them.

    Attributes:
        refused: how many requests it has refused, by the pattern of their paths.
    """

    def __init__(self) -> None:
        self.refused: Counter[str] = Counter()
        self._left: dict[str, tuple[int, int]] = {}

    def refuse(self, pattern: str, times: int, status: int = 503) -> None:
        """Refuse the next requests whose whole path matches a pattern."""
        self._left[pattern] = times, status

    def wait_until_refused(self, pattern: str, times: int) -> None:
        """Wait until so many requests were refused."""
        end = time.monotonic() + TIMEOUT_MS / 1000
        while self.refused[pattern] < times:
            assert time.monotonic() < end, f"{pattern} is not asked for again"
            time.sleep(0.02)

    def before(self, app: ASGIApp) -> ASGIApp:
        """The application behind this proxy."""

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            status = self._refusal(scope["path"]) if scope["type"] == "http" else 0
            shown = HTMLResponse(f"<h1>{status} of a proxy</h1>", status_code=status) if status else app
            await shown(scope, receive, send)

        return answer

    def _refusal(self, path: str) -> int:
        """The status with which a path is refused; 0 for passing it on."""
        for pattern, (left, status) in self._left.items():
            if left and re.fullmatch(pattern, path):
                self._left[pattern] = left - 1, status
                self.refused[pattern] += 1
                return status
        return 0
