"""The ledgers and the agenda over all cases, made in a process of its own, since thousands of cases are read for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from bundler.batch.local import LocalExecutor
from bundler.case.folders import find_cases
from bundler.desk.settings import Settings
from bundler.profile import Profile

Book = Callable[[Path, Path, date, Profile], bytes]


def made(book: Book, desk: Settings) -> bytes:
    """A book's bytes."""
    with LocalExecutor(1) as executor:
        return executor.submit(book, desk.root, desk.out, desk.today(), desk.profile).result()


def ledger(root: Path, out: Path, today: date, profile: Profile) -> bytes:
    """The ledgers (台账) as a workbook."""
    from bundler.ledger.standing import standings
    from bundler.ledger.tables import ledger_workbook

    return ledger_workbook(list(standings(find_cases(root, skip=out), today=today, profile=profile)), root, today)


def agenda(root: Path, out: Path, today: date, profile: Profile) -> bytes:
    """The open deadlines as a calendar file."""
    from bundler.ledger.agenda import calendar_bytes
    from bundler.ledger.standing import standings

    return calendar_bytes(standings(find_cases(root, skip=out), today=today, profile=profile))
