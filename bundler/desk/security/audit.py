"""What is written down of a request: who comes and goes, what is changed and what is handed out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request

from bundler import clock
from bundler.case.identifiers import masked
from bundler.desk.case_registry import CaseRef
from bundler.errors import OutputError, reason
from bundler.ledger.audit_log import append
from bundler.ledger.case_history import FileDigest


def write_audit_line(
    request: Request,
    action: str,
    *,
    case: str = "",
    files: Sequence[tuple[str, str]] = (),
    places: Sequence[str] = (),
) -> None:
    """Write a line.

    Args:
        request: which asked for it; its state says whose it is.
        action: what was done.
        case: the case folder, relative to the desk's.
        files: what was made, taken in or handed out: names without a folder, each with its digest.
        places: the places of case.json that were changed; never their values.

    Raises:
        OutputError: it cannot be written.
    """
    line: dict[str, Any] = {
        "at": clock.now().isoformat(timespec="seconds"),
        "actor": masked(str(getattr(request.state, "actor", ""))),
        "from": request.client.host if request.client else "",
        "action": action,
    }
    if case:
        line["case"] = masked(case)
    if files:
        line["files"] = [{"file": masked(name), "sha256": digest} for name, digest in files]
    if places:
        line["places"] = [masked(place) for place in places]
    try:
        append(request.app.state.desk.root, line)
    except OSError as error:
        raise OutputError(f"操作记录写不了：{reason(error)}。", fix="请告诉管理员。") from error


def audit_change(
    request: Request, case: CaseRef, action: str, files: Sequence[FileDigest] = (), places: Sequence[str] = ()
) -> None:
    """Write the line of a change of a case; arguments and errors as in `write_audit_line`."""
    write_audit_line(request, action, case=case.name, files=[(one.file, one.sha256) for one in files], places=places)


def audit_download(request: Request, case: CaseRef, file: str, sha256: str) -> None:
    """Write the line of a file of a case that the browser gets; errors as in `write_audit_line`."""
    write_audit_line(request, "download", case=case.name, files=[(file, sha256)])
