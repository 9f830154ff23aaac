"""Compare the speed of the tool with what a user would use instead, on the same work in the same run.

Usage: python benchmarks/run.py [--quick] [--rounds N] [--cases N] [--pages N,N] [--price YUAN] [--only NAME] [--to DIR]

Writes RESULTS.md, results.svg and pages.svg beside this file, or into DIR. Needs qpdf, soffice, chromium and what `benchmarks/requirements.lock` pins.
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

from bar_chart import draw_bars
from case_costs import CORE_HOUR_YUAN, format_costs, format_sizes
from comparisons import (
    Comparison,
    compare_batch,
    compare_build,
    compare_check,
    compare_scans,
    compare_templates,
    compile_modules,
)
from curve_chart import draw_curves

HERE = Path(__file__).parent
TOOLS = ("qpdf", "soffice", "chromium")


def main() -> int:
    """Run the chosen comparisons and write their results."""
    options = _parse_arguments()
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        print(f"not installed: {', '.join(missing)} (make bench installs them)", file=sys.stderr)
        return 2
    compile_modules()
    results = list(_run_comparisons(options))
    options.to.mkdir(parents=True, exist_ok=True)
    (options.to / "results.svg").write_text(draw_bars(results), encoding="utf-8")
    for result in results:
        if result.curves:
            drawn = draw_curves(f"{result.title}: seconds over pages, both logarithmic", result.curves)
            (options.to / "pages.svg").write_text(drawn, encoding="utf-8")
    (options.to / "RESULTS.md").write_text("\n".join(_format_report(results, options.price)), encoding="utf-8")
    for result in results:
        for target in result.targets:
            bound = "≥" if target.at_least else "≤"
            state = "met" if target.is_met else "MISSED"
            print(f"{state}: {target.text} {target.value:.2f} ({bound} {target.limit:g})")
    return 0


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--peer-cases", type=int, default=10)
    parser.add_argument(
        "--pages", type=lambda text: tuple(map(int, text.split(","))), default=(40, 200, 500, 1000, 2000, 5000, 10000)
    )
    parser.add_argument("--price", type=float, default=CORE_HOUR_YUAN, help="yuan for an hour of one core")
    parser.add_argument("--only", choices=("check", "build", "batch", "templates", "scans"))
    parser.add_argument("--quick", action="store_true", help="little of everything, to see that all runs through")
    parser.add_argument("--to", type=Path, default=HERE, help="the folder of the results")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.cases, options.peer_cases, options.pages = 1, 4, 1, (40, 80, 120)
    return options


def _run_comparisons(options: argparse.Namespace) -> Iterator[Comparison]:
    comparisons: dict[str, Callable[[Path], Comparison]] = {
        "check": lambda folder: compare_check(folder, options.rounds),
        "build": lambda folder: compare_build(folder, options.rounds),
        "batch": lambda folder: compare_batch(folder, options.rounds, options.cases, options.peer_cases),
        "templates": lambda folder: compare_templates(folder, options.rounds),
        "scans": lambda folder: compare_scans(folder, options.rounds, options.pages),
    }
    for name, run in comparisons.items():
        if options.only in {None, name}:
            print(name, file=sys.stderr)
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                yield run(Path(folder))


def _format_report(results: list[Comparison], price: float) -> Iterator[str]:
    yield "# Measured"
    yield ""
    yield (
        f"By `make bench` on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}{' of the system' if sys.base_prefix == '/usr' else ''}. Medians; memory is the peak of the largest single process. "
        "Read the ratios: another machine gives other seconds."
    )
    yield ""
    yield "![Wall time of each tool](results.svg)"
    yield ""
    yield "| target | measured | bound | |"
    yield "|---|---|---|---|"
    for result in results:
        for target in result.targets:
            sign = "≥" if target.at_least else "≤"
            state = "met" if target.is_met else "**missed**"
            yield f"| {target.text} | {target.value:.2f} | {sign} {target.limit:g} | {state} |"
    costs = [cost for result in results for cost in result.costs]
    if costs:
        yield from ("", "## What a case costs", "")
        yield f"CPU seconds of all processes, at {price:g} yuan for an hour of one core."
        yield ""
        yield from format_costs(costs, price)
    sizes = [size for result in results for size in result.sizes]
    if sizes:
        yield ""
        yield from format_sizes(sizes)
    for result in results:
        yield ""
        yield f"## {result.title}"
        yield ""
        yield result.note
        yield ""
        if result.curves:
            yield "![Seconds over pages](pages.svg)"
            yield ""
        yield "| | wall s | CPU s | memory MiB | runs |"
        yield "|---|---|---|---|---|"
        for name, timing in result.timings.items():
            yield f"| {name} | {timing.wall:.3f} | {timing.cpu:.3f} | {timing.memory:.0f} | {timing.rounds} |"
    yield ""


if __name__ == "__main__":
    sys.exit(main())
