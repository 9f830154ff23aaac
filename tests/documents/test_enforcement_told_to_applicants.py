"""What applicants are told of the enforcement: in the record of the interview and in the reply (约谈笔录、答复意见书)."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.support.documents import draft_paragraphs, draft_text
from tests.support.variants import VARIANTS

SINCE = "收到信访材料后，本院于2021年9月24日查询被执行人银行存款、车辆等8项财产信息，未发现可供执行的财产；于2021年10月20日发布悬赏公告查找财产，公告期内无人举报。经研究，现答复如下："
"""What the reply adds to the facts of a case that tell only of the time before the petition."""


def test_the_reply_tells_the_search_since_the_petition() -> None:
    """Of measures to find property and with property; a visit on the day of an inquiry is told by the inquiry."""
    tree = deepcopy(VARIANTS["without-property"])
    assert SINCE in draft_text(tree, "reply_opinion")

    tree["investigations"] = []
    assert "财产；于2021年10月12日实地调查；于2021年10月20日" in draft_text(tree, "reply_opinion")


def test_the_reply_tells_nothing_twice() -> None:
    """What its own facts, reasons and promises tell of a day stays there."""
    tree = deepcopy(VARIANTS["without-property"])
    tree["claims"][0]["facts"] += "，于2021年9月24日再次查询"
    tree["claims"][0]["reason"] += "。2021年10月20日的悬赏公告无人举报"

    assert "收到信访材料后" not in draft_text(tree, "reply_opinion")


def test_the_reply_leaves_figures_and_later_days_to_the_case() -> None:
    """A balance of somebody's account is not written into the letter; nor what was done after its day, or before the petition."""
    tree = deepcopy(VARIANTS["without-property"])
    tree["investigations"] = []
    tree["enforcement_measures"] = [
        {"name": "查询银行存款", "on": "2021-09-24", "result": "3个账户余额合计36.20元"},
        {"name": "查询车辆", "on": "2021-09-24", "result": "无登记信息"},
        {"name": "查询证券", "on": "2021-11-11", "result": "无"},
        {"name": "查询股权", "on": "2021-09-15", "result": "无"},
        {"name": "发出限制消费令", "on": "2021-09-25", "result": "已发出"},
    ]

    assert (
        "收到信访材料后，本院于2021年9月24日查询被执行人银行存款，同日查询被执行人车辆，无登记信息。经研究"
        in draft_text(tree, "reply_opinion")
    )


@pytest.mark.parametrize("position", ["respondent", "outsider"])
def test_only_applicants_are_told_of_the_search_for_property(position: str) -> None:
    """A debtor and an outsider are not told in what the court looks for property."""
    tree = deepcopy(VARIANTS["without-property"])
    parties = tree["enforcement_cases"][0]["parties"]
    parties["applicants"] = ["张某某"]
    parties["respondents" if position == "respondent" else "outsiders"] = ["甲某某"]
    tree["petitioners"][0]["position"] = position

    assert "收到信访材料后" not in draft_text(tree, "reply_opinion")
    words = draft_paragraphs(tree, "interview_record")
    assert "告知：" in words


def test_the_record_of_an_interview_holds_what_was_done_by_then() -> None:
    """The measures by its day with their results, unless the case writes what was told; otherwise there is room to write."""
    tree = deepcopy(VARIANTS["without-property"])
    words = draft_paragraphs(tree, "interview_record")
    place = next(index for index, line in enumerate(words) if line.startswith("告知："))
    assert words[place : place + 3] == [
        "告知：执行中，本院采取了以下措施：",
        "2020年3月11日，责令报告财产，二被执行人均报告无财产。",
        "2020年4月9日，向二被执行人发出限制消费令。",
    ]
    assert "问：对上述情况你有什么意见？" in words[place + 3 : place + 5]
    assert not [line for line in words if line.startswith("2021年9月24日")]

    tree["interview"]["told"] = ["已于2020年3月11日责令被执行人报告财产。"]
    assert "告知：已于2020年3月11日责令被执行人报告财产。" in draft_paragraphs(tree, "interview_record")
    del tree["interview"]["told"], tree["enforcement_measures"]
    assert "告知：" in draft_paragraphs(tree, "interview_record")
