"""Measure what the gate finds in scans that were read: how many faults it notices, and how often it alarms without one.

Usage: python benchmarks/reading/measure_rules.py [--cases N] [--first N] [--faulty N] [--seed TEXT] [--fonts DIR] [--hands DIR] [--keep DIR]

Invents cases, draws their papers, damages the pages as scanners, copiers and cameras do, reads them with the engine of
`bundler read` (``make setup-read``), and puts the readings before the rules: as they are, and with one fault at a time.
Writes RULES.md beside this file. ``make measure-reading`` fetches the fonts and runs it. What was read is kept in the
folder of ``--keep`` by the digest of the picture, so that a stopped run goes on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from faults import Tally, try_faults
from read_pages import PageStore, find_faces, read_case

HERE = Path(__file__).parent
_COLUMNS = "| fault | rule | tried | noticed | share |\n|---|---|---|---|---|"


def main() -> int:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=50)
    parser.add_argument(
        "--first", type=int, default=0, help="the number of the first case; another one gives other cases"
    )
    parser.add_argument("--faulty", type=int, help="of so many cases, pages are scanned twice, turned and unsealed too")
    parser.add_argument("--seed", default="measured")
    parser.add_argument("--fonts", type=Path, default=HERE / ".fonts" / "print", help="more fonts for print")
    parser.add_argument(
        "--hands", type=Path, default=HERE / ".fonts" / "hand", help="fonts for handwriting, one a folder"
    )
    parser.add_argument("--keep", type=Path, default=HERE / ".readings")
    options = parser.parse_args()

    store = PageStore(options.keep)
    faces = find_faces(options.fonts, options.hands)
    cases = []
    for place in range(options.cases):
        with_faults = options.faulty is None or place < options.faulty
        cases.append(read_case(options.first + place, options.seed, faces, store, with_faults=with_faults))
        print(f"{place + 1}/{options.cases} cases read, {store.count} pages", file=sys.stderr, flush=True)
    tally = try_faults(cases, options.seed)
    text = "\n".join(_report(tally, options, store))
    (HERE / "RULES.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


def _report(tally: Tally, options: argparse.Namespace, store: PageStore) -> Iterator[str]:
    yield "# What the rules about readings find"
    yield ""
    yield (
        f"{options.cases} invented cases from number {options.first}, seed “{options.seed}”, {store.count} pages read with {store.engine}, "
        f"{datetime.now(UTC):%Y-%m-%d}. `make measure-reading` writes this file."
    )
    yield ""
    if options.faulty is not None:
        yield f"Pages that were scanned twice, turned or had lost their seal were read of the first {options.faulty} cases."
        yield ""
    yield f"Alarms on the {tally.papers} papers as they are: {tally.alarm_count}."
    yield ""
    for alarm in tally.alarms:
        yield f"- {alarm}"
    if tally.alarms:
        yield ""
    yield _COLUMNS
    for (fault, rule), (tried, noticed) in sorted(tally.counts.items()):
        yield f"| {fault} | `{rule}` | {tried} | {noticed} | {noticed / tried:.1%} |"
    yield ""
    if tally.silent:
        yield "Not noticed:"
        yield ""
        for what, count in sorted(tally.silent.items()):
            yield f"- {what}: {count}"
        yield ""


if __name__ == "__main__":
    sys.exit(main())
