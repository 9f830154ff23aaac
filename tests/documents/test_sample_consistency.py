"""A sample says one thing: names, days and amounts are the same in case.json, in every drafted paper, and in every scan."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest

from bundler.documents.views.write_off import group_write_off_materials
from tests.support.contradictions import Drafted, draft_all, list_contradictions
from tests.support.documents import build_case, draft_text, load_sample
from tests.support.paths import SAMPLES
from tests.support.sample_scans import SAMPLE_NAMES, read_scanned_papers, read_scans

_DIGITS = "〇一二三四五六七八九"


def read_tree(name: str) -> dict[str, Any]:
    """A sample's case.json."""
    tree: dict[str, Any] = json.loads((SAMPLES / name / "case.json").read_text(encoding="utf-8"))
    return tree


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_the_papers_of_a_sample_do_not_contradict_it(name: str) -> None:
    """Every paper that can be drafted, each petitioner's copy of it."""
    case = load_sample(name)

    assert list_contradictions(case, read_tree(name), draft_all(case)) == []


def test_a_contradiction_is_found() -> None:
    """A name, an amount, a later day, a wrong party, a count, and both voices."""
    case, tree = load_sample("in-progress"), read_tree("in-progress")
    told = Drafted(
        "coordination_record",
        0,
        (
            "寅某某等7人于2031年1月1日领取99元，我院已知悉。",
            "丁某某系（2021）鲁0117执9032号案申请执行人。",
        ),
    )
    found = list_contradictions(case, tree, [told])

    assert len(found) == 6
    assert list_contradictions(case, tree, [Drafted("supervision_report", 0, ("你向本院反映",))]) != []


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_a_name_in_two_scans_is_in_the_case(name: str) -> None:
    """A person who signs several papers takes part in the case, such as the agent of a company."""
    tree = json.dumps(read_tree(name), ensure_ascii=False)
    papers = read_scanned_papers(name)
    found = sorted({one for paper in papers for one in re.findall(r"[一-龥]某[某𬭎]", paper)})
    often = [one for one in found if sum(one in paper for paper in papers) > 1 and not one.startswith("样")]

    assert [one for one in often if one not in tree and one not in _OTHERS.get(name, ())] == []


_OTHERS: dict[str, tuple[str, ...]] = {
    "write-off-complete": ("戊某某", "褚某某", "辛某某"),
    "declined": ("葛某某",),
}
"""Judges, clerks and witnesses whom two scans name and who take no part in the petition."""


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_the_days_and_numbers_of_a_material_stand_on_its_scan(name: str) -> None:
    """The day of a paper, of its signature and of its posting, and its number."""
    scans = read_scans(name)
    missing: list[tuple[str, object]] = []
    for material in load_sample(name).materials:
        scan = scans.get(material.file)
        if scan is None:
            assert (name, material.file) == ("incomplete", "materials/协助执行通知书回执.pdf")
            continue
        days = [day for day in (material.date, material.signed_on, material.posted_on) if day]
        missing += [(material.file, day) for day in days if not _is_told(day, scan)]
        if material.document_no and material.document_no not in scan:
            missing.append((material.file, material.document_no))

    assert missing == []


def _is_told(day: date, text: str) -> bool:
    """Whether a text names the day, in figures or in Chinese numerals."""
    figures = f"{day.year}年{day.month}月{day.day}日"
    numerals = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return figures in text or f"{numerals}年{_numeral(day.month)}月{_numeral(day.day)}日" in text


def _numeral(value: int) -> str:
    tens, ones = divmod(value, 10)
    return ("" if not tens else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")


@pytest.mark.parametrize("name", ["write-off-complete", "archive-complete", "incomplete"])
def test_the_amounts_of_the_reply_stand_in_the_scans(name: str) -> None:
    """Every amount that the petitioner is informed of is in a paper of the file."""
    scans = "".join(read_scans(name).values())
    amounts = set(re.findall(r"\d+(?=元)", draft_text(read_tree(name), "reply_opinion")))

    assert amounts
    assert [amount for amount in amounts if amount not in scans] == []


def test_the_reply_answers_each_lead_that_the_petitioner_gave() -> None:
    """Wages, a loader, a housing fund; and what was found agrees with the state of the case."""
    tree = read_tree("write-off-complete")
    reply, measures = draft_text(tree, "reply_opinion"), draft_text(tree, "measures_statement")

    assert "关于你提供的三条财产线索：乙某𬭎帮工建房的工钱已经结清；装载机系" in reply
    assert "未查询到乙某𬭎的住房公积金缴存账户。" in reply
    assert "执行到位" not in measures
    assert "货款债权" not in measures
    assert not [file for file, scan in read_scans("write-off-complete").items() if "货款债权" in scan]


def test_three_machines_are_no_single_one() -> None:
    """The reply, the form and the record of the archive sample sell what was seized."""
    tree = read_tree("archive-complete")
    papers = [draft_text(tree, document) for document in ("reply_opinion", "approval_form", "collective_record")]

    assert [paper for paper in papers if "上述三台设备于2021年11月9日以168160元成交" not in paper] == []
    assert [paper for paper in papers if "该设备" in paper] == []


def test_the_request_and_the_list_count_the_same_enclosures() -> None:
    """13 papers: the statement of measures is drafted, and counts with its five proofs; one measure names two of them."""
    tree = read_tree("write-off-complete")
    groups = list(group_write_off_materials(build_case(tree)).values())
    request = draft_text(tree, "write_off_request")

    assert {group: groups.count(group) for group in groups} == {
        "conversation_record": 1,
        "measures": 5,
        "legal_document": 2,
        "commitment": 1,
        "other": 3,
    }
    assert "相关法律文书2件、谈话笔录1件、接访后采取工作措施情况说明及佐证6件、息诉罢访承诺书1件、其他3件。" in request
