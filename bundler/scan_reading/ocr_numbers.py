"""Numbers as the OCR engine reads them, in figures and in characters, and how its mistakes turn one number into another."""

from __future__ import annotations

FIGURE = "[0-9lIO|]"
"""A figure, or a letter that the engine takes it for, in a pattern."""
DIGITS = "〇零○一二三四五六七八九"
"""The characters of the figures from 0 to 9; those of 0 come first."""
NON_ZERO = DIGITS[3:]
TENS = "十廿卅"
_LETTERS = str.maketrans("lI|OoD", "111000")
_VALUES = {**dict.fromkeys("〇零○", 0), **{character: place + 1 for place, character in enumerate(NON_ZERO)}}
_FIGURES_OF_YEAR = 4


def in_figures(text: str) -> str:
    """A number in figures without the letters that the engine took figures for."""
    return text.translate(_LETTERS)


def is_in_characters(text: str) -> bool:
    """Whether a number is written in characters: 十二."""
    return text[:1] in tuple(DIGITS + TENS)


def number_of(text: str) -> int:
    """A number in figures, or in characters up to ninety-nine; 0 where it is none."""
    if not is_in_characters(text):
        figures = in_figures(text)
        return int(figures) if figures.isdecimal() else 0
    tens = next((mark for mark in TENS if mark in text), "")
    if not tens:
        return int(figures_of(text))
    before, _, after = text.partition(tens)
    ten = (TENS.index(tens) + 1) * 10 if tens != "十" or not before else _VALUES.get(before, 0) * 10
    return ten + (_VALUES.get(after, 0) if after else 0)


def year_of(text: str) -> int:
    """A year in figures or in characters; one of three characters has lost 〇 behind 二, or 二 before it."""
    if not is_in_characters(text):
        return int(in_figures(text))
    figures = "".join(str(_VALUES.get(character, 0)) for character in text)
    return int(figures if len(figures) == _FIGURES_OF_YEAR else f"20{figures[1:]}")


def figures_of(text: str) -> str:
    """The figures of a number that is written one by one, in figures or characters: 2021 of 二〇二一."""
    return "".join(str(_VALUES.get(one, one)) for one in in_figures(text))


def is_part_of(text: str, whole: str) -> bool:
    """Whether a text is another one with characters left out."""
    rest = iter(whole)
    return all(character in rest for character in text)


def differ_by_one_figure(one: str, other: str) -> bool:
    """Whether one text is the other with one character changed, put in or left out, as 2023.2.1 and 2023.2.21."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) == len(longer):
        return sum(first != second for first, second in zip(shorter, longer, strict=True)) == 1
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))
