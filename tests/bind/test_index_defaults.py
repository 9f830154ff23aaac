"""The index says of a paper what the case and the file's name say of it, and nothing that nobody knows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bundler.bind.default_index_entries import default_author, default_title, index_date, title_in_file_name
from bundler.case.model import Case, Material
from bundler.regulation.papers import Item
from tests.support.regulations import REGULATION

CASE: dict[str, Any] = {
    "petitioners": [{"name": "甲某某"}, {"name": "乙某某"}],
    "assignment": {"body": "济南市中级人民法院"},
    "acceptance": {"notice_on": "2021-09-17"},
    "interview": {"held_on": "2021-09-22"},
}


def material(item: Item, file: str = "materials/扫描件001.pdf", **more: Any) -> Material:  # noqa: ANN401 (fields)
    """A material of one item."""
    return Material.model_validate({"items": [item.value], "file": file, **more})


@pytest.mark.parametrize(
    ("file", "title"),
    [
        ("materials/不动产登记查询结果.pdf", "不动产登记查询结果"),
        ("materials/证据/03_银行流水（1）.jpg", "银行流水"),
        ("扫描件001.pdf", ""),
        ("IMG_20211108_0912.jpg", ""),
        ("微信图片_2021.jpg", ""),
        ("证据材料2.pdf", ""),
        ("a.pdf", ""),
    ],
)
def test_a_title_is_read_from_a_file_name_that_says_something(file: str, title: str) -> None:
    """Numbers of order and the words of scanners are no title."""
    assert title_in_file_name(file) == title


def test_evidence_has_its_own_title_and_no_author_of_whom_nobody_knows() -> None:
    """Other papers have the title of their item."""
    assert (
        default_title(material(Item.EVIDENCE, "materials/银行流水.pdf"), REGULATION.papers[Item.EVIDENCE]) == "银行流水"
    )
    assert default_title(material(Item.EVIDENCE), REGULATION.papers[Item.EVIDENCE]) == "相关证据材料"
    assert default_title(
        material(Item.ACCEPTANCE_NOTICE, "materials/盖章后.pdf"), REGULATION.papers[Item.ACCEPTANCE_NOTICE]
    ).endswith("告知书")
    case = Case.model_validate(CASE)
    assert default_author(case, Item.EVIDENCE) == ""
    assert default_author(case, Item.OTHER) == ""
    assert default_author(case, Item.COMMITMENT) == "甲某某、乙某某"
    assert default_author(case, Item.SUPERIOR_NOTICE) == "济南市中级人民法院"
    assert default_author(case, Item.INTERVIEW) == "本院"


def test_a_date_is_the_papers_own_or_what_the_form_knows() -> None:
    """A receipt's is that of its signature."""
    case = Case.model_validate(CASE)
    notice = material(Item.ACCEPTANCE_NOTICE)
    assert index_date(case, notice, Item.ACCEPTANCE_NOTICE) == date(2021, 9, 17)
    dated = material(Item.ACCEPTANCE_NOTICE, date="2021-09-18")
    assert index_date(case, dated, Item.ACCEPTANCE_NOTICE) == date(2021, 9, 18)
    assert index_date(case, material(Item.INTERVIEW), Item.INTERVIEW) == date(2021, 9, 22)
    receipt = material(Item.ACCEPTANCE_SERVICE, date="2021-09-17", signed_on="2021-09-20")
    assert index_date(case, receipt, Item.ACCEPTANCE_SERVICE) == date(2021, 9, 20)
    assert index_date(case, material(Item.EVIDENCE), Item.EVIDENCE) is None
