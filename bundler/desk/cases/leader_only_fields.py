"""What only a court leader writes in a case, in the leader's own name: the consent to a reply and approvals of absences."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException

from bundler.case.json_pointer import parse_pointer
from bundler.case.model import Absent
from bundler.case_edit.change_operations import ABSENT, value_at
from bundler.case_edit.read_version_cache import Tree
from bundler.case_edit.save import TreeGuard
from bundler.desk.security.roles import Permission, Rights, forbidden

CONSENT_PATH = "/approval/leader_consent"
_APPROVAL_KEYS = ("approved_by", "approved_on")
_NOT_SAVED = "没有保存。"


def may_write_at(rights: Rights, path: str, *, may_edit: bool) -> bool:
    """Whether an account may write the value at a JSON Pointer of the form.

    Args:
        rights: the account's.
        path: the pointer.
        may_edit: whether the account edits this case.
    """
    if path == CONSENT_PATH or path.startswith(f"{CONSENT_PATH}/"):
        return rights.may(Permission.APPROVE)
    return may_edit


def is_approved_by_another(rights: Rights, absence: Absent | None) -> bool:
    """Whether an absence is approved, and by somebody else than the account's person."""
    if absence is None or not absence.approved_by or rights.names is None:
        return False
    return absence.approved_by not in rights.names


def approval_guard(rights: Rights, *, may_edit: bool) -> TreeGuard | None:
    """The check of a change before it is written: who may write the values that it changes.

    Args:
        rights: the rights of the account that asks for the change.
        may_edit: whether the account edits this case; if not, it may only consent and approve.

    Returns:
        a function of the case before and after the change, which raises HTTPException (403); None where every change is
        allowed.
    """
    names = rights.names
    if names is None:
        return None

    def check(before: Tree, after: Tree) -> None:
        _check_consent(rights, names, before, after)
        _check_absences(rights, names, before, after)
        if not may_edit and _without_approvals(before) != _without_approvals(after):
            raise forbidden(Permission.EDIT)

    return check


def _check_consent(rights: Rights, names: frozenset[str], before: Tree, after: Tree) -> None:
    """Article 13: the leader in charge consents, nobody else for him."""
    old, new = (_consent(tree) for tree in (before, after))
    if old == new:
        return
    if not rights.may(Permission.APPROVE):
        raise _refused("主办院领导同意要由院领导用自己的账号填写，")
    for one in (old, new):
        by = one.get("by") if isinstance(one, Mapping) else None
        if by not in (None, "", *names):
            raise _refused(f"“同意的院领导”写的是{by}，只能由本人用自己的账号填写，")


def _check_absences(rights: Rights, names: frozenset[str], before: Tree, after: Tree) -> None:
    """Article 16: who approves that a paper is absent says so himself; a withdrawn declaration needs no approval."""
    known = _absences(before)
    for one in _absences(after):
        if one in known or not any(one.get(key) for key in _APPROVAL_KEYS):
            continue
        if not rights.may(Permission.APPROVE):
            raise _refused("确无此件要由院领导用自己的账号批准，")
        if one.get("approved_by") not in (None, "", *names):
            raise _refused("批准人只能写自己的姓名，")


def _consent(tree: Tree) -> Any:  # noqa: ANN401 (any JSON value)
    value = value_at(tree, parse_pointer(CONSENT_PATH))
    return None if value is ABSENT or value == {} else value


def _absences(tree: Tree) -> list[Mapping[str, Any]]:
    entries = tree.get("absent")
    return [one for one in entries if isinstance(one, Mapping)] if isinstance(entries, list) else []


def _without_approvals(tree: Tree) -> Any:  # noqa: ANN401 (any JSON value)
    """A case without what a leader writes, and without what is empty then."""
    kept = _pruned(tree, parse_pointer(CONSENT_PATH))
    absences = [{key: value for key, value in one.items() if key not in _APPROVAL_KEYS} for one in _absences(tree)]
    return {**kept, "absent": absences}


def _pruned(tree: Mapping[str, Any], steps: tuple[str | int, ...]) -> dict[str, Any]:
    """A copy without the value that steps lead to; objects that are empty without it go with it."""
    step, rest = str(steps[0]), steps[1:]
    kept = dict(tree)
    child = kept.pop(step, None)
    if rest and isinstance(child, Mapping) and (pruned := _pruned(child, rest)):
        kept[step] = pruned
    return kept


def _refused(reason: str) -> HTTPException:
    return HTTPException(HTTPStatus.FORBIDDEN, f"{reason}{_NOT_SAVED}")
