"""Printed text: which characters are unsafe, how wide a text is, over how many lines it is broken, and how a date is written."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

LINE_SEPARATORS = "\u2028\u2029"


def format_day(day: date) -> str:
    """A date as papers and messages write it: 2021年9月22日."""
    return f"{day.year}年{day.month}月{day.day}日"


@lru_cache(maxsize=8192)
def is_unsafe(character: str) -> bool:
    """Whether a character steers and prints nothing, or means nothing.

    That is a control, format (bidi), surrogate, private-use or unassigned character (Unicode category C), or one of the
    line and paragraph separators (Zl and Zp), at which Python and the typesetter break a line, and Word and people do not.
    """
    return unicodedata.category(character)[0] == "C" or character in LINE_SEPARATORS


def shows_nothing(text: str) -> bool:
    """Whether a reader of a text learns nothing: it has no character but spaces, invisible ones and punctuation."""
    return not any(_tells_something(character) for character in text)


_EMPTY_SHAPES = frozenset("\u115f\u1160\u2800\u3164\uffa0\U0001d159")
"""Letters and symbols of Unicode that are drawn as empty space: fillers of Hangul, the empty Braille cell, a null note."""


def _tells_something(character: str) -> bool:
    """Whether it is a letter, a figure or a symbol that is drawn; a mark (category M) is drawn only on such a one.

    A surrogate, private-use or unassigned character counts too: it is reported as unsafe, and must not pass as nothing.
    """
    category = unicodedata.category(character)
    return (category[0] in "LNS" or category in {"Cs", "Co", "Cn"}) and character not in _EMPTY_SHAPES


def unsafe_characters(text: str) -> set[str]:
    """The unsafe characters of a text; a line break is safe."""
    return {character for character in text if character != "\n" and is_unsafe(character)}


def replace_unsafe(text: str, replacement: str | Callable[[str], str], *, keep: str = "\n") -> str:
    """The text with every unsafe character replaced.

    Args:
        text: any text.
        replacement: the replacement, or a function that returns it for a character.
        keep: unsafe characters that stay; the line break by default.
    """
    put = replacement if callable(replacement) else lambda _: replacement
    return "".join(put(c) if c not in keep and is_unsafe(c) else c for c in text)


def printable_excerpt(text: str, length: int = 40) -> str:
    """The beginning of a text for a message, each character that Python calls unprintable shown as �."""
    return "".join(c if c.isprintable() else "�" for c in text[:length])


def readable_file_name(name: str) -> str:
    """A file's name as a person can read it: where it is no UTF-8, as Chinese Windows writes it (GB 18030), else with �.

    Args:
        name: a name as the file system gives it, with half characters (surrogates) for bytes that are no UTF-8.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        with contextlib.suppress(UnicodeError):
            return name.encode(errors="surrogateescape").decode("gb18030")
    return replace_surrogates(name)


def replace_surrogates(text: str) -> str:
    """The text with � for each half character (surrogate), which no encoding can hold."""
    return re.sub(_SURROGATES, "\ufffd", text)


_SURROGATES = "[\ud800-\udfff]"


def map_strings(value: Any, function: Callable[[str], str]) -> Any:  # noqa: ANN401 (any record of a view)
    """The same record with a function applied to every string in it: in dataclasses, and in tuples of them."""
    if isinstance(value, str):
        return function(value)
    if isinstance(value, tuple):
        return tuple(map_strings(one, function) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{field.name: map_strings(getattr(value, field.name), function) for field in fields(value)}
        )
    return value


def display_width(text: str, *, ambiguous: int = 1) -> int:
    """The columns that a text takes: 2 for a wide or full-width character, 1 for any other.

    Args:
        text: any text.
        ambiguous: columns of a character whose width depends on the font, such as “—”; 2 in Chinese fonts.
    """
    widths = {"W": 2, "F": 2, "A": ambiguous}
    return sum(widths.get(unicodedata.east_asian_width(character), 1) for character in text)


_LATIN_EMS = 0.56
"""The average width of a Latin letter or figure beside Chinese characters, each of which is one em wide."""
_UNBREAKABLE = r"(?s:\d+年\d+月\d+日|\d+月\d+日|[!-~]+[年月日号元]?|.)[，。；：、）》”…]*"
"""What is never broken across lines: a date, a number with its unit, a Latin word, or a character; and the mark after it."""


def em_width(text: str) -> float:
    """The estimated width of a typeset text, in ems (widths of a Chinese character)."""
    return sum(_LATIN_EMS if character.isascii() else 1.0 for character in text)


def count_lines(text: str, ems: float, width_of: Callable[[str], float] = em_width) -> int:
    """The estimated number of lines that a text takes in a column.

    Args:
        text: any text.
        ems: the width of the column, in ems.
        width_of: the width of a piece of text that is not broken, in ems.
    """
    count, used = 1, 0.0
    for word in re.findall(_UNBREAKABLE, text):
        width = width_of(word)
        if used and used + width > ems:
            count, used = count + 1, 0.0
        used += width
        count, used = count + int(used // ems), used % ems
    return count
