"""What a clerk reads is Chinese: no JSON Pointer, no key of case.json, no English word; several of one kind are one line."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bundler.case.identifiers import case_number_fault
from bundler.case.validation import validate_tree
from bundler.commands import run
from bundler.commands.check_report import summarize
from bundler.documents.definitions import DOCUMENTS
from bundler.documents.required_facts.shared_checks import MissingField, describe_missing
from bundler.documents.select_documents import is_needed
from bundler.file_inspection_record import FileProblem
from bundler.gate.group_findings import group_findings
from bundler.regulation.findings import Finding, finding
from bundler.regulation.papers import Item, guess_item
from tests.support import cases
from tests.support.cases import judge
from tests.support.documents import build_case
from tests.support.paths import SAMPLES, copy_sample
from tests.support.regulations import REGULATION

_QUOTED = re.compile("“[^”]*”")
_FOREIGN = re.compile(r"/[a-z_]+|[a-z]+_[a-z_]+|[A-Za-z]{2,}")
_KNOWN = frozenset({"PDF", "PDF/A", "JPEG", "PNG", "TIFF", "Word", "WPS", "dpi", "docx", "JSON", "UTF", "case", "json"})
"""Names of file types and programs, which have no Chinese name."""


def foreign_words(text: str) -> list[str]:
    """The words of a message that are no Chinese, without quotations of what the clerk wrote himself."""
    return [word for word in _FOREIGN.findall(_QUOTED.sub("", text)) if word not in _KNOWN]


def broken_cases() -> Iterator[dict[str, Any]]:
    """Complete cases, each with one part taken away; and whatever else a rule speaks of."""
    for whole in (cases.archive(), cases.write_off(), *(cases.declined(ground) for ground in range(1, 8))):
        for key, value in whole.items():
            yield {name: part for name, part in whole.items() if name != key}
            if isinstance(value, dict):
                for inner in value:
                    yield {**whole, key: {name: part for name, part in value.items() if name != inner}}
    bad = cases.write_off()
    bad["claims"] = [{}, {"title": "甲"}]
    bad["measures"] = [{"on": "2021-09-30", "action": "查询"}, {"on": "2021-10-01", "action": "约谈"}]
    bad["registration"] |= {"summary": "上访，，", "received_on": "2030-01-01", "no": "一 二"}
    bad["enforcement_cases"][0]["no"] = "（2020）鲁0117执第009001号"
    bad["absent"] = [{"item": "evidence"}]
    yield bad
    yield {**cases.archive(), "declined": {"ground": 1}, "decision": "pending"}


def test_findings_are_chinese() -> None:
    """Of every complete case with any part taken away, and of its files."""
    found: set[Finding] = set()
    for tree in broken_cases():
        found.update(judge(copy.deepcopy(tree)).findings)
    problem = FileProblem("FILE-MISSING", "不在案件文件夹里。", "请放入这个文件，或者改正文件名。")
    tree = cases.archive()
    found.update(judge(tree, problems={one["file"]: problem for one in tree["materials"]}).findings)

    assert len({one.rule for one in found}) > 40
    assert {word: one.message for one in found for word in foreign_words(one.message + one.fix)} == {}
    assert [paper.item for paper in REGULATION.papers.values() if foreign_words(paper.fix)] == []


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("grounds", 0), 0, "受理事由填错，规定里没有这一项。"),
        (
            ("petitioners", 0, "role"),
            "owner",
            "第1名信访人的身份填错，可以填的有：当事人 party、利害关系人 interested、受托人 agent、以上都不是 none。",
        ),
        (("registration", "received_on"), "9月", "信访件登记的来访（件）时间不是一个日期，应写成 2021-09-16 的形式。"),
        (("claims", 0, "statement"), 5, "第1项反映与请求的反映的问题应为文字（加引号）。"),
    ],
)
def test_a_wrong_value_is_told_by_its_place_in_chinese(
    path: tuple[str | int, ...], value: object, message: str
) -> None:
    """第1名信访人的身份, with what may be filled in; the pointer is in the JSON alone."""
    tree = cases.archive()
    node: Any = tree
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    (found,) = validate_tree(tree).findings

    assert found.message == message
    assert found.path == "/" + "/".join(map(str, path))


def test_an_unknown_key_is_told_with_the_nearest() -> None:
    """By the place, and with the Chinese title of the key that may be meant."""
    tree = cases.archive()
    tree["petitioners"][0]["nmae"] = tree["petitioners"][0].pop("name")
    (found,) = validate_tree(tree).findings

    assert found.message == "第1名信访人里没有“nmae”这一项。"
    assert found.fix == "是不是“name”（姓名（名称））？"


def test_five_of_one_kind_are_one_line() -> None:
    """Papers without their stamped copies, with what to do; the JSON still has each."""
    tree = cases.write_off()
    generated = {"registration", "acceptance_notice", "reply_opinion", "measures", "write_off_request"}
    tree["materials"] = [one for one in tree["materials"] if not generated & set(one["items"])]
    result = judge(tree)
    unsealed = [one for one in result.findings if one.rule == "ART16-UNSEALED"]
    (line,) = [one for one in group_findings(result.findings) if one.rule == "ART16-UNSEALED"]

    assert len(unsealed) == 5
    assert line.message.startswith("以下5份尚未换成盖章件：《执行申诉信访案件核销申请表》、")
    assert line.fix == "请打印、签名、盖章后扫描放入，换齐后再报送核销。"


def test_of_very_many_reminders_the_first_are_listed_and_the_others_counted() -> None:
    """A folder can have thousands of files; what must be corrected is listed whole."""
    unlisted = [
        finding("FILE-UNLISTED", message=f"文件夹里的“{number}.pdf”没有列入材料，不会装订。", fix="请核对。")
        for number in range(25)
    ]
    shared = [finding("SCAN-SHARED", message=f"“{number}.pdf”只有一页。", fix="请核对。") for number in range(23)]
    damaged = [finding("FILE-DAMAGED", message=f"“{number}.pdf”已损坏。", fix="请重新扫描。") for number in range(25)]
    first, second, third = group_findings([*unlisted, *shared, *damaged])

    assert first.message.startswith("文件夹里有25个文件没有列入材料：“0.pdf”")
    assert first.message.count(".pdf”") == 20
    assert first.message.endswith("等。")
    assert second.message.endswith("“19.pdf”只有一页；另有同样的情形3处。")
    assert third.message.count("已损坏") == 25


def test_what_was_not_drafted_is_told_by_the_paper_and_the_claims() -> None:
    """尚未起草答复意见书：第1、2项…; and how many places there are is counted as they are listed."""
    tree = cases.archive()
    tree["claims"] = [{"title": "甲", "statement": "一"}, {"title": "乙", "statement": "二"}]
    result = judge(tree)
    (reply,) = [one for one in result.findings if one.rule == "ART16-8"]

    assert reply.message == "尚未起草答复意见书：第1、2项未填答复结果、查明的事实。"
    assert reply.fix == "请补填后起草，或者补送已签名、盖章的答复意见书。"
    assert summarize(result) == f"有 {len(group_findings(result.errors))} 处须补正，暂不能成卷。"
    assert describe_missing([MissingField("/a", "受理日期"), MissingField("/claims/2/reason", "第3项的理由")]) == (
        "第3项未填理由；未填受理日期"
    )


def test_a_case_number_is_corrected_in_all_its_faults() -> None:
    """Without 第, without a leading 0, with the right brackets."""
    assert case_number_fault("(2020)鲁0117执第009001号") == "应为“（2020）鲁0117执9001号”"
    assert case_number_fault("（2020）鲁0117执009001号") == "应为“（2020）鲁0117执9001号”"


def test_a_receipt_of_the_explanation_is_not_guessed_to_be_the_explanation() -> None:
    """By the name of its file."""
    assert guess_item("释明告知书送达回证.jpg") is Item.EXPLANATION_SERVICE
    assert guess_item("释明告知书.pdf") is Item.EXPLANATION_NOTICE


def test_documents_of_other_cases_are_not_named() -> None:
    """An accepted case needs no explanation notice, and a declined one no reply."""
    accepted = build_case(json.loads((SAMPLES / "in-progress" / "case.json").read_text(encoding="utf-8")))
    needed = {document for document in DOCUMENTS if is_needed(document, accepted)}

    assert "reply_opinion" in needed
    assert {"explanation_notice", "jurisdiction_note", "write_off_request"} & needed == set()
    assert not is_needed("reply_opinion", build_case(cases.declined(3)))


def test_the_report_names_the_key_of_each_finding_where_that_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever fills in case.json by hand learns which one; joined findings have several, and none is named."""
    folder = copy_sample("incomplete", tmp_path / "案")
    tree = json.loads((folder / "case.json").read_text("utf-8"))
    tree["materials"][0]["file"] = "materials\\约谈笔录.pdf"
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    run(["check", str(folder), "--kind", "归档"])
    assert "case.json" not in capsys.readouterr().out
    run(["check", str(folder), "--kind", "归档", "--keys"])
    shown = capsys.readouterr().out
    assert "检查类别：归档" in shown

    assert "（case.json 的 materials[1].file）" in shown
    assert "请改用“/”，如“materials/约谈笔录.pdf”。（case.json 的 materials[0].file）" in shown
    assert all("case.json" not in line for line in shown.splitlines() if "以下" in line)
