"""The case's history: who did what, when, and whether the record holds."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case.places import called
from bundler.desk.casework.showing import page
from bundler.desk.casework.sight import Sight, sight_of
from bundler.editing.binning import bin_of
from bundler.ledger.history import ACTIONS, Entry, History, HistoryError, read_history


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in words."""

    entry: Entry
    what: str
    when: str
    who: str
    about: str = ""


def show(request: Request) -> Response:
    """The history, the latest first, and the bin."""
    sight = sight_of(request)
    history, fault = _history(sight)
    lines = tuple(reversed([_line(entry) for entry in history.entries])) if history else ()
    context = {
        "sight": sight,
        "tab": "history",
        "history": history,
        "fault": fault,
        "lines": lines,
        "bin": bin_of(sight.place.folder),
    }
    return page(request, "case_history.html", context)


def _history(sight: Sight) -> tuple[History | None, str]:
    try:
        return read_history(sight.place.folder), ""
    except HistoryError as error:
        return None, str(error)


def _line(entry: Entry) -> Line:
    when = entry.at.replace("T", " ")[: len("2021-09-16 09:30")]
    about = "、".join(dict.fromkeys(called(place) for place in entry.places))
    return Line(
        entry, ACTIONS.get(entry.action, entry.action), when or "（看不出时间）", entry.actor or entry.who, about
    )


routes = [Route("/cases/{key}/history", show)]
"""Of the history."""
