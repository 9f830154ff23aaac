"""A court's own register becomes case folders: what can be read is written, what is doubtful is reported and left out."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bundler.case.validation import validate_tree
from bundler.case_edit.lock import TEMPORARY_PREFIX, folder_lock
from bundler.commands import run
from bundler.intake.case_from_register_rows import _FIELDS, Petition
from bundler.intake.parse_register_cells import CellResult
from bundler.intake.read_register_worksheet import Cell
from bundler.ledger.case_change_log import HISTORY_FILE
from bundler.profile import load_profile
from tests.support.case_files import read_tree
from tests.support.paths import ROOT

HEADER = [
    "登记号",
    "来访时间",
    "信访人",
    "联系电话",
    "执行案号",
    "申请执行人",
    "被执行人",
    "承办人",
    "内容摘要",
    "拟办意见",
    "来源",
]
ROW: list[Any] = [
    *(
        "钢信执2021-0001",
        datetime.combine(date(2021, 9, 16), time()),
        "甲某某",
        "13800000000",
        "（2020）鲁0117执9001号",
        "甲某某",
        "乙某某",
    ),
    *("李某某", "反映案件未执行到位，请求继续查找财产。", "拟予受理。", "来访"),
]


def register(path: Path, *rows: list[Any], header: list[Any] | None = None) -> Path:
    """Write a plain register: a header and rows."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "登记簿"
    for row in (header or HEADER, *rows):
        sheet.append(row)
    workbook.save(path)
    return path


def changed(**values: Any) -> list[Any]:  # noqa: ANN401 (what a cell may hold)
    """The valid row with other values in some columns."""
    return [values.get(name, value) for name, value in zip(HEADER, ROW, strict=True)]


def imported(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, Any]]:
    """The exit status and the JSON output of the command."""
    capsys.readouterr()
    status = run(["import", *map(str, arguments), "--json"])
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return status, answer


def left_out(answer: dict[str, Any]) -> list[tuple[int, str | None]]:
    """The row and the heading of each cell that was not read."""
    return [(r["row"], r["heading"]) for row in answer["rows"] for r in row["remarks"] if not r["read"]]


def test_a_sound_row_becomes_a_case_with_nothing_to_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It has the eight fields of Art. 12; whether it is accepted is still open."""
    status, answer = imported(capsys, register(tmp_path / "a.xlsx", ROW), "-o", tmp_path / "案")
    folder = tmp_path / "案" / "钢信执2021-0001"
    checked = run(["check", str(folder), "--json", "--today", "2021-10-01"])
    rules = {finding["rule"] for finding in json.loads(capsys.readouterr().out)["findings"]}

    assert (status, answer["made"], answer["rows"][0]["remarks"], answer["notes"]) == (0, 1, [], [])
    assert checked == 1
    assert "KIND-PENDING" in rules
    assert not rules & {"ART12", "FILE-UNLISTED", "DATA-CHARACTER", "DATA-CASE-NUMBER", "DATA-PHONE"}
    assert not [rule for rule in rules if rule.startswith("JSON")]
    assert sorted(path.name for path in folder.iterdir() if path.name[0] != ".") == [
        "case.json",
        "materials",
        "放置说明.txt",
    ]


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """A register as people keep them: titles, a header over two rows, merged cells, headers again, several sheets."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "来访登记"
    head = [
        "序 号",
        "登记号",
        "来访（件）时间",
        "信访形式",
        "信访人姓名",
        "联系\n电话",
        "身份证号码",
        "执行案号",
        "当事人",
        None,
    ]
    head += ["承办人*", "内容摘要", "拟办意见", "案件来源", "天气"]
    sheet.append(["样某区人民法院来访登记簿"])
    sheet.append(head)
    sheet.append([None] * 8 + ["申请执行人", "被执行人"])
    sheet.merge_cells("A1:O1")
    sheet.merge_cells("I2:J2")
    for letter in "ABCDEFGHKLMNO":
        sheet.merge_cells(f"{letter}2:{letter}3")
    rows: list[list[Any]] = [
        [
            1,
            "钢信执2021-1",
            datetime.combine(date(2021, 9, 16), time()),
            "来访",
            "甲某某",
            13800000000.0,
            None,
            "（2020）鲁0117执1号",
            "甲某某",
            "乙某某",
        ],
        [
            2,
            "钢信执2021－2",
            44455,
            "来信",
            "丙某某、丁某某",
            "0531-88880000",
            None,
            "(2020)鲁0117执2号",
            "丙某某",
            "戊某某等3人",
        ],
        [],
        head,
        [
            3,
            "钢信执2021-3",
            "2021.9.31",
            "网上",
            "己某某",
            "1380000",
            370117196805020011.0,
            "2020执3号",
            "己某某",
            "庚某某",
        ],
        [4, "钢信执2021－1", "20210917", "来访", "辛某某"],
        [5, None, "2021/9/17", "来访", "壬某某"],
        [6, "钢信执2021/6", "2021/9/17", "来访", "癸某某"],
        [
            7,
            "钢信执2021-7",
            "二〇二一年九月十六日",
            "来访",
            "样某有限公司",
            "不详",
            None,
            "（2021）鲁0117执7号",
            "样某有限公司",
            "子某某",
        ],
        [None, None, None, None, "丑某某", 13900000001, None, "（2021）鲁0117执8号", "丑某某", "寅某某"],
        [8, "=1+1", "=TODAY()", "来访", "卯某某"],
        ["填表人：辰某某"],
    ]
    for row in rows:
        sheet.append(row)
    for letter in "ABCDKLMN":
        sheet.merge_cells(f"{letter}12:{letter}13")
    second = workbook.create_sheet("来信登记")
    second.append(["编号", "来信日期", "来信人", "电话"])
    second.append([20210042, "2021年9月16日（星期四）上午9时", "巳某某", "138-0000-0000"])
    workbook.create_sheet("填表说明").append(["请逐项填写"])
    hidden = workbook.create_sheet("旧")
    hidden.append(HEADER)
    hidden.append(ROW)
    hidden.sheet_state = "hidden"
    path = tmp_path / "登记簿.xlsx"
    workbook.save(path)
    return path


def test_a_messy_register_is_read_as_far_as_it_says_one_thing(
    messy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Six cases; every doubtful cell is named by row and column; nothing of a doubtful cell is in the case."""
    status, answer = imported(capsys, messy, "-o", tmp_path / "案")
    trees = {folder.name: read_tree(folder) for folder in sorted((tmp_path / "案").iterdir())}

    assert status == 1
    assert list(trees) == ["20210042", "钢信执2021-1", "钢信执2021-2", "钢信执2021-3", "钢信执2021-7"]
    assert {tree["registration"]["received_on"] for name, tree in trees.items() if name != "钢信执2021-3"} == {
        "2021-09-16"
    }
    assert trees["钢信执2021-1"]["petitioners"][0]["phone"] == "13800000000"
    assert trees["20210042"]["petitioners"][0]["phone"] == "13800000000"
    assert [one["name"] for one in trees["钢信执2021-2"]["petitioners"]] == ["丙某某", "丁某某"]
    assert trees["钢信执2021-2"]["enforcement_cases"][0]["no"] == "（2020）鲁0117执2号"
    assert trees["钢信执2021-2"]["enforcement_cases"][0]["parties"]["respondents"] == ["戊某某"]
    assert trees["钢信执2021-3"]["registration"]["received_on"].startswith("待填")
    assert sorted(left_out(answer), key=str) == sorted(
        [
            (5, "联系电话"),  # of which of the two petitioners?
            (5, "被执行人"),  # 等3人
            (8, "来访（件）时间"),  # there is no such day
            (8, "联系电话"),  # no whole number
            (8, "身份证号码"),  # Excel kept fifteen digits
            (8, "执行案号"),  # no case number
            (9, "登记号"),  # the number of row 4, in another width
            (10, "登记号"),  # none
            (11, "登记号"),  # no number that could name a folder
            (14, "登记号"),  # a formula without a result
        ],
        key=str,
    )
    assert [note for note in answer["notes"] if "天气" in note]
    assert [note for note in answer["notes"] if "填表说明" in note]
    assert [note for note in answer["notes"] if "旧" in note and "隐藏" in note]


def test_rows_of_one_merged_number_are_one_petition(
    messy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two petitioners and two enforcement cases, each with the other cells of its row."""
    imported(capsys, messy, "-o", tmp_path / "案")
    tree = read_tree(tmp_path / "案" / "钢信执2021-7")

    assert [(one["name"], one["phone"]) for one in tree["petitioners"]] == [
        ("样某有限公司", {"unknown": "登记簿写“不详”"}),
        ("丑某某", "13900000001"),
    ]
    assert [
        (one["no"], one["parties"]["applicants"], one["parties"]["respondents"]) for one in tree["enforcement_cases"]
    ] == [
        ("（2021）鲁0117执7号", ["样某有限公司"], ["子某某"]),
        ("（2021）鲁0117执8号", ["丑某某"], ["寅某某"]),
    ]


def test_the_report_says_where_why_and_what_to_do_and_repeats_no_number(
    messy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sheet, row, column letter and heading; never the phone or identity number in the cell."""
    assert run(["import", str(messy), "-o", str(tmp_path / "案")]) == 1
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    where = next(number for number, line in enumerate(lines) if "第 8 行 G 列“身份证号码”" in line)

    assert "15 位" in lines[where]
    assert lines[where + 1].strip().startswith("→ ")
    for secret in ("13800000000", "37011719680502", "88880000", "1380000"):
        assert secret not in shown.out + shown.err


def test_nothing_that_is_there_is_touched(messy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second import creates nothing and reports each row; what was edited meanwhile is kept, in subfolders too."""
    root = tmp_path / "案"
    imported(capsys, messy, "-o", root)
    (root / "钢信执2021-1" / "case.json").write_text('{"registration": {"no": "钢信执2021－1"}}', encoding="utf-8")
    (root / "往年").mkdir()
    (root / "钢信执2021-2").rename(root / "往年" / "改了名")
    (root / "20210042" / "case.json").unlink()
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    status, answer = imported(capsys, messy, "-o", root)

    assert (status, answer["made"]) == (1, 0)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    assert not [row for row in answer["rows"] if row["folder"]]


def test_a_dry_run_writes_nothing(messy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It reports the same remarks."""
    _, dry = imported(capsys, messy, "-o", tmp_path / "案", "--dry-run")
    assert not (tmp_path / "案").exists()
    _, wet = imported(capsys, messy, "-o", tmp_path / "案")

    assert [row["remarks"] for row in dry["rows"]] == [row["remarks"] for row in wet["rows"]]


ONE_DAY: list[Any] = [
    *(
        date(2021, 9, 16),
        datetime.combine(date(2021, 9, 16), time(9, 30)),
        44455,
        44455.4,
        20210916,
        20210916.0,
        "44455",
        "2021-09-16",
    ),
    *("2021年9月16日", "2021 年 9 月 16 日", "2021.9.16", "2021.09.16", "20210916", "2021/9/16", "2021-9-16"),
    *(
        "２０２１年９月１６日",
        "二〇二一年九月十六日",
        "二○二一年九月十六日",
        "2021年9月16日上午",
        "2021-09-16 09:30:00",
    ),
    *("2021.9.16（周四）", " 2021/09/16 "),
]
NO_DAY = [
    *(
        "2021年9月",
        "9月16日",
        "21.9.16",
        "2021-02-30",
        "2021年9月16日-18日",
        "前天",
        "2021.9.16、9.18",
        3,
        202109,
        True,
    ),
    *("0202-09-16", "2021-13-01", 1e300, -5, time(9, 30), "二〇二一年九月四十日", "2021916"),
]


@pytest.mark.parametrize("epoch_1904", [False, True])
def test_days_are_read_in_every_usual_form_and_never_guessed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, epoch_1904: bool
) -> None:
    """Dates, serial numbers of either epoch, text; whatever is not plainly one day is left out."""
    workbook = Workbook()
    if epoch_1904:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        workbook.epoch = CALENDAR_MAC_1904
    sheet = workbook.worksheets[0]
    sheet.append(HEADER)
    shift = 1462 if epoch_1904 else 0
    serials: dict[Any, Any] = {44455: 44455 - shift, 44455.4: 44455.4 - shift, "44455": str(44455 - shift)}
    good = [serials.get(value, value) for value in ONE_DAY]
    for number, value in enumerate([*good, *NO_DAY]):
        sheet.append([f"信{number}", value, *ROW[2:]])
    workbook.save(tmp_path / "a.xlsx")
    _, answer = imported(capsys, tmp_path / "a.xlsx", "-o", tmp_path / "案")
    days = [
        read_tree(tmp_path / "案" / f"信{n}")["registration"]["received_on"] for n in range(len(good) + len(NO_DAY))
    ]

    assert days[: len(good)] == ["2021-09-16"] * len(good)
    assert [day[:2] for day in days[len(good) :]] == ["待填"] * len(NO_DAY)
    assert [row for row, heading in left_out(answer)] == [number + 2 for number in range(len(good), len(days))]


@pytest.mark.parametrize(
    ("heading", "value", "told"),
    [
        ("联系电话", "13800000000、13900000000", "不止一个"),
        ("联系电话", 5318888, "电话号码"),
        ("承办人", "李某某、王某某", "不止一个"),
        ("内容摘要", "有\u202e个字", "看不见"),
        ("内容摘要", "长" * 20_001, "太长"),
        ("执行案号", "（2020）鲁0117执01号", "案号"),
        ("登记号", "../逃", "登记号"),
        ("登记号", "长" * 65, "登记号"),
        ("登记号", ".", "登记号"),
    ],
    ids=range(9),
)
def test_a_doubtful_cell_is_told_and_the_rest_of_the_row_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], heading: str, value: object, told: str
) -> None:
    """The reason says what is wrong; a number that is no valid folder name creates none."""
    path = register(tmp_path / "a.xlsx", changed(**{heading: value}))
    status, answer = imported(capsys, path, "-o", tmp_path / "里" / "案")

    assert status == 1
    assert left_out(answer) == [(2, heading)]
    assert told in answer["rows"][0]["remarks"][0]["reason"]
    assert answer["made"] == (0 if heading == "登记号" else 1)
    made = [one for one in tmp_path.rglob("*") if one.is_file() and one != path]
    assert bool(made) == bool(answer["made"])
    assert all(one.is_relative_to(tmp_path / "里" / "案" / "钢信执2021-0001") for one in made)


def test_what_is_only_written_otherwise_is_set_right_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Width, brackets, dashes, names with spaces, case numbers in half-width brackets: read, with a note to check."""
    odd = changed(
        登记号="钢信执[２０２１]—42(补)", 信访人="甲　明", 执行案号="(2020)鲁0117执9001号", 联系电话="138-0000 0000"
    )
    status, answer = imported(capsys, register(tmp_path / "a.xlsx", odd), "-o", tmp_path / "案")
    tree = read_tree(tmp_path / "案" / "钢信执〔2021〕-42（补）")

    assert status == 0
    assert [remark["heading"] for remark in answer["rows"][0]["remarks"]] == ["登记号", "信访人", "执行案号"]
    assert tree["petitioners"][0]["name"] == "甲明"
    assert tree["petitioners"][0]["phone"] == "13800000000"
    assert tree["enforcement_cases"][0]["no"] == "（2020）鲁0117执9001号"


def test_the_columns_have_the_names_that_the_court_gives_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Mapped in the profile; without it this register has no header."""
    profile = tmp_path / "court.toml"
    source = ROOT / "bundler" / "profiles" / "gangcheng.toml"
    shutil.copy(source, profile)
    with profile.open("a", encoding="utf-8") as file:
        file.write(
            'no = "流水"\nreceived_on = ["何日来"]\npetitioner = ["何人"]\nphone = "打给谁"\nignored = ["晴雨"]\n'
        )
    header = ["流水", "何日来", "何人", "打给谁", "晴雨"]
    path = register(tmp_path / "a.xlsx", ["信1", "2021-09-16", "甲某某", "13800000000", "晴"], header=header)

    assert run(["import", str(path), "-o", str(tmp_path / "案")]) == 3
    assert "register_columns" in capsys.readouterr().err
    status, answer = imported(capsys, path, "-o", tmp_path / "案", "--profile", profile)
    assert (status, answer["made"], answer["notes"]) == (0, 1, [])
    assert read_tree(tmp_path / "案" / "信1")["petitioners"][0]["name"] == "甲某某"


def old_excel(path: Path) -> None:
    """The beginning of an .xls, or of a workbook with a password."""
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


def text_file(path: Path) -> None:
    """A list as text."""
    path.write_text("登记号,来访时间\n", encoding="utf-8")


def zip_only(path: Path) -> None:
    """A zip that is no workbook."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", "b")


def broken(path: Path) -> None:
    """A workbook with a damaged sheet."""
    register(path.with_suffix(".whole"), ROW)
    with zipfile.ZipFile(path.with_suffix(".whole")) as whole, zipfile.ZipFile(path, "w") as archive:
        for entry in whole.infolist():
            data = whole.read(entry)
            archive.writestr(entry, data[: len(data) // 2] if "sheet1" in entry.filename else data)


def swollen(path: Path) -> None:
    """A sheet that unpacks to more memory than the sandbox has: one string of 400 MB."""
    register(path.with_suffix(".whole"), ROW)
    with (
        zipfile.ZipFile(path.with_suffix(".whole")) as whole,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for entry in whole.infolist():
            if entry.filename != "xl/worksheets/sheet1.xml":
                archive.writestr(entry, whole.read(entry))
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(
                b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
                b'<c r="A1" t="inlineStr"><is><t>'
            )
            for _ in range(400):
                sheet.write(b"x" * 1024 * 1024)
            sheet.write(b"</t></is></c></row></sheetData></worksheet>")


@pytest.mark.parametrize(
    "make", [old_excel, text_file, zip_only, broken, swollen, Path.mkdir], ids=lambda f: f.__name__
)
def test_what_is_no_readable_workbook_is_said_and_makes_nothing(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    make: Any,  # noqa: ANN401 (any of the makers)
) -> None:
    """Status 3, in Chinese, with what to do."""
    monkeypatch.setattr("bundler.intake.read_register_worksheet.MEMORY_BYTES", 300 * 1024**2)
    path = tmp_path / "a.xlsx"
    make(path)

    assert run(["import", str(path), "-o", str(tmp_path / "案")]) == 3
    told = capsys.readouterr().err
    assert "怎么办" in told
    assert "Traceback" not in told
    assert not (tmp_path / "案").exists()


def test_a_register_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By its own path: it belongs to no case folder."""
    assert run(["import", str(tmp_path / "无.xlsx"), "-o", str(tmp_path / "案")]) == 3
    assert f"没有“{tmp_path / '无.xlsx'}”这个文件。" in capsys.readouterr().err


def test_a_sheet_that_lies_about_its_size_is_read_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The size in the file hides rows, or pretends a million; it is ignored."""
    register(tmp_path / "whole.xlsx", ROW)
    for number, claim in enumerate((b'ref="A1"', b'ref="A1:XFD1048576"')):
        path = tmp_path / f"{number}.xlsx"
        with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(path, "w") as archive:
            for entry in whole.infolist():
                archive.writestr(entry, whole.read(entry).replace(b'ref="A1:K2"', claim))
        status, answer = imported(capsys, path, "-o", tmp_path / f"案{number}")
        assert (status, answer["made"]) == (0, 1)


def test_of_a_formula_what_excel_last_showed_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is calculated, no other workbook is opened; the stored result is read."""
    register(tmp_path / "whole.xlsx", ROW)
    cell = '<c r="H2" t="str"><f>[1]名册!A1</f><v>王某某</v></c>'.encode()
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        for entry in whole.infolist():
            data = whole.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                data, changed = re.subn(rb'<c r="H2".*?</c>', lambda _: cell, data)
                assert changed == 1
            archive.writestr(entry, data)
    status, _ = imported(capsys, tmp_path / "a.xlsx", "-o", tmp_path / "案")

    assert status == 0
    assert read_tree(tmp_path / "案" / "钢信执2021-0001")["people"]["handler"]["name"] == "王某某"


def test_more_rows_than_are_read_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limit, and no silence about it."""
    monkeypatch.setattr("bundler.intake.read_register_worksheet.MAX_ROWS", 2)
    path = register(tmp_path / "a.xlsx", ROW, changed(登记号="信2"))
    _, answer = imported(capsys, path, "-o", tmp_path / "案")

    assert answer["made"] == 1
    assert [note for note in answer["notes"] if "后面的没有读" in note]


def test_a_row_that_fits_no_case_is_reported_and_the_others_are_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case.json is validated before it is written, for each row on its own."""
    monkeypatch.setitem(_FIELDS, "summary", (lambda _: CellResult("字" * 20_001), _FIELDS["summary"][1]))
    rows = [changed(内容摘要=None), changed(登记号="信2")]
    status, answer = imported(capsys, register(tmp_path / "a.xlsx", *rows), "-o", tmp_path / "案")

    assert (status, answer["made"]) == (1, 1)
    assert [row["folder"] is None for row in answer["rows"]] == [False, True]
    assert "来访（件）内容摘要文字太长" in answer["rows"][1]["remarks"][0]["reason"]
    assert [path.name for path in (tmp_path / "案").iterdir()] == ["钢信执2021-0001"]


def test_killed_at_any_moment_every_folder_is_whole_and_the_next_run_makes_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same folders with the same bytes as undisturbed, and no litter."""
    path = register(tmp_path / "a.xlsx", *(changed(登记号=f"信{number}") for number in range(60)))
    imported(capsys, path, "-o", tmp_path / "整")
    root = tmp_path / "断"
    command = [sys.executable, "-m", "bundler", "import", str(path), "-o", str(root)]
    for delay in (0.5, 0.8, 1.1):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(delay)
            except subprocess.TimeoutExpired:
                process.kill()
        for folder in root.glob("信*"):
            assert {"case.json", "materials", "放置说明.txt"} <= {one.name for one in folder.iterdir()}
    root.mkdir(exist_ok=True)
    (root / f"{TEMPORARY_PREFIX}abc").mkdir()
    (root / f"{TEMPORARY_PREFIX}abc" / "case.json").write_bytes(b"{")
    imported(capsys, path, "-o", root)

    def made(folder: Path) -> dict[str, bytes]:
        files = (one for one in folder.rglob("*") if one.is_file() and one.name != HISTORY_FILE)
        return {one.relative_to(folder).as_posix(): one.read_bytes() for one in files}

    assert made(root) == made(tmp_path / "整")
    assert len(made(root)) == 120


def test_two_imports_at_once_do_not_mix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second reports that and stops."""
    path = register(tmp_path / "a.xlsx", ROW)
    (tmp_path / "案").mkdir()
    with folder_lock(tmp_path / "案", wait=False):
        assert run(["import", str(path), "-o", str(tmp_path / "案")]) == 2
    assert "另一个导入" in capsys.readouterr().err
    assert list((tmp_path / "案").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_status_5_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A disk error gives a Chinese message, and no partial folder is left."""
    path = register(tmp_path / "a.xlsx", ROW)
    (tmp_path / "文件").write_bytes(b"")

    assert run(["import", str(path), "-o", str(tmp_path / "文件")]) == 2
    assert run(["import", str(path), "-o", str(tmp_path / "文件" / "案")]) == 5
    assert "Traceback" not in capsys.readouterr().err
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.xlsx", "文件"]


cells = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.sampled_from(
        [*map(str, ROW), "甲、乙等3人", "2021-09-16", 13800000000.0, "信访积案、催督办", "第3次", "-", "不详"]
    ),
)


@settings(max_examples=80)
@given(rows=st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(_FIELDS, cells)), min_size=1, max_size=3))
def test_whatever_stands_in_a_row_the_case_can_be_read(rows: list[dict[str, Any]]) -> None:
    """No cell causes a crash, or a case that does not fit the model."""
    petition = Petition("信1", 2, date(1899, 12, 30))
    for number, row in enumerate(rows, start=2):
        petition.add_row(number, {name: (place, name, Cell(value)) for place, (name, value) in enumerate(row.items())})
    fitted = validate_tree(json.loads(json.dumps(petition.tree)))

    assert fitted.findings == ()
    assert fitted.case is not None
    assert fitted.case.decision == "pending"


def test_the_default_headings_are_no_one_elses() -> None:
    """No heading means two fields, so that no column is read as another one."""
    words = [word for names in load_profile().register_columns.values() for word in names]

    assert len(words) == len(set(words))
