"""The current time in Beijing, whatever the time zone of the machine: every recorded time uses it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))


def now() -> datetime:
    """The current time in Beijing."""
    return datetime.now(UTC).astimezone(SHANGHAI)
