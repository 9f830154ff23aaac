"""Settings of every test: nothing hangs on chance, and no test touches the user's cache."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.verapdf import VeraPdf

settings.register_profile("fixed", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fixed")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache folder of the test run's own."""
    folder: Path = tmp_path_factory.getbasetemp() / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))


@pytest.fixture(scope="session")
def verapdf(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[VeraPdf]:
    """The validator of this test run; all workers ask the same one."""
    folder, owner = tmp_path_factory.getbasetemp(), os.getpid()
    if hasattr(request.config, "workerinput"):
        folder, owner = folder.parent, os.getppid()
    judge = VeraPdf(folder, owner)
    yield judge
    judge.close()
