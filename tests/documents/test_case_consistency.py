"""The invented cases that papers are tested and read with say one thing: who reads a paper stumbles over no fault of its data."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from tests.support import cases
from tests.support.data_contradictions import list_data_contradictions
from tests.support.documents import CASES, build_case
from tests.support.variants import REFUSALS, VARIANTS, refusal

TREES: dict[str, dict[str, Any]] = {
    **VARIANTS,
    **{f"refusal-{name}": refusal(name) for name in REFUSALS},
    **{f"case-{name}": case.model_dump(mode="json", exclude_defaults=True) for name, case in CASES.items()},
}
MEANT = {
    "eight-claims": ["第2项的措施定于 2021-11-30，申请核销 2021-11-22"],
    "case-write-off-complete": [
        "写了 2020年3月11日、6月10日、12月2日通过网络执行查控系统查询二被执行人的财产，案件里没有这一项"
    ],
}
"""A promise that is open is what the first case is for; the table of the sample lists of each search the last one alone."""
ALWAYS_FOUND = {"ART16-UNSEALED", "SPC-LIMIT"}
"""Papers still to be sealed, and the shorter period of the Supreme Court: found in each of these cases."""
ABOUT = {"eight-claims": {"ART14-UNFINISHED"}, "refusal-5-no-remedy": {"ART15-5"}}
"""The findings that a case is for."""


@pytest.mark.parametrize("name", TREES)
def test_an_invented_case_does_not_contradict_itself(name: str) -> None:
    """Days, numbers, people, telephones, measures, money, claims, meetings, papers, and the ground of a refusal."""
    tree = TREES[name]

    assert list_data_contradictions(build_case(tree), tree) == MEANT.get(name, [])


@pytest.mark.parametrize("name", [*VARIANTS, *(f"refusal-{name}" for name in REFUSALS)])
def test_the_gate_finds_in_an_invented_case_only_what_it_is_for(name: str) -> None:
    """At the end of the year in which the petition was received."""
    tree = TREES[name]
    today = date(date.fromisoformat(tree["registration"]["received_on"]).year, 12, 31)

    assert {found.rule for found in cases.judge(tree, today=today).findings} - ALWAYS_FOUND == ABOUT.get(name, set())


def _put(place: str, value: object) -> Callable[[dict[str, Any]], None]:
    """A change that puts a value at a place such as ``people/handler``."""

    def change(tree: dict[str, Any]) -> None:
        node: Any = tree
        *parents, key = place.split("/")
        for step in parents:
            node = node[int(step)] if isinstance(node, list) else node[step]
        node[int(key) if isinstance(node, list) else key] = value

    return change


def _untitled(tree: dict[str, Any]) -> None:
    for one in tree["materials"]:
        one.pop("title", None)


def _repeated(tree: dict[str, Any]) -> None:
    tree["claims"][1]["facts"] = tree["claims"][0]["facts"]


BROKEN: list[tuple[str, Callable[[dict[str, Any]], None], str]] = [
    ("2024", _put("approval/collective/on", "2024-11-03"), "2024-11-03 不是工作日"),
    ("2022", _put("hearing/held_on", "2022-10-03"), "2022-10-03 不是工作日"),
    ("2026", _put("registration/no", "钢信执2021-0042"), "登记号 钢信执2021-0042，收到于 2026-09-16"),
    ("2026", _put("assignment/notice_no", "济执信交〔2021〕9018号"), "济执信交〔2021〕9018号 的年份不是"),
    ("2026", _put("enforcement_cases/0/no", "（2020）鲁0117执9001号"), "直到 2025-03-11 才有第一项措施"),
    ("eight-claims", _put("claims/6/procedure/case_no", "（2019）鲁0117执异9003号"), "的年份不是 2021-10-20 的"),
    ("large-amounts", _put("acceptance/accepted_on", "2021-09-15"), "受理 2021-09-15 早于承办人收到"),
    ("large-amounts", _put("approval/collective/on", "2021-11-11"), "集体研究 2021-11-11 晚于答复"),
    (
        "posting-only",
        lambda tree: tree["materials"].append(
            {"items": ["commitment"], "file": "承诺书.pdf", "signed_on": "2021-11-18"}
        ),
        "答复还没有签收，已有承诺书",
    ),
    (
        "large-amounts",
        _put("transfer", {"transferred_on": "2021-09-22", "received_on": "2021-09-22"}),
        "转交 2021-09-22 逾期",
    ),
    ("2026", _put("interview/held_on", "2026-09-22"), "约谈 2026-09-22 逾期"),
    ("large-amounts", _put("materials/5/signed_on", "2021-11-18"), "答复送达 2021-11-18 逾期"),
    ("long-names", _put("assignment/feedback_due", "2021-11-15"), "报告 2021-11-19 晚于反馈期限"),
    ("one-agent-for-two-of-three", _put("investigations/0/respondent/name", "丙某某"), "丙某某 既是信访人又是被调查人"),
    ("group-with-outsider", _put("coordination/chair/name", "乙某某"), "既是本院人员又是被执行人"),
    ("long-names", _put("petitioners/0/position", "respondent"), "登记为被执行人，案件当事人里不是"),
    ("group-with-outsider", _put("petitioners/2/phone", "13800000001"), "丁某某、甲某某 同一电话"),
    ("long-names", _put("petitioners/1/address", "济南市钢城区样某街道样某村1号"), "同一住址"),
    (
        "organisation-with-agent",
        _put("assignment/notice_title", "关于交办甲某某执行申诉信访事项的通知"),
        "交办通知写甲某某",
    ),
    ("2024", _put("registration/channel", "visit"), "形式是走访"),
    ("suggestion", _put("registration/source", "上级法院交办"), "来源写上级法院交办，没有交办"),
    ("suggestion", _put("registration/summary", "信访人反映未全部执行到位，请求继续查找财产。"), "的摘要没有写建议"),
    ("suggestion", _put("registration/summary", "来信建议多开会。"), "摘要没有写 加快处置查封的财产"),
    (
        "without-property",
        _put("claims/0/facts", "本院已于2020年3月11日查询财产"),
        "写了 2020年3月11日查询财产，案件里没有",
    ),
    (
        "without-property",
        _put("enforcement_measures/10/result", "已向乙某某发出"),
        "发出限制消费令 没有写钢城区样某建材有限公司",
    ),
    ("without-property", _put("enforcement_measures/10/proof", "执行裁定书"), "发出限制消费令 的佐证是执行裁定书"),
    ("large-amounts", lambda tree: tree["enforcement_measures"].pop(), "没有扣划、拍卖等措施"),
    ("without-property", _put("relief/referred_on", "2021-11-22"), "救助的报请、启动、发放先后不对"),
    ("without-property", _put("relief/asked", "200000"), "救助 200000元 多于未执行到位的 173400元"),
    ("eight-claims", _repeated, "两项请求的 facts 都是"),
    ("group-with-outsider", lambda tree: tree["claims"].pop(), "乙某某 没有请求"),
    ("group-with-outsider", _put("claims/0/by", "己某某"), "请求由 己某某 提出，不是信访人"),
    ("group-with-outsider", _put("approval/collective/opinion", "对该项反映解释说明"), "3项请求，研究意见"),
    ("group-with-outsider", lambda tree: tree["hearing"]["participants"].pop(1), "听证没有 丁某某"),
    ("one-agent-for-two-of-three", _untitled, "commitment 没有写 戊某某"),
    ("refusal-1-talked", _put("people/handler", {"name": "李某某"}), "没有对应的案件，登记了承办人"),
    ("refusal-2-style", _put("enforcement_cases/0/no", "（2020）鲁0117执9001号"), "没有指向执行案件，登记了案号"),
    ("refusal-2-integrity", _put("declined/conduct_subject", "工作作风"), "摘要没有写所涉方面"),
    ("refusal-3", _put("petitioners/0/role", "party"), "信访人是当事人"),
    ("refusal-4-trial", _put("registration/summary", "信访人反映未执行到位。"), "摘要没有写应走的程序"),
    ("refusal-4-bankruptcy-other", _put("declined/bankrupt", "样某公司"), "破产的不是被执行人"),
    ("refusal-4-bankruptcy-other", _put("registration/brief", "发放劳动报酬等问题"), "劳动报酬，不是职工债权"),
    ("refusal-4-bankruptcy-elsewhere", _put("declined/employee_claim", value=True), "职工债权，摘要没有写劳动报酬"),
    ("refusal-5-remedy", _put("declined/matter", "邻里纠纷"), "摘要没有写反映的事项"),
    ("refusal-6-known", _put("enforcement_cases/0/no", "（2020）鲁0117执9001号"), "案号是本院的"),
    ("refusal-6-unknown", _put("people/handler", {"name": "李某某"}), "承办人是本院的"),
    ("refusal-7-raised", _put("enforcement_cases/0/no", "（2020）鲁0199执9001号"), "原案号不是本院的"),
]


@pytest.mark.parametrize(("name", "change", "told"), BROKEN, ids=[told for _, _, told in BROKEN])
def test_each_kind_of_contradiction_is_found(name: str, change: Callable[[dict[str, Any]], None], told: str) -> None:
    """One fact changed against the rest of the case; most of these stood in the cases once."""
    tree = deepcopy(TREES[name])
    change(tree)

    assert [found for found in list_data_contradictions(build_case(tree), tree) if told in found]
