"""Recognise the rows of a register that are no petition: totals, and the signatures and remarks at its foot."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from bundler.intake.read_register_worksheet import Cell

RowKind = Literal["total", "foot"]

_COUNT = "[0-9一二三四五六七八九十百千零〇两]+(?:件|起|宗|人次|件次|人|批|条|案|户|份|页)(?:次)?"
_TOTAL = re.compile(
    rf"(?:本|当|全)?(?:页|月|季|季度|年|年度|周|日|表|期|册|院|庭)?(?:合|小|总|共|累)计(?:数|件数|人数)?(?:[(（][^)）]{{1,6}}[)）])?[:：]?(?:共?{_COUNT}|[0-9]+)?(?:[,，;；、].*)?"
    rf"|(?:总数|件数|以上|本页)?[:：]?(?:共|共计|合计|总计|计){_COUNT}(?:[,，;；、].*)?"
    r"|(?:sub)?total[:：]?[0-9]*",
    re.IGNORECASE,
)
_FOOT = re.compile(
    r"(?:制表|填表|填报|审核|复核|审批|审签|经办|统计|登记|校对|打印|报送|负责|分管|主管|联系|承办)(?:人|员|单位|部门|时间|日期|领导|电话|法官)?(?:[（(]?(?:签字|签名|签章|盖章)[）)]?)?[:：].*"
    r"|(?:单位|日期|时间|备注|注|说明|注明|填表说明)[:：].*"
    r"|[（(]?(?:以下|此页|下页|本页以下)(?:空白|无正文|无内容|没有)[)）]?|[-—－]*(?:完|end|接下页|转下页|续下页)[-—－]*|第?[0-9]+页(?:[,，/]?共[0-9]+页)?",
    re.IGNORECASE,
)
_TITLES = {"total": "是合计", "foot": "是表尾（制表人、审核人、说明等）"}


def kind_of_row(cells: tuple[Cell, ...], number: str) -> RowKind | None:
    """What a row without a petition is; None for a row that may be one.

    Args:
        cells: all cells of the row.
        number: the text in the column of the registration number (登记号); empty without one.
    """
    texts = [_plain(cell.value) for cell in cells if isinstance(cell.value, str) and not cell.inherited]
    texts = [text for text in texts if text]
    if not texts:
        return None
    if _TOTAL.fullmatch(_plain(number)) or (_TOTAL.fullmatch(texts[0]) and not _is_numbered(number)):
        return "total"
    if any(_TOTAL.fullmatch(text) for text in texts) and not number.strip():
        return "total"
    if _FOOT.fullmatch(texts[0]) and (not re.search(r"\d", number) or _FOOT.fullmatch(_plain(number))):
        return "foot"
    return None


def describe_row_kind(kind: RowKind) -> str:
    """What a kind of row is, in Chinese."""
    return _TITLES[kind]


def _is_numbered(number: str) -> bool:
    """Whether a registration number is more than a count."""
    plain = _plain(number)
    return bool(plain) and not re.fullmatch(rf"[0-9]+|共?{_COUNT}", plain)


def _plain(text: object) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)) if isinstance(text, str) else ""
