"""Once a case has all that a document requires, every name guaranteed to its template has a value."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bundler.case.model import Case
from bundler.case.validation import validate_tree
from bundler.documents.capital_amounts import to_capital_amount
from bundler.documents.definitions import DOCUMENTS, find_document_date, find_missing_fields, find_moment
from bundler.documents.views.case_view import CaseView, build_case_view
from bundler.documents.views.fact_cutoff_date import DocumentDay
from bundler.template_check.example_views import violates_guarantee
from tests.support import cases
from tests.support.documents import PROFILE


def full() -> dict[str, Any]:
    """A case that has what every document of an accepted case requires."""
    tree = cases.write_off()
    tree["people"]["clerk"] = {"name": "周某某"}
    tree["interview"]["place"] = "本院"
    tree["registration"]["brief"] = "发放执行款不及时问题"
    tree["petitioners"][0]["address"] = "样某村"
    tree["assignment"] = {"body": "济南市中级人民法院", "received_on": "2021-09-16", "notice_title": "交办通知"}
    tree["not_ours"] = {"checked": "甲。", "reason": "乙。", "work_done": "丙。", "noted_on": "2021-10-08"}
    return cases.without_property(cases.with_records(tree))


TREES = [full(), *(cases.declined(ground) for ground in range(1, 8))]


def leaves(tree: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value that can be removed."""
    children: list[tuple[str | int, object]] = []
    if isinstance(tree, dict):
        children = list(tree.items())
    elif isinstance(tree, list):
        children = list(enumerate(tree))
    for key, value in children:
        yield (*path, key)
        yield from leaves(value, (*path, key))


def without(tree: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    """A copy without the value at the path."""
    cut = copy.deepcopy(tree)
    place: Any = cut
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return cut


@cache
def cut_cases() -> list[Case]:
    """Every whole case, and each with any one value removed, as far as it is still a case; the same for all documents."""
    cut = (without(tree, path) for tree in TREES for path in leaves(tree))
    return [case for tree in (*TREES, *cut) if (case := validate_tree(tree).case) is not None]


@cache
def view_of(number: int, moment: DocumentDay) -> CaseView:
    """The view of one of them; documents of the same moment have the same."""
    return build_case_view(cut_cases()[number], PROFILE, moment)


def has_value(record: object, name: str) -> bool:
    """Whether a dotted name of the view has a value, or entries."""
    for part in name.split("."):
        record = getattr(record, part, None)
    return record is not None and record != ()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_that_lacks_nothing_has_every_name_it_is_assured_of(document: str) -> None:
    """With the whole case, and with any one value removed."""
    filled = 0
    for number, case in enumerate(cut_cases()):
        if find_missing_fields(document, case):
            continue
        filled += 1
        view = view_of(number, find_moment(case, document))
        assert [name for name in DOCUMENTS[document].requirements.guaranteed if not has_value(view, name)] == []
        assert list(broken_promises(document, view)) == []

    assert filled > 0


def broken_promises(document: str, view: object) -> Iterator[tuple[str, str]]:
    """Names without a value although their condition holds."""
    for guarantee in DOCUMENTS[document].requirements.conditional:
        held = getattr(view, guarantee.record)
        for record in held if isinstance(held, tuple) else (held,):
            yield from (
                (guarantee.record, name)
                for name in guarantee.names
                if violates_guarantee(guarantee, view, record, name)
            )


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ("12600", "人民币壹万贰仟陆佰元整"),
        ("10305", "人民币壹万零叁佰零伍元整"),
        ("36.25", "人民币叁拾陆元贰角伍分"),
        ("36.20", "人民币叁拾陆元贰角整"),
        ("36.2", "人民币叁拾陆元贰角整"),
        ("0.05", "人民币伍分"),
        ("100000000", "人民币壹亿元整"),
        ("100010000.05", "人民币壹亿零壹万元零伍分"),
        ("0", "人民币零元整"),
    ],
)
def test_an_amount_in_capital_numerals(figures: str, words: str) -> None:
    """The examples of the drafting brief, and zeros."""
    assert to_capital_amount(figures) == words


@given(st.integers(0, 10**14 - 1))
@example(10**12 + 1)
def test_capital_numerals_read_back_as_the_amount(cents: int) -> None:
    """Every amount that the model accepts, in yuan and fen."""
    figures = f"{cents // 100}.{cents % 100:02}"

    assert read_capital(to_capital_amount(figures)) == cents


def read_capital(text: str) -> int:
    """Parse capital numerals into fen; independent of the code that writes them."""
    text = text.removeprefix("人民币").removesuffix("整")
    yuan, _, rest = text.rpartition("元") if "元" in text else ("", "", text)
    fen, digit = 0, 0
    for mark in rest:
        if mark in "角分":
            fen, digit = fen + digit * (10 if mark == "角" else 1), 0
        else:
            digit = "零壹贰叁肆伍陆柒捌玖".index(mark)
    total, group, digit = 0, 0, 0
    for mark in yuan:
        if mark in "万亿":
            total, group, digit = total + (group + digit) * (10**4 if mark == "万" else 10**8), 0, 0
        elif mark in "拾佰仟":
            group, digit = group + digit * {"拾": 10, "佰": 100, "仟": 1000}[mark], 0
        else:
            digit = "零壹贰叁肆伍陆柒捌玖".index(mark)
    return (total + group + digit) * 100 + fen


def test_the_day_of_a_document_is_that_of_its_case() -> None:
    """None where the case has none."""
    case = validate_tree(full()).case
    assert case is not None

    assert find_document_date(case, "reply_opinion") == date(2021, 11, 10)
    assert find_document_date(case.model_copy(update={"reply": None}), "reply_opinion") is None
