"""Cases in which papers go wrong most easily: agents, groups, posting, early reports, long names, large amounts, other years."""

from __future__ import annotations

import copy
from copy import deepcopy
from typing import Any

from tests.support import cases
from tests.support.documents import example_tree

COMPANY = "钢城区样某物资有限公司"
LONG_COMPANY = "钢城区样某某某新材料科技发展（集团）股份有限公司样某某工业园区第二分公司"
ADDRESS = "济南市钢城区样某街道样某村"


def _party(name: str, position: str, **others: str) -> dict[str, Any]:
    return {
        "name": name,
        "phone": "13800000001",
        "role": "party",
        "position": position,
        "address": ADDRESS,
        **others,
    }


def _agent(name: str, principal: str) -> dict[str, Any]:
    return {
        "name": name,
        "phone": "13900000009",
        "role": "agent",
        "principal": {"name": principal, "proof": "授权委托书", "authority": "一般代理"},
    }


def _tree() -> dict[str, Any]:
    """An assigned case with all four meetings and a request for write-off."""
    tree = cases.with_records(example_tree())
    tree["registration"] |= {"brief": "未及时查控财产问题"}
    tree["feedback_report"] = {"reported_on": "2021-11-19", "signer": "王某某"}
    tree["interview"] |= {"place": "本院执行信访接待室"}
    tree["approval"]["submitted_on"] = "2021-11-05"
    return tree


def _attends(tree: dict[str, Any], name: str, title: str) -> None:
    """Who comes to the meetings for the petitioners."""
    for attendees in (tree["coordination"]["parties"], tree["hearing"]["participants"]):
        attendees[0] = {"name": name, "title": title}


def organisation_with_agent() -> dict[str, Any]:
    """A company, whose agent came."""
    tree = _tree()
    tree["petitioners"] = [
        _party(COMPANY, "applicant", kind="company") | {"representative": {"name": "卫某某", "title": "经理"}},
        _agent("蒋某某", COMPANY),
    ]
    tree["enforcement_cases"][0]["parties"]["applicants"] = [COMPANY]
    _attends(tree, "蒋某某", "信访人的委托代理人")
    return tree


def one_agent_for_two_of_three() -> dict[str, Any]:
    """Three petitioners in two cases; an agent is registered once for each of two."""
    tree = _tree()
    tree["petitioners"] = [
        _party("甲某某", "applicant"),
        _agent("丁某某", "甲某某"),
        _party("丙某某", "applicant"),
        _agent("丁某某", "丙某某"),
        _party("戊某某", "applicant"),
    ]
    first = tree["enforcement_cases"][0]
    first["parties"] = {"applicants": ["甲某某", "丙某某"], "respondents": ["乙某某"]}
    second = copy.deepcopy(first) | {"no": "（2020）鲁0117执9002号"}
    second["parties"] = {"applicants": ["戊某某"], "respondents": ["乙某某"]}
    tree["enforcement_cases"].append(second)
    return tree


def posting_only() -> dict[str, Any]:
    """The reply was posted and has not been signed for."""
    tree = _tree()
    tree["reply"]["service_method"] = "mail"
    for material in tree["materials"]:
        if material["items"] == ["reply_service"]:
            del material["signed_on"]
            material |= {"posted_on": "2021-11-12", "service_kind": "posted"}
    return tree


def early_report() -> dict[str, Any]:
    """A report of 8 October, in a case that went on until December; its texts were written later."""
    tree = _tree()
    tree["feedback_report"] = {
        "reported_on": "2021-10-08",
        "found": "我院于2021年9月22日约谈甲某某，于2021年10月12日实地调查。",
    }
    tree["claims"][0]["facts"] = "本院于2021年9月24日查询财产，于2021年10月12日实地调查，于10月20日约谈乙某某"
    tree["reply"]["case_facts"] = "本院于2020年3月4日立案。"
    tree["measures"].append({"on": "2021-10-12", "action": "实地调查"})
    return tree


def eight_claims() -> dict[str, Any]:
    """Every outcome in each of its forms."""
    tree = _tree()
    asked = {"statement": "本院对你的请求处理不当", "demand": "说明对你的请求如何处理", "facts": "本院已告知你"}
    answers: list[dict[str, Any]] = [
        {"outcome": "supported", "measures": [{"on": "2021-10-15", "text": "将执行款发放至你的账户"}]},
        {
            "outcome": "supported",
            "measures": [{"on": "2021-11-30", "text": "解除对你名下账户的冻结", "done": False}],
        },
        {"outcome": "explained", "reason": "你的账户信息有误，已请你更正。款项已经发放"},
        {"outcome": "not_supported", "lacks": "facts", "reason": "卷内材料与你所称不符"},
        {"outcome": "not_supported", "lacks": "law", "reason": "法律没有规定"},
        {"outcome": "not_supported", "reason": "你的请求已经处理"},
        {
            "outcome": "led_into",
            "procedure": {"name": "执行异议", "case_no": "（2021）鲁0117执异9003号", "filed_on": "2021-10-20"},
        },
        {
            "outcome": "led_into",
            "procedure": {
                "name": "变更（追加）被执行人",
                "told_on": "2021-09-22",
                "told_to": "申请变更、追加被执行人",
            },
        },
    ]
    tree["claims"] = [{**asked, "title": f"第{place}项请求", **one} for place, one in enumerate(answers, 1)]
    tree["approval"]["collective"]["opinion"] = (
        "对第1、2项请求予以支持，对第3项反映解释说明，对第4、5、6项请求不予支持，"
        "第7项按已导入的程序答复，第8项告知信访人可以申请变更、追加被执行人"
    )
    return tree


def group_with_outsider() -> dict[str, Any]:
    """An applicant, the debtor, and an outsider to the case, together."""
    tree = _tree()
    tree["petitioners"] = [
        _party("甲某某", "applicant"),
        _party("乙某某", "respondent"),
        _party("丁某某", "outsider") | {"role": "interested"},
    ]
    tree["enforcement_cases"][0] |= {"terminated": False, "overdue_six_months": True}
    tree["enforcement_cases"][0]["parties"]["outsiders"] = ["丁某某"]
    tree["registration"]["brief"] = "未及时查控财产等问题"
    tree["claims"][0] |= {
        "by": "甲某某",
        "title": "财产查控",
        "reason": "本院已查封乙某某名下车辆，丁某某已就该车辆提出异议，异议审查期间不处分该车辆；"
        "除该车辆外，未发现被执行人有其他可供执行的财产",
    }
    for measure in tree["enforcement_measures"]:
        if measure["name"] == "查询车辆":
            measure["result"] = "查封乙某某名下车辆一辆"
    filed = {"name": "案外人异议", "case_no": "（2021）鲁0117执异9003号", "filed_on": "2021-10-20"}
    tree["claims"].append(
        {
            "by": "丁某某",
            "title": "车辆查封",
            "statement": "查封的车辆为丁某某所有",
            "demand": "解除查封",
            "facts": "车辆登记在乙某某名下",
            "outcome": "led_into",
            "procedure": filed,
        }
    )
    return tree


def long_names() -> dict[str, Any]:
    """A minority name with the interpunct, and a very long name of an organisation."""
    tree = _tree()
    name = "阿某某江·买买提某某·吐尔逊某某"
    tree["petitioners"] = [
        _party(name, "applicant", ethnicity="维吾尔族"),
        _party(LONG_COMPANY, "applicant", kind="organization"),
    ]
    tree["enforcement_cases"][0]["parties"]["applicants"] = [name, LONG_COMPANY]
    _attends(tree, name, "信访人")
    return tree


def large_amounts() -> dict[str, Any]:
    """Amounts over a 亿, with 角 and 分."""
    tree = _tree()
    tree["claims"][0] |= {
        "facts": "执行标的为303050607.58元，已执行到位203050607.08元",
        "reason": "除已执行到位的款项外，未发现被执行人有其他可供执行的财产",
    }
    tree["measures"].append({"on": "2021-11-15", "action": "发放执行款203050607.08元", "proof": "付款凭证"})
    tree["relief"] = {"started_on": "2021-10-15", "amount": "100000001.05", "paid_on": "2021-11-01"}
    tree["write_off"]["payments"] = [{"on": "2021-11-15", "name": "执行款", "amount": "203050607.08"}]
    return tree


def suggestion() -> dict[str, Any]:
    """An organisation suggests, by letter."""
    tree = _tree()
    del tree["assignment"], tree["write_off"]
    tree["registration"] |= {"nature": "suggestion", "brief": "加快处置查封的财产", "channel": "letter"}
    tree["petitioners"] = [_party("样某村村民委员会", "applicant", kind="organization")]
    tree["claims"] = [{"statement": "加快处置查封的财产", "outcome": "supported"}]
    tree["enforcement_cases"][0]["parties"]["applicants"] = ["样某村村民委员会"]
    _attends(tree, "陶某某", "样某村村民委员会主任")
    return tree


def in_year(year: int) -> dict[str, Any]:
    """The case, all of it that many years later."""
    shift = year - 2021

    def moved(value: object) -> object:
        if isinstance(value, dict):
            return {key: moved(one) for key, one in value.items()}
        if isinstance(value, list):
            return [moved(one) for one in value]
        if isinstance(value, str) and value[:5] in {"2021-", "2020-"}:
            return f"{int(value[:4]) + shift}{value[4:]}"
        return value

    tree = moved(_tree())
    assert isinstance(tree, dict)
    tree["petitioners"][0]["position"] = "applicant"
    return tree


def without_property() -> dict[str, Any]:
    """The debtor has no property: measures exhausted, relief asked for, follow-ups."""
    tree = cases.without_property(_tree())
    tree["petitioners"][0]["ethnicity"] = "汉族"
    return tree


VARIANTS: dict[str, dict[str, Any]] = {
    "organisation-with-agent": organisation_with_agent(),
    "one-agent-for-two-of-three": one_agent_for_two_of_three(),
    "posting-only": posting_only(),
    "early-report": early_report(),
    "eight-claims": eight_claims(),
    "group-with-outsider": group_with_outsider(),
    "long-names": long_names(),
    "large-amounts": large_amounts(),
    "suggestion": suggestion(),
    "2022": in_year(2022),
    "2024": in_year(2024),
    "2026": in_year(2026),
    "without-property": without_property(),
}

_TRANSFERRED = {"transferred_to": {"department": "本院破产审判团队", "on": "2021-10-11"}}
_BANKRUPTCY = {
    **_TRANSFERRED,
    "other_procedure": "bankruptcy",
    "bankrupt": "钢城区样某纺织有限公司",
    "bankruptcy_court": "济南市钢城区人民法院",
    "bankruptcy_no": "（2021）鲁0117破9003号",
    "administrator": "样某律师事务所",
}
REFUSALS: dict[str, dict[str, Any]] = {
    "1-one-attempt": {"ground": 1, "contact_attempts": [{"on": "2021-10-08", "means": "电话"}]},
    "1-two-attempts": {"ground": 1},
    "1-talked": {"ground": 1, "contact_attempts": [], "talked_on": "2021-10-09"},
    "2-style": {"ground": 2},
    "2-integrity": {"ground": 2, "conduct_subject": "廉洁纪律"},
    "3": {"ground": 3},
    "4-trial": {
        "ground": 4,
        "other_procedure": "trial",
        "judgment_no": "（2019）鲁0117民初9002号民事判决",
        "transferred_to": {"department": "本院审判监督庭", "on": "2021-10-11"},
    },
    "4-compensation": {"ground": 4},
    "4-bankruptcy-employee": {"ground": 4, **_BANKRUPTCY, "employee_claim": True},
    "4-bankruptcy-other": {"ground": 4, **_BANKRUPTCY, "employee_claim": False},
    "4-bankruptcy-silent": {"ground": 4, **_BANKRUPTCY},
    "4-bankruptcy-elsewhere": {
        "ground": 4,
        **_BANKRUPTCY,
        "bankruptcy_court": "样某市中级人民法院",
        "bankruptcy_no": "（2021）鲁01破9003号",
        "employee_claim": False,
    },
    "4-other": {
        "ground": 4,
        "other_procedure": "other",
        "procedure_name": "公证",
        "transferred_to": {"department": "样某公证处", "on": "2021-10-11"},
    },
    "5-remedy": {"ground": 5},
    "5-no-remedy": {"ground": 5, "remedy": None},
    "6-known": {"ground": 6},
    "6-unknown": {"ground": 6, "enforcing_court": None},
    "7-designated": {"ground": 7},
    "7-raised": {
        "ground": 7,
        "enforcing_court": "济南市中级人民法院",
        "new_case_no": "（2021）鲁01执9009号",
    },
}
"""What distinguishes each form of each ground of refusal (Art. 15)."""


def refusal(name: str) -> dict[str, Any]:
    """The case of one of `REFUSALS`."""
    facts = deepcopy(REFUSALS[name])
    tree = cases.declined(facts["ground"])
    tree["registration"]["brief"] = "发放劳动报酬等问题" if "bankruptcy" in name else "有关问题"
    tree["petitioners"][0]["address"] = ADDRESS
    tree["declined"] = {key: value for key, value in {**tree["declined"], **facts}.items() if value is not None}
    return tree
