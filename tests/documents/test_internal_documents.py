"""Internal documents: the transfer slip, the approval form, and the report to the assigning body."""

from __future__ import annotations

import pytest

from bundler.errors import CaseError
from tests.support.documents import PROFILE, count_pages, draft_text, draft_tree, example_tree, read_paragraphs


def test_the_transfer_slip_asks_for_what_article_13_asks() -> None:
    """The five requirements of the drafting brief, with their due dates."""
    slip = draft_text(example_tree(), "transfer_slip")

    assert (
        """1.自收到本单之日起5日内约谈信访人（不晚于2021年9月22日），制作约谈笔录。
2.自收到本单之日起40个工作日内向信访人答复办理情况及办理结果（不晚于2021年11月17日）。
3.请于反馈期限前3个工作日报送执行信访团队，由其向济南市中级人民法院反馈。
4.办理意见须经主办院领导同意或者相关人员集体研究后，方可答复。
5.办理材料随办随交执行信访团队归档。
附件
交办通知复印件
"""
        in slip
    )
    assert "☑案件承办人" in slip
    tree = example_tree()
    del tree["assignment"]["feedback_due"]
    assert "3.请按交办通知要求的期限，提前3个工作日报送执行信访团队，由其向济南市中级人民法院反馈。" in draft_text(
        tree, "transfer_slip"
    )
    assert "领导批示\n办理要求" in slip


def test_a_slip_that_nobody_assigned_counts_on_without_that_requirement() -> None:
    """The numbering continues, and no assigning body is named."""
    tree = example_tree()
    del tree["assignment"]
    slip = draft_text(tree, "transfer_slip")

    assert "\n3.办理意见须经" in slip
    assert "\n4.办理材料随办随交" in slip
    assert "交办机关" not in slip


def test_days_that_still_depend_on_the_receipt_say_so_and_provisional_days_are_not_printed() -> None:
    """They are counted from the transfer; a year without an official calendar has no date."""
    tree = example_tree()
    tree["transfer"] = {"transferred_on": "2021-09-16"}
    far = example_tree()
    far["transfer"] = {"transferred_on": "2051-09-16", "received_on": "2051-09-16"}

    assert "（不晚于2021年9月22日，以实际收到日为准）" in draft_text(tree, "transfer_slip")
    assert "不晚于" not in draft_text(far, "transfer_slip")


def test_a_handler_who_left_hands_the_matter_to_the_team() -> None:
    """The other box is ticked, with the name."""
    tree = example_tree()
    tree["people"]["former_handler"] = {"name": "郑某某", "in_enforcement": False}
    slip = draft_text(tree, "transfer_slip")

    assert "□案件承办人" in slip
    assert "☑执行信访团队（原承办人郑某某已不在执行岗位，协调处理）" in slip
    assert "3.请于反馈期限届满前向济南市中级人民法院反馈。\n" in slip  # the team does not send to itself
    assert "5.办理材料随办随归档。\n" in slip
    del tree["assignment"]["feedback_due"]
    assert "3.请按交办通知要求的期限，向济南市中级人民法院反馈。\n" in draft_text(tree, "transfer_slip")


def test_a_complaint_about_conduct_does_not_go_with_the_slip() -> None:
    """For a mixed petition, the slip prints the claims about the enforcement case instead of the summary."""
    tree = example_tree()
    tree["registration"]["summary"] = "信访人反映执行人员态度生硬，并反映未查控财产。"
    tree["acceptance"]["conduct_part"] = {"transferred_on": "2021-09-17", "department": "本院督察部门"}
    slip = draft_text(tree, "transfer_slip")

    assert "态度生硬" not in slip
    assert "本院立案后未及时查控财产，请求继续查找财产。" in slip


def test_the_approval_form_proposes_an_outcome_for_each_claim_and_leaves_the_opinions_blank() -> None:
    """They stay blank although the case has the consent; the facts are in the third person."""
    tree = example_tree()
    tree["claims"] = [
        {"statement": "甲", "facts": "本院已告知你们", "outcome": "explained", "reason": "乙"},
        {"statement": "丙", "facts": "丁", "outcome": "not_supported", "reason": "戊"},
        {
            "statement": "己",
            "facts": "庚",
            "outcome": "led_into",
            "procedure": {"name": "执行异议", "case_no": "（2021）鲁0117执异9003号"},
        },
    ]
    paragraphs = read_paragraphs(draft_tree(tree, "approval_form"))

    assert "1.本院已告知信访人。" in paragraphs
    assert paragraphs[paragraphs.index("拟办理意见") + 1 :][:5] == [
        "第1项拟予解释说明。理由：乙。",
        "第2项拟不予支持。理由：戊。",
        "第3项已导入执行异议程序，案号为（2021）鲁0117执异9003号，拟据此答复。",
        "拟将答复意见书送达信访人，并向济南市中级人民法院报告。",
        "承办人（签名）：　　　　　　　年　　月　　日",
    ]
    assert paragraphs.count("签名：　　　　　　　　年　　月　　日") == 3
    assert "2021年11月8日" not in "".join(paragraphs)
    assert "同意" not in "".join(paragraphs)


def test_a_court_without_that_step_leaves_the_bureaus_row_out() -> None:
    """A switch of the profile; the form then takes one page."""
    switches = PROFILE.switches.model_copy(update={"bureau_opinion": False})
    profile = PROFILE.model_copy(update={"switches": switches})
    tree = example_tree()
    del tree["assignment"]
    data = draft_tree(tree, "approval_form", profile=profile)

    assert "负责人意见" not in "".join(read_paragraphs(data))
    assert count_pages({"p": data}) == {"p": 1}


def test_the_slip_keeps_to_one_page() -> None:
    """With everything that an assigned petition prints."""
    tree = example_tree()
    tree["registration"]["summary"] = "国" * 140
    tree["transfer"]["attachments"] = ["执行申诉材料", "民事判决书"]

    assert count_pages({"p": draft_tree(tree, "transfer_slip")}) == {"p": 1}


def test_the_report_tells_the_assigning_body_what_was_done() -> None:
    """In the sentences of the drafting brief; no phone and no identity number is printed."""
    tree = example_tree()
    tree["feedback_report"] = {"reported_on": "2021-11-19", "signer": "王某某", "subject": "执行进度问题"}
    tree["claims"][0]["title"] = "查控被执行人财产"
    report = draft_text(tree, "supervision_report")

    assert "关于甲某某反映执行进度问题\n信访事项办理情况的报告\n济南市中级人民法院：\n" in report
    assert (
        "根据济南市中级人民法院《关于交办甲某某执行申诉信访事项的通知》（济执信交〔2021〕9018号）要求，我院于2021年9月16日收到来文后，"
        "对甲某某反映"
        "（2020）鲁0117执9001号申请执行人甲某某与被执行人乙某某、钢城区样某建材有限公司民间借贷纠纷执行一案未及时查控财产、"
        "终结本次执行程序不当、发放执行款不及时等问题的信访事项进行了办理。现将办理情况报告如下："
    ) in report
    assert "信访人甲某某，男，1968年5月2日出生，汉族，系（2020）鲁0117执9001号案申请执行人。" in report
    assert "关于查控被执行人财产的问题，我院作出解释说明：被执行人目前没有可供执行的财产。" in report
    assert (
        "答复意见书于2021年11月12日送达信访人。信访人对答复表示接受，已签署息诉罢访承诺书。\n特此报告。\n"
        "附件：1.执行申诉信访事项答复意见书\n　　　2.送达回证\n济南市钢城区人民法院\n2021年11月19日"
    ) in report
    assert "钢法〔2021〕　　号\n签发人：王某某" in report
    assert [
        secret for secret in ("13800000000", "999999", "138****", "样某街道", "请批示", "本院") if secret in report
    ] == []


@pytest.mark.parametrize(
    ("accepted", "sentence"),
    [(True, "信访人对答复表示接受。"), (False, "信访人对答复仍有不同意见，我院已告知其依法主张权利的途径。")],
)
def test_what_the_petitioner_says_of_the_reply(accepted: bool, sentence: str) -> None:  # noqa: FBT001 (a case of the table)
    """One sentence each; a commitment signed after the report's date is ignored."""
    tree = example_tree()
    tree["feedback_report"] = {"reported_on": "2021-11-15", "accepted": accepted}

    assert f"送达信访人。{sentence}" in draft_text(tree, "supervision_report")


def test_a_report_before_the_reply_is_one_of_progress() -> None:
    """The title says so; later events are left out, and a past date is not announced."""
    tree = example_tree()
    tree["feedback_report"] = {"reported_on": "2021-11-09"}
    report = draft_text(tree, "supervision_report")
    tree["feedback_report"] = {"reported_on": "2021-11-18"}
    tree["materials"] = []

    assert "信访事项办理进展情况的报告" in report
    assert "该事项尚在办理，预计于2021年11月17日前答复信访人，办结后另行报告。" in report
    assert "附件" not in report
    assert "该事项尚在办理，办结后另行报告。" in draft_text(tree, "supervision_report")


def test_a_report_without_its_assignment_is_refused() -> None:
    """The error names the missing fields."""
    tree = example_tree()
    del tree["assignment"]

    with pytest.raises(CaseError, match="未填交办机关、收文日期、交办通知的名称"):
        draft_tree(tree, "supervision_report")
