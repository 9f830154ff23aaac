"""Measure the case list of the desk with thousands of cases, in this process, with the requests of a browser.

Usage: python benchmarks/desk_case_list.py [--cases N]

The cases are generated from a seed: a case.json of a few fields each, and a material for every third. Prints the time of
the first page over a new folder, of the check of all cases in the background, of the page during that check and after it
(median and worst of thirty requests, some with a filter), and of the page after a restart.
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
_URLS = ("/", "/?stand=late", "/?q=王", "/?ledger=special&sort=handler", "/?sort=errors&down=1&page=40")


def write_cases(folder: Path, number: int) -> None:
    """Write case folders from the seed."""
    rng = random.Random(SEED)  # noqa: S311 (no security purpose)
    paper = next((ROOT / "samples" / "incomplete" / "materials").glob("*.jpg"))
    for at in range(number):
        case = folder / f"{at % 50:02}" / f"{at:05}"
        (case / "materials").mkdir(parents=True)
        tree = {
            "registration": {
                "no": f"试执信2021-{at:05}",
                "received_on": (TODAY - timedelta(days=rng.randrange(120))).isoformat(),
                "channel": rng.choice(("visit", "letter", "phone")),
            },
            "decision": "accepted",
            "ledgers": rng.sample(("supervised", "special", "backlog"), rng.randrange(3)),
            "petitioners": [{"name": rng.choice("王李张刘陈") + "某"}],
            "people": {"handler": {"name": rng.choice("赵钱孙周吴") + "某"}},
            "materials": [],
        }
        if at % 3 == 0:
            shutil.copyfile(paper, case / "materials" / "约谈.jpg")
            tree["materials"] = [{"items": ["interview"], "file": "materials/约谈.jpg"}]
        (case / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")


def time_requests(client: object, rounds: int = 6) -> str:
    """Return median and worst time of the page in milliseconds as text."""
    times = []
    for path in _URLS * rounds:
        began = time.perf_counter()
        assert client.get(path).status_code == 200  # type: ignore[attr-defined]  # noqa: S101
        times.append((time.perf_counter() - began) * 1000)
    return f"median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms"


def main() -> None:
    """Measure in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5000)
    number = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_CACHE_HOME"] = f"{scratch}/cache"
        measure_list(Path(scratch) / "cases", number)


def measure_list(cases: Path, number: int) -> None:
    """Write the cases, measure, and print."""
    from tests.support.desk_client import app_of, desk

    write_cases(cases, number)
    with desk(cases) as client:
        index, began = app_of(client).state.services.case_index, time.perf_counter()
        client.get("/")
        print(f"{number} cases; first page of a new folder: {time.perf_counter() - began:.2f} s")
        while not index.is_ready:
            time.sleep(0.05)
        print(f"every case read once: {time.perf_counter() - began:.1f} s")
        print(f"page during the check: {time_requests(client)}")
        while not all(one.is_checked for one in index.rows()):
            time.sleep(0.2)
        print(f"every case checked: {time.perf_counter() - began:.0f} s")
        print(f"warm page: {time_requests(client)}")
    with desk(cases) as client:
        began = time.perf_counter()
        while f"共 {number} 件" not in client.get("/").text:
            time.sleep(0.01)
        print(f"whole list after a restart: {time.perf_counter() - began:.2f} s; then {time_requests(client)}")


if __name__ == "__main__":
    main()
