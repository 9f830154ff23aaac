"""Days as people write them into registers."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

from bundler.intake.doubt import CellResult, UnclearCellError
from bundler.intake.worksheets import Cell

EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
"""Days outside are misprints."""

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
    """The day in a cell: a date, a serial number of Excel, or text in one of the usual forms.

    Args:
        cell: the cell.
        base: day 0 of the workbook's serial numbers.

    Raises:
        DoubtError: it is not plainly one day; no part of it is guessed.
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
        return CellResult(_day(year, str(_counted(words[2])), str(_counted(words[3]))))
    if _SERIAL.fullmatch(text):
        return _from_number(float(text), base)
    raise UnclearCellError("没有写全年、月、日" if re.search(r"\d", text) else _NOT_A_DAY, _FIX)


def _counted(text: str) -> int:
    """十六 and the like."""
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
