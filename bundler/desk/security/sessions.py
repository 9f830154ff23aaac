"""Sessions, kept in memory: a restart of the desk ends them all."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from bundler.desk.security.access_config import REQUEST_LIMITS, RequestLimits
from bundler.digest import sha256_of

_TOKEN_BYTES = 32


@dataclass(slots=True)
class Session:
    """The session of one browser.

    Attributes:
        actor: the account.
        csrf: the token that a change must carry.
        started: when it was opened, in seconds of a clock that never goes back.
        used: when it was used last, by the same clock.
        password_hash: the hash of the account's password when it was opened; another hash ends the session.
    """

    actor: str
    csrf: str
    started: float
    used: float
    password_hash: str = ""


class SessionStore:
    """The open sessions, found by the SHA-256 of their token; the tokens themselves are not kept.

    Args:
        limits: how many sessions there may be, and how long one lasts.
        clock: seconds of a clock that never goes back.
    """

    def __init__(self, limits: RequestLimits = REQUEST_LIMITS, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = limits, clock
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def open(self, actor: str, password_hash: str = "") -> str:
        """Open a session and return its token; beyond the limit the one that was unused longest ends."""
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), self._clock()
        with self._lock:
            self._drop_expired(now)
            while len(self._sessions) >= self._limits.sessions:
                del self._sessions[min(self._sessions, key=lambda key: self._sessions[key].used)]
            csrf = secrets.token_urlsafe(_TOKEN_BYTES)
            self._sessions[_digest(token)] = Session(actor, csrf, now, now, password_hash)
        return token

    def find(self, token: str) -> Session | None:
        """The session of a token, marked as used now; None where it expired or never was."""
        now = self._clock()
        with self._lock:
            self._drop_expired(now)
            session = self._sessions.get(_digest(token))
            if session is not None:
                session.used = now
            return session

    def close(self, token: str) -> None:
        """End the session of a token."""
        with self._lock:
            self._sessions.pop(_digest(token), None)

    def _drop_expired(self, now: float) -> None:
        limits = self._limits
        self._sessions = {
            key: session
            for key, session in self._sessions.items()
            if now - session.used < limits.idle and now - session.started < limits.session
        }


def _digest(token: str) -> str:
    return sha256_of(token.encode("utf-8", "surrogateescape"))
