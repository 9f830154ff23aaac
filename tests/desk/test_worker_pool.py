"""The processes that preview and inspect are there before a clerk needs them."""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path

import pytest

from bundler.desk.cases.page_renderer import preload_renderer
from bundler.desk.cases.worker_pool import MAX_CONCURRENT, WorkerPool
from tests.support.desk_client import app_of, clerk


def test_a_pool_starts_the_processes_of_all_its_threads_once() -> None:
    """One for each thread, however often it is asked."""
    before = {process.pid for process in multiprocessing.active_children()}
    seen: set[int | None] = set()

    def started() -> int:
        seen.update(process.pid for process in multiprocessing.active_children() if process.pid not in before)
        return len(seen)

    pool = WorkerPool()
    for _ in range(3):
        pool.warm_up(preload_renderer)
    end = time.monotonic() + 60
    while started() < MAX_CONCURRENT:
        assert time.monotonic() < end
        time.sleep(0.05)
    pool.close()  # may have ended some of them by now
    assert started() == MAX_CONCURRENT


def test_only_a_desk_that_serves_browsers_starts_processes_beforehand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of materials starts them at once, the form some seconds later."""
    calls: list[WorkerPool] = []
    monkeypatch.setattr(WorkerPool, "warm_up", lambda pool, *_: calls.append(pool))
    with clerk(tmp_path, "incomplete") as one:
        services = app_of(one._client).state.services.cases
        one.get("/materials")
        assert calls == []
        services.serves = True
        one.get()
        assert calls == []
        one.get("/materials")
        assert calls == [services.render_pool, services.workers]
