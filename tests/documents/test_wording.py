"""Addressees of letters, and how the case, the claims, the remedies and the profile change the text."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from bundler.profile import Profile, load_profile
from tests.support import cases
from tests.support.documents import draft_paragraphs, draft_text, draft_tree, missing_paths, read_paragraphs
from tests.support.variants import VARIANTS

RESPONDENTS = ["乙某某"]


def tree(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 (the parts of a case)
    """A case of one petitioner."""
    case = cases.archive()
    case["registration"]["brief"] = "发放执行款不及时问题"
    case["people"]["clerk"] = {"name": "周某某"}
    return case | changes


def with_channel(channel: str, case: dict[str, Any]) -> dict[str, Any]:
    """The case, received through another channel."""
    case["registration"] |= {"channel": channel, "channel_text": "网上信访平台"}
    return case


PHRASE = "（2020）鲁0117执9001号申请执行人甲某某与被执行人乙某某民间借贷纠纷执行一案发放执行款不及时问题"
AGENT = {"name": "丁某某", "role": "agent", "principal": {"name": "甲某某", "proof": "授权委托书"}}
PRINCIPAL = {"name": "甲某某", "role": "party", "position": "applicant"}


@pytest.mark.parametrize(
    ("channel", "opening"),
    [
        ("visit", f"你受甲某某委托，于2021年9月16日到本院反映{PHRASE}。"),
        ("letter", f"本院于2021年9月16日收到你受甲某某委托反映{PHRASE}的来信。"),
        ("phone", f"你受甲某某委托，于2021年9月16日通过电话向本院反映{PHRASE}。"),
        ("network", f"你受甲某某委托，于2021年9月16日通过网上信访平台向本院反映{PHRASE}。"),
        ("other", f"你受甲某某委托，于2021年9月16日以网上信访平台方式向本院反映{PHRASE}。"),
    ],
)
def test_an_agent_alone_is_addressed(channel: str, opening: str) -> None:
    """The notice names the principal, for every channel."""
    words = draft_paragraphs(with_channel(channel, tree(petitioners=[AGENT])), "acceptance_notice")

    assert words[3:5] == ["丁某某：", opening]


@pytest.mark.parametrize(
    ("channel", "opening"),
    [
        ("visit", f"受你委托，丁某某于2021年9月16日到本院反映{PHRASE}。"),
        ("letter", f"本院于2021年9月16日收到丁某某受你委托反映{PHRASE}的来信。"),
        ("phone", f"受你委托，丁某某于2021年9月16日通过电话向本院反映{PHRASE}。"),
    ],
)
def test_a_principal_is_addressed_before_the_agent(channel: str, opening: str) -> None:
    """The principal is the only addressee; the agent comes to the interview."""
    case = with_channel(channel, tree(petitioners=[PRINCIPAL, AGENT]))
    case["interview"] = {"planned_at": "2021-09-22T09:30", "place": "本院"}
    words = draft_paragraphs(case, "acceptance_notice")

    assert words[3:5] == ["甲某某：", opening]
    assert "与你的委托代理人丁某某约谈，请携带身份证件原件、授权委托书及相关材料到场。" in words[7]
    assert "向你答复办理情况及办理结果。" in words[8]


def test_an_agent_of_one_among_several_is_named_with_them() -> None:
    """An agent is no addressee and no petitioner; the letter says for whom the agent acts."""
    other = {"name": "戊某某", "role": "party", "position": "applicant"}

    words = draft_paragraphs(tree(petitioners=[PRINCIPAL, AGENT, other]), "acceptance_notice")

    assert words[3] == "甲某某、戊某某："
    assert words[4] == f"你们于2021年9月16日到本院反映{PHRASE}。甲某某的委托代理人为丁某某。"


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("visit", "来访人："),
        ("letter", "来信人："),
        ("phone", "来电人："),
        ("network", "信访人："),
        ("other", "信访人："),
    ],
)
def test_one_who_gave_no_name_is_addressed_by_how_they_came(channel: str, address: str) -> None:
    """In the notice and in the reply; an internal document calls them 信访人."""
    case = with_channel(channel, tree(petitioners=[{"anonymous": True, "role": "party", "position": "applicant"}]))

    assert draft_paragraphs(case, "acceptance_notice")[3] == address
    assert draft_paragraphs(case, "reply_opinion")[3] == address
    case["measures"] = [{"on": "2021-09-24", "action": "查询被执行人财产"}]
    assert [line for line in draft_paragraphs(case, "measures_statement") if line.startswith("信访人反映")]


@pytest.mark.parametrize(
    ("enforcement", "phrase"),
    [
        ([{"no": "（2020）鲁0117执9001号"}], "（2020）鲁0117执9001号执行一案"),
        (
            [{"no": "（2020）鲁0117执9001号", "cause": "劳动争议", "parties": {"applicants": ["甲某某"]}}],
            "（2020）鲁0117执9001号申请执行人甲某某执行案件",
        ),
        (
            [
                {
                    "no": {"unknown": "信访人不知道"},
                    "cause": "劳动争议",
                    "parties": {"applicants": ["甲某某"], "respondents": ["乙某某"]},
                }
            ],
            "申请执行人甲某某与被执行人乙某某执行案件",
        ),
        (
            [{"no": "（2020）鲁0117执9001号", "parties": {"applicants": ["甲某某"], "respondents": ["乙某某"]}}],
            "（2020）鲁0117执9001号申请执行人甲某某与被执行人乙某某执行一案",
        ),
        ([{"no": {"unknown": "不知道"}}], "执行案件"),
        ([], ""),
        (
            [{"no": f"（2020）鲁0117执900{tail}号"} for tail in (1, 2, 3)],
            "（2020）鲁0117执9001号、（2020）鲁0117执9002号、（2020）鲁0117执9003号执行案件",
        ),
        (
            [{"no": f"（2020）鲁0117执900{tail}号"} for tail in (1, 2, 3, 4)],
            "（2020）鲁0117执9001号等4件执行案件（案号附后）",
        ),
    ],
)
def test_the_case_is_named_by_what_is_known_of_it(enforcement: list[dict[str, Any]], phrase: str) -> None:
    """Complete, without a number, without parties, several, or none; four or more are in a list."""
    words = draft_paragraphs(tree(enforcement_cases=enforcement), "acceptance_notice")

    assert words[4] == f"你于2021年9月16日到本院反映{phrase}发放执行款不及时问题。"
    assert ("执行案件案号表" in words) == (len(enforcement) > 3)


def test_new_claims_in_a_repeated_petition_name_the_reply_before() -> None:
    """The number of visits is not mentioned."""
    case = tree()
    case["reply"]["previous_reply_on"] = "2021-06-01"

    opening = draft_paragraphs(case, "reply_opinion")[4]
    assert "。本院曾于2021年6月1日就你此前反映的事项作出答复。对你新提出的事项，本院于" in opening


def test_claims_of_different_petitioners_bear_their_names() -> None:
    """（一）甲某某反映的……问题, with the answer to each."""
    case = tree(petitioners=[PRINCIPAL, {"name": "丙某某", "role": "party", "position": "applicant"}])
    claim = case["claims"][0] | {"outcome": "supported", "measures": [{"on": "2021-10-15", "text": "发放执行款"}]}
    case["claims"] = [claim | {"by": "甲某某", "title": "执行款发放"}, claim | {"by": "丙某某", "title": "财产查控"}]
    words = draft_paragraphs(case, "reply_opinion")

    assert "（一）甲某某反映的执行款发放问题" in words
    assert "（二）丙某某反映的财产查控问题" in words
    assert "丙某某的该项请求成立，本院予以支持。本院已于2021年10月15日发放执行款。" in words
    assert "本意见书不影响你们依法行使诉讼权利。" in words


def test_relief_that_was_paid_is_named_in_figures_and_in_capitals() -> None:
    """The same amount in both; relief that was only started has none."""
    case = tree(relief={"started_on": "2021-10-15", "case_no": "（2021）鲁0117司救执9001号", "amount": "10305"})
    begun = "另，本院已于2021年10月15日启动司法救助程序，案号为（2021）鲁0117司救执9001号"

    assert f"{begun}。" in draft_paragraphs(case, "reply_opinion")
    case["relief"]["paid_on"] = "2021-11-01"
    paid = "，于2021年11月1日发放救助金10305元（大写：人民币壹万零叁佰零伍元整）。"
    assert f"{begun}{paid}" in draft_paragraphs(case, "reply_opinion")


def remedy(case: dict[str, Any]) -> str:
    """Draft the reply and find the paragraph on remedies."""
    return next(line for line in draft_paragraphs(case, "reply_opinion") if line.endswith("依法行使诉讼权利。"))


@pytest.mark.parametrize(
    ("petitioner", "enforcement", "starts"),
    [
        (
            {"role": "party", "position": "applicant"},
            {"terminated": True},
            ["你发现被执行人有可供", "如你认为本院的执行行为"],
        ),
        (
            {"role": "party", "position": "applicant"},
            {"overdue_six_months": True},
            ["如你认为本院的执行行为", "自本院收到申请执行书之日起超过六个月"],
        ),
        ({"role": "party", "position": "respondent"}, {"terminated": True}, ["如你认为本院的执行行为"]),
        ({"role": "interested", "position": "outsider"}, {}, ["如你对执行标的主张实体权利"]),
        ({"role": "interested"}, {}, ["如你认为本院的执行行为"]),
        ({"role": "none"}, {}, []),
    ],
)
def test_remedies_are_those_of_the_petitioners_position(
    petitioner: dict[str, Any], enforcement: dict[str, Any], starts: list[str]
) -> None:
    """In order, each once; for a terminated case the applicant gets the remedy of resumption, not of delay."""
    case = tree(petitioners=[{"name": "甲某某", **petitioner}])
    case["enforcement_cases"][0] |= enforcement
    sentences = [part for part in remedy(case).split("。") if part]

    assert len(sentences) == len(starts) + 1
    assert [sentence[: len(start)] for sentence, start in zip(sentences, starts, strict=False)] == starts


@pytest.mark.parametrize(
    ("day", "article"),
    [
        ("2021-12-31", "《中华人民共和国民事诉讼法》第二百二十五条的规定"),
        ("2022-01-01", "《中华人民共和国民事诉讼法》第二百三十二条的规定"),
        ("2024-01-01", "《中华人民共和国民事诉讼法》第二百三十六条的规定"),
    ],
)
def test_an_article_is_cited_by_its_number_on_the_replys_day(day: str, article: str) -> None:
    """The first day on which each text is in force."""
    case = tree()
    case["reply"]["replied_on"] = day

    assert article in remedy(case)


@pytest.mark.parametrize(
    ("day", "article"),
    [("2021-12-31", "第二百二十七条"), ("2022-01-01", "第二百三十四条"), ("2024-01-01", "第二百三十八条")],
)
def test_an_outsiders_objection_is_cited_by_its_number_on_the_replys_day(day: str, article: str) -> None:
    """At the borders of the three texts."""
    case = tree(petitioners=[{"name": "丁某某", "role": "interested", "position": "outsider"}])
    case["reply"]["replied_on"] = day

    assert f"可以依照《中华人民共和国民事诉讼法》{article}的规定，向本院提出书面异议" in remedy(case)


def test_a_claim_that_was_granted_leaves_only_the_general_sentence() -> None:
    """No remedy is offered against a granted claim."""
    case = tree()
    case["claims"][0] |= {"outcome": "supported", "measures": [{"on": "2021-10-15", "text": "发放执行款"}]}

    assert remedy(case) == "本意见书不影响你依法行使诉讼权利。"


def test_a_claim_without_an_answer_keeps_the_reply_from_being_drafted() -> None:
    """Each such claim is reported, and the item of Art. 16 is missing."""
    case = tree()
    case["claims"].append({"title": "财产查控", "statement": "未查控财产", "demand": "查控财产"})
    case["claims"][0]["title"] = "执行款发放"
    found = [one for one in cases.judge(case).errors if one.rule == "ART16-8"]

    assert "/claims/1/outcome" in missing_paths(case, "reply_opinion")
    assert len(found) == 1
    assert "第2项" in found[0].message + found[0].fix


def test_a_hearing_yet_to_come_is_not_told_of_as_held() -> None:
    """Neither is an inquiry dated after the reply."""
    case = cases.with_records(tree())
    case["hearing"]["held_on"] = "2021-11-30"
    case["investigations"][0]["on"] = "2021-11-30"
    opening = draft_paragraphs(case, "reply_opinion")[4]

    assert "听证" not in opening
    assert "进行了调查" not in opening


def test_a_talk_by_phone_is_signed_by_the_court_and_recorded() -> None:
    """录音录像见附件 replaces the petitioner's signature."""
    case = tree()
    case["interview"]["place"] = "电话"
    words = draft_paragraphs(case, "interview_record")

    assert "录音录像见附件。" in words
    assert not [line for line in words if line.startswith(("被约谈人（签名", "核对意见（"))]
    assert words[-2:] == ["约谈人（签名）：", "记录人（签名）："]


def test_a_statement_with_one_part_has_no_heading() -> None:
    """一、 stands only before 二、."""
    case = cases.write_off()
    materials = case.pop("materials")
    alone = draft_paragraphs(case, "measures_statement")
    case["write_off"]["effect"] = "执行到位12600元。"

    assert not [line for line in alone if line.startswith("一、")]
    assert {"一、工作措施", "二、工作效果", "执行到位12600元。"} < set(draft_paragraphs(case, "measures_statement"))
    del case["write_off"]["effect"]
    case["materials"] = materials
    told = "答复意见书已于2021年11月12日送达信访人，信访人于2021年11月18日签署息诉罢访承诺书。"
    assert {"一、工作措施", "二、工作效果", told} < set(draft_paragraphs(case, "measures_statement"))


def test_a_statement_lists_what_no_measure_tells_of() -> None:
    """Meetings with who held each and the record that the file holds, measures of enforcement with their results and proofs.

    The request for write-off joins those of one day; of more days than it has room for it lists the main ones alone, without a
    measure that did nothing with property.
    """
    case = cases.with_records(cases.write_off())
    words = draft_paragraphs(case, "measures_statement")
    rows = words[words.index("佐证材料") + 1 : words.index("二、工作效果")]

    assert [row for row in rows if row.endswith("。")] == [
        "约谈信访人。",
        "查询被执行人银行存款、车辆等8项财产信息，未发现可供执行的财产。",
        "召开协调会。",
        "向被执行人的邻居郑某某调查。",
        "实地调查，查明乙某某住所地为租住房屋。",
        "进行听证。",
        "发布悬赏公告查找财产，公告期内无人举报。",
    ]
    assert rows[rows.index("实地调查，查明乙某某住所地为租住房屋。") + 1] == "调查笔录"
    assert rows[rows.index("向被执行人的邻居郑某某调查。") + 1] == "李某某、赵某某"
    request = draft_paragraphs(case, "write_off_request")
    assert "2021年10月12日，向被执行人的邻居郑某某调查，同日实地调查，查明乙某某住所地为租住房屋。" in request
    assert "2021年9月24日，查询被执行人银行存款、车辆等8项财产信息，未发现可供执行的财产。" in request
    assert "2021年10月20日，进行听证，同日发布悬赏公告查找财产，公告期内无人举报。" in request
    more = [{"on": f"2021-10-2{day}", "action": "再次约谈被执行人"} for day in (1, 2)]
    crowded = draft_paragraphs(case | {"measures": [*case["measures"], *more]}, "write_off_request")
    assert "2021年10月20日，进行听证。" in crowded
    assert not [line for line in crowded if "悬赏" in line]
    (record,) = [one for one in case["materials"] if "interview" in one["items"]]
    for day in ("2021-09-22", "2021-10-08"):
        record |= {"title": "约谈笔录", "signed_on": day}
        words = draft_paragraphs(case, "measures_statement")
        assert ("约谈笔录" in words) is (day == "2021-09-22")  # on the day of the coordination it proves nothing
    case["measures"].append({"on": "2021-10-12", "action": "向郑某某调查", "proof": "调查笔录"})
    words = draft_paragraphs(case, "measures_statement")
    assert [words.count(f"{told}。") for told in ("向郑某某调查", "向被执行人的邻居郑某某调查")] == [1, 0]
    case["enforcement_measures"] += [{"on": "2021-09-24", "name": "查询车辆", "result": "查封乙某某名下车辆一辆"}]
    assert "，同日查询被执行人车辆，查封乙某某名下车辆一辆。" in draft_text(case, "write_off_request")


def test_the_note_on_jurisdiction_has_a_heading_for_what_it_says() -> None:
    """建议 stands in the heading where the body to which the matter should go is known, or the work done suggests one."""
    facts = {"checked": "甲。", "reason": "乙。", "work_done": "丙。", "noted_on": "2021-10-08"}
    case = tree(assignment={"body": "济南市中级人民法院", "received_on": "2021-09-16"})
    for more, heading in (
        ({}, "三、已开展的工作"),
        ({"suggested_body": "样某区人民法院"}, "三、已开展的工作和建议"),
        ({"work_done": "丙。建议转样某区人民法院。"}, "三、已开展的工作和建议"),
    ):
        assert heading in draft_paragraphs(case | {"not_ours": facts | more}, "jurisdiction_note")


def test_the_note_on_jurisdiction_lists_what_is_annexed() -> None:
    """After its closing words; the second line is aligned with the first."""
    case = tree(
        assignment={"body": "济南市中级人民法院", "received_on": "2021-09-16"},
        not_ours={"checked": "甲。", "reason": "乙。", "work_done": "丙。", "noted_on": "2021-10-08"},
    )
    case["not_ours"]["attachments"] = ["查询结果", "执行申诉信访事项不予受理释明告知书"]
    words = draft_paragraphs(case, "jurisdiction_note")
    start = words.index("特此说明。")

    assert words[start + 1 : start + 3] == ["附件：1.查询结果", "　　　2.执行申诉信访事项不予受理释明告知书"]


def profile_with(**switches: object) -> Profile:
    """The profile with other switches."""
    profile = load_profile()
    return profile.model_copy(update={"switches": profile.switches.model_copy(update=switches)})


def test_a_court_chooses_how_its_letters_are_written() -> None:
    """Dates in Chinese numerals, place of the seal, leader's name, no rule cited, no sentence on periods."""
    chosen = profile_with(
        date_style="hanzi", seal_placeholder=True, leader_in_notice=True, cite_rule=False, period_sentence=False
    )
    usual, other = (
        draft_paragraphs(tree(), "acceptance_notice"),
        draft_paragraphs(tree(), "acceptance_notice", profile=chosen),
    )

    assert "2021年9月17日" in usual
    assert {"二〇二一年九月十七日", "（院印）"} <= set(other)
    assert "（院印）" not in usual
    assert "一、本事项由案件承办人李某某办理。主办院领导为王某某（副院长）。" in other
    assert not [line for line in other if "《实施意见》" in line or "期间的计算" in line]
    assert [
        line for line in usual if "（钢法发〔2021〕24号，以下简称《实施意见》）第六条第（二）项所列信访事由" in line
    ]


def test_a_letter_without_a_phone_or_an_address_prints_no_empty_line() -> None:
    """A missing value leaves no blank line."""
    profile = load_profile().model_copy(update={"court_tel": "", "court_addr": "", "court_zip": ""})
    words = draft_paragraphs(tree(), "acceptance_notice", profile=profile)

    assert words[-1] == "2021年9月17日"


def test_a_part_about_conduct_is_told_of_only_when_it_was_handed_on() -> None:
    """The notice says to whom and when; it never names the officer concerned."""
    case = tree()
    case["acceptance"]["conduct_part"] = {"transferred_on": "2021-09-17", "department": "本院督察部门"}
    silent = draft_paragraphs(case, "acceptance_notice")
    case["acceptance"]["conduct_part"]["subject"] = "工作作风"
    words = draft_paragraphs(case, "acceptance_notice")

    assert (
        "本院予以受理。关于你反映的工作作风方面的问题，本院已于2021年9月17日移送本院督察部门，不在本次受理范围内。现将"
        in words[5]
    )
    assert "关于你反映的执行人员的有关问题，本院已于2021年9月17日移送本院督察部门" in silent[5]
    assert "移送" not in draft_paragraphs(tree(), "acceptance_notice")[5]


@pytest.mark.parametrize(
    ("facts", "sentences"),
    [
        (
            {"ground": 1, "contact_attempts": [], "talked_on": "2021-10-09"},
            ["经核查，本院于2021年10月9日与你沟通，并根据你提供的信息进行查询，未能确认对应的执行案件。", "特此告知。"],
        ),
        (
            {"ground": 2, "conduct_subject": "廉洁纪律"},
            [
                "经核查，你反映的是本院执行人员廉洁纪律方面的问题，未反映执行案件的办理问题。本院已于2021年10月11日将你的材料移送本院督察部门。"
            ],
        ),
        (
            {"ground": 4, "other_procedure": "trial", "judgment_no": "（2019）鲁0117民初9002号民事判决"},
            [
                "经核查，你对（2019）鲁0117民初9002号民事判决认定的事实和处理结果有异议。本院已于2021年10月11日将你的材料移送本院赔偿办。",
                "该问题依法应当通过审判程序（审判监督程序）处理，不在执行程序中审查。",
                "你可以依法申请再审或者通过其他审判程序主张权利。",
            ],
        ),
        (
            {
                "ground": 4,
                "other_procedure": "bankruptcy",
                "bankrupt": "样某公司",
                "bankruptcy_court": "样某区人民法院",
                "bankruptcy_no": "（2021）鲁0117破9001号",
                "administrator": "样某律师事务所",
                "phone": "0531-00000005",
            },
            [
                "你反映的债权清偿问题依法应当在破产程序中处理。",
                "你可以向管理人样某律师事务所了解债权的登记和申报情况，联系电话0531-00000005。",
            ],
        ),
        (
            {"ground": 4, "other_procedure": "other", "procedure_name": "行政复议程序"},
            ["该问题依法应当通过行政复议程序处理，由本院赔偿办依照职责办理。", "你可以依法向本院赔偿办提出。"],
        ),
        ({"ground": 6, "enforcing_court": None}, ["你可以向执行该案的人民法院反映。"]),
        (
            {"ground": 7, "designated": False, "new_case_no": "（2021）鲁01执9009号"},
            [
                "经核查，（2020）鲁0117执9001号执行案件已由济南市中级人民法院以（2021）鲁01执监9009号执行裁定书提级执行，现由样某区人民法院办理。",
                "你可以向样某区人民法院反映，案号（2021）鲁01执9009号。",
            ],
        ),
    ],
)
def test_a_ground_of_refusal_has_a_wording_for_each_of_its_kinds(facts: dict[str, Any], sentences: list[str]) -> None:
    """In addition to the main wording of each ground."""
    case = cases.declined(facts["ground"])
    case["declined"] = {key: value for key, value in {**case["declined"], **facts}.items() if value is not None}
    words = read_paragraphs(draft_tree(case, "explanation_notice"), allowed=("复议", "行政复议"))

    assert [sentence for sentence in sentences if sentence not in words] == []


@pytest.mark.parametrize(
    ("channel", "address", "found"),
    [
        ("visit", "来访人：", "经核查，你未提供可供查询的执行案件信息。"),
        ("letter", "来信人：", "经核查，你的来信未写明可供查询的执行案件信息。"),
        ("phone", "来电人：", "经核查，你未提供可供查询的执行案件信息。"),
        ("network", "信访人：", "经核查，你未提供可供查询的执行案件信息。"),
    ],
)
def test_only_a_letter_is_said_to_lack_words(channel: str, address: str, found: str) -> None:
    """Whoever came or called has written nothing."""
    case = with_channel(channel, cases.declined(1))
    case["petitioners"] = [{"anonymous": True}]
    notice = draft_paragraphs(case, "explanation_notice")

    assert address in notice
    assert [line for line in notice if line.startswith(found)]


@pytest.mark.parametrize("document", ["reply_opinion", "write_off_request", "supervision_report", "transfer_slip"])
def test_papers_print_a_case_number_in_its_form(document: str) -> None:
    """Brackets and digits of another width, which `check` reports, are not printed; what is wrong otherwise stays as it is."""
    tree = deepcopy(VARIANTS["without-property"])
    tree["enforcement_cases"][0]["no"] = "(2020)鲁0117执９001号"
    assert "（2020）鲁0117执9001号" in draft_text(tree, document)
    assert "(2020)" not in draft_text(tree, document)

    tree["enforcement_cases"][0]["no"] = "（2020）鲁0117执009001号"
    assert "（2020）鲁0117执009001号" in draft_text(tree, document)
