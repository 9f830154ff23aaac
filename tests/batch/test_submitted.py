"""Nothing goes up twice: what was sent is recorded in the case, and a later batch leaves it out until it is asked for anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from bundler.commands import run
from bundler.ledger.case_change_log import read_history
from tests.support import cases
from tests.support.case_folders import add_scans, write_case

TODAY = "2021-12-20"
NUMBER = "测信执2021-1"


def run_batch(root: Path, out: Path) -> dict[str, Any]:
    """Run the command in this process, and return report.json."""
    assert run(["batch", str(root), "-o", str(out), "--today", TODAY]) == 0
    report: dict[str, Any] = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return report


def change_write_off(folder: Path, **values: str) -> None:
    """Set facts of the write-off in case.json."""
    tree = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    tree["write_off"] |= values
    (folder / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")


def result_of(out: Path) -> str:
    """What report.xlsx calls the result of the case."""
    (row,) = openpyxl.load_workbook(out / "report.xlsx")["全部案件"].iter_rows(min_row=3, values_only=True)
    return str(row[3])


def test_what_was_sent_is_recorded_and_goes_up_again_only_when_asked_for_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After the report, after a return, and after a new request."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    folder = root / "甲"
    write_case(folder, add_scans(cases.write_off()), NUMBER)
    report = run_batch(root, out)
    assert [one["registration_no"] for one in report["submission"]] == [NUMBER]
    pages = len(pypdf.PdfReader(out / "bundles" / f"{NUMBER}.pdf").pages)
    assert report["figures"]["file_pages"] == pages > report["figures"]["pages"]

    assert run(["submitted", str(root), "-o", str(out), "--on", "2021-12-10", "--today", TODAY]) == 0
    assert f"已登记　甲　{NUMBER}　2021-12-10 上报" in capsys.readouterr().out
    assert json.loads((folder / "case.json").read_text("utf-8"))["write_off"]["reported_on"] == "2021-12-10"
    assert read_history(folder).entries[-1].action == "submit"
    report = run_batch(root, out)
    assert (report["submission"], (out / "submission").exists()) == ([], False)
    assert (result_of(out), report["figures"]["sent"]) == ("成卷（已上报）", 1)
    assert report["period_figures"]["total"]["reported"] == 1

    change_write_off(folder, answer="returned", answered_on="2021-12-14")
    assert run_batch(root, out)["submission"] == []
    assert result_of(out) == "成卷（上级退回）"
    change_write_off(folder, requested_on="2021-12-15")
    assert [one["case"] for one in run_batch(root, out)["submission"]] == ["甲"]
    assert run(["submitted", str(root), "-o", str(out), "--on", "2021-12-16", "--today", TODAY]) == 0
    assert "answer" not in json.loads((folder / "case.json").read_text("utf-8"))["write_off"]

    change_write_off(folder, answer="written_off", answered_on="2021-12-18")
    assert run_batch(root, out)["submission"] == []
    assert result_of(out) == "成卷（已核销）"


def test_a_day_that_was_only_filled_in_keeps_no_case_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """上报日期 planned beforehand; once the sending is recorded, the output says how many are not sent again."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    tree = add_scans(cases.write_off())
    tree["write_off"]["reported_on"] = "2021-12-01"
    write_case(root / "甲", tree, NUMBER)
    assert [one["case"] for one in run_batch(root, out)["submission"]] == ["甲"]
    assert (out / "submission" / "data" / "bundles" / f"{NUMBER}.pdf").is_file()
    assert "报请核销 1 件。" in capsys.readouterr().out

    assert run(["submitted", str(root), "-o", str(out), "--on", "2021-12-10", "--today", TODAY]) == 0
    tree = json.loads((root / "甲" / "case.json").read_text(encoding="utf-8"))
    tree["materials"] = [one for one in tree["materials"] if "measures" not in one["items"]]
    (root / "甲" / "case.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    capsys.readouterr()
    report = run_batch(root, out)
    assert (report["submission"], [one["case"] for one in report["went_up_before"]]) == ([], ["甲"])
    assert not (out / "submission").exists()
    printed = capsys.readouterr().out
    assert "报请核销 0 件，已经报送过、这次不再报送 1 件。" in printed
    assert "待盖章" not in printed


def test_nothing_is_recorded_where_nothing_was_sent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No output folder, a day to come, and a case whose number was changed after the batch."""
    root, out = tmp_path / "案件", tmp_path / "结果"
    write_case(root / "甲", add_scans(cases.write_off()), NUMBER)
    command = ["submitted", str(root), "-o", str(out), "--today", TODAY]
    assert run(command) == 3
    assert run([*command, "--on", "2021-12-21"]) == 2
    run_batch(root, out)
    data = (root / "甲" / "case.json").read_bytes().replace(NUMBER.encode(), "测信执2021-2".encode())
    (root / "甲" / "case.json").write_bytes(data)
    capsys.readouterr()

    assert run(command) == 1
    assert "登记号改过" in capsys.readouterr().err
    assert (root / "甲" / "case.json").read_bytes() == data
