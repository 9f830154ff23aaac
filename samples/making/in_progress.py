"""A case in progress: six petitioners, four enforcement cases, a meeting held and a hearing to come.

It has no scanned paper yet; it shows the records that are printed and completed by hand.
"""

from __future__ import annotations

from typing import Any

from making.paper_model import Sample

_REGISTER = "钢信执2021-0078"
_DEBTOR = "钢城区样某塑料制品有限公司"
_NAMES = ("丁某某", "戊某某", "己某某", "庚某某", "壬某某", "癸某某")
_NUMBERS = tuple(f"（2021）鲁0117执90{tail}号" for tail in (31, 32, 33, 34))
_SIDES = (("丁某某",), ("戊某某", "己某某"), ("庚某某",), ("壬某某", "癸某某"))

_CASE: dict[str, Any] = {
    "registration": {
        "no": _REGISTER,
        "received_on": "2021-10-20",
        "registered_on": "2021-10-20",
        "channel": "visit",
        "source": "来访",
        "nature": "complaint",
        "visit_no": 2,
        "summary": f"丁某某等6人反映，对{_DEBTOR}的四件劳动报酬执行案件，厂房拍卖款分配方案迟迟未定，请求尽快分配并说明设备出租收入的去向。",
        "brief": "拍卖款分配不及时、设备出租收入去向不明等问题",
        "proposed_opinion": "该事项属《实施意见》第六条第（二）项、第（七）项所列信访事由，拟予受理，转案件承办人郝某某办理，由副院长史某某主办。",
        "papers": [{"name": "联名信", "copies": 1, "original": True}],
    },
    "decision": "accepted",
    "petitioners": [
        {
            "kind": "person",
            "name": name,
            "phone": f"1350000000{place}",
            "sex": "男" if place % 2 else "女",
            "ethnicity": "汉族",
            "address": f"济南市钢城区样某街道样某小区{place + 1}号楼",
            "role": "party",
            "position": "applicant",
        }
        for place, name in enumerate(_NAMES)
    ],
    "enforcement_cases": [
        {
            "no": number,
            "cause": "追索劳动报酬纠纷",
            "parties": {"applicants": list(side), "respondents": [_DEBTOR]},
            "filed_on": "2021-04-12",
        }
        for number, side in zip(_NUMBERS, _SIDES, strict=True)
    ],
    "category": "implementation",
    "ledgers": ["special", "backlog"],
    "grounds": [2, 7],
    "claims": [
        {
            "title": "拍卖款分配",
            "statement": "厂房拍卖款到账后，本院未及时确定分配方案",
            "demand": "尽快分配拍卖款",
        },
        {"title": "设备出租收入", "statement": "查封设备的出租收入去向不明", "demand": "说明出租收入的情况"},
    ],
    "people": {
        "handler": {"name": "郝某某", "title": "执行员"},
        "leader": {"name": "史某某", "title": "副院长", "post": "vice_president"},
        "co_handler": {"name": "段某某", "title": "审判员"},
        "team": {"name": "雷某某", "title": "法官助理"},
        "first_contact": {"name": "雷某某", "title": "法官助理"},
        "receiver": {"name": "史某某", "title": "副院长", "post": "vice_president"},
        "clerk": {"name": "龙某某", "title": "书记员"},
        "registrar": {"name": "龙某某", "title": "书记员"},
        "contact": {"name": "雷某某", "title": "法官助理", "phone": "0531-00000000"},
    },
    "transfer": {"transferred_on": "2021-10-20", "received_on": "2021-10-20"},
    "acceptance": {"notice_on": "2021-10-21", "service_method": "direct"},
    "reception": {"received_at": "2021-10-20", "repeated": True, "major": True},
    "appointments": [
        {
            "reserved_for": "2021-11-15T14:30",
            "place": "本院执行信访接待室",
            "visitor": "丁某某",
            "matter": "询问拍卖款分配方案的进展",
            "receiver": {"name": "史某某", "title": "副院长", "post": "vice_president"},
            "arranged_by": "雷某某",
            "arranged_with": "郝某某",
        }
    ],
    "interview": {"planned_at": "2021-10-25T09:00", "place": "本院执行信访接待室"},
    "coordination": {
        "started_at": "2021-11-04T14:00",
        "place": "样某街道办事处会议室",
        "chair": {"name": "史某某", "title": "副院长"},
        "court": [{"name": "郝某某", "title": "执行员"}, {"name": "雷某某", "title": "法官助理"}],
        "parties": [
            {"name": "丁某某", "title": "信访人，兼未到会四名信访人的委托代理人"},
            {"name": "戊某某", "title": "信访人"},
            {"name": "鲍某某", "title": f"被执行人{_DEBTOR}法定代表人"},
        ],
        "others": [{"name": "邵某某", "unit": "样某街道办事处", "title": "综合治理办公室工作人员"}],
        "observers": [{"name": "段某某", "title": "审判员"}],
        "absent": "己某某、庚某某、壬某某、癸某某，因事未到会，已委托丁某某代为参加",
        "background": "郝某某介绍：四件案件申请执行标的合计214000元，厂房于2021年9月8日拍卖成交，扣除优先受偿的抵押债权后余款180000元。另有三名债权人申请参与分配，正在核对债权数额。查封的注塑机由被执行人出租，租金按月交入执行款专户，已到账24000元。",
        "statements": [
            {"by": "丁某某", "title": "信访人", "text": "工资拖了一年多，希望先把没有争议的部分发下来。"},
            {
                "by": "鲍某某",
                "title": "被执行人法定代表人",
                "text": "对六名工友的工资数额没有异议，同意先发；另外三家的货款数额要再对账。",
            },
        ],
        "result": "partly",
        "agreed": [
            "各方对四件劳动报酬案件的债权数额没有异议。",
            "本院于2021年11月30日前制作分配方案并送达各方。",
        ],
        "disputed": "另外三名债权人的债权数额",
        "tasks": [
            {"text": "核对另外三名债权人的债权数额", "by": "郝某某", "due": "2021-11-19"},
            {"text": "制作并送达分配方案", "by": "郝某某", "due": "2021-11-30"},
        ],
    },
    "investigations": [
        {
            "on": "2021-11-09",
            "subject": "注塑机承租人",
            "place": "样某工业园7号厂房",
            "investigators": [{"name": "郝某某", "title": "执行员"}, {"name": "雷某某", "title": "法官助理"}],
            "respondent": {
                "name": "万某某",
                "sex": "男",
                "occupation": "样某包装厂负责人",
                "relation": "查封设备的承租人",
            },
        }
    ],
    "hearing": {
        "held_on": "2021-11-12",
        "started_at": "2021-11-12T09:00",
        "place": "本院第二听证室",
        "chair": {"name": "史某某", "title": "副院长"},
        "panel": [
            {"name": "汤某某", "title": "人大代表"},
            {"name": "尹某某", "unit": "样某街道样某社区居民委员会", "title": "委员"},
        ],
        "participants": [
            {"name": "丁某某", "title": "信访人，兼未到会四名信访人的委托代理人"},
            {"name": "戊某某", "title": "信访人"},
            {"name": "郝某某", "title": "案件承办人"},
            {"name": "鲍某某", "title": "被执行人法定代表人"},
            {"name": "黎某某", "unit": "山东样某律师事务所", "title": "法律援助律师"},
        ],
        "public": True,
        "audience": 8,
    },
}

IN_PROGRESS = Sample("in-progress", _CASE, ())
