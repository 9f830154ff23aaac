"""The assigned case that variants begin with, its parts, and those variants in which several petition or ask for several things."""

from __future__ import annotations

import copy
from copy import deepcopy
from typing import Any

from tests.support import cases
from tests.support.documents import example_tree

ADDRESS = "济南市钢城区样某街道样某村"


def party(name: str, position: str, number: int = 1, **others: str) -> dict[str, Any]:
    """A petitioner who is a party, whose telephone and house have this number."""
    return {
        "name": name,
        "phone": f"1380000000{number}",
        "role": "party",
        "position": position,
        "address": f"{ADDRESS}{number}号",
        **others,
    }


def agent(name: str, principal: str) -> dict[str, Any]:
    """The agent of a petitioner."""
    return {
        "name": name,
        "phone": "13900000009",
        "role": "agent",
        "principal": {"name": principal, "proof": "授权委托书", "authority": "一般代理"},
    }


def assigned_case() -> dict[str, Any]:
    """An assigned case with all four meetings and a request for write-off."""
    tree = cases.with_records(example_tree())
    tree["registration"] |= {"brief": "未及时查控财产问题", "channel": "letter"}
    tree["enforcement_cases"][0] |= {"terminated": False, "overdue_six_months": True}
    tree["feedback_report"] = {"reported_on": "2021-11-19", "signer": "王某某"}
    tree["interview"] |= {"place": "本院执行信访接待室"}
    tree["approval"]["submitted_on"] = "2021-11-05"
    tree["assignment"]["feedback_on"] = "2021-11-19"
    tree["write_off"]["resolution"] = ["explained"]
    return tree


def bring_to_meetings(tree: dict[str, Any], *people: tuple[str, str]) -> None:
    """Who comes to the meetings for the petitioners: each with name and title, in place of 甲某某."""
    attendees = [{"name": name, "title": title} for name, title in people]
    for meeting in (tree["coordination"]["parties"], tree["hearing"]["participants"]):
        meeting[:1] = deepcopy(attendees)


_OWN_PAPERS = {
    "acceptance_service": "受理告知书送达回证",
    "reply_service": "答复意见书送达回证",
    "commitment": "息诉罢访承诺书",
}


def name_notice(tree: dict[str, Any], whose: str) -> None:
    """The notice of assignment names these petitioners."""
    tree["assignment"]["notice_title"] = f"关于交办{whose}执行申诉信访事项的通知"


def give_each_his_papers(tree: dict[str, Any]) -> None:
    """A receipt of each notice and a commitment for each petitioner, which name him."""
    names = [one["name"] for one in tree["petitioners"] if "principal" not in one]
    papers: list[dict[str, Any]] = []
    for one in tree["materials"]:
        title = _OWN_PAPERS.get(one["items"][0])
        own = [
            one | {"title": f"{title}（{name}）", "file": f"{title}{place}.pdf"} for place, name in enumerate(names, 1)
        ]
        papers += own if title else [one]
    tree["materials"] = papers


def one_agent_for_two_of_three() -> dict[str, Any]:
    """Three petitioners in two cases; an agent is registered once for each of two."""
    tree = assigned_case()
    tree["petitioners"] = [
        party("甲某某", "applicant", 1),
        agent("丁某某", "甲某某"),
        party("丙某某", "applicant", 2),
        agent("丁某某", "丙某某"),
        party("戊某某", "applicant", 3),
    ]
    first = tree["enforcement_cases"][0]
    first["parties"] = {"applicants": ["甲某某", "丙某某"], "respondents": ["乙某某"]}
    second = copy.deepcopy(first) | {"no": "（2020）鲁0117执9002号"}
    second["parties"] = {"applicants": ["戊某某"], "respondents": ["乙某某"]}
    tree["enforcement_cases"].append(second)
    tree["enforcement_measures"] = cases.write_off()["enforcement_measures"]
    tree["claims"][0]["facts"] = "本院已于2020年3月11日在两案中责令被执行人报告财产，被执行人报告名下无财产"
    name_notice(tree, "甲某某等3人")
    bring_to_meetings(tree, ("甲某某", "信访人"), ("丁某某", "甲某某、丙某某的委托代理人"), ("戊某某", "信访人"))
    give_each_his_papers(tree)
    return tree


def eight_claims() -> dict[str, Any]:
    """Every outcome in each of its forms; one that is promised is still open when the write-off is asked for."""
    tree = assigned_case()
    tree["write_off"]["resolution"] = ["explained", "led_into"]
    tree["grounds"] = [2, 4, 5, 7]
    tree["registration"] |= {
        "brief": "执行款发放等问题",
        "summary": "甲某某反映（2020）鲁0117执9001号案中执行款发放、账户冻结、款项到账、文书送达、款项利息、限制消费、"
        "利息计算、追加被执行人等问题，请求逐项处理。",
    }
    tree["enforcement_measures"].append(
        {
            "name": "扣划银行存款",
            "on": "2021-08-18",
            "result": "扣划被执行人银行存款12600元",
            "proof": "扣划裁定书",
        }
    )
    answers: list[dict[str, Any]] = [
        {
            "title": "执行款发放",
            "statement": "扣划的款项没有发放",
            "demand": "发放执行款",
            "facts": "本院于2021年8月18日扣划被执行人银行存款12600元",
            "outcome": "supported",
            "measures": [{"on": "2021-10-15", "text": "将执行款发放至你的账户"}],
        },
        {
            "title": "账户冻结",
            "statement": "本院误将你名下的账户冻结",
            "demand": "解除冻结",
            "facts": "因姓名相同，误将你名下的账户冻结",
            "outcome": "supported",
            "measures": [{"on": "2021-11-30", "text": "解除对你名下账户的冻结", "done": False}],
        },
        {
            "title": "款项到账",
            "statement": "执行款第一次汇付没有到账",
            "demand": "说明没有到账的原因",
            "facts": "第一次汇付的款项被银行退回",
            "outcome": "explained",
            "reason": "你的账户信息有误，已请你更正。款项已经发放",
        },
        {
            "title": "文书送达",
            "statement": "没有收到扣划裁定书",
            "demand": "重新送达",
            "facts": "卷内有你签名的送达回证",
            "outcome": "not_supported",
            "lacks": "facts",
            "reason": "卷内材料与你所称不符",
        },
        {
            "title": "款项利息",
            "statement": "扣划的款项在本院账户期间没有计付利息",
            "demand": "计付该期间的利息",
            "facts": "扣划的款项已于2021年10月15日发放",
            "outcome": "not_supported",
            "lacks": "law",
            "reason": "法律没有规定",
        },
        {
            "title": "限制消费",
            "statement": "没有对被执行人限制消费",
            "demand": "发出限制消费令",
            "facts": "本院已于2020年4月9日向二被执行人发出限制消费令",
            "outcome": "not_supported",
            "reason": "你的请求已经处理",
        },
        {
            "title": "利息计算",
            "statement": "迟延履行利息的计算方法不当",
            "demand": "重新计算迟延履行利息",
            "facts": "你已就计算方法提出书面异议",
            "outcome": "led_into",
            "procedure": {"name": "执行异议", "case_no": "（2021）鲁0117执异9003号", "filed_on": "2021-10-20"},
        },
        {
            "title": "追加被执行人",
            "statement": "没有追加钢城区样某建材有限公司的股东为被执行人",
            "demand": "追加该股东为被执行人",
            "facts": "你没有提出书面申请",
            "outcome": "led_into",
            "procedure": {
                "name": "变更（追加）被执行人",
                "told_on": "2021-09-22",
                "told_to": "申请变更、追加被执行人",
            },
        },
    ]
    tree["claims"] = answers
    tree["approval"]["collective"]["opinion"] = (
        "对第1、2项请求予以支持，对第3项反映解释说明，对第4、5、6项请求不予支持，"
        "第7项按已导入的程序答复，第8项告知信访人可以申请变更、追加被执行人"
    )
    return tree


def group_with_outsider() -> dict[str, Any]:
    """An applicant, the debtor, and an outsider to the case, together."""
    tree = assigned_case()
    tree["petitioners"] = [
        party("甲某某", "applicant", 1),
        party("乙某某", "respondent", 2),
        party("丁某某", "outsider", 3) | {"role": "interested"},
    ]
    tree["grounds"] = [2, 3, 6]
    tree["write_off"]["resolution"] = ["explained", "led_into"]
    tree["enforcement_cases"][0] |= {"terminated": False, "overdue_six_months": True}
    tree["enforcement_cases"][0]["parties"]["outsiders"] = ["丁某某"]
    tree["registration"] |= {
        "brief": "未及时查控财产等问题",
        "summary": "甲某某反映（2020）鲁0117执9001号案未及时查控财产，请求继续查找财产；丁某某反映查封的车辆为其所有，"
        "请求解除查封；乙某某反映对其限制消费不当，请求解除对其的限制消费。",
    }
    tree["claims"][0] |= {
        "by": "甲某某",
        "title": "财产查控",
        "reason": "本院已查封乙某某名下车辆，丁某某已就该车辆提出异议，异议审查期间不处分该车辆；"
        "除该车辆外，未发现被执行人有其他可供执行的财产",
    }
    for measure in tree["enforcement_measures"]:
        if measure["name"] == "查询车辆":
            measure["result"] = "查封乙某某名下车辆一辆，公司名下无车辆"
    filed = {"name": "案外人异议", "case_no": "（2021）鲁0117执异9003号", "filed_on": "2021-10-20"}
    tree["claims"] += [
        {
            "by": "丁某某",
            "title": "车辆查封",
            "statement": "查封的车辆为丁某某所有",
            "demand": "解除查封",
            "facts": "车辆登记在乙某某名下",
            "outcome": "led_into",
            "procedure": filed,
        },
        {
            "by": "乙某某",
            "title": "限制消费",
            "statement": "对其限制消费不当",
            "demand": "解除对其的限制消费",
            "facts": "本院已于2020年4月9日向乙某某发出限制消费令，乙某某至今没有履行义务",
            "outcome": "not_supported",
            "reason": "乙某某没有履行生效法律文书确定的义务",
        },
    ]
    name_notice(tree, "甲某某等3人")
    bring_to_meetings(tree, ("甲某某", "信访人"), ("丁某某", "信访人、案外人"))
    tree["hearing"]["participants"].insert(2, {"name": "乙某某", "title": "信访人、被执行人"})
    tree["approval"]["collective"]["opinion"] = (
        "对甲某某的反映解释说明，丁某某的请求按已导入的程序答复，对乙某某的请求不予支持"
    )
    give_each_his_papers(tree)
    return tree
