"""The run: a desk as a process of its own, clerks who begin together, and a judgement when all have gone."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bundler.commands import interrupts
from bundler.desk.security.accounts import edit_accounts, hash_password
from tests.support.desk_load.browser import Browser
from tests.support.desk_load.clerk import THINKING, Clerk, Numbers
from tests.support.desk_load.folders import plant
from tests.support.desk_load.journal import Journal
from tests.support.desk_load.verification import Before, faults

EVERYONES = 4
"""Cases on which everybody works."""
_PASSWORD = "八个字以上的口令即可"  # noqa: S105 (of accounts that live as long as the run)
_PATIENCE = 900.0
"""Seconds that the list may take to have the gate asked for every case."""
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be run.

    Attributes:
        cases, clerks: how many.
        seconds: how long; 0: each clerk does each thing once.
        seed: of the cases and of what the clerks decide.
        thinking: seconds, at least and at most, between an answer and what a clerk does next.
    """

    cases: int = 500
    clerks: int = 20
    seconds: float = 120.0
    seed: int = 6
    thinking: tuple[float, float] = THINKING


@dataclass
class Outcome:
    """What came of it.

    Attributes:
        journal: what the clerks were told.
        seconds: how long it took.
        faults: what must not be, a sentence each.
        cpu: processor seconds of the desk's own process, and of those below it.
        clerks_cpu: those of the clerks' own process.
        load: the machine's load before and after.
    """

    journal: Journal = field(default_factory=Journal)
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    cpu: tuple[float, float] = (0.0, 0.0)
    clerks_cpu: float = 0.0
    load: tuple[float, float] = (0.0, 0.0)


def run_load(scratch: Path, wish: Wish) -> Outcome:
    """All of it, below an empty folder.

    Args:
        scratch: for the cases, the accounts, and the desk's cache and temporary files.
        wish: what is to be run.
    """
    planted = plant(scratch / "cases", wish.cases, wish.seed)
    numbers = Numbers(tuple(one.number for one in planted[:EVERYONES]), tuple(one.number for one in planted))
    before = Before(scratch / "cases", scratch / "out")
    names = [f"书记员{_letters(number)}" for number in range(wish.clerks)]
    with edit_accounts(scratch / "users.json") as accounts:
        accounts.update({name: hash_password(_PASSWORD) for name in names})
    outcome = Outcome()
    with _served(scratch) as (address, process):
        outcome.load = (os.getloadavg()[0], 0.0)
        asyncio.run(_all_of_them(address, names, numbers, wish, outcome, process))
        outcome.load = (outcome.load[0], os.getloadavg()[0])
    outcome.faults = [
        *outcome.journal.faults,
        *_said((scratch / "said").read_text(encoding="utf-8")),
        *faults(before, outcome.journal, settled=scratch / "tmp"),
    ]
    return outcome


def _letters(number: int) -> str:
    """A name without digits: those of a long number would be covered in the audit file."""
    return "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in str(number))


@contextmanager
def _served(scratch: Path) -> Iterator[tuple[str, int]]:
    """``bundler serve`` over the cases: the address that it tells, and its process."""
    (scratch / "tmp").mkdir()
    command = [sys.executable, "-m", "bundler", "serve", str(scratch / "cases"), "--port", "0"]
    command += ["--users", str(scratch / "users.json"), "--out", str(scratch / "out")]
    own = {name: value for name, value in os.environ.items() if not name.startswith("FONTCONFIG")}
    own |= {"TMPDIR": str(scratch / "tmp"), "XDG_CACHE_HOME": str(scratch / "cache"), "PYTHONUNBUFFERED": "1"}
    with (scratch / "said").open("wb") as said, subprocess.Popen(command, stderr=said, env=own) as desk:
        try:
            while not (found := re.search(r"http://[\d.:]+/", (scratch / "said").read_text(encoding="utf-8"))):
                if desk.poll() is not None:
                    raise RuntimeError("the desk does not start")
                time.sleep(0.05)
            yield found[0], desk.pid
        finally:
            desk.send_signal(signal.SIGINT)
            desk.wait(timeout=60)


def _said(text: str) -> Iterator[str]:
    """What the desk said beside its address, and that it was told to end."""
    for line in text.splitlines():
        if line and not line.startswith(("工作台：", interrupts.INTERRUPTED_MESSAGE)):
            yield f"the desk said: {line}"


async def _all_of_them(  # noqa: PLR0913, PLR0917 (all of it is the run's)
    address: str, names: list[str], numbers: Numbers, wish: Wish, outcome: Outcome, process: int
) -> None:
    journal = outcome.journal
    browsers = [Browser(address, journal) for _ in names]
    await asyncio.gather(*(one.log_in(name, _PASSWORD) for one, name in zip(browsers, names, strict=True)))
    await _all_checked(browsers[0], wish.cases)
    journal.answers.clear()
    began, spent, own = time.monotonic(), _cpu(process), time.process_time()
    until = began + wish.seconds

    def is_over() -> bool:
        return time.monotonic() >= until

    clerks = [
        Clerk(browser, name, numbers, wish.seed * 1000 + number, journal, is_over, wish.thinking)
        for number, (browser, name) in enumerate(zip(browsers, names, strict=True))
    ]
    watch = asyncio.create_task(_lag(journal))
    await asyncio.gather(*(clerk.work() if wish.seconds else clerk.do_all() for clerk in clerks))
    watch.cancel()
    outcome.seconds = time.monotonic() - began
    outcome.clerks_cpu = time.process_time() - own
    outcome.cpu = (_cpu(process)[0] - spent[0], _cpu(process)[1] - spent[1])
    await asyncio.gather(*(browser.close() for browser in browsers))


async def _all_checked(browser: Browser, cases: int) -> None:
    """Wait until the list knows what the gate says of each: a desk is begun once, and the clerks come in the morning."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        text = await browser.go("/", "list")
        if f"共 {cases} 件" in text and "正在核对" not in text:
            return
        await asyncio.sleep(0.5)
    raise RuntimeError("the list has not asked the gate for every case")


async def _lag(journal: Journal) -> None:
    """How late this process is itself: what a clerk waits for is never less than that."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.05)
        journal.lags.append(time.perf_counter() - began - 0.05)


def _cpu(process: int) -> tuple[float, float]:
    """Processor seconds of a process, and of those below it, as far as they have ended or still run."""
    own, below = _of_process(process)
    children = Path(f"/proc/{process}/task").glob("*/children")
    running = [int(word) for one in children for word in one.read_text(encoding="ascii").split()]
    return own, below + sum(sum(_of_process(one)) for one in running)


def _of_process(process: int) -> tuple[float, float]:
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:  # it has ended
        return 0.0, 0.0
    own, own_system, below, below_system = (int(word) for word in told[11:15])
    return (own + own_system) / _TICK, (below + below_system) / _TICK
