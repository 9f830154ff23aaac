"""The records of meetings, inquiries, hearings and discussions: word for word, with blanks for what is still to be said."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document as WordDocument

from tests.support import cases
from tests.support.documents import build_case, draft_case, draft_paragraphs, missing_paths


def tree() -> dict[str, Any]:
    """A case with all four meetings."""
    case = cases.with_records(cases.archive())
    case["people"]["clerk"] = {"name": "周某某"}
    case["registration"]["brief"] = "未及时查控财产问题"
    return case


MATTER = "甲某某反映（2020）鲁0117执9001号申请执行人甲某某与被执行人乙某某民间借贷纠纷执行一案未及时查控财产问题"


def test_a_coordination_record_names_who_takes_part_by_side() -> None:
    """The head of the record, line by line, and a row for each signature."""
    words = draft_paragraphs(tree(), "coordination_record")

    assert words[2:11] == [
        "会议名称：甲某某信访事项协调会",
        "时间：2021年10月8日9时至　　时　　分",
        "地点：本院",
        "主持人：王某某（副院长）",
        "参加人员（本院）：李某某（执行员）、赵某某（审判员）",
        "参加人员（案件当事人及代理人）：甲某某（信访人）、乙某某（被执行人）",
        "记录人：周某某（书记员）",
        f"议题：{MATTER}的信访事项",
        "登记号：钢信执2021-0042",
    ]
    start = words.index("以上记录经参加人员核对。")
    assert words[start + 1 : start + 8] == ["姓名", "签名", "日期", "李某某", "赵某某", "甲某某", "乙某某"]


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (
            {"result": "agreed", "agreed": ["一并分配。", "于月底前送达。"]},
            "经协调，各方达成一致意见如下：1.一并分配。2.于月底前送达。",
        ),
        (
            {"result": "partly", "agreed": ["先予发放。"], "disputed": "利息的数额"},
            "经协调，部分达成一致：先予发放。对利息的数额未达成一致。",
        ),
        ({"result": "none"}, "经协调，未达成一致意见。各方意见已如实记录。"),
    ],
)
def test_a_coordination_ends_in_one_of_three_ways(result: dict[str, Any], sentence: str) -> None:
    """Each has its own sentence; an open result has none and is written by hand."""
    case = tree()
    case["coordination"] |= result

    assert sentence in draft_paragraphs(case, "coordination_record")
    assert not [line for line in draft_paragraphs(tree(), "coordination_record") if line.startswith("经协调")]


def test_each_who_takes_part_has_room_for_an_opinion() -> None:
    """By name and standing, where the case has no statements yet."""
    words = draft_paragraphs(tree(), "coordination_record")
    start = words.index("二、各方意见") + 1

    assert words[start : words.index("三、协调结果")] == [
        "李某某（执行员）：",
        "赵某某（审判员）：",
        "甲某某（信访人）：",
        "乙某某（被执行人）：",
    ]


def test_an_agreement_has_to_say_what_was_agreed() -> None:
    """A partial agreement must also say what was not agreed."""
    case = tree()
    case["coordination"]["result"] = "partly"

    assert missing_paths(case, "coordination_record") == ["/coordination/agreed", "/coordination/disputed"]


def test_an_investigation_record_asks_without_saying_who_complained_of_whom() -> None:
    """No number, address or phone of the petitioner; the questions of the case, each with space for the answer."""
    case = tree()
    case["petitioners"][0] |= {"address": "样某村", "birth_date": "1968-05-02"}
    case["investigations"][0]["questions"] = ["乙某某现在住在哪里？"]
    words = draft_paragraphs(case, "investigation_record")

    assert "被调查人：郑某某，男。" in words
    assert "调查人：李某某（执行员）、赵某某（审判员）" in words
    assert "问：乙某某现在住在哪里？" in words
    assert "问：以上陈述是否属实？还有无补充？" in words
    assert not [line for line in words if "样某村，" in line or "13800000000" in line or "1968年" in line]


def test_an_inquiry_is_made_by_two() -> None:
    """A single investigator is reported as missing."""
    case = tree()
    del case["investigations"][0]["investigators"][1]

    assert missing_paths(case, "investigation_record") == ["/investigations/0/investigators"]


def test_a_hearing_record_has_the_nine_stages_and_pronounces_nothing() -> None:
    """In order; each statement is under its stage."""
    case = tree()
    case["hearing"]["petitioner_said"] = [{"by": "信访人甲某某", "text": "请求继续查找财产。"}]
    words = draft_paragraphs(case, "hearing_record")
    stages = [
        "核对参加人身份",
        "宣布听证事项和纪律",
        "告知权利义务",
        "信访人陈述",
        "案件承办人说明",
        "出示和辨认材料",
        "询问",
        "最后陈述",
        "主持人小结",
    ]

    assert [line for line in words if line in stages] == stages
    assert words.index("信访人陈述") < words.index("信访人甲某某：请求继续查找财产。") < words.index("案件承办人说明")
    assert f"主持人：今天就{MATTER}进行听证。听证期间请依次发言，未经许可不得录音、录像、拍照。" in words
    assert not [line for line in words if any(word in line for word in ("开庭", "审理", "当庭", "评议意见"))]


def test_a_hearing_without_a_panel_speaks_of_none() -> None:
    """A panel that the head does not name is neither challenged, nor asks, nor confers."""
    case = tree()
    assert "听证员" not in "".join(draft_paragraphs(case, "hearing_record"))

    case["hearing"]["panel"] = [{"name": "周某某", "unit": "样某社区"}]
    words = "".join(draft_paragraphs(case, "hearing_record"))
    assert "有权申请主持人、听证员、记录人回避" in words
    assert "听证员、参加人可以询问。" in words
    assert "听证员评议另行记录" in words


def test_the_discussion_hears_what_the_approval_form_tells() -> None:
    """The work since the petition arrived, by one rule; a report that the case gives is printed alone."""
    case = tree()
    told = "收到信访事项后：2021年9月22日，约谈信访人；"
    words = draft_paragraphs(case, "collective_record")
    found = [line for line in words if line.startswith("收到信访事项后：")]

    assert found == [line for line in draft_paragraphs(case, "approval_form") if line.startswith("收到信访事项后：")]
    assert found[0].startswith(told)
    assert found[0].endswith("2021年10月12日，向被执行人的邻居郑某某调查；2021年10月20日，进行听证。")
    case["approval"]["collective"]["report"] = "承办人汇报的内容。"
    assert told not in "".join(draft_paragraphs(case, "collective_record"))


@pytest.mark.parametrize(
    ("result", "sentences"),
    [
        (
            {},
            [
                "经研究，□一致意见　□多数意见：对该项反映解释说明。",
                "□未形成一致意见，提请＿＿＿＿＿＿＿＿研究。",
                "不同意见：",
            ],
        ),
        ({"result": "unanimous"}, ["经研究，一致意见：对该项反映解释说明。"]),
        (
            {"result": "majority", "dissent": [{"by": "赵某某", "text": "应予支持，理由是查询不及时。"}]},
            ["经研究，多数意见：对该项反映解释说明。", "赵某某的不同意见：应予支持，理由是查询不及时。"],
        ),
        ({"result": "none", "referred_to": "主办院领导"}, ["经研究，未形成一致意见，提请主办院领导研究。"]),
    ],
)
def test_a_discussion_concludes_in_one_of_three_ways(result: dict[str, Any], sentences: list[str]) -> None:
    """A dissent is always printed next to the majority's opinion; before the meeting there is room for each conclusion."""
    case = tree()
    case["approval"]["collective"] |= result
    words = draft_paragraphs(case, "collective_record")
    start = words.index("三、研究意见") + 1

    assert words[start : words.index("参加人员签名：")] == sentences


def test_the_reporter_speaks_first_and_the_chair_last() -> None:
    """Everyone once, although the chair is also listed as a participant."""
    case = tree()
    case["approval"]["collective"]["attendees"] = [
        {"name": "王某某"},
        {"name": "赵某某"},
        {"name": "李某某"},
    ]
    words = draft_paragraphs(case, "collective_record")
    start = words.index("二、讨论情况") + 1

    assert words[start : start + 3] == ["李某某：", "赵某某：", "王某某："]


def test_a_different_opinion_is_never_lost_in_a_unanimous_one() -> None:
    """The case must state the result; a majority also needs the dissent."""
    case, other = tree(), tree()
    case["approval"]["collective"]["dissent"] = [{"by": "赵某某", "text": "应予支持。"}]
    other["approval"]["collective"]["result"] = "majority"

    assert missing_paths(case, "collective_record") == ["/approval/collective/result"]
    assert missing_paths(other, "collective_record") == ["/approval/collective/dissent"]


@pytest.mark.parametrize("document", ["coordination_record", "hearing_record", "collective_record"])
def test_everyone_signs_by_hand_in_a_row_of_their_own(document: str) -> None:
    """Every participant once, each name next to two blank cells for signature and date."""
    word = WordDocument(io.BytesIO(draft_case(build_case(tree()), document)))
    head, *rows = [[cell.text for cell in row.cells] for row in word.tables[-1].rows]
    names = [row[-3] for row in rows]

    assert head[-3:] == ["姓名", "签名", "日期"]
    assert {"李某某"} <= set(names)
    assert len(names) == len(set(names))
    assert {text for row in rows for text in row[-2:]} == {""}


def test_a_case_without_a_meeting_is_told_what_the_record_wants() -> None:
    """The error names the missing part of the case."""
    wanted = {
        "coordination_record": ["/coordination"],
        "investigation_record": ["/investigations"],
        "hearing_record": ["/hearing"],
        "collective_record": ["/approval/collective"],
    }
    assert {document: missing_paths(cases.archive(), document) for document in wanted} == wanted
