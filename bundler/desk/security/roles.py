"""The roles of accounts, what each role may do, and the rights that the roles of one account give it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException

from bundler.desk.case_list.search_fields import read_court_people


class Role(StrEnum):
    """A role of an account; an account may have several."""

    CLERK = "clerk"
    HANDLER = "handler"
    LEADER = "leader"
    CENTRE = "centre"
    AUDITOR = "auditor"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """The role's name in Chinese."""
        return _LABELS[self]

    @property
    def duties(self) -> str:
        """What the role may do, in a few words."""
        return _DUTIES[self]


_LABELS = {
    Role.CLERK: "书记员",
    Role.HANDLER: "承办人",
    Role.LEADER: "院领导",
    Role.CENTRE: "指挥中心",
    Role.AUDITOR: "督查",
    Role.ADMIN: "管理员",
}
_DUTIES = {
    Role.CLERK: "登记、填写、放材料、成卷，全部案件",
    Role.HANDLER: "看和办写着自己姓名的案件",
    Role.LEADER: "看全部案件；本人同意答复、批准确无此件",
    Role.CENTRE: "看全部案件；批处理、台账、催办",
    Role.AUDITOR: "只看，全部案件",
    Role.ADMIN: "账号、人员名单、案件回收箱",
}
DEFAULT_ROLES = frozenset({Role.CLERK})
"""Of an account for which the file names none."""


class Permission(Enum):
    """Something that some roles may do: its name in Chinese, and these roles."""

    READ = "看案件", (Role.CLERK, Role.HANDLER, Role.LEADER, Role.CENTRE, Role.AUDITOR)
    OWN_DAY = "看自己今天要办的事", (Role.CLERK, Role.HANDLER, Role.LEADER)
    REGISTER = "登记案件", (Role.CLERK,)
    EDIT = "填写案件、放材料", (Role.CLERK, Role.HANDLER)
    WRITE_VALUES = "填写案件", (Role.CLERK, Role.HANDLER, Role.LEADER)
    """The values of the leader's consent and approvals are told apart when they are saved (`approval_guard`)."""
    APPROVE = "同意答复、批准确无此件", (Role.LEADER,)
    REMOVE_CASE = "移走整件案件", (Role.CLERK, Role.ADMIN)
    CASE_BIN = "案件回收箱", (Role.ADMIN,)
    OVERVIEW = "看台账和批处理结果", (Role.CENTRE, Role.LEADER, Role.AUDITOR)
    BATCH = "批处理", (Role.CENTRE,)
    REMIND = "催办", (Role.CENTRE,)
    RECEPTION = "接访登记表", (Role.CLERK, Role.CENTRE)
    READ_SCANS = "识读扫描件", (Role.CLERK, Role.CENTRE, Role.ADMIN)
    STAFF = "人员名单", (Role.ADMIN,)
    ACCOUNTS = "账号", (Role.ADMIN,)
    TEMPLATES = "模板", (Role.CENTRE, Role.ADMIN)

    def __init__(self, what: str, roles: tuple[Role, ...]) -> None:
        self.what, self.roles = what, frozenset(roles)


@dataclass(frozen=True, slots=True)
class Rights:
    """What an account may do.

    Attributes:
        roles: its roles; all of them at a desk without accounts.
        names: the names under which its person stands in cases; None at a desk without accounts, where anyone's name counts.
    """

    roles: frozenset[Role]
    names: frozenset[str] | None

    def may(self, permission: Permission) -> bool:
        """Whether one of the roles has a permission."""
        return bool(self.roles & permission.roles)

    def may_in_case(self, permission: Permission, tree: Mapping[str, Any]) -> bool:
        """Whether one of the roles has a permission in a case; a handler has his only where the case names him."""
        return self._may_where(permission, read_court_people(tree))

    def sees_case(self, people: Iterable[tuple[str, str]]) -> bool:
        """Whether the account may read a case that names these people of the court, given as pairs of part and name."""
        return self._may_where(Permission.READ, people)

    def _may_where(self, permission: Permission, people: Iterable[tuple[str, str]]) -> bool:
        enough = self.roles & permission.roles
        is_named = self.names is None or any(name in self.names for _, name in people)
        return bool(enough - {Role.HANDLER}) or (Role.HANDLER in enough and is_named)

    def require(self, permission: Permission) -> None:
        """Do nothing where the account has a permission.

        Raises:
            HTTPException: 403, it has not.
        """
        if not self.may(permission):
            raise forbidden(permission)


def forbidden(permission: Permission) -> HTTPException:
    """The refusal of an account that lacks a permission."""
    labels = "、".join(role.label for role in Role if role in permission.roles)
    return HTTPException(
        HTTPStatus.FORBIDDEN,
        f"这个账号不能办这一件：{permission.what}要有{labels}的角色。请找有这个角色的人办，或者请管理员给这个账号加上角色。",
    )
