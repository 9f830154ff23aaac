"""Complete cases in memory, and records of their files, for tests of the gate."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

from bundler.case.reader import read_data
from bundler.file_inspection_record import PDF, FileProblem, FileRecord, PageInfo
from bundler.gate.check import apply_rules, kind_of
from bundler.gate.check_result import CheckResult
from bundler.gate.rule_input import GateContext
from bundler.gate.unread_inputs import UnreadInputs, with_meant_decision
from bundler.profile import load_profile
from bundler.regulation.papers import BundleKind

TODAY = date(2021, 12, 1)
PAGE = PageInfo(595.0, 842.0, 300.0, is_scan=True)

_BASE: dict[str, Any] = {
    "registration": {
        "no": "钢信执2021-0042",
        "received_on": "2021-09-16",
        "channel": "visit",
        "source": "来访",
        "summary": "信访人反映执行案件未全部执行到位，请求继续查找财产。",
        "proposed_opinion": "拟予受理。",
        "system_no": "样0042",
        "system_on": "2021-09-16",
    },
    "decision": "accepted",
    "petitioners": [{"name": "甲某某", "phone": "13800000000", "role": "party", "position": "applicant"}],
    "enforcement_cases": [
        {
            "no": "（2020）鲁0117执9001号",
            "cause": "民间借贷纠纷",
            "parties": {"applicants": ["甲某某"], "respondents": ["乙某某"]},
        }
    ],
    "people": {
        "handler": {"name": "李某某"},
        "leader": {"name": "王某某", "title": "副院长"},
        "first_contact": {"name": "孙某某"},
    },
}

_ACCEPTED: dict[str, Any] = {
    "category": "implementation",
    "grounds": [2],
    "transfer": {"transferred_on": "2021-09-16", "received_on": "2021-09-16"},
    "acceptance": {"accepted_on": "2021-09-17", "notice_on": "2021-09-17"},
    "interview": {"held_on": "2021-09-22"},
    "approval": {"leader_consent": {"by": "王某某", "on": "2021-11-08"}},
    "claims": [
        {
            "statement": "本院立案后未及时查控财产",
            "demand": "继续查找财产",
            "facts": "本院已于2020年3月11日责令被执行人报告财产，被执行人报告名下无财产",
            "outcome": "explained",
            "reason": "被执行人目前没有可供执行的财产",
        }
    ],
    "reply": {"replied_on": "2021-11-10"},
    "materials": [
        {"items": ["leader_instruction"], "file": "批示.pdf"},
        {"items": ["acceptance_service"], "file": "受理回证.pdf", "signed_on": "2021-09-17"},
        {"items": ["investigation"], "file": "调查.pdf"},
        {"items": ["interview"], "file": "约谈.pdf", "signed_on": "2021-09-22"},
        {"items": ["evidence"], "file": "证据.pdf"},
        {"items": ["reply_service"], "file": "答复回证.pdf", "signed_on": "2021-11-12"},
    ],
}

_QUERIED = ("银行存款", "车辆", "不动产", "住房公积金", "股权和对外投资", "证券、理财产品", "网络支付账户", "到期债权")
_ENFORCEMENT_MEASURES: list[dict[str, str]] = [
    *(
        {"name": f"查询{one}", "on": "2021-09-24", "result": "未发现可供执行的财产", "proof": "查询反馈"}
        for one in _QUERIED
    ),
    {"name": "责令报告财产", "on": "2020-03-11", "result": "乙某某报告名下无财产", "proof": "财产申报表"},
    {"name": "实地调查", "on": "2021-10-12", "result": "乙某某住所地为租住房屋", "proof": "调查笔录"},
    {"name": "发出限制消费令", "on": "2020-04-09", "result": "已向乙某某发出", "proof": "限制消费令"},
    {"name": "纳入失信被执行人名单", "not_taken_because": "乙某某不具有法律规定的失信情形"},
    {"name": "悬赏查找财产", "on": "2021-10-20", "result": "公告期内无人举报", "proof": "悬赏公告"},
]
_PAID = {
    "name": "督促履行",
    "on": "2020-06-10",
    "result": "被执行人履行12600元，已经发放",
    "proof": "付款凭证",
}
_WRITE_OFF: dict[str, Any] = {
    "enforcement_measures": _ENFORCEMENT_MEASURES,
    "measures": [{"on": "2021-09-24", "action": "查询被执行人财产", "proof": "查询反馈"}],
    "write_off": {"requested_on": "2021-11-22"},
}
_WRITE_OFF_MATERIALS = [
    {"items": ["legal_document"], "file": "裁定书.pdf"},
    {"items": ["conversation_record"], "file": "谈话.pdf", "signed_on": "2021-09-22"},
    {"items": ["commitment"], "file": "承诺书.pdf", "signed_on": "2021-11-18"},
]

_DECLINED: dict[int, dict[str, Any]] = {
    1: {"contact_attempts": [{"on": "2021-10-08", "means": "电话"}, {"on": "2021-10-09", "means": "短信"}]},
    2: {"conduct_subject": "工作作风", "transferred_to": {"department": "本院督察部门", "on": "2021-10-11"}},
    3: {"standing_checked": "核对执行案件管理系统"},
    4: {"other_procedure": "compensation", "transferred_to": {"department": "本院赔偿办", "on": "2021-10-11"}},
    5: {"matter": "宅基地确权问题", "competent_body": "样某区自然资源局", "remedy": "申请行政裁决"},
    6: {"enforcing_court": "样某区人民法院"},
    7: {
        "enforcing_court": "样某区人民法院",
        "superior_court": "济南市中级人民法院",
        "instrument": "（2021）鲁01执监9009号执行裁定书",
    },
}
_REPORTED: dict[int, str] = {
    1: "信访人反映执行案件没有执行到位，没有提供案号和被执行人的姓名，请求尽快执行。",
    2: "信访人反映执行人员工作作风方面的问题，没有反映执行案件的办理问题。",
    4: "信访人反映，本院在（2020）鲁0117执9001号案中的执行行为造成其损失，请求国家赔偿。",
    5: "信访人反映，（2020）鲁0117执9001号案被执行人的房屋占用其宅基地，请求宅基地确权。",
    6: "信访人反映（2020）鲁0199执9001号案未全部执行到位，请求继续查找财产。",
    7: "信访人反映（2020）鲁0117执9001号案未全部执行到位，请求继续查找财产。",
}
"""The summary of what is refused on each ground; on ground 3 it is that of any other petition."""
_WITHOUT_HANDLER = {
    1: "没有对应的执行案件",
    2: "没有反映执行案件",
    6: "不是本院的执行案件",
    7: "现由样某区人民法院执行",
}
_UNKNOWN_CASE = {1: "信访人没有提供", 2: "信访人没有反映"}


def archive() -> dict[str, Any]:
    """A complete accepted case."""
    return copy.deepcopy({**_BASE, **_ACCEPTED})


def write_off() -> dict[str, Any]:
    """A complete case that asks for write-off."""
    tree = copy.deepcopy({**_BASE, **_ACCEPTED, **_WRITE_OFF})
    tree["materials"] += copy.deepcopy(_WRITE_OFF_MATERIALS)
    return tree


def with_records(tree: dict[str, Any]) -> dict[str, Any]:
    """The same case with a coordination meeting, an inquiry, a hearing and a collective discussion."""
    people = [{"name": "李某某", "title": "执行员"}, {"name": "赵某某", "title": "审判员"}]
    chair = {"name": "王某某", "title": "副院长"}
    tree["coordination"] = {
        "started_at": "2021-10-08T09:00",
        "place": "本院",
        "chair": dict(chair),
        "court": copy.deepcopy(people),
        "parties": [{"name": "甲某某", "title": "信访人"}, {"name": "乙某某", "title": "被执行人"}],
    }
    tree["investigations"] = [
        {
            "on": "2021-10-12",
            "place": "样某村村民委员会",
            "investigators": copy.deepcopy(people),
            "respondent": {"name": "郑某某", "sex": "男", "relation": "被执行人的邻居"},
        }
    ]
    tree["hearing"] = {
        "held_on": "2021-10-20",
        "place": "本院第一听证室",
        "chair": dict(chair),
        "participants": [{"name": "甲某某", "title": "信访人"}, {"name": "李某某", "title": "案件承办人"}],
    }
    tree["approval"]["collective"] = {
        "on": "2021-11-05",
        "place": "本院会议室",
        "chair": dict(chair),
        "attendees": copy.deepcopy(people),
        "opinion": "对该项反映解释说明",
    }
    return tree


def without_property(tree: dict[str, Any]) -> dict[str, Any]:
    """The same case, whose debtor has no property: measures exhausted, relief asked for, a follow-up held and one planned."""
    measures = copy.deepcopy(tree.get("enforcement_measures", _ENFORCEMENT_MEASURES))
    if _PAID not in measures:
        measures.insert(-1, copy.deepcopy(_PAID))
    tree["enforcement_measures"] = measures
    tree["relief"] = {
        "hardship": True,
        "no_property": True,
        "enforced": "12600",
        "unenforced": "173400",
        "found": "本院采取查询、实地调查、限制消费等措施，未发现被执行人有可供执行的财产。",
        "difficulty": "申请人患病住院治疗，丧失劳动能力，无稳定收入。",
        "income": "家庭成员二人，月收入合计1200元。",
        "asked": "20000",
        "proofs": ["住院病历", "村民委员会证明"],
        "referred_on": "2021-11-15",
    }
    tree["follow_ups"] = [
        {"on": "2021-11-24", "text": "信访人对办理结果没有新的意见", "by": "孙某某", "means": "电话"},
        {"on": "2022-02-24", "means": "上门走访", "place": "样某村"},
    ]
    return tree


def declined(ground: int) -> dict[str, Any]:
    """A complete declined case of a ground of Art. 15."""
    tree = copy.deepcopy(_BASE)
    facts = {"ground": ground, "notice_on": "2021-10-12", **copy.deepcopy(_DECLINED[ground])}
    tree |= {"decision": "declined", "declined": facts, "materials": []}
    tree["registration"]["proposed_opinion"] = "拟不予受理，向信访人释明。"
    tree["registration"]["summary"] = _REPORTED.get(ground, tree["registration"]["summary"])
    if ground in _WITHOUT_HANDLER:
        tree["people"]["handler"] = {"unknown": _WITHOUT_HANDLER[ground]}
    if ground in _UNKNOWN_CASE:
        unknown = {"unknown": _UNKNOWN_CASE[ground]}
        tree["enforcement_cases"] = [{"no": dict(unknown), "parties": dict(unknown)}]
    if ground == 3:
        tree["petitioners"] = [{"name": "甲某某", "phone": "13800000000", "role": "none"}]
        tree["enforcement_cases"][0]["parties"]["applicants"] = ["丁某某"]
    if ground == 6:
        tree["enforcement_cases"][0]["no"] = "（2020）鲁0199执9001号"
    if ground in {2, 4}:
        tree["materials"].append({"items": ["transfer_proof"], "file": "移送函.pdf"})
    if ground != 1:
        tree["materials"].append({"items": ["explanation_service"], "file": "释明回证.pdf", "signed_on": "2021-10-13"})
    return tree


def judge(
    tree: dict[str, Any],
    *,
    kind: BundleKind | None = None,
    today: date = TODAY,
    problems: dict[str, FileProblem] | None = None,
    records: dict[str, FileRecord] | None = None,
) -> CheckResult:
    """Put a case before the gate, its files all sound but for the problems given."""
    reading = read_data(json.dumps(tree).encode(), Path(), "case")
    assert reading.case is not None
    case, kind = with_meant_decision(reading, reading.case, kind)
    found = {name: record(name, (problems or {}).get(name)) for name in case.named_files} | (records or {})
    context = GateContext(
        case,
        load_profile(),
        kind_of(case, kind),
        today,
        found,
        reading.values,
        unread=UnreadInputs(reading),
    )
    return apply_rules(reading, context)


def record(name: str, problem: FileProblem | None = None) -> FileRecord:
    """A sound three-page scan of that name, or one with a problem."""
    pages = () if problem else (PAGE,) * 3
    return FileRecord(name, f"digest of {name}", 1000, PDF, pages, (problem,) if problem else ())


def errors(check_result: CheckResult) -> list[str]:
    """The rules of the errors, each once."""
    return list(dict.fromkeys(found.rule for found in check_result.errors))
