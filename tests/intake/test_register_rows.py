"""Rows and names of registers as courts keep them: what is no petition makes no case, and what is no name makes no name."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from bundler.commands import run
from bundler.intake.parse_register_cells import UnclearCellError
from bundler.intake.petitioner_names import read_names
from bundler.intake.read_register_worksheet import Cell
from tests.intake.test_import import HEADER, ROW, changed, imported, left_out, register
from tests.support.case_files import read_tree

NUMBERED = ["序号", *HEADER]
NO_PETITION = [
    ["合计", "共2件"],
    ["合  计", 2],
    ["合计（件）", 2],
    ["合计：", None, None, "2件"],
    [None, "共2件"],
    [None, "共 12 件次"],
    ["小计", "3"],
    ["本页小计", None, None, "共3人"],
    ["本月合计", "2件"],
    ["总计：2件"],
    ["累计", "二十三件"],
    ["共计2件，其中来访1件"],
    [None, "合计", None, 2],
    ["制表人：杨某某", "登 记 号"],
    ["制表人：杨某某", None, None, "审核人：沈某某", None, None, "日期：2021.12.31"],
    ["填报单位（盖章）：样某法院"],
    ["审核人（签字）:"],
    [None, None, None, "经办人：甲某某"],
    ["备注：本表一式两份。"],
    ["以下空白"],
    ["第1页，共3页"],
    ["第 2 页"],
    ["说明：登记号按年度编。", "说明：登记号按年度编。"],
]


@pytest.mark.parametrize("row", NO_PETITION, ids=[str(number) for number in range(len(NO_PETITION))])
def test_a_row_of_totals_or_signatures_is_told_and_makes_no_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: list[Any]
) -> None:
    """Below the petitions, with or without an empty row; the note names the row, and the import is complete."""
    path = register(tmp_path / "a.xlsx", [1, *ROW], [], row, header=NUMBERED)
    status, answer = imported(capsys, path, "-o", tmp_path / "案")

    assert (status, answer["made"], left_out(answer)) == (0, 1, [])
    assert [path.name for path in (tmp_path / "案").iterdir()] == ["钢信执2021-0001"]
    (note,) = answer["notes"]
    assert "第 4 行" in note
    assert "不是案件" in note
    run(["import", str(path), "-o", str(tmp_path / "再"), "--dry-run"])
    assert "第 4 行" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["钢信执2021-0003（作废）", "空号", "作废", "（此号空白）"])
def test_a_void_number_makes_no_case(tmp_path: Path, capsys: pytest.CaptureFixture[str], number: str) -> None:
    """It is told as a cell that was not read."""
    path = register(tmp_path / "a.xlsx", ROW, changed(登记号=number))
    status, answer = imported(capsys, path, "-o", tmp_path / "案")
    assert (status, answer["made"], left_out(answer)) == (1, 1, [(3, "登记号")])


def test_a_petition_whose_texts_speak_of_totals_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where it has a registration number of its own."""
    rows = [
        [1, *changed(内容摘要="合计：300件", 来源="合计")],
        ["合计", *changed(登记号="钢信执2021-0002")],
        ["备注：补登", *changed(登记号="钢信执2021-0003")],
    ]
    status, answer = imported(capsys, register(tmp_path / "a.xlsx", *rows, header=NUMBERED), "-o", tmp_path / "案")
    assert (status, answer["made"], answer["notes"]) == (0, 3, [])


def test_totals_between_the_petitions_of_two_months(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A merged number above does not reach into the total, nor the total into the petition below."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    second = changed(登记号=None, 信访人="丙某某", 来访时间=None, 执行案号=None)
    for row in (
        HEADER,
        ROW,
        second,
        ["小计", None, "共1件"],
        changed(登记号="钢信执2021-0002"),
        ["合计", None, "共2件"],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    workbook.save(tmp_path / "a.xlsx")
    _, answer = imported(capsys, tmp_path / "a.xlsx", "-o", tmp_path / "案")

    assert answer["made"] == 2
    assert [name["name"] for name in read_tree(tmp_path / "案" / "钢信执2021-0001")["petitioners"]] == [
        "甲某某",
        "丙某某",
    ]
    assert ["第 4 行" in answer["notes"][0], "第 6 行" in answer["notes"][1]] == [True, True]


def test_a_number_merged_with_a_row_that_is_no_petition_makes_no_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """合计 or the heading is not the number of the row below; the row is told."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in (HEADER, changed(登记号=None), ROW, ["合计"], changed(登记号=None)):
        sheet.append(row)
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("A4:A5")
    workbook.save(tmp_path / "a.xlsx")
    _, answer = imported(capsys, tmp_path / "a.xlsx", "-o", tmp_path / "案")

    assert (answer["made"], left_out(answer)) == (1, [(2, "登记号"), (5, "登记号")])
    assert "合并" in answer["rows"][0]["remarks"][0]["reason"]


def test_a_day_in_the_column_of_numbers_is_no_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Excel makes a day of 2021-9."""
    path = register(tmp_path / "a.xlsx", changed(登记号=datetime.combine(date(2021, 9, 1), time())))
    _, answer = imported(capsys, path, "-o", tmp_path / "案")
    assert (answer["made"], left_out(answer)) == (0, [(2, "登记号")])


def test_columns_without_a_heading_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What stands in them is not read."""
    path = register(tmp_path / "a.xlsx", [*ROW, None, "另有两人"], header=[*HEADER, " "])
    _, answer = imported(capsys, path, "-o", tmp_path / "案")
    assert answer["notes"] == ["工作表“登记簿”这些列没有列名，没有读：M列。"]


def test_what_a_row_without_a_name_says_of_a_person_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The name in a further row of the petition is one petitioner more, as its case number is one case more."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.append([*HEADER, "住址", "案由"])
    sheet.append([*changed(信访人="甲某某之子", 执行案号="不清楚"), "样某街道", "买卖合同纠纷"])
    sheet.append([*changed(登记号=None, 信访人="丙某某", 执行案号="（2020）鲁0117执9002号", 联系电话=None)])
    sheet.merge_cells("A2:A3")
    workbook.save(tmp_path / "a.xlsx")
    imported(capsys, tmp_path / "a.xlsx", "-o", tmp_path / "案")
    tree = read_tree(tmp_path / "案" / "钢信执2021-0001")

    first, second = tree["petitioners"]
    assert (first["address"], second["name"]) == ("样某街道", "丙某某")
    first, second = tree["enforcement_cases"]
    assert (first["cause"], second["no"]) == ("买卖合同纠纷", "（2020）鲁0117执9002号")


SEVERAL = {
    "甲某某、乙某某": ["甲某某", "乙某某"],
    "甲某某 乙某某": ["甲某某", "乙某某"],
    "甲某某　乙某某　丙某": ["甲某某", "乙某某", "丙某"],
    "甲某某和乙某某": ["甲某某", "乙某某"],
    "甲某某及乙某某": ["甲某某", "乙某某"],
    "1.甲某某 2.乙某某": ["甲某某", "乙某某"],
    "①甲某某②乙某某": ["甲某某", "乙某某"],
    "甲某某/乙某某": ["甲某某", "乙某某"],
    "甲某某\n样某有限公司": ["甲某某", "样某有限公司"],
}
ONE = {
    "李　明": "李明",
    "李和平": "李和平",
    "司马和平": "司马和平",
    "买买提·艾力": "买买提·艾力",
    "John Smith": "John Smith",
    "样某和美有限公司": "样某和美有限公司",
    "样某（上海）投资管理合伙企业（有限合伙）": "样某（上海）投资管理合伙企业（有限合伙）",
    "样某律师事务所": "样某律师事务所",
    "样某镇样某村村民委员会": "样某镇样某村村民委员会",
    "王建社": "王建社",
    "李会": "李会",
    "样某镇样某村第3村民小组": "样某镇样某村第3村民小组",
}
NOT_PLAIN = [
    "甲某某（代理人）",
    "代理人甲某某",
    "甲某某(委托代理人乙某某)",
    "甲某某（已故）",
    "甲某某已故",
    "甲某某之子",
    "甲某某之子乙某",
    "甲某某的妻子",
    "甲某某（女）",
    "甲某某夫妇",
    "甲某某（代理人）李会",
    "样某有限公司等人及样某镇样某村村民委员会",
    "甲某某之子王建社",
    "甲某某家属",
    "甲某某一家",
    "甲某某律师",
    "甲某某13800000000",
    "申请人：甲某某",
    "样某有限公司（法定代表人：甲某某）",
    "甲某某（曾用名乙某）",
    "匿名",
    "不详",
    "同上",
    "〃",
    "群众",
    "全体业主",
    "多人",
    "共3人",
    "合计",
    "某",
    "欧阳 某某",
    "甲某某乙某某丙某某丁某某",
]


@pytest.mark.parametrize(("text", "names"), SEVERAL.items(), ids=[str(number) for number in range(len(SEVERAL))])
def test_several_names_in_one_cell_are_read_and_told(text: str, names: list[str]) -> None:
    """Whatever stands between them."""
    read = read_names(Cell(text))
    assert (read.value, read.left_out) == (names, "")
    assert f"读成 {len(names)} 个" in read.note


@pytest.mark.parametrize(("text", "name"), ONE.items(), ids=[str(number) for number in range(len(ONE))])
def test_what_is_one_name_stays_one(text: str, name: str) -> None:
    """A name with 和, of an organisation, of another people."""
    read = read_names(Cell(text))
    assert (read.value, read.left_out) == ([name], "")
    assert bool(read.note) == (text != name or "和美" in name)


@pytest.mark.parametrize("text", NOT_PLAIN, ids=[str(number) for number in range(len(NOT_PLAIN))])
def test_what_is_no_plain_name_is_told_and_never_a_name(text: str) -> None:
    """Alone it leaves the cell unread; beside a plain name only that is read, and the rest is told."""
    with pytest.raises(UnclearCellError) as caught:
        read_names(Cell(text))
    assert "甲某某" not in caught.value.reason
    beside = read_names(Cell(f"戊某某、{text}"))
    assert beside.value == ["戊某某"]
    assert beside.left_out


def test_a_person_and_a_company_joined_by_and_are_to_be_checked() -> None:
    """They cannot be told from one company with 和 in its name."""
    assert "是不是几个" in read_names(Cell("甲某某和样某有限公司")).note


@pytest.mark.parametrize("text", ["甲某某等", "甲某某等人", "甲某某等3人", "甲某某等三户"])
def test_others_who_are_not_named_are_told(text: str) -> None:
    """The one who is named is read."""
    read = read_names(Cell(text))
    assert (read.value, read.left_out) == (["甲某某"], "写着“等”，其余的人没有列出")


def test_what_a_further_row_leaves_out_is_told_though_its_names_are_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of 甲某某/李会(已故), after a row with 甲某某, the second is no plain name."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in (HEADER, ROW, changed(登记号=None, 申请执行人="甲某某/李会(已故)")):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    workbook.save(tmp_path / "a.xlsx")
    _, answer = imported(capsys, tmp_path / "a.xlsx", "-o", tmp_path / "案")
    assert (3, "申请执行人") in left_out(answer)


def test_others_between_two_names_are_told() -> None:
    """等 is no part of a name, wherever it stands in the list."""
    read = read_names(Cell("甲某某与乙某等与司马和平"))
    assert read.value == ["甲某某", "乙某", "司马和平"]
    assert "写着“等”" in read.left_out


@pytest.mark.parametrize("word", ["匿名", "（匿名）", "署名不详", "匿 名"])
def test_an_anonymous_petitioner_is_one_without_a_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    """The case says anonymous, and the report says to check it."""
    path = register(tmp_path / "a.xlsx", changed(信访人=word, 联系电话="不详"))
    status, answer = imported(capsys, path, "-o", tmp_path / "案")
    (petitioner,) = read_tree(tmp_path / "案" / "钢信执2021-0001")["petitioners"]

    assert status == 0
    assert petitioner["anonymous"] is True
    assert "name" not in petitioner
    assert [remark["heading"] for remark in answer["rows"][0]["remarks"]] == ["信访人", "联系电话"]


@pytest.mark.parametrize(("word", "reason"), [("不详", "登记簿写“不详”"), ("不详（案卷尚未移交）", "案卷尚未移交")])
def test_a_handler_and_a_case_number_may_be_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], word: str, reason: str
) -> None:
    """As Art. 12 allows with a reason, and as the register that `ledger --register` writes says it; the report says to check it."""
    path = register(tmp_path / "a.xlsx", changed(承办人=word, 执行案号=word))
    status, answer = imported(capsys, path, "-o", tmp_path / "案")
    tree = read_tree(tmp_path / "案" / "钢信执2021-0001")

    assert status == 0
    assert tree["people"]["handler"] == {"unknown": reason}
    assert [one["no"] for one in tree["enforcement_cases"]] == [{"unknown": reason}]
    assert {remark["heading"] for remark in answer["rows"][0]["remarks"]} == {"执行案号", "承办人"}
    assert left_out(answer) == []


def test_a_name_with_a_note_leaves_its_place_to_be_filled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Petitioner, party and handler: the places are empty, each cell is named, and no note is in any name."""
    row = changed(信访人="甲某某（代理人）", 申请执行人="甲某某（已故）", 被执行人="乙某某之子", 承办人="李某某（代）")
    status, answer = imported(capsys, register(tmp_path / "a.xlsx", row), "-o", tmp_path / "案")
    tree = read_tree(tmp_path / "案" / "钢信执2021-0001")
    parties = tree["enforcement_cases"][0]["parties"]

    assert status == 1
    assert sorted(heading or "" for _, heading in left_out(answer)) == sorted(
        ["信访人", "申请执行人", "被执行人", "承办人"]
    )
    for name in (tree["petitioners"][0]["name"], *parties["applicants"], *parties["respondents"]):
        assert name.startswith("待填")
    assert tree["people"]["handler"]["name"].startswith("待填")
