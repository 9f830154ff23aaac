"""Amounts of money in capital numerals (大写金额), as receipts and undertakings print them."""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
_GROUP_SIZE = 4


def to_capital_amount(amount: str) -> str:
    """An amount in yuan, as 人民币壹万贰仟陆佰元整.

    One that ends at yuan or jiao bears 整, one that ends at fen does not; zeros between figures are read once.

    Args:
        amount: figures with at most twelve places before the point and two after it, such as ``36.25``.
    """
    yuan, _, cents = amount.partition(".")
    jiao, fen = (int(figure) for figure in cents.ljust(2, "0"))
    whole = _whole(yuan)
    text = f"{whole}元" if whole else ""
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif fen and text:
        text += "零"
    if fen:
        return f"人民币{text}{_DIGITS[fen]}分"
    return f"人民币{text or '零元'}整"


def _whole(figures: str) -> str:
    """A whole number; nothing for zero."""
    width = -(-len(figures) // _GROUP_SIZE) * _GROUP_SIZE
    figures = figures.zfill(width)
    text = ""
    for start in range(0, width, _GROUP_SIZE):
        group = figures[start : start + _GROUP_SIZE]
        if group.strip("0"):
            text += ("零" if text and group.startswith("0") else "") + _group(group)
            text += _GROUPS[(width - start) // _GROUP_SIZE - 1]
    return text


def _group(figures: str) -> str:
    """Four figures, read without the zeros at their ends."""
    text = ""
    for place, figure in zip(reversed(_PLACES), figures, strict=True):
        if figure != "0":
            text += _DIGITS[int(figure)] + place
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")
