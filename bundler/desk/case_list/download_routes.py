"""The routes of what the list gives out: the filtered list as a workbook, and chosen cases or their bundles as one zip."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from bundler.case.labels import LEDGERS
from bundler.case_edit.lock import case_lock
from bundler.desk.case_list.case_list_query import ListQuery, ListRow, list_rows
from bundler.desk.case_registry import CaseRef
from bundler.desk.cases.bundle_routes import find_bundles
from bundler.desk.request_helpers import actor_of, download_response, form_endpoint
from bundler.desk.security.audit import audit_download, write_audit_line
from bundler.desk.shared_objects import desk_services, hidden_from, visible_cases
from bundler.digest import sha256_of, sha256_of_file
from bundler.errors import UsageError
from bundler.ledger.case_change_log import HISTORY_FILE
from bundler.ledger.case_deadlines import Urgency
from bundler.regulation.papers import BundleKind
from bundler.xlsx_writer.sheets import CellValue, Column, Sheet
from bundler.xlsx_writer.workbook import build_workbook

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS = (
    Column("序号", 6),
    Column("登记号", 17),
    Column("信访人", 14),
    Column("承办人", 9),
    Column("类别", 10),
    Column("台账", 12),
    Column("交办机关、文号", 22),
    Column("下一期限", 11),
    Column("事项", 7),
    Column("剩余天数", 7),
    Column("须补正", 7),
    Column("文件夹", 20),
)
_MAX_BYTES = 4 * 1024**3
"""Of the files in one zip: more than that no clerk carries away at once."""


def download_list(request: Request) -> Response:
    """All rows that pass the filters, as a workbook."""
    services = desk_services(request)
    today, query = services.settings.today(), ListQuery.from_params(request.query_params)
    rows = list_rows(visible_cases(request), today)
    selected = query.select(rows, services.staff.names_of(actor_of(request)))
    filters = "，".join(query.describe_filters(actor_of(request)))
    heading = f"执行申诉信访案件清单（{today}{f'，{filters}' if filters else ''}，共 {len(selected)} 件）"
    sheet = Sheet("案件清单", heading, _COLUMNS, [_cells(number, row) for number, row in enumerate(selected, start=1)])
    data = build_workbook([sheet], "执行申诉信访案件清单")
    name = f"执行申诉信访案件清单-{today:%Y%m%d}.xlsx"
    write_audit_line(request, "download", files=[(name, sha256_of(data))])
    return download_response(data, name, _XLSX)


def _cells(number: int, row: ListRow) -> tuple[CellValue, ...]:
    case, task = row.case, row.task
    if not case.is_readable:
        return (number, case.number, f"读不了：{case.fault}", *("",) * 8, case.name)
    left = task.days_left if task and task.urgency is not Urgency.UNPROVEN else None
    return (
        number,
        case.number,
        case.petitioners,
        case.handler,
        BundleKind(case.kind).label,
        "、".join(LEDGERS[one] for one in case.ledgers),
        case.assigned,
        task.due if task else "缺日期" if case.lacks_date else "",
        task.what if task else "",
        left,
        case.errors if row.is_checked else None,
        case.name,
    )


def download_chosen(request: Request, form: FormData) -> Response:
    """The chosen cases with all their files, or their bundles, as one zip."""
    services = desk_services(request)
    keys = [key for key in map(str, form.getlist("case")) if not hidden_from(request, key)]
    chosen = [ref for key in keys if (ref := services.case_registry.find(key)) is not None]
    if not chosen:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "还没有选案件。请在列表里勾选后再打包。")
    is_bundles = form.get("what") == "bundles"
    path = _packed(request, chosen, is_bundles=is_bundles)
    shown = f"{'卷宗' if is_bundles else '案件'}-{len(chosen)}件-{services.settings.today():%Y%m%d}.zip"
    digest = sha256_of_file(path)
    for ref in chosen:
        audit_download(request, ref, shown, digest)
    return FileResponse(
        path,
        media_type="application/zip",
        filename=shown,
        headers={"cache-control": "private, no-store"},
        background=BackgroundTask(path.unlink),
    )


def _packed(request: Request, chosen: Sequence[CaseRef], *, is_bundles: bool) -> Path:
    """Write the zip into a temporary file, which the caller removes."""
    handle, name = tempfile.mkstemp(prefix="bundler-zip-", suffix=".zip")
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as packed:
            if is_bundles:
                _pack_bundles(request, packed, chosen)
            else:
                _pack_cases(packed, chosen)
    except BaseException:
        path.unlink()
        raise
    return path


def _pack_bundles(request: Request, packed: zipfile.ZipFile, chosen: Sequence[CaseRef]) -> None:
    """Add the bundles of the cases, and a list of those that have none."""
    services, without = desk_services(request).cases, []
    for ref in chosen:
        view = services.load_case(ref)
        bundles = find_bundles(view)
        for bundle in bundles:
            _add(packed, bundle.path, bundle.path.name if len(chosen) == 1 else f"{ref.folder.name}/{bundle.path.name}")
        if not bundles:
            without.append(view.number or ref.name)
    if not packed.filelist:
        raise UsageError("选的案件都还没有成卷。", fix="请先在每件的“成卷”页成卷，或者改为打包案件文件夹。")
    if without:
        packed.writestr("没有成卷的案件.txt", "下列案件还没有成卷，没有打包：\r\n" + "\r\n".join(without) + "\r\n")


def _pack_cases(packed: zipfile.ZipFile, chosen: Sequence[CaseRef]) -> None:
    """Add the folders of the cases, each as it is at one moment."""
    for ref in chosen:
        with case_lock(ref.folder):
            for path in _files_of(ref.folder):
                _add(packed, path, f"{ref.name}/{path.relative_to(ref.folder).as_posix()}")


def _files_of(folder: Path) -> Iterator[Path]:
    """The regular files of a case, with its history but without its recycle bin and unfinished files; no link is followed."""
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(files):
            path = Path(here) / name
            if (not name.startswith(".") or name == HISTORY_FILE) and path.is_file() and not path.is_symlink():
                yield path


def _add(packed: zipfile.ZipFile, path: Path, name: str) -> None:
    if sum(one.file_size for one in packed.filelist) + path.stat().st_size > _MAX_BYTES:
        raise UsageError(f"选的内容超过 {_MAX_BYTES // 1024**3} GB，没有打包。", fix="请分几次打包。")
    packed.write(path, name.encode("utf-8", "replace").decode(), zipfile.ZIP_STORED)


routes = [
    Route("/list.xlsx", download_list),
    Route("/package", form_endpoint(download_chosen), methods=["POST"]),
]
