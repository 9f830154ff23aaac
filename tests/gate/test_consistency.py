"""The gate judges whether facts fit together: each warning is given where they do not, and only there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bundler.regulation.rule_codes import Severity
from tests.support import cases
from tests.support.cases import errors, judge
from tests.support.regulations import RULES

Tree = dict[str, Any]
CONSISTENCY = (
    "ART04-SELF",
    "ART06-STANDING",
    "ART06-MEASURES",
    "ART07",
    "ART14-NOT-OURS",
    "ART14-RESULT",
    "ART14-UNFINISHED",
    "ART16-ABSENT",
    "DATA-AUDIENCE",
    "DATE-COMMITMENT",
    "WORDING",
)


def warnings(tree: Tree) -> list[tuple[str, str | None]]:
    """Rule and path of each warning of these rules."""
    return [(found.rule, found.path) for found in judge(tree).findings if found.rule in CONSISTENCY]


def test_a_receipt_says_on_whom_of_several_it_is() -> None:
    """SERVICE-PERSON: for each who has still to commit; the only petitioner, and one whom a title names, need no more."""
    tree = cases.write_off()
    assert [one for one in judge(tree).findings if one.rule == "SERVICE-PERSON"] == []
    tree["petitioners"].append({"name": "丙某某", "phone": "13800000001", "role": "party"})
    (found,) = (one for one in judge(tree).findings if one.rule == "SERVICE-PERSON")
    assert "哪一份是甲某某、丙某某的" in found.message
    assert found.path is not None
    index = int(found.path.split("/")[2])
    tree["materials"][index]["title"] = "答复意见书送达回证（甲某某、丙某某）"

    assert [one for one in judge(tree).findings if one.rule == "SERVICE-PERSON"] == []


def test_the_state_of_the_case_is_asked_for_the_remedies() -> None:
    """DATA-REMEDY: for a case of an applicant who is not granted all; not where the state or the remedies are written down."""

    def asked(tree: Tree) -> list[str]:
        return [one.message for one in judge(tree).findings if one.rule == "DATA-REMEDY"]

    tree = cases.write_off()
    enforcement = tree["enforcement_cases"][0]
    for key in ("terminated", "overdue_six_months"):
        enforcement.pop(key, None)
    (message,) = asked(tree)
    assert message.startswith("（2020）鲁0117执9001号案没有写明是否已终结本次执行程序")
    assert asked(tree | {"enforcement_cases": [enforcement | {"terminated": False}]}) == []
    assert asked(tree | {"enforcement_cases": [enforcement | {"overdue_six_months": True}]}) == []
    assert asked(tree | {"reply": tree["reply"] | {"remedies": ["R1"]}}) == []
    assert asked(tree | {"registration": tree["registration"] | {"nature": "suggestion"}}) == []
    others = enforcement["parties"] | {"applicants": ["张某某"]}
    assert asked(tree | {"enforcement_cases": [enforcement | {"parties": others}]}) == []
    assert asked(tree | {"claims": [one | {"outcome": "supported"} for one in tree["claims"]]}) == []


def test_the_rules_are_warnings_with_their_articles() -> None:
    """None of them closes the gate."""
    assert {RULES[rule].severity for rule in CONSISTENCY} == {Severity.WARNING}
    assert RULES["ART07"].article == "第七条"
    assert RULES["WORDING"].article is None


def test_a_consistent_case_has_no_such_warning() -> None:
    """Neither an archive case, nor a write-off, nor a declined case of any ground."""
    trees = [cases.archive(), cases.write_off(), cases.with_records(cases.archive())]
    assert [warnings(tree) for tree in trees] == [[], [], []]
    assert [warnings(cases.declined(ground)) for ground in range(1, 8)] == [[]] * 7


def test_the_leader_in_charge_is_not_the_handler() -> None:
    """White space in a name of two characters makes no other person."""
    tree = cases.archive()
    tree["people"] |= {"handler": {"name": "李 某"}, "leader": {"name": "李某", "title": "副院长"}}

    assert ("ART04-SELF", "/people/leader") in warnings(tree)


@pytest.mark.parametrize(("role", "expected"), [("none", 1), (None, 1), ("party", 0), ("interested", 0), ("agent", 0)])
def test_somebody_has_standing(role: str | None, expected: int) -> None:
    """One petitioner with standing is enough, whoever else signed the letter."""
    tree = cases.archive()
    tree["petitioners"] = [{"name": "甲某某", "phone": "13800000000", "role": "none"}]
    tree["petitioners"].append({"name": "丙某某", "phone": "13800000001"} | ({"role": role} if role else {}))

    assert warnings(tree).count(("ART06-STANDING", "/petitioners")) == expected
    assert warnings(tree | {"decision": "pending"}) == []


@pytest.mark.parametrize(("principal", "expected"), [("甲 某某", 1), ("乙某某", 0), (None, 0)])
def test_the_agent_of_somebody_without_standing_has_none(principal: str | None, expected: int) -> None:
    """One who petitions for a registered bystander; whose agent he is may be a party who did not come."""
    tree = cases.archive()
    tree["petitioners"] = [
        {"name": "甲某某", "phone": "13800000000", "role": "none"},
        {"name": "丙某某", "phone": "13800000001", "role": "agent"},
    ]
    if principal:
        tree["petitioners"][1]["principal"] = {"name": principal, "proof": "授权委托书"}

    assert warnings(tree) == [("ART06-STANDING", "/petitioners")] * expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, 1),
        ({"led_into": [{"name": "执行监督"}]}, 0),
        ({"no_procedure_reason": "信访人已另行提起诉讼"}, 0),
        ({"category": "implementation"}, 0),
        ({"decision": "pending"}, 0),
    ],
)
def test_a_matter_for_review_has_its_procedure_or_a_reason(facts: Tree, expected: int) -> None:
    """Art. 7 speaks of 审查类 only."""
    assert len(warnings(cases.archive() | {"category": "review"} | facts)) == expected


def test_a_procedure_of_a_claim_counts() -> None:
    """It may be named at the claim alone."""
    tree = cases.archive() | {"category": "review"}
    tree["claims"][0] |= {"outcome": "led_into", "procedure": {"name": "案外人异议", "told_on": "2021-11-10"}}

    assert warnings(tree) == []


def test_accepted_and_not_ours_do_not_go_together() -> None:
    """The note of Art. 14 is for what the court does not handle."""
    tree = cases.archive() | {"not_ours": {"reason": "该案由样某区人民法院执行。"}}

    assert ("ART14-NOT-OURS", "/not_ours") in warnings(tree)


PROPERTY: list[tuple[Tree, list[str]]] = [
    ({}, []),
    ({"enforcement_measures": []}, ["ART06-MEASURES"]),
    ({"enforcement_measures": [], "category": "review", "no_procedure_reason": "已另行提起诉讼"}, []),
    ({"enforcement_measures": [], "write_off": {"requested_on": "2021-11-22", "resolution": ["settled"]}}, []),
    ({"enforcement_measures": [], "claims": [{"statement": "甲", "outcome": "explained", "reason": "乙"}]}, []),
    ({"enforcement_measures": [], "claims": [], "relief": {"no_property": True}}, ["ART06-MEASURES"]),
    ({"enforcement_measures": [], "claims": [], "enforcement_cases": "terminated"}, ["ART06-MEASURES"]),
]


@pytest.mark.parametrize(("change", "expected"), PROPERTY)
def test_a_write_off_for_want_of_property_shows_the_measures_exhausted(change: Tree, expected: list[str]) -> None:
    """Art. 6 asks for all measures; a settled matter, one of review, and one that says nothing of property need no table."""
    tree = cases.without_property(cases.write_off())
    tree |= {key: value for key, value in change.items() if key != "enforcement_cases"}
    if "claims" in change:
        tree["relief"] = change.get("relief", {})
        tree["enforcement_cases"][0]["terminated"] = "enforcement_cases" in change

    assert [found.rule for found in judge(tree).findings if found.rule == "ART06-MEASURES"] == expected


def test_the_measures_that_are_lacking_are_named_and_a_filed_table_suffices() -> None:
    """Only those of the court's own list; one left out for a reason is told, and so is one of the case's own."""
    tree = cases.without_property(cases.write_off())
    del tree["enforcement_measures"][0], tree["enforcement_measures"][0]["result"]
    found = next(one for one in judge(tree).findings if one.rule == "ART06-MEASURES")
    filed = cases.without_property(cases.write_off()) | {"enforcement_measures": []}
    filed["materials"].append({"items": ["other"], "file": "表.pdf", "title": "已穷尽执行措施情况表"})

    assert "没有写明查询银行存款、查询车辆的日期和结果" in found.message
    assert (found.article, found.path) == ("第六条（实施类原则）", "/enforcement_measures")
    assert [one for one in judge(filed).findings if one.rule == "ART06-MEASURES"] == []


def test_a_measure_against_one_of_two_debtors_asks_for_the_other() -> None:
    """One finding for all measures; none where a measure names both or neither, or there is one debtor."""
    tree = cases.without_property(cases.write_off())
    assert [one for one in judge(tree).findings if one.rule == "DATA-DEBTORS"] == []

    tree["enforcement_cases"][0]["parties"]["respondents"] = ["乙某某", "样某公司"]
    tree["enforcement_measures"].append({"name": "纳入失信被执行人名单", "not_taken_because": "样某公司无失信情形"})
    found = [one for one in judge(tree).findings if one.rule == "DATA-DEBTORS"]

    assert [one.message for one in found] == [
        "执行措施责令报告财产、实地调查、发出限制消费令写了其他被执行人，没有写样某公司。"
    ]
    assert found[0].fix == "请补填对样某公司的日期和结果；没有采取的，写明原因。"
    of_debtor = [one for one in tree["enforcement_measures"] if "乙某某" in one.get("result", "")]
    for measure, result in zip(of_debtor, ("公司停业", "二被执行人无财产", "公司已搬离"), strict=True):
        measure["result"] = f"乙某某无财产，{result}"
    assert [one for one in judge(tree).findings if one.rule == "DATA-DEBTORS"] == []


RESULTS: list[tuple[str, Tree]] = [
    ("enforced", {"write_off": {"payments": [{"on": "2021-11-15", "name": "执行款", "amount": "12600"}]}}),
    ("settled", {"measures": [{"on": "2021-10-08", "action": "组织双方达成执行和解", "proof": "执行和解协议"}]}),
    ("relieved", {"relief": {"case_no": "（2021）鲁0117司救执1号", "amount": "20000", "paid_on": "2021-11-15"}}),
    ("led_into", {"led_into": [{"name": "执行监督"}]}),
]


@pytest.mark.parametrize(("result", "fact"), RESULTS, ids=[result for result, _ in RESULTS])
def test_a_way_of_settling_has_its_fact(result: str, fact: Tree) -> None:
    """Without it a warning, with it none."""
    tree = cases.write_off()
    tree["write_off"]["resolution"] = ["explained", result]
    assert warnings(tree) == [("ART14-RESULT", "/write_off/resolution/1")]

    tree["write_off"] |= fact.get("write_off", {})
    tree |= {key: value for key, value in fact.items() if key != "write_off"}
    assert warnings(tree) == []


@pytest.mark.parametrize(
    ("result", "action", "expected"),
    [
        ("enforced", "案件至今未全部执行到位", 1),
        ("enforced", "乙某某拒不履行完毕", 1),
        ("enforced", "未履行部分已于当日履行完毕", 0),
        ("enforced", "申请执行人甲某某领取执行款12600元", 0),
        ("settled", "组织双方协商，双方未达成和解", 1),
        ("settled", "组织双方和解未成", 1),
        ("settled", "双方因和解方案分歧较大谈判破裂", 1),
        ("settled", "双方没有争议，达成和解", 0),
    ],
)
def test_a_result_that_did_not_come_is_no_fact(result: str, action: str, expected: int) -> None:
    """The words are there, and say the opposite."""
    tree = cases.write_off()
    tree["write_off"]["resolution"] = [result]
    tree["measures"][0]["action"] = action

    assert warnings(tree) == [("ART14-RESULT", "/write_off/resolution/0")] * expected


def test_relief_money_is_no_enforcement() -> None:
    """Money of the court's relief fund was not collected from the debtor."""
    tree = cases.write_off()
    tree["write_off"] |= {
        "resolution": ["enforced"],
        "payments": [{"on": "2021-11-15", "name": "司法救助金", "amount": "20000"}],
    }

    assert warnings(tree) == [("ART14-RESULT", "/write_off/resolution/0")]


@pytest.mark.parametrize(
    ("reason", "approver", "paths"),
    [
        ("本案系信访人来信，未呈送院领导批示", "王某某", []),
        ("本案事实经网络查控即可查清，未另行制作调查笔录", "王某某", []),
        ("本案无领导批示", "李某某", ["approved_by"]),
        ("批示原件遗失", "王某某", ["reason"]),
        ("当时没有收集", "王某某", ["reason"]),
        ("材料找不到了", "李某某", ["approved_by", "reason"]),
    ],
)
def test_an_absence_is_true_and_approved_by_another(reason: str, approver: str, paths: list[str]) -> None:
    """A lost paper is not one that never existed."""
    tree = cases.archive()
    tree["materials"] = [one for one in tree["materials"] if "leader_instruction" not in one["items"]]
    tree["absent"] = [{"item": "leader_instruction", "reason": reason, "approved_by": approver}]

    assert warnings(tree) == [("ART16-ABSENT", f"/absent/0/{path}") for path in paths]


@given(st.dates(min_value=date(2021, 10, 1), max_value=date(2021, 11, 30)))
def test_a_commitment_follows_the_reply(signed: date) -> None:
    """On the day of the reply it may be signed, a day before it not."""
    tree = cases.write_off()
    tree["materials"][8]["signed_on"] = signed.isoformat()

    expected = [("DATE-COMMITMENT", "/materials/8/signed_on")] if signed.isoformat() < "2021-11-10" else []
    assert warnings(tree) == expected


def test_the_date_of_a_filed_reply_counts_where_the_case_gives_none() -> None:
    """For the commitment, and for the approval, which must come before the reply."""
    tree = cases.write_off()
    del tree["reply"]
    tree["materials"].append({"items": ["reply_opinion"], "file": "答复.pdf", "date": "2021-11-19"})
    assert warnings(tree) == [("DATE-COMMITMENT", "/materials/8/signed_on")]

    tree["materials"][-1]["date"] = "2021-11-07"
    assert errors(judge(tree)) == ["DATE-ORDER"]


BANNED = [
    *("上访", "缠访", "闹访", "无理", "越级", "稳控", "维稳", "重点人员", "吸附"),
    *("不得再信访", "否则将追究责任", "后果自负", "视为放弃", "追究责任"),
    *("最终答复", "信访终结", "到此为止", "驳回你的请求", "决定信访事项"),
    *("复查", "复核", "行政复议", "30日内向上一级", "核销标准", "法发〔2016〕15号"),
]
"""Of each kind of word that letters of the court must not have."""


@given(st.sampled_from(BANNED), st.sampled_from(["/registration/summary", "/claims/0/facts", "/registration/note"]))
def test_a_banned_word_is_named_with_its_place(word: str, path: str) -> None:
    """Wherever it is printed."""
    tree = cases.archive()
    *parents, key = path.strip("/").split("/")
    node: Any = tree
    for step in parents:
        node = node[int(step) if step.isdigit() else step]
    node[key] = f"信访人{word}，反映执行问题"

    assert warnings(tree) == [("WORDING", path)]


@pytest.mark.parametrize(
    "text",
    [
        "本院作出（2021）鲁0117执1号执行裁定书，裁定终结本次执行程序",
        "判决书判令乙某某支付货款",
        "信访人来访，请求继续查找财产……",
        "信访人称：“没有收到款项。”本院已查询",
        "没有正当理由的，本院不予支持；已做好稳控化解工作",
        "和解协议约定分期履行，否则恢复执行",
    ],
)
def test_ordinary_sentences_have_no_warning(text: str) -> None:
    """A court's own decisions may be named, and an ellipsis is one mark."""
    tree = cases.archive()
    tree["registration"]["summary"] = text

    assert warnings(tree) == []


def test_another_bodys_review_may_be_pointed_out() -> None:
    """What a petitioner was told to ask of an administrative body."""
    tree = cases.declined(5)
    tree["declined"] |= {"remedy": "向样某区人民政府申请行政复议"}
    assert warnings(tree) == []

    tree["registration"]["summary"] = "信访人申请行政复议"
    assert warnings(tree) == [("WORDING", "/registration/summary")]


@given(st.text("，。；：、！？", min_size=2, max_size=2))
def test_doubled_punctuation_is_found(marks: str) -> None:
    """Any two marks in a row."""
    tree = cases.archive()
    tree["registration"]["summary"] = f"信访人来访{marks}请求继续查找财产"

    assert warnings(tree) == [("WORDING", "/registration/summary")]


@pytest.mark.parametrize(("text", "rules"), [("已查封车辆", ["WORDING"]), ("将执行款发放至你的账户", [])])
def test_a_measure_on_a_claim_does_not_say_that_it_is_done(text: str, rules: list[str]) -> None:
    """Papers print 已于 and its day before it."""
    tree = cases.archive()
    tree["claims"][0] |= {"measures": [{"on": "2021-09-24", "text": text}]}

    assert [rule for rule, _ in warnings(tree)] == rules


PERSONS = [{"name": "李某某"}, {"name": "赵某某"}]


@pytest.mark.parametrize(
    ("approval", "is_enough"),
    [
        ({"leader_consent": {"by": "王某某", "on": "2021-11-08"}}, True),
        ({"leader_consent": {"by": "王某某"}}, False),
        ({"leader_consent": {"on": "2021-11-08"}}, False),
        ({"leader_consent": {"by": "李某某", "on": "2021-11-08"}}, False),
        ({"leader_consent": {"by": "李 某某", "on": "2021-11-08"}}, False),
        ({"collective": {"on": "2021-11-08", "attendees": PERSONS}}, True),
        ({"collective": {"on": "2021-11-08", "chair": {"name": "王某某"}, "attendees": PERSONS[:1]}}, True),
        ({"collective": {"on": "2021-11-08", "attendees": PERSONS[:1]}}, False),
        ({"collective": {"on": "2021-11-08", "chair": {"name": "李某某"}, "attendees": PERSONS[:1]}}, False),
        ({"collective": {"attendees": PERSONS}}, False),
        (
            {
                "leader_consent": {"by": "李某某", "on": "2021-11-08"},
                "collective": {"on": "2021-11-08", "attendees": PERSONS},
            },
            True,
        ),
    ],
)
def test_a_reply_was_approved_by_the_leader_or_discussed_by_two(approval: Tree, is_enough: bool) -> None:  # noqa: FBT001 (a table)
    """Named, dated, and not by the handler himself; or dated, by two persons or more."""
    assert errors(judge(cases.archive() | {"approval": approval})) == ([] if is_enough else ["ART13-APPROVAL"])


@pytest.mark.parametrize(
    ("approval", "told"),
    [
        ({"leader_consent": {}, "collective": {}}, ""),
        ({"leader_consent": {"by": "王某某"}}, "院领导同意没有写明日期。"),
        ({"leader_consent": {"on": "2021-11-08"}}, "院领导同意没有写明姓名。"),
        ({"leader_consent": {"by": "李某某"}}, "院领导同意写的是承办人本人。"),
        ({"collective": {"attendees": PERSONS}}, "集体研究没有写明日期。"),
        ({"collective": {"on": "2021-11-08"}}, "集体研究的参加人员不足二人。"),
    ],
)
def test_what_a_begun_approval_lacks_is_told(approval: Tree, told: str) -> None:
    """Nothing of one that was not begun."""
    (found,) = judge(cases.archive() | {"approval": approval}).errors
    assert found.message == f"已有答复意见书，没有主办院领导同意或者集体研究的完整记录。{told}"


@pytest.mark.parametrize(
    ("post", "expected"),
    [("president", 0), ("vice_president", 0), ("bureau_director", 0), ("bureau_deputy_director", 0), ("other", 1)],
)
def test_a_court_leader_may_receive_too(post: str, expected: int) -> None:
    """Art. 8 asks for a deputy director at least; whoever kept an appointment received the visitor."""
    tree = cases.archive() | {"reception": {"repeated": True}}
    tree["people"]["receiver"] = {"name": "尤某某", "post": post}

    assert [found.rule for found in judge(tree).findings].count("ART08") == expected
    del tree["people"]["receiver"]
    tree["appointments"] = [{"outcome": "received", "receiver": {"name": "尤某某", "post": post}}]
    assert [found.rule for found in judge(tree).findings].count("ART08") == expected
    tree["appointments"][0]["outcome"] = "absent"
    assert [found.rule for found in judge(tree).findings].count("ART08") == 1


@pytest.mark.parametrize(
    ("channel", "role", "visits", "expected"),
    [
        ("visit", "party", 2, 1),
        (None, "party", 3, 1),
        ("visit", "party", 1, 0),
        ("visit", "interested", 2, 0),
        ("letter", "party", 2, 0),
        ("phone", "party", 5, 0),
        ("network", "party", 2, 0),
    ],
)
def test_only_a_partys_second_visit_in_person_asks_for_a_director(
    channel: str | None, role: str, visits: int, expected: int
) -> None:
    """Art. 8 speaks of parties who come again; a case that says so itself is believed, however it began."""
    tree = cases.archive()
    tree["petitioners"][0]["role"] = role
    tree["registration"] |= {"channel": channel, "visit_no": visits}
    assert [found.rule for found in judge(tree).findings].count("ART08") == expected

    tree["reception"] = {"repeated": True}
    assert [found.rule for found in judge(tree).findings].count("ART08") == 1


def test_what_the_reply_promises_is_done_before_the_write_off() -> None:
    """A measure that is done, or of a case that stays, needs no warning; the promise of a write-off names its claim and day."""
    promise = {"on": "2021-12-31", "text": "拍卖查封的房屋", "done": False}
    tree = cases.write_off()
    tree["claims"][0] |= {"outcome": "supported", "measures": [promise]}
    (found,) = (one for one in judge(tree).findings if one.rule == "ART14-UNFINISHED")
    assert found.path == "/claims/0/measures/0/done"
    assert "第1项请求答复里定于2021年12月31日前的措施还没有写明办完" in found.message

    promise["done"] = True
    assert warnings(tree) == []
    archive = cases.archive()
    archive["claims"][0] |= {"outcome": "supported", "measures": [promise | {"done": False}]}
    assert warnings(archive) == []
