"""Personal numbers masked (遮盖) where a paper leaves the court or its file: identity numbers, phones, bank accounts."""

from __future__ import annotations

import re

_ID_OR_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])[0-9]{6}[0-9]{5,9}[0-9]{3}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9])(1[3-9][0-9])([- ]?)[0-9]{4}([- ]?)([0-9]{4})(?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9A-Za-z])(0[0-9]{2,3}[- ]?)[0-9]{3,4}([0-9]{4})(?![0-9])")
_FULL_WIDTH = {ord(wide): str(digit) for digit, wide in enumerate("０１２３４５６７８９")}


def masked(text: str) -> str:
    """The text with every identity number (first 6, last 4 kept), account and phone (``138****0000``) covered."""
    plain = text.translate(_FULL_WIDTH)
    covered = _ID_OR_ACCOUNT.sub(lambda found: _covered(found[0]), plain)
    covered = _MOBILE.sub(r"\1\2****\3\4", covered)
    covered = _LANDLINE.sub(r"\1****\2", covered)
    return text if covered == plain else covered


def _covered(number: str) -> str:
    return number[:6] + "*" * (len(number) - 10) + number[-4:]
