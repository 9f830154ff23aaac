"""Who acts, and what is written down of it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from bundler.desk.case_registry import CaseRef
from bundler.desk.security.audit import write_audit_line
from bundler.ledger.case_history import FileDigest


def actor_of(request: Request) -> str:
    """The account whose session it is; empty at a desk without accounts."""
    return str(getattr(request.state, "actor", ""))


def audit_change(
    request: Request, place: CaseRef, what: str, outputs: Sequence[FileDigest] = (), places: Sequence[str] = ()
) -> None:
    """An audit line for a change."""
    files = [(one.file, one.sha256) for one in outputs]
    write_audit_line(request, what, case=place.name, files=files, places=places)


def audit_download(request: Request, place: CaseRef, file: str, sha256: str) -> None:
    """An audit line for a download."""
    write_audit_line(request, "download", case=place.name, files=[(file, sha256)])
