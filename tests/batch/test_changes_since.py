"""A batch tells what has changed since the last one of an earlier day, and the same when it is run again."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pypdf

from bundler.commands import run
from bundler.reports.changes_since import CaseState, compare_states
from tests.batch.test_open_and_unsealed import write_unanswered
from tests.support import cases
from tests.support.case_folders import add_scans, write_case


def run_batch(root: Path, out: Path, today: str) -> dict[str, Any]:
    """Run the command in this process, and return what it tells of changes."""
    assert run(["batch", str(root), "-o", str(out), "--today", today]) in {0, 1}
    changes: dict[str, Any] = json.loads((out / "report.json").read_text(encoding="utf-8"))["changes"]
    return changes


def write_without(folder: Path, item: str, number: str) -> None:
    """Write a case that asks for write-off and lacks one paper."""
    tree = add_scans(cases.write_off())
    tree["materials"] = [one for one in tree["materials"] if item not in one["items"]]
    write_case(folder, tree, number)


def early_write_off() -> dict[str, Any]:
    """A complete case whose write-off was asked for by the first of the days."""
    tree = cases.write_off()
    tree["write_off"]["requested_on"] = "2021-11-16"
    for material in tree["materials"]:
        if "commitment" in material["items"]:
            material["signed_on"] = "2021-11-15"
    return tree


def rewrite(folder: Path, tree: dict[str, Any], number: str) -> None:
    """Replace case.json."""
    tree["registration"]["no"] = number
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")


def test_each_kind_of_change_is_told(tmp_path: Path) -> None:
    """New, mended, returned, newly overdue, written off, gone; a moved folder is no change."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    write_without(root / "甲", "commitment", "信2021-1")
    write_unanswered(root / "乙", "信2021-2")
    write_case(root / "丙", add_scans(early_write_off()), "信2021-3")
    write_unanswered(root / "丁", "信2021-4")
    first = run_batch(root, out, "2021-11-17")
    assert first == {"since": None, **{key: [] for key in first.keys() - {"since"}}}
    assert "与上次相比" not in openpyxl.load_workbook(out / "report.xlsx").sheetnames

    rewrite(root / "甲", add_scans(cases.write_off()), "信2021-1")
    (root / "甲").rename(root / "甲改名")
    written_off = add_scans(early_write_off())
    written_off["write_off"] |= {"reported_on": "2021-11-23", "answer": "written_off", "answered_on": "2021-11-25"}
    rewrite(root / "丙", written_off, "信2021-3")
    (root / "丁" / "case.json").unlink()
    write_without(root / "戊", "legal_document", "信2021-5")
    told = run_batch(root, out, "2021-11-26")

    assert told == {
        "since": "2021-11-17",
        "new": ["信2021-5"],
        "mended": ["信2021-1"],
        "returned": ["信2021-2"],
        "overdue": ["信2021-2"],
        "reported": [],
        "written_off": ["信2021-3"],
        "sent_back": [],
        "gone": ["信2021-4"],
    }
    rows = openpyxl.load_workbook(out / "report.xlsx")["与上次相比"].iter_rows(min_row=3, values_only=True)
    assert {(row[1], row[2]) for row in rows} >= {("新收", "信2021-5"), ("已补正", "信2021-1"), ("已核销", "信2021-3")}
    text = "".join(page.extract_text() for page in pypdf.PdfReader(out / "report.pdf").pages)
    assert "与2021年11月17日相比：新收1件（信2021-5）" in "".join(text.split())
    assert run_batch(root, out, "2021-11-26") == told
    (out / ".bundler" / "days" / "2021-11-26.json").write_text("[]", encoding="utf-8")
    assert run_batch(root, out, "2021-11-29")["since"] == "2021-11-17"


def test_a_corrected_number_is_no_new_case_and_a_request_sent_back_is_told() -> None:
    """The folder tells that it is the same case; one that took over the folder of a moved case is new."""
    before = {
        "错1": CaseState("错1", "open", is_overdue=False, submission="", folder="甲"),
        "信2": CaseState("信2", "bundled", is_overdue=False, submission="reported", folder="乙"),
        "信3": CaseState("信3", "open", is_overdue=False, submission="", folder="丙"),
    }
    now = {
        "信1": CaseState("信1", "returned", is_overdue=False, submission="", folder="甲"),
        "信2": CaseState("信2", "bundled", is_overdue=False, submission="sent_back", folder="乙"),
        "信3": CaseState("信3", "open", is_overdue=False, submission="", folder="丁"),
        "信4": CaseState("信4", "open", is_overdue=False, submission="", folder="丙"),
    }
    found = {kind: names for kind, names in compare_states(now, before, date(2021, 11, 17)).cases.items() if names}

    assert found == {"returned": ("信1",), "sent_back": ("信2",), "new": ("信4",)}
