"""The states of the cases on the days of earlier batches, kept in the output folder to tell what has changed since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bundler.atomic_write import write_atomic
from bundler.batch.worker_tasks import DAYS_FOLDER
from bundler.file_reading import read_bounded
from bundler.reports.changes_since import CaseState, states_from_json, states_to_json

_MAX_BYTES = 64 * 1024 * 1024
_KEPT_DAYS = 60
"""So many days are kept; older ones are deleted."""


def read_earlier_states(out: Path, today: date) -> tuple[date | None, dict[str, CaseState]]:
    """The states of the latest earlier day with a readable record; no day where there is none.

    Runs of one day compare with the same earlier day, so that a batch that is run again gives the same report.
    """
    for day in sorted(_days(out), reverse=True):
        if day < today:
            try:
                return day, states_from_json(json.loads(read_bounded(_path(out, day), _MAX_BYTES)))
            except (OSError, ValueError, RecursionError):
                continue
    return None, {}


def write_states(out: Path, today: date, states: Mapping[str, CaseState]) -> None:
    """Keep the states of a day, and delete those of days long past.

    Raises:
        OutputError: they cannot be written.
    """
    path = _path(out, today)
    path.parent.mkdir(exist_ok=True)
    write_atomic(path, json.dumps(states_to_json(states), ensure_ascii=False, indent=1).encode())
    for day in sorted(_days(out))[:-_KEPT_DAYS]:
        _path(out, day).unlink(missing_ok=True)


def _days(out: Path) -> list[date]:
    days = []
    for path in (out / DAYS_FOLDER).glob("????-??-??.json"):
        try:
            days.append(date.fromisoformat(path.stem))
        except ValueError:
            continue
    return days


def _path(out: Path, day: date) -> Path:
    return out / DAYS_FOLDER / f"{day.isoformat()}.json"
