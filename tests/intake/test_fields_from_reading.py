"""Values read on scans are proposed for empty fields: right ones only, each with its place, and none for a field that is filled."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bundler.case.json_pointer import parse_pointer
from bundler.case_edit.change_operations import value_at
from bundler.case_edit.three_way_merge import merge
from bundler.intake.fields_from_reading import FieldProposal, change_of, find_values, first_of_each
from bundler.scan_reading.record import ReadLine
from tests.support.paths import SAMPLES
from tests.support.sample_readings import read_sample
from tests.support.scan_readings import read_page, scan_reading

EMPTY: dict[str, Any] = {"registration": {}, "assignment": {"body": "某中院"}, "relief": {}}


def propose(tree: dict[str, Any], lines: list[str]) -> dict[str, str]:
    """The proposals of a page with these lines: the values by the paths."""
    reading = scan_reading("0" * 64, [read_page(1, lines)])
    return {one.path: one.value for one in first_of_each(find_values(tree, {"来信.pdf": reading}))}


@pytest.mark.parametrize("sample", ["archive-complete", "write-off-complete", "declined"])
def test_what_is_proposed_for_the_samples_is_what_their_cases_say(sample: str) -> None:
    """With all fields empty; the amount is of no field that these cases have filled in."""
    case = json.loads((SAMPLES / sample / "case.json").read_text(encoding="utf-8"))
    readings = {file: scan_reading("0" * 64, pages) for file, pages in read_sample(sample).items()}
    found = [one for one in first_of_each(find_values(EMPTY, readings)) if one.path != "/relief/enforced"]
    assert {one.path for one in found} >= {"/enforcement_cases/0/no", "/petitioners/0/name"}
    for one in found:
        right = value_at(case, parse_pointer(one.path))
        assert one.value in right if isinstance(right, list) else one.value == right, one
        page = readings[one.file].page(one.page)
        assert page is not None
        assert any(one.box[0] <= line.box[0] and line.box[3] <= one.box[3] for line in page.lines)
    assert first_of_each(find_values(case, readings)) == ()


def test_a_letter_gives_name_numbers_and_case_number() -> None:
    """In other words than the samples'; a number on a paper that is not the petitioner's is nobody's."""
    letter = [
        "我叫丁某某，家住某村",
        "案号(2020)鲁0117执9001号一直没有执行",
        "身份证号：999999196805020013",
        "手机：13812345678",
    ]
    assert propose(EMPTY, letter) == {
        "/enforcement_cases/0/no": "（2020）鲁0117执9001号",
        "/petitioners/0/name": "丁某某",
        "/petitioners/0/phone": "13812345678",
        "/petitioners/0/id_number": "999999196805020013",
    }
    assert propose(EMPTY, ["约谈笔录", "被约谈人（签名、捺印）：丙某某"]) == {}
    assert propose(EMPTY, ["执行局", "联系电话：13812345678", "身份证号：999999196805020013"]) == {}
    assert propose(EMPTY, ["我叫丁某某，家住某村", "手机：1381234567", "身份证号：999999196805020014"]) == {
        "/petitioners/0/name": "丁某某"
    }


def test_enforcement_papers_give_parties_day_and_amount() -> None:
    """Another procedure's number is none of an enforcement case; 不详 and a part that nobody began stay as they are."""
    order = [
        "执行裁定书",
        "（2020）鲁0117执异12号",
        "申请执行人：甲某某，男，汉族",
        "被执行人：乙某某、某市样某有限公司",
        "本院于2020年3月4日立案执行。",
        "本案已执行到位12600.50元",
    ]
    reading = scan_reading("0" * 64, [read_page(1, order)])
    found = [(one.path, one.value) for one in first_of_each(find_values(EMPTY, {"裁定.pdf": reading}))]
    assert found == [
        ("/enforcement_cases/0/parties/applicants", "甲某某"),
        ("/enforcement_cases/0/parties/respondents", "乙某某"),
        ("/enforcement_cases/0/parties/respondents", "某市样某有限公司"),
        ("/enforcement_cases/0/filed_on", "2020-03-04"),
        ("/relief/enforced", "12600.50"),
    ]
    unknown = {"enforcement_cases": [{"no": "x", "parties": {"unknown": "案卷调阅中"}}]}
    assert propose(unknown, order) == {"/enforcement_cases/0/filed_on": "2020-03-04"}


def test_cells_of_a_form_are_read_with_their_labels() -> None:
    """A label in one cell, its text in the next one, over two lines."""
    lines = tuple(
        ReadLine(box=(100, top, 600, top + 40), text=text, cell=cell)
        for top, (cell, text) in zip(
            range(300, 900, 60),
            [(1, "信访人"), (2, "钢城区样某物资"), (2, "有限公司"), (3, "反馈期限"), (4, "2021年11月15日")],
            strict=False,
        )
    )
    reading = scan_reading("0" * 64, [read_page(1, lines=lines)])
    assert {one.path: one.value for one in first_of_each(find_values(EMPTY, {"单.pdf": reading}))} == {
        "/petitioners/0/name": "钢城区样某物资有限公司",
        "/assignment/feedback_due": "2021-11-15",
    }


def test_taking_one_after_the_other_fills_one_case_and_one_petitioner() -> None:
    """Whatever comes first makes the entry, and the others go into it."""
    tree: dict[str, Any] = {}
    for path, value in (
        ("/petitioners/0/phone", "13812345678"),
        ("/petitioners/0/name", "丁某某"),
        ("/enforcement_cases/0/parties/respondents", "乙某某"),
        ("/enforcement_cases/0/no", "（2020）鲁0117执9001号"),
        ("/enforcement_cases/0/parties/respondents", "丙某某"),
        ("/enforcement_cases/0/parties/applicants", "甲某某"),
        ("/transfer/transferred_on", "2021-09-16"),
    ):
        proposal = FieldProposal(path, "", value, "来信.pdf", 1, (0, 0, 1, 1), "", "0" * 64)
        tree = dict(merge(tree, tree, [change_of(tree, proposal)]).tree)
    assert tree == {
        "petitioners": [{"phone": "13812345678", "name": "丁某某"}],
        "enforcement_cases": [
            {
                "parties": {"respondents": ["乙某某", "丙某某"], "applicants": ["甲某某"]},
                "no": "（2020）鲁0117执9001号",
            }
        ],
        "transfer": {"transferred_on": "2021-09-16"},
    }
