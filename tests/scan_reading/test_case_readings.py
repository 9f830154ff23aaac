"""A record counts where it is that of the file, whole and possible; any other is told and not used."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bundler.bundle.read_and_check_case import CheckedCase, check_case
from bundler.commands import run
from bundler.profile import load_profile
from bundler.scan_reading.page_text_lines import UprightPage
from bundler.scan_reading.record import ReadLine, line_size
from tests.support.case_files import read_tree
from tests.support.paths import SAMPLES
from tests.support.scan_readings import read_page, write_record

TEXTS = ("送达回证", "案号：（2020）鲁0117执9001号")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A copy of a complete sample."""
    return shutil.copytree(SAMPLES / "archive-complete", tmp_path / "case")


def first_file(case: Path) -> str:
    """The first material of a case that is no Word file."""
    names = [str(one["file"]) for one in read_tree(case)["materials"]]
    return next(name for name in names if not name.endswith(".docx"))


def check(case: Path) -> CheckedCase:
    """Check a case on a day on which the sample is complete."""
    return check_case(str(case), kind=None, today=date(2021, 12, 20), profile=load_profile(None))


def messages(checked: CheckedCase) -> list[str]:
    """What READ-RECORD says."""
    return [found.message for found in checked.check_result.findings if found.rule == "READ-RECORD"]


def test_a_record_of_the_file_is_used_and_nothing_is_told(case: Path) -> None:
    """Its lines are there as they were written, and the case stays complete."""
    file = first_file(case)
    write_record(case, file, [read_page(1, TEXTS)])
    checked = check(case)

    page = checked.scan_readings.by_file[file].page(1)
    assert page is not None
    assert page.text == "送达回证\n案号：（2020）鲁0117执9001号\n"
    assert messages(checked) == []
    assert checked.complete


def test_a_record_of_an_earlier_version_is_used(case: Path) -> None:
    """It said `unsure` of a line in the place of what exactly."""
    file = first_file(case)
    path = write_record(case, file, [read_page(1, TEXTS)])
    assert '"unsure"' not in path.read_text("utf-8")
    tree = json.loads(path.read_bytes())
    for line in tree["pages"][0]["lines"]:
        del line["doubts"]
        line["unsure"] = True
    path.write_text(json.dumps(tree), "utf-8")
    page = check(case).scan_readings.by_file[file].page(1)
    assert page is not None
    assert {line.doubts for line in UprightPage(page).lines} == {("figures",)}


def _change(**values: object) -> Callable[[dict[str, Any]], object]:
    return lambda tree: tree.update(values)


def _change_line(**values: object) -> Callable[[dict[str, Any]], object]:
    return lambda tree: tree["pages"][0]["lines"][0].update(values)


FORGED: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (_change(source="0" * 64), "写明的是另一个文件"),
    (_change(scans=[1, 1999]), "写明的页比文件的页多"),
    (_change(scans=[]), "内容不完整，或者被改动过"),
    (_change(pages=None), "内容不完整，或者被改动过"),
    (_change(clock="2021-09-16"), "内容不完整，或者被改动过"),
    (_change_line(box=[10, 10, 99999, 20]), "内容不完整，或者被改动过"),
    (_change_line(box=[10, 10, 5, 20]), "内容不完整，或者被改动过"),
    (_change_line(box=[10.5, 10, 50, 20]), "内容不完整，或者被改动过"),
    (_change_line(text="回\u202e证"), "内容不完整，或者被改动过"),
    (_change_line(text="回\x1b[2J"), "内容不完整，或者被改动过"),
    (_change_line(text=""), "内容不完整，或者被改动过"),
]


@pytest.mark.parametrize(("change", "reason"), FORGED)
def test_a_forged_record_is_told_and_not_used(
    case: Path, change: Callable[[dict[str, Any]], object], reason: str
) -> None:
    """The message names the file and the reason; the case is as complete as without it."""
    file = first_file(case)
    path = write_record(case, file, [read_page(1, TEXTS)])
    tree = json.loads(path.read_bytes())
    change(tree)
    path.write_text(json.dumps(tree), "utf-8")
    checked = check(case)

    assert messages(checked) == [f"“{file}”的识读记录{reason}，没有采用。"]
    assert checked.scan_readings.by_file == {}
    assert checked.complete


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"version": 1e999}'])
def test_what_is_no_record_is_told(case: Path, data: bytes) -> None:
    """Whatever bytes stand there."""
    write_record(case, first_file(case), [read_page(1)]).write_bytes(data)

    assert len(messages(check(case))) == 1


def test_a_record_behind_a_link_is_not_followed(case: Path, tmp_path: Path) -> None:
    """Neither a link in the folder's place nor one in the record's."""
    path = write_record(case, first_file(case), [read_page(1, TEXTS)])
    path.rename(tmp_path / "elsewhere.json")
    path.symlink_to(tmp_path / "elsewhere.json")
    assert len(messages(check(case))) == 1

    path.unlink()
    path.parent.rmdir()
    (tmp_path / "folder").mkdir()
    (tmp_path / "elsewhere.json").rename(tmp_path / "folder" / path.name)
    path.parent.symlink_to(tmp_path / "folder")
    checked = check(case)
    assert checked.scan_readings.by_file == {}
    assert len(messages(checked)) >= 1


def test_lines_of_one_cell_are_one_text() -> None:
    """A case number that is broken within its cell is whole, and does not run into the next cell."""
    lines = [("案号", 1), ("（2020）鲁0117", 2), ("执9001号", 2), ("甲某某", 3), ("见证人", None), ("李某某", None)]
    page = read_page(1, lines=tuple(ReadLine(box=(1, 1, 9, 9), text=text, cell=cell) for text, cell in lines))

    assert page.blocks == ("案号", "（2020）鲁0117执9001号", "甲某某", "见证人", "李某某")


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_size_of_a_line_on_a_slant(turn: int) -> None:
    """From the rectangle around it: a line of 1000 by 40 pixels that falls by 5 %."""
    width, height = 1000 * 0.99875 + 40 * 0.04994, 1000 * 0.04994 + 40 * 0.99875
    sides = (width, height) if turn % 180 == 0 else (height, width)
    length, thickness = line_size((0, 0, round(sides[0]), round(sides[1])), 50, turn)

    assert abs(length - 1000) < 2
    assert abs(thickness - 40) < 2


def test_a_lacking_page_and_a_page_scanned_twice_are_told_by_check(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The records in the folder make `bundler check` warn of both; the case stays complete and the exit status 0."""
    counts = {name: len(record.pages) for name, record in check(case).records.items()}
    lacking, twice = [name for name, count in counts.items() if count > 1][:2]
    of = counts[lacking] + 1
    foot = [ReadLine(box=(680, 2230, 980, 2276), text=f"第{number}页 共{of}页") for number in range(1, of)]
    write_record(case, lacking, [read_page(number, lines=(line,)) for number, line in enumerate(foot, start=1)])
    talk = ["约谈笔录", *(f"问：第{number}个问题，请你说明反映的是什么事情？" for number in "一二三四五")]
    write_record(case, twice, [read_page(number, talk) for number in range(1, counts[twice] + 1)])

    assert run(["check", str(case), "--json", "--today", "2021-12-20"]) == 0
    warned = {one["rule"]: one for one in json.loads(capsys.readouterr().out)["findings"]}
    assert f"没有见到其中的第{of}页" in warned["READ-PAGES"]["message"]
    assert [place["file"] for place in warned["READ-PAGES"]["places"]] == [lacking] * counts[lacking]
    assert {place["file"] for place in warned["READ-TWIN"]["places"]} == {twice}
    assert {warned[rule]["severity"] for rule in ("READ-PAGES", "READ-TWIN")} == {"warning"}
