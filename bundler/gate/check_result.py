"""What the gate says of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from bundler.regulation.papers import BundleKind, Item
from bundler.regulation.rules import Finding, Severity


class ItemStatus(StrEnum):
    """Whether an item is there."""

    PRESENT = "present"
    GENERATED = "generated"
    ABSENT = "absent"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """One item of the checklist, with the files that serve it."""

    item: Item
    article: str | None
    label: str
    status: ItemStatus
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline.

    Attributes:
        rule: its warning's code.
        start: the day it runs from, not counted; None for a date that a notice gives.
        due: the last day, already rolled.
        done: the day it was met or broken; None while open.
        overdue_days: calendar days late, 0 when not.
        provisional: no official calendar yet; never overdue.
    """

    rule: str
    start: date | None
    due: date
    done: date | None
    overdue_days: int
    provisional: bool

    def as_json(self) -> dict[str, Any]:
        """As the contract prints it; dates ISO or null."""
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
    """The gate's answer for one case."""

    registration_no: str | None
    kind: BundleKind
    checklist: tuple[ChecklistLine, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that close the gate."""
        return tuple(found for found in self.findings if found.severity is Severity.ERROR)

    @property
    def complete(self) -> bool:
        """Whether the gate is open: not one error stands."""
        return not self.errors

    def as_json(self, given: str) -> dict[str, Any]:
        """The object that ``check --json`` prints, for the path as given."""
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
