"""Beijing time, whatever this machine's zone: the time of the courts, and of all that is written down with a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC).astimezone(SHANGHAI)
