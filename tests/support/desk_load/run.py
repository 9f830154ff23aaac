"""Run a desk in a process of its own with simulated clerks, and verify the case folders when they have finished."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bundler.commands import signal_handling
from bundler.desk.security.accounts import edit_accounts, hash_password
from bundler.desk.security.roles import Role
from tests.support.desk_load.browser import Browser
from tests.support.desk_load.clerk import THINKING_SECONDS, CaseNumbers, Clerk
from tests.support.desk_load.folders import create_case_folders
from tests.support.desk_load.journal import Journal
from tests.support.desk_load.verification import InitialState, find_losses

SHARED_CASES = 4
"""The number of cases on which all clerks work."""
_PASSWORD = "八个字以上的口令即可"  # noqa: S105 (accounts of this run only)
_CHECK_TIMEOUT = 900.0
"""Seconds within which the desk must have checked every case."""
_PAGES_READ = re.compile(r"读了 (\d+) 页")
_CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """Options of a load test.

    Attributes:
        cases, clerks: the numbers of cases and clerks.
        seconds: the duration; 0: each clerk does each action once.
        seed: the seed of the cases and of the clerks' decisions.
        thinking_seconds: the range of the pause between a response and the clerk's next action.
        reads: whether the desk reads scans in the background meanwhile, for which the engine must be installed.
    """

    cases: int = 500
    clerks: int = 20
    seconds: float = 120.0
    seed: int = 6
    thinking_seconds: tuple[float, float] = THINKING_SECONDS
    reads: bool = False


@dataclass
class LoadResult:
    """The result of a load test.

    Attributes:
        journal: the responses that the clerks got.
        seconds: the duration.
        problems: errors and losses, one sentence each.
        cpu: CPU seconds of the desk's process, and of its descendants.
        clerks_cpu: CPU seconds of the process of the clerks.
        load: the load average of the machine before and after.
        pages_read: how many pages of scans the desk read meanwhile.
    """

    journal: Journal = field(default_factory=Journal)
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)
    cpu: tuple[float, float] = (0.0, 0.0)
    clerks_cpu: float = 0.0
    load: tuple[float, float] = (0.0, 0.0)
    pages_read: int = 0


def run_load(scratch: Path, options: LoadOptions) -> LoadResult:
    """Run a load test.

    Args:
        scratch: an empty folder for the cases, the accounts, and the cache and temporary files of the desk.
        options: the options.
    """
    created = create_case_folders(scratch / "cases", options.cases, options.seed)
    numbers = CaseNumbers(tuple(one.number for one in created[:SHARED_CASES]), tuple(one.number for one in created))
    initial = InitialState(scratch / "cases", scratch / "out")
    names = [f"书记员{_to_letters(number)}" for number in range(options.clerks)]
    with edit_accounts(scratch / "users.json") as accounts:
        accounts.hashes.update({name: hash_password(_PASSWORD) for name in names})
        accounts.given_roles.update(dict.fromkeys(names, frozenset({Role.CLERK, Role.CENTRE})))
    result = LoadResult()
    with _run_desk(scratch) as (address, process):
        result.load = (os.getloadavg()[0], 0.0)
        asyncio.run(_run_clerks(address, names, numbers, options, result, process))
        result.load = (result.load[0], os.getloadavg()[0])
    result.problems = [
        *result.journal.problems,
        *_unexpected_output((scratch / "stderr").read_text(encoding="utf-8")),
        *find_losses(initial, result.journal, temporary=scratch / "tmp"),
    ]
    return result


def _to_letters(number: int) -> str:
    """Return a number in Chinese letters; digits of a long number would be masked in the audit log."""
    return "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in str(number))


@contextmanager
def _run_desk(scratch: Path) -> Iterator[tuple[str, int]]:
    """Run ``bundler serve``; yields the address that it prints, and its process id."""
    (scratch / "tmp").mkdir()
    command = [sys.executable, "-m", "bundler", "serve", str(scratch / "cases"), "--port", "0"]
    command += ["--users", str(scratch / "users.json"), "--out", str(scratch / "out")]
    own = {name: value for name, value in os.environ.items() if not name.startswith("FONTCONFIG")}
    own |= {"TMPDIR": str(scratch / "tmp"), "XDG_CACHE_HOME": str(scratch / "cache"), "PYTHONUNBUFFERED": "1"}
    with (scratch / "stderr").open("wb") as stderr, subprocess.Popen(command, stderr=stderr, env=own) as desk:
        try:
            while not (found := re.search(r"http://[\d.:]+/", (scratch / "stderr").read_text(encoding="utf-8"))):
                if desk.poll() is not None:
                    raise RuntimeError("the desk does not start")
                time.sleep(0.05)
            yield found[0], desk.pid
        finally:
            desk.terminate()
            desk.wait(timeout=60)


def _unexpected_output(text: str) -> Iterator[str]:
    """Yield the output of the desk other than its address and the message of its interruption."""
    for line in text.splitlines():
        if line and not line.startswith(("工作台：", signal_handling.INTERRUPTED_MESSAGE)):
            yield f"the desk wrote: {line}"


async def _run_clerks(  # noqa: PLR0913, PLR0917 (the parameters of one run)
    address: str, names: list[str], numbers: CaseNumbers, options: LoadOptions, result: LoadResult, process: int
) -> None:
    journal = result.journal
    browsers = [Browser(address, journal) for _ in names]
    await asyncio.gather(*(one.log_in(name, _PASSWORD) for one, name in zip(browsers, names, strict=True)))
    await _wait_until_checked(browsers[0], options.cases)
    if options.reads:
        await browsers[0].go("/reading", "reading")
        await browsers[0].post("/reading/start", "reading", "reading", {})
    journal.answers.clear()
    began, spent, own = time.monotonic(), _cpu_seconds(process), time.process_time()
    until = began + options.seconds

    def is_time_up() -> bool:
        return time.monotonic() >= until

    clerks = [
        Clerk(browser, name, numbers, options.seed * 1000 + number, journal, is_time_up, options.thinking_seconds)
        for number, (browser, name) in enumerate(zip(browsers, names, strict=True))
    ]
    lag_sampler = asyncio.create_task(_sample_lags(journal))
    await asyncio.gather(
        *(clerk.work_until_time_up() if options.seconds else clerk.do_each_action() for clerk in clerks)
    )
    lag_sampler.cancel()
    result.seconds = time.monotonic() - began
    result.clerks_cpu = time.process_time() - own
    result.cpu = (_cpu_seconds(process)[0] - spent[0], _cpu_seconds(process)[1] - spent[1])
    if options.reads:
        found = _PAGES_READ.search(await browsers[0].go("/reading", "reading"))
        result.pages_read = int(found[1]) if found else 0
    await asyncio.gather(*(browser.close() for browser in browsers))


async def _wait_until_checked(browser: Browser, cases: int) -> None:
    """Wait until the list shows a check result for every case, because clerks start to work long after the desk."""
    end = time.monotonic() + _CHECK_TIMEOUT
    while time.monotonic() < end:
        text = await browser.go("/", "list")
        if f"共 {cases} 件" in text and "正在核对" not in text:
            return
        await asyncio.sleep(0.5)
    raise RuntimeError("the desk has not checked every case")


async def _sample_lags(journal: Journal) -> None:
    """Sample the scheduling delay of this process, which is a lower bound of every response time."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.05)
        journal.lags.append(time.perf_counter() - began - 0.05)


def _cpu_seconds(process: int) -> tuple[float, float]:
    """Return the CPU seconds of a process, and of its descendants that have ended or are its running children."""
    own, below = _process_times(process)
    children = Path(f"/proc/{process}/task").glob("*/children")
    running = [int(word) for one in children for word in one.read_text(encoding="ascii").split()]
    return own, below + sum(sum(_process_times(one)) for one in running)


def _process_times(process: int) -> tuple[float, float]:
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:  # it has ended
        return 0.0, 0.0
    own, own_system, below, below_system = (int(word) for word in fields[11:15])
    return (own + own_system) / _CLOCK_TICKS, (below + below_system) / _CLOCK_TICKS
