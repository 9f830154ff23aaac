"""The ledgers and the agenda over all cases, made in a process of its own, since thousands of cases are read for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from bundler.batch.local_executor import LocalExecutor
from bundler.case.discovery import find_cases
from bundler.desk.settings import DeskSettings
from bundler.profile import Profile

Export = Callable[[Path, Path, date, Profile], bytes]


def run_export(book: Export, desk: DeskSettings) -> bytes:
    """A book's bytes."""
    with LocalExecutor(1) as executor:
        return executor.submit(book, desk.root, desk.out, desk.today(), desk.profile).result()


def export_ledger(root: Path, out: Path, today: date, profile: Profile) -> bytes:
    """The ledgers (台账) as a workbook."""
    from bundler.ledger.case_status import case_statuses
    from bundler.ledger.export import ledger_workbook

    return ledger_workbook(list(case_statuses(find_cases(root, skip=out), today=today, profile=profile)), root, today)


def export_agenda(root: Path, out: Path, today: date, profile: Profile) -> bytes:
    """The open deadlines as a calendar file."""
    from bundler.ledger.case_status import case_statuses
    from bundler.ledger.ics_calendar import calendar_bytes

    return calendar_bytes(case_statuses(find_cases(root, skip=out), today=today, profile=profile))
