"""The key that a command signs with: its passphrase never stands on the command line."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bundler.errors import UsageError, describe_os_error

if TYPE_CHECKING:
    from bundler.profile import Profile
    from bundler.signature.signing import SigningKey

VARIABLE = "BUNDLER_PASSPHRASE"
_MAX_KEY = 1024 * 1024
_HELP = f"证书口令所在的文件（第一行）；不写则取环境变量 {VARIABLE}，再没有就在终端询问。"

passphrase_option = click.option(
    "--passphrase-file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=_HELP
)


def signing_key(path: Path, passphrase_file: Path | None, profile: Profile) -> SigningKey:
    """The key of a .p12 file, opened once to see that it can be.

    Raises:
        UsageError: it cannot be read or opened, or nobody gives the passphrase.
    """
    from bundler.signature.signing import SigningKey

    key = SigningKey(_read(path, "证书文件"), _passphrase(passphrase_file), profile.timestamp_url)
    key.check()
    return key


def _passphrase(file: Path | None) -> bytes:
    if file is not None:
        lines = _read(file, "口令文件").splitlines()
        return lines[0] if lines else b""
    if VARIABLE in os.environ:
        return os.environ[VARIABLE].encode()
    if not sys.stdin.isatty():
        raise UsageError(
            "没有证书口令。", fix=f"请用 --passphrase-file 或者环境变量 {VARIABLE} 给出；不要写在命令行上。"
        )
    given: str = click.prompt("证书口令", hide_input=True, default="", show_default=False, err=True)
    return given.encode()


def _read(path: Path, what: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_KEY)
    except OSError as error:
        raise UsageError(f"{what}“{path}”读不了：{describe_os_error(error)}。", fix="请检查路径和权限。") from error
