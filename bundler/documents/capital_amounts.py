"""Amounts of money in capital numerals (大写金额), as receipts and commitments print them."""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
_GROUP_SIZE = 4


def to_capital_amount(amount: str) -> str:
    """An amount in yuan, as 人民币壹万贰仟陆佰元整.

    An amount without fen ends in 整. Consecutive zeros inside an amount become one 零.

    Args:
        amount: digits, at most twelve before the decimal point and two after it, such as ``36.25``.
    """
    yuan, _, cents = amount.partition(".")
    jiao, fen = (int(figure) for figure in cents.ljust(2, "0"))
    whole = _integer_in_capitals(yuan)
    text = f"{whole}元" if whole else ""
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif fen and text:
        text += "零"
    if fen:
        return f"人民币{text}{_DIGITS[fen]}分"
    return f"人民币{text or '零元'}整"


def _integer_in_capitals(figures: str) -> str:
    """The words of a whole number; empty for zero."""
    width = -(-len(figures) // _GROUP_SIZE) * _GROUP_SIZE
    figures = figures.zfill(width)
    text = ""
    for start in range(0, width, _GROUP_SIZE):
        group = figures[start : start + _GROUP_SIZE]
        if group.strip("0"):
            text += ("零" if text and group.startswith("0") else "") + _group_in_capitals(group)
            text += _GROUPS[(width - start) // _GROUP_SIZE - 1]
    return text


def _group_in_capitals(figures: str) -> str:
    """The words of four digits, without zeros at either end."""
    text = ""
    for unit, figure in zip(reversed(_PLACES), figures, strict=True):
        if figure != "0":
            text += _DIGITS[int(figure)] + unit
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")
