"""How much a request may bring, and how long a session lasts."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """Bounds; sizes in bytes, times in seconds.

    Attributes:
        form: a body that is no upload.
        file: one uploaded file.
        files: uploaded files in one request.
        upload: a whole upload.
        fields: form fields in one request.
        idle: a session that nobody uses ends.
        session: a session ends, used or not.
        sessions: at once.
        head: how long the head of a request may take to arrive.
        idle_connection: how long a connection stays open on which nothing is asked; a browser asks on it once more
            without knowing that it is just being closed, so that it is closed seldom.
        silence: how long a client may say nothing in the middle of a body.
        connections: open at once.
    """

    form: int = _MIB
    file: int = 200 * _MIB
    files: int = 50
    upload: int = 2048 * _MIB
    fields: int = 500
    idle: float = 8 * 3600.0
    session: float = 12 * 3600.0
    sessions: int = 1000
    head: float = 15.0
    idle_connection: int = 30
    silence: float = 30.0
    connections: int = 400


REQUEST_LIMITS = RequestLimits()
