"""The pages of accounts: an administrator's list with the roles, and the change of one's own password."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bundler.desk.request_helpers import actor_of, form_endpoint, read_form
from bundler.desk.security.accounts import (
    MIN_PASSWORD_LENGTH,
    Accounts,
    TooManyAttemptsError,
    check_account_name,
    edit_accounts,
    hash_password,
    read_accounts,
)
from bundler.desk.security.audit import write_audit_line
from bundler.desk.security.middleware import session_cookie_name, set_session_cookie
from bundler.desk.security.roles import Role
from bundler.desk.shared_objects import desk_services
from bundler.desk.templating import template_response
from bundler.errors import BundlerError, UsageError

_ACCOUNTS = "/accounts"
_PASSWORD = "/password"  # noqa: S105 (an address)


def show_accounts(request: Request) -> Response:
    """The list of accounts, and a form for one of them."""
    return _accounts_page(request, request.query_params.get("edit", ""))


def save_account(request: Request, form: FormData) -> Response:
    """Add an account, or change one's roles and password; where that is refused, show the form with the reason."""
    name, password = str(form.get("name", "")), str(form.get("password", ""))
    roles = frozenset(role for role in Role if role in {str(one) for one in form.getlist("roles")})
    edited = str(form.get("edited", ""))
    try:
        password_hash = hash_password(password) if password or not edited else ""
        with edit_accounts(_users_file(request)) as accounts:
            _put_account(accounts, check_account_name(edited or name), roles, password_hash, edited=edited)
            if actor_of(request) == edited and Role.ADMIN not in roles:
                raise UsageError("不能去掉自己的管理员角色。", fix="请让另一个管理员来改。")
    except BundlerError as error:
        return _accounts_page(request, edited, name=name, roles=roles, fault=f"{error.message}{error.fix}")
    write_audit_line(request, "account")
    return RedirectResponse(_ACCOUNTS, status_code=HTTPStatus.SEE_OTHER)


def remove_account(request: Request, form: FormData) -> Response:
    """Remove an account; its sessions end at once. Cases keep the name.

    Raises:
        UsageError: it is the account of the session; the page says so and stays as it is.
    """
    name = str(form.get("name", ""))
    if name == actor_of(request):
        raise UsageError("不能删去自己的账号。", fix="请让另一个管理员来删。")
    with edit_accounts(_users_file(request)) as accounts:
        if name in accounts.hashes:
            accounts.remove(name)
    write_audit_line(request, "account")
    return RedirectResponse(_ACCOUNTS, status_code=HTTPStatus.SEE_OTHER)


def show_password(request: Request) -> Response:
    """The form for a new password of one's own."""
    _users_file(request)
    return template_response(request, "password.html", {"fault": "", "least": MIN_PASSWORD_LENGTH})


async def change_password(request: Request) -> Response:
    """Change one's own password; other sessions of the account end, this one goes on."""
    form = await read_form(request)
    name, users = actor_of(request), _users_file(request)
    old, new, again = (str(form.get(key, "")) for key in ("old", "new", "again"))
    authenticator = desk_services(request).authenticator
    address = request.client.host if request.client else ""
    try:
        if not await authenticator.check_password(name, address, old):
            raise UsageError("现在的口令不对，没有改。", fix="请再试；忘了的，请管理员重新设一个。")
        if new != again:
            raise UsageError("两次输入的新口令不一样，没有改。", fix="请再输一次。")
        password_hash = await run_in_threadpool(_set_password, users, name, new)
    except TooManyAttemptsError as error:
        return _password_refused(request, f"试错太多次，请等 {int(error.seconds) + 1} 秒再试。")
    except BundlerError as error:
        return _password_refused(request, f"{error.message}{error.fix}")
    await run_in_threadpool(write_audit_line, request, "password")
    response = RedirectResponse("/", status_code=HTTPStatus.SEE_OTHER)
    sessions = desk_services(request).sessions
    sessions.close(request.cookies.get(session_cookie_name(request), ""))
    set_session_cookie(request, response, sessions.open(name, password_hash))
    return response


def _put_account(accounts: Accounts, name: str, roles: frozenset[Role], password_hash: str, *, edited: str) -> None:
    """Put an account into the file's content.

    Raises:
        UsageError: it has no role; a new one exists already, or an edited one is gone.
    """
    if not roles:
        raise UsageError("还没有选角色，没有保存。", fix="请至少选一个角色。")
    if edited and name not in accounts.hashes:
        raise UsageError(f"账号“{name}”刚被删去，没有保存。", fix="请刷新页面。")
    if not edited and name in accounts.hashes:
        raise UsageError(f"已有账号“{name}”，没有保存。", fix="请换一个名字，或者在左边修改它。")
    if password_hash:
        accounts.hashes[name] = password_hash
    accounts.given_roles[name] = roles


def _set_password(users: Path, name: str, password: str) -> str:
    """Write the hash of a new password, and return it."""
    password_hash = hash_password(password)
    with edit_accounts(users) as accounts:
        accounts.hashes[name] = password_hash
    return password_hash


def _password_refused(request: Request, fault: str) -> Response:
    return template_response(request, "password.html", {"fault": fault, "least": MIN_PASSWORD_LENGTH})


def _users_file(request: Request) -> Path:
    """The file of accounts.

    Raises:
        HTTPException: 404, this desk has none.
    """
    users = desk_services(request).access.users
    if users is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这个工作台没有账号：只有本机能用，从终端里的链接进来。")
    return users


def _accounts_page(
    request: Request, edited: str, *, name: str = "", roles: frozenset[Role] = frozenset(), fault: str = ""
) -> Response:
    accounts = read_accounts(_users_file(request))
    people = {one.account: one.name for one in desk_services(request).staff.readable_members() if one.account}
    is_known = edited in accounts.hashes
    context = {
        "accounts": [
            (one, people.get(one, ""), [role.label for role in Role if role in accounts.roles(one)])
            for one in sorted(accounts.hashes)
        ],
        "edited": edited if is_known else "",
        "name": name,
        "chosen": accounts.roles(edited) if is_known and not fault else roles,
        "all_roles": tuple(Role),
        "fault": fault,
        "least": MIN_PASSWORD_LENGTH,
    }
    return template_response(request, "accounts.html", context)


routes = [
    Route(_ACCOUNTS, show_accounts),
    Route(f"{_ACCOUNTS}/save", form_endpoint(save_account), methods=["POST"]),
    Route(f"{_ACCOUNTS}/remove", form_endpoint(remove_account), methods=["POST"]),
    Route(_PASSWORD, show_password, methods=["GET"]),
    Route(_PASSWORD, change_password, methods=["POST"]),
]
