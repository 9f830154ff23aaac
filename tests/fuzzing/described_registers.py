"""Registers described by their cells: a fuzzer changes the description, and every change is a workbook that opens.

Changes of a workbook's XML mostly end where openpyxl gives up. A description is JSON: ``{"base": 1900, "sheets": [{"hidden",
"rows", "merged"}]}``. A cell is null, a text, a number, a Boolean, or an object with one key: ``day`` (a real date),
``formula`` (the stored result, or null), ``error``, ``clock`` (a share of a day).
"""

from __future__ import annotations

import copy
import io
import json
import random
import re
import zipfile
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter, range_boundaries

from tests.fuzzing.mutators import MAX_CHANGES, Mutator

MAX_ROWS, MAX_COLUMNS = 60, 40
_RANGE = re.compile("[A-Z]{1,2}[1-9][0-9]{0,3}:[A-Z]{1,2}[1-9][0-9]{0,3}")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_HEADINGS = (
    *_words(
        "序号 登记号 来访时间 登记日期 信访形式 来源 信访人 身份 联系电话 身份证号码 住址 执行案号 案由 申请执行人 被执行人 承办人"
    ),
    *_words(
        "院领导 短事由 内容摘要 拟办意见 信访次数 台账 转交日期 承办人收到日期 约谈日期 答复日期 办理情况 交办机关 交办文号"
    ),
    *_words("收文日期 反馈期限 系统录入号 录入日期 备注 当事人 天气 合计 信访人（姓名）"),
    *("登 记 号", "联系\n电话", "", " "),
)
_NAMES = (
    *_words("甲某某 乙某 欧阳某某 司马和平 买买提·艾力 样某有限公司 样某镇样某村村民委员会 李会"),
    "John Smith",
)
_BETWEEN = (*_words("、 ， 和 及 / ； 与 ; |"), " ", "\u3000", "\n", "")
_NOTES = _words(
    "（代理人） (已故) 之子 等3人 等人 等 （女） 家属 夫妇 13800000000 律师 [曾用名乙某] ： ? 一家 等三户 （委托代理人乙某某） 女士 ２ \u200b"
)
_NO_NAMES = _words("匿名 （匿名） 不详 同上 〃 群众 共3人 合计 全体业主 某 - / . \u3164 无 12")
_NO_PETITION = (
    *_words(
        "合计 小计： 共2件 本页小计 本月合计 总计：2件 累计二十三件 TOTAL 合计（件） 制表人：杨某某 审核人（签字）: 备注：本表一式两份。"
    ),
    *_words("以下空白 第1页，共3页 ——完—— 填表日期：2021年12月31日"),
    *("合  计", "共 12 件次"),
)
_NUMBERS = (
    *_words(
        "钢信执2021-0001 钢信执2021-0002 钢信执2021－3 钢信执2021-5（作废） 20210042 （2021）信6号 钢信执2021/7 空号 １２ ../x CON"
    ),
    *_words("钢信执2021-8. 钢信执2021—10 - 0"),
    *("钢信执 2021-4", "钢信执2021-9\n", "a" * 90),
)
_TEXTS = (
    *_words(
        "2021-09-16 2021.9.31 二〇二一年九月十六日 20210917 2021年9月16日上午9时 9月16日 1899-12-31 来访 来信、网上 0531-88880000"
    ),
    *_words(
        "13800000000/13900000000 （2020）鲁0117执9001号 (2020)鲁0117执2号；2020执3号 申请执行人 利害关系人 第三次 四 催督办 未答复"
    ),
    *_words("已于2021年10月20日答复 370117196805020011 =1+1 待填 null \ud7ff 𠅤 _x0041_ <b>&amp; 10305.5"),
    *("138 0000 0000", "\u2028", "\u202e", " ", "\t", "9" * 20, "长" * 300),
)
_VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        44455,
        44455.5,
        20210917,
        13800000000.0,
        370117196805020011.0,
        1e300,
        0.1,
        {"day": "2021-09-16"},
    ),
    *({"day": "1900-02-28"}, {"formula": None}, {"formula": "合计"}, {"formula": 3}, {"error": "#N/A"}, {"clock": 0.5}),
)


def workbook_of(data: bytes) -> bytes:
    """Return the workbook that a description describes.

    Raises:
        ValueError: it is no description.
    """
    try:
        described = json.loads(data)
        sheets = [_sheet(sheet) for sheet in described["sheets"]]
        hidden = [bool(sheet["hidden"]) for sheet in described["sheets"]]
        return _packed(sheets, hidden, is_1904=described["base"] == 1904)
    except (KeyError, TypeError, AttributeError, RecursionError, UnicodeEncodeError, OverflowError) as error:
        raise ValueError(str(error)) from error


def _is_forward(left: int, top: int, right: int, bottom: int) -> bool:
    """Whether a merged range begins before it ends; Excel calls a workbook with another one damaged."""
    return left <= right and top <= bottom


def _sheet(sheet: dict[str, Any]) -> str:
    rows = "".join(
        f'<row r="{number}">{"".join(_cell(f"{get_column_letter(column)}{number}", value) for column, value in enumerate(row[:MAX_COLUMNS], 1))}</row>'
        for number, row in enumerate(sheet["rows"][:MAX_ROWS], start=1)
    )
    if not all(_RANGE.fullmatch(ref) and _is_forward(*range_boundaries(ref)) for ref in sheet["merged"]):
        raise ValueError(sheet["merged"])
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in sheet["merged"])
    merged = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{merged}</worksheet>'


def _cell(place: str, value: Any) -> str:  # noqa: ANN401, PLR0911 (JSON; a kind of cell each)
    """Return the XML of a cell; what is no value of a cell is an empty one."""
    match value:
        case bool():
            return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
        case int() | float():
            return f'<c r="{place}"><v>{value}</v></c>'
        case str():
            return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{_escaped(value)}</t></is></c>'
        case {"day": str(day)}:
            return f'<c r="{place}" s="1"><v>{(date.fromisoformat(day) - date(1899, 12, 30)).days}</v></c>'
        case {"clock": int(share) | float(share)}:
            return f'<c r="{place}" s="2"><v>{share}</v></c>'
        case {"formula": None}:
            return f'<c r="{place}"><f>1+1</f></c>'
        case {"formula": str(text)}:
            return f'<c r="{place}" t="str"><f>T(A1)</f><v>{_escaped(text)}</v></c>'
        case {"formula": int(number) | float(number)}:
            return f'<c r="{place}"><f>1+1</f><v>{number}</v></c>'
        case {"error": str(text)}:
            return f'<c r="{place}" t="e"><v>{_escaped(text)}</v></c>'
    return ""


def _escaped(text: object) -> str:
    """Return text for XML, without what XML cannot have."""
    return escape("".join(letter for letter in str(text) if letter >= " " or letter in "\t\n"), {'"': "&quot;"})


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/>'
    '</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="21"/></cellXfs></styleSheet>'
)


def _packed(sheets: list[str], hidden: list[bool], *, is_1904: bool) -> bytes:
    numbers = range(1, len(sheets) + 1)
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>' for n in numbers
    )
    listed = "".join(
        f'<sheet name="表{n}" sheetId="{n}" r:id="r{n}" state="{"hidden" if is_hidden else "visible"}"/>'
        for n, is_hidden in zip(numbers, hidden, strict=True)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>{kinds}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{is_1904:d}"/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}<Relationship Id="s" '
        f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
        **{f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in zip(numbers, sheets, strict=True)},
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text.encode("utf-8"))
    return target.getvalue()


def description_seeds() -> list[bytes]:
    """Make descriptions: a plain register; one with merged rows, totals and odd names; one of several sheets."""
    header: list[Any] = [*_HEADINGS[:11], *_HEADINGS[11:20]]
    first = _row_for(header, 1, random.Random(1))  # noqa: S311 (no secret)
    second = _row_for(header, 2, random.Random(2))  # noqa: S311 (no secret)
    more = [None, None, *second[2:]]
    plain = _sheet_of([header, first, second])
    merged = _sheet_of(
        [["样某区人民法院登记簿"], header, first, more, ["合计", "共1件"], ["制表人：杨某某"]], "A1:F1", "B3:B4"
    )
    two = _sheet_of(
        [["登记号", "来访时间", "信访人", "当事人", None], [None, None, None, "申请执行人", "被执行人"], first[1:6]],
        "D1:E1",
    )
    dates = _sheet_of(
        [["编号", "来信日期", "来信人", "办理情况"], [20210042, {"day": "2021-09-16"}, "甲某某、乙某", "已答复"]]
    )
    hidden = {**_sheet_of([header, first]), "hidden": True}
    return [
        json.dumps({"base": base, "sheets": sheets}, ensure_ascii=False).encode()
        for base, sheets in ((1900, [plain]), (1900, [merged]), (1904, [two, dates, hidden]))
    ]


def _sheet_of(rows: list[list[Any]], *merged: str) -> dict[str, Any]:
    return {"hidden": False, "rows": rows, "merged": list(merged)}


def _row_for(header: list[Any], number: int, chance: random.Random) -> list[Any]:
    """Make a row with a fitting value in the columns that matter most, and any in the others."""
    known: dict[str, Any] = {
        "序号": number,
        "登记号": f"钢信执2021-{number:04}",
        "来访时间": {"day": "2021-09-16"},
        "信访人": _names(chance),
        "执行案号": "（2020）鲁0117执9001号",
        "申请执行人": _names(chance),
        "被执行人": _names(chance),
    }
    return [known.get(str(title), chance.choice(_TEXTS)) for title in header]


def _names(chance: random.Random) -> str:
    """Make what stands in a cell for names: one, several, with notes, or none."""
    if chance.random() < 0.15:
        return chance.choice(_NO_NAMES)
    names = [
        chance.choice(_NAMES) + (chance.choice(_NOTES) if chance.random() < 0.3 else "")
        for _ in range(chance.randint(1, 3))
    ]
    return chance.choice(_BETWEEN).join(names)


def mutate_description(corpus: list[bytes]) -> Mutator:
    """Return a mutator of descriptions, which adds what clerks put into registers: totals, merged cells, notes at names."""
    trees = [json.loads(data) for data in corpus]

    def mutate(data: bytes, chance: random.Random) -> bytes:
        try:
            tree = json.loads(data)
            workbook_of(data)
        except (ValueError, RecursionError):
            tree = copy.deepcopy(chance.choice(trees))
        for _ in range(chance.randint(1, MAX_CHANGES)):
            if not tree["sheets"]:
                tree = copy.deepcopy(chance.choice(trees))
            _change(tree, chance)
        return json.dumps(tree, ensure_ascii=False).encode("utf-8", "surrogatepass")

    return mutate


def _change(tree: dict[str, Any], chance: random.Random) -> None:
    """Change a cell, a row, a column, a merged range or a sheet."""
    sheet = chance.choice(tree["sheets"])
    rows: list[list[Any]] = sheet["rows"]
    way = chance.randrange(12)
    if way < 5 and rows:
        _change_cell(chance.choice(rows), rows[0], chance)
    elif way == 5:
        rows.insert(chance.randint(0, len(rows)), _odd_row(rows, chance))
    elif way == 6 and rows:
        del rows[chance.randrange(len(rows))]
    elif way == 7:
        column, first = chance.randint(1, 12), chance.randint(1, len(rows) + 2)
        last, right = first + chance.randint(0, 3), column + chance.choice((0, 0, 0, 1, 5))
        sheet["merged"].append(f"{get_column_letter(column)}{first}:{get_column_letter(right)}{last}")
    elif way == 8 and sheet["merged"]:
        del sheet["merged"][chance.randrange(len(sheet["merged"]))]
    elif way == 9:
        _change_column(rows, chance)
    elif way == 10:
        tree["base"] = chance.choice((1900, 1904))
        sheet["hidden"] = chance.random() < 0.2
    elif len(tree["sheets"]) < 4:
        tree["sheets"].append(copy.deepcopy(sheet))
    else:
        tree["sheets"].remove(sheet)


def _odd_row(rows: list[list[Any]], chance: random.Random) -> list[Any]:
    """Make a row: a petition, totals or signatures, the header again, or an empty one."""
    way = chance.randrange(4)
    if way == 0:
        return [None] * chance.choice((0, 0, 1, 3)) + [
            chance.choice(_NO_PETITION),
            *chance.choices((*_VALUES, "共2件"), k=2),
        ]
    if way == 1:
        return list(chance.choice(rows)) if rows else []
    header = max(rows, key=len, default=list(_HEADINGS[:12]))
    return _row_for(header, chance.randint(1, 9), chance) if way == 2 else []


def _change_cell(row: list[Any], header: list[Any], chance: random.Random) -> None:
    pools = (_NUMBERS, _TEXTS, _VALUES, _NO_PETITION, _HEADINGS)
    value = _names(chance) if chance.random() < 0.35 else chance.choice(chance.choice(pools))
    place = chance.randrange(max(len(row), len(header), 1))
    row.extend([None] * (place + 1 - len(row)))
    row[place] = copy.deepcopy(value)


def _change_column(rows: list[list[Any]], chance: random.Random) -> None:
    """Insert a column, take one out, or let two change places."""
    first, second, way = chance.randrange(12), chance.randrange(12), chance.randrange(3)
    title = chance.choice(_HEADINGS)
    for number, row in enumerate(rows):
        if way == 0:
            row.insert(first, title if number == 0 else None)
        elif way == 1:
            del row[first : first + 1]
        elif max(first, second) < len(row):
            row[first], row[second] = row[second], row[first]
