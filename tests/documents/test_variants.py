"""Cases in which papers go wrong most easily: their sentences word for word, and no contradiction between any two papers."""

from __future__ import annotations

import re
from copy import deepcopy

import pytest

from bundler.word.block_model import Paragraph
from tests.documents.test_pdf_matches_word import read_margins_and_edges, remove_spaces
from tests.support.contradictions import draft_all, list_contradictions
from tests.support.documents import (
    PROFILE,
    build_case,
    draft_paragraphs,
    draft_text,
    example_tree,
    missing_paths,
)
from tests.support.typeset_variants import typeset_variants, variant_blocks, variant_papers
from tests.support.variants import COMPANY, LONG_COMPANY, REFUSALS, VARIANTS, refusal

LETTERS_AND_FORMS = ("acceptance_notice", "reply_opinion", "approval_form", "supervision_report", "write_off_request")
MOST_PAGES = 9
PARTY = "（2020）鲁0117执9001号案申请执行人"


@pytest.mark.parametrize("name", VARIANTS)
def test_the_papers_of_a_case_agree_with_it_and_with_each_other(name: str) -> None:
    """Names, days, amounts, parties, counts and voices; each paper fills, and knows nothing after its own day."""
    tree = VARIANTS[name]
    case = build_case(tree)
    papers = list(variant_papers()[name].values())

    assert len({paper.document for paper in papers}) >= 12
    assert list_contradictions(case, tree, papers) == []


def test_an_organisation_is_addressed_as_one_and_the_person_present_as_you() -> None:
    """The letters say 你公司; questions go to the person who came; an organisation is not asked about its livelihood."""
    tree = VARIANTS["organisation-with-agent"]
    notice, record = draft_paragraphs(tree, "acceptance_notice"), draft_text(tree, "interview_record")

    assert notice[3] == f"{COMPANY}："
    assert "收到济南市中级人民法院转来的蒋某某受你公司委托反映（2020）" in notice[4]
    assert "与你公司的委托代理人蒋某某约谈，" in notice[7]
    assert f"受{COMPANY}委托" not in "".join(notice)
    assert "现就你公司反映的信访事项与你谈话。" in record
    assert "以上内容你听清楚了吗？是否申请回避？" in record
    assert "你公司听清楚了吗" not in record
    assert "生活有无特殊困难" not in record
    assert "委托代理人：蒋某某，代理权限：一般代理，联系电话13900000009。" in record
    commitment = draft_text(tree, "commitment")
    assert "没有受到欺骗、胁迫。本公司理解以上全部内容。" in commitment
    assert "已阅读" not in commitment


def test_an_agent_of_two_is_named_once_and_counts_as_no_petitioner() -> None:
    """No letter is addressed to the agent, and no receipt or commitment is made for one; each signs for the own case."""
    tree = VARIANTS["one-agent-for-two-of-three"]
    papers = draft_all(build_case(tree))
    notice = draft_paragraphs(tree, "acceptance_notice")
    own = [paper.text for paper in papers if paper.document == "commitment"]
    receipts = [paper.text for paper in papers if paper.document == "service_receipt"]

    assert notice[3] == "甲某某、丙某某、戊某某："
    assert notice[4].endswith("的信访材料。甲某某、丙某某的委托代理人为丁某某。")
    assert [text.split("承诺人：")[1][:3] for text in own] == ["甲某某", "丙某某", "戊某某"]
    assert ["9001号" in text for text in own] == [True, True, False]
    assert ["9002号" in text for text in own] == [False, False, True]
    assert len(receipts) == 6
    assert not [text for text in receipts if "受送达人\n丁某某" in text]
    report = draft_text(tree, "supervision_report")
    assert f"信访人甲某某，系{PARTY}。" in report
    assert "甲某某、丙某某的委托代理人为丁某某。" in report
    assert report.count("丁某某") == 1
    assert "信访人戊某某，系（2020）鲁0117执9002号案申请执行人。" in report
    assert "受托人" not in report


def test_records_and_forms_name_an_agent_of_two_once_at_their_head() -> None:
    """With both principals, after the petitioners; with the authority once for each that he has."""
    tree = deepcopy(VARIANTS["one-agent-for-two-of-three"])
    once = "丁某某（受甲某某、丙某某委托），代理权限：一般代理，"
    record, form = (draft_text(tree, paper) for paper in ("interview_record", "registration_form"))

    assert record.count(f"委托代理人：{once}联系电话13900000009。") == record.count("委托代理人：") == 1
    assert form.count(f"委托代理人\n{once}委托手续：授权委托书，联系电话13900000009") == form.count("丁某某") == 1
    tree["petitioners"][3]["principal"]["authority"] = "特别授权"
    lines = [line for line in draft_paragraphs(tree, "interview_record") if line.startswith("委托代理人：")]
    assert lines == [
        "委托代理人：丁某某（受甲某某委托），代理权限：一般代理，联系电话13900000009。",
        "委托代理人：丁某某（受丙某某委托），代理权限：特别授权，联系电话13900000009。",
    ]


def test_an_agent_alone_speaks_for_the_principal() -> None:
    """The relation to the case is that of the principal's agent, and no case role of one's own."""
    tree = VARIANTS["organisation-with-agent"] | {}
    tree["petitioners"] = tree["petitioners"][1:]
    record = draft_text(tree, "interview_record")

    assert f"与案件的关系：{PARTY}{COMPANY}的委托代理人" in record


def test_the_relation_to_the_case_stands_with_its_person() -> None:
    """Before the agent, who would else be read as the applicant."""
    record = draft_paragraphs(VARIANTS["one-agent-for-two-of-three"], "interview_record")
    start = next(place for place, line in enumerate(record) if line.startswith("被约谈人：甲某某"))

    assert record[start + 1] == f"与案件的关系：{PARTY}"
    assert record[start + 2].startswith("被约谈人：丙某某")


def test_the_approval_form_tells_what_was_done_by_its_day() -> None:
    """Meetings, measures and their results in the order of dates; what the facts tell already stands there alone."""
    tree = deepcopy(VARIANTS["without-property"])
    done = next(line for line in draft_paragraphs(tree, "approval_form") if line.startswith("收到信访事项后："))

    assert done == (
        "收到信访事项后：2021年9月22日，约谈信访人；2021年9月24日，查询被执行人银行存款、车辆等8项财产信息，未发现可供执行的财产；"
        "2021年10月8日，召开协调会；2021年10月12日，向被执行人的邻居郑某某调查，同日实地调查，查明乙某某租住民房，公司停业；"
        "2021年10月20日，进行听证，同日发布悬赏公告查找财产，公告期内无人举报。"
    )
    tree["claims"][0]["facts"] = "本院于2021年9月24日查询财产，于10月12日到乙某某住所地实地调查，于10月20日约谈乙某某"
    tree["approval"]["submitted_on"] = "2021-10-20"
    del tree["enforcement_measures"][-1]
    done = next(line for line in draft_paragraphs(tree, "approval_form") if line.startswith("收到信访事项后："))
    assert done == "收到信访事项后：2021年9月22日，约谈信访人；2021年10月8日，召开协调会；2021年10月20日，进行听证。"
    tree["investigations"][0] |= {"subject": "邻居郑某某", "finding": "乙某某租房居住"}
    done = next(line for line in draft_paragraphs(tree, "approval_form") if line.startswith("收到信访事项后："))
    assert "；2021年10月12日，向邻居郑某某调查，乙某某租房居住；2021年10月20日，" in done
    tree["claims"][0]["facts"] = "乙某某租房居住"
    inquiry = tree["investigations"][0]
    del next(one for one in tree["enforcement_measures"] if one["name"] == "实地调查")["proof"]
    for finding, told in (
        ("设备在原处，厂房租期至2021年12月31日", "向邻居郑某某调查，设备在原处，厂房租期至2021年12月31日"),
        ("乙某某承诺于11月30日前腾空", "向邻居郑某某调查，乙某某承诺于11月30日前腾空"),
        ("乙某某已于2021年10月25日搬走", "向邻居郑某某调查"),
        ("截至2021年10月25日，乙某某租房居住", "向邻居郑某某调查"),
    ):
        inquiry["finding"] = finding
        done = next(line for line in draft_paragraphs(tree, "approval_form") if line.startswith("收到信访事项后："))
        assert f"；2021年10月12日，{told}，同日实地调查，查明乙某某租住民房，公司停业；" in done
    tree["approval"]["submitted_on"] = "2021-09-20"
    assert "收到信访事项后：" not in draft_text(tree, "approval_form")


def test_an_inquiry_is_told_once_and_with_whom_it_asked() -> None:
    """A measure of that day that names who was asked gives its result; another inquiry says whom it asked, if known."""
    tree = deepcopy(VARIANTS["without-property"])
    measure = next(one for one in tree["enforcement_measures"] if one["name"] == "实地调查")
    result = "实地调查，查明乙某某租住民房，公司停业"

    def tell() -> str:
        done = next(line for line in draft_paragraphs(tree, "approval_form") if line.startswith("收到信访事项后："))
        return done.split("2021年10月12日，")[1].split("；2021年10月20日")[0]

    assert tell() == f"向被执行人的邻居郑某某调查，同日{result}"
    measure["result"] = "据郑某某称，乙某某租住民房，公司停业"
    assert tell() == "实地调查，据郑某某称，乙某某租住民房，公司停业"
    measure["result"] = "乙某某租住民房，公司停业"
    del tree["investigations"][0]["respondent"]["name"]
    assert tell() == result
    measure["on"] = "2021-10-13"
    assert tell() == f"进行调查；2021年10月13日，{result}"


def test_a_term_after_the_day_of_a_report_was_known() -> None:
    """A lease that runs to the end of the year is told in November; what was found later is not."""
    tree = deepcopy(VARIANTS["without-property"])
    day = tree["feedback_report"]["reported_on"] = "2021-11-22"
    for facts, told in (
        ("设备在原处，厂房租期至2021年12月31日", True),
        ("设备已于2021年12月1日搬走", False),
        ("2021年12月1日前已经搬走", False),
    ):
        tree["claims"][0]["facts"] = facts
        assert (facts in draft_text(tree, "supervision_report")) is told, (facts, day)


def test_each_of_a_mixed_group_is_named_where_it_matters() -> None:
    """The forms say whose request each is; only the applicant is asked whether to seek judicial relief."""
    tree = VARIANTS["group-with-outsider"]

    assert "2.信访人丁某某反映，查封的车辆为丁某某所有，请求解除查封。" in draft_paragraphs(tree, "approval_form")
    assert "甲某某（申请执行人）、乙某某（被执行人）、丁某某（案外人）反映" in draft_text(tree, "measures_statement")
    assert "将丁某某的请求依法导入案外人异议程序，案号为" in draft_text(tree, "measures_statement")
    assert "2.丁某某反映，查封的车辆为丁某某所有，请求解除查封。" in draft_paragraphs(tree, "write_off_request")
    assert "问：甲某某的生活有无特殊困难，是否申请司法救助？" in draft_paragraphs(tree, "interview_record")
    several = draft_paragraphs(VARIANTS["one-agent-for-two-of-three"], "interview_record")
    assert "问：你们的生活有无特殊困难，是否申请司法救助？" in several


def test_a_report_tells_a_meeting_once() -> None:
    """Also where the measures list it; a measure that says more than that it took place stays."""
    tree = deepcopy(VARIANTS["without-property"])
    tree["measures"] += [
        {"on": "2021-09-22", "action": "约谈甲某某"},
        {"on": "2021-10-12", "action": "到被执行人住所地实地调查"},
    ]
    report = draft_text(tree, "supervision_report")

    assert (
        "于2021年9月22日约谈信访人，于2021年10月8日召开协调会，于2021年10月12日进行调查，于2021年10月20日进行听证，于2021年11月17日启动司法救助程序。"
        in report
    )
    done = "查询被执行人银行存款、车辆等8项财产信息，未发现可供执行的财产；2021年10月12日，到被执行人住所地实地调查；2021年10月20日，发布悬赏公告查找财产"
    assert f"工作措施：2021年9月24日，{done}，公告期内无人举报。" in report


@pytest.mark.parametrize("name", ["one-agent-for-two-of-three", "organisation-with-agent", "2022", "long-names"])
@pytest.mark.parametrize("document", ["interview_record", "investigation_record", "coordination_record"])
def test_a_record_leaves_room_to_sign(name: str, document: str) -> None:
    """Five centimetres after each colon, in lines of 31 characters of 14 points; 年月日 are all below each other."""
    lines = draft_paragraphs(VARIANTS[name], document)
    dates = [place for place, line in enumerate(lines) if line.endswith("　　年　　月　　日")]
    signed = [line for line in lines if "签名" in line and line.endswith(("：", "日"))]

    assert {lines[place].index("年　　月　　日") for place in dates} == {24}
    assert len(signed) >= 2
    for line in signed:
        label, _, blank = line.partition("）：")
        room = blank.index("年") if blank else 31 - len(label) - 2
        below = lines[lines.index(line) + 1].startswith("　")
        assert below or room * 14 / 72 * 2.54 >= 5


def test_posting_is_not_service() -> None:
    """The request, the report and the commitment say that it was posted, and when."""
    tree = VARIANTS["posting-only"] | {"write_off": {"requested_on": "2021-11-22"}}
    request = draft_paragraphs(tree, "write_off_request")

    assert "已于2021年11月12日交寄" in request
    assert "答复意见书已于2021年11月12日交寄。" in request
    assert "送达信访人" not in "".join(request)
    report = draft_text(tree, "supervision_report")
    assert "答复意见书已于2021年11月12日交寄。" in report
    assert "送达信访人" not in report
    assert "并于2021年11月12日向本人邮寄《执行申诉信访事项答复意见书》。" in draft_text(tree, "commitment")


def test_a_report_before_the_end_knows_nothing_of_what_came_after() -> None:
    """Later inquiries, a later hearing, and findings that were not made yet are left out, whoever recorded them."""
    report = draft_text(VARIANTS["early-report"], "supervision_report")

    assert "信访事项办理进展情况的报告" in report
    assert (
        "我院收到信访事项后，于2021年9月16日转交案件承办人办理，于2021年9月22日约谈信访人，于2021年10月8日召开协调会。"
        in report
    )
    told = "我院还采取了以下工作措施：2021年9月24日，查询被执行人银行存款、车辆等8项财产信息，未发现可供执行的财产"
    assert f"{told}。" in report
    later = "2021年10月12日，实地调查，查明乙某某租住民房，公司停业；2021年10月20日，发布悬赏公告查找财产，公告期内无人举报。"
    assert f"{told}；{later}" in draft_text(VARIANTS["organisation-with-agent"], "supervision_report")
    assert "10月12日" not in report
    assert "10月20日" not in report
    assert "经查" not in report
    assert "该事项尚在办理，预计于2021年11月17日前答复信访人，办结后另行报告。" in report


def test_eight_claims_have_the_answer_of_their_outcome() -> None:
    """To the petitioner, to the leader, and to the superior court, each in its own voice."""
    tree = VARIANTS["eight-claims"]
    reply, approval, request = (
        draft_paragraphs(tree, paper) for paper in ("reply_opinion", "approval_form", "write_off_request")
    )

    assert [line for line in approval if line.startswith("第")] == [
        "第1项拟予支持。本院已于2021年10月15日将执行款发放至信访人的账户。",
        "第2项拟予支持。本院将于2021年11月30日前解除对信访人名下账户的冻结。",
        "第3项拟予解释说明。理由：信访人的账户信息有误，已请信访人更正。款项已经发放。",
        "第4项拟不予支持。理由：卷内材料与信访人所称不符。",
        "第5项拟不予支持。理由：法律没有规定。",
        "第6项拟不予支持。理由：信访人的请求已经处理。",
        "第7项已导入执行异议程序，案号为（2021）鲁0117执异9003号，拟据此答复。",
        "第8项应当通过变更、追加被执行人程序解决，已于2021年9月22日告知信访人可以申请变更、追加被执行人，拟据此答复。",
    ]
    start = request.index("办理结果")
    assert request[start + 1 : start + 9] == [
        "1.予以支持，已于2021年10月15日将执行款发放至信访人的账户。",
        "2.予以支持，将于2021年11月30日前解除对信访人名下账户的冻结。",
        "3.信访人的账户信息有误，已请信访人更正，已向信访人解释说明。",
        "4.不予支持，理由是卷内材料与信访人所称不符。",
        "5.不予支持，理由是法律没有规定。",
        "6.不予支持，理由是信访人的请求已经处理。",
        "7.已导入执行异议程序，案号为（2021）鲁0117执异9003号。",
        "8.已告知信访人可以申请变更、追加被执行人。",
    ]
    assert "该项请求缺乏事实依据，本院不予支持。理由是：卷内材料与你所称不符。" in reply
    assert "该项请求缺乏法律依据，本院不予支持。理由是：法律没有规定。" in reply
    assert "对该项请求，本院不予支持。理由是：你的请求已经处理。" in reply
    assert [line for line in reply if "你可以在上述执行异议程序中依法行使权利；" in line]


def test_in_a_mixed_group_each_remedy_says_whose_it_is() -> None:
    """The outsider is not told to apply to the higher court, nor to file the objection that has been filed."""
    reply = draft_paragraphs(VARIANTS["group-with-outsider"], "reply_opinion")
    told = next(line for line in reply if line.endswith("依法行使诉讼权利。")).split("。")

    assert told[0].startswith("如甲某某、乙某某认为本院的执行行为违反法律规定，")
    assert told[1].startswith("自本院收到申请执行书之日起超过六个月未执行的，甲某某可以依照")
    assert told[2].startswith("丁某某可以在上述案外人异议程序中依法行使权利；")
    assert told[3] == "本意见书不影响你们依法行使诉讼权利"
    for paper in ("supervision_report", "collective_record"):
        assert "2.信访人丁某某反映，查封的车辆为丁某某所有，请求解除查封。" in draft_text(
            VARIANTS["group-with-outsider"], paper
        )


def test_before_the_objection_is_filed_the_outsider_is_told_of_it() -> None:
    """On the day of the reply: what is filed later does not count."""
    tree = deepcopy(VARIANTS["group-with-outsider"])
    tree["claims"][1]["procedure"]["filed_on"] = "2021-11-15"
    reply = draft_text(tree, "reply_opinion")

    assert "如丁某某对执行标的主张实体权利，可以依照《中华人民共和国民事诉讼法》第二百二十七条的规定，" in reply
    assert "执异9003号" not in reply
    assert "在上述案外人异议程序中" not in reply


@pytest.mark.parametrize(
    ("procedure", "by", "kept", "left_out"),
    [
        ("恢复执行", None, "如你们认为本院的执行行为违反法律规定", "申请恢复执行；"),
        ("恢复执行", "甲某某", "丙某某发现被执行人有可供执行财产的", "甲某某发现被执行人"),
        ("执行异议", None, "你们发现被执行人有可供执行财产的", "提出书面异议"),
        ("执行复议", None, "你们发现被执行人有可供执行财产的", "提出书面异议"),
        ("执行异议", "丙某某", "如甲某某认为本院的执行行为违反法律规定", "如丙某某认为"),
        ("参与分配", None, "如你们认为本院的执行行为违反法律规定", "如甲某某认为"),
    ],
)
def test_nobody_is_told_to_begin_what_has_begun(procedure: str, by: str | None, kept: str, left_out: str) -> None:
    """Two applicants of a terminated case: resumption and objection are open only to whoever is not in them already."""
    tree = example_tree()
    tree["petitioners"].append({**tree["petitioners"][0], "name": "丙某某", "id_number": None})
    for one in tree["petitioners"]:
        one["position"] = "applicant"
    tree["enforcement_cases"][0] |= {"terminated": True}
    tree["enforcement_cases"][0]["parties"]["applicants"] = ["甲某某", "丙某某"]
    tree["claims"][0]["title"] = "财产查控"
    filed = {"name": procedure, "case_no": "（2021）鲁0117执异9004号", "filed_on": "2021-10-20"}
    claim = {"title": "程序", "statement": "程序没有启动", "facts": "程序已经启动", "outcome": "led_into"}
    tree["claims"].append({**claim, "procedure": filed} | ({"by": by} if by else {}))
    reply = draft_paragraphs(tree, "reply_opinion")
    told = next(line for line in reply if line.endswith("依法行使诉讼权利。"))

    assert kept in told
    assert left_out not in told
    assert f"可以在上述{procedure}程序中依法行使权利" in told


def test_long_names_are_printed_whole() -> None:
    """Also in the titles, and with the interpunct."""
    name = "阿某某江·买买提某某·吐尔逊某某"
    tree = VARIANTS["long-names"]

    assert draft_paragraphs(tree, "acceptance_notice")[3] == f"{name}、{LONG_COMPANY}："
    assert f"关于{name}、{LONG_COMPANY}反映" in draft_text(tree, "supervision_report").replace("\n", "")


def test_large_amounts_stand_in_figures_and_in_capitals() -> None:
    """Over a 亿, with 角 and 分, and as given in inner papers."""
    relief = {"started_on": "2021-10-15", "amount": "100000001.05", "paid_on": "2021-11-01"}
    tree = VARIANTS["large-amounts"] | {"relief": relief}

    assert "（大写：人民币贰亿零叁佰零伍万零陆佰零柒元零捌分）" in draft_text(tree, "commitment")
    assert "发放救助金100000001.05元（大写：人民币壹亿零壹元零伍分）。" in draft_text(tree, "reply_opinion")
    assert "已执行到位203050607.08元" in draft_text(tree, "approval_form")


@pytest.mark.parametrize(("year", "article"), [("2022", "二百三十二"), ("2024", "二百三十六"), ("2026", "二百三十六")])
def test_the_article_is_that_of_the_year(year: str, article: str) -> None:
    """The numbers changed in 2022 and in 2024."""
    assert f"《中华人民共和国民事诉讼法》第{article}条的规定" in draft_text(VARIANTS[year], "reply_opinion")


def test_a_suggestion_is_made_by_letter_and_needs_no_commitment() -> None:
    """就……一案来信建议……; it is adopted, not granted, and one heading alone is not numbered."""
    tree = VARIANTS["suggestion"]
    reply = draft_paragraphs(tree, "reply_opinion")

    assert reply[4].startswith("你单位就（2020）鲁0117执9001号申请执行人样某村村民委员会与被执行人")
    assert "执行一案来信建议加快处置查封的财产，本院于2021年9月16日收到。" in reply[4]
    assert reply[5] == "你单位建议加快处置查封的财产。"
    assert not [line for line in reply if line.startswith("一、")]
    assert "拟予以采纳。" in draft_paragraphs(tree, "approval_form")
    assert "/registration/nature" in missing_paths(tree, "commitment")
    assert "主持人：今天对样某村村民委员会就（2020）" in draft_text(tree, "hearing_record")
    assert "建议加快处置查封的财产的信访事项进行听证。" in draft_text(tree, "hearing_record")


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_agrees_with_its_case(name: str) -> None:
    """Each ground in each of its forms."""
    tree = refusal(name)
    case = build_case(tree)

    assert list_contradictions(case, tree, draft_all(case)) == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("1-one-attempt", "于2021年10月8日通过电话与你联系，未能取得联系，无法核实对应的执行案件。"),
        ("1-two-attempts", "本院分别于2021年10月8日、2021年10月9日通过电话、短信与你联系，均未能取得联系，"),
        (
            "4-bankruptcy-employee",
            "你的劳动报酬、经济补偿由管理人样某律师事务所调查后列出清单并公示；你对清单有异议的，可以要求管理人更正。",
        ),
        ("4-bankruptcy-other", "你可以依法向管理人样某律师事务所申报债权。"),
        (
            "4-bankruptcy-other",
            "经核查，本院已裁定受理被执行人钢城区样某纺织有限公司的破产申请，案号为（2021）鲁0117破9003号。",
        ),
        (
            "4-bankruptcy-elsewhere",
            "经核查，被执行人钢城区样某纺织有限公司已进入破产程序，由济南市中级人民法院审理，案号为（2021）鲁01破9003号。",
        ),
        ("1-one-attempt", "你于2021年9月16日到本院反映执行案件有关问题。"),
        ("2-style", "你于2021年9月16日到本院反映有关问题。"),
        ("4-bankruptcy-silent", "你可以向管理人样某律师事务所了解债权的登记和申报情况。"),
        (
            "4-other",
            "该问题依法应当通过劳动人事争议仲裁程序处理，由样某区劳动人事争议仲裁委员会依照职责办理。",
        ),
        ("4-other", "你可以依法向样某区劳动人事争议仲裁委员会提出。"),
        ("5-no-remedy", "你可以向样某区自然资源局提出。"),
        ("6-unknown", "你可以向执行该案的人民法院反映。"),
        ("7-designated", "执行裁定书指定样某区人民法院执行，现由样某区人民法院办理。"),
        ("7-raised", "执行裁定书提级执行，现由济南市中级人民法院办理。"),
    ],
)
def test_a_refusal_has_the_sentence_of_its_form(name: str, sentence: str) -> None:
    """Once or twice tried, a worker's claim or another, designated or raised."""
    notice = draft_text(refusal(name), "explanation_notice")

    assert sentence in notice
    assert ("执9001号" in notice) == (name[0] not in "12")
    assert ("申报债权" in notice) == (name in {"4-bankruptcy-other", "4-bankruptcy-elsewhere"})


def test_a_letter_calls_its_own_court_so_and_no_bracket_stands_in_another() -> None:
    """In every paper of every variant; the full name is the signature, and what the petitioner's own commitment says."""
    nested = re.compile("（[^）]*（[^）]*）[^（]*）")
    own = re.compile(f"[，。；由]{PROFILE.court_name}")
    found = []
    for key, blocks in variant_blocks().items():
        texts = [block.text for block in blocks.body if isinstance(block, Paragraph)]
        found += [
            (key, text) for text in texts if nested.search(text) or ("+commitment" not in key and own.search(text))
        ]

    assert found == []


def test_an_inquiry_is_no_inquiry_among_organisations() -> None:
    """The case says whom the court asked; the reply and the report say that it asked."""
    tree = VARIANTS["without-property"]

    assert "查阅了执行卷宗，于2021年10月12日向有关人员进行了调查，" in draft_text(
        {**tree, "reply": {**tree["reply"], "file_reviewed": True}}, "reply_opinion"
    )
    assert "有关单位" not in "".join(paper.text for paper in draft_all(build_case(tree)))


def test_the_collective_discussion_records_what_it_grants() -> None:
    """The measures of a granted claim, done and to be done, and the procedure that the petitioner was told of."""
    record = draft_paragraphs(VARIANTS["eight-claims"], "collective_record")
    told = [line for line in record if line.startswith(("第1项", "第2项", "第8项"))]

    assert told == [
        "第1项拟予支持。本院已于2021年10月15日将执行款发放至信访人的账户。",
        "第2项拟予支持。本院将于2021年11月30日前解除对信访人名下账户的冻结。",
        "第8项应当通过变更、追加被执行人程序解决，已于2021年9月22日告知信访人可以申请变更、追加被执行人，拟据此答复。",
    ]
    work = next(number for number, line in enumerate(record) if line.startswith("收到信访事项后："))
    assert record[work - 1].startswith("8.信访人反映，")
    assert record[work + 1] == told[0], "facts and work come before the opinion"


def test_every_paper_of_every_variant_is_set_and_reads_back() -> None:
    """Each paragraph stands in the PDF, and no paper is endless."""
    typeset, ranges = typeset_variants()
    papers = {key: paper for name in VARIANTS for key, paper in variant_papers()[name].items()}
    for key, paper in papers.items():
        if paper.document not in LETTERS_AND_FORMS:
            continue
        body = remove_spaces(read_margins_and_edges(typeset, ranges[key], variant_blocks()[key])[0])
        paragraphs = [remove_spaces(one) for one in paper.paragraphs]

        assert [one for one in paragraphs if one not in body] == []
        assert ranges[key][1] - ranges[key][0] < MOST_PAGES


def test_one_commitment_of_three_is_not_that_of_all() -> None:
    """The request counts it; the report does not say that the petitioners signed."""
    tree = deepcopy(VARIANTS["one-agent-for-two-of-three"])
    others = [one for one in tree["materials"] if one["items"] == ["commitment"]][1:]
    tree["materials"] = [one for one in tree["materials"] if one not in others]

    assert "已收到息诉罢访承诺书1份，于2021年11月18日签署。" in draft_text(tree, "write_off_request")
    assert "已签署息诉罢访承诺书" not in draft_text(tree, "supervision_report")
