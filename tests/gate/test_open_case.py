"""A case in progress (在办) lacks only what is not due yet; everything else is returned."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bundler.case.validation import validate_tree
from bundler.file_inspection_record import FileProblem
from bundler.gate.case_in_progress import find_next_limit
from bundler.gate.check_result import Deadline
from tests.support import cases
from tests.support.cases import judge
from tests.support.regulations import REGULATION

Tree = dict[str, Any]
IN_TIME = date(2021, 10, 8)


def next_limit(tree: Tree, today: date = IN_TIME, problems: dict[str, FileProblem] | None = None) -> Deadline | None:
    """The next limit of a case on a day; None where it is not in progress."""
    case = validate_tree(tree).case
    assert case is not None
    return find_next_limit(judge(tree, today=today, problems=problems), case, REGULATION)


def unanswered() -> Tree:
    """An accepted case after its interview and before its reply."""
    tree = cases.archive()
    del tree["reply"], tree["approval"]
    tree["materials"] = tree["materials"][:4]
    return tree


def just_registered() -> Tree:
    """A case on the day on which it was registered: nothing decided, nothing filed."""
    tree = cases.archive()
    for key in ("category", "grounds", "transfer", "acceptance", "interview", "approval", "claims", "reply"):
        del tree[key]
    del tree["people"]["leader"]
    return tree | {"decision": "pending", "materials": []}


def test_a_case_before_its_reply_is_in_progress_until_the_limit() -> None:
    """Its next limit is that of the reply; the day after it the case is overdue, and no longer in progress."""
    limit = next_limit(unanswered())
    assert limit is not None
    assert (limit.rule, limit.due) == ("ART13-REPLY", date(2021, 11, 17))

    assert next_limit(unanswered(), date(2021, 11, 17)) == limit
    assert next_limit(unanswered(), date(2021, 11, 18)) is None


def test_a_case_that_was_just_registered_is_in_progress() -> None:
    """What is decided on acceptance is not due while the decision is pending."""
    limit = next_limit(just_registered(), date(2021, 9, 16))

    assert limit is not None
    assert limit.rule == "ART13-TRANSFER"


def test_a_row_of_a_register_is_in_progress_though_nobody_asked_who_the_petitioner_is() -> None:
    """His role is asked on acceptance; the eight facts of the registration are due at once."""
    tree = just_registered()
    del tree["petitioners"][0]["role"]
    assert next_limit(tree, date(2021, 9, 16)) is not None
    assert next_limit(unanswered() | {"petitioners": tree["petitioners"]}) is None

    del tree["registration"]["summary"]
    assert next_limit(tree, date(2021, 9, 16)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"write_off": {"requested_on": "2021-10-08"}},
        {"decision": "declined", "declined": {"ground": 1}},
        {"grounds": []},
        {"registration": {"no": "钢信执2021-0042", "received_on": "2021-09-16"}},
        {"enforcement_cases": [{"no": "2020执1号", "parties": {"applicants": ["甲某某"], "respondents": ["乙某某"]}}]},
    ],
    ids=["write-off", "declined", "no ground", "unregistered", "wrong number"],
)
def test_what_is_due_or_wrong_is_not_in_progress(change: Tree) -> None:
    """A write-off, a declined case, a lack that is due on acceptance or registration, and wrong data are returned."""
    assert next_limit(unanswered() | change) is None


def test_a_file_with_a_fault_is_not_in_progress() -> None:
    """It has to be scanned again, whatever the limits."""
    assert (
        next_limit(unanswered(), problems={"批示.pdf": FileProblem("FILE-DAMAGED", "已损坏。", "请重新扫描。")}) is None
    )


def test_an_answered_or_complete_case_is_not_in_progress() -> None:
    """After the reply was served everything is due; a complete case is bundled."""
    answered = cases.archive()
    answered["materials"] = [one for one in answered["materials"] if "evidence" not in one["items"]]

    assert next_limit(answered) is None
    assert next_limit(cases.archive()) is None


@given(st.dates(date(2021, 9, 22), date(2021, 12, 31)), st.booleans())
def test_in_progress_means_that_no_limit_is_past(today: date, is_interviewed: bool) -> None:  # noqa: FBT001 (drawn)
    """On any day, with or without the interview."""
    tree = unanswered()
    if not is_interviewed:
        del tree["interview"]
    limit = next_limit(tree, today)
    waiting = [one for one in judge(tree, today=today).deadlines if one.done is None]

    assert (limit is not None) == (min(one.due for one in waiting) >= today)
