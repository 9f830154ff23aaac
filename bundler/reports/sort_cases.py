"""The order of cases in a report: what has to be done first stands first, and what is finished last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bundler.case.registration_number_gaps import series_order
from bundler.gate.check_result import Deadline
from bundler.ledger.case_deadlines import REPLY, is_reply_unproven
from bundler.reports.case_result import CaseResult
from bundler.reports.submission_state import SubmissionState


def open_deadlines(result: CaseResult) -> list[Deadline]:
    """The deadlines of a case that are still open, the earliest first; not that of a reply that lacks its receipt alone."""
    is_unproven = result.case is not None and is_reply_unproven(result.case, date.max)
    waiting = (
        deadline
        for deadline in result.deadlines
        if deadline.done is None and not (is_unproven and deadline.rule == REPLY)
    )
    return sorted(waiting, key=lambda deadline: (deadline.due, deadline.rule))


def next_due(result: CaseResult) -> date | None:
    """The earliest day on which something is due, or was due and is still open; None where nothing is open."""
    return next((deadline.due for deadline in open_deadlines(result)), None)


def overdue_now(result: CaseResult) -> int:
    """By how many days the longest overdue thing is overdue that is still open; 0 for none."""
    return max((deadline.overdue_days for deadline in open_deadlines(result)), default=0)


def overdue_then(result: CaseResult) -> int:
    """By how many days too late the latest thing was done that is done by now; 0 for none."""
    return max((deadline.overdue_days for deadline in result.deadlines if deadline.done is not None), default=0)


def by_urgency(results: Iterable[CaseResult]) -> list[CaseResult]:
    """Order cases: overdue, unreadable, returned, in progress, awaiting a seal, bundled; each by its next day, then by number."""
    return sorted(results, key=_key)


def is_finished(result: CaseResult) -> bool:
    """Whether nothing is left to do in a case: it is bundled, sealed, not sent back by the superior court, and no limit is open."""
    if not result.bundled or result.awaiting_seal or open_deadlines(result):
        return False
    return result.submission is not SubmissionState.SENT_BACK


def _key(result: CaseResult) -> tuple[int, int, date, tuple[bool, tuple[str, str], int, str], str]:
    overdue = overdue_now(result)
    return (
        _group(result, overdue),
        -overdue,
        next_due(result) or date.max,
        series_order(result.registration_no),
        result.folder,
    )


def _group(result: CaseResult, overdue: int) -> int:
    if overdue:
        return 0
    if result.case is None:
        return 1
    if result.status == "returned":
        return 2
    if not is_finished(result):
        return 3 if result.status == "open" else 4
    return 5
