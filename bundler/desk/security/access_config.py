"""Configuration of access to the desk: host names, accounts and TLS; and the limits of requests and sessions."""

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
_MIB = 1024 * 1024


def is_loopback(host: str) -> bool:
    """Whether a host name or address can be reached from this machine alone."""
    address = _parse_ip_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def system_user_name() -> str:
    """The account of the operating system that the desk runs under; its number where it has no name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


class OneTimeToken:
    """The token in the link that the terminal shows; it opens one session and is then replaced.

    Args:
        show: called with each new token after the first.
    """

    def __init__(self, show: Callable[[str], None] = lambda _: None) -> None:
        self._show, self._value = show, secrets.token_urlsafe(32)

    @property
    def value(self) -> str:
        """The token that opens the next session."""
        return self._value

    def consume(self, given: str) -> bool:
        """Whether a given token is the current one, compared in constant time; a match replaces the token."""
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._value.encode()):
            return False
        self._value = secrets.token_urlsafe(32)
        self._show(self._value)
        return True


@dataclass(frozen=True, slots=True)
class AccessConfig:
    """How the desk is reached.

    Attributes:
        hosts: the names that it answers to in a Host header.
        allows_any_ip: whether it also answers to any IP address. That is safe against DNS rebinding, since a foreign page
            reaches this machine under a name.
        users: the file of accounts; None: a browser with the terminal's link works as the system's account.
        secure: whether browsers reach it by TLS alone.
        start: the token of the terminal's link, used where there are no accounts.
    """

    hosts: frozenset[str] = LOOPBACK_HOSTS
    allows_any_ip: bool = False
    users: Path | None = None
    secure: bool = False
    start: OneTimeToken = field(default_factory=OneTimeToken)

    def allows_host(self, host: str) -> bool:
        """Whether a Host header names this desk."""
        name = _host_without_port(host)
        return name in self.hosts or (self.allows_any_ip and _parse_ip_address(name) is not None)


def _host_without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _parse_ip_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """Limits of requests, sessions and connections; sizes in bytes, times in seconds.

    Attributes:
        form: the body of a request that uploads nothing.
        file: one uploaded file.
        files: uploaded files in one request.
        upload: the body of an upload.
        fields: form fields in one request.
        idle: a session ends when it was not used for so long.
        session: a session ends after so long, used or not.
        sessions: open at once.
        head: how long the head of a request may take to arrive.
        idle_connection: how long a connection without a request stays open. Longer than a browser keeps one, so that
            it seldom sends a request on a connection that is just being closed.
        silence: how long a client may pause in the middle of a body.
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
