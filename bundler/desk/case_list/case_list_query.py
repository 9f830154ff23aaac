"""The query of the case list: its filters, order and page, read from the address and written into links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode

from bundler.case.labels import LEDGERS
from bundler.desk.case_list.case_index import IndexedRow
from bundler.desk.case_list.case_list_rows import CaseRow, OpenDeadline
from bundler.desk.case_list.search_fields import SearchField
from bundler.desk.case_list.word_and_pinyin_search import Hit, find_hits, is_found, search_words
from bundler.desk.request_helpers import number_or_default
from bundler.gate.check_result import Deadline
from bundler.ledger.case_deadlines import Task, Urgency, task_of
from bundler.regulation.papers import BundleKind

ROWS_PER_PAGE = 50
_AFTER_EVERY_DAY = "9999"
"""Sorts after every ISO day."""
_BEFORE_EVERY_DAY = "0"


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of the list as of today.

    Attributes:
        key: the key of the case.
        case: what the index knows of it.
        is_checked: whether the gate's results in the row are those of the files as they are now.
        task: what is due next; None where nothing is.
        has_duplicate_number: whether another case has the same registration number (登记号).
    """

    key: str
    case: CaseRow
    is_checked: bool
    task: Task | None
    has_duplicate_number: bool

    @property
    def is_overdue(self) -> bool:
        """Whether something is overdue."""
        return self.task is not None and self.task.urgency is Urgency.LATE

    @property
    def due_order(self) -> tuple[str, str]:
        """The key of the default order: unreadable cases, those that lack a date, then by the next day, last those without one."""
        if not self.case.is_readable:
            return ("", self.case.number)
        if self.case.lacks_date and not self.case.dues:
            return (_BEFORE_EVERY_DAY, self.case.number)
        return (self.case.dues[0].day if self.case.dues else _AFTER_EVERY_DAY, self.case.number)


def list_rows(indexed: Iterable[IndexedRow], today: date) -> list[ListRow]:
    """The rows of the index as of today."""
    rows = list(indexed)
    counts = Counter(one.row.folded for one in rows if one.row.folded)
    return [
        ListRow(one.key, one.row, one.is_checked, _next_task(one.row, today), counts[one.row.folded] > 1)
        for one in rows
    ]


def _next_task(row: CaseRow, today: date) -> Task | None:
    return task_for(row.dues[0], today) if row.dues else None


def task_for(deadline: OpenDeadline, today: date) -> Task:
    """The task of an open deadline, with its urgency as of today."""
    day = date.fromisoformat(deadline.day)
    found = Deadline(deadline.rule, None, day, None, 0, deadline.provisional)
    return task_of(found, today, is_unproven=deadline.is_unproven)


STATUS_FILTERS: Mapping[str, tuple[str, Callable[[ListRow], bool]]] = {
    "late": ("已逾期", lambda row: row.is_overdue),
    "soon": (
        "今日、本周到期",
        lambda row: row.task is not None and row.task.urgency in {Urgency.TODAY, Urgency.WEEK},
    ),
    "undated": ("缺日期、算不出期限", lambda row: row.case.lacks_date),
    "complete": ("材料齐全", lambda row: row.is_checked and row.case.is_complete),
    "lacking": ("需要补正", lambda row: bool(row.case.errors)),
    "trouble": ("读不了、登记号重复", lambda row: row.has_duplicate_number or bool(row.case.fault)),
}
"""The filters by the status of a case: label and predicate by their value in the address."""

SORT_KEYS: Mapping[str, Callable[[ListRow], tuple[object, ...]]] = {
    "due": lambda row: row.due_order,
    "number": lambda row: (row.case.number,),
    "petitioners": lambda row: (row.case.petitioners, row.case.number),
    "handler": lambda row: (row.case.handler, *row.due_order),
    "kind": lambda row: (row.case.kind, *row.due_order),
    "errors": lambda row: (-1 if row.case.errors is None else row.case.errors, *row.due_order),
}
"""The columns by which the list can be sorted."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The query of an address. Each field is a parameter of that name, and empty for one that is not set.

    Attributes:
        q: the words that a case must have in the fields that are searched.
        stand: a key of `STATUS_FILTERS`.
        ledger: a ledger (台账).
        kind: the kind of the bundle.
        mine: set for the cases in which the account has a part, whatever its role.
        sort: a key of `SORT_KEYS`.
        down: set for the descending order.
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
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """The query of an address; a parameter with an unknown value is ignored."""
        page = params.get("page", "")
        return cls(
            q=params.get("q", "").strip(),
            stand=_known_or_empty(STATUS_FILTERS, params.get("stand", "")),
            ledger=_known_or_empty(LEDGERS, params.get("ledger", "")),
            kind=_known_or_empty(set(BundleKind), params.get("kind", "")),
            mine="1" if params.get("mine") else "",
            sort=_known_or_empty(SORT_KEYS, params.get("sort", "")) or "due",
            down="1" if params.get("down") else "",
            page=number_or_default(page, 1),
        )

    def address(self, **changes: Any) -> str:  # noqa: ANN401 (fields of this class, as the template passes them)
        """The address of this query with some fields changed; on the first page unless `page` is given."""
        query = replace(self, **{"page": 1, **changes})
        values = {field.name: getattr(query, field.name) for field in fields(query)}
        params = {name: value for name, value in values.items() if value and (name, value) not in _DEFAULTS}
        return f"/?{urlencode(params)}" if params else "/"

    @property
    def workbook_address(self) -> str:
        """The address of the workbook of this query."""
        return f"/list.xlsx{self.address().removeprefix('/')}"

    @property
    def print_address(self) -> str:
        """The address of the printed list of this query."""
        return f"/print{self.address().removeprefix('/')}"

    def sort_address(self, column: str) -> str:
        """The address of the list sorted by a column; in descending order where it is sorted by it already."""
        return self.address(sort=column, down="1" if self.sort == column and not self.down else "")

    def matches(self, row: ListRow, names: frozenset[str]) -> bool:
        """Whether a row passes the filters; `names` are those of the account that `mine` means."""
        case = row.case
        return (
            (not self.q or is_found(self.words, _searched_fields(case)))
            and (not self.stand or STATUS_FILTERS[self.stand][1](row))
            and (not self.ledger or self.ledger in case.ledgers)
            and (not self.kind or case.kind == self.kind)
            and (not self.mine or any(name in names for _, name in case.court_people))
        )

    @property
    def words(self) -> tuple[str, ...]:
        """The words that are searched for."""
        return search_words(self.q)

    def hits_of(self, case: CaseRow) -> tuple[Hit, ...]:
        """Why a case was found, where its row does not show it."""
        shown = (case.number, case.petitioners, case.handler)
        return find_hits(self.words, _searched_fields(case), shown) if self.q else ()

    def select(self, rows: Iterable[ListRow], names: frozenset[str]) -> list[ListRow]:
        """The rows that pass the filters, in order."""
        matching = (row for row in rows if self.matches(row, names))
        return sorted(matching, key=SORT_KEYS[self.sort], reverse=bool(self.down))

    def describe_filters(self, actor: str) -> list[str]:
        """The filters in Chinese; empty where all cases are listed."""
        descriptions = {
            f"含“{self.q}”": self.q,
            f"状态：{STATUS_FILTERS[self.stand][0] if self.stand else ''}": self.stand,
            f"台账：{LEDGERS.get(self.ledger, '')}": self.ledger,
            f"类别：{BundleKind(self.kind).label if self.kind else ''}": self.kind,
            f"{actor}承办、经手": self.mine,
        }
        return [description for description, is_set in descriptions.items() if is_set]

    def select_page(self, rows: Sequence[ListRow], names: frozenset[str]) -> ListPage:
        """The page of the selected rows that the query asks for, or the last one where there are fewer."""
        selected = self.select(rows, names)
        count = max(1, -(-len(selected) // ROWS_PER_PAGE))
        page = min(self.page, count)
        return ListPage(tuple(selected[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]), len(selected), page, count)


def _searched_fields(case: CaseRow) -> tuple[SearchField, ...]:
    return (*_shown_fields(case), *case.search_fields)


def _shown_fields(case: CaseRow) -> tuple[SearchField, ...]:
    return tuple(SearchField("", text, is_name=True) for text in (case.number, case.petitioners, case.handler))


_DEFAULTS = {("sort", "due"), ("page", 1)}


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of the list.

    Attributes:
        rows: its rows.
        total: the number of rows on all pages.
        number: the page's number, from 1.
        page_count: the number of pages.
    """

    rows: tuple[ListRow, ...]
    total: int
    number: int
    page_count: int


def _known_or_empty(known: Iterable[str], value: str) -> str:
    return value if value in set(known) else ""
