"""The case's history: who did what, when, and whether the record holds."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case.json_pointer import describe_pointer
from bundler.case_edit.recycle_bin import bin_entries
from bundler.desk.cases.case_view import CaseView, requested_case
from bundler.desk.cases.wording import page
from bundler.ledger.case_history import ACTIONS, History, HistoryEntry, HistoryError, read_history


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An entry in words."""

    entry: HistoryEntry
    what: str
    when: str
    who: str
    about: str = ""


def show(request: Request) -> Response:
    """The history, the latest first, and the bin."""
    sight = requested_case(request)
    history, fault = _history(sight)
    lines = tuple(reversed([_line(entry) for entry in history.entries])) if history else ()
    context = {
        "sight": sight,
        "tab": "history",
        "history": history,
        "fault": fault,
        "lines": lines,
        "bin": bin_entries(sight.place.folder),
    }
    return page(request, "case_history.html", context)


def _history(sight: CaseView) -> tuple[History | None, str]:
    try:
        return read_history(sight.place.folder), ""
    except HistoryError as error:
        return None, str(error)


def _line(entry: HistoryEntry) -> HistoryLine:
    when = entry.at.replace("T", " ")[: len("2021-09-16 09:30")]
    about = "、".join(dict.fromkeys(describe_pointer(place) for place in entry.places))
    return HistoryLine(
        entry, ACTIONS.get(entry.action, entry.action), when or "（看不出时间）", entry.actor or entry.who, about
    )


routes = [Route("/cases/{key}/history", show)]
"""Of the history."""
