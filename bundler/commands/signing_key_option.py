"""The key that ``sign`` and ``build --sign`` use; its passphrase is never taken from the command line."""

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

_ENVIRONMENT_VARIABLE = "BUNDLER_PASSPHRASE"
_MAX_BYTES = 1024 * 1024
_PASSPHRASE_HELP = f"证书口令所在的文件（第一行）；不写则取环境变量 {_ENVIRONMENT_VARIABLE}，再没有就在终端询问。"

passphrase_option = click.option(
    "--passphrase-file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=_PASSPHRASE_HELP
)


def signing_key(path: Path, passphrase_file: Path | None, profile: Profile) -> SigningKey:
    """Load the key of a .p12 file, and make sure that the passphrase opens it.

    Raises:
        UsageError: the file cannot be read or opened, or there is no passphrase.
    """
    from bundler.signature.signing import SigningKey

    key = SigningKey(_read_file(path, "证书文件"), _read_passphrase(passphrase_file), profile.timestamp_url)
    key.check()
    return key


def _read_passphrase(file: Path | None) -> bytes:
    if file is not None:
        lines = _read_file(file, "口令文件").splitlines()
        return lines[0] if lines else b""
    if _ENVIRONMENT_VARIABLE in os.environ:
        return os.environ[_ENVIRONMENT_VARIABLE].encode()
    if not sys.stdin.isatty():
        raise UsageError(
            "没有证书口令。",
            fix=f"请用 --passphrase-file 或者环境变量 {_ENVIRONMENT_VARIABLE} 给出；不要写在命令行上。",
        )
    passphrase: str = click.prompt("证书口令", hide_input=True, default="", show_default=False, err=True)
    return passphrase.encode()


def _read_file(path: Path, what: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES)
    except OSError as error:
        raise UsageError(f"{what}“{path}”读不了：{describe_os_error(error)}。", fix="请检查路径和权限。") from error
