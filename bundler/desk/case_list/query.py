"""What of the list is asked for, and the rows that answer it; all of it stands in the page's address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode

from bundler.case.labels import LEDGERS
from bundler.desk.case_list.case_index import IndexedRow
from bundler.desk.case_list.rows import CaseRow, OpenDeadline
from bundler.desk.http import number_or_default
from bundler.gate.check_result import Deadline
from bundler.ledger.case_status import Task, Urgency, task_of
from bundler.regulation.papers import BundleKind

ROWS_PER_PAGE = 50
_LAST = "9999"
"""Sorts behind every day."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row as it stands today.

    Attributes:
        key: what the browser calls the case.
        row: what is known of it.
        is_checked: whether what the gate said is of now.
        task: what is due next; None where nothing is.
        has_duplicate_number: another case bears the same number.
    """

    key: str
    row: CaseRow
    is_checked: bool
    task: Task | None
    has_duplicate_number: bool

    @property
    def is_late(self) -> bool:
        """Whether something is overdue."""
        return self.task is not None and self.task.urgency is Urgency.LATE

    @property
    def due(self) -> tuple[str, str]:
        """What comes first: what cannot be read, then what is due first, and last what is not due."""
        if not self.row.is_readable:
            return ("", self.row.number)
        return (self.row.dues[0].day if self.row.dues else _LAST, self.row.number)


def list_rows(shown: Iterable[IndexedRow], today: date) -> list[ListRow]:
    """Every row as it stands today."""
    rows = list(shown)
    number = Counter(one.row.folded for one in rows if one.row.folded)
    return [
        ListRow(one.key, one.row, one.is_checked, _next(one.row, today), number[one.row.folded] > 1) for one in rows
    ]


def _next(row: CaseRow, today: date) -> Task | None:
    return task_for(row.dues[0], today) if row.dues else None


def task_for(due: OpenDeadline, today: date) -> Task:
    """What an open deadline asks for, as it stands today."""
    return task_of(Deadline(due.rule, None, date.fromisoformat(due.day), None, 0, due.provisional), today)


STATUS_FILTERS: Mapping[str, tuple[str, Callable[[ListRow], bool]]] = {
    "late": ("已逾期", lambda line: line.is_late),
    "soon": (
        "今日、本周到期",
        lambda line: line.task is not None and line.task.urgency in {Urgency.TODAY, Urgency.WEEK},
    ),
    "complete": ("材料齐全", lambda line: line.is_checked and line.row.is_complete),
    "lacking": ("需要补正", lambda line: bool(line.row.errors)),
    "trouble": ("读不了、登记号重复", lambda line: line.has_duplicate_number or bool(line.row.fault)),
}
"""The filters by how a case stands."""

SORT_KEYS: Mapping[str, Callable[[ListRow], tuple[object, ...]]] = {
    "due": lambda line: line.due,
    "number": lambda line: (line.row.number,),
    "petitioners": lambda line: (line.row.petitioners, line.row.number),
    "handler": lambda line: (line.row.handler, *line.due),
    "kind": lambda line: (line.row.kind, *line.due),
    "errors": lambda line: (-1 if line.row.errors is None else line.row.errors, *line.due),
}
"""The columns by which the list is sorted."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What is asked for.

    Attributes:
        q: a word in number, names or folder.
        stand: a filter of `STATUS_FILTERS`.
        ledger: a ledger (台账).
        kind: what is to become of the case.
        mine: whose cases; empty for everybody's.
        sort: a column of `SORT_KEYS`.
        down: the last first.
        page: from 1.
    """

    q: str = ""
    stand: str = ""
    ledger: str = ""
    kind: str = ""
    mine: str = ""
    sort: str = "due"
    down: str = ""
    page: int = 1

    @classmethod
    def told(cls, words: Mapping[str, str]) -> Self:
        """What an address asks for; what means nothing is as good as not said."""
        page = words.get("page", "")
        return cls(
            q=words.get("q", "").strip(),
            stand=_one_of(STATUS_FILTERS, words.get("stand", "")),
            ledger=_one_of(LEDGERS, words.get("ledger", "")),
            kind=_one_of(set(BundleKind), words.get("kind", "")),
            mine="1" if words.get("mine") else "",
            sort=_one_of(SORT_KEYS, words.get("sort", "")) or "due",
            down="1" if words.get("down") else "",
            page=number_or_default(page, 1),
        )

    def address(self, **other: Any) -> str:  # noqa: ANN401 (fields of this, as the template has them)
        """The page's address for this, or for this with something else."""
        query = replace(self, **{"page": 1, **other})
        told = {one.name: getattr(query, one.name) for one in fields(query)}
        words = {name: value for name, value in told.items() if value and (name, value) not in _USUAL}
        return f"/?{urlencode(words)}" if words else "/"

    @property
    def in_print(self) -> str:
        """The address of all of this in print."""
        return f"/print{self.address().removeprefix('/')}"

    def by(self, sort: str) -> str:
        """The address for the list sorted by a column; by the same once more, the other way round."""
        return self.address(sort=sort, down="1" if self.sort == sort and not self.down else "")

    def takes(self, line: ListRow, actor: str) -> bool:
        """Whether a row is asked for."""
        row = line.row
        return (
            (not self.q or any(self.q in text for text in (row.number, row.petitioners, row.handler, row.name)))
            and (not self.stand or STATUS_FILTERS[self.stand][1](line))
            and (not self.ledger or self.ledger in row.ledgers)
            and (not self.kind or row.kind == self.kind)
            and (not self.mine or row.handler == actor)
        )

    def found(self, lines: Iterable[ListRow], actor: str) -> list[ListRow]:
        """Every row that is asked for, in order."""
        taken = (line for line in lines if self.takes(line, actor))
        return sorted(taken, key=SORT_KEYS[self.sort], reverse=bool(self.down))

    def describe_filters(self, actor: str) -> list[str]:
        """What is asked for, as a person reads it; nothing for all cases."""
        told = {
            f"含“{self.q}”": self.q,
            f"状态：{STATUS_FILTERS[self.stand][0] if self.stand else ''}": self.stand,
            f"台账：{LEDGERS.get(self.ledger, '')}": self.ledger,
            f"类别：{BundleKind(self.kind).label if self.kind else ''}": self.kind,
            f"{actor}承办": self.mine,
        }
        return [words for words, is_asked in told.items() if is_asked]

    def answer(self, lines: Sequence[ListRow], actor: str) -> ListPage:
        """The rows that are asked for, and those of them that stand on the page."""
        found = self.found(lines, actor)
        last = max(1, -(-len(found) // ROWS_PER_PAGE))
        page = min(self.page, last)
        return ListPage(tuple(found[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]), len(found), page, last)


_USUAL = {("sort", "due"), ("page", 1)}


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the list.

    Attributes:
        lines: its rows.
        count: how many there are on all pages.
        page: which page it is, from 1.
        last: the number of pages.
    """

    lines: tuple[ListRow, ...]
    count: int
    page: int
    last: int


def _one_of(known: Iterable[str], word: str) -> str:
    return word if word in set(known) else ""
