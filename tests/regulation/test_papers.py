"""Every paper of the table can be given, guessed, bound and asked for, without another line of code."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from bundler.bind.binding_order import arrange_papers
from bundler.case.model import SCHEMA_NAME, Material, schema_folder
from bundler.case.validation import validate_tree
from bundler.documents.definitions import DOCUMENTS
from bundler.documents.views.petitioner_copies import Service
from bundler.regulation.papers import (
    PAPER_KINDS,
    SERVICE_RECEIPTS,
    BundleKind,
    DateUse,
    Item,
    guess_item,
    notice_of,
)
from tests.support import cases
from tests.support.regulations import REGULATION, RULES

KINDS = tuple(BundleKind)


def test_every_item_is_a_row_of_the_table_and_stands_in_the_exported_schema() -> None:
    """An id without a row could be written into case.json and would then be unknown."""
    schema = json.loads((schema_folder() / SCHEMA_NAME).read_text("utf-8"))

    assert set(PAPER_KINDS) == set(Item)
    assert schema["$defs"]["Item"]["enum"] == [item.value for item in Item]


@pytest.mark.parametrize(
    ("item", "word"), [(item, word) for item, paper in PAPER_KINDS.items() for word in paper.key_words]
)
def test_a_key_word_suggests_its_paper(item: Item, word: str) -> None:
    """Also where it contains a key word of another paper."""
    assert guess_item(f"2021-09-20 {word}.pdf") is item


@pytest.mark.parametrize(
    "title", ["已穷尽执行措施情况表", "司法救助报请表", "回访记录", "催办（督办）单", "接访登记表"]
)
def test_a_paper_that_no_list_requires_is_not_taken_for_one_that_a_list_does(title: str) -> None:
    """The table of exhausted measures is no statement of measures, and the register of receptions no registration."""
    assert guess_item(f"{title}.pdf") is Item.OTHER


@pytest.mark.parametrize("item", Item)
@pytest.mark.parametrize("kind", KINDS)
def test_a_material_of_every_item_is_bound_in_every_kind_of_bundle(kind: BundleKind, item: Item) -> None:
    """At its place in the binding order, or before the other papers (等相关材料)."""
    case = validate_tree({**cases.archive(), "materials": [{"items": [item.value], "file": "a.pdf"}]}).case
    assert case is not None

    sections = arrange_papers(case, kind, {"a.pdf": cases.record("a.pdf")}, REGULATION)
    order = [section.item for section in sections if section.item in REGULATION.binding_order(kind)]

    assert [paper.key for section in sections for paper in section.papers].count("material-0") == 1
    assert order == sorted(order, key=REGULATION.binding_order(kind).index)


def test_every_required_paper_has_a_rule_and_a_way_to_get_it() -> None:
    """Either a document is generated in its place, or the fix says what to do."""
    for paper in REGULATION.required_papers(BundleKind.WRITE_OFF):
        assert paper.rule in RULES
        assert paper.document or paper.fix


def test_what_is_generated_in_the_place_of_a_paper_is_a_document_for_that_paper() -> None:
    """The two tables agree."""
    for kind in KINDS:
        for paper in REGULATION.generated_papers(kind):
            assert paper.document is not None
            assert DOCUMENTS[paper.document].item is paper.item


def test_every_receipt_of_service_names_a_notice_whose_date_the_case_gives() -> None:
    """Without it no receipt falls due, and the order of dates is not checked."""
    case = validate_tree(cases.archive()).case
    assert case is not None

    assert [item.value for item in SERVICE_RECEIPTS] == list(get_args(Service)), (
        "the receipt's template names each notice"
    )
    assert all(notice_of(item).date_keys and notice_of(item).date_label for item in SERVICE_RECEIPTS)
    assert [case.notice_date(item) is not None for item in SERVICE_RECEIPTS] == [True, True, False]


def test_a_paper_asks_only_for_dates_that_a_material_can_bear() -> None:
    """And one that requires a date names at least one."""
    for paper in PAPER_KINDS.values():
        assert {date.field for date in paper.dates} <= set(Material.model_fields)
        assert paper.dates or paper.date_use is DateUse.OPTIONAL
