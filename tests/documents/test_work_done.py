"""What papers tell of the work done: who was asked, who handled it, a reward with its period, judicial relief."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.support.documents import draft_paragraphs, draft_text
from tests.support.variants import VARIANTS

STARTED = "启动司法救助程序，案号为（2021）鲁0117司救执9001号"
PAID = "发放救助金10305元"


def with_relief(name: str = "without-property", **facts: str) -> dict[str, Any]:
    """A variant whose petitioner was given relief."""
    tree = deepcopy(VARIANTS[name])
    given = {"started_on": "2021-10-15", "amount": "10305", "paid_on": "2021-11-01"}
    tree["relief"] = {**tree.get("relief", {}), **given, "case_no": "（2021）鲁0117司救执9001号", **facts}
    return tree


def test_relief_stands_in_every_paper_on_the_work_done() -> None:
    """In its place by date: the statement and the request, the approval form and the discussion, the report."""
    tree = with_relief()
    statement = draft_paragraphs(tree, "measures_statement")

    assert statement[statement.index(f"{STARTED}。") - 1] == "2021年10月15日"
    assert statement[statement.index(f"{PAID}。") - 1] == "2021年11月1日"
    effect = "救助金10305元已于2021年11月1日发放，答复意见书已于2021年11月12日送达信访人，"
    assert statement[statement.index("二、工作效果") + 1].startswith(effect)
    request = draft_paragraphs(tree, "write_off_request")
    assert {f"2021年10月15日，{STARTED}。", f"2021年11月1日，{PAID}。"} < set(request)
    for paper in ("approval_form", "collective_record"):
        done = draft_text(tree, paper).split("收到信访事项后：")[1]
        assert f"；2021年10月15日，{STARTED}；2021年10月20日，进行听证，" in done
        assert f"；2021年11月1日，{PAID}。" in done
    report = draft_text(tree, "supervision_report")
    assert f"于2021年10月15日{STARTED}，于2021年10月20日进行听证，于2021年11月1日{PAID}。" in report


def test_relief_is_told_once_and_not_before_it_was_given() -> None:
    """A measure of that day tells of it already; a paper before the payment knows of the start alone; old relief is no work."""
    tree = with_relief()
    tree["measures"].append({"on": "2021-10-15", "action": "为信访人启动司法救助程序", "by": "孙某某"})
    statement = draft_text(tree, "measures_statement")
    assert statement.count("启动司法救助程序") == 1
    assert "为信访人启动司法救助程序。\n孙某某" in statement
    tree["feedback_report"]["reported_on"] = "2021-10-29"
    assert "救助金" not in draft_text(tree, "supervision_report")
    early = with_relief(started_on="2021-09-15", paid_on="2021-09-15")
    assert "救助程序" not in draft_text(early, "measures_statement").split("二、工作效果")[0]


def test_relief_of_one_among_several_names_him() -> None:
    """Where the case says who applied for it."""
    tree = with_relief("one-agent-for-two-of-three", applicant="丙某某")
    done = draft_text(tree, "approval_form")

    assert f"，为丙某某{STARTED}；" in done
    assert "，向丙某某发放救助金10305元。" in done
    told = f"另，本院已于2021年10月15日为丙某某{STARTED}，于2021年11月1日向丙某某发放救助金10305元（大写：人民币"
    assert [line for line in draft_paragraphs(tree, "reply_opinion") if line.startswith(told)]


@pytest.mark.parametrize(
    ("respondent", "subject", "told"),
    [
        ({"name": "丙某某", "relation": "被执行人的邻居"}, None, "向被执行人的邻居丙某某调查"),
        ({"name": "丙某某", "relation": "被执行人的邻居"}, "丙某某", "向被执行人的邻居丙某某调查"),
        ({"name": "丙某某", "relation": "系被执行人的配偶"}, None, "向被执行人的配偶丙某某调查"),
        ({"name": "丙某某", "relation": "与案件没有利害关系"}, None, "向丙某某调查"),
        ({"name": "丙某某", "relation": "朋友关系"}, None, "向丙某某调查"),
        ({"name": "丙某某"}, None, "向丙某某调查"),
        ({"name": "钢城区样某建材有限公司"}, None, "向被执行人钢城区样某建材有限公司调查"),
        ({"name": "丙某某", "relation": "出纳"}, "样某银行钢城支行", "向样某银行钢城支行调查"),
    ],
)
def test_an_inquiry_says_who_that_person_is(respondent: dict[str, str], subject: str | None, told: str) -> None:
    """By the relation that its record gives, else by the position in the case; no other words before a name."""
    tree = deepcopy(VARIANTS["without-property"])
    tree["investigations"][0] |= {"respondent": respondent, "subject": subject}

    assert f"；2021年10月12日，{told}，同日实地调查，" in draft_text(tree, "approval_form")
    assert f"{told}。" in draft_paragraphs(tree, "measures_statement")
    assert f"2021年10月12日，{told}，同日实地调查，" in draft_text(tree, "write_off_request")


@pytest.mark.parametrize(("meeting", "told"), [("coordination", "召开协调会。"), ("hearing", "进行听证。")])
def test_nobody_handles_a_meeting_for_being_there(meeting: str, told: str) -> None:
    """Neither who presides nor who takes part: the case does not say who handled it, so the cell is left to the hand."""
    tree = deepcopy(VARIANTS["without-property"])
    tree[meeting]["chair"] = {"name": "李某某"}
    rows = draft_paragraphs(tree, "measures_statement")

    assert rows[rows.index(told) + 1].isdigit() or rows[rows.index(told) + 1].endswith("笔录")
    assert rows[rows.index("约谈信访人。") + 1] == "李某某"


@pytest.mark.parametrize("name", ["悬赏查找财产", "悬赏公告查找财产", "悬赏执行查找财产"])
def test_a_reward_is_published_on_its_day_and_runs_for_its_period(name: str) -> None:
    """One day is no period: 发布悬赏公告 on it, and what came in within the period; a measure with that name is the same."""
    tree = deepcopy(VARIANTS["without-property"])
    reward = next(one for one in tree["enforcement_measures"] if one["name"] == "悬赏查找财产")
    reward["name"] = name

    told = "发布悬赏公告查找财产，公告期内无人举报。"
    assert f"2021年10月20日，进行听证，同日{told}" in draft_text(tree, "approval_form")
    tree["measures"].append({"on": "2021-10-20", "action": name})
    assert draft_paragraphs(tree, "measures_statement").count(told) == 1
    assert f"{name}。" not in draft_paragraphs(tree, "measures_statement")
    reward["result"] = "收到线索一条，查证不实"
    assert f"{name}，收到线索一条，查证不实。" in draft_paragraphs(tree, "measures_statement")


def test_the_statement_tells_what_the_answers_brought_about() -> None:
    """Money paid, a procedure begun and one told of are rows; the outcomes are counted; what is still promised is the state."""
    statement = draft_paragraphs(VARIANTS["eight-claims"], "measures_statement")

    for day, text in (
        ("2021年9月22日", "告知信访人可以申请变更、追加被执行人。"),
        ("2021年10月15日", "将执行款发放至信访人的账户。"),
        ("2021年10月20日", "依法导入执行异议程序，案号为（2021）鲁0117执异9003号。"),
    ):
        assert statement[statement.index(text) - 1] == day
    effect = statement[statement.index("二、工作效果") + 1]
    counted = "支持2项，解释说明1项，不予支持3项，导入法定程序1项，告知法定程序1项"
    assert effect.startswith(f"信访人的8项请求已经逐项答复：{counted}。答复意见书已于")
    state = statement[statement.index("三、目前状态") + 1]
    assert state == "我院将于2021年11月30日前解除对信访人名下账户的冻结。"
    late = deepcopy(VARIANTS["eight-claims"])
    late["write_off"]["requested_on"] = "2021-12-03"
    assert "三、目前状态\n解除对信访人名下账户的冻结尚在办理。" in draft_text(late, "measures_statement")
    late["measures"].append({"on": "2021-10-15", "action": "发放执行款", "by": "李某某"})
    assert "将执行款发放至" not in draft_text(late, "measures_statement"), "told by the measure of that day"


def test_a_record_proves_the_step_that_it_can_only_be_of() -> None:
    """The one without a title has the name of such records; without a day it counts where the case has one such step."""
    tree = deepcopy(VARIANTS["eight-claims"])
    statement = draft_paragraphs(tree, "measures_statement")
    assert statement[statement.index("约谈信访人。") + 2] == "约谈（谈话）笔录"
    asked = statement.index("向被执行人的邻居郑某某调查。")
    assert statement[asked + 2] == "调查笔录"
    tree["investigations"].append({**tree["investigations"][0], "on": "2021-10-14"})
    statement = draft_paragraphs(tree, "measures_statement")
    assert statement[statement.index("向被执行人的邻居郑某某调查。") + 2] != "调查笔录", "it may be of either"
    tree["coordination"]["started_at"] = "2021-09-22T09:00"
    assert "约谈（谈话）笔录" not in draft_paragraphs(tree, "measures_statement")
