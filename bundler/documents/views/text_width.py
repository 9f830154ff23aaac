"""How much room words take, for the papers that must fit on one page and choose their styles accordingly."""

from __future__ import annotations

import re

_WORD = re.compile(r"(?:\d+年\d+月\d+日|\d+月\d+日|[!-~]+[年月日号元]?|.)[，。；：、）》”…]*", re.DOTALL)
"""What stands on one line: a date, a number with its unit, a name of a file, or a character, and the mark after it."""


def width(text: str) -> float:
    """The width of a text in Chinese characters."""
    return sum(0.56 if character.isascii() else 1.0 for character in text)


def rows(text: str, characters: float) -> int:
    """Over how many lines of so many Chinese characters a text goes."""
    count, filled = 1, 0.0
    for word in _WORD.findall(text):
        wide = width(word)
        if filled and filled + wide > characters:
            count, filled = count + 1, 0.0
        filled += wide
        count, filled = count + int(filled // characters), filled % characters
    return count
