"""The routes of the register import: a page that reads a court's register, reports every row, and creates the cases."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bundler.case_edit.save import record_history
from bundler.desk.cases.finding_display import without_json_keys
from bundler.desk.cases.multipart import read_upload_form
from bundler.desk.request_helpers import actor_of
from bundler.desk.security.audit import write_audit_line
from bundler.desk.shared_objects import desk_services
from bundler.desk.templating import template_response
from bundler.intake.import_register import ImportResult, import_register
from bundler.ledger.history_entry import FileDigest

_ADDRESS = "/register"


def show_page(request: Request) -> Response:
    """The page on which a register is chosen."""
    return template_response(request, "register.html")


async def read_register(request: Request) -> Response:
    """Report what can be read of a register; with `do=import`, create the cases too."""
    services = desk_services(request)
    with tempfile.TemporaryDirectory(prefix="bundler-register-") as folder:
        incoming = services.cases.incoming
        async with read_upload_form(request.headers, request.stream(), Path(folder), incoming) as form:
            if len(form.files) != 1:
                raise HTTPException(400, "请选一个登记簿文件（.xlsx）。")
            file, is_import = form.files[0], form.field("do") == "import"
            named = Path(folder) / "登记簿" / file.name
            named.parent.mkdir()
            os.link(file.path, named)
            return await run_in_threadpool(_import, request, named, is_import=is_import)


def _import(request: Request, path: Path, *, is_import: bool) -> Response:
    settings = desk_services(request).settings
    result = import_register(path, settings.root, settings.profile, dry_run=not is_import)
    if is_import:
        _record(request, result, path.name)
    context = {
        "result": result,
        "is_import": is_import,
        "keys": _case_keys(request) if is_import else {},
        "without_json_keys": without_json_keys,
    }
    return template_response(request, "register_report.html", context)


def _record(request: Request, result: ImportResult, name: str) -> None:
    """Name the register in the history of each new case, and in the audit log."""
    register = FileDigest(name, result.sha256)
    for one in result.created:
        if one.folder is not None:
            record_history(one.folder, "import", [register], actor=actor_of(request))
    write_audit_line(request, "import", files=[(name, result.sha256)])


def _case_keys(request: Request) -> dict[Path, str]:
    return {case.folder: case.key for case in desk_services(request).case_registry.scan()}


routes = [Route(_ADDRESS, show_page), Route(_ADDRESS, read_register, methods=["POST"])]
