"""Lines of the desk's audit log: logins, changes and downloads, each with its account and address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request

from bundler import clock
from bundler.case.identifiers import masked
from bundler.desk.case_registry import CaseRef
from bundler.desk.request_helpers import actor_of
from bundler.desk.shared_objects import desk_services
from bundler.errors import OutputError, describe_os_error
from bundler.ledger.audit_log import append_audit
from bundler.ledger.history_entry import FileDigest


def write_audit_line(
    request: Request,
    action: str,
    *,
    case: str = "",
    files: Sequence[tuple[str, str]] = (),
    places: Sequence[str] = (),
) -> None:
    """Append a line; numbers of persons in it are masked.

    Args:
        request: the request that asked for the action; the line names its account and address.
        action: what was done, as an English word.
        case: the case folder, relative to the desk's.
        files: files that were made, taken in or sent: names without a folder, each with its SHA-256.
        places: JSON Pointers of the changed values of case.json; the values themselves are never written.

    Raises:
        OutputError: the log cannot be written.
    """
    line: dict[str, Any] = {
        "at": clock.now().isoformat(timespec="seconds"),
        "actor": masked(actor_of(request)),
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
        append_audit(desk_services(request).settings.root, line)
    except OSError as error:
        raise OutputError(f"操作记录写不了：{describe_os_error(error)}。", fix="请告诉管理员。") from error


def audit_change(
    request: Request, case: CaseRef, action: str, files: Sequence[FileDigest] = (), places: Sequence[str] = ()
) -> None:
    """Append the line of a change of a case; arguments and errors as in `write_audit_line`."""
    write_audit_line(request, action, case=case.name, files=[(one.file, one.sha256) for one in files], places=places)


def audit_download(request: Request, case: CaseRef, file: str, sha256: str) -> None:
    """Append the line of a file of a case that is sent to the browser; errors as in `write_audit_line`."""
    write_audit_line(request, "download", case=case.name, files=[(file, sha256)])
