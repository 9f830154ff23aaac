"""The lock of a case folder ends with its block, whatever the process started meanwhile."""

from __future__ import annotations

from pathlib import Path

from bundler.case_edit.lock import folder_lock
from bundler.sandbox import SandboxWorker
from tests.support.forks import run_at_once


def test_a_worker_that_outlives_the_block_does_not_hold_the_lock(tmp_path: Path) -> None:
    """A process of one thread forks its worker, which inherits the open folder."""
    assert run_at_once(_lock_twice, [(tmp_path,)]) == [0]


def _lock_twice(folder: Path) -> None:
    with SandboxWorker() as worker:
        with folder_lock(folder, wait=True):
            worker.preload(_nothing)
        with folder_lock(folder, wait=False):
            pass


def _nothing() -> None:
    """Load nothing."""
