"""What became of each case of a batch: the one record from which all reports are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bundler.case.identifiers import masked
from bundler.case.model import Case
from bundler.gate.check_result import ChecklistLine, Deadline
from bundler.regulation.papers import BundleKind
from bundler.regulation.rules import Finding, Severity

BUNDLES, RETURNED, REMOVED = "bundles", "returned", "removed"
"""The folders of OUT: bundles, notices that return a case, and what belongs to no case of now."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case.

    Attributes:
        place: the folder as the reports name it, relative to the batch's own.
        registration_no: as the case gives it; None where it gives none.
        kind: what it was checked as.
        output: the file made or kept, relative to OUT.
        sha256: its digest.
        findings: the gate's and the batch's, in the contract's order.
        pages: numbered pages (页号) of the bundle; 0 for a notice.
        case: None where nothing of it could be read.
        made: the file was made in this run, not kept from an earlier one.
        unreadable: no case could be read at all.
        broken_template: a template is broken, for which the case cannot answer.
    """

    place: str
    registration_no: str | None
    kind: BundleKind
    output: str
    sha256: str
    findings: tuple[Finding, ...]
    pages: int = 0
    case: Case | None = None
    checklist: tuple[ChecklistLine, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    made: bool = True
    unreadable: bool = False
    broken_template: bool = False

    @property
    def status(self) -> Literal["bundled", "returned"]:
        """Whether the gate let it through."""
        return "bundled" if self.bundled else "returned"

    @property
    def bundled(self) -> bool:
        """Whether there is a bundle."""
        return self.output.startswith(f"{BUNDLES}/")

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What it was returned for."""
        return tuple(found for found in self.findings if found.severity is Severity.ERROR)

    def as_json(self) -> dict[str, Any]:
        """The object of report.json; personal numbers are masked."""
        return {
            "case": self.place,
            "registration_no": self.registration_no,
            "kind": self.kind.value,
            "status": self.status,
            "output": self.output,
            "findings": [
                {**found.as_json(), "message": masked(found.message), "fix": masked(found.fix)}
                for found in self.findings
            ],
        }


@dataclass(frozen=True, slots=True)
class Removed:
    """An output that belongs to no case of now, moved aside.

    Attributes:
        file: where it lies, relative to OUT.
        case: the folder it was made of, where that is known.
        registration_no: its number, likewise.
    """

    file: str
    case: str | None
    registration_no: str | None

    def as_json(self) -> dict[str, Any]:
        """The object of report.json."""
        return {"file": self.file, "case": self.case, "registration_no": self.registration_no}
