"""Read the cells of a register as people fill them in: words, numbers and days.

A reader returns a value, with a note where a person should check how it was read. A cell that does not say one thing
plainly raises `UnclearCellError`; no part of it is guessed.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar

from bundler.case.identifiers import (
    case_number_fault,
    corrected_case_number,
    credit_code_fault,
    id_number_fault,
    phone_fault,
    registration_no_fault,
)
from bundler.intake.read_register_worksheet import Cell
from bundler.printable_text import printable_excerpt, shows_nothing, unsafe_characters

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class CellResult(Generic[Value]):
    """The value of a cell.

    Attributes:
        value: the value.
        note: how it was read, where a person should check that; in Chinese.
        left_out: what in the cell was not read, in Chinese.
    """

    value: Value
    note: str = ""
    left_out: str = ""


class UnclearCellError(Exception):
    """A cell does not say one thing plainly, so that it is left out and reported.

    Attributes:
        reason: why, in Chinese; without the content of the cell, which may be personal data.
        fix: what to do, in Chinese.
    """

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.reason, self.fix = reason, fix


_SEPARATORS = re.compile(r"[、，,;；/\n]+")
_BRACKETS = str.maketrans("()[]", "（）〔〕")
_DASHES = re.compile("[‐‑‒–—―−－﹣]")
_UNKNOWN = frozenset({"不详", "无", "未留", "未留电话", "没有", "未提供", "空号"})
_EXACT_DIGITS = 15
"""Digits that Excel keeps of a number; the rest becomes 0."""

_VOID = re.compile("作废|注销|撤销|空号|空白|重号")
_ADD_NUMBER = "请在登记簿里补上登记号后重新导入。"
_COUNTED = {**{numeral: n for n, numeral in enumerate("一二三四五六七八九十", start=1)}, "初": 1}


def read_text(cell: Cell) -> CellResult[str]:
    """Read text; a whole number loses the .0 that Excel adds."""
    value = cell.value
    if isinstance(value, bool) or value is None:
        raise UnclearCellError("不是文字", "请核对后补填。")
    if isinstance(value, int | float):
        return CellResult(_digits_of(value))
    if not isinstance(value, str):
        return CellResult(value.strftime("%Y-%m-%d"))
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if unsafe_characters(text):
        raise UnclearCellError("有看不见的字符", "请重新输入这一格。")
    return CellResult(text)


def is_nothing(cell: Cell) -> bool:
    """Whether a cell is empty, or has only a dash that means so or what shows nothing."""
    return cell.is_empty or (isinstance(cell.value, str) and shows_nothing(cell.value))


def _digits_of(value: float) -> str:
    if not math.isfinite(value):
        raise UnclearCellError("数字太大", "请核对后补填。")
    if value != int(value):
        return repr(value)
    text = str(int(value))
    if len(text.lstrip("-")) > _EXACT_DIGITS:
        raise UnclearCellError("是存成数字的长号码，Excel 只保留前 15 位", "请照原件补填，并把这一列改成文本格式。")
    return text


def read_registration_no(cell: Cell) -> CellResult[str]:
    """Read the registration number (登记号); brackets and dashes of another width are corrected."""
    if cell.fault or is_nothing(cell):
        raise UnclearCellError(cell.fault or "没有登记号，没有建文件夹", _ADD_NUMBER)
    if isinstance(cell.value, date):
        raise UnclearCellError(
            "是日期，不是登记号；Excel 会把“2021-9”这样的编号改成日期", "请把这一格改成文本格式，重新填写登记号后导入。"
        )
    given = read_text(cell).value
    plain = unicodedata.normalize("NFKC", re.sub(r"\s", "", given))
    text = _DASHES.sub("-", plain).translate(_BRACKETS)
    fault = registration_no_fault(text) or ("写着“作废”之类的字" if _VOID.search(text) else None)
    if fault:
        raise UnclearCellError(fault, "请在登记簿里改正后重新导入。")
    if text != given:
        return CellResult(text, "括号、横线、空格或者全角数字已改成规定的写法，请核对")
    return CellResult(text, "是数字，前面若有 0 会丢失，请核对" if not isinstance(cell.value, str) else "")


def read_phone(cell: Cell) -> CellResult[str | dict[str, str]]:
    """Read a phone number, or that it is unknown and why."""
    given = read_text(cell).value
    if given in _UNKNOWN:
        return CellResult({"unknown": f"登记簿写“{given}”"}, "读成电话不详，请核对")
    plain = re.sub(r"[\s()]|^(电话|手机)[::]?", "", unicodedata.normalize("NFKC", given))
    mobile = plain.replace("-", "")
    text = mobile if re.fullmatch(r"1[3-9][0-9]{9}", mobile) else plain
    if phone_fault(text):
        raise UnclearCellError("不是一个完整的电话号码，或者不止一个", "请核对后补填；座机要带区号。")
    return CellResult(text)


def read_id_number(cell: Cell) -> CellResult[str]:
    """Read an identity number or a credit code with a correct check digit."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", read_text(cell).value)).upper()
    if id_number_fault(text) is None or credit_code_fault(text) is None:
        return CellResult(text)
    raise UnclearCellError("公民身份号码不对（位数、日期或者校验码）", "请照证件补填。")


_TOLD_UNKNOWN = re.compile("(?:不详|不明|未知)(?:[（(](.+)[）)])?")


def told_unknown(text: str) -> dict[str, str] | None:
    """A fact of which the register says that it is unknown (Art. 12), with the reason that it gives; None where it says no such thing."""
    found = _TOLD_UNKNOWN.fullmatch(text)
    return {"unknown": found[1] or f"登记簿写“{text}”"} if found else None


def read_case_numbers(cell: Cell) -> CellResult[list[Any]]:
    """Read case numbers (案号) in a row, of which only width and brackets are corrected, or that the number is unknown."""
    text = read_text(cell).value
    if unknown := told_unknown(text):
        return CellResult([unknown], "读成案号不详，请核对")
    given = [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
    numbers = [part if case_number_fault(part) is None else corrected_case_number(part) for part in given]
    sound = [number for number in numbers if number]
    if not sound:
        raise UnclearCellError("案号写法不对", "请照裁判文书补填，如“（2020）鲁0117执9001号”。")
    note = "括号或者数字已改成规定的写法，请核对" if sound != given else ""
    return CellResult(sound, note, "有案号写法不对，没有读入" if len(sound) < len(given) else "")


def read_count(cell: Cell) -> CellResult[int]:
    """Read the number of the visit (第几次)."""
    text = unicodedata.normalize("NFKC", read_text(cell).value)
    found = re.fullmatch(r"第?([0-9]{1,3}|[一二三四五六七八九十初])(?:次|访|次来访|信访)?", text)
    number = (_COUNTED.get(found[1]) or (int(found[1]) if found[1].isdigit() else 0)) if found else 0
    if not number:
        raise UnclearCellError("看不出是第几次", "请补填数字，初次为 1。")
    return CellResult(number)


def read_choices(words: dict[str, str], what: str) -> Callable[[Cell], CellResult[list[str]]]:
    """A reader of any number of choices, by words in the cell."""

    def read(cell: Cell) -> CellResult[list[str]]:
        text = read_text(cell).value
        found = list(dict.fromkeys(value for word, value in words.items() if word in text))
        if not found:
            raise UnclearCellError(f"看不出是哪一种{what}", f"请补填，可以是：{'、'.join(words)}。")
        return CellResult(found)

    return read


def read_choice(words: dict[str, str], what: str) -> Callable[[Cell], CellResult[str]]:
    """A reader of one choice, by a word in the cell."""
    several = read_choices(words, what)

    def read(cell: Cell) -> CellResult[str]:
        found = several(cell).value
        if len(found) > 1:
            raise UnclearCellError(f"写着几种{what}", f"请补填其中一种：{'、'.join(words)}。")
        return CellResult(found[0])

    return read


EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
"""Days outside are taken for misprints."""

_TIME = r"(?:T|[上下中]午|[早晚]上?)?(?:\d{1,2}[:时点].*)?"
_WEEKDAY = r"(?:\(?(?:星期|周)[一二三四五六日天]\)?)?"
_DIGITS = re.compile(rf"(\d{{4}})[年./\-、_](\d{{1,2}})[月./\-、_](\d{{1,2}})[日号]?{_WEEKDAY}{_TIME}")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WORDS = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]?"
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_NUMERALS = {"〇": 0, "○": 0, "零": 0, **{c: n for n, c in enumerate("一二三四五六七八九", start=1)}}

_FIX = "请按 2021-09-16 的形式补填。"
_NOT_A_DAY = "看不出是哪一天"


def read_day(cell: Cell, base: date) -> CellResult[date]:
    """Read a day: a date, a serial number of Excel, or text in one of the usual forms.

    Args:
        cell: the cell.
        base: day 0 of the workbook's serial numbers.

    Raises:
        UnclearCellError: it is not plainly one day.
    """
    value = cell.value
    if isinstance(value, datetime):
        return CellResult(_plausible(value.date()))
    if isinstance(value, date):
        return CellResult(_plausible(value))
    if isinstance(value, bool) or value is None:
        raise UnclearCellError(_NOT_A_DAY, _FIX)
    if isinstance(value, int | float):
        return _from_number(float(value), base)
    return _from_text(re.sub(r"\s", "", unicodedata.normalize("NFKC", value)), base)


_ANSWERED = re.compile("答复|回复|办结")
_NOT_YET = re.compile("未|没有|尚|待|拟|正在|将|否")
_DAY_IN_TEXT = re.compile(r"\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?|\d{8}")


@dataclass(frozen=True, slots=True)
class RegisteredReply:
    """A reply that a register tells; the day is None where it names none, or several."""

    on: date | None


def read_progress(cell: Cell, base: date) -> CellResult[RegisteredReply | None]:
    """Read whether a column that tells how far a matter is tells a reply, and of which day; None where it tells none.

    Args:
        cell: the cell, such as 已于2021年10月20日答复.
        base: day 0 of the workbook's serial numbers.
    """
    if not isinstance(cell.value, str):
        return CellResult(None)
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", cell.value))
    if not (_ANSWERED.search(text) or text in {"是", "已"}) or _NOT_YET.search(text):
        return CellResult(None)
    days = _DAY_IN_TEXT.findall(text)
    if len(days) == 1:
        told = f"从“{printable_excerpt(cell.value)}”读出答复日期，请核对"
        return CellResult(RegisteredReply(_from_text(days[0], base).value), told)
    reason = "没有写日期" if not days else "写了几个日期"
    return CellResult(RegisteredReply(None), f"读成已经答复，{reason}，请补填答复意见书的日期")


def _from_number(number: float, base: date) -> CellResult[date]:
    if number.is_integer() and _EIGHT.fullmatch(str(int(number))):
        return CellResult(_day(*_EIGHT.fullmatch(str(int(number))).groups()))  # type: ignore[union-attr]  # it matched
    try:
        day = _plausible(base + timedelta(days=int(number)))
    except (OverflowError, ValueError):
        raise UnclearCellError(_NOT_A_DAY, _FIX) from None
    return CellResult(day, f"是 Excel 的日期序号，读成 {day}，请核对")


def _from_text(text: str, base: date) -> CellResult[date]:
    found = _DIGITS.fullmatch(text) or _EIGHT.fullmatch(text)
    if found:
        return CellResult(_day(*found.groups()))
    words = _WORDS.fullmatch(text)
    if words:
        year = "".join(str(_NUMERALS[numeral]) for numeral in words[1])
        return CellResult(_day(year, str(_numeral_value(words[2])), str(_numeral_value(words[3]))))
    if _SERIAL.fullmatch(text):
        return _from_number(float(text), base)
    raise UnclearCellError("没有写全年、月、日" if re.search(r"\d", text) else _NOT_A_DAY, _FIX)


def _numeral_value(text: str) -> int:
    """A Chinese numeral below 100, such as 十六; a malformed one gives 0 or a number that is no day."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return _NUMERALS[text] if len(text) == 1 else 0
    return (_NUMERALS.get(tens, 1) if len(tens) <= 1 else 0) * 10 + (_NUMERALS.get(ones, 0) if len(ones) <= 1 else 99)


def _day(year: str, month: str, day: str) -> date:
    try:
        return _plausible(date(int(year), int(month), int(day)))
    except ValueError:
        raise UnclearCellError("没有这一天", "请核对原件后补填。") from None


def _plausible(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise UnclearCellError("年份不对", "请核对原件后补填。")
    return day
