"""The list of cases: each as its case.json has it stand today, most pressing first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case.masking import masked
from bundler.desk.rendering import page
from bundler.desk.settings import Settings
from bundler.desk.shelf import Shelf
from bundler.gate.examine import kind_of
from bundler.ledger.standing import Standing, Task, handler_of, petitioners_of, standings

PAGE_ROWS = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the list.

    Attributes:
        key: what the browser calls it.
        number: its registration number, or its folder's name.
        petitioners, handler: their names; numbers that stand among them are covered.
        kind: what is to become of it, in Chinese.
        task: what is due next; None where nothing is.
        fault: why it could not be read; empty where it could.
    """

    key: str
    number: str
    petitioners: str = ""
    handler: str = ""
    kind: str = ""
    task: Task | None = None
    fault: str = ""

    @property
    def due(self) -> date:
        """The day by which it is sorted: what is not due comes last, what cannot be read comes first."""
        if self.fault:
            return date.min
        return self.task.due if self.task else date.max

    def says(self, word: str) -> bool:
        """Whether a word stands in what the list shows of it."""
        return any(word in text for text in (self.number, self.petitioners, self.handler))


def show(request: Request) -> Response:
    """The cases in whose number or names the search word stands."""
    desk: Settings = request.app.state.desk
    shelf: Shelf = request.app.state.shelf
    word = request.query_params.get("q", "").strip()
    rows = sorted(rows_of(shelf, desk), key=lambda row: (row.due, row.number))
    found = [row for row in rows if row.says(word)]
    first = _first(request.query_params.get("from", "0"), found)
    shown = found[first : first + PAGE_ROWS]
    said = {"rows": shown, "count": len(found), "total": len(rows), "word": word, "first": first, "step": PAGE_ROWS}
    return page(request, "list.html", said)


def rows_of(shelf: Shelf, desk: Settings) -> Iterator[Row]:
    """Every case of the desk."""
    keys = {place.folder: place.key for place in shelf.places()}
    for standing in standings(keys, today=desk.today(), profile=desk.profile):
        yield _row(keys[standing.folder], standing)


def _row(key: str, standing: Standing) -> Row:
    case = standing.case
    if case is None:
        return Row(key, standing.number, fault=standing.fault)
    return Row(
        key,
        standing.number,
        masked(petitioners_of(case)),
        masked(handler_of(case)),
        kind_of(case, None).label,
        next(iter(standing.tasks), None),
    )


def _first(word: str, found: Sequence[Row]) -> int:
    """Where a page of the list begins; what is no such place is the beginning."""
    first = int(word) if word.isascii() and word.isdecimal() and len(word) < len("1000000") else 0
    return first - first % PAGE_ROWS if first < len(found) else 0


routes = [Route("/", show, name="list")]
