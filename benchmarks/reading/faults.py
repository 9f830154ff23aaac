"""Put readings before the rules: as they are, and with one fault at a time; count what is noticed."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from read_pages import ReadCase, ReadPaper

from bundler.case.validation import validate_tree
from bundler.digest import sha256_of
from bundler.file_inspection_record import JPEG, FileRecord, PageInfo
from bundler.gate.check import kind_of
from bundler.gate.rule_input import GateContext
from bundler.gate.scan_reading_rules import check_scan_readings
from bundler.profile import load_profile
from bundler.regulation.findings import Finding
from bundler.scan_reading.case_readings import CaseReadings
from bundler.scan_reading.record import ReadPage, ScanReading

_TODAY = date(2024, 6, 1)
_ANY_PAPER = frozenset({"evidence", "other"})
"""Items under which any paper may stand; no other is out of place there but the petition's own."""
_DAYS = (-365, -30, -9, -2, -1, 1, 2, 10, 31)


@dataclass
class Tally:
    """What was counted.

    Attributes:
        papers: papers that were put before the rules as they are.
        alarm_count: findings about them.
        alarms: each of these, in words.
        counts: of each fault and rule, how often it was tried and noticed.
        silent: what was not noticed, and how often.
    """

    papers: int = 0
    alarm_count: int = 0
    alarms: list[str] = field(default_factory=list)
    counts: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    silent: Counter[str] = field(default_factory=Counter)

    def add(self, fault: str, rule: str, findings: Sequence[Finding], what: str) -> None:
        """Count a try."""
        noticed = any(found.rule == rule for found in findings)
        tried, before = self.counts.get((fault, rule), (0, 0))
        self.counts[fault, rule] = (tried + 1, before + noticed)
        if not noticed:
            self.silent[f"{fault}: {what}"] += 1


Entry = tuple[dict[str, Any], list[ReadPage]]
"""A material without its file, and the pages of its file."""


def judge(case: ReadCase, entries: Sequence[Entry]) -> list[Finding]:
    """What the rules about readings say of a case with these materials."""
    tree = copy.deepcopy(case.case.tree)
    tree["materials"] = [{**entry, "file": f"{place}.jpg"} for place, (entry, _) in enumerate(entries)]
    model = validate_tree(tree).case
    if model is None:
        raise ValueError("an invented case that does not fit the model")
    records, readings = {}, {}
    for place, (_, pages) in enumerate(entries):
        name = f"{place}.jpg"
        digest = sha256_of(name.encode())
        numbered = tuple(page.model_copy(update={"number": number}) for number, page in enumerate(pages, start=1))
        scans = tuple(page.number for page in numbered)
        records[name] = FileRecord(name, digest, 1, JPEG, (PageInfo(595, 842, 200, is_scan=True),) * len(pages))
        readings[name] = ScanReading(source=digest, engine="-", models={}, settings={}, scans=scans, pages=numbered)
    context = GateContext(
        model, load_profile(), kind_of(model, None), _TODAY, records, scan_readings=CaseReadings(readings)
    )
    return list(check_scan_readings(context))


def _entry(paper: ReadPaper, pages: list[ReadPage] | None = None, changed: dict[str, str] | None = None) -> Entry:
    return {**copy.deepcopy(paper.paper.material), **(changed or {})}, list(paper.pages if pages is None else pages)


def try_faults(cases: Sequence[ReadCase], seed: str) -> Tally:
    """Try every kind of fault on every case."""
    rng, tally = Random(f"{seed}-faults"), Tally()  # noqa: S311 (an experiment, no secret)
    for case in cases:
        found = judge(case, [_entry(paper) for paper in case.papers])
        tally.papers += len(case.papers)
        own = {(one.rule, one.path, one.message): one for one in found}
        tally.alarm_count += len(own)
        tally.alarms += [f"`{one.rule}` {case.papers[_place(one)].kind}: {one.message}" for one in own.values()]
        others = [one for one in cases if one is not case]
        for paper in case.papers:
            _try_paper(case, paper, tally, rng)
            if others:
                other = rng.choice(others).papers[case.papers.index(paper)]
                tally.add(
                    "paper of another case",
                    "READ-CASE",
                    judge(case, [_entry(paper, other.pages)]),
                    f"{paper.paper.item}, {other.kind}",
                )
        for paper, other in _wrong_items(case):
            what = f"{other.paper.item} filed as {paper.paper.item}"
            tally.add("paper under a wrong item", "READ-ITEM", judge(case, [_entry(paper, other.pages)]), what)
    return tally


def _place(found: Finding) -> int:
    return int((found.path or "/materials/0").split("/")[2])


def _wrong_items(case: ReadCase) -> Iterator[tuple[ReadPaper, ReadPaper]]:
    for paper in case.papers:
        for other in case.papers:
            if paper is not other and paper.paper.item not in _ANY_PAPER:
                yield paper, other


def _try_paper(case: ReadCase, paper: ReadPaper, tally: Tally, rng: Random) -> None:
    what = f"{paper.paper.item}, {paper.kind}"
    key = next(key for key in ("signed_on", "posted_on", "date") if key in paper.paper.material)
    day = date.fromisoformat(paper.paper.material[key]) + timedelta(rng.choice(_DAYS))
    tally.add(
        "another day in the case", "READ-DATE", judge(case, [_entry(paper, changed={key: day.isoformat()})]), what
    )
    if len(paper.pages) > 1:
        for number in range(len(paper.pages)):
            rest = [page for place, page in enumerate(paper.pages) if place != number]
            tally.add("page left out", "READ-PAGES", judge(case, [_entry(paper, rest)]), what)
        swapped = [paper.pages[1], paper.pages[0], *paper.pages[2:]]
        tally.add("pages swapped", "READ-PAGES", judge(case, [_entry(paper, swapped)]), what)
    if paper.again is not None:
        tally.add("page scanned twice", "READ-TWIN", judge(case, [_entry(paper, [*paper.pages, paper.again])]), what)
    if paper.turned is not None:
        turn, page = paper.turned
        found = judge(case, [_entry(paper, [page, *paper.pages[1:]])])
        right = [one for one in found if one.rule == "READ-TURNED" and f" {turn} 度" in one.message]
        tally.add("page turned", "READ-TURNED", right, f"{what}, {turn}")
        tally.alarms += [
            f"`{one.rule}` turned, {paper.kind}: {one.message}" for one in found if one.rule != "READ-TURNED"
        ]
    if paper.unsealed is not None and paper.kind != "copy":
        tally.add("seal missing", "READ-SEAL", judge(case, [_entry(paper, paper.unsealed)]), what)
