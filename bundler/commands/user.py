"""``bundler user``: add, change, remove and list the accounts of a desk."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import click

from bundler.commands.console import print_message
from bundler.errors import ExitCode, UsageError, describe_os_error

_MAX_BYTES = 4096

_users_option = click.option(
    "--users", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE", help="账号文件。"
)
_password_file_option = click.option(
    "--password-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="口令所在的文件（第一行）；不写则在终端询问两次。",
)


@click.group("user")
def command() -> None:
    """工作台的账号：新建、删除、列出、改口令。"""
    if find_spec("argon2") is None:
        raise UsageError("没有安装工作台所需的程序库。", fix="请运行：pip install 'petition-bundler[desk]'。")


@command.command("add")
@click.argument("name", metavar="NAME")
@_users_option
@_password_file_option
def add(name: str, users: Path, password_file: Path | None) -> int:
    """新建一个账号。"""
    from bundler.desk.security.accounts import check_account_name, edit_accounts, hash_password

    check_account_name(name)
    with edit_accounts(users) as accounts:
        if name in accounts:
            raise UsageError(f"已有账号“{name}”。", fix="改口令请用 bundler user passwd。")
        accounts[name] = hash_password(_read_password(password_file))
    print_message(f"已新建账号“{name}”。")
    return ExitCode.OK


@command.command("passwd")
@click.argument("name", metavar="NAME")
@_users_option
@_password_file_option
def passwd(name: str, users: Path, password_file: Path | None) -> int:
    """改口令。"""
    from bundler.desk.security.accounts import edit_accounts, hash_password

    with edit_accounts(users) as accounts:
        _check_account_exists(name, accounts)
        accounts[name] = hash_password(_read_password(password_file))
    print_message(f"已改账号“{name}”的口令。")
    return ExitCode.OK


@command.command("remove")
@click.argument("name", metavar="NAME")
@_users_option
def remove(name: str, users: Path) -> int:
    """删除一个账号。"""
    from bundler.desk.security.accounts import edit_accounts

    with edit_accounts(users) as accounts:
        _check_account_exists(name, accounts)
        del accounts[name]
    print_message(f"已删除账号“{name}”。")
    return ExitCode.OK


@command.command("list")
@_users_option
def list_all(users: Path) -> int:
    """列出账号。"""
    from bundler.desk.security.accounts import read_accounts

    for name in sorted(read_accounts(users)):
        click.echo(name)
    return ExitCode.OK


def _check_account_exists(name: str, accounts: dict[str, str]) -> None:
    if name not in accounts:
        raise UsageError(f"没有账号“{name}”。", fix="请用 bundler user list 看有哪些账号。")


def _read_password(file: Path | None) -> str:
    """Read the new password from a file or from the terminal; it is never taken from the command line.

    Raises:
        UsageError: the file cannot be read, the two entries differ, or there is no terminal.
    """
    if file is not None:
        try:
            with file.open("rb") as source:
                lines = source.read(_MAX_BYTES).splitlines()
        except OSError as error:
            raise UsageError(
                f"口令文件“{file}”读不了：{describe_os_error(error)}。", fix="请检查路径和权限。"
            ) from error
        return lines[0].decode("utf-8", "replace") if lines else ""
    if not sys.stdin.isatty():
        raise UsageError("没有口令。", fix="请在终端运行，或者用 --password-file 给出；不要写在命令行上。")
    password: str = click.prompt("口令", hide_input=True, err=True)
    if password != click.prompt("再输一次", hide_input=True, err=True):
        raise UsageError("两次输入的口令不一样。", fix="请重新运行。")
    return password
