"""The routes of the batch page: start, watch and stop a batch; its results, the ledgers and the deadlines."""

from __future__ import annotations

from collections import Counter
from datetime import date
from http import HTTPStatus
from typing import Any

from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from bundler.case.labels import LEDGERS
from bundler.desk.batches.batch_downloads import (
    REPORT_FILE_NAMES,
    REPORTS,
    SUBMISSION_TITLE,
    BatchEntry,
    OutputFile,
    export_calendar,
    export_ledger,
    export_register,
    find_output,
    find_report,
    has_submission,
    pack_submission,
    read_entries,
    run_export,
)
from bundler.desk.batches.period_figures_and_report import WORD, figures_export, read_period, report_export
from bundler.desk.case_list.case_list_query import ListRow, list_rows, task_for
from bundler.desk.request_helpers import actor_of, download_response, form_endpoint, number_or_default
from bundler.desk.security.audit import write_audit_line
from bundler.desk.shared_objects import desk_services
from bundler.desk.templating import template_response
from bundler.digest import sha256_of, sha256_of_file
from bundler.errors import UsageError
from bundler.ledger.case_deadlines import Task, Urgency

_MOST_OF_AN_URGENCY = 8
"""Of the deadlines shown; those of today are all shown, however many are overdue."""
_LISTED_AS = {Urgency.LATE: "late", Urgency.TODAY: "soon", Urgency.WEEK: "soon"}
"""The filter of the case list that shows the cases of an urgency."""
_ROWS_PER_PAGE = 50
_SCAN_TIMEOUT = 1.0
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXPORTS = {
    "ledger.xlsx": (export_ledger, "执行申诉信访台账", _WORKBOOK),
    "register.xlsx": (export_register, "执行申诉信访案件登记簿", _WORKBOOK),
    "agenda.ics": (export_calendar, "执行申诉信访期限", "text/calendar"),
}
_RESULT_FILTERS = {"": "全部", "returned": "退回", "open": "在办", "bundled": "成卷"}


def show_page(request: Request) -> Response:
    """The state of the batch, the results of the last one, the ledgers and the next deadlines."""
    services = desk_services(request)
    # Read first, so that the page hears of a change that is made while the rest is read.
    state = services.batches.state()
    out, today = services.settings.out, services.settings.today()
    regulation = services.settings.profile.regulation
    services.case_index.refresh(_SCAN_TIMEOUT)
    rows = list_rows(services.case_index.rows(), today)
    deadlines = _deadlines(rows, today)
    result_filter = request.query_params.get("shown", "")
    page_number = request.query_params.get("page", "1")
    context = {
        **_batch_context(request),
        "state": state,
        **_results_context(
            read_entries(out),
            result_filter if result_filter in _RESULT_FILTERS else "",
            number_or_default(page_number, 1),
        ),
        "keys": {row.case.name: row.key for row in rows},
        "reports": [(name, label) for name, label in REPORTS.items() if find_report(out, name)],
        "has_submission": has_submission(out),
        "ledgers": [(key, label, *_ledger_counts(rows, key)) for key, label in LEDGERS.items()],
        "ledgers_article": regulation.name_of("ledgers"),
        "figures_article": regulation.name_of("figures"),
        "deadlines": _shown_deadlines(deadlines),
        "urgency_counts": Counter(task.urgency for task, _ in deadlines),
        "urgencies": tuple(Urgency),
        "listed_as": _LISTED_AS,
        "total": len(rows),
        "complete": sum(row.is_checked and row.case.is_complete for row in rows),
        "unchecked": sum(not row.is_checked for row in rows),
    }
    return template_response(request, "batches.html", context)


def show_progress(request: Request) -> Response:
    """The panel that changes while a batch runs; once it has ended, the browser reloads the whole page."""
    context = _batch_context(request)
    progress, other = context["progress"], context["other"]
    response = template_response(request, "batch_progress.html", context)
    if not other and (progress is None or not progress.is_running):
        response.headers["HX-Refresh"] = "true"
    return response


def start(request: Request, form: FormData) -> Response:
    """Start a batch; where one runs already, which another page or person has started, show that one and say so."""
    del form
    try:
        desk_services(request).batches.start(actor_of(request))
    except UsageError as error:
        context = {**_batch_context(request), "refusal": f"{error.message}{error.fix}"}
        return template_response(request, "batch_progress.html", context)
    write_audit_line(request, "batch")
    return template_response(request, "batch_progress.html", _batch_context(request))


def stop(request: Request, form: FormData) -> Response:
    """Stop the batch."""
    del form
    desk_services(request).batches.stop()
    write_audit_line(request, "batch-stop")
    return template_response(request, "batch_progress.html", _batch_context(request))


def download_report(request: Request) -> Response:
    """A report of the last batch."""
    name = request.path_params["name"]
    return _file_response(
        request, find_report(desk_services(request).settings.out, name), REPORT_FILE_NAMES.get(name, "")
    )


def download_output(request: Request) -> Response:
    """The bundle of a case, or the notice that returns it."""
    return _file_response(request, find_output(desk_services(request).settings.out, request.path_params["key"]))


def download_submission(request: Request) -> Response:
    """The submission to the superior court, as one zip."""
    path = pack_submission(desk_services(request).settings.out)
    if path is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "没有报送包：上一次批处理里没有可以报请核销的案件。")
    name = f"{SUBMISSION_TITLE}.zip"
    write_audit_line(request, "download", files=[(name, sha256_of_file(path))])
    return FileResponse(path, filename=name, media_type="application/zip", background=BackgroundTask(path.unlink))


def download_export(request: Request) -> Response:
    """The ledgers, or the deadlines."""
    name = request.path_params["name"]
    if name not in _EXPORTS:
        raise HTTPException(HTTPStatus.NOT_FOUND, "没有这个文件。")
    export, title, media_type = _EXPORTS[name]
    data = run_export(export, desk_services(request).settings)
    file_name = f"{title}.{name.rpartition('.')[2]}"
    write_audit_line(request, "download", files=[(file_name, sha256_of(data))])
    return download_response(data, file_name, media_type)


def download_period(request: Request) -> Response:
    """The figures of a period (Art. 17) as a workbook, or the report on it (通报) in Word."""
    settings = desk_services(request).settings
    name, period = request.path_params["name"], read_period(request.query_params.get("period", ""), settings.today())
    if name == "figures.xlsx":
        data = run_export(figures_export(period), settings)
        file_name, media_type = f"执行申诉信访考核数据（{period.label}）.xlsx", _WORKBOOK
    elif name == "report.docx":
        data = run_export(report_export(period, settings), settings)
        file_name, media_type = f"执行申诉信访工作情况通报（{period.label}）.docx", WORD
    else:
        raise HTTPException(HTTPStatus.NOT_FOUND, "没有这个文件。")
    write_audit_line(request, "download", files=[(file_name, sha256_of(data))])
    return download_response(data, file_name, media_type)


def _file_response(request: Request, file: OutputFile | None, name: str = "") -> Response:
    if file is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "这个文件已经不在，或者重新做过。请刷新页面。")
    write_audit_line(request, "download", files=[(file.path.name, file.sha256)])
    return FileResponse(file.path, filename=name or file.path.name)


def _batch_context(request: Request) -> dict[str, Any]:
    batches = desk_services(request).batches
    return {"progress": batches.progress(), "other": batches.other_batch(), "refusal": ""}


def _results_context(entries: tuple[BatchEntry, ...], result_filter: str, page_number: int) -> dict[str, object]:
    selected = [one for one in entries if not result_filter or one.status == result_filter]
    page_count = max(1, -(-len(selected) // _ROWS_PER_PAGE))
    page_number = min(max(page_number, 1), page_count)
    return {
        "entries": selected[(page_number - 1) * _ROWS_PER_PAGE : page_number * _ROWS_PER_PAGE],
        "entry_count": len(entries),
        "counts": Counter(one.status for one in entries),
        "result_filter": result_filter,
        "result_filters": _RESULT_FILTERS,
        "page_number": page_number,
        "page_count": page_count,
    }


def _deadlines(rows: list[ListRow], today: date) -> list[tuple[Task, ListRow]]:
    """Every open deadline with its case, the next first."""
    tasks = [(task_for(deadline, today), row) for row in rows for deadline in row.case.dues]
    return sorted(tasks, key=lambda pair: (pair[0].due, pair[1].case.number))


def _shown_deadlines(deadlines: list[tuple[Task, ListRow]]) -> list[tuple[Task, ListRow]]:
    """Those that the page shows: all of today, and the first of each other urgency."""
    seen: Counter[Urgency] = Counter()
    shown = []
    for task, row in deadlines:
        seen[task.urgency] += 1
        if task.urgency is Urgency.TODAY or seen[task.urgency] <= _MOST_OF_AN_URGENCY:
            shown.append((task, row))
    return shown


def _ledger_counts(rows: list[ListRow], ledger: str) -> tuple[int, int]:
    """How many cases a ledger lists, and how many of them are overdue."""
    listed = [row for row in rows if ledger in row.case.ledgers]
    return len(listed), sum(row.is_overdue for row in listed)


routes = [
    Route("/centre", show_page),
    Route("/centre/run", show_progress),
    Route("/centre/start", form_endpoint(start), methods=["POST"]),
    Route("/centre/stop", form_endpoint(stop), methods=["POST"]),
    Route("/centre/reports/{name}", download_report),
    Route("/centre/outputs/{key}", download_output),
    Route("/centre/submission.zip", download_submission),
    Route("/centre/books/{name}", download_export),
    Route("/centre/period/{name}", download_period),
]
