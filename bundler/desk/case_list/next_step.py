"""The next step of a case: what its clerk does next, what waits for a court leader, and whether the bundle is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bundler.bundle.read_and_check_case import CheckedCase
from bundler.case.identifiers import masked
from bundler.case.model import Case
from bundler.desk.cases.finding_display import field_html_id, place_of_finding, without_json_keys
from bundler.desk.cases.findings_due_at_stage import CaseStage, due_errors, stage_of_case, stage_of_finding
from bundler.desk.cases.leader_only_fields import CONSENT_PATH
from bundler.ledger.case_change_log import HISTORY_FILE, read_recent_entries
from bundler.materials.safe_opening import find_unlisted_files
from bundler.regulation.findings import Finding
from bundler.regulation.model import Regulation
from bundler.regulation.papers import BundleKind

_BUILDS = frozenset({"build", "batch"})
"""The actions of a history that make a bundle."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """The next thing to do in a case.

    Attributes:
        stage: the stage that the case has reached, in Chinese.
        what: what to do, in Chinese.
        place: where: the end of the address, after that of the case.
        more: how many further things are missing or wrong at this stage.
        is_bundling: everything is there, and the case is to be bound.
    """

    stage: str
    what: str
    place: str
    more: int = 0
    is_bundling: bool = False


def next_step(checked: CheckedCase, regulation: Regulation) -> NextStep | None:
    """What the clerk of a case does next; None for a case that cannot be read.

    Scans that wait come first, for they may be what is missing; then what is missing or wrong at the stage of the case, what
    belongs to the earliest stage first; then the bundle.

    Args:
        checked: the case, read and checked.
        regulation: the regulation that the court goes by.
    """
    case, result = checked.reading.case, checked.check_result
    if case is None:
        return None
    stage = stage_of_case(result, checked.reading.tree or {})
    label = _stage_label(result.kind, stage)
    waiting = len(find_unlisted_files(checked.reading.folder, case))
    if waiting:
        return NextStep(label, f"放好待放的扫描件（{waiting} 份）", "/sorting")
    due = sorted(due_errors(result.errors, stage), key=stage_of_finding)
    if due:
        return _step_of_finding(due[0], label, case, regulation, len(due) - 1)
    return NextStep(label, "成卷", "/bundle", is_bundling=True)


def _stage_label(kind: BundleKind, stage: CaseStage) -> str:
    return kind.label if kind is BundleKind.DECLINED else stage.stage.label


def _step_of_finding(finding: Finding, label: str, case: Case, regulation: Regulation, more: int) -> NextStep:
    place, _ = place_of_finding(finding, case, regulation)
    return NextStep(label, masked(without_json_keys(finding.message)), place, more)


def leader_steps(case: Case, regulation: Regulation) -> Iterator[NextStep]:
    """What waits for a court leader: the consent to a reply that was submitted (Art. 13), and absences (Art. 16)."""
    approval = case.approval
    if approval is not None and approval.submitted_on is not None:
        consent = approval.leader_consent
        is_decided = (consent is not None and consent.on is not None) or approval.collective is not None
        if not is_decided:
            what = f"同意答复（{approval.submitted_on} 呈批）"
            yield NextStep("审批、答复", what, f"#{field_html_id(CONSENT_PATH)}")
    for absent in case.absent:
        if absent.reason and not absent.approved_by:
            what = f"批准确无此件：{regulation.papers[absent.item].label}"
            yield NextStep("确无此件", what, f"/materials#place-{absent.item.value}")


def is_bundled(folder: Path, version: str) -> bool:
    """Whether a bundle was built from this version of a case.

    Args:
        folder: the case folder.
        version: the SHA-256 of its case.json.
    """
    try:
        status = (folder / HISTORY_FILE).lstat()
    except OSError:
        return False
    return version in _bundled_versions(folder, status.st_mtime_ns, status.st_size, status.st_ino)


@lru_cache(maxsize=8192)
def _bundled_versions(folder: Path, *file_state: int) -> frozenset[str]:
    """The versions from which bundles were built lately, read again when the history changes."""
    del file_state
    entries = read_recent_entries(folder)
    return frozenset(one.case_sha256 for one in entries if one.action in _BUILDS and not one.fault)
