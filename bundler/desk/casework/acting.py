"""Who acts, and what is written down of it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from bundler.desk.guard.audit import audit
from bundler.desk.shelf import Place
from bundler.ledger.history import Output


def actor_of(request: Request) -> str:
    """The account whose session it is; empty at a desk without accounts."""
    return str(getattr(request.state, "actor", ""))


def note_change(
    request: Request, place: Place, what: str, outputs: Sequence[Output] = (), places: Sequence[str] = ()
) -> None:
    """An audit line for a change."""
    files = [(one.file, one.sha256) for one in outputs]
    audit(request, what, case=place.name, files=files, places=places)


def note_download(request: Request, place: Place, file: str, sha256: str) -> None:
    """An audit line for a download."""
    audit(request, "download", case=place.name, files=[(file, sha256)])
