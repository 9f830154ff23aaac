"""Tells whether a case is in progress (在办): it lacks only what is not due yet, and no limit of Art. 13 or 14 is past."""

from __future__ import annotations

from bundler.case.model import Case
from bundler.gate.check_result import CheckResult, Deadline
from bundler.regulation.model import Regulation
from bundler.regulation.papers import BundleKind, Item

_DUE_WITH_ACCEPTANCE = frozenset({"KIND-PENDING", "ART04", "ART06"})
"""What is decided and recorded on acceptance; not due while that decision is pending."""
_REPLY = "ART13-REPLY"


def find_next_limit(check_result: CheckResult, case: Case, regulation: Regulation) -> Deadline | None:
    """Return the next limit of a case in progress; None for any other case.

    A case is in progress while it asks for no write-off, its reply is neither served nor posted, no limit has passed
    without the thing being done, and each error says only that something is missing which is not due yet.
    """
    if check_result.kind is not BundleKind.ARCHIVE or case.decision == "declined" or check_result.complete:
        return None
    waiting = [deadline for deadline in check_result.deadlines if deadline.done is None]
    is_replied = not any(deadline.rule == _REPLY for deadline in waiting)
    if is_replied or any(deadline.overdue_days for deadline in waiting):
        return None
    is_pending = case.decision == "pending"
    not_due = _missing_papers_not_due(regulation, is_pending=is_pending)
    if is_pending:
        not_due |= _DUE_WITH_ACCEPTANCE
    if any(found.rule not in not_due for found in check_result.errors):
        return None
    return min(waiting, key=lambda deadline: (deadline.due, deadline.rule))


def _missing_papers_not_due(regulation: Regulation, *, is_pending: bool) -> frozenset[str]:
    """The rules of the papers that come in while a petition is handled.

    The registration form is due on acceptance: besides the eight facts of Art. 12, which are due at once and have an error
    of their own, it asks who the petitioner is in the enforcement case.
    """
    return frozenset(
        paper.rule for paper in regulation.archive_items if is_pending or paper.item is not Item.REGISTRATION
    )
