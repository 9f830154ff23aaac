"""The accounts of a desk: a file of names, Argon2 hashes and roles, read by its owner alone; checking passwords."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bundler.atomic_write import write_atomic
from bundler.desk.security.roles import DEFAULT_ROLES, Role
from bundler.errors import UsageError, describe_os_error, output_error
from bundler.file_reading import read_bounded
from bundler.printable_text import shows_nothing

MIN_PASSWORD_LENGTH = 10
_MAX_PASSWORD_LENGTH = 1024
_MAX_NAME_LENGTH = 64
_MAX_FILE_BYTES = 4 * 1024 * 1024
_FREE_ATTEMPTS = 3
"""From the third wrong password on, the next one has to wait."""
_MAX_WAIT_SECONDS = 900.0
_FREE_ATTEMPTS_ANYWHERE = 20
_MAX_WAIT_SECONDS_ANYWHERE = 60.0
"""Short, so that an attacker cannot keep the owner of an account out for long."""
_FORGOTTEN_AFTER = 3600.0
_MAX_DOUBLINGS = 20
_MAX_REMEMBERED = 10_000
_MAX_CONCURRENT_CHECKS = 2
"""Each check of a password takes memory and time on purpose; more at once would slow the desk down for everyone."""
_MAX_WAITING_CHECKS = 20

Key = TypeVar("Key")
Value = TypeVar("Value")


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _dummy_hash() -> str:
    """A hash that no password matches: checking an unknown account takes as long as checking a known one."""
    return _hasher().hash(os.urandom(32))


@dataclass(frozen=True, slots=True)
class Accounts:
    """The content of a file of accounts.

    Attributes:
        hashes: the hash of the password by the account's name.
        given_roles: the roles by the account's name, where the file names them.
    """

    hashes: dict[str, str]
    given_roles: dict[str, frozenset[Role]]

    def roles(self, name: str) -> frozenset[Role]:
        """The roles of an account; none for an unknown one."""
        return self.given_roles.get(name, DEFAULT_ROLES) if name in self.hashes else frozenset()

    def remove(self, name: str) -> None:
        """Remove an account with its roles."""
        del self.hashes[name]
        self.given_roles.pop(name, None)


def read_accounts(path: Path) -> Accounts:
    """Read a file of accounts; a role that this version does not know gives no right.

    Raises:
        UsageError: the file cannot be read, is no file of accounts, or is readable for others.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise UsageError(f"账号文件“{path}”别人也能读。", fix=f"请运行：chmod 600 {path}。")
        content = json.loads(read_bounded(path, _MAX_FILE_BYTES, follow=True))
        hashes = {str(name): str(password_hash) for name, password_hash in content["accounts"].items()}
        roles = {str(name): frozenset(map(str, given)) for name, given in content.get("roles", {}).items()}
        return Accounts(hashes, {name: frozenset(one for one in Role if one in given) for name, given in roles.items()})
    except OSError as error:
        raise UsageError(
            f"账号文件“{path}”读不了：{describe_os_error(error)}。", fix="请用 bundler user add 新建。"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UsageError(f"“{path}”不是账号文件。", fix="请用 bundler user add 新建。") from None


@contextmanager
def edit_accounts(path: Path) -> Iterator[Accounts]:
    """The accounts under an exclusive lock; they are written when the block ends without an error.

    Raises:
        UsageError: as in `read_accounts`.
        OutputError: the file cannot be written.
    """
    try:
        folder = os.open(path.absolute().parent, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise output_error(path, error) from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        accounts = read_accounts(path) if path.exists() else Accounts({}, {})
        yield accounts
        roles = {name: sorted(given) for name, given in accounts.given_roles.items()}
        content = {"accounts": accounts.hashes, "roles": roles}
        data = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()
        write_atomic(path, data + b"\n", mode=0o600)
    finally:
        os.close(folder)


def check_account_name(name: str) -> str:
    """Return a name that an account may have.

    Raises:
        UsageError: it is empty, too long, or has characters or spaces that cannot be seen.
    """
    if shows_nothing(name) or len(name) > _MAX_NAME_LENGTH or not name.isprintable() or name != name.strip():
        raise UsageError("账号名要有 1—64 个看得见的字，首尾没有空格。", fix="请换一个名字。")
    return name


def hash_password(password: str) -> str:
    """The Argon2 hash of a password.

    Raises:
        UsageError: it is too short or too long.
    """
    if not MIN_PASSWORD_LENGTH <= len(password) <= _MAX_PASSWORD_LENGTH:
        raise UsageError(f"口令至少要有 {MIN_PASSWORD_LENGTH} 个字。", fix="请换一个长一些的口令。")
    return _hasher().hash(password)


def verify_password(hashes: dict[str, str], name: str, password: str) -> bool:
    """Whether a password is that of an account; an unknown account costs the same time."""
    try:
        _hasher().verify(hashes.get(name) or _dummy_hash(), password[:_MAX_PASSWORD_LENGTH])
    except (VerificationError, InvalidHashError):
        return False
    return name in hashes


_NO_ACCOUNTS = Accounts({}, {})


class AccountCache:
    """The accounts of a file, which is read again when it changed; without a file every account is valid."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file_stamp: tuple[int, int] | None = None
        self._accounts = _NO_ACCOUNTS

    def password_hash(self, name: str) -> str | None:
        """The hash of an account; empty without a file; None for an unknown account or an unreadable file."""
        return "" if self._path is None else self._now(self._path).hashes.get(name)

    def roles(self, name: str) -> frozenset[Role]:
        """The roles of an account; all without a file; none for an unknown account or an unreadable file."""
        return frozenset(Role) if self._path is None else self._now(self._path).roles(name)

    def _now(self, path: Path) -> Accounts:
        try:
            status = path.stat()
            file_stamp = (status.st_mtime_ns, status.st_ino)
            if file_stamp != self._file_stamp:
                self._accounts, self._file_stamp = read_accounts(path), file_stamp
        except (OSError, UsageError):
            return _NO_ACCOUNTS
        return self._accounts


class TooManyAttemptsError(Exception):
    """An account must not be tried again yet.

    Attributes:
        seconds: how long to wait.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(slots=True)
class _Attempts:
    """The wrong passwords in a row: how many, when the next may come, and when the last came, in seconds of the clock."""

    count: int = 0
    next_at: float = 0.0
    last_at: float = 0.0


class Authenticator:
    """Checks passwords, and delays guessing: twice as long after each wrong password.

    The wait counts for an account at an address. Because a client behind a proxy may invent addresses, a shorter one
    counts for the account at all addresses together, except those from which it has logged in before.

    Args:
        users: the file of accounts; None: no password is right.
        clock: seconds of a clock that never goes back.
    """

    def __init__(self, users: Path | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._users, self._clock = users, clock
        self._accounts = AccountCache(users)
        self._attempts: dict[tuple[str, str | None], _Attempts] = {}
        self._trusted: dict[tuple[str, str], None] = {}
        self._lock, self._checking = threading.Lock(), 0
        self._threads = ThreadPoolExecutor(_MAX_CONCURRENT_CHECKS, thread_name_prefix="password")

    async def check_password(self, name: str, address: str, password: str) -> bool:
        """Whether a password is that of an account. It is checked in a thread that serves no page.

        The attempt counts as failed from its admission until the password is found correct, so that attempts at the same
        time are limited like successive ones.

        Raises:
            TooManyAttemptsError: the account has to wait, or too many passwords are being checked; this one was not.
            UsageError: the file of accounts cannot be read.
        """
        self._admit(name, address)
        try:
            is_right = await asyncio.get_running_loop().run_in_executor(self._threads, self._verify, name, password)
        finally:
            with self._lock:
                self._checking -= 1
        if is_right:
            with self._lock:
                self._attempts.pop((name, address), None)
                self._attempts.pop((name, None), None)
                _remember(self._trusted, (name, address), None)
        return is_right

    def password_hash(self, name: str) -> str:
        """The hash of an account, which a session keeps; empty for an unknown account."""
        return self._accounts.password_hash(name) or ""

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, name: str, password: str) -> bool:
        return self._users is not None and verify_password(read_accounts(self._users).hashes, name, password)

    def _admit(self, name: str, address: str) -> None:
        now = self._clock()
        with self._lock:
            limits: list[tuple[tuple[str, str | None], int, float]] = [
                ((name, address), _FREE_ATTEMPTS, _MAX_WAIT_SECONDS)
            ]
            if (name, address) not in self._trusted:
                limits.append(((name, None), _FREE_ATTEMPTS_ANYWHERE, _MAX_WAIT_SECONDS_ANYWHERE))
            wait = max(self._attempts.get(key, _NO_ATTEMPTS).next_at - now for key, _, _ in limits)
            if wait <= 0 and self._checking >= _MAX_WAITING_CHECKS:
                wait = 1.0
            if wait > 0:
                raise TooManyAttemptsError(wait)
            self._checking += 1
            for key, free, longest in limits:
                self._count(key, now, free, longest)

    def _count(self, key: tuple[str, str | None], now: float, free: int, longest: float) -> None:
        """Count an attempt, and set when the next may come."""
        before = self._attempts.pop(key, _NO_ATTEMPTS)
        count = 1 if now - before.last_at > _FORGOTTEN_AFTER else before.count + 1
        wait = min(longest, 2.0 ** min(count - free, _MAX_DOUBLINGS)) if count >= free else 0.0
        _remember(self._attempts, key, _Attempts(count, now + wait, now))


_NO_ATTEMPTS = _Attempts()


def _remember(memory: dict[Key, Value], key: Key, value: Value) -> None:
    """Put an entry last; the oldest make room."""
    memory.pop(key, None)
    while len(memory) >= _MAX_REMEMBERED:
        del memory[next(iter(memory))]
    memory[key] = value
