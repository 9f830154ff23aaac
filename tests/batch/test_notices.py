"""Notices of a batch: who is asked when a case cannot be read, and how such a case is counted."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
from docx import Document

from bundler.commands import run
from tests.support import cases
from tests.support.case_folders import add_scans, write_case

TODAY = "2021-12-20"


def notice_text(path: Path) -> str:
    """The text of a notice, tables included."""
    return "".join(str(part.text) for part in Document(str(path)).element.body.iter() if part.tag.endswith("}t"))


def test_an_unreadable_case_goes_to_the_handler_whom_its_path_names_and_is_of_no_kind(tmp_path: Path) -> None:
    """The handler is known from his other cases; no box is ticked, and no kind is counted."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    write_case(root / "李某某" / "甲", add_scans(cases.archive()), "测信执2021-1")
    (root / "李某某" / "乙").mkdir()
    (root / "李某某" / "乙" / "case.json").write_text('{"registration": {"no": ', encoding="utf-8")

    assert run(["batch", str(root), "-o", str(out), "--today", TODAY]) == 1
    told = notice_text(out / "returned" / "乙.docx")
    assert "案件承办人李某某" in told
    assert "☑" not in told
    assert "案件数据读不出来" in told
    kinds = json.loads((out / "report.json").read_text(encoding="utf-8"))["figures"]["kinds"]
    assert [(kind["bundled"], kind["returned"]) for kind in kinds] == [(1, 0), (0, 0), (0, 0)]
    rows = list(openpyxl.load_workbook(out / "report.xlsx")["全部案件"].iter_rows(min_row=3, values_only=True))
    assert [(row[1], row[2], row[6]) for row in rows] == [
        ("乙", "类别不明", "李某某"),
        ("测信执2021-1", "归档", "李某某"),
    ]
