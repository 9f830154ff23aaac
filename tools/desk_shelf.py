"""Case folders for the pictures of the desk: copies of the samples, and a few dozen invented cases."""

from __future__ import annotations

import shutil
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.support import cases  # noqa: E402 (the tests are no installed package)
from tests.support.case_folders import add_scans, write_case  # noqa: E402

DAY = date(2021, 12, 2)
"""The day on which the pictures are taken."""
SAMPLES = ("write-off-complete", "archive-complete", "declined", "incomplete", "in-progress")
INVENTED = 42
_FAMILIES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_HANDLERS = ("李某某", "张某某", "陈某某", "郝某某")
_LEDGERS: tuple[list[str], ...] = ([], ["supervised"], [], ["special"], ["backlog"], [], ["supervised", "backlog"])
_AGES = (3, 9, 17, 26, 38, 47, 55, 61, 66, 74)
"""Days since a case came in."""
_DONE: tuple[frozenset[str], ...] = (
    frozenset(),
    frozenset({"transfer"}),
    frozenset({"transfer", "interview"}),
    frozenset({"transfer", "interview"}),
)
"""What has been done in an unfinished case, which decides its next deadline."""


def fill(root: Path) -> None:
    """Create the cases in a folder."""
    for sample in SAMPLES:
        # A sample may contain the hidden history of someone's own work, with name and time.
        shutil.copytree(ROOT / "samples" / sample, root / sample, ignore=shutil.ignore_patterns(".*"))
    for number in range(INVENTED):
        write_case(root / "收件" / f"{number + 1:03}", add_scans(_invented(number)), f"钢信执2021-{number + 101:04}")


def _invented(number: int) -> dict[str, Any]:
    """Of five cases one is complete, one declined, one lacks papers, and two are in progress."""
    sort = number % 5
    tree = (cases.write_off, lambda: cases.declined(number % 7 + 1), cases.archive)[min(sort, 2)]()
    if sort == 2:
        gone = ("interview", "evidence", "acceptance_service")[number % 3]
        tree["materials"] = [one for one in tree["materials"] if gone not in one["items"]]
    if sort > 2:
        _at_work(tree, number)
    tree["petitioners"][0]["name"] = f"{_FAMILIES[number * 7 % len(_FAMILIES)]}某某"
    tree["people"]["handler"]["name"] = _HANDLERS[number % len(_HANDLERS)]
    tree["ledgers"] = _LEDGERS[number % len(_LEDGERS)]
    return tree


def _at_work(tree: dict[str, Any], number: int) -> None:
    """A recent case: some steps done, its papers still missing."""
    done = _DONE[number // 5 % len(_DONE)]
    came = DAY - timedelta(days=_AGES[number * 3 % len(_AGES)])
    for key in ("reply", "approval", "claims", "acceptance", *({"transfer", "interview"} - done)):
        del tree[key]
    tree["registration"] |= {"received_on": came.isoformat(), "system_on": came.isoformat()}
    if "transfer" in tree:
        tree["transfer"] = {"transferred_on": came.isoformat(), "received_on": came.isoformat()}
    if "interview" in tree:
        tree["interview"] = {"held_on": (came + timedelta(days=2)).isoformat()}
    tree["materials"] = tree["materials"][: len(done)]
