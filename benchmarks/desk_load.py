"""Twenty clerks at one desk for two minutes: how long they wait, and whether anything of what they did is lost.

Usage: python benchmarks/desk_load.py [--seconds N] [--clerks N] [--cases N] [--seed N]

Five hundred case folders are made from a seed, `bundler serve` is started over them as a process of its own, and once its
list has asked the gate for every case, so many clerks begin together, each with an account, a session and a browser of
her own: every request that her pages make is made, the streams of events are held open, and what they tell is fetched.
Four of the cases are everybody's, so that two write the same field now and then. When all have gone, the folder is judged:
each value, row and file that was acknowledged stands there, each history and the audit file hold, each bundle is sound,
and no file is left over. It writes DESK.md beside this file, and ends with status 1 where something is lost or went wrong,
or where a twentieth of the list's or the form's answers took longer than 300 ms.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from tests.support.desk_load.clerk import OF_FORM, OF_LIST, SHARED  # noqa: E402 (found through the line above)
from tests.support.desk_load.run import EVERYONES, Outcome, Wish, run_load  # noqa: E402

LIMIT_MS = 300.0
SHARE = 0.95


def main() -> int:
    """Run the load, check the targets, write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    usual = Wish()
    parser.add_argument("--seconds", type=float, default=usual.seconds)
    parser.add_argument("--clerks", type=int, default=usual.clerks)
    parser.add_argument("--cases", type=int, default=usual.cases)
    parser.add_argument("--seed", type=int, default=usual.seed)
    wish = Wish(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory(prefix="desk-load-") as name:
        outcome = run_load(Path(name), wish)
    targets = list(_check_targets(outcome))
    lines = list(_format_report(wish, outcome, targets))
    (HERE / "DESK.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join([*lines, *outcome.faults]))
    return 0 if all(is_met for _, _, is_met in targets) else 1


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies, such as 0.95."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def _check_targets(outcome: Outcome) -> Iterator[tuple[str, str, bool]]:
    """Yield each target with the measured value and whether it is met."""
    for name, kinds in (("list", OF_LIST), ("form", OF_FORM)):
        found = [answer.seconds * 1000 for answer in outcome.journal.answers if answer.kind in kinds]
        high = percentile(found, SHARE)
        yield f"95 % of {name} requests under {LIMIT_MS:.0f} ms", f"{high:.0f} ms", bool(found) and high < LIMIT_MS
    number = len(outcome.faults)
    yield "no error, nothing lost, nothing left over", f"{number} faults", number == 0


def _format_report(wish: Wish, outcome: Outcome, targets: Sequence[tuple[str, str, bool]]) -> Iterator[str]:
    journal, (low, high) = outcome.journal, wish.thinking
    own, below = outcome.cpu
    number = len(journal.answers)
    yield "# The desk under load"
    yield ""
    yield (
        f"By `make desk-load` (`python benchmarks/desk_load.py`, seed {wish.seed}) on {datetime.now(UTC):%Y-%m-%d}: "
        f"{wish.clerks} clerks, {wish.cases} cases, {outcome.seconds:.0f} seconds, {os.cpu_count()} cores for desk and clerks together; "
        f"the machine's load was {outcome.load[0]:.1f} before and {outcome.load[1]:.1f} at the end. Between an answer and what a "
        f"clerk does next lie {low:g} to {high:g} seconds, drawn from the seed; {SHARED:.0%} of the cases that she opens are "
        f"of the {EVERYONES} on which everybody works."
    )
    yield ""
    yield "| promised | found | |"
    yield "|---|---|---|"
    for promised, found, is_met in targets:
        yield f"| {promised} | {found} | {'met' if is_met else '**missed**'} |"
    yield ""
    yield (
        f"Acknowledged and found again at the end: {len(journal.writes)} values, {len(journal.rows)} rows, "
        f"{len(journal.uploads)} files, {len(journal.bundles)} bundles. {journal.offered} times a clerk was shown that another had written "
        f"the same field, and chose. {journal.news} events were told."
    )
    yield ""
    yield (
        f"Processor time: {own:.1f} s of the desk's own process ({own * 1000 / max(number, 1):.1f} ms for each of "
        f"{number} answers), {below:.1f} s of the processes below it, {outcome.clerks_cpu:.1f} s of the clerks' own. The clerks' "
        f"process was itself late by {percentile(journal.lags, SHARE) * 1000:.0f} ms in one of twenty looks, and "
        f"by {max(journal.lags, default=0.0) * 1000:.0f} ms once; that is in the times below."
        f"{' Where that is seconds, the machine itself stood still.' if max(journal.lags, default=0.0) > 1 else ''}"
    )
    yield ""
    yield "| milliseconds | answers | median | 95 % | 99 % | longest |"
    yield "|---|--:|--:|--:|--:|--:|"
    for kind in sorted({answer.kind for answer in journal.answers}):
        times = [answer.seconds * 1000 for answer in journal.answers if answer.kind == kind]
        marks = " | ".join(f"{percentile(times, share):.0f}" for share in (0.5, 0.95, 0.99, 1.0))
        yield f"| {kind} | {len(times)} | {marks} |"
    yield ""


if __name__ == "__main__":
    sys.exit(main())
