"""What has changed since an earlier batch: new cases, mended, returned, newly overdue, reported, written off, sent back, gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bundler.case.identifiers import fold_registration_no, masked
from bundler.case.registration_number_gaps import series_order
from bundler.reports.case_result import CaseResult
from bundler.reports.sort_cases import overdue_now
from bundler.reports.submission_state import SubmissionState

KINDS = {
    "new": "新收",
    "mended": "已补正",
    "returned": "新退回",
    "overdue": "新逾期",
    "reported": "已上报核销",
    "written_off": "已核销",
    "sent_back": "上级退回",
    "gone": "不再在这些案件里",
}
"""The kinds of change, with their Chinese names."""


@dataclass(frozen=True, slots=True)
class CaseState:
    """The state of a case on the day of a batch.

    Attributes:
        name: its registration number, or else its folder.
        status: the status in report.json.
        is_overdue: whether something was overdue and open.
        submission: where its request for write-off stood; empty where it asks for none.
        folder: its folder, relative to that of the batch; empty in records of earlier versions.
    """

    name: str
    status: str
    is_overdue: bool
    submission: str
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed since an earlier day.

    Attributes:
        since: that day; None where no batch of an earlier day is known.
        cases: the names of the cases by kind of change, in the order of `KINDS`.
    """

    since: date | None
    cases: Mapping[str, tuple[str, ...]]

    def as_json(self) -> dict[str, Any]:
        """The object in report.json."""
        return {
            "since": self.since.isoformat() if self.since else None,
            **{kind: list(names) for kind, names in self.cases.items()},
        }


def states_of(results: Iterable[CaseResult]) -> dict[str, CaseState]:
    """The state of each case, by a key that survives a move of its folder."""
    return {_key(result): _state_of(result) for result in results}


def _key(result: CaseResult) -> str:
    return fold_registration_no(result.registration_no) if result.registration_no else result.folder


def _state_of(result: CaseResult) -> CaseState:
    state = result.submission
    name = masked(result.registration_no or result.folder)
    return CaseState(name, result.status, overdue_now(result) > 0, state.value if state else "", result.folder)


def states_to_json(states: Mapping[str, CaseState]) -> dict[str, Any]:
    """The states as JSON values."""
    return {key: asdict(state) for key, state in sorted(states.items())}


def states_from_json(tree: Any) -> dict[str, CaseState]:  # noqa: ANN401 (parsed JSON)
    """The states of JSON values.

    Raises:
        ValueError: the values do not fit.
    """
    try:
        return {str(key): CaseState(**value) for key, value in tree.items()}
    except (AttributeError, TypeError) as error:
        raise ValueError("no states of cases") from error


def compare_states(now: Mapping[str, CaseState], before: Mapping[str, CaseState], since: date | None) -> Changes:
    """Compare the states of two days; without an earlier day nothing has changed.

    A case whose registration number was corrected in its folder is the same case.
    """
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    if since is not None:
        lost = {state.folder: key for key, state in before.items() if key not in now and state.folder}
        corrected = {
            key: lost[state.folder] for key, state in now.items() if key not in before and state.folder in lost
        }
        for key, state in now.items():
            for kind in _changes_of(state, before.get(corrected.get(key, key))):
                found[kind].append(state.name)
        found["gone"] = [state.name for key, state in before.items() if key not in {*now, *corrected.values()}]
    return Changes(since, {kind: tuple(sorted(names, key=series_order)) for kind, names in found.items()})


def _changes_of(now: CaseState, before: CaseState | None) -> Iterable[str]:
    if before is None:
        yield "new"
    was_returned = before is not None and before.status == "returned"
    if was_returned and now.status != "returned":
        yield "mended"
    if before is not None and not was_returned and now.status == "returned":
        yield "returned"
    if now.is_overdue and not (before and before.is_overdue):
        yield "overdue"
    for state in (SubmissionState.REPORTED, SubmissionState.WRITTEN_OFF, SubmissionState.SENT_BACK):
        if before is not None and now.submission == state.value != before.submission:
            yield state.value
