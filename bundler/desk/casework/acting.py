"""Who acts, and what is written down of it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from bundler.desk.shelf import Place
from bundler.ledger.history import Output


def actor_of(request: Request) -> str:
    """The account whose session it is; empty at a desk without accounts."""
    return str(getattr(request.state, "actor", ""))


def note_change(
    request: Request, place: Place, what: str, outputs: Sequence[Output] = (), places: Sequence[str] = ()
) -> None:
    """An audit line for a change."""
    del request, place, what, outputs, places


def note_download(request: Request, place: Place, file: str, sha256: str) -> None:
    """An audit line for a download."""
    del request, place, file, sha256
