"""The accounts of a desk: a file of names and Argon2 hashes, read by its owner alone; checking passwords."""

from __future__ import annotations

import fcntl
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bundler.atomic_write import write_atomic
from bundler.errors import UsageError, describe_os_error
from bundler.file_reading import read_bounded

MIN_PASSWORD_LENGTH = 10
_MAX_PASSWORD_LENGTH = 1024
_MAX_NAME_LENGTH = 64
_MAX_FILE_BYTES = 4 * 1024 * 1024
_FREE_ATTEMPTS = 3
"""From the third wrong password on, the next one has to wait."""
_MAX_WAIT_SECONDS = 900.0
_MAX_REMEMBERED = 10_000
_MAX_CONCURRENT_CHECKS = 2
"""Each check of a password takes memory and time on purpose; more at once would slow the desk down for everyone."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _dummy_hash() -> str:
    """A hash that no password matches: checking an unknown account takes as long as checking a known one."""
    return _hasher().hash(os.urandom(32))


def read_accounts(path: Path) -> dict[str, str]:
    """The hashes by account name.

    Raises:
        UsageError: the file cannot be read, is no file of accounts, or is readable for others.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise UsageError(f"账号文件“{path}”别人也能读。", fix=f"请运行：chmod 600 {path}。")
        accounts = json.loads(read_bounded(path, _MAX_FILE_BYTES, follow=True))["accounts"]
        return {str(name): str(password_hash) for name, password_hash in accounts.items()}
    except OSError as error:
        raise UsageError(
            f"账号文件“{path}”读不了：{describe_os_error(error)}。", fix="请用 bundler user add 新建。"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UsageError(f"“{path}”不是账号文件。", fix="请用 bundler user add 新建。") from None


@contextmanager
def edit_accounts(path: Path) -> Iterator[dict[str, str]]:
    """The accounts under an exclusive lock; they are written when the block ends without an error."""
    folder = os.open(path.absolute().parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        accounts = read_accounts(path) if path.exists() else {}
        yield accounts
        data = json.dumps({"accounts": accounts}, ensure_ascii=False, indent=1, sort_keys=True).encode()
        umask = os.umask(0o077)
        try:
            write_atomic(path, data + b"\n")
        finally:
            os.umask(umask)
        path.chmod(0o600)
    finally:
        os.close(folder)


def check_account_name(name: str) -> str:
    """Return a name that an account may have.

    Raises:
        UsageError: it is empty, too long, or has characters or spaces that cannot be seen.
    """
    if not name or len(name) > _MAX_NAME_LENGTH or not name.isprintable() or name != name.strip():
        raise UsageError("账号名要有 1—64 个字，首尾没有空格。", fix="请换一个名字。")
    return name


def hash_password(password: str) -> str:
    """The Argon2 hash of a password.

    Raises:
        UsageError: it is too short or too long.
    """
    if not MIN_PASSWORD_LENGTH <= len(password) <= _MAX_PASSWORD_LENGTH:
        raise UsageError(f"口令至少要有 {MIN_PASSWORD_LENGTH} 个字。", fix="请换一个长一些的口令。")
    return _hasher().hash(password)


def verify_password(accounts: dict[str, str], name: str, password: str) -> bool:
    """Whether a password is that of an account; an unknown account costs the same time."""
    try:
        _hasher().verify(accounts.get(name) or _dummy_hash(), password[:_MAX_PASSWORD_LENGTH])
    except (VerificationError, InvalidHashError):
        return False
    return name in accounts


class AccountCache:
    """The accounts of a file, which is read again when it changed; without a file every account is valid."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file_stamp: tuple[int, int] | None = None
        self._accounts: dict[str, str] = {}

    def password_hash(self, name: str) -> str | None:
        """The hash of an account; empty without a file; None for an unknown account or an unreadable file."""
        if self._path is None:
            return ""
        try:
            status = self._path.stat()
            file_stamp = (status.st_mtime_ns, status.st_ino)
            if file_stamp != self._file_stamp:
                self._accounts, self._file_stamp = read_accounts(self._path), file_stamp
        except (OSError, UsageError):
            return None
        return self._accounts.get(name)


class Authenticator:
    """Checks passwords, and delays guessing: per account and address, twice as long after each wrong password.

    Args:
        users: the file of accounts; None: no password is right.
        clock: seconds of a clock that never goes back.
    """

    def __init__(self, users: Path | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._users, self._clock = users, clock
        self._accounts = AccountCache(users)
        self._failures: dict[tuple[str, str], tuple[int, float]] = {}
        self._lock, self._checks = threading.Lock(), threading.Semaphore(_MAX_CONCURRENT_CHECKS)

    def wait_seconds(self, name: str, address: str) -> float:
        """Seconds until an account may be tried again from an address."""
        with self._lock:
            return max(0.0, self._failures.get((name, address), (0, 0.0))[1] - self._clock())

    def check_password(self, name: str, address: str, password: str) -> bool:
        """Whether a password is that of an account; the result is remembered for `wait_seconds`.

        Raises:
            UsageError: the file of accounts cannot be read.
        """
        if self._users is None:
            return False
        with self._checks:
            is_right = verify_password(read_accounts(self._users), name, password)
        with self._lock:
            self._remember(name, address, is_right=is_right)
        return is_right

    def password_hash(self, name: str) -> str:
        """The hash of an account, which a session keeps; empty for an unknown account."""
        return self._accounts.password_hash(name) or ""

    def _remember(self, name: str, address: str, *, is_right: bool) -> None:
        failures, _ = self._failures.pop((name, address), (0, 0.0))
        if is_right:
            return
        while len(self._failures) >= _MAX_REMEMBERED:
            del self._failures[next(iter(self._failures))]
        failures += 1
        wait = min(_MAX_WAIT_SECONDS, 2.0 ** (failures - _FREE_ATTEMPTS)) if failures >= _FREE_ATTEMPTS else 0.0
        self._failures[name, address] = (failures, self._clock() + wait)
