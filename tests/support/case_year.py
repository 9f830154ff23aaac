"""Generate the cases of some months with their truth: what was taken in, answered, settled and repeated, counted by the generator.

The generator decides on which working day a case is answered, and counts these days with the calendar library itself, so
that its truth owes nothing to the code under test.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar

from tests.support import cases

HANDLERS = ("李某某", "张某某", "陈某某", "赵某某")
LEADERS = ("王某某", "孙某某")
TEAMS = ("周某某", "吴某某", "")
LIMIT = 40
_DAY = timedelta(days=1)
_SKIPPED = 9
"""Every so many cases the register leaves out a number."""
_ANSWERED, _REPORTED = 0.9, 0.7


@dataclass(frozen=True, slots=True)
class GeneratedCase:
    """A generated case, as the generator knows it.

    Attributes:
        limit_on: the last day for the reply.
        answered_on: the day of the reply; None where it was not given by the end of the year.
        working_days: the working days from the handler's receipt to the reply.
        settled_on: the day of the commitment.
        reported_on: the day on which it was reported for write-off.
        written_off_on: the day of the superior court's answer.
    """

    number: str
    handler: str
    leader: str
    team: str
    received_on: date
    limit_on: date
    answered_on: date | None
    working_days: int
    settled_on: date | None
    reported_on: date | None
    written_off_on: date | None
    is_repeated: bool


@dataclass(slots=True)
class GeneratedYear:
    """The cases of a generated year, the numbers that it leaves out, and counts of the cases.

    Attributes:
        last: the last day; nothing is known of later ones.
    """

    last: date
    cases: list[GeneratedCase] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def truth(self, first: date, last: date, key: str = "") -> dict[str, Counter[str]]:
        """Count the cases of a period: a counter of each officer's figures by his name; of all cases under an empty key."""
        counted: dict[str, Counter[str]] = defaultdict(Counter)
        for case in self.cases:
            counter = counted[getattr(case, key) if key else ""]
            answered = case.answered_on is not None and first <= case.answered_on <= last
            if first <= case.received_on <= last:
                counter["taken_in"] += 1
                counter["repeated"] += case.is_repeated
            if answered and case.answered_on is not None:
                counter["answered"] += 1
                counter["in_time"] += case.answered_on <= case.limit_on
                counter["late"] += case.answered_on > case.limit_on
                counter["settled"] += case.settled_on is not None and case.settled_on <= last
                counter["days"] += (case.answered_on - case.received_on).days
                counter["working_days"] += case.working_days
            counter["reported"] += case.reported_on is not None and first <= case.reported_on <= last
            counter["written_off"] += case.written_off_on is not None and first <= case.written_off_on <= last
            counter["overdue"] += case.limit_on < last and (case.answered_on is None or case.answered_on > last)
        return counted


def after_working_days(start: date, count: int) -> date:
    """The day that is so many working days after another."""
    day = start
    while count:
        day += _DAY
        count -= chinese_calendar.is_workday(day)
    return day


def make_year(
    root: Path, count: int, seed: int, *, first: date = date(2020, 10, 1), last: date = date(2021, 12, 31)
) -> GeneratedYear:
    """Write cases received from one day to another, each with its case.json alone, and return them with their truth."""
    chance = random.Random(seed)  # noqa: S311 (the same cases each time, no secret)
    days = sorted(first + chance.randrange((last - first).days + 1) * _DAY for _ in range(count))
    year, numbers = GeneratedYear(last), Counter[int]()
    for index, received in enumerate(days):
        numbers[received.year] += 1
        if index % _SKIPPED == _SKIPPED - 1 and numbers[received.year] > 1:
            year.left_out.append(f"年信访{received.year}-{numbers[received.year]:04}")
            numbers[received.year] += 1
        case, tree = _make_case(f"年信访{received.year}-{numbers[received.year]:04}", received, last, chance)
        year.cases.append(case)
        folder = root / case.handler / case.number
        folder.mkdir(parents=True)
        (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    return year


def _make_case(number: str, received: date, last: date, chance: random.Random) -> tuple[GeneratedCase, dict[str, Any]]:
    handed = min(received + chance.randint(0, 3) * _DAY, last)
    # Most are answered in time, some on the last day, some late.
    taken = chance.choice(
        [chance.randint(5, LIMIT - 1), chance.randint(5, LIMIT - 1), LIMIT, LIMIT + 1, chance.randint(42, 70)]
    )
    answered = after_working_days(handed, taken) if chance.random() < _ANSWERED else last + _DAY
    settled = answered + chance.randint(0, 20) * _DAY if chance.random() < 0.6 else None
    reported = settled + chance.randint(1, 15) * _DAY if settled and chance.random() < _REPORTED else None
    written_off = reported + chance.randint(5, 30) * _DAY if reported and chance.random() < _REPORTED else None
    case = GeneratedCase(
        number=number,
        handler=chance.choice(HANDLERS),
        leader=chance.choice(LEADERS),
        team=chance.choice(TEAMS),
        received_on=received,
        limit_on=after_working_days(handed, LIMIT),
        answered_on=answered if answered <= last else None,
        working_days=taken,
        settled_on=_until(settled, last),
        reported_on=_until(reported, last),
        written_off_on=_until(written_off, last),
        is_repeated=chance.random() < 0.2,
    )
    return case, _write_tree(case, handed, chance)


def _until(day: date | None, last: date) -> date | None:
    return day if day and day <= last else None


def _write_tree(case: GeneratedCase, handed: date, chance: random.Random) -> dict[str, Any]:
    tree = cases.archive()
    tree["registration"] |= {"no": case.number, "received_on": case.received_on.isoformat()}
    if case.is_repeated and chance.random() < 0.5:
        tree["registration"]["visit_no"] = 2
    elif case.is_repeated:
        tree["reception"] = {"repeated": True}
    tree["transfer"] = {"transferred_on": handed.isoformat(), "received_on": handed.isoformat()}
    tree["people"] |= {"handler": {"name": case.handler}, "leader": {"name": case.leader, "title": "副院长"}}
    if case.team:
        tree["people"]["team"] = {"name": case.team}
    dropped = {"reply_service", "commitment"}
    tree["materials"] = [one for one in tree["materials"] if not dropped & {*one["items"]}]
    del tree["approval"], tree["reply"]
    if case.answered_on:
        posted = chance.random() < 0.3
        served = {"posted_on" if posted else "signed_on": case.answered_on.isoformat()}
        tree["materials"].append({"items": ["reply_service"], "file": "回证.pdf", **served})
    if case.settled_on:
        signed = case.settled_on.isoformat()
        tree["materials"].append({"items": ["commitment"], "file": "承诺书.pdf", "signed_on": signed})
    if case.reported_on:
        tree["write_off"] = {"requested_on": case.reported_on.isoformat(), "reported_on": case.reported_on.isoformat()}
    if case.written_off_on:
        tree["write_off"] |= {"answer": "written_off", "answered_on": case.written_off_on.isoformat()}
    if chance.random() < 0.3:
        tree["assignment"] = {"body": "济南市中级人民法院", "notice_no": f"济执信交〔{case.received_on.year}〕9018号"}
    return tree
