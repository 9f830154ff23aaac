"""A case of whatever size is checked in work that grows with its size and no faster, and a long list of faults is cut, with their number.

Work is counted in calls of functions, which no busy machine changes.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bundler.api.check import check
from bundler.case.reader import MAX_VALUES
from bundler.regulation.findings import MAX_OF_A_RULE, REST_FIX
from tests.support.cases import archive

_TODAY = date(2022, 1, 1)
_FEW = 20
_GROWTH = 2.6
"""Twice as many entries cost twice the work; work that grows with the square costs four times as much."""


def put(folder: Path, tree: Any) -> str:  # noqa: ANN401
    """Write a case.json into a new folder, and return the folder's name."""
    folder.mkdir()
    text = tree if isinstance(tree, str) else json.dumps(tree, ensure_ascii=False)
    (folder / "case.json").write_text(text, encoding="utf-8")
    return str(folder)


def count_calls(case: str) -> int:
    """The calls of functions that a check makes."""
    calls = 0

    def note(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(note)
    try:
        check(case, today=_TODAY)
    finally:
        sys.setprofile(None)
    return calls


def _repeated_keys(count: int) -> str:
    return '{"claims": [' + ", ".join('{"title": "a", "title": "b"}' for _ in range(count)) + "]}"


SHAPES: dict[str, Callable[[int], Any]] = {
    "faulty entries": lambda count: {"materials": [{"items": []}] * count},
    "misspelt codes in one entry": lambda count: {"materials": [{"items": ["intervieww"] * count, "file": "a.pdf"}]},
    "misspelt codes in many entries": lambda count: {"materials": [{"items": ["intervieww"], "file": "a.pdf"}] * count},
    "unknown keys of one entry": lambda count: {"claims": [{f"k{number}": 1 for number in range(count)}]},
    "unknown keys of many entries": lambda count: (
        archive() | {"petitioners": [{"name": "甲某某", "phon": "1"}] * count}
    ),
    "wrong forms": lambda count: archive() | {"enforcement_cases": [{"no": 3}] * count},
    "unsafe characters": lambda count: archive() | {"claims": [{"title": "a\u0007b", "demnd": "c"}] * count},
    "repeated keys": _repeated_keys,
    "petitioners": lambda count: (
        archive() | {"petitioners": [{"kind": "person", "name": f"甲{number}"} for number in range(count)]}
    ),
    "materials that are not there": lambda count: (
        archive()
        | {"materials": [{"items": ["evidence"], "file": f"materials/{number}.pdf"} for number in range(count)]}
    ),
    "absences beside their papers": lambda count: (
        archive()
        | {
            "materials": [{"items": ["evidence"], "file": "materials/a.pdf"}] * count,
            "absent": [{"item": "evidence", "reason": "无"}] * count,
        }
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_as_many_entries_cost_no_more_than_twice_the_work(shape: str, tmp_path: Path) -> None:
    """No part of a case makes a check compare each of its entries with every other."""
    few, more, most = (put(tmp_path / str(count), SHAPES[shape](count)) for count in (_FEW, 2 * _FEW, 4 * _FEW))
    check(few, today=_TODAY)  # fills what is kept for the next check
    at_few, at_more, at_most = map(count_calls, (few, more, most))
    assert at_most - at_more < _GROWTH * (at_more - at_few)


def test_of_very_many_findings_of_a_rule_the_first_are_listed_and_the_others_counted(tmp_path: Path) -> None:
    """Each rule has so many findings and one more with the number of the rest; they say it in Chinese, and nothing passes."""
    count = 2 * MAX_OF_A_RULE
    faulty = {"claims": [{"x": 1}] * count, "petitioners": [{"name": "甲\u0007某"}] * count}
    result = check(put(tmp_path / "case", archive() | faulty), today=_TODAY).check_result
    told = Counter(found.rule for found in result.findings)
    assert told["JSON-KEY"] == told["DATA-CHARACTER"] == MAX_OF_A_RULE + 1
    rest = {found.rule: found for found in result.findings if found.fix == REST_FIX}
    assert rest["JSON-KEY"].message == f"同样的问题另有 {count - MAX_OF_A_RULE} 处，没有逐一列出。"
    assert rest["DATA-CHARACTER"].message == rest["JSON-KEY"].message
    assert not result.complete


def test_a_part_with_more_values_than_a_case_has_is_left_out_and_the_rest_is_checked(tmp_path: Path) -> None:
    """It has one finding with its number of values; the other parts have theirs."""
    tree = archive() | {"materials": [{}] * MAX_VALUES, "people": {}}
    checked = check(put(tmp_path / "case", tree), today=_TODAY)
    found = [one for one in checked.check_result.findings if one.rule == "JSON-SCHEMA"]
    assert [(one.path, f"{MAX_VALUES + 1} 个值" in one.message) for one in found] == [("/materials", True)]
    rules = {one.rule for one in checked.check_result.findings}
    assert "ART12" in rules, "the handler is missing"
    assert not any(rule.startswith("ART16-") and rule != "ART16-UNSEALED" for rule in rules), (
        "no paper is said to be missing"
    )


def test_a_file_with_more_keys_than_a_case_has_is_called_none(tmp_path: Path) -> None:
    """Many keys at the top are one fault."""
    case = put(tmp_path / "case", {f"k{number}": 1 for number in range(2000)})
    findings = check(case, today=_TODAY).check_result.findings
    assert [(found.rule, found.path) for found in findings] == [("JSON-SCHEMA", "")]
    assert "2000 项" in findings[0].message
