"""Several clerks use one desk at once, as in the load test of ``benchmarks/``; each does each action once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bundler.process_limits import Limits
from bundler.sandbox import run_sandboxed
from tests.support.desk_load.run import LoadOptions, run_load


@pytest.mark.slow
def test_clerks_who_work_on_one_case_at_once_lose_nothing(tmp_path: Path) -> None:
    """Every accepted value, row, file and bundle is in the folder afterwards."""
    result = run_load(tmp_path, LoadOptions(cases=4, clerks=3, seconds=0, thinking_seconds=(0.05, 0.2)))
    assert result.problems == []
    journal = result.journal
    assert len(journal.writes) + journal.conflicts >= 6
    assert (len(journal.rows), len(journal.uploads)) == (3, 3)
    assert journal.bundles


def test_work_for_which_nobody_waits_lets_others_go_first() -> None:
    """A sandboxed process has the given niceness, and this one keeps its own."""
    before = os.nice(0)
    assert run_sandboxed(os.nice, 0, limits=Limits(niceness=7)) == before + 7
    assert os.nice(0) == before
