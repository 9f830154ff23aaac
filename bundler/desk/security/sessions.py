"""Sessions: who is at the desk; kept in memory, so that a restart ends them all."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from bundler.desk.security.config import REQUEST_LIMITS, RequestLimits

_TOKEN_BYTES = 32


@dataclass(slots=True)
class Session:
    """One who is at the desk.

    Attributes:
        actor: the account.
        csrf: the word that a change must carry.
        started: when it began, by a clock that only runs forward.
        used: when it was used last.
        standing: what the account's password was kept as when it began; another password ends it.
    """

    actor: str
    csrf: str
    started: float
    used: float
    standing: str = ""


class SessionStore:
    """All sessions, found by the digest of their token: the tokens themselves are kept nowhere."""

    def __init__(self, limits: RequestLimits = REQUEST_LIMITS, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = limits, clock
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def open(self, actor: str, standing: str = "") -> str:
        """Begin a session; the token by which the browser is known."""
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), self._clock()
        with self._lock:
            self._drop_ended(now)
            while len(self._sessions) >= self._limits.sessions:
                del self._sessions[min(self._sessions, key=lambda one: self._sessions[one].used)]
            csrf = secrets.token_urlsafe(_TOKEN_BYTES)
            self._sessions[_digest(token)] = Session(actor, csrf, now, now, standing)
        return token

    def find(self, token: str) -> Session | None:
        """The session of a token, used now; None where it has ended or never was."""
        now = self._clock()
        with self._lock:
            self._drop_ended(now)
            session = self._sessions.get(_digest(token))
            if session is not None:
                session.used = now
            return session

    def close(self, token: str) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(_digest(token), None)

    def _drop_ended(self, now: float) -> None:
        limits = self._limits
        self._sessions = {
            key: one
            for key, one in self._sessions.items()
            if now - one.used < limits.idle and now - one.started < limits.session
        }


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
