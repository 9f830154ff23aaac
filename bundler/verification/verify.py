"""Verify a bundle in the order that archives use: structure, then completeness, then fixity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bundler.case.reader import read_case
from bundler.documents.definitions import find_templates_folder
from bundler.manifest.model import Manifest
from bundler.profile import load_profile
from bundler.regulation.load import find_regulation, load_regulation
from bundler.regulation.model import Regulation
from bundler.signature.validation import Signature, SignatureState
from bundler.verification import manifest_comparison
from bundler.verification.inspect_bundle_file import inspect_file
from bundler.verification.inspection_result import Observation
from bundler.verification.problem_codes import REPORT_POINTS, SOURCE_CODES, Problem, ReportPoint
from bundler.verification.rebuild_from_case import CaseAtHand
from bundler.verification.rebuilt_bundle_comparison import (
    DIFFERENCE_CODES,
    UNPROVED_CODES,
    CaseComparison,
    compare_with_case,
)
from bundler.verification.signature_wording import signature_problems

_OUT_OF_ORDER = frozenset({"PAGE-MOVED", "PAGE-MISSING", "PAGE-ADDED"})
"""After one of these, differences of index, outline and labels are only its consequences, and are not checked."""


class PointResult(StrEnum):
    """The result of a point of the report."""

    PASSED = "passed"
    FAILED = "failed"
    UNCHECKED = "unchecked"
    """It could not be checked, or was not asked for."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of a verification.

    Attributes:
        observed: what was found in the file.
        ours: it is or was a bundle of this tool.
        problems: all differences; none where the file is unchanged.
        unchecked: the ids of the points that were not checked.
        comparison: the comparison with the bundle that is built anew from the case; None where there was none.
        regulation: the regulation whose items were looked for; None where it is not at hand, or there is no manifest.
    """

    observed: Observation
    ours: bool
    problems: tuple[Problem, ...]
    unchecked: frozenset[str] = frozenset()
    comparison: CaseComparison | None = None
    regulation: Regulation | None = None

    @property
    def ok(self) -> bool:
        """Whether it is a bundle of this tool without any problem."""
        return self.ours and not self.problems

    @property
    def is_only_of_case(self) -> bool:
        """Whether the problems are that the case is not as it was, and none is in the bundle itself."""
        return bool(self.problems) and all(problem.code in SOURCE_CODES for problem in self.problems)

    @property
    def conclusion(self) -> str:
        """The conclusion in one Chinese sentence."""
        if self.ok:
            return "与成卷时一致。"
        codes = {problem.code for problem in self.problems}
        if self.is_only_of_case:
            return "卷宗本身没有发现改动；案件不是成卷时的样子，不能用它重新成卷来比较，见上。"
        is_open = codes <= UNPROVED_CODES or (
            codes <= DIFFERENCE_CODES | UNPROVED_CODES and "CASE-NOT-COMPARABLE" in codes
        )
        return "不能证明这一卷出自本案。" if is_open else "与成卷时不一致，不能作为归档原件使用。"

    @property
    def points(self) -> tuple[tuple[ReportPoint, PointResult], ...]:
        """The report of the four checks (四性检测 of DA/T 70-2018), point by point."""
        found = {problem.code for problem in self.problems}
        return tuple((point, self._result(point, found)) for point in REPORT_POINTS)

    def _result(self, point: ReportPoint, found: set[str]) -> PointResult:
        if point.codes & found:
            return PointResult.FAILED
        return PointResult.UNCHECKED if point.id in self.unchecked else PointResult.PASSED

    def as_json(self) -> dict[str, Any]:
        """The object that ``verify --json`` prints."""
        manifest = self.observed.manifest
        return {
            "ok": self.ok,
            "problems": [problem.as_json() for problem in self.problems],
            "registration_no": manifest.registration_no if manifest else None,
            "kind": manifest.kind.value if manifest else None,
            "pages": manifest.pages if manifest else None,
            "sha256": self.observed.sha256,
            "signature": _signature_json(self.observed.signature),
            "rebuilt": _comparison_json(self.comparison),
            "regulation": _regulation_json(manifest, self.regulation),
            "report": [
                {"check": point.nature.value, "point": point.text, "result": result.value}
                for point, result in (self.points if self.ours else ())
            ],
        }


def _comparison_json(comparison: CaseComparison | None) -> dict[str, Any] | None:
    if comparison is None:
        return None
    return {
        "same_by": comparison.basis.value if comparison.basis else None,
        "surroundings": list(comparison.surroundings),
    }


def _regulation_json(manifest: Manifest | None, at_hand: Regulation | None) -> dict[str, Any] | None:
    """The regulation under which a bundle was made, and whether it is at hand."""
    stated = at_hand or (manifest.regulation if manifest else None)
    return {"title": stated.title, "number": stated.number, "at_hand": at_hand is not None} if stated else None


def _signature_json(signature: Signature | None) -> dict[str, Any] | None:
    if signature is None:
        return None
    return {
        "state": signature.state.value,
        "signer": signature.signer,
        "signed_at": signature.signed_at.isoformat() if signature.signed_at else None,
        "stamped_at": signature.stamped_at.isoformat() if signature.stamped_at else None,
        "stamp_trusted": signature.stamp_trusted,
    }


def verify(
    path: Path,
    *,
    case: Path | CaseAtHand | None = None,
    sha256: str | None = None,
    trust: bytes | None = None,
    regulation: Regulation | None = None,
) -> Verification:
    """Compare a bundle with its own manifest and seal, and with the other arguments where they are given.

    Args:
        path: the bundle.
        case: the case from which it was made: it is built anew and compared. A folder is that of a case of the court in
            the regulation, with the templates of the package.
        sha256: the digest that the file should have.
        trust: certificates of trusted signers in PEM.
        regulation: one that is at hand beside the shipped ones; None: that of the court of the case. A whole volume has
            the items of the regulation that its manifest names.

    Raises:
        UnreadableError: the file does not exist or cannot be read.
        OutputError: there is no room for the bundle that is built anew.
    """
    observed = inspect_file(path, trust)
    if not observed.is_ours:
        what = "这是单独一份文书，不是卷宗，没有可以核对的内容。" if observed.is_paper else "这不是本工具生成的卷宗。"
        return Verification(observed, ours=False, problems=(Problem("NOT-OURS", what),))
    problems = list(manifest_comparison.structure(observed))
    if sha256 is not None and observed.sha256 != sha256.lower():
        problems.append(Problem("SHA256-MISMATCH", f"文件的 SHA-256 是 {observed.sha256}，与给出的不同。"))
    if not observed.fault:
        problems += signature_problems(observed, required=trust is not None)
        problems += manifest_comparison.manifest_integrity(observed)
    comparison = rules = None
    if observed.manifest is not None:
        hand = _default_hand(case) if isinstance(case, Path) else case
        rules = _regulation_of(observed.manifest, regulation or (hand.profile.regulation if hand else None))
        problems += _compare_with_manifest(observed, observed.manifest, rules)
        if hand is not None:
            comparison = _compare_with_case(path, observed, observed.manifest, hand, problems)
    return Verification(
        observed,
        ours=True,
        problems=tuple(problems),
        unchecked=_unchecked_points(observed, problems, comparison, has_case=case is not None)
        | (frozenset() if rules else {"items"}),
        comparison=comparison,
        regulation=rules,
    )


def _regulation_of(manifest: Manifest, given: Regulation | None) -> Regulation | None:
    """The regulation that a manifest names: the first shipped one where it names none; None where it is not at hand."""
    if manifest.regulation is None:
        return load_regulation()
    return find_regulation(manifest.regulation.sha256, *((given,) if given else ()))


def _default_hand(folder: Path) -> CaseAtHand:
    return CaseAtHand(folder, load_profile(None), find_templates_folder(None))


def _compare_with_manifest(
    observed: Observation, manifest: Manifest, regulation: Regulation | None
) -> Iterator[Problem]:
    yield from manifest_comparison.completeness(observed, manifest, regulation)
    pages = list(manifest_comparison.fixity(observed, manifest))
    yield from pages
    if not _OUT_OF_ORDER & {problem.code for problem in pages}:
        yield from manifest_comparison.agreement(observed, manifest)


def _compare_with_case(
    path: Path, observed: Observation, manifest: Manifest, hand: CaseAtHand, problems: list[Problem]
) -> CaseComparison | None:
    """Compare with the case, and add what differs; None where there is nothing to be gained by building anew.

    A bundle that contradicts itself, or whose sources changed, is not the one that the case gives, which is reported already.
    """
    reading = read_case(hand.folder)
    problems += manifest_comparison.source_files(manifest, reading, is_later=hand.is_later)
    if any(not problem.code.startswith("SIGNATURE-") and problem.code != "SHA256-MISMATCH" for problem in problems):
        return None
    comparison = compare_with_case(path, observed, manifest, reading, hand)
    problems += comparison.problems
    return comparison


def _unchecked_points(
    observed: Observation, problems: list[Problem], comparison: CaseComparison | None, *, has_case: bool
) -> frozenset[str]:
    """The points that were not checked: most of them where the file does not open or has no manifest."""
    unchecked = (
        {"signature"} if observed.signature is None or observed.signature.state is SignatureState.UNKNOWN else set()
    )
    if not has_case:
        unchecked.add("sources")
    if comparison is None:
        unchecked.add("rebuilt")
    if observed.fault:
        unchecked |= {point.id for point in REPORT_POINTS} - {"seal", "tail", "opens"}
    elif observed.manifest is None:
        unchecked |= {"pages", "metadata", "sources", "count", "numbers", "index", "items", "embedded", "strays"}
    elif _OUT_OF_ORDER & {problem.code for problem in problems}:
        unchecked |= {"numbers", "index"}
    return frozenset(unchecked)
