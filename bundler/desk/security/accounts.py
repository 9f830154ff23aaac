"""The accounts of a desk: a file of names and hashed passwords, written whole, readable by its owner alone."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bundler.atomic_write import write_atomic
from bundler.errors import UsageError, reason
from bundler.file_reading import read_bounded

MIN_PASSWORD_LENGTH = 10
_LONGEST = 1024
_LONGEST_NAME = 64
_MOST_BYTES = 4 * 1024 * 1024


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """A hash that fits no password: whoever asks for an account that is none waits as long as for one."""
    return _hasher().hash(os.urandom(32))


def read_accounts(path: Path) -> dict[str, str]:
    """Names and hashes.

    Raises:
        UsageError: the file cannot be read, is none, or others may read it.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise UsageError(f"账号文件“{path}”别人也能读。", fix=f"请运行：chmod 600 {path}。")
        told = json.loads(read_bounded(path, _MOST_BYTES, follow=True))["accounts"]
        return {str(name): str(hash_password) for name, hash_password in told.items()}
    except OSError as error:
        raise UsageError(f"账号文件“{path}”读不了：{reason(error)}。", fix="请用 bundler user add 新建。") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UsageError(f"“{path}”不是账号文件。", fix="请用 bundler user add 新建。") from None


@contextmanager
def edit_accounts(path: Path) -> Iterator[dict[str, str]]:
    """The accounts, to be changed by one at a time; written when the block ends without an error."""
    folder = os.open(path.absolute().parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        accounts = read_accounts(path) if path.exists() else {}
        yield accounts
        data = json.dumps({"accounts": accounts}, ensure_ascii=False, indent=1, sort_keys=True).encode()
        before = os.umask(0o077)
        try:
            write_atomic(path, data + b"\n")
        finally:
            os.umask(before)
        path.chmod(0o600)
    finally:
        os.close(folder)


def check_account_name(name: str) -> str:
    """A name that may be an account's.

    Raises:
        UsageError: it may not.
    """
    if not name or len(name) > _LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise UsageError("账号名要有 1—64 个字，首尾没有空格。", fix="请换一个名字。")
    return name


def hash_password(password: str) -> str:
    """A password as it is kept.

    Raises:
        UsageError: it is too short or too long.
    """
    if not MIN_PASSWORD_LENGTH <= len(password) <= _LONGEST:
        raise UsageError(f"口令至少要有 {MIN_PASSWORD_LENGTH} 个字。", fix="请换一个长一些的口令。")
    return _hasher().hash(password)


def verify_password(accounts: dict[str, str], name: str, password: str) -> bool:
    """Whether the password is the account's; the same effort for an account that is none."""
    try:
        _hasher().verify(accounts.get(name) or _nobody(), password[:_LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return name in accounts


class AccountCache:
    """The accounts as the file has them now, read anew when it is another; without a file everybody stands."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._accounts: dict[str, str] = {}

    def standing(self, name: str) -> str | None:
        """The hash of an account; None for an account that is none, or a file that cannot be read."""
        if self._path is None:
            return ""
        try:
            status = self._path.stat()
            stamp = (status.st_mtime_ns, status.st_ino)
            if stamp != self._stamp:
                self._accounts, self._stamp = read_accounts(self._path), stamp
        except (OSError, UsageError):
            return None
        return self._accounts.get(name)
