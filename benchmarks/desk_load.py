"""Load test of the desk: twenty clerks for two minutes; measures response times and verifies that no change is lost.

Usage: python benchmarks/desk_load.py [--seconds N] [--clerks N] [--cases N] [--seed N]

Creates five hundred case folders from a seed and starts `bundler serve` on them in a process of its own. When the desk has
checked every case, the clerks start together, each with an account, a session and a simulated browser, which makes every
request of the pages, keeps their event streams open, and follows the events. All clerks work on four of the cases, so that
two of them sometimes change the same field. At the end the folders are verified: every accepted value, row and file is
there, the histories and the audit log are intact, every bundle is valid, and no file is left over. Where the engine that
reads scans is installed (make setup-read), a few clerks then work once while the desk reads in the background and once while
it does not. Writes DESK.md next to this file; the exit status is 1 if anything was lost or failed, or if the 95th percentile
of the list's or the form's response times exceeds 300 ms.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from tests.support.desk_load.clerk import FORM_REQUESTS, LIST_REQUESTS, SHARED_FRACTION  # noqa: E402 (needs the line above)
from tests.support.desk_load.run import SHARED_CASES, LoadOptions, LoadResult, run_load  # noqa: E402

READING_RUN = LoadOptions(clerks=4, cases=60, seconds=90.0, thinking_seconds=(2.0, 6.0))
"""A small office: with twenty clerks there is never a moment in which the desk would read."""
COMPARED = (
    ("list", LIST_REQUESTS),
    ("form", FORM_REQUESTS),
    ("form: save a field", frozenset({"form: save a field"})),
    ("picture", frozenset({"picture"})),
    ("preview", frozenset({"preview"})),
)
LIMIT_MS = 300.0
SHARE = 0.95


def main() -> int:
    """Run the load, check the targets, write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    defaults = LoadOptions()
    parser.add_argument("--seconds", type=float, default=defaults.seconds)
    parser.add_argument("--clerks", type=int, default=defaults.clerks)
    parser.add_argument("--cases", type=int, default=defaults.cases)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--only-reading", action="store_true", help="print the comparison with reading alone")
    given = vars(parser.parse_args())
    if given.pop("only_reading"):
        print("\n".join(_compare_reading(given["seed"])))
        return 0
    options = LoadOptions(**given)
    result = _run(options)
    targets = list(_check_targets(result))
    lines = [*_format_report(options, result, targets), *_compare_reading(options.seed)]
    (HERE / "DESK.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join([*lines, *result.problems]))
    return 0 if all(is_met for _, _, is_met in targets) else 1


def _run(options: LoadOptions) -> LoadResult:
    with tempfile.TemporaryDirectory(prefix="desk-load-") as name:
        return run_load(Path(name), options)


def _compare_reading(seed: int) -> Iterator[str]:
    """Yield the section on a few clerks, with and without the desk reading scans meanwhile."""
    yield "## While scans are read"
    yield ""
    if find_spec("rapidocr") is None:
        yield "Not measured: the engine that reads scans is not installed (`make setup-read`)."
        yield ""
        return
    options = replace(READING_RUN, seed=seed)
    without, reading = _run(options), _run(replace(options, reads=True))
    for problem in (*without.problems, *reading.problems):
        print(problem, file=sys.stderr)
    low, high = options.thinking_seconds
    yield (
        f"On {datetime.now(UTC):%Y-%m-%d}: {options.clerks} clerks with pauses of {low:g} to {high:g} seconds, {options.cases} cases, "
        f"{options.seconds:.0f} seconds once without and once with reading, which waits while somebody is answered. The desk read "
        f"{reading.pages_read} pages meanwhile. The machine's load was {without.load[0]:.1f} to {without.load[1]:.1f} without and "
        f"{reading.load[0]:.1f} to {reading.load[1]:.1f} with reading; {len(without.problems)} and {len(reading.problems)} problems."
    )
    yield ""
    yield "| milliseconds | responses without, with | median without | with | 95 % without | with |"
    yield "|---|--:|--:|--:|--:|--:|"
    for name, kinds in COMPARED:
        times = [[one.seconds * 1000 for one in run.journal.answers if one.kind in kinds] for run in (without, reading)]
        marks = " | ".join(f"{percentile(one, share):.0f}" for share in (0.5, SHARE) for one in times)
        yield f"| {name} | {len(times[0])}, {len(times[1])} | {marks} |"
    yield ""


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values is, such as 0.95."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def _check_targets(result: LoadResult) -> Iterator[tuple[str, str, bool]]:
    """Yield each target with the measured value and whether it is met."""
    for name, kinds in (("list", LIST_REQUESTS), ("form", FORM_REQUESTS)):
        found = [answer.seconds * 1000 for answer in result.journal.answers if answer.kind in kinds]
        high = percentile(found, SHARE)
        yield f"95 % of {name} requests under {LIMIT_MS:.0f} ms", f"{high:.0f} ms", bool(found) and high < LIMIT_MS
    number = len(result.problems)
    yield "no error, nothing lost, nothing left over", f"{number} problems", number == 0


def _format_report(options: LoadOptions, result: LoadResult, targets: Sequence[tuple[str, str, bool]]) -> Iterator[str]:
    journal, (low, high) = result.journal, options.thinking_seconds
    own, below = result.cpu
    number = len(journal.answers)
    yield "# The desk under load"
    yield ""
    yield (
        f"By `make desk-load` (`python benchmarks/desk_load.py`, seed {options.seed}) on {datetime.now(UTC):%Y-%m-%d}: "
        f"{options.clerks} clerks, {options.cases} cases, {result.seconds:.0f} seconds, {os.cpu_count()} cores for desk and clerks together; "
        f"the machine's load was {result.load[0]:.1f} before and {result.load[1]:.1f} at the end. A clerk pauses for {low:g} to "
        f"{high:g} seconds between two actions; {SHARED_FRACTION:.0%} of the cases that a clerk opens are among the {SHARED_CASES} on "
        f"which all clerks work."
    )
    yield ""
    yield "| target | measured | |"
    yield "|---|---|---|"
    for target, measured, is_met in targets:
        yield f"| {target} | {measured} | {'met' if is_met else '**missed**'} |"
    yield ""
    yield (
        f"Accepted and found at the end: {len(journal.writes)} values, {len(journal.rows)} rows, "
        f"{len(journal.uploads)} files, {len(journal.bundles)} bundles. {journal.conflicts} times another clerk had changed "
        f"the same field, and the conflict was resolved. {journal.events} events were received."
    )
    yield ""
    yield (
        f"CPU time: {own:.1f} s of the desk's process ({own * 1000 / max(number, 1):.1f} ms for each of "
        f"{number} responses), {below:.1f} s of its descendants, {result.clerks_cpu:.1f} s of the clerks' process. The scheduling "
        f"delay of that process was {percentile(journal.lags, SHARE) * 1000:.0f} ms at the 95th percentile and "
        f"{max(journal.lags, default=0.0) * 1000:.0f} ms at most; the times below include it."
        f"{' Delays of seconds mean that the machine itself was paused.' if max(journal.lags, default=0.0) > 1 else ''}"
    )
    yield ""
    yield "| milliseconds | responses | median | 95 % | 99 % | longest |"
    yield "|---|--:|--:|--:|--:|--:|"
    for kind in sorted({answer.kind for answer in journal.answers}):
        times = [answer.seconds * 1000 for answer in journal.answers if answer.kind == kind]
        marks = " | ".join(f"{percentile(times, share):.0f}" for share in (0.5, 0.95, 0.99, 1.0))
        yield f"| {kind} | {len(times)} | {marks} |"
    yield ""


if __name__ == "__main__":
    sys.exit(main())
