"""The route of the history page: who did what and when, whether the record is intact, and the recycle bin."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case.json_pointer import describe_pointer
from bundler.case_edit.recycle_bin import bin_entries
from bundler.desk.cases.request_context import requested_case
from bundler.desk.cases.responses import case_page
from bundler.ledger.case_history import ACTIONS, History, HistoryEntry, HistoryError, read_history


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An entry of the history in words.

    Attributes:
        entry: the entry.
        action: what was done.
        time: when, in Beijing time, to the minute.
        actor: who did it.
        fields: the names of the fields that it changed.
    """

    entry: HistoryEntry
    action: str
    time: str
    actor: str
    fields: str = ""


def show_history(request: Request) -> Response:
    """The page of the history, the latest entry first, and the recycle bin."""
    view = requested_case(request)
    history, error = _read(view.ref.folder)
    lines = tuple(reversed([_line(entry) for entry in history.entries])) if history else ()
    context = {
        "view": view,
        "tab": "history",
        "history": history,
        "error": error,
        "lines": lines,
        "bin": bin_entries(view.ref.folder),
    }
    return case_page(request, "case_history.html", context)


def _read(folder: Path) -> tuple[History | None, str]:
    """The history; or None and why it cannot be read."""
    try:
        return read_history(folder), ""
    except HistoryError as error:
        return None, str(error)


def _line(entry: HistoryEntry) -> HistoryLine:
    return HistoryLine(
        entry,
        action=ACTIONS.get(entry.action, entry.action),
        time=entry.at.replace("T", " ")[: len("2021-09-16 09:30")] or "（看不出时间）",
        actor=entry.actor or entry.who,
        fields="、".join(dict.fromkeys(describe_pointer(path) for path in entry.places)),
    )


routes = [Route("/cases/{key}/history", show_history)]
