"""The result of checking a case: checklist, deadlines, findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from bundler.regulation.findings import Finding
from bundler.regulation.papers import BundleKind, Item
from bundler.regulation.rule_codes import Severity


class ItemStatus(StrEnum):
    """The state of a paper on the checklist."""

    PRESENT = "present"
    GENERATED = "generated"
    ABSENT = "absent"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """One paper of the checklist, with the usable files that serve it."""

    item: Item
    article: str | None
    label: str
    status: ItemStatus
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline of Art. 13 or 14.

    Attributes:
        rule: the code of the warning for missing it.
        start: the day before the first day counted; None for a date that a notice names.
        due: the last day, already moved off holidays.
        done: the day on which the thing was done; None while it is open.
        overdue_days: calendar days past the deadline; 0 if none.
        provisional: a year without an official calendar was counted, so that it is never overdue.
        text: what the rule requires, in Chinese.
        article: the article that it comes from.
    """

    rule: str
    start: date | None
    due: date
    done: date | None
    overdue_days: int
    provisional: bool
    text: str = ""
    article: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The JSON form, as in ``check --json``: dates are ISO or null."""
        return {
            "rule": self.rule,
            "start": self.start.isoformat() if self.start else None,
            "due": self.due.isoformat(),
            "done": self.done.isoformat() if self.done else None,
            "overdue_days": self.overdue_days,
            "provisional": self.provisional,
        }


@dataclass(frozen=True, slots=True)
class CheckResult:
    """All that the gate says of one case."""

    registration_no: str | None
    kind: BundleKind
    checklist: tuple[ChecklistLine, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings of severity error; with any of them no bundle is built."""
        return tuple(found for found in self.findings if found.severity is Severity.ERROR)

    @property
    def complete(self) -> bool:
        """Whether the case has no error."""
        return not self.errors

    def as_json(self, given: str) -> dict[str, Any]:
        """The JSON form, as in ``check --json``.

        Args:
            given: the path of the case as the user gave it.
        """
        return {
            "case": given,
            "registration_no": self.registration_no,
            "kind": self.kind.value,
            "complete": self.complete,
            "checklist": [
                {
                    "item": line.item.value,
                    "article": line.article,
                    "label": line.label,
                    "status": line.status.value,
                    "files": list(line.files),
                }
                for line in self.checklist
            ],
            "deadlines": [deadline.as_json() for deadline in self.deadlines],
            "findings": [found.as_json() for found in self.findings],
        }
