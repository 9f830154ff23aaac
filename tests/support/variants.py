"""Cases in which papers go wrong most easily: agents, groups, posting, early reports, long names, large amounts, other years."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import chinese_calendar

from bundler.regulation.load import load_regulation
from bundler.regulation.model import count_days
from tests.support import cases
from tests.support.variant_trees import (
    ADDRESS,
    agent,
    assigned_case,
    bring_to_meetings,
    eight_claims,
    give_each_his_papers,
    group_with_outsider,
    name_notice,
    one_agent_for_two_of_three,
    party,
)

COMPANY = "钢城区样某物资有限公司"
LONG_COMPANY = "钢城区样某某某新材料科技发展（集团）股份有限公司样某某工业园区第二分公司"
LAST_KNOWN_YEAR, SATURDAY = 2026, 5


def organisation_with_agent() -> dict[str, Any]:
    """A company, whose agent came."""
    tree = assigned_case()
    tree["petitioners"] = [
        party(COMPANY, "applicant", kind="company") | {"representative": {"name": "卫某某", "title": "经理"}},
        agent("蒋某某", COMPANY),
    ]
    tree["enforcement_cases"][0]["parties"]["applicants"] = [COMPANY]
    name_notice(tree, COMPANY)
    bring_to_meetings(tree, ("蒋某某", "信访人的委托代理人"))
    return tree


def posting_only() -> dict[str, Any]:
    """The reply was posted and has not been signed for, so that no write-off is asked for yet."""
    tree = assigned_case()
    del tree["write_off"]
    tree["reply"]["service_method"] = "mail"
    for material in tree["materials"]:
        if material["items"] == ["reply_service"]:
            del material["signed_on"]
            material |= {"posted_on": "2021-11-12", "service_kind": "posted"}
    tree["materials"] = [one for one in tree["materials"] if one["items"] != ["commitment"]]
    return tree


def early_report() -> dict[str, Any]:
    """A report of 8 October, in a case that went on until December; its texts were written later."""
    tree = assigned_case()
    tree["feedback_report"] = {
        "reported_on": "2021-10-08",
        "found": "我院于2021年9月22日约谈甲某某，于2021年10月12日实地调查。",
    }
    tree["claims"][0]["facts"] = "本院于2021年9月24日查询财产，于2021年10月12日实地调查，于2021年10月20日悬赏查找财产"
    tree["enforcement_cases"][0]["filed_on"] = "2020-03-04"
    tree["reply"]["case_facts"] = "本院于2020年3月4日立案。"
    tree["measures"].append({"on": "2021-10-12", "action": "实地调查", "proof": "调查笔录"})
    return tree


def long_names() -> dict[str, Any]:
    """A minority name with the interpunct, and a very long name of an organisation."""
    tree = assigned_case()
    name = "阿某某江·买买提某某·吐尔逊某某"
    tree["petitioners"] = [
        party(name, "applicant", 1, ethnicity="维吾尔族"),
        party(LONG_COMPANY, "applicant", 2, kind="organization"),
    ]
    tree["petitioners"][1] |= {
        "address": "济南市钢城区样某某工业园区样某路8号",
        "representative": {"name": "卫某某", "title": "负责人"},
    }
    tree["enforcement_cases"][0]["parties"]["applicants"] = [name, LONG_COMPANY]
    name_notice(tree, f"{name}等2人")
    bring_to_meetings(tree, (name, "信访人"), ("卫某某", "信访人的负责人"))
    give_each_his_papers(tree)
    return tree


def large_amounts() -> dict[str, Any]:
    """Amounts over a 亿, with 角 and 分."""
    tree = assigned_case()
    tree["claims"][0] |= {
        "facts": "执行标的为303050607.58元，已执行到位203050607.08元",
        "reason": "除已执行到位的款项外，未发现被执行人有其他可供执行的财产",
    }
    found = {
        "查询不动产": "除厂房外未发现其他财产",
        "责令报告财产": "乙某某无财产，公司有厂房",
    }
    for measure in tree["enforcement_measures"]:
        if measure["name"] in found:
            measure["result"] = found[measure["name"]]
    sold = "厂房以203050607.08元成交"
    tree["enforcement_measures"].append({"name": "拍卖厂房", "on": "2021-08-18", "result": sold, "proof": "成交裁定书"})
    tree["measures"].append({"on": "2021-11-15", "action": "发放执行款203050607.08元", "proof": "付款凭证"})
    tree["write_off"]["payments"] = [{"on": "2021-11-15", "name": "执行款", "amount": "203050607.08"}]
    return tree


def suggestion() -> dict[str, Any]:
    """An organisation suggests, by letter."""
    tree = assigned_case()
    del tree["assignment"], tree["write_off"], tree["feedback_report"]
    tree["registration"] |= {
        "nature": "suggestion",
        "brief": "加快处置查封的财产",
        "channel": "letter",
        "source": "来信",
        "summary": "样某村村民委员会来信，建议加快处置查封的财产。",
    }
    for measure in tree["enforcement_measures"]:
        if measure["name"] == "查询车辆":
            measure["result"] = "查封乙某某名下车辆一辆，公司名下无车辆"
    tree["petitioners"] = [
        party("样某村村民委员会", "applicant", kind="organization")
        | {"representative": {"name": "陶某某", "title": "主任"}}
    ]
    tree["claims"] = [{"statement": "加快处置查封的财产", "outcome": "supported"}]
    tree["enforcement_cases"][0]["parties"]["applicants"] = ["样某村村民委员会"]
    tree["materials"] = [one for one in tree["materials"] if one["items"] != ["commitment"]]
    tree["approval"]["collective"]["opinion"] = "对该项建议予以采纳"
    bring_to_meetings(tree, ("陶某某", "样某村村民委员会主任"))
    tree["investigations"][0]["place"] = "样某街道司法所"
    return tree


def in_year(year: int) -> dict[str, Any]:
    """The case, all of it that many years later: its numbers, and its days on the next day that the court works."""
    shift = year - 2021
    limit = load_regulation().limits.interview

    def later(day: date) -> date:
        moved = _next_working_day(day.replace(year=day.year + shift))
        received = _next_working_day(RECEIVED.replace(year=year))
        return min(moved, count_days(limit, received).day) if day == INTERVIEWED else moved

    def shown(found: re.Match[str]) -> str:
        day = later(date(int(found[1]), int(found[2]), int(found[3])))
        return f"{day.year}年{day.month}月{day.day}日"

    tree = example = assigned_case()
    example["petitioners"][0]["position"] = "applicant"
    text = json.dumps(tree, ensure_ascii=False)
    text = re.sub(r"(?<=\")20(?:19|20|21|22)-\d\d-\d\d", lambda one: f"{later(date.fromisoformat(one[0]))}", text)
    text = re.sub(r"(20(?:19|20|21|22))年(\d{1,2})月(\d{1,2})日", shown, text)
    text = re.sub(r"(?<=[（〔执])20(?:19|20|21)(?=[）〕-])", lambda one: str(int(one[0]) + shift), text)
    shifted = json.loads(text)
    assert isinstance(shifted, dict)
    return shifted


RECEIVED, INTERVIEWED = date(2021, 9, 16), date(2021, 9, 22)


def _next_working_day(day: date) -> date:
    while not (chinese_calendar.is_workday(day) if day.year <= LAST_KNOWN_YEAR else day.weekday() < SATURDAY):
        day += timedelta(days=1)
    return day


def without_property() -> dict[str, Any]:
    """The debtor has no property: measures exhausted, relief asked for, follow-ups."""
    tree = cases.without_property(assigned_case())
    tree["petitioners"][0]["ethnicity"] = "汉族"
    tree["relief"]["started_on"] = "2021-11-17"
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

_BANKRUPT = "钢城区样某纺织有限公司"
_BANKRUPTCY = {
    "transferred_to": {"department": "本院破产审判团队", "on": "2021-10-11"},
    "other_procedure": "bankruptcy",
    "bankrupt": _BANKRUPT,
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
        "transferred_to": {"department": "济南市中级人民法院", "on": "2021-10-11"},
        "bankruptcy_court": "济南市中级人民法院",
        "bankruptcy_no": "（2021）鲁01破9003号",
        "employee_claim": False,
    },
    "4-other": {
        "ground": 4,
        "other_procedure": "other",
        "procedure_name": "劳动人事争议仲裁",
        "transferred_to": {"department": "样某区劳动人事争议仲裁委员会", "on": "2021-10-11"},
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

_NO = "（2020）鲁0117执9001号案"
_REPORTED: dict[str, dict[str, str]] = {
    "2-integrity": {"summary": "信访人反映执行人员廉洁纪律方面的问题，没有反映执行案件的办理问题。"},
    "4-trial": {
        "summary": f"信访人反映{_NO}的执行依据（2019）鲁0117民初9002号民事判决认定事实不当，请求改判。",
        "brief": "执行依据问题",
    },
    "4-bankruptcy-employee": {
        "summary": f"信访人反映，{_NO}的被执行人已进入破产程序，请求发放劳动报酬。",
        "brief": "发放劳动报酬等问题",
        "cause": "追索劳动报酬纠纷",
    },
    "4-bankruptcy": {
        "summary": f"信访人反映，{_NO}的被执行人已进入破产程序，请求清偿货款。",
        "brief": "清偿货款等问题",
        "cause": "买卖合同纠纷",
    },
    "4-other": {
        "summary": f"信访人反映，{_NO}的被执行人另外拖欠其工资，没有经过劳动人事争议仲裁，请求一并执行。",
        "brief": "一并执行工资等问题",
    },
}
"""What the petitioner reported in each form that tells it in its own way, by the start of the form's name."""


def refusal(name: str) -> dict[str, Any]:
    """The case of one of `REFUSALS`."""
    facts = deepcopy(REFUSALS[name])
    tree = cases.declined(facts["ground"])
    told = next((dict(one) for form, one in _REPORTED.items() if name.startswith(form)), {})
    enforcement = tree["enforcement_cases"][0]
    if "cause" in told:
        enforcement["cause"] = told.pop("cause")
    if name.startswith(("4-bankruptcy", "4-other")):
        enforcement["parties"]["respondents"] = [_BANKRUPT]
    if name == "7-raised":
        tree["people"]["handler"] = {"unknown": "现由济南市中级人民法院执行"}
    tree["registration"] |= {"brief": "有关问题", **told}
    tree["petitioners"][0]["address"] = ADDRESS
    tree["declined"] = {key: value for key, value in {**tree["declined"], **facts}.items() if value is not None}
    return tree
