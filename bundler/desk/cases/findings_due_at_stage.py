"""How far a case is, so that its form asks only what is due: a case registered today is not red for its reply.

The gate says what a whole file lacks. The desk shows in red what is wrong, and what is missing at this stage or an earlier
one; what only a later stage brings is shown in grey.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from bundler.case.field_types import is_blank
from bundler.case.json_pointer import parse_pointer
from bundler.case_edit.change_operations import ABSENT, Json, value_at
from bundler.gate.check_result import CheckResult
from bundler.regulation.findings import Finding
from bundler.regulation.papers import BundleKind, Item


class Stage(IntEnum):
    """The stages of a petition, in order."""

    REGISTRATION = 1
    ACCEPTANCE = 2
    HANDLING = 3
    REPLY = 4
    CLOSING = 5

    @property
    def label(self) -> str:
        """The Chinese word for it."""
        return ("登记", "受理、转交", "约谈、调查", "审批、答复", "核销、归档")[self - 1]


@dataclass(frozen=True, slots=True)
class CaseStage:
    """The stage that a case has reached.

    Attributes:
        stage: the stage.
        later: the findings about what only a later stage brings.
    """

    stage: Stage
    later: frozenset[Finding]

    def fills_in(self, path: str) -> bool:
        """Whether a top-level part of case.json is one that every case has filled in by this stage."""
        key = path.removeprefix("/")
        return key in _PARTS_OF_EVERY_CASE and _STAGES_BY_KEY[key] <= self.stage


_STAGES_BY_KEY: Mapping[str, Stage] = {
    "decision": Stage.ACCEPTANCE,
    "category": Stage.ACCEPTANCE,
    "grounds": Stage.ACCEPTANCE,
    "acceptance": Stage.ACCEPTANCE,
    "transfer": Stage.ACCEPTANCE,
    "claims": Stage.REPLY,
    "reception": Stage.HANDLING,
    "interview": Stage.HANDLING,
    "coordination": Stage.HANDLING,
    "investigations": Stage.HANDLING,
    "hearing": Stage.HANDLING,
    "appointments": Stage.HANDLING,
    "enforcement_measures": Stage.HANDLING,
    "approval": Stage.REPLY,
    "reply": Stage.REPLY,
    "feedback_report": Stage.REPLY,
    "measures": Stage.CLOSING,
    "write_off": Stage.CLOSING,
    "follow_ups": Stage.CLOSING,
    "archive": Stage.CLOSING,
}
"""By top-level key of case.json, the stage that fills it in; every other key belongs to the registration."""
_PARTS_OF_EVERY_CASE = frozenset({"acceptance", "transfer", "interview", "approval", "reply"})
_STAGES_BY_PATH: Mapping[str, Stage] = {"/people/leader": Stage.ACCEPTANCE, "/registration/system_no": Stage.ACCEPTANCE}
_STAGES_BY_ITEM: Mapping[Item, Stage] = {
    Item.REGISTRATION: Stage.REGISTRATION,
    Item.LEADER_INSTRUCTION: Stage.ACCEPTANCE,
    Item.ACCEPTANCE_NOTICE: Stage.ACCEPTANCE,
    Item.ACCEPTANCE_SERVICE: Stage.ACCEPTANCE,
    Item.TRANSFER_PROOF: Stage.ACCEPTANCE,
    Item.INVESTIGATION: Stage.HANDLING,
    Item.INTERVIEW: Stage.HANDLING,
    Item.EVIDENCE: Stage.HANDLING,
    Item.HEARING_RECORD: Stage.HANDLING,
    Item.APPROVAL: Stage.REPLY,
    Item.REPLY_OPINION: Stage.REPLY,
    Item.REPLY_SERVICE: Stage.REPLY,
}
"""By paper, the stage in which it comes in; every other one with the last."""
_STAGES_BY_DEADLINE: Mapping[str, Stage] = {
    "ART13-TRANSFER": Stage.ACCEPTANCE,
    "ART13-INTERVIEW": Stage.HANDLING,
    "ART13-REPLY": Stage.REPLY,
    "ART14-FEEDBACK": Stage.REPLY,
}
_TELLING_KEYS = (
    "acceptance",
    "transfer",
    "interview",
    "coordination",
    "investigations",
    "hearing",
    "approval",
    "reply",
)
"""What is filled in only once the stage is reached; claims and people may be filled in early."""


def stage_of_case(result: CheckResult, tree: Mapping[str, Any]) -> CaseStage:
    """The stage of a case: the last one of which it tells something, or the first one that lacks something.

    A declined case has one stage, and so has one that asks for its write-off.

    Args:
        result: what the gate says of the case.
        tree: its case.json.
    """
    if result.kind is not BundleKind.ARCHIVE:
        return CaseStage(Stage.CLOSING, frozenset())
    missing = {found: stage_of_finding(found) for found in result.findings if _is_missing(found, tree)}
    first_open = min((missing[one] for one in result.errors if one in missing), default=Stage.CLOSING)
    stage = max((first_open, *_reached(result, tree)))
    return CaseStage(stage, frozenset(found for found, of_finding in missing.items() if of_finding > stage))


def _reached(result: CheckResult, tree: Mapping[str, Any]) -> Iterator[Stage]:
    for key in _TELLING_KEYS:
        if not _says_nothing(tree.get(key)):
            yield _STAGES_BY_KEY[key]
    if tree.get("decision") == "accepted":
        yield Stage.ACCEPTANCE
    for deadline in result.deadlines:
        if deadline.done is None and deadline.overdue_days:
            yield _STAGES_BY_DEADLINE.get(deadline.rule, Stage.REPLY)


def stage_of_finding(found: Finding) -> Stage:
    """The stage in which what a finding is about is filled in, or comes in."""
    path = found.path
    if found.item is not None and not found.rule.startswith("ART12"):
        return _STAGES_BY_ITEM.get(found.item, Stage.CLOSING)
    return _STAGES_BY_PATH.get(path) or _STAGES_BY_KEY.get(path.split("/")[1] if path else "", Stage.REGISTRATION)


def _is_missing(found: Finding, tree: Mapping[str, Any]) -> bool:
    """Whether a finding says that something is not there yet; otherwise something is wrong that is there."""
    path = found.path
    if found.rule == "KIND-PENDING":
        return True
    if path == "/materials":
        return found.item is not None
    return bool(path) and _says_nothing(value_at(tree, parse_pointer(path)))


def _says_nothing(value: Json) -> bool:
    if isinstance(value, Mapping):
        return all(map(_says_nothing, value.values()))
    if isinstance(value, list):
        return all(map(_says_nothing, value))
    return value is ABSENT or value is None or value is False or is_blank(value)


def due_errors(errors: Iterable[Finding], stage: CaseStage) -> tuple[Finding, ...]:
    """Those errors that are due at the stage of the case."""
    return tuple(one for one in errors if one not in stage.later)
