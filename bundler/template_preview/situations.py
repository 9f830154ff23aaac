"""The situations in which templates are previewed: invented cases, each with a Chinese title that says what is special in it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from functools import cache

from bundler.case.model import Case
from bundler.case.validation import validate_tree
from bundler.profile import Profile
from bundler.template_preview.adapt_to_court import adapt_to_court, refusals_of
from bundler.template_preview.situation_facts import (
    ANSWERS,
    COLLECTIVE,
    COMPANY,
    WITHOUT_PROPERTY,
    Tree,
    accepted_case,
    agent,
    declined_case,
    party,
    whole_case,
)

_SIX = ("甲某某", "丙某某", "丁某某", "戊某某", "己某某", "庚某某")


@dataclass(frozen=True, slots=True)
class Situation:
    """An invented case.

    Attributes:
        title: what is special in it, in Chinese.
        case: the case.
    """

    title: str
    case: Case


@cache
def all_situations(profile: Profile) -> tuple[Situation, ...]:
    """Return every situation of a court, from the usual case to the rare ones and the refusals that its regulation has."""
    trees = {
        **{title: make() for title, make in _MAKERS.items()},
        **{title: declined_case(facts) for title, facts in refusals_of(profile.regulation).items()},
    }
    return tuple(Situation(title, _validate(title, adapt_to_court(tree, profile))) for title, tree in trees.items())


def _validate(title: str, tree: Tree) -> Case:
    result = validate_tree(tree)
    if result.case is None or result.findings:
        raise ValueError(f"the invented case {title!r} does not fit the model: {result.findings}")
    return result.case


def _not_assigned() -> Tree:
    tree = whole_case()
    del tree["assignment"], tree["feedback_report"], tree["write_off"]
    return tree


def _six_petitioners() -> Tree:
    tree = _not_assigned()
    tree["petitioners"] = [party(name) for name in _SIX]
    tree["enforcement_cases"][0]["parties"]["applicants"] = list(_SIX)
    return tree


def _organisation_with_agent() -> Tree:
    tree = _not_assigned()
    tree["petitioners"] = [
        party(COMPANY, kind="company", representative={"name": "卫某某", "title": "经理"}),
        agent("蒋某某", COMPANY),
    ]
    tree["enforcement_cases"][0]["parties"]["applicants"] = [COMPANY]
    return tree


def _agent_for_two_of_three() -> Tree:
    tree = whole_case()
    tree["petitioners"] = [
        party("甲某某"),
        agent("丁某某", "甲某某"),
        party("丙某某"),
        agent("丁某某", "丙某某"),
        party("戊某某"),
    ]
    first = tree["enforcement_cases"][0]
    first["parties"] = {"applicants": ["甲某某", "丙某某"], "respondents": ["乙某某"]}
    second = deepcopy(first) | {"no": "（2020）鲁0117执9002号"}
    second["parties"] = {"applicants": ["戊某某"], "respondents": ["乙某某"]}
    tree["enforcement_cases"].append(second)
    return tree


def _outsider() -> Tree:
    tree = whole_case()
    tree["petitioners"] = [
        party("甲某某"),
        party("乙某某", "respondent"),
        party("丁某某", "outsider", role="interested"),
    ]
    tree["enforcement_cases"][0] |= {"terminated": False, "overdue_six_months": True}
    tree["enforcement_cases"][0]["parties"]["outsiders"] = ["丁某某"]
    tree["claims"][0]["title"] = "财产查控"
    tree["claims"].append(
        {
            "by": "丁某某",
            "title": "车辆查封",
            "statement": "查封的车辆为丁某某所有",
            "demand": "解除查封",
            "facts": "车辆登记在乙某某名下",
            **ANSWERS[6],
        }
    )
    return tree


def _every_answer() -> Tree:
    tree = whole_case()
    asked = {"statement": "本院对你的请求处理不当", "demand": "说明对你的请求如何处理", "facts": "本院已告知你"}
    tree["claims"] = [{**asked, "title": f"第{place}项请求", **one} for place, one in enumerate(ANSWERS, 1)]
    return tree


def _posted_only() -> Tree:
    tree = whole_case()
    tree["reply"]["service_method"] = "mail"
    for material in tree["materials"]:
        if material["items"] == ["reply_service"]:
            del material["signed_on"]
            material |= {"posted_on": "2021-11-12", "service_kind": "posted"}
    return tree


def _suggestion() -> Tree:
    tree = _not_assigned()
    tree["registration"] |= {"nature": "suggestion", "brief": "加快处置查封的财产", "channel": "letter"}
    tree["petitioners"] = [party("样某村村民委员会", kind="organization")]
    tree["claims"] = [{"statement": "加快处置查封的财产", "outcome": "supported"}]
    tree["enforcement_cases"][0]["parties"]["applicants"] = ["样某村村民委员会"]
    return tree


def _letter_about_four_cases() -> Tree:
    tree = accepted_case()
    tree["registration"]["channel"] = "letter"
    first = tree["enforcement_cases"][0]
    tree["enforcement_cases"] = [deepcopy(first) | {"no": f"（2020）鲁0117执900{number}号"} for number in range(1, 5)]
    return tree


def _opinion() -> Tree:
    tree = _not_assigned()
    tree["registration"] |= {"nature": "opinion", "channel": "phone"}
    return tree


def _from_the_network() -> Tree:
    tree = accepted_case()
    tree["registration"] |= {"channel": "network", "channel_text": "网上信访平台"}
    tree["interview"] = {"planned_at": "2021-09-22T09:30", "place": "本院执行信访接待室"}
    return tree


def _not_approved() -> Tree:
    tree = whole_case()
    tree["approval"] = {"submitted_on": "2021-11-05"}
    del tree["write_off"]
    return tree


def _approved_collectively() -> Tree:
    tree = _not_assigned()
    tree["approval"] = {"submitted_on": "2021-11-05", "collective": deepcopy(COLLECTIVE)}
    return tree


def _interview_failed() -> Tree:
    tree = whole_case()
    tree["interview"] = {
        "attempted_on": "2021-09-22",
        "not_held_because": "你因病不能到场",
        "heard_by": "电话",
    }
    tree["materials"] = [one for one in tree["materials"] if one["items"] != ["interview"]]
    return tree


def _without_property() -> Tree:
    return whole_case() | deepcopy(WITHOUT_PROPERTY)


def _not_ours() -> Tree:
    tree = whole_case()
    tree["not_ours"] = {
        "checked": "经查询，该案由样某区人民法院执行。",
        "reason": "该案的执行由样某区人民法院负责。",
        "work_done": "本院已于2021年10月8日向信访人当面释明上述情况。",
        "attachments": ["查询结果"],
        "noted_on": "2021-10-09",
    }
    return tree


def _answered_before() -> Tree:
    tree = _not_assigned()
    tree["registration"]["visit_no"] = 2
    tree["reply"]["previous_reply_on"] = "2021-06-10"
    return tree


def _archived() -> Tree:
    tree = _not_assigned()
    tree["archive"] = {"retention": "30年"}
    tree["absent"] = [
        {"item": "evidence", "reason": "信访人没有提交证据", "approved_by": "王某某", "approved_on": "2021-11-24"}
    ]
    tree["follow_ups"] = deepcopy(WITHOUT_PROPERTY["follow_ups"][:1])
    return tree


_MAKERS = {
    "一名信访人，交办，已报请核销": whole_case,
    "刚刚受理": accepted_case,
    "六名信访人": _six_petitioners,
    "单位，有委托代理人": _organisation_with_agent,
    "三人，代理人代理其中两人": _agent_for_two_of_three,
    "当事人和案外人一起": _outsider,
    "八项请求，各种答复": _every_answer,
    "约谈没有谈成": _interview_failed,
    "还没有审批": _not_approved,
    "集体研究同意": _approved_collectively,
    "答复只交寄，没有签收": _posted_only,
    "第二次来访，有前次答复": _answered_before,
    "建议，来信": _suggestion,
    "意见，电话": _opinion,
    "网上反映，约谈待进行": _from_the_network,
    "来信，四件执行案件": _letter_about_four_cases,
    "没有财产可供执行": _without_property,
    "不属于本院管辖": _not_ours,
    "没有交办，已归档": _archived,
}
