"""The result of each case of a batch, from which all reports are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bundler.case.identifiers import masked
from bundler.case.model import Case
from bundler.gate.check_result import ChecklistLine, Deadline
from bundler.regulation.findings import Finding
from bundler.regulation.papers import BundleKind
from bundler.regulation.rule_codes import Severity
from bundler.reports.submission_state import SubmissionState, submission_state

BUNDLES, RETURNED, REMOVED = "bundles", "returned", "removed"
"""The folders of OUT: bundles, notices of return, and outputs that no longer belong to a case."""
UNKNOWN_KIND = "类别不明"
"""What the reports call the kind of a case that could not be read."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """The result of one case of a batch.

    Attributes:
        folder: the case folder, relative to the batch's folder, as the reports name it.
        registration_no: the registration number as the case gives it; None where it gives none.
        kind: the kind of bundle that it was checked for.
        output: the bundle or notice, relative to OUT; empty for a case in progress.
        sha256: the SHA-256 digest of that file; empty where there is none.
        findings: those of the gate and of the batch, sorted as `Regulation.sort_key` does.
        pages: the number of numbered pages (页号) of the bundle; 0 for a notice.
        file_pages: the number of all pages of the bundle, with cover, index and closing note; 0 for a notice.
        case: the case; None where nothing of it could be read.
        made: whether this run made the file; otherwise an earlier run did.
        unreadable: whether no case could be read at all.
        broken_template: whether a broken template, not the case, caused the return.
        next_limit: the next limit of a case in progress (在办); None for every other case.
        stem: the name without extension that the outputs of the case have.
        path_handler: the handler whom the path of an unreadable case names; empty for any other case.
        is_unsealed: whether the court submits only sealed write-offs, and a paper of this one has no stamped copy.
        is_sending_recorded: whether `bundler submitted` recorded that the case went up to the superior court.
    """

    folder: str
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
    next_limit: Deadline | None = None
    stem: str = ""
    is_unsealed: bool = False
    is_sending_recorded: bool = False
    path_handler: str = ""
    file_pages: int = 0

    @property
    def status(self) -> Literal["bundled", "returned", "open"]:
        """What report.json calls the result."""
        if self.next_limit is not None:
            return "open"
        return "bundled" if self.bundled else "returned"

    @property
    def bundled(self) -> bool:
        """Whether there is a bundle."""
        return self.output.startswith(f"{BUNDLES}/")

    @property
    def submission(self) -> SubmissionState | None:
        """Where its request for write-off stands; None where there is none."""
        return submission_state(self.case, is_sending_recorded=self.is_sending_recorded) if self.case else None

    @property
    def went_up_before(self) -> bool:
        """Whether there is a bundle that the superior court has or had already, so that it is not submitted again."""
        return self.bundled and self.submission is not None and not self.submission.may_go_up

    @property
    def awaiting_seal(self) -> bool:
        """Whether a bundled write-off stays out of the submission only for want of a stamped copy (待盖章)."""
        return self.is_unsealed and not self.went_up_before

    @property
    def kind_label(self) -> str:
        """What the reports call its kind; that of an unreadable case is unknown."""
        return self.kind.label if self.case else UNKNOWN_KIND

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings for which it was returned."""
        return tuple(found for found in self.findings if found.severity is Severity.ERROR)

    def as_json(self) -> dict[str, Any]:
        """The object in report.json; personal numbers are masked."""
        tree: dict[str, Any] = {
            "case": self.folder,
            "registration_no": self.registration_no,
            "kind": self.kind.value,
            "status": self.status,
            "output": self.output or None,
            "findings": [
                {**found.as_json(), "message": masked(found.message), "fix": masked(found.fix)}
                for found in self.findings
            ],
        }
        if self.next_limit is not None:
            tree["next_limit"] = {"rule": self.next_limit.rule, "due": self.next_limit.due.isoformat()}
        return tree


@dataclass(frozen=True, slots=True)
class Removed:
    """An output that no longer belongs to a case and was moved to another folder.

    Attributes:
        file: its new path, relative to OUT.
        case: the case folder that it was made from; None where that is unknown.
        registration_no: the registration number of that case; None where it is unknown.
        is_case_there: whether that case is there and only has no bundle any more.
        is_moved_now: whether this run moved it, not an earlier one.
    """

    file: str
    case: str | None
    registration_no: str | None
    is_case_there: bool = False
    is_moved_now: bool = False

    @property
    def is_bundle(self) -> bool:
        """Whether it is an old bundle (旧卷); otherwise it is a notice or a file of somebody else."""
        return self.file.endswith(".pdf")

    @property
    def reason(self) -> str:
        """Why it was moved, in Chinese."""
        if self.is_case_there:
            return "案件还在，已不齐全"
        if self.case:
            return "案件文件夹已不在，或者改了登记号"
        return "来历不明" if self.is_bundle else "没有对应的案件"

    def as_json(self) -> dict[str, Any]:
        """The object in report.json."""
        return {"file": self.file, "case": self.case, "registration_no": self.registration_no}
