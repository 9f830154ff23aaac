"""What is wrong with a tag that cannot be parsed, and how it is written: full-width marks, ``=`` for ``==``, ``&&`` for ``and``."""

from __future__ import annotations

import re
from collections.abc import Callable

_FULL_WIDTH = dict(zip("（），｜＝．：；！＞＜～＋－［］　", "(),|=.:;!><~+-[] ", strict=True))
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_OTHER_WORDS: tuple[tuple[str, str, str], ...] = (
    (r"===", "==", "比较用“==”"),
    (r"(?<![=!<>])=(?!=)", "==", "比较用两个等号"),
    (r"<>|≠", "!=", "“不等于”写成“!=”"),
    (r"≥|=>|> =", ">=", "“大于等于”写成“>=”"),
    (r"≤|=<|< =", "<=", "“小于等于”写成“<=”"),
    (r"\s*&&\s*|\s+(?:AND|并且|且)\s+", " and ", "“并且”写成 and"),
    (r"\s*\|\|\s*|\s+(?:OR|或者|或)\s+", " or ", "“或者”写成 or"),
    (r"!(?!=)\s*|\bNOT\s+|(?<=\s)非\s*", "not ", "“不”写成 not"),
)
_SPELLINGS = {"elseif": "elif", "elsif": "elif", "elif:": "elif", "end": "endif", "foreach": "for", "fi": "if"}
"""Words of other languages, and what a template writes."""


def misspelt_keyword(word: str) -> str:
    """Return the tag that a word of another language means; empty if none."""
    return _SPELLINGS.get(word, "")


def explain_syntax(tag: str, is_parsable: Callable[[str], bool]) -> tuple[str, str]:
    """Return what is wrong with a tag that cannot be parsed, and what to do.

    Args:
        tag: the tag as Jinja reads it.
        is_parsable: whether a tag can be parsed on its own.
    """
    full_width = dict.fromkeys(character for character in _QUOTED.sub("", tag) if character in _FULL_WIDTH)
    if full_width:
        changes = "、".join(f"“{character}”改成“{_FULL_WIDTH[character]}”" for character in full_width)
        return "标记里有全角标点", f"把{changes}（半角）"
    else_if = re.sub(r"\{%\s*else\s+if\b", "{% elif", tag)
    if else_if != tag and is_parsable(else_if):
        return "“否则如果”写成 elif", else_if
    reasons: list[str] = []
    mended = tag
    for pattern, right, reason in _OTHER_WORDS:
        if mended.startswith("{% set") or not re.search(pattern, _QUOTED.sub("", mended)):
            continue
        mended = _replace_outside_quotes(mended, pattern, right)
        reasons.append(reason)
        if is_parsable(mended):
            return "；".join(reasons), mended
    return "标记写得不对", "检查括号、引号是否成对，名称和名称之间缺不缺 and、or、==、|、~"


def _replace_outside_quotes(tag: str, pattern: str, right: str) -> str:
    pieces = re.split(r"('[^']*'|\"[^\"]*\")", tag)
    return "".join(piece if index % 2 else re.sub(pattern, right, piece) for index, piece in enumerate(pieces))
