"""Settings of every test: nothing hangs on chance, and no test touches the user's cache."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support import quick_sandboxes, run_cache
from tests.support.verapdf import VeraPdf

settings.register_profile("fixed", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fixed")


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache folder of the test run's own, also for the fixtures of a module, which are set up before those of a test."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        yield


@pytest.fixture(autouse=True, scope="session")
def _quick_sandboxes() -> Iterator[None]:
    """Sandboxes of the tests' own process, started without importing everything anew."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        quick_sandboxes.use_fork_server(monkeypatch)
        yield


@pytest.fixture
def real_sandboxes() -> Iterator[None]:
    """Sandboxes as the product starts them, for tests of what a sandbox promises."""
    with quick_sandboxes.real_sandboxes():
        yield


def _is_worker(request: pytest.FixtureRequest) -> bool:
    return hasattr(request.config, "workerinput")


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The folder that all workers of this test run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if _is_worker(request) else folder


@pytest.fixture(autouse=True, scope="session")
def _run_cache(run_folder: Path) -> None:
    """What is made once is made in the folder of the run."""
    run_cache.set_folder(run_folder)


@pytest.fixture(scope="session")
def verapdf(run_folder: Path, request: pytest.FixtureRequest) -> VeraPdf:
    """The validator of this test run; all workers ask the same one."""
    return VeraPdf(run_folder, os.getppid() if _is_worker(request) else os.getpid())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many of the small faults, and of the mistakes of meaning, put into the templates were found."""
    passed = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    _print_meaning_score(terminalreporter, passed)
    counts = [value for report in passed for name, value in report.user_properties if name == "template mutants"]
    if not counts:
        return
    tried: Counter[str] = Counter()
    same: Counter[str] = Counter()
    for sorts, reasons, _ in counts:
        tried.update(sorts)
        same.update(reasons)
    missed, total = sum(missed for _, _, missed in counts), tried.total()
    summary = ", ".join(f"{category} {count}" for category, count in sorted(tried.items()))
    terminalreporter.section("mutation of the templates")
    terminalreporter.line(f"{len(counts)} templates, {total} mutants ({summary})")
    terminalreporter.line(f"{total - missed} found, {missed} missed: {100 * (total - missed) / total:.4g} %")
    for reason, count in same.items():
        terminalreporter.line(f"{count} more mean the same as the template: {reason}")


def _print_meaning_score(terminalreporter: pytest.TerminalReporter, reports: list[pytest.TestReport]) -> None:
    """Print, for each kind of mistake of meaning, how many of those made were found."""
    properties: list[tuple[str, Any]] = [one for report in reports for one in report.user_properties]
    drawn = [value for name, value in properties if name == "negated condition of a seed"]
    results = [value for name, value in properties if name == "mistake of meaning"]
    if not results:
        return
    made, found = Counter(code for code, _ in results), Counter(code for code, is_found in results if is_found)
    terminalreporter.section("mistakes of meaning in the templates")
    for code, count in made.items():
        terminalreporter.line(f"{code}: {found[code]} of {count}")
    kinds = sum(found[code] > 0 for code in made)
    terminalreporter.line(f"{found.total()} of {made.total()} found, of {kinds} kinds")
    if drawn:
        count = sum(is_found for _, is_found in drawn)
        terminalreporter.line(f"conditions drawn at random and negated: {count} of {len(drawn)} refused or told")
