"""Suggestions and opinions (建议、意见): their own words in letters, forms and reports, whether taken up or not."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.documents.test_wording import PHRASE, tree
from tests.support.documents import draft_paragraphs, draft_text, example_tree
from tests.support.variants import VARIANTS

CASE = PHRASE.removesuffix("发放执行款不及时问题")


@pytest.mark.parametrize(
    ("nature", "noun", "made"),
    [("suggestion", "建议", "建议加快处置财产"), ("opinion", "意见", "提出加快处置财产的意见")],
)
def test_a_suggestion_is_made_and_weighed(nature: str, noun: str, made: str) -> None:
    """提出 instead of 反映, no finding on it, and only the general sentence on remedies."""
    case = tree()
    case["registration"] |= {"nature": nature, "brief": "加快处置财产"}
    case["claims"] = [{"statement": "应当加快处置财产", "outcome": "supported"}]
    notice, reply = draft_paragraphs(case, "acceptance_notice"), draft_paragraphs(case, "reply_opinion")

    assert notice[4].endswith(f"执行一案{made}。")
    assert notice[4].startswith("你于2021年9月16日到本院，就（2020）")
    assert notice[5].startswith("经审查，你提出的事项属于")
    assert f"本院对你的{noun}进行了研究。" in reply
    assert f"你的{noun}对改进执行工作有参考价值，本院予以采纳。" in reply
    assert "权利告知" not in "".join(reply)
    assert "本意见书不影响你依法行使诉讼权利。" in reply


def test_an_inner_paper_speaks_of_a_suggestion_as_one() -> None:
    """就……一案建议……, as the letter to the petitioner has it."""
    case = tree(
        assignment={"body": "济南市中级人民法院", "received_on": "2021-09-16"},
        not_ours={"checked": "甲。", "reason": "乙。", "work_done": "丙。", "noted_on": "2021-10-08"},
        measures=[{"on": "2021-09-24", "action": "查询财产"}],
    )
    case["registration"] |= {"nature": "suggestion", "brief": "加快处置财产"}

    assert [
        line
        for line in draft_paragraphs(case, "jurisdiction_note")
        if line.endswith("执行一案建议加快处置财产的信访事项收悉。经核查，现说明如下：")
    ]
    assert [
        line
        for line in draft_paragraphs(case, "measures_statement")
        if "执行一案建议加快处置财产的信访事项，我院于" in line
    ]


@pytest.mark.parametrize(
    ("nature", "made", "about"),
    [("suggestion", "建议加快处置财产", "建议"), ("opinion", "提出加快处置财产的意见", "意见")],
)
def test_a_suggestion_that_another_body_passed_on_has_one_subject(nature: str, made: str, about: str) -> None:
    """In the notice and in the reply, with an agent and without; papers to be added are about the suggestion, no proofs."""
    case = tree(assignment={"body": "济南市中级人民法院", "received_on": "2021-09-16"})
    case["registration"] |= {"nature": nature, "brief": "加快处置财产", "channel": "letter"}
    case["claims"] = [{"statement": "应当加快处置财产", "outcome": "supported"}]
    said = f"就{CASE}{made}，信访材料由济南市中级人民法院转来，本院于2021年9月16日收到。"
    notice = draft_paragraphs(case, "acceptance_notice")

    assert notice[4] == f"你{said}"
    assert draft_paragraphs(case, "reply_opinion")[4].startswith(f"你{said}")
    added = next(line for line in notice if "可以补充提交" in line)
    assert f"你可以补充提交与所提{about}有关的材料，并注明登记号。" in added
    case["petitioners"].append({"name": "丁某某", "role": "agent", "principal": {"name": "甲某某"}})
    assert draft_paragraphs(case, "acceptance_notice")[4] == f"受你委托，丁某某{said}"
    usual = draft_text(tree(), "acceptance_notice")
    assert "你可以补充提交与所反映事项有关的证据、财产线索等材料，" in usual


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [
        (None, "对该项建议，本院不予采纳。理由是：财产已经处置完毕。"),
        ("law", "该项建议缺乏法律依据，本院不予采纳。理由是：财产已经处置完毕。"),
        ("facts", "该项建议缺乏事实依据，本院不予采纳。理由是：财产已经处置完毕。"),
    ],
)
def test_a_suggestion_that_is_not_taken_up_is_not_said_to_be(lacks: str | None, sentence: str) -> None:
    """Neither by a reply of one page, whose lines are closer, nor by any other paper; it is 采纳 that is refused."""
    case = refused_suggestion()
    if lacks:
        case["claims"][0]["lacks"] = lacks
    reply = draft_paragraphs(case, "reply_opinion")

    assert sentence in reply
    assert "有参考价值" not in "".join(reply)
    assert "拟不予采纳。理由：财产已经处置完毕。" in draft_paragraphs(case, "approval_form")
    assert "拟不予采纳。理由：财产已经处置完毕。" in draft_text(case, "collective_record")
    assert "对所提建议不予采纳，理由是财产已经处置完毕。" in draft_paragraphs(case, "write_off_request")
    assert "对该项建议，我院不予采纳，理由是财产已经处置完毕。" in draft_paragraphs(case, "supervision_report")
    assert "不予支持" not in "".join(draft_text(case, paper) for paper in ("reply_opinion", "write_off_request"))


def test_of_two_suggestions_the_one_taken_up_is_not_all_of_them() -> None:
    """该项建议, where the other is refused."""
    case = refused_suggestion()
    case["claims"][0]["title"] = "加快处置财产"
    case["claims"].append({"title": "公开执行信息", "statement": "公开案件执行信息", "outcome": "supported"})
    reply = draft_paragraphs(case, "reply_opinion")

    assert "本院对该项建议进行了研究。" in reply
    assert "该项建议对改进执行工作有参考价值，本院予以采纳。" in reply
    assert "你单位的建议" not in "".join(reply)


def refused_suggestion() -> dict[str, Any]:
    """One suggestion, not taken up, in a case with all papers."""
    case = deepcopy(VARIANTS["suggestion"]) | {"assignment": example_tree()["assignment"]}
    case |= {"write_off": {"requested_on": "2021-11-22"}, "measures": [{"on": "2021-09-24", "action": "查询财产"}]}
    answer = {"outcome": "not_supported", "reason": "财产已经处置完毕", "facts": "查封的财产已于2021年8月2日处置完毕"}
    case["claims"][0] |= answer
    return case


def test_a_suggestion_that_is_considered_has_its_reason_in_the_request() -> None:
    """A whole sentence, which says what became of it; and what a discussion is about is no opinion of the petitioner's."""
    case = refused_suggestion()
    case["claims"][0]["outcome"] = "explained"

    told = "将在工作中予以考虑；财产已经处置完毕，已向信访人解释说明。"
    assert f"对所提建议{told}" in draft_paragraphs(case, "write_off_request")
    assert f"对该项建议，我院{told}" in draft_paragraphs(case, "supervision_report")
    matter = next(line for line in draft_paragraphs(case, "collective_record") if line.startswith("研究事项："))
    assert matter.endswith("执行一案建议加快处置查封的财产一事的办理意见")
