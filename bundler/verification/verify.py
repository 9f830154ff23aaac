"""Verification: the order of the steps, as archives do it — structure, then completeness, then fixity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bundler.manifest.model import Manifest
from bundler.signature.validation import Signature, SignatureState
from bundler.verification import compare
from bundler.verification.inspect import inspect_file
from bundler.verification.observation import Observation
from bundler.verification.problems import REPORT_POINTS, Problem, ReportPoint
from bundler.verification.signature_report import signature_problems

_OUT_OF_ORDER = frozenset({"PAGE-MOVED", "PAGE-MISSING", "PAGE-ADDED"})
"""Index, outline and labels of a file whose pages lie otherwise than they did cannot but disagree."""


class PointResult(StrEnum):
    """How a point of the report came out."""

    PASSED = "passed"
    FAILED = "failed"
    UNCHECKED = "unchecked"
    """It could not be looked at, or nobody asked for it."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What verification found.

    Attributes:
        seen: the file.
        ours: it is, or was, a bundle of this tool.
        problems: all that is not as it was; none where the file is unchanged.
        unchecked: the points that were not looked at.
    """

    seen: Observation
    ours: bool
    problems: tuple[Problem, ...]
    unchecked: frozenset[str] = frozenset()

    @property
    def ok(self) -> bool:
        """Whether nothing at all is wrong."""
        return self.ours and not self.problems

    @property
    def points(self) -> tuple[tuple[ReportPoint, PointResult], ...]:
        """The report of the four checks (四性检测), point by point."""
        found = {problem.code for problem in self.problems}
        return tuple((point, self._result(point, found)) for point in REPORT_POINTS)

    def _result(self, point: ReportPoint, found: set[str]) -> PointResult:
        if point.codes & found:
            return PointResult.FAILED
        return PointResult.UNCHECKED if point.id in self.unchecked else PointResult.PASSED

    def as_json(self) -> dict[str, Any]:
        """The object that ``verify --json`` prints."""
        manifest = self.seen.manifest
        return {
            "ok": self.ok,
            "problems": [problem.as_json() for problem in self.problems],
            "registration_no": manifest.registration_no if manifest else None,
            "kind": manifest.kind.value if manifest else None,
            "pages": manifest.pages if manifest else None,
            "sha256": self.seen.sha256,
            "signature": _signature_json(self.seen.signature),
            "report": [
                {"check": point.nature.value, "point": point.text, "result": result.value}
                for point, result in (self.points if self.ours else ())
            ],
        }


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
    path: Path, *, case: Path | None = None, sha256: str | None = None, trust: bytes | None = None
) -> Verification:
    """Check a file against itself, and against the case, the digest and the trusted certificates where they are given.

    Raises:
        UnreadableError: there is no such file.
    """
    seen = inspect_file(path, trust)
    if not seen.is_ours:
        what = "这是单独一份文书，不是卷宗，没有可以核对的内容。" if seen.is_paper else "这不是本工具生成的卷宗。"
        return Verification(seen, ours=False, problems=(Problem("NOT-OURS", what),))
    problems = list(compare.structure(seen))
    if sha256 is not None and seen.sha256 != sha256.lower():
        problems.append(Problem("SHA256-MISMATCH", f"文件的 SHA-256 是 {seen.sha256}，与给出的不同。"))
    if not seen.fault:
        problems += signature_problems(seen, wanted=trust is not None)
        problems += compare.record(seen)
    if seen.manifest is not None:
        problems += _against(seen, seen.manifest, case)
    return Verification(seen, ours=True, problems=tuple(problems), unchecked=_unchecked(seen, problems, case))


def _against(seen: Observation, manifest: Manifest, case: Path | None) -> Iterator[Problem]:
    yield from compare.completeness(seen, manifest)
    pages = list(compare.fixity(seen, manifest))
    yield from pages
    if not _OUT_OF_ORDER & {problem.code for problem in pages}:
        yield from compare.agreement(seen, manifest)
    if case is not None:
        yield from compare.source_files(manifest, case)


def _unchecked(seen: Observation, problems: list[Problem], case: Path | None) -> frozenset[str]:
    """What was not looked at: most of it where the file does not open, or has no manifest."""
    unchecked = {"signature"} if seen.signature is None or seen.signature.state is SignatureState.UNKNOWN else set()
    if case is None:
        unchecked.add("sources")
    if seen.fault:
        unchecked |= {point.id for point in REPORT_POINTS} - {"seal", "tail", "opens"}
    elif seen.manifest is None:
        unchecked |= {"pages", "metadata", "sources", "count", "numbers", "index", "items", "embedded", "strays"}
    elif _OUT_OF_ORDER & {problem.code for problem in problems}:
        unchecked |= {"numbers", "index"}
    return frozenset(unchecked)
