"""What `check --json` says of cases on disk that break one rule, and of the order of its findings."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from bundler.commands import run
from tests.support import cases
from tests.support.case_folders import SCAN_NAME, add_scans, write_case

Tree = dict[str, Any]
CheckTree = Callable[..., Tree]


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CheckTree:
    """Write a case with further files, run the command in this process, and return what it prints."""

    def check_tree(tree: Tree, *options: str, **files: bytes) -> Tree:
        folder = tmp_path / f"案件{len(list(tmp_path.iterdir()))}"
        write_case(folder, tree, "测信执2021-1")
        for name, data in files.items():
            (folder / name).write_bytes(data)
        capsys.readouterr()
        run(["check", str(folder), "--json", "--today", "2021-12-20", *options])
        printed: Tree = json.loads(capsys.readouterr().out)
        return printed

    return check_tree


def places(printed: Tree, prefix: str = "", severity: str = "error") -> list[tuple[str, str]]:
    """Rule and path of each finding whose rule begins so."""
    return [
        (found["rule"], found["path"])
        for found in printed["findings"]
        if found["rule"].startswith(prefix) and found["severity"] == severity
    ]


def test_one_wrong_word_hides_no_other_fault(check: CheckTree) -> None:
    """Three papers cannot be drafted, and the first field that they lack is there but cannot be read."""
    tree = cases.write_off()
    tree["registration"]["channel"] = "书信"
    del tree["reply"]["replied_on"], tree["acceptance"]["notice_on"]
    printed = check(tree)

    found = [one for one in places(printed) if one[0] in {"ART16-1", "ART16-3", "ART16-8", "JSON-SCHEMA"}]
    assert found == [
        ("ART16-3", "/acceptance/notice_on"),
        ("ART16-8", "/reply/replied_on"),
        ("JSON-SCHEMA", "/registration/channel"),
    ]
    assert not any("信访形式" in one["message"] for one in printed["findings"] if one["rule"].startswith("ART"))


def test_deadlines_and_appointments_may_lie_ahead(check: CheckTree) -> None:
    """A task's, an appointment's, a follow-up's, an assigning body's; a hearing that was held may not."""
    tree = add_scans(cases.with_records(cases.archive()))
    tree["coordination"]["tasks"] = [{"text": "联系样某村", "by": "李某某", "due": "2022-03-01"}]
    tree["interview"]["planned_at"] = "2022-03-02T09:30"
    tree["appointments"] = [{"reserved_for": "2022-03-03T09:30"}]
    tree["assignment"] = {"body": "样某市中级人民法院", "feedback_due": "2022-03-04"}
    tree["follow_ups"] = [{"on": "2022-03-05"}]
    tree["claims"][0]["measures"] = [{"on": "2022-03-06", "text": "查询", "done": False}]
    tree["hearing"]["held_on"] = "2022-03-07"

    assert places(check(tree), "DATE-FUTURE") == [("DATE-FUTURE", "/hearing/held_on")]


def test_a_range_of_blank_pages_is_no_paper(check: CheckTree) -> None:
    """The file has other pages; a range with one page that shows something counts, with a warning."""
    page = Image.new("L", (1654, 2339), 255)
    ImageDraw.Draw(page).rectangle((300, 300, 1200, 1200), fill=0)
    target = io.BytesIO()
    blank = Image.new("L", page.size, 255)
    page.save(target, "TIFF", save_all=True, append_images=[blank], dpi=(200, 200))
    tree = add_scans(cases.write_off())
    commitment = next(one for one in tree["materials"] if "commitment" in one["items"])
    commitment |= {"file": "承诺.tif", "pages": "2"}
    path = f"/materials/{tree['materials'].index(commitment)}/pages"
    printed = check(tree, **{"承诺.tif": target.getvalue()})

    assert (printed["complete"], places(printed)) == (False, [("FILE-EMPTY", path)])
    assert [one["status"] for one in printed["checklist"] if one["item"] == "commitment"] == ["missing"]
    commitment["pages"] = "1-2"
    printed = check(tree, **{"承诺.tif": target.getvalue()})
    assert (printed["complete"], places(printed, "SCAN-BLANK", "warning")[0][0]) == (True, "SCAN-BLANK")


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        ("/etc/passwd", None, "FILE-OUTSIDE"),
        ("../证明.pdf", None, "FILE-OUTSIDE"),
        ("证明.pdf", None, "FILE-MISSING"),
        ("证明.pdf", b"no document", "FILE-TYPE"),
        ("证明.pdf", b"", "FILE-EMPTY"),
        ("证明.pdf", b"%PDF-1.7 cut off", "FILE-DAMAGED"),
        (SCAN_NAME, None, None),
    ],
)
def test_the_file_of_a_measures_proof_is_opened(
    check: CheckTree, name: str, data: bytes | None, rule: str | None
) -> None:
    """It is no material, so nothing binds it; that of a material has the findings of the material alone."""
    tree = add_scans(cases.write_off())
    tree["measures"][0]["proof_file"] = name
    printed = check(tree, **({name: data} if data is not None else {}))

    assert places(printed) == ([(rule, "/measures/0/proof_file")] if rule else [])
    assert places(printed, "FILE-UNLISTED", "warning") == []
    if rule:
        (found,) = [one for one in printed["findings"] if one["rule"] == rule]
        assert "第1项工作措施“查询被执行人财产”" in found["message"]


def test_deadlines_need_only_their_own_first_day(check: CheckTree) -> None:
    """Without the day of receipt, the interview and the reply still run from the handler's receipt."""
    tree = add_scans(cases.archive())
    del tree["registration"]["received_on"]
    tree["assignment"] = {"body": "样某市中级人民法院", "received_on": "2021-09-16", "feedback_due": "2021-11-15"}
    deadlines = check(tree)["deadlines"]

    assert [(one["rule"], one["due"]) for one in deadlines] == [
        ("ART13-INTERVIEW", "2021-09-22"),
        ("ART13-REPLY", "2021-11-17"),
        ("ART14-FEEDBACK", "2021-11-15"),
    ]


@pytest.mark.parametrize(
    ("by", "leader", "rules"),
    [
        ("王某某", "王某某", []),
        (" 王 某某", "王某某", []),
        ("ＡＢ王", "AB王", []),
        ("路人甲", "王某某", ["ART13-APPROVAL"]),
        ("李某某", "李某某", ["ART13-APPROVAL"]),
    ],
)
def test_only_the_leader_in_charge_consents(check: CheckTree, by: str, leader: str, rules: list[str]) -> None:
    """李某某 is the handler, whose own consent does not count either."""
    tree = add_scans(cases.archive())
    tree["approval"]["leader_consent"]["by"], tree["people"]["leader"]["name"] = by, leader

    assert [rule for rule, _ in places(check(tree))] == rules


def test_rules_of_every_petition_hold_for_a_declined_one(check: CheckTree) -> None:
    """Art. 5, 8, 10 and 11 speak of petitioners, accepted or not; Art. 4, 14 and 16 do not apply."""
    tree = add_scans(cases.declined(3))
    assert places(check(tree)) == places(check(tree), "ART", "warning") == []
    tree["coercive_measure"] = {"measure": "司法拘留", "taken_on": "2021-10-20"}
    tree["reception"] = {"repeated": True}
    tree["relief"] = {"hardship": True, "no_property": True}
    del tree["people"]["first_contact"]
    printed = check(tree)

    assert places(printed) == [("ART10", "/coercive_measure/approved_by")]
    assert [rule for rule, _ in places(printed, "ART", "warning")] == ["ART05", "ART08", "ART11"]


def test_dates_of_filed_papers_are_in_order_too(check: CheckTree) -> None:
    """A request, and a reply later than its receipt or earlier than its approval, of which only the paper has the date."""
    tree = add_scans(cases.write_off())
    del tree["write_off"]["requested_on"]
    numbers = {item: index for index, one in enumerate(tree["materials"]) for item in one["items"]}
    tree["materials"][numbers["write_off_request"]]["date"] = "2021-11-01"
    assert places(check(tree)) == [("DATE-ORDER", f"/materials/{numbers['write_off_request']}/date")]

    tree["materials"][numbers["write_off_request"]]["date"] = "2021-11-22"
    tree["materials"][numbers["reply_opinion"]]["date"] = "2021-11-15"
    assert places(check(tree)) == []  # the date of the reply is that of the case, while it gives one
    del tree["reply"]["replied_on"]
    assert places(check(tree)) == [("DATE-ORDER", f"/materials/{numbers['reply_service']}/signed_on")]
    tree["materials"][numbers["reply_opinion"]]["date"] = "2021-11-05"
    assert places(check(tree)) == [("DATE-ORDER", f"/materials/{numbers['reply_opinion']}/date")]


ARCHIVE_ORDER = (
    *(
        "registration",
        "transfer_proof",
        "leader_instruction",
        "superior_notice",
        "acceptance_notice",
        "acceptance_service",
    ),
    *(
        "explanation_notice",
        "explanation_service",
        "investigation",
        "hearing_record",
        "interview",
        "evidence",
        "approval",
    ),
    *("reply_opinion", "reply_service", "jurisdiction_note"),
)
ART_14 = ("legal_document", "conversation_record", "measures", "commitment")
ORDERS = {
    "archive": (*ARCHIVE_ORDER, *ART_14, "write_off_request", "other"),
    "write-off": ("write_off_request", *ART_14, *ARCHIVE_ORDER, "other"),
    "declined": ("registration", "explanation_notice", "transfer_proof", "explanation_service", "other"),
}


@pytest.mark.parametrize("kind", ORDERS)
def test_findings_of_one_rule_stand_as_their_papers_are_bound(check: CheckTree, kind: str) -> None:
    """Every paper has a file that is not there; the list of materials is in another order."""
    make: dict[str, Callable[[], Tree]] = {"archive": cases.archive, "write-off": cases.write_off}
    tree = make[kind]() if kind in make else cases.declined(4)
    tree["materials"] = [{"items": [item], "file": f"{item}.pdf"} for item in sorted(ORDERS[kind])]
    found = [one["item"] for one in check(tree)["findings"] if one["rule"] == "FILE-MISSING"]

    assert found == list(ORDERS[kind])


def test_a_declaration_that_does_not_count_says_why(check: CheckTree) -> None:
    """What it lacks, or that this paper cannot be declared absent at all."""
    tree = add_scans(cases.archive())
    tree["materials"] = [one for one in tree["materials"] if not {"acceptance_service", "evidence"} & {*one["items"]}]
    tree["absent"] = [
        {"item": "acceptance_service", "reason": "未送达", "approved_by": "王某某"},
        {"item": "evidence", "reason": "本案无证据材料"},
    ]
    messages = {one["rule"]: one["message"] for one in check(tree)["findings"]}

    assert messages["ART16-4"] == "缺少受理告知送达回执。这一项不能以缺件情况说明代替。"
    assert messages["ART16-7"] == "缺少相关证据材料。缺件情况说明没有写明批准人。"


def test_a_record_in_the_file_is_not_denied(check: CheckTree) -> None:
    """The interview's day alone is not filled in; without a dated record nothing tells of it."""
    tree = add_scans(cases.archive())
    del tree["interview"]
    record = next(one for one in tree["materials"] if "interview" in one["items"])
    texts = []
    for _ in range(2):
        (found,) = [one for one in check(tree)["findings"] if one["rule"] == "ART13-INTERVIEW"]
        texts.append((found["message"], found["fix"]))
        record.pop("signed_on", None)

    assert texts[0][0].endswith("超期 89 天；卷内约谈或协调会议记录的日期是 2021-09-22，案件里没有填写。")
    assert texts[1] == ("约谈信访人应不晚于 2021-09-22，超期 89 天，至今没有记录。", "请立即约谈，并填写约谈日期。")


@pytest.mark.parametrize(("ground", "path"), [(3, "/petitioners/0/role"), (6, "/enforcement_cases/0/no"), (5, None)])
def test_a_ground_of_refusal_does_not_deny_the_facts(check: CheckTree, ground: int, path: str | None) -> None:
    """A party is not without standing, and this court's case is not another's."""
    expected = [("DATA-REFUSAL", path)] if path else []

    tree = add_scans(cases.declined(ground))
    tree["petitioners"][0]["role"] = "party"
    tree["enforcement_cases"][0]["no"] = "（2020）鲁0117执9001号"
    assert places(check(tree), "DATA-REFUSAL", "warning") == expected
    replied = check(tree | {"reply": {"replied_on": "2021-11-10"}})
    assert places(replied, "DATA-REFUSAL", "warning") == [("DATA-REFUSAL", "/decision"), *expected]


def test_a_ground_that_is_not_there_is_asked_for(check: CheckTree) -> None:
    """Nothing stands in two places, so nothing is to be chosen between."""
    tree = add_scans(cases.declined(3))
    del tree["declined"]
    fixes = {one["rule"]: one["fix"] for one in check(tree)["findings"]}

    assert fixes["DATA-CONFLICT"] == "请填写是哪一项（1、2、3、4、5、6、7）。"
