"""The papers of Art. 6, 11 and 16: measures exhausted, referral for judicial relief, record of a follow-up."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.support.cases import without_property
from tests.support.documents import PROFILE, count_pages, draft_paragraphs, draft_text, draft_tree, missing_paths
from tests.support.variants import VARIANTS

NOTE = "注：依法不能或者不必采取的措施，在“结果”栏写明原因。"


def tree() -> dict[str, Any]:
    """The case whose debtor has no property."""
    return without_property(VARIANTS["without-property"] | {})


def test_the_table_of_measures_shows_the_usual_ones_in_order_and_then_the_others() -> None:
    """Each with day, result and proof; one that was not taken with its reason; the court's signatures stay blank."""
    told = draft_paragraphs(tree(), "measures_exhausted")
    rows = told[told.index("佐证材料") + 1 : told.index(NOTE)]

    assert told[:7] == [
        "济南市钢城区人民法院",
        "已穷尽执行措施情况表",
        "登记号：钢信执2021-0042",
        "填表日期：　　　　年　　月　　日",
        "信访人：甲某某　　案件承办人：李某某",
        "执行案号：（2020）鲁0117执9001号",
        "申请执行人：甲某某；被执行人：乙某某、钢城区样某建材有限公司",
    ]
    assert rows[:5] == ["1", "查询银行存款", "2021年9月24日", "未发现可供执行的财产", "查询反馈"]
    assert [row for row in rows if row.isdigit()] == [str(number) for number in range(1, 15)]
    assert rows[rows.index("发出限制消费令") + 1 :][:2] == ["2020年4月9日", "已向二被执行人发出"]
    assert rows[-12:] == [
        "纳入失信被执行人名单",
        "未采取：均无法定失信情形",
        "13",
        "督促履行",
        "2020年6月10日",
        "被执行人履行12600元，已经发放",
        "付款凭证",
        "14",
        "悬赏查找财产",
        "2021年10月20日",
        "公告期内无人举报",
        "悬赏公告",
    ]
    assert told[told.index("核查结论") + 1 :] == [
        "☑上列措施除写明未采取的以外均已采取，未发现可供执行的财产。",
        "□查到的财产已经处置或者依法不能处置，情况见“结果”栏。",
        "解释说明",
        "情况",
        "已于2021年9月22日约谈信访人。",
        "答复意见书已于2021年11月12日送达信访人。",
        "答复意见书解释说明：被执行人目前没有可供执行的财产。",
        "信访人已于2021年11月18日签署息诉罢访承诺书。",
        "案件承办人",
        "意见",
        "签名：　　　　　　　　年　　月　　日",
        "执行信访",
        "团队意见",
        "签名：　　　　　　　　年　　月　　日",
        "主办院领导",
        "意见",
        "签名：　　　　　　　　年　　月　　日",
    ]


def test_commitments_of_fewer_than_all_are_counted() -> None:
    """One commitment of two petitioners does not say that both signed; nor does one that was signed after the paper."""
    case = copy.deepcopy(tree())
    case["petitioners"].append({"name": "丙某某"})
    for paper in ("measures_exhausted", "write_off_request"):
        assert "已收到息诉罢访承诺书1份，于2021年11月18日签署。" in draft_text(case, paper)
    (signed,) = [one for one in case["materials"] if one["items"] == ["commitment"]]
    case["materials"].append(signed | {"file": "二.pdf", "signed_on": "2021-11-20"})
    for paper in ("measures_exhausted", "write_off_request"):
        assert "信访人已于2021年11月20日签署息诉罢访承诺书。" in draft_text(case, paper)


def test_a_usual_measure_of_which_the_case_says_nothing_stays_blank() -> None:
    """Nobody's conclusion is written for him, and a later measure than the table is left out; another court has its own list."""
    case = tree()
    del case["enforcement_measures"][0]
    case["enforcement_measures"][0]["on"] = "2021-11-30"
    told = draft_paragraphs(case, "measures_exhausted")
    other = PROFILE.model_copy(update={"usual_measures": ("查询渔船",)})

    place = told.index("查询银行存款")
    assert told[place : place + 5] == ["查询银行存款", "2", "查询车辆", "3", "查询不动产"]
    assert "□上列措施除写明未采取的以外均已采取，未发现可供执行的财产。" in told
    rows = draft_paragraphs(case, "measures_exhausted", profile=other)
    assert rows[rows.index("佐证材料") + 1 :][:4] == ["1", "查询渔船", "2", "查询车辆"]


def test_the_table_takes_one_page_with_the_usual_measures() -> None:
    """With the signatures of those who answer for it."""
    assert count_pages({"p": draft_tree(tree(), "measures_exhausted")}) == {"p": 1}


def test_the_referral_tells_what_relief_is_asked_for_and_why() -> None:
    """With the amount in capitals, in the third person; no identity number is printed, and the opinions stay blank."""
    case = tree()
    case["relief"]["found"] = "本院已对你申请执行的案件采取措施，未发现财产。"
    told = draft_text(case, "relief_referral")

    assert told.startswith("济南市钢城区人民法院\n司法救助报请表\n登记号：钢信执2021-0042\n报请日期：2021年11月15日\n")
    assert "救助申请人\n甲某某\n联系电话\n13800000000\n" in told
    assert "男，汉族，1968年5月2日\n信访人身份\n申请执行人\n" in told
    assert "已执行到位\n金额\n12600元\n未执行到位\n金额\n173400元\n" in told
    assert "本院已对信访人申请执行的案件采取措施，未发现财产。" in told
    assert "申请人患病住院治疗，丧失劳动能力，无稳定收入。" in told
    assert "20000元（大写：人民币贰万元整）\n证明材料\n1.住院病历\n2.村民委员会证明\n" in told
    assert "申请人生活特别困难。依照《实施意见》第十一条，报请启动司法救助程序。\n签名：" in told
    assert "拟救助金额：　　　　　　　　元\n签名：" in told
    assert told.count("签名：　　　　　　　　年　　月　　日") == 5
    assert "999999" not in told


def test_who_asks_for_relief_is_named_or_is_the_first_person_who_applied_for_enforcement() -> None:
    """An organisation or a debtor asks for none."""
    case = tree()
    case["petitioners"] = [
        {"name": "样某物资有限公司", "kind": "company", "phone": "1", "position": "applicant"},
        {"name": "丙某某", "phone": "2", "position": "respondent"},
        {"name": "丁某某", "phone": "3", "position": "applicant"},
        {"name": "戊某某", "phone": "4", "position": "applicant"},
    ]

    assert "救助申请人\n丁某某\n" in draft_text(case, "relief_referral")
    case["relief"]["applicant"] = "戊某某"
    assert "救助申请人\n戊某某\n" in draft_text(case, "relief_referral")
    case["petitioners"] = case["petitioners"][:2]
    assert missing_paths(case, "relief_referral") == ["/relief/applicant"]


@pytest.mark.parametrize("key", ["hardship", "no_property", "unenforced", "found", "difficulty", "asked"])
def test_a_referral_without_its_grounds_is_not_made(key: str) -> None:
    """Art. 11 asks for hardship and for the finding that there is no property."""
    case = tree()
    del case["relief"][key]

    assert missing_paths(case, "relief_referral") == [f"/relief/{key}"]


def test_the_record_is_for_the_next_planned_follow_up() -> None:
    """What will be said is left blank; what was done before is told."""
    told = draft_text(tree(), "follow_up_record")

    assert "登记号：钢信执2021-0042\n计划回访日期：2022年2月24日\n" in told
    assert "□电话　☑上门走访　□约见　□其他\n回访人\n被回访人\n甲某某\n回访地点\n样某村\n" in told
    assert (
        "此前回访\n2021年11月24日，孙某某电话回访：信访人对办理结果没有新的意见。\n回访情况\n新的反映\n和请求\n下一步工作\n"
        in told
    )
    assert "办理结果\n已解释说明。\n答复送达\n日期\n2021年11月12日\n息诉罢访\n承诺日期\n2021年11月18日\n" in told


def test_a_follow_up_that_took_place_is_recorded() -> None:
    """The last one, once none is planned; another way of contact is named."""
    case = tree()
    case["follow_ups"] = [
        {"on": "2022-03-01", "text": "你的生活有困难", "means": "视频", "new_request": "要求恢复执行", "by": "孙某某"},
        {"on": "2021-11-24", "text": "没有新的意见"},
    ]
    told = draft_text(case, "follow_up_record")

    assert "\n回访日期：2022年3月1日\n" in told
    assert "☑其他（视频）\n回访人\n孙某某\n" in told
    assert "回访情况\n信访人的生活有困难。\n新的反映\n和请求\n要求恢复执行。\n" in told
    assert count_pages({"p": draft_tree(case, "follow_up_record")}) == {"p": 1}
    case["follow_ups"] = []
    assert missing_paths(case, "follow_up_record") == ["/follow_ups"]
