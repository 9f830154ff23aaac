"""Select from a case what the papers of Art. 6, 11 and 16 are about: measures exhausted, applicant for relief, follow-up.

Kept apart from the views, since the gate needs it and has to start quickly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bundler.case.model import Case
from bundler.case.people_models import Parties
from bundler.case.unenforceable_debt_models import EnforcementMeasure
from bundler.documents.document_subjects import list_principals

_SHORTEST_NAME = 4
"""Characters of a measure's name from which a part of a usual name, or a longer one, is taken for it."""


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure that the table of exhausted measures shows, with what the case says of it.

    Attributes:
        name: the usual name, or that of the case.
        taken: the entries of the case; empty where a usual measure has none.
    """

    name: str
    taken: tuple[EnforcementMeasure, ...]


def list_measure_rows(case: Case, usual: Sequence[str]) -> tuple[MeasureRow, ...]:
    """The usual measures in their order, then the others that the case names, as they stand there."""
    left = list(case.enforcement_measures)
    rows = []
    for name in usual:
        here = tuple(one for one in left if is_same_measure(one.name, name))
        left = [one for one in left if one not in here]
        rows.append(MeasureRow(name, here))
    return (*rows, *(MeasureRow(one.name, (one,)) for one in left))


def is_settled_measure(one: EnforcementMeasure) -> bool:
    """Whether a measure was taken, with day and result, or a reason is given why not."""
    return bool((one.on and one.result) or one.not_taken_because)


def list_unsettled_measures(case: Case, usual: Sequence[str]) -> tuple[str, ...]:
    """The names of the measures that were neither taken with day and result nor left out for a reason."""
    return tuple(row.name for row in list_measure_rows(case, usual) if not any(map(is_settled_measure, row.taken)))


def is_same_measure(name: str, usual: str) -> bool:
    """Whether a name of a case means a usual measure: 发出限制消费令 is 限制消费."""
    one, other = "".join(name.split()), "".join(usual.split())
    return one == other or (len(one) >= _SHORTEST_NAME and (one in other or other in one))


def find_relief_applicant(case: Case) -> int | None:
    """The index of the petitioner who asks for relief: the one named, else the first natural person who is an applicant."""
    named = case.relief.applicant if case.relief else None
    people = [index for index in list_principals(case) if case.petitioners[index].kind == "person"]
    if named:
        return next((index for index in people if case.petitioners[index].name == named), None)
    return next((index for index in people if _is_applicant(case, index)), None)


def _is_applicant(case: Case, index: int) -> bool:
    one = case.petitioners[index]
    parties = [enforcement.parties for enforcement in case.enforcement_cases]
    among = any(isinstance(known, Parties) and one.name in known.applicants for known in parties)
    return bool(one.name) and (among or one.position == "applicant")


def select_follow_up(case: Case) -> int | None:
    """The index of the follow-up that the record is for: the next planned one, else the last one that took place."""
    days = [(one.on, index) for index, one in enumerate(case.follow_ups)]
    planned = [pair for pair in days if not case.follow_ups[pair[1]].text]
    return min(planned)[1] if planned else max(days)[1] if days else None
