"""A batch lists cases in progress without returning them, and submits only write-offs whose papers are sealed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bundler.commands import run
from bundler.profile import DEFAULT_PROFILE
from tests.support import cases
from tests.support.case_folders import SCAN_NAME, add_scans, write_case

IN_TIME, TOO_LATE = "2021-10-08", "2021-12-20"


def run_batch(root: Path, out: Path, today: str, *options: str) -> int:
    """Run the command in this process."""
    return run(["batch", str(root), "-o", str(out), "--today", today, *options])


def statuses(out: Path) -> dict[str, tuple[str, Any]]:
    """Status and output of each case in report.json."""
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return {case["case"]: (case["status"], case["output"]) for case in report["cases"]}


def write_unanswered(folder: Path, number: str) -> None:
    """Write a case before its reply, with the papers that are there by then."""
    tree = add_scans(cases.archive())
    del tree["reply"], tree["approval"]
    tree["materials"] = [one for one in tree["materials"] if not {"reply_opinion", "reply_service"} & {*one["items"]}]
    write_case(folder, tree, number)


def test_a_case_in_progress_is_listed_with_its_next_limit_and_not_returned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It takes no part in the exit status; when its limit is past it is returned, and a notice of then goes away again."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    write_unanswered(root / "甲", "测信执2021-1")

    assert run_batch(root, out, TOO_LATE) == 1
    assert statuses(out) == {"甲": ("returned", "returned/测信执2021-1.docx")}
    assert run_batch(root, out, IN_TIME) == 0
    assert statuses(out) == {"甲": ("open", None)}
    assert [path.name for path in (out / "returned").iterdir()] == []
    assert not (out / "removed").exists()
    assert "在办　甲　测信执2021-1　2021-11-17 前：承办人收到后 40 个工作日内答复信访人" in capsys.readouterr().out
    sheet = openpyxl.load_workbook(out / "report.xlsx")["在办"]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert any(cell.startswith("2021-11-17") for cell in cells)
    case = json.loads((out / "report.json").read_text(encoding="utf-8"))["cases"][0]
    assert case["next_limit"] == {"rule": "ART13-REPLY", "due": "2021-11-17"}


def test_a_returned_case_beside_one_in_progress_decides_the_exit_status(tmp_path: Path) -> None:
    """A case that asks for write-off and lacks a paper is returned, whatever its limits."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    write_unanswered(root / "甲", "测信执2021-1")
    tree = add_scans(cases.write_off())
    tree["materials"] = [one for one in tree["materials"] if "commitment" not in one["items"]]
    write_case(root / "乙", tree, "测信执2021-2")

    assert run_batch(root, out, TOO_LATE.replace("12-20", "11-17")) == 1
    assert statuses(out) == {"甲": ("open", None), "乙": ("returned", "returned/测信执2021-2.docx")}


def test_a_write_off_goes_up_only_when_its_papers_are_sealed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Unsealed it is bundled and listed as 待盖章; where the profile says so, it goes up all the same."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    tree = cases.write_off()
    for page, material in enumerate(tree["materials"], start=1):
        material |= {"file": SCAN_NAME, "pages": str(page)}
    write_case(root / "未盖章", tree, "测信执2021-1")
    write_case(root / "已盖章", add_scans(cases.write_off()), "测信执2021-2")

    assert run_batch(root, out, TOO_LATE) == 0
    assert {status for status, _ in statuses(out).values()} == {"bundled"}
    bundles = out / "submission" / "data" / "bundles"
    assert [path.name for path in bundles.iterdir()] == ["测信执2021-2.pdf"]
    assert "待盖章　未盖章　测信执2021-1" in capsys.readouterr().out
    rows = list(openpyxl.load_workbook(out / "report.xlsx")["全部案件"].iter_rows(values_only=True))
    assert [row for row in rows if "测信执2021-1" in row and "成卷（待盖章）" in row]
    profile = tmp_path / "本院.toml"
    switched = DEFAULT_PROFILE.read_text(encoding="utf-8").replace(
        "submission_sealed = true ", "submission_sealed = false "
    )
    profile.write_text(switched, encoding="utf-8")
    assert run_batch(root, out, TOO_LATE, "--profile", str(profile)) == 0
    assert sorted(path.name for path in bundles.iterdir()) == ["测信执2021-1.pdf", "测信执2021-2.pdf"]
