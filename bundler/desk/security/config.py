"""How the desk is reached: by which names, by whom, and over what."""

from __future__ import annotations

import hmac
import ipaddress
import os
import pwd
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches that address."""
    address = _parse_ip_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def system_user_name() -> str:
    """The account of the operating system under which the desk runs."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


class OneTimeToken:
    """The word in the link that the terminal shows; each link opens one session, then the next is shown."""

    def __init__(self, show: Callable[[str], None] = lambda _: None) -> None:
        self._show, self._token = show, secrets.token_urlsafe(32)

    @property
    def word(self) -> str:
        """The word that opens the next session."""
        return self._token

    def take(self, word: str) -> bool:
        """Whether it is the word; then it is none any more."""
        if not hmac.compare_digest(word.encode("utf-8", "replace"), self._token.encode()):
            return False
        self._token = secrets.token_urlsafe(32)
        self._show(self._token)
        return True


@dataclass(frozen=True, slots=True)
class AccessConfig:
    """How the desk is reached.

    Attributes:
        hosts: the names under which it answers.
        allows_any_ip: whether it also answers under any address in digits (a foreign page can only bring a name).
        users: the file of accounts; None: whoever has the terminal's link works as the system's account.
        secure: whether browsers reach it by TLS alone.
        start: the terminal's link, where there are no accounts.
    """

    hosts: frozenset[str] = LOOPBACK_HOSTS
    allows_any_ip: bool = False
    users: Path | None = None
    secure: bool = False
    start: OneTimeToken = field(default_factory=OneTimeToken)

    def allows_host(self, host: str) -> bool:
        """Whether a Host header names this desk."""
        name = host_without_port(host)
        return name in self.hosts or (self.allows_any_ip and _parse_ip_address(name) is not None)


def host_without_port(host: str) -> str:
    """The name in a Host header, without the port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _parse_ip_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


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
