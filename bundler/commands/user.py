"""``bundler user``: add, change, remove and list the accounts of a desk, with their roles."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bundler.commands.console import print_message
from bundler.commands.shared_options import unused_common_options
from bundler.errors import ExitCode, UsageError, describe_os_error

if TYPE_CHECKING:
    from bundler.desk.security.accounts import Accounts
    from bundler.desk.security.roles import Role

_MAX_BYTES = 4096
_ROLES = ("clerk", "handler", "leader", "centre", "auditor", "admin")
"""The roles of `bundler.desk.security.roles`, which only a machine with the desk's libraries can import."""

_users_option = click.option(
    "--users", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE", help="账号文件。"
)
_password_file_option = click.option(
    "--password-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="口令所在的文件（第一行）；不写则在终端询问两次。",
)


def _role_option(*, required: bool) -> Callable[[Any], Any]:
    return click.option(
        "--role",
        "roles",
        type=click.Choice(_ROLES),
        multiple=True,
        required=required,
        help="角色，可以写多次：clerk 书记员，handler 承办人，leader 院领导，centre 指挥中心，auditor 督查，admin 管理员。",
    )


@click.group("user")
def command() -> None:
    """工作台的账号：新建、删除、列出、改口令、给角色。"""
    if find_spec("argon2") is None:
        raise UsageError("没有安装工作台所需的程序库。", fix="请运行：pip install 'petition-bundler[desk]'。")


@command.command("add")
@click.argument("name", metavar="NAME")
@_users_option
@_password_file_option
@_role_option(required=False)
@unused_common_options
def add(name: str, users: Path, password_file: Path | None, roles: tuple[str, ...]) -> int:
    """新建一个账号；不写角色的，是书记员（clerk）。"""
    from bundler.desk.security.accounts import check_account_name, edit_accounts, hash_password
    from bundler.desk.security.roles import DEFAULT_ROLES, Role

    check_account_name(name)
    with edit_accounts(users) as accounts:
        if name in accounts.hashes:
            raise UsageError(
                f"已有账号“{name}”。", fix="改口令请用 bundler user passwd，改角色请用 bundler user role。"
            )
        accounts.hashes[name] = hash_password(_read_password(password_file))
        accounts.given_roles[name] = frozenset(map(Role, roles)) or DEFAULT_ROLES
        labels = _labels(accounts.roles(name))
    print_message(f"已新建账号“{name}”，角色：{labels}。")
    return ExitCode.OK


@command.command("role")
@click.argument("name", metavar="NAME")
@_users_option
@_role_option(required=True)
@unused_common_options
def set_roles(name: str, users: Path, roles: tuple[str, ...]) -> int:
    """给一个账号角色，原来的不再有；立即生效。"""
    from bundler.desk.security.accounts import edit_accounts
    from bundler.desk.security.roles import Role

    with edit_accounts(users) as accounts:
        _check_account_exists(name, accounts)
        accounts.given_roles[name] = frozenset(map(Role, roles))
        labels = _labels(accounts.roles(name))
    print_message(f"账号“{name}”现在的角色：{labels}。")
    return ExitCode.OK


@command.command("passwd")
@click.argument("name", metavar="NAME")
@_users_option
@_password_file_option
@unused_common_options
def passwd(name: str, users: Path, password_file: Path | None) -> int:
    """改口令。"""
    from bundler.desk.security.accounts import edit_accounts, hash_password

    with edit_accounts(users) as accounts:
        _check_account_exists(name, accounts)
        accounts.hashes[name] = hash_password(_read_password(password_file))
    print_message(f"已改账号“{name}”的口令。")
    return ExitCode.OK


@command.command("remove")
@click.argument("name", metavar="NAME")
@_users_option
@unused_common_options
def remove(name: str, users: Path) -> int:
    """删除一个账号。"""
    from bundler.desk.security.accounts import edit_accounts

    with edit_accounts(users) as accounts:
        _check_account_exists(name, accounts)
        accounts.remove(name)
    print_message(f"已删除账号“{name}”。")
    return ExitCode.OK


@command.command("list")
@_users_option
@click.option("--roles", "with_roles", is_flag=True, help="后面写上角色，用制表符隔开。")
@unused_common_options
def list_all(users: Path, *, with_roles: bool) -> int:
    """列出账号。"""
    from bundler.desk.security.accounts import read_accounts

    accounts = read_accounts(users)
    for name in sorted(accounts.hashes):
        click.echo(f"{name}\t{_labels(accounts.roles(name))}" if with_roles else name)
    return ExitCode.OK


def _labels(roles: frozenset[Role]) -> str:
    """Roles in Chinese, in the order in which they are listed everywhere."""
    return "、".join(one.label for one in sorted(roles, key=_ROLES.index)) or "没有"


def _check_account_exists(name: str, accounts: Accounts) -> None:
    if name not in accounts.hashes:
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
