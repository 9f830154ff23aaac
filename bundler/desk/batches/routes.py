"""The command centre's page and what it hands out."""

from __future__ import annotations

from collections import Counter
from datetime import date
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from bundler.case.labels import LEDGERS
from bundler.desk.batches import downloads
from bundler.desk.batches.downloads import REPORTS, BatchEntry, OutputFile, find_output, find_report, read_entries
from bundler.desk.batches.runner import BatchRunner
from bundler.desk.case_list.query import ListRow, list_rows, task_for
from bundler.desk.case_list.routes import case_index_of, settings_of
from bundler.desk.http import actor_of, download_response, form_endpoint, number_or_default
from bundler.desk.security.audit import write_audit_line
from bundler.desk.templating import render_page
from bundler.digest import sha256_of
from bundler.ledger.case_status import Task, Urgency

_AGENDA_ROWS = 12
_PAGE_ROWS = 50
_BOOKS = {
    "ledger.xlsx": (
        downloads.export_ledger,
        "执行申诉信访台账",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "agenda.ics": (downloads.export_agenda, "执行申诉信访期限", "text/calendar"),
}
_SHOWN = {"": "全部", "returned": "退回", "bundled": "成卷"}


def show(request: Request) -> Response:
    """Where the batch stands, what the last one left, and what is due."""
    desk, index = settings_of(request), case_index_of(request)
    index.look(1.0)
    lines = list_rows(index.rows(), desk.today())
    entries, agenda = read_entries(desk.out), _agenda(lines, desk.today())
    shown = request.query_params.get("shown", "")
    page_no = request.query_params.get("page", "1")
    said = {
        **_run(request),
        **_report(entries, shown if shown in _SHOWN else "", number_or_default(page_no, 1)),
        "keys": {line.row.name: line.key for line in lines},
        "reports": [(name, word) for name, word in REPORTS.items() if find_report(desk.out, name)],
        "ledgers": [(key, word, *_in(lines, key)) for key, word in LEDGERS.items()],
        "agenda": agenda[:_AGENDA_ROWS],
        "urgent": Counter(task.urgency for task, _ in agenda),
        "urgencies": tuple(Urgency),
        "total": len(lines),
        "complete": sum(line.row.is_complete for line in lines),
    }
    return render_page(request, "centre.html", said)


def run(request: Request) -> Response:
    """The part of the page that changes while a batch is at work; once it is over, all of the page is another."""
    progress, other = _batches(request).progress(), _batches(request).other()
    answer = render_page(request, "centre_run.html", {"progress": progress, "other": other})
    if not other and (progress is None or not progress.is_running):
        answer.headers["HX-Refresh"] = "true"
    return answer


def start(request: Request, form: FormData) -> Response:
    """Begin a batch."""
    del form
    _batches(request).begin(actor_of(request))
    write_audit_line(request, "batch")
    return render_page(request, "centre_run.html", _run(request))


def stop(request: Request, form: FormData) -> Response:
    """Have it stop."""
    del form
    _batches(request).stop()
    write_audit_line(request, "batch-stop")
    return render_page(request, "centre_run.html", _run(request))


def report(request: Request) -> Response:
    """A report of the last batch."""
    return _sent(request, find_report(settings_of(request).out, request.path_params["name"]))


def output(request: Request) -> Response:
    """A bundle, or the notice that returned a case."""
    return _sent(request, find_output(settings_of(request).out, request.path_params["key"]))


def book(request: Request) -> Response:
    """The ledgers, or the agenda."""
    wanted = _BOOKS.get(request.path_params["name"])
    if wanted is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "没有这个文件。")
    work, title, media_type = wanted
    data = downloads.run_export(work, settings_of(request))
    name = f"{title}.{request.path_params['name'].rpartition('.')[2]}"
    write_audit_line(request, "download", files=[(name, sha256_of(data))])
    return download_response(data, name, media_type)


def _sent(request: Request, file: OutputFile | None) -> Response:
    if file is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这个文件已经不在，或者重新做过。请刷新页面。")
    write_audit_line(request, "download", files=[(file.path.name, file.sha256)])
    return FileResponse(file.path, filename=file.path.name)


def _run(request: Request) -> dict[str, object]:
    batches = _batches(request)
    return {"progress": batches.progress(), "other": batches.other()}


def _report(entries: tuple[BatchEntry, ...], shown: str, number: int) -> dict[str, object]:
    found = [one for one in entries if not shown or one.is_bundled == (shown == "bundled")]
    last = max(1, -(-len(found) // _PAGE_ROWS))
    number = min(max(number, 1), last)
    return {
        "entries": found[(number - 1) * _PAGE_ROWS : number * _PAGE_ROWS],
        "count": len(entries),
        "bundled": sum(one.is_bundled for one in entries),
        "shown": shown,
        "shows": _SHOWN,
        "number": number,
        "last": last,
    }


def _agenda(lines: list[ListRow], today: date) -> list[tuple[Task, ListRow]]:
    """Every open deadline, what is due first standing first."""
    tasks = [(task_for(due, today), line) for line in lines for due in line.row.dues]
    return sorted(tasks, key=lambda pair: (pair[0].due, pair[1].row.number))


def _in(lines: list[ListRow], ledger: str) -> tuple[int, int]:
    """How many cases stand in a ledger, and how many of them are late."""
    found = [line for line in lines if ledger in line.row.ledgers]
    return len(found), sum(line.is_late for line in found)


def _batches(request: Request) -> BatchRunner:
    batches: BatchRunner = request.app.state.batches
    return batches


routes = [
    Route("/centre", show),
    Route("/centre/run", run),
    Route("/centre/start", form_endpoint(start), methods=["POST"]),
    Route("/centre/stop", form_endpoint(stop), methods=["POST"]),
    Route("/centre/reports/{name}", report),
    Route("/centre/outputs/{key}", output),
    Route("/centre/books/{name}", book),
]
"""Of the command centre."""
