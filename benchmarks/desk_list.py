"""How long the desk's list takes over thousands of cases, in process, asked as a browser asks it.

Usage: python benchmarks/desk_list.py [--cases N]

The cases are small and made from a seed: a case.json of a few fields each, and for every third a paper. It prints the time
of the first look over a folder that was never seen, of the gate over all of them behind it, of the page while that goes
on and afterwards (median and worst of thirty requests, some with a filter), and of the page after a restart.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

SEED = 6
TODAY = date(2021, 12, 31)
_ASKED = ("/", "/?stand=late", "/?q=王", "/?ledger=special&sort=handler", "/?sort=errors&down=1&page=40")


def write_cases(folder: Path, number: int) -> None:
    """Case folders from the seed."""
    chance = random.Random(SEED)  # noqa: S311 (nothing secret hangs on it)
    paper = next((ROOT / "samples" / "incomplete" / "materials").glob("*.jpg"))
    for at in range(number):
        case = folder / f"{at % 50:02}" / f"{at:05}"
        (case / "materials").mkdir(parents=True)
        tree = {
            "registration": {
                "no": f"试执信2021-{at:05}",
                "received_on": (TODAY - timedelta(days=chance.randrange(120))).isoformat(),
                "channel": chance.choice(("visit", "letter", "phone")),
            },
            "decision": "accepted",
            "ledgers": chance.sample(("supervised", "special", "backlog"), chance.randrange(3)),
            "petitioners": [{"name": chance.choice("王李张刘陈") + "某"}],
            "people": {"handler": {"name": chance.choice("赵钱孙周吴") + "某"}},
            "materials": [],
        }
        if at % 3 == 0:
            shutil.copyfile(paper, case / "materials" / "约谈.jpg")
            tree["materials"] = [{"items": ["interview"], "file": "materials/约谈.jpg"}]
        (case / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")


def timed(client: object, rounds: int = 6) -> str:
    """Median and worst of the page in milliseconds."""
    times = []
    for path in _ASKED * rounds:
        began = time.perf_counter()
        assert client.get(path).status_code == 200  # type: ignore[attr-defined]  # noqa: S101
        times.append((time.perf_counter() - began) * 1000)
    return f"median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms"


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5000)
    number = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_CACHE_HOME"] = f"{scratch}/cache"
        measure(Path(scratch) / "cases", number)


def measure(cases: Path, number: int) -> None:
    """The whole of it over one folder."""
    from tests.support.desk_client import app_of, desk

    write_cases(cases, number)
    with desk(cases) as client:
        index, began = app_of(client).state.services.case_index, time.perf_counter()
        client.get("/")
        print(f"{number} cases; first page of a folder never seen: {time.perf_counter() - began:.2f} s")
        while not index.is_ready:
            time.sleep(0.05)
        print(f"every case read once: {time.perf_counter() - began:.1f} s")
        print(f"page while the gate is asked: {timed(client)}")
        while not all(one.is_checked for one in index.rows()):
            time.sleep(0.2)
        print(f"the gate asked for every case: {time.perf_counter() - began:.0f} s")
        print(f"warm page: {timed(client)}")
    with desk(cases) as client:
        began = time.perf_counter()
        while f"共 {number} 件" not in client.get("/").text:
            time.sleep(0.01)
        print(f"whole list after a restart: {time.perf_counter() - began:.2f} s; then {timed(client)}")


if __name__ == "__main__":
    main()
