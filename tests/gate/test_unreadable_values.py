"""What `check --json` says of values of case.json that cannot be read: one finding each at the right pointer, and no false rule of law."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.bundles import run_here
from tests.support.case_folders import scan_file
from tests.support.paths import copy_sample

Tree = dict[str, Any]
Found = list[tuple[str, str]]


def check(folder: Path, status: int = 1) -> Tree:
    """What `check --json` prints of a case."""
    done = run_here("check", folder, "--json", "--today", "2026-11-30")
    assert done.returncode == status, done.stderr
    told: Tree = json.loads(done.stdout)
    return told


def errors_of(told: Tree) -> Found:
    """The errors as rule and pointer."""
    return [(found["rule"], found["path"]) for found in told["findings"] if found["severity"] == "error"]


def test_every_repeated_key_is_named_and_the_rules_still_run(tmp_path: Path) -> None:
    """The last value counts; the checklist, the limits and the number are there; nothing is written over."""
    folder = copy_sample("archive-complete", tmp_path / "c")
    text = (folder / "case.json").read_text(encoding="utf-8")
    text = text.replace('"visit_no": 1', '"visit_no": 3, "visit_no": 2, "visit\\u005fno": 1', 1)
    text = text.replace('"signed_on": "2021-10-14"', '"signed_on": "2021-10-15", "signed_on": "2021-10-14"', 1)
    (folder / "case.json").write_text(text, encoding="utf-8")

    told = check(folder)

    assert errors_of(told) == [
        ("JSON-DUPLICATE-KEY", "/materials/0/signed_on"),
        ("JSON-DUPLICATE-KEY", "/registration/visit_no"),
    ]
    assert told["registration_no"] == "钢信执2021-0057"
    assert len(told["checklist"]) == 9
    assert told["deadlines"]
    (tmp_path / "新.tif").write_bytes(scan_file())
    assert run_here("add", folder, tmp_path / "新.tif", "--item", "other").returncode == 3
    assert (folder / "case.json").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("data", "rule", "status"),
    [
        (b"{", "JSON-SYNTAX", 3),
        (b"\xff", "JSON-ENCODING", 3),
        (b"[]", "JSON-SCHEMA", 1),
    ],
)
def test_a_fault_of_the_whole_file_is_at_the_empty_pointer(tmp_path: Path, data: bytes, rule: str, status: int) -> None:
    """The pointer of the whole document is the empty text; only item and article may be null."""
    (tmp_path / "case.json").write_bytes(data)

    assert errors_of(check(tmp_path, status)) == [(rule, "")]


@pytest.mark.parametrize("items", [["xyzzy"], 7, []])
def test_a_material_that_may_be_any_paper_names_the_papers_that_may_be_missing(items: object, tmp_path: Path) -> None:
    """One error, which says that nothing could be judged about them; so the clerk need not wait for the next check to look."""
    folder = copy_sample("archive-complete", tmp_path / "c")
    tree: Tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    tree["materials"] = [one for one in tree["materials"] if "acceptance_service" not in one["items"]]
    interview = next(one for one in tree["materials"] if "interview" in one["items"])
    interview["items"] = items
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    (error,) = [one for one in check(folder)["findings"] if one["severity"] == "error"]
    assert error["rule"] == "JSON-SCHEMA"
    assert "改正以前，无法判断缺不缺：受理告知送达回执、约谈或协调会议记录；没有的请一并补送。" in error["fix"]

    interview["items"] = ["interveiw"]  # misspelt, and known all the same
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    errors = [one for one in check(folder)["findings"] if one["severity"] == "error"]
    assert [one["rule"] for one in errors] == ["ART16-4", "JSON-SCHEMA"]
    assert "无法判断" not in errors[1]["fix"]


def test_an_unreadable_value_is_told_once_and_not_as_missing(tmp_path: Path) -> None:
    """Each fault is one error at its pointer; the rules that hang on it are silent, and the others find what is missing."""
    folder = copy_sample("archive-complete", tmp_path / "c")
    tree: Tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    places = {item: index for index, one in enumerate(tree["materials"]) for item in one["items"]}
    service, interview, reply = places["acceptance_service"], places["interview"], places["reply_service"]
    tree["decision"] = "accept"
    tree["petitioners"][0]["phone"] = 13900000000
    tree["enforcement_cases"][0]["parties"] = {"applicant": ["甲某某"]}
    handler = tree["people"]["handler"]
    handler["nmae"] = handler.pop("name")
    del tree["people"]["leader"]
    tree["materials"][service]["signed_on"] = "2021/10/14"
    tree["materials"][interview]["items"] = ["interveiw"]
    tree["materials"][reply]["fiel"] = tree["materials"][reply].pop("file")
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")

    told = check(folder)

    assert errors_of(told) == [
        ("ART04", "/people/leader"),
        ("JSON-SCHEMA", "/decision"),
        ("JSON-KEY", "/enforcement_cases/0/parties/applicant"),
        *sorted(
            [
                ("JSON-SCHEMA", f"/materials/{service}/signed_on"),
                ("JSON-SCHEMA", f"/materials/{interview}/items/0"),
                ("JSON-KEY", f"/materials/{reply}/fiel"),
            ],
            key=lambda found: found[1],
        ),
        ("JSON-KEY", "/people/handler/nmae"),
        ("JSON-SCHEMA", "/petitioners/0/phone"),
    ]
    assert told["kind"] == "archive"
    assert not [found for found in told["findings"] if found["rule"] in {"FILE-UNLISTED", "ART13-REPLY"}]


@pytest.mark.parametrize(
    ("sample", "key", "value", "kind"),
    [
        ("declined", "decision", "decline", "declined"),
        ("declined", "decision", 7, "declined"),
        ("declined", "decision", "不予受理", "declined"),
        ("write-off-complete", "write_off", True, "write-off"),
    ],
)
def test_an_unreadable_decision_or_request_keeps_the_kind(
    tmp_path: Path, sample: str, key: str, value: object, kind: str
) -> None:
    """The case is checked as what it is meant to be, not as pending or without a request."""
    folder = copy_sample(sample, tmp_path / "c")
    tree: Tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    (folder / "case.json").write_text(json.dumps({**tree, key: value}, ensure_ascii=False), encoding="utf-8")

    told = check(folder)

    assert told["kind"] == kind
    assert errors_of(told) == [("JSON-SCHEMA", f"/{key}")]


def test_one_file_spelt_in_several_ways_is_one_file(tmp_path: Path) -> None:
    """``./``, ``//`` and a slash at the end change no file: it is listed, and its ending is that of its name."""
    folder = copy_sample("archive-complete", tmp_path / "c")
    tree: Tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    files = [one["file"] for one in tree["materials"]]
    ways = ("./{}", "{}/", "./{}")
    for one, way in zip(tree["materials"], ways, strict=False):
        one["file"] = way.format(one["file"].replace("/", "//"))
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")

    told = check(folder, 0)

    assert not {"FILE-UNLISTED", "FILE-EXTENSION"} & {found["rule"] for found in told["findings"]}
    assert {file for line in told["checklist"] for file in line["files"]} <= set(files)


@pytest.mark.parametrize(
    ("names", "told", "fix"),
    [
        (("xl/workbook.xml",), "Excel 表格", "另存为 PDF"),
        (("ppt/presentation.xml",), "演示文稿", "另存为 PDF"),
        (("OFD.xml",), "OFD", "阅读器导出为 PDF"),
        (("一.pdf", "二.pdf"), "压缩包", "解开"),
    ],
)
def test_a_zip_is_told_by_what_it_is(tmp_path: Path, names: tuple[str, ...], told: str, fix: str) -> None:
    """A workbook is no archive to unpack; each has its own way to a file that can be bound."""
    case = {"materials": [{"items": ["evidence"], "file": "a.bin"}]}
    (tmp_path / "case.json").write_text(json.dumps(case), encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "a.bin", "w") as archive:
        for name in names:
            archive.writestr(name, "x")

    (found,) = [one for one in check(tmp_path)["findings"] if one["rule"] == "FILE-TYPE"]

    assert told in found["message"]
    assert fix in found["fix"]


def test_what_is_said_of_an_entry_behind_a_lost_or_blank_one_names_the_right_one(tmp_path: Path) -> None:
    """Pointers and numbers count the entries as case.json has them."""
    tree: Tree = {
        "enforcement_cases": [{"parties": {"applicants": ["", "甲某某", 7]}}],
        "petitioners": [{"name": ["甲"]}, "", {"name": "甲某某。。"}],
        "decision": "accepted",
        "write_off": {},
        "materials": [
            {"items": ["evidence"]},
            {"items": ["", "evidense"], "file": "a.pdf"},
            {"items": ["evidence"], "file": "b.pdf", "date": "2099-01-01"},
        ],
        "measures": [{"on": 1}, {"action": "核查", "proof_file": "c.pdf"}, {"action": "核对"}],
        "claims": [7, {"statement": "未查封"}],
        "registration": {"sourec": "", "title": ""},
    }
    (tmp_path / "case.json").write_text(json.dumps(tree), encoding="utf-8")

    found = {(one["rule"], one["path"]): one for one in check(tmp_path)["findings"]}

    assert {
        ("JSON-SCHEMA", "/enforcement_cases/0/parties/applicants/2"),
        ("JSON-SCHEMA", "/petitioners/0/name"),
        ("JSON-SCHEMA", "/materials/0/file"),
        ("JSON-SCHEMA", "/materials/1/items/1"),
        ("JSON-SCHEMA", "/claims/0"),
        ("JSON-KEY", "/registration/sourec"),
        ("JSON-KEY", "/registration/title"),
        ("WORDING", "/petitioners/2/name"),
        ("FILE-MISSING", "/materials/2/file"),
        ("FILE-MISSING", "/measures/1/proof_file"),
        ("ART14-PROOF", "/measures/2/proof"),
        ("DATE-FUTURE", "/materials/2/date"),
    } <= found.keys()
    assert "第3件材料" in found["DATE-FUTURE", "/materials/2/date"]["message"]
    assert "第2项工作措施" in found["FILE-MISSING", "/measures/1/proof_file"]["message"]
    assert "第3项工作措施" in found["ART14-PROOF", "/measures/2/proof"]["message"]
    assert "第2项未填" in next(one["message"] for rule, one in found.items() if rule[0] == "ART16-8")
