"""Several clerks at one desk at once, as the load run in ``benchmarks/`` has them, for as long as each does each thing once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bundler.sandbox import Limits, run_sandboxed
from tests.support.desk_load.run import Wish, run_load


@pytest.mark.slow
def test_clerks_who_work_on_one_case_at_once_lose_nothing(tmp_path: Path) -> None:
    """Each value, row, file and bundle that one of them was told is taken stands in the folder afterwards."""
    outcome = run_load(tmp_path, Wish(cases=4, clerks=3, seconds=0, thinking=(0.05, 0.2)))
    assert outcome.faults == []
    journal = outcome.journal
    assert len(journal.writes) + journal.offered >= 6
    assert (len(journal.rows), len(journal.uploads)) == (3, 3)
    assert journal.bundles


def test_work_for_which_nobody_waits_lets_others_go_first() -> None:
    """A limited process is as nice as it is told to be, and this one stays as it was."""
    before = os.nice(0)
    assert run_sandboxed(os.nice, 0, limits=Limits(niceness=7)) == before + 7
    assert os.nice(0) == before
