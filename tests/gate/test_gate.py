"""The gate passes a complete case; without any one requirement it reports exactly that requirement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bundler.case.people_models import Parties
from bundler.case.validation import validate_tree
from bundler.file_inspection_record import PDF, WORD, FileProblem, FileRecord, PageInfo
from bundler.gate.check_result import ItemStatus
from bundler.materials.page_image_fingerprint import make_look
from bundler.regulation.papers import BundleKind
from bundler.regulation.rule_codes import Severity
from tests.support import cases
from tests.support.cases import errors, judge
from tests.support.regulations import REGULATION, RULES

Tree = dict[str, Any]


def without(tree: Tree, *path: str | int) -> Tree:
    """The tree without one part."""
    node: Any = tree
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    return tree


def without_item(tree: Tree, item: str) -> Tree:
    """The tree without the materials of an item."""
    tree["materials"] = [material for material in tree["materials"] if item not in material["items"]]
    return tree


def test_complete_cases_open_the_gate() -> None:
    """A complete case has no error."""
    assert errors(judge(cases.archive())) == []
    assert errors(judge(cases.write_off())) == []
    assert [errors(judge(cases.declined(ground))) for ground in range(1, 8)] == [[]] * 7


@pytest.mark.parametrize(
    ("item", "rules"),
    [
        ("leader_instruction", ["ART16-2"]),
        ("acceptance_service", ["ART16-4"]),
        ("investigation", ["ART16-5"]),
        ("interview", ["ART16-6"]),
        ("evidence", ["ART16-7"]),
        ("reply_service", ["ART14-CLOSED", "ART16-9"]),
        ("legal_document", ["ART14-1"]),
        ("conversation_record", ["ART14-2"]),
        ("commitment", ["ART14-4"]),
    ],
)
def test_each_paper_taken_away_is_named(item: str, rules: list[str]) -> None:
    """A missing paper is reported, whatever other papers are there."""
    check_result = judge(without_item(cases.write_off(), item))

    assert errors(check_result) == rules
    assert {f.item and f.item.value for f in check_result.errors} == {item}
    assert [line.item.value for line in check_result.checklist if line.status is ItemStatus.MISSING] == [item]


FIELDS: list[tuple[tuple[str | int, ...], list[str]]] = [
    (("registration", "no"), ["ART14-REQUEST", "ART14-3", "ART16-1", "ART16-3", "ART16-8", "DATA-REGISTRATION-NO"]),
    (("registration", "source"), ["ART12", "ART14-REQUEST"]),
    (("registration", "summary"), ["ART12"]),
    (("registration", "proposed_opinion"), ["ART12"]),
    (("petitioners", 0, "phone"), ["ART12"]),
    (("enforcement_cases", 0, "no"), ["ART12"]),
    (("enforcement_cases", 0, "parties"), ["ART12"]),
    (("people", "leader"), ["ART04", "ART14-REQUEST"]),
    (("grounds",), ["ART06", "ART16-3"]),
    (("approval",), ["ART13-APPROVAL"]),
    (("measures",), ["ART14-3"]),
    (("category",), ["ART14-REQUEST"]),
    (("write_off", "requested_on"), ["ART14-REQUEST"]),
    (("acceptance", "notice_on"), ["ART16-3"]),
    (("reply", "replied_on"), ["ART16-8"]),
    (("claims", 0, "reason"), ["ART16-8"]),
    (("materials", 1, "signed_on"), ["ART16-4"]),
    (("materials", 5, "signed_on"), ["ART14-CLOSED", "ART16-9"]),
    (("materials", 7, "signed_on"), ["ART14-2"]),
    (("materials", 8, "signed_on"), ["ART14-4"]),
]


@given(st.sampled_from(FIELDS), st.permutations(range(9)))
def test_any_fact_taken_away_is_named(lost: tuple[tuple[str | int, ...], list[str]], order: list[int]) -> None:
    """The order in which materials are listed changes no finding."""
    path, rules = lost
    tree = without(cases.write_off(), *path)
    tree["materials"] = [tree["materials"][place] for place in order]

    assert sorted(errors(judge(tree))) == sorted(rules)


@pytest.mark.parametrize("item", ["leader_instruction", "investigation", "evidence"])
def test_three_items_may_truly_not_exist(item: str) -> None:
    """With a reason and an approver; without one of them the item is missing."""
    tree = without_item(cases.archive(), item)
    tree["absent"] = [{"item": item, "reason": "本案确无此件", "approved_by": "王某某"}]
    assert errors(judge(tree)) == []

    del tree["absent"][0]["approved_by"]
    assert len(errors(judge(tree))) == 1


def test_no_other_item_may_be_waived() -> None:
    """This holds above all for the commitment of a write-off."""
    tree = without_item(cases.write_off(), "commitment")
    tree["absent"] = [{"item": "commitment", "reason": "信访人未签", "approved_by": "王某某"}]

    assert errors(judge(tree)) == ["ART14-4", "DATA-CONFLICT"]


def test_absent_and_filed_contradict() -> None:
    """The declaration and the file contradict each other."""
    tree = cases.archive()
    tree["absent"] = [{"item": "evidence", "reason": "无", "approved_by": "王某某"}]

    assert errors(judge(tree)) == ["DATA-CONFLICT"]


DECLINED_FACTS = [
    (1, ("declined", "contact_attempts")),
    (2, ("declined", "transferred_to")),
    (2, ("materials", 0)),
    (2, ("materials", 1)),
    (3, ("declined", "standing_checked")),
    (3, ("materials", 0)),
    (4, ("declined", "other_procedure")),
    (4, ("materials", 0)),
    (5, ("declined", "competent_body")),
    (5, ("declined", "remedy")),
    (6, ("materials", 0)),
    (7, ("declined", "instrument")),
    (7, ("declined", "notice_on")),
]


@pytest.mark.parametrize(("ground", "path"), DECLINED_FACTS)
def test_each_ground_needs_its_facts_and_proofs(ground: int, path: tuple[str | int, ...]) -> None:
    """Art. 15, item by item."""
    assert errors(judge(without(cases.declined(ground), *path))) == [f"ART15-{ground}"]


def test_a_failing_file_is_missing_and_told_once() -> None:
    """The finding about the file names the item; the article's rule is not repeated, and nothing is generated instead."""
    tree = cases.archive()
    tree["materials"].append({"items": ["acceptance_notice"], "file": "告知书.pdf"})
    check_result = judge(tree, problems={"告知书.pdf": FileProblem("FILE-DAMAGED", "已损坏。", "请重新扫描。")})

    assert errors(check_result) == ["FILE-DAMAGED"]
    assert [line.item.value for line in check_result.checklist if line.status is ItemStatus.MISSING] == [
        "acceptance_notice"
    ]


def test_a_word_file_stands_only_for_what_may_be_generated() -> None:
    """A paper that must be signed is a scan."""
    word = FileRecord("约谈.pdf", "digest", 10, WORD)

    assert errors(judge(cases.archive(), records={"约谈.pdf": word})) == ["FILE-UNSIGNED"]


def test_a_file_of_two_items_is_told_at_both() -> None:
    """The finding is repeated for each item that the file serves."""
    tree = cases.write_off()
    tree["materials"][3]["items"] = ["interview", "conversation_record"]
    del tree["materials"][7]
    check_result = judge(tree, problems={"约谈.pdf": FileProblem("FILE-EMPTY", "全是空白页。", "请重新扫描。")})

    assert [f.item and f.item.value for f in check_result.errors] == ["conversation_record", "interview"]


def test_the_same_pages_are_not_bound_twice() -> None:
    """Other pages of the same file are a different paper."""
    tree = cases.archive()
    tree["materials"].append({"items": ["other"], "file": "证据.pdf"})
    assert errors(judge(tree)) == ["FILE-DUPLICATE"]

    tree["materials"][4]["pages"], tree["materials"][-1]["pages"] = "1-2", "3"
    assert errors(judge(tree)) == []


def with_ranges(*ranges: str) -> Tree:
    """A case whose evidence lies in one file, in these ranges of its pages."""
    tree = cases.write_off()
    tree["materials"] += [{"items": ["evidence"], "file": "卷宗.pdf", "pages": one} for one in ranges]
    return tree


@pytest.mark.parametrize(
    ("ranges", "shared"), [(("1-2", "2-3"), ["SCAN-SHARED"]), (("1-3", "1-2"), ["SCAN-SHARED"]), (("1", "2-3"), [])]
)
def test_ranges_that_overlap_are_told(ranges: tuple[str, ...], shared: list[str]) -> None:
    """By a warning that names the pages."""
    found = judge(with_ranges(*ranges))

    assert errors(found) == []
    assert [one.rule for one in found.findings if one.rule == "SCAN-SHARED"] == shared


def test_what_looks_the_same_is_not_bound_twice() -> None:
    """Files of different bytes that show the same pages are duplicates; blank pages do not count."""
    looks = [make_look(Image.new("L", (595, 842), shade)) for shade in (40, 120)]
    first, second = (PageInfo(595, 842, look=look) for look in looks)
    blank = PageInfo(595, 842, blank=True)
    tree = cases.write_off()
    tree["materials"] += [{"items": ["evidence"], "file": name} for name in ("甲.pdf", "乙.pdf")]

    def rules(*pages: PageInfo) -> list[str]:
        records = {
            "甲.pdf": FileRecord("甲.pdf", "one", 1, PDF, (first, second)),
            "乙.pdf": FileRecord("乙.pdf", "two", 1, PDF, pages),
        }
        found = judge(tree, records=records).findings
        return [one.rule for one in found if one.rule in {"FILE-DUPLICATE", "SCAN-SHARED"}]

    assert rules(first, second) == rules(first, blank, second) == ["FILE-DUPLICATE"]
    assert rules(first) == rules(second, first) == ["SCAN-SHARED"]
    assert rules(PageInfo(595, 842, look=make_look(Image.new("L", (595, 842), 200)))) == []


def rules_of_sheets(*files: Sequence[PageInfo]) -> list[str]:
    """The rules about pages that are seen twice, where each file has these pages."""
    names = [f"{number}.pdf" for number in range(len(files))]
    tree = cases.write_off()
    tree["materials"] += [{"items": ["evidence"], "file": name} for name in names]
    pages = dict(zip(names, files, strict=True))
    records = {name: FileRecord(name, f"digest of {name}", 1, PDF, tuple(pages[name])) for name in names}
    found = judge(tree, records=records).findings
    return [one.rule for one in found if one.rule in {"FILE-DUPLICATE", "SCAN-SHARED"}]


def test_of_many_copies_of_a_sheet_each_duplicate_is_told() -> None:
    """Also beyond the copies that are paired, and where the sheets are only nearly the same."""
    sheet, near, other = (
        PageInfo(595, 842, look=make_look(Image.new("L", (595, 842), grey))) for grey in (40, 41, 120)
    )

    assert rules_of_sheets(*([[sheet] * 20] * 30)) == ["FILE-DUPLICATE"] * 29
    assert rules_of_sheets(*([sheet] * count for count in range(1, 13)), [sheet] * 12)[-1] == "FILE-DUPLICATE"
    assert rules_of_sheets([sheet] * 20, [near] * 20) == ["FILE-DUPLICATE"]
    assert rules_of_sheets([sheet] * 20, [*[sheet] * 19, near]) == ["FILE-DUPLICATE"]
    assert rules_of_sheets([sheet] * 20, [*[sheet] * 19, other]) == ["SCAN-SHARED"]


@pytest.mark.parametrize("nothing", ["\u3164", "\u2800", ".", "　", "——"])
def test_a_reason_that_shows_nothing_is_missing(nothing: str) -> None:
    """Invisible characters and punctuation alone say nothing."""
    absent = {"item": "evidence", "reason": nothing, "approved_by": nothing}
    case = validate_tree(
        {"absent": [absent], "enforcement_cases": [{"parties": {"applicants": [nothing, "王某"]}}]}
    ).case

    assert case is not None
    assert (case.absent[0].reason, case.absent[0].approved_by) == (None, None)
    assert case.enforcement_cases[0].parties == Parties(applicants=("王某",))


def test_pages_outside_the_file() -> None:
    """A range must lie within the file."""
    tree = cases.archive()
    tree["materials"][4]["pages"] = "2-9"

    assert errors(judge(tree)) == ["DATA-CONFLICT"]


@pytest.mark.parametrize(
    ("path", "day"),
    [
        (("transfer", "transferred_on"), "2021-09-15"),
        (("transfer", "received_on"), "2021-09-15"),
        (("acceptance", "notice_on"), "2021-09-18"),
        (("reply", "replied_on"), "2021-11-13"),
        (("approval", "leader_consent", "on"), "2021-11-11"),
        (("write_off", "requested_on"), "2021-11-11"),
    ],
)
def test_dates_out_of_order(path: tuple[str, ...], day: str) -> None:
    """Each pair of dates with a fixed order."""
    tree = cases.write_off()
    node = tree
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = day

    assert errors(judge(tree)) == ["DATE-ORDER"]


def test_what_has_happened_is_not_in_the_future() -> None:
    """Deadlines and appointments may be in the future."""
    tree = cases.archive()
    tree["interview"]["planned_at"] = "2022-09-22T09:30"
    tree["assignment"] = {"body": "济南市中级人民法院", "feedback_due": "2022-11-15"}
    assert errors(judge(tree)) == []

    assert errors(judge(tree, today=date(2021, 11, 11))) == ["DATE-FUTURE"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda t: t["registration"].update(no="钢信执/1"), "DATA-REGISTRATION-NO"),
        (lambda t: t["enforcement_cases"][0].update(no="(2020)鲁0117执9001号"), "DATA-CASE-NUMBER"),
        (lambda t: t["petitioners"][0].update(id_number="370117196805020012"), "DATA-ID-NUMBER"),
        (lambda t: t["petitioners"][0].update(credit_code="913701170000000000"), "DATA-CREDIT-CODE"),
        (lambda t: t["registration"].update(note="甲\u202e某"), "DATA-CHARACTER"),
        (lambda t: t["registration"].update(note="甲\ue000某"), "DATA-CHARACTER"),
        (lambda t: t.update(coercive_measure={"measure": "训诫"}), "ART10"),
        (lambda t: t.update(declined={"ground": 1}), "DATA-CONFLICT"),
        (lambda t: t.update(not_ours={"checked": "经查询，由其他法院执行。"}), "ART14-JURISDICTION"),
        (lambda t: t.update(decision="pending"), "KIND-PENDING"),
    ],
)
def test_data_rules(change: Callable[[Tree], None], rule: str) -> None:
    """Each contradiction is an error."""
    tree = cases.archive()
    change(tree)

    assert errors(judge(tree)) == [rule]


def test_kinds() -> None:
    """The decision on acceptance limits the kinds of bundle."""
    assert "KIND-DECLINED" in errors(judge(cases.declined(6), kind=BundleKind.ARCHIVE))
    assert "KIND-ACCEPTED" in errors(judge(cases.archive(), kind=BundleKind.DECLINED))
    assert judge(cases.write_off()).kind is BundleKind.WRITE_OFF
    assert judge(cases.declined(3)).kind is BundleKind.DECLINED


def _name_one_of_two_debtors(tree: Tree) -> None:
    tree["enforcement_cases"][0]["parties"]["respondents"] = ["乙某某", "钢城区样某建材有限公司"]


WARNINGS: list[tuple[Callable[[Tree], object], str]] = [
    (lambda t: t["people"].pop("first_contact"), "ART05"),
    (lambda t: t["people"].update(former_handler={"name": "赵某某", "in_enforcement": False}), "ART05"),
    (lambda t: t.pop("enforcement_measures"), "ART06-MEASURES"),
    (lambda t: t.update(reception={"major": True}), "ART08"),
    (lambda t: t.update(relief={"hardship": True, "no_property": True}), "ART11"),
    (lambda t: t["registration"].pop("system_no"), "ART12-SYSTEM"),
    (lambda t: t["transfer"].update(transferred_on="2021-09-22", received_on="2021-09-22"), "ART13-TRANSFER"),
    (lambda t: t["interview"].update(held_on="2021-09-24"), "ART13-INTERVIEW"),
    (lambda t: t["materials"][5].update(signed_on="2021-11-18"), "ART13-REPLY"),
    (lambda t: t.update(assignment={"body": "甲机关", "feedback_due": "2021-11-15"}), "ART14-FEEDBACK"),
    (lambda t: t["measures"][0].pop("proof"), "ART14-PROOF"),
    (lambda t: t["enforcement_cases"][0].update(no="（2020）鲁0115执9001号"), "COURT-CODE"),
    (lambda t: t["petitioners"][0].update(phone="5"), "DATA-PHONE"),
    (lambda t: t.update(hearing={"held_on": "2021-10-15", "audience": 8}), "DATA-AUDIENCE"),
    (lambda t: t["write_off"].update(resolution=[]), "DATA-RESOLUTION"),
    (_name_one_of_two_debtors, "DATA-DEBTORS"),
    (lambda t: t["materials"][4].update(items=["evidence", "other"], pages="1"), "SCAN-SHARED"),
    (lambda t: t["materials"][1].update(service_kind="posted"), "SERVICE-EQUIVALENT"),
    (lambda t: t["petitioners"].append({"name": "丙某某", "phone": "13800000001", "role": "party"}), "SERVICE-PERSON"),
    (dict, "ART16-UNSEALED"),
    (dict, "SPC-LIMIT"),
]


@pytest.mark.parametrize(("change", "rule"), WARNINGS)
def test_warnings_do_not_close_the_gate(change: Callable[[Tree], object], rule: str) -> None:
    """Warnings are reported and do not prevent the bundle."""
    tree = cases.write_off()
    change(tree)
    check_result = judge(tree)

    assert rule in [found.rule for found in check_result.findings]
    assert errors(check_result) == []


def test_a_word_file_put_back_as_the_reply_is_no_stamped_scan() -> None:
    """ART16-UNSEALED names it; the scan of the same paper ends that."""
    tree = cases.write_off()
    name = "答复.docx"
    tree["materials"].append({"items": ["reply_opinion"], "file": name, "title": "答复意见书"})

    def unsealed(records: dict[str, FileRecord]) -> list[str]:
        found = judge(tree, records=records).findings
        return [f.message for f in found if f.rule == "ART16-UNSEALED" and name in f.message]

    assert unsealed({}) == []
    assert len(unsealed({name: FileRecord(name, "digest-word", 10, WORD)})) == 1


def test_overdue_is_counted_in_calendar_days_from_the_rolled_day() -> None:
    """Received 09-16: the fifth day is a holiday, so 09-22 is in time and 09-24 two days late."""
    tree = cases.archive()
    tree["interview"]["held_on"] = "2021-09-24"
    interview = next(d for d in judge(tree).deadlines if d.rule == "ART13-INTERVIEW")

    assert (interview.due, interview.overdue_days) == (date(2021, 9, 22), 2)


def test_a_provisional_deadline_is_never_overdue() -> None:
    """There is no official calendar of that year yet."""
    tree = cases.archive()
    tree["registration"] |= {"received_on": "2026-11-20"}
    del tree["transfer"]
    check_result = judge(without_item(tree, "reply_service"), today=date(2027, 6, 1))
    reply = next(d for d in check_result.deadlines if d.rule == "ART13-REPLY")

    assert (reply.due, reply.provisional, reply.overdue_days) == (date(2027, 1, 18), True, 0)
    assert "CALENDAR-PROVISIONAL" in [found.rule for found in check_result.findings]


def test_findings_stand_in_the_order_of_the_law() -> None:
    """They are sorted by article, paper in binding order, path, rule."""
    tree = without_item(without_item(cases.write_off(), "commitment"), "acceptance_service")
    del tree["grounds"]
    findings = judge(tree).findings

    assert list(findings) == sorted(findings, key=REGULATION.sort_key(BundleKind.WRITE_OFF))
    assert [f.rule for f in findings if f.severity is Severity.ERROR] == ["ART06", "ART14-4", "ART16-3", "ART16-4"]


def test_json_holds_what_the_contract_names() -> None:
    """`check --json`, key for key."""
    tree = judge(cases.write_off()).as_json("samples/x")

    assert list(tree) == ["case", "registration_no", "kind", "complete", "checklist", "deadlines", "findings"]
    assert list(tree["checklist"][0]) == ["item", "article", "label", "status", "files"]
    assert list(tree["deadlines"][0]) == ["rule", "start", "due", "done", "overdue_days", "provisional"]
    assert list(tree["findings"][0]) == ["rule", "severity", "article", "item", "path", "message", "fix"]


def test_a_part_that_could_not_be_read_is_not_judged() -> None:
    """A date in a wrong form is one finding; it is not reported as missing too."""
    tree = cases.archive()
    tree["registration"]["received_on"] = "2021-02-30"

    assert "ART12" not in errors(judge(tree))
    assert "JSON-SCHEMA" in errors(judge(tree))


def test_every_rule_has_words() -> None:
    """Codes are unique, and each rule says what it requires."""
    assert all(rule.text and rule.id == code for code, rule in RULES.items())
    assert PageInfo(1, 1).dpi is None
