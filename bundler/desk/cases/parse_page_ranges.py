"""Page numbers as a clerk writes them: single pages and ranges, full-width or half-width, in any usual form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bundler.errors import CaseError

_HELP = "请写成“1-3，5”这样。"
_SEPARATORS = re.compile(r"[,、;.\s]+")
_RANGE = re.compile(r"(\d{1,6})(?:[-‐‑‒–—―−~〜至到]+(\d{1,6}))?")
_WORDS = str.maketrans("", "", "第页")


def parse_page_numbers(text: str, count: int) -> tuple[int, ...]:
    """The numbers of pages in the order written, each once; such as “１－３，５” or “第5页至第3页”.

    Args:
        text: what the clerk wrote; a range may run backwards.
        count: the number of pages that there are.

    Raises:
        CaseError: it names no page, or one that there is not.
    """
    found: list[int] = []
    for part in _parts(text):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise CaseError(f"看不懂页码“{part}”。", fix=_HELP)
        first, last = int(match[1]), int(match[2] or match[1])
        outside = next((page for page in (first, last) if not 1 <= page <= count), None)
        if outside is not None:
            raise CaseError(f"没有第 {outside} 页，一共 {count} 页。", fix=_HELP)
        found += range(first, last + 1) if first <= last else range(first, last - 1, -1)
    if not found:
        raise CaseError("没有写页码，也没有选页。", fix=f"请先选页，或者{_HELP.removeprefix('请')}")
    return tuple(dict.fromkeys(found))


def normalise_page_range(text: str) -> str:
    """A range as case.json has it, such as “1-4” for “第１－４页”; other text is returned as it is."""
    parts = list(_parts(text))
    match = _RANGE.fullmatch(parts[0]) if len(parts) == 1 else None
    if match is None:
        return text
    return f"{int(match[1])}-{int(match[2])}" if match[2] else str(int(match[1]))


def page_range_text(pages: Sequence[int]) -> str | None:
    """Consecutive pages as a range for case.json, such as “3-5” or “3”; None where they are not consecutive."""
    if not pages or list(pages) != list(range(pages[0], pages[0] + len(pages))):
        return None
    return f"{pages[0]}-{pages[-1]}" if len(pages) > 1 else str(pages[0])


def _parts(text: str) -> list[str]:
    """The parts between separators, in half-width; blanks around a dash belong to its range."""
    plain = unicodedata.normalize("NFKC", text).translate(_WORDS)
    joined = re.sub(r"\s*([-‐‑‒–—―−~〜至到])\s*", r"\1", plain)
    return [part for part in _SEPARATORS.split(joined) if part]
