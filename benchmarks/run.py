"""Measure the tool beside what a user would pick instead, on the same work in the same run.

Usage: python benchmarks/run.py [--rounds N] [--cases N] [--pages N,N] [--only NAME]

Writes RESULTS.md and results.svg beside this file. Needs qpdf, soffice, chromium and what `benchmarks/requirements.lock` pins.
Nothing here is a test: machines differ, and only ratios within one run mean anything.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from chart import bars
from works import Result, work_batch, work_build, work_check, work_scans, work_templates

HERE = Path(__file__).parent
TOOLS = ("qpdf", "soffice", "chromium")


def main() -> int:
    """Run the works asked for and write what was found."""
    given = _arguments()
    lacking = [tool for tool in TOOLS if not shutil.which(tool)]
    if lacking:
        print(f"not installed: {', '.join(lacking)} (make bench installs them)", file=sys.stderr)
        return 2
    results = list(_results(given))
    (HERE / "results.svg").write_text(bars(results), encoding="utf-8")
    (HERE / "RESULTS.md").write_text("\n".join(_report(results)), encoding="utf-8")
    for result in results:
        for target in result.targets:
            bound = "≥" if target.at_least else "≤"
            state = "met" if target.met else "MISSED"
            print(f"{state}: {target.text} {target.found:.2f} ({bound} {target.limit:g})")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--peer-cases", type=int, default=10)
    parser.add_argument(
        "--pages", type=lambda text: tuple(map(int, text.split(","))), default=(40, 200, 500, 1000, 2000)
    )
    parser.add_argument("--only", choices=("check", "build", "batch", "scans"))
    return parser.parse_args()


def _results(given: argparse.Namespace) -> Iterator[Result]:
    works: dict[str, Callable[[Path], Result]] = {
        "check": lambda work: work_check(work, given.rounds),
        "build": lambda work: work_build(work, given.rounds),
        "batch": lambda work: work_batch(work, given.rounds, given.cases, given.peer_cases),
        "templates": lambda work: work_templates(work, given.rounds),
        "scans": lambda work: work_scans(work, given.rounds, given.pages),
    }
    for name, run in works.items():
        if given.only in {None, name}:
            print(name, file=sys.stderr)
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                yield run(Path(folder))


def _report(results: list[Result]) -> Iterator[str]:
    yield "# Measured"
    yield ""
    yield (
        f"By `make bench` on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}. Medians; memory is the peak of the largest single process. "
        "Read the ratios: another machine gives other seconds."
    )
    yield ""
    yield "![Wall time of each work](results.svg)"
    yield ""
    yield "| target of the contract | measured | bound | |"
    yield "|---|---|---|---|"
    for result in results:
        for target in result.targets:
            sign = "≥" if target.at_least else "≤"
            state = "met" if target.met else "**missed**"
            yield f"| {target.text} | {target.found:.2f} | {sign} {target.limit:g} | {state} |"
    for result in results:
        yield ""
        yield f"## {result.title}"
        yield ""
        yield result.note
        yield ""
        yield "| | wall s | CPU s | memory MiB | runs |"
        yield "|---|---|---|---|---|"
        for name, found in result.measured.items():
            yield f"| {name} | {found.wall:.3f} | {found.cpu:.3f} | {found.memory:.0f} | {found.rounds} |"
    yield ""


if __name__ == "__main__":
    sys.exit(main())
