"""Numbers in the formats of Word's automatic numbering (ST_NumberFormat): 1, 一, ①, 壹, 甲, a, i and others."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_TEEN, _TWENTY, _HUNDRED, _MYRIAD = 10, 20, 100, 10_000
_MAX_LETTERS, _MAX_ROMAN = 780, 4999
"""Word writes no longer row of letters; a higher number is written in figures."""
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def _counting(digits: str, units: str, *, with_one: bool = False) -> Callable[[int], str]:
    """Return a function that writes a number below 10,000 with 十, 百, 千; above that, in figures."""

    def write(number: int) -> str:
        if not 0 < number < _MYRIAD:
            return str(number) if number else digits[0]
        text, gap = "", False
        for place in (3, 2, 1, 0):
            digit = number // 10**place % 10
            if digit:
                text += (digits[0].replace("〇", "零") if gap and text else "") + digits[digit] + units[place].strip()
            gap = not digit
        return text if with_one or not _TEEN <= number < _TWENTY else text.removeprefix(digits[1])

    return write


def _placed_digits(number: int) -> str:
    """Write each digit by itself: 一〇五."""
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _counting_to_99(number: int) -> str:
    """Write 十一 up to 九十九, then each digit by itself, as Word's chineseCounting does."""
    return _counting(_DIGITS, " 十百千")(number) if number < _HUNDRED else _placed_digits(number).replace("〇", "○")


def _letters(first: str) -> Callable[[int], str]:
    """Return a function that writes a, b, … z, aa, bb, …"""

    def write(number: int) -> str:
        if not 0 < number <= _MAX_LETTERS:
            return str(number)
        return chr(ord(first) + (number - 1) % 26) * ((number - 1) // 26 + 1)

    return write


def _roman(number: int) -> str:
    if not 0 < number <= _MAX_ROMAN:
        return str(number)
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text


def _enclosed(first: int, most: int) -> Callable[[int], str]:
    """Return a function that writes characters such as ①; past the last one, figures."""
    return lambda number: chr(first + number - 1) if 1 <= number <= most else str(number)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)] if 1 <= number <= len(signs) else str(number)


def _full_width(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "numberInDash": lambda number: f"- {number} -",
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "upperLetter": _letters("A"),
    "lowerLetter": _letters("a"),
    "chineseCounting": _counting_to_99,
    "chineseCountingThousand": _counting(_DIGITS, " 十百千"),
    "taiwaneseCounting": _counting_to_99,
    "taiwaneseCountingThousand": _counting(_DIGITS, " 十百千"),
    "japaneseCounting": _counting(_DIGITS, " 十百千"),
    "ideographDigital": _placed_digits,
    "japaneseDigitalTenThousand": _placed_digits,
    "taiwaneseDigital": _placed_digits,
    "chineseLegalSimplified": _counting(_LEGAL_DIGITS, " 拾佰仟", with_one=True),
    "decimalEnclosedCircle": _enclosed(0x2460, 20),
    "decimalEnclosedCircleChinese": _enclosed(0x2460, 20),
    "decimalEnclosedFullstop": _enclosed(0x2488, 20),
    "decimalEnclosedParen": _enclosed(0x2474, 20),
    "ideographEnclosedCircle": _enclosed(0x3220, 10),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "none": lambda _: "",
}


def is_known_format(name: str) -> bool:
    """Whether numbers can be written in this format."""
    return name in _FORMATS or name == "bullet"


def format_number(number: int, name: str) -> str:
    """Write a number in one of the formats."""
    return _FORMATS.get(name, str)(number)
