"""The facts of the invented cases in which templates are previewed: one whole case, and what others have instead."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

Tree = dict[str, Any]
"""The content of a case.json."""

ADDRESS = "济南市钢城区样某街道样某村"
COMPANY = "钢城区样某物资有限公司"
_CHAIR = {"name": "王某某", "title": "副院长"}
_OFFICERS = [{"name": "李某某", "title": "执行员"}, {"name": "赵某某", "title": "审判员"}]

_REGISTERED: Tree = {
    "registration": {
        "no": "钢信执2021-0042",
        "received_on": "2021-09-16",
        "channel": "visit",
        "source": "来访",
        "brief": "未及时查控财产问题",
        "summary": "信访人反映执行案件未全部执行到位，请求继续查找财产。",
        "proposed_opinion": "拟予受理。",
        "system_no": "样0042",
        "system_on": "2021-09-16",
    },
    "decision": "accepted",
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
        "team": {"name": "孙某某"},
        "clerk": {"name": "周某某"},
    },
}

_ACCEPTED: Tree = {
    "category": "implementation",
    "grounds": [2],
    "transfer": {"transferred_on": "2021-09-16", "received_on": "2021-09-16"},
    "acceptance": {"accepted_on": "2021-09-17", "notice_on": "2021-09-17", "service_method": "direct"},
    "interview": {"held_on": "2021-09-22", "place": "本院执行信访接待室"},
}

_ANSWERED: Tree = {
    "approval": {"submitted_on": "2021-11-05", "leader_consent": {"by": "王某某", "on": "2021-11-08"}},
    "claims": [
        {
            "statement": "本院立案后未及时查控财产",
            "demand": "继续查找财产",
            "facts": "本院已于2020年3月11日查询财产",
            "outcome": "explained",
            "reason": "被执行人目前没有可供执行的财产",
        }
    ],
    "reply": {"replied_on": "2021-11-10", "service_method": "direct"},
    "materials": [
        {"items": ["acceptance_service"], "file": "受理回证.pdf", "signed_on": "2021-09-17"},
        {"items": ["interview"], "file": "约谈.pdf", "signed_on": "2021-09-22"},
        {"items": ["reply_service"], "file": "答复回证.pdf", "signed_on": "2021-11-12"},
    ],
}

_ASSIGNED: Tree = {
    "assignment": {
        "body": "济南市中级人民法院",
        "notice_title": "关于交办甲某某执行申诉信访事项的通知",
        "notice_no": "济执信交〔2021〕9018号",
        "received_on": "2021-09-16",
        "feedback_due": "2021-11-15",
    },
    "feedback_report": {"reported_on": "2021-11-19", "signer": "王某某"},
    "measures": [{"on": "2021-09-24", "action": "查询被执行人财产", "proof": "查询反馈"}],
    "write_off": {"requested_on": "2021-11-22"},
}

_MEETINGS: Tree = {
    "coordination": {
        "started_at": "2021-10-08T09:00",
        "place": "本院",
        "chair": _CHAIR,
        "court": _OFFICERS,
        "parties": [{"name": "甲某某", "title": "信访人"}, {"name": "乙某某", "title": "被执行人"}],
    },
    "investigations": [
        {
            "on": "2021-10-12",
            "place": "样某村村民委员会",
            "investigators": _OFFICERS,
            "respondent": {"name": "丙某某", "sex": "男", "relation": "被执行人的邻居"},
        }
    ],
    "hearing": {
        "held_on": "2021-10-20",
        "place": "本院第一听证室",
        "chair": _CHAIR,
        "participants": [{"name": "甲某某", "title": "信访人"}, {"name": "李某某", "title": "案件承办人"}],
    },
}

COLLECTIVE: Tree = {
    "on": "2021-11-05",
    "place": "本院会议室",
    "chair": _CHAIR,
    "attendees": _OFFICERS,
    "opinion": "对该项反映解释说明",
}
"""A collective discussion, in place of the leader's consent or beside it."""

WITHOUT_PROPERTY: Tree = {
    "enforcement_measures": [
        {"name": "查询银行存款", "on": "2021-09-24", "result": "未发现可供执行的财产", "proof": "查询反馈"},
        {"name": "查询车辆", "on": "2021-09-24", "result": "未发现可供执行的财产", "proof": "查询反馈"},
        {"name": "实地调查", "on": "2021-10-12", "result": "乙某某住所地为租住房屋", "proof": "调查笔录"},
        {"name": "纳入失信被执行人名单", "not_taken_because": "乙某某不具有法律规定的失信情形"},
    ],
    "relief": {
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
    },
    "follow_ups": [
        {"on": "2021-11-24", "text": "信访人对办理结果没有新的意见", "by": "孙某某", "means": "电话"},
        {"on": "2022-02-24", "means": "上门走访", "place": "样某村"},
    ],
}
"""The debtor has no property: measures, relief asked for, a follow-up made and one planned (Art. 6, 11, 16)."""

_TRANSFERRED = {"transferred_to": {"department": "本院破产审判团队", "on": "2021-10-11"}}
REFUSALS: tuple[tuple[str, Tree], ...] = (
    (
        "案件不明，联系不上",
        {
            "ground": 1,
            "contact_attempts": [{"on": "2021-10-08", "means": "电话"}, {"on": "2021-10-09", "means": "短信"}],
        },
    ),
    (
        "只反映作风",
        {
            "ground": 2,
            "conduct_subject": "工作作风",
            "transferred_to": {"department": "本院督察部门", "on": "2021-10-11"},
        },
    ),
    ("不是当事人", {"ground": 3, "standing_checked": "核对执行案件管理系统"}),
    (
        "应当通过审判程序",
        {
            "ground": 4,
            "other_procedure": "trial",
            "judgment_no": "（2019）鲁0117民初9002号民事判决",
            "transferred_to": {"department": "本院审判监督庭", "on": "2021-10-11"},
        },
    ),
    (
        "应当通过国家赔偿",
        {
            "ground": 4,
            "other_procedure": "compensation",
            "transferred_to": {"department": "本院赔偿办", "on": "2021-10-11"},
        },
    ),
    (
        "被执行人破产",
        {
            "ground": 4,
            "other_procedure": "bankruptcy",
            "bankrupt": "钢城区样某纺织有限公司",
            "bankruptcy_court": "济南市钢城区人民法院",
            "bankruptcy_no": "（2021）鲁0117破9003号",
            "administrator": "样某律师事务所",
            "employee_claim": True,
            **_TRANSFERRED,
        },
    ),
    (
        "不属法院管辖",
        {
            "ground": 5,
            "matter": "宅基地确权问题",
            "competent_body": "样某区自然资源局",
            "remedy": "申请行政裁决",
        },
    ),
    ("不是本院案件", {"ground": 6, "enforcing_court": "样某区人民法院"}),
    (
        "已指定他院执行",
        {
            "ground": 7,
            "enforcing_court": "样某区人民法院",
            "superior_court": "济南市中级人民法院",
            "instrument": "（2021）鲁01执监9009号执行裁定书",
        },
    ),
)
"""The facts of a refusal on each ground that the tool knows, with what is special in it."""
OWN_REFUSAL_FACTS: Tree = {
    "matter": "财产处置问题",
    "competent_body": "样某区信访局",
    "remedy": "申请复查",
    "standing_checked": "核对执行案件管理系统",
    "procedure_name": "复查",
    "judgment_no": "（2019）鲁0117民初9002号民事判决",
    "enforcing_court": "样某区人民法院",
    "superior_court": "济南市中级人民法院",
    "instrument": "（2021）鲁0117访9001号答复意见书",
    "new_case_no": "（2021）鲁0117执9009号",
    "transferred_to": {"department": "本院督察部门", "on": "2021-10-11", "document_no": "样移〔2021〕9号"},
    "talked_on": "2021-10-08",
}
"""The facts of a refusal on a ground of a court's own: all that the words of its notice may name."""

_PROCEDURE = {"name": "案外人异议", "case_no": "（2021）鲁0117执异9003号", "filed_on": "2021-10-20"}
_TOLD = {"name": "变更（追加）被执行人", "told_on": "2021-09-22", "told_to": "申请变更、追加被执行人"}
ANSWERS: list[Tree] = [
    {"outcome": "supported", "measures": [{"on": "2021-10-15", "text": "将执行款发放至你的账户"}]},
    {"outcome": "supported", "measures": [{"on": "2021-11-30", "text": "解除对你名下车辆的查封", "done": False}]},
    {"outcome": "explained", "reason": "你的账户信息有误，已请你更正。款项已经发放"},
    {"outcome": "not_supported", "lacks": "facts", "reason": "卷内材料与你所称不符"},
    {"outcome": "not_supported", "lacks": "law", "reason": "法律没有规定"},
    {"outcome": "not_supported", "reason": "你的请求已经处理"},
    {"outcome": "led_into", "procedure": _PROCEDURE},
    {"outcome": "led_into", "procedure": _TOLD},
]
"""Every outcome of a claim in each of its forms (Art. 13)."""


def party(name: str, position: str = "applicant", **others: Any) -> Tree:  # noqa: ANN401 (any value of case.json)
    """A petitioner who is a party."""
    return {
        "name": name,
        "phone": "13800000001",
        "role": "party",
        "position": position,
        "address": ADDRESS,
        **others,
    }


def agent(name: str, principal: str) -> Tree:
    """A petitioner who is the agent of another."""
    return {
        "name": name,
        "phone": "13900000009",
        "role": "agent",
        "principal": {"name": principal, "proof": "授权委托书", "authority": "一般代理"},
    }


def whole_case() -> Tree:
    """An assigned case with a meeting of each kind, answered, with a request for write-off."""
    tree = deepcopy({**_REGISTERED, **_ACCEPTED, **_ANSWERED, **_ASSIGNED, **_MEETINGS})
    tree["petitioners"] = [party("甲某某", sex="男", ethnicity="汉族", birth_date="1968-05-02")]
    tree["materials"] += [
        {"items": ["legal_document"], "file": "裁定书.pdf"},
        {"items": ["conversation_record"], "file": "谈话.pdf", "signed_on": "2021-09-22"},
        {"items": ["commitment"], "file": "承诺书.pdf", "signed_on": "2021-11-18"},
    ]
    return tree


def accepted_case() -> Tree:
    """A case that was accepted and handed to its handler."""
    tree = deepcopy({**_REGISTERED, **_ACCEPTED})
    tree["petitioners"] = [party("甲某某")]
    del tree["interview"]
    return tree


def declined_case(facts: Tree) -> Tree:
    """A case that is declined."""
    tree = deepcopy(_REGISTERED)
    tree["petitioners"] = [party("甲某某")]
    tree |= {"decision": "declined", "declined": {**deepcopy(facts), "notice_on": "2021-10-12"}}
    return tree
