"""Notices of a batch: who is asked when a case cannot be read, and how such a case is counted."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pypdf
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


def test_the_notices_of_each_handler_are_one_pdf_to_print(tmp_path: Path) -> None:
    """A page for each of his returned cases and none of another's; the file goes when nothing is returned any more."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    for number, handler in enumerate(("李某某", "张某某", "李某某"), start=1):
        tree = add_scans(cases.write_off())
        tree["people"]["handler"]["name"] = handler
        tree["materials"] = [one for one in tree["materials"] if "commitment" not in one["items"]]
        write_case(root / f"第{number}件", tree, f"测信执2021-{number}")
    command = ["batch", str(root), "-o", str(out), "--today", TODAY, "--notices"]

    assert run(command) == 1
    texts = {
        path.stem: [page.extract_text() for page in pypdf.PdfReader(path).pages] for path in (out / "notices").iterdir()
    }
    assert {name: len(pages) for name, pages in texts.items()} == {"李某某": 2, "张某某": 1}
    assert "测信执2021-2" in texts["张某某"][0]
    assert [number for page, number in zip(texts["李某某"], ("2021-1", "2021-3"), strict=True) if number in page]
    for number in (1, 3):
        tree = add_scans(cases.write_off())
        tree["registration"]["no"] = f"测信执2021-{number}"
        (root / f"第{number}件" / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    assert run(command) == 1
    assert [path.name for path in (out / "notices").iterdir()] == ["张某某.pdf"]
