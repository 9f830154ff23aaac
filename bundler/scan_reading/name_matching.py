"""Finding a name in text that was read by an engine that knows no rare characters and makes mistakes."""

from __future__ import annotations

import re
from functools import lru_cache

from bundler.scan_reading.page_text_lines import fold

_COMMON = re.compile("[\u4e00-\u9fa5]")
"""The characters that the engine reads reliably; 𬭎 was read as 铵 in 87 of 88 places (`docs/reading.md`)."""
_MIN_CERTAIN = 2
"""Characters of a name that must be legible for it to tell anything."""
_LONG_NAME = 6
"""A name of this length, such as a company's, may have one character read wrongly."""


def find_name(name: str, text: str) -> bool:
    """Whether a name stands in a folded text; a rare character matches any, and in a long name one may be wrong."""
    pattern = _pattern(name)
    return pattern is not None and pattern.search(text) is not None


@lru_cache(maxsize=1024)
def _pattern(name: str) -> re.Pattern[str] | None:
    """The pattern of a name; None where too little of it can be read reliably."""
    parts = [re.escape(c) if _COMMON.fullmatch(c) or c.isascii() else ".?" for c in fold(name)]
    if sum(part != ".?" for part in parts) < _MIN_CERTAIN:
        return None
    whole = "".join(parts)
    if len(parts) < _LONG_NAME:
        return re.compile(whole)
    with_one_wrong = ("".join((*parts[:place], ".?", *parts[place + 1 :])) for place in range(len(parts)))
    return re.compile("|".join((whole, *with_one_wrong)))
