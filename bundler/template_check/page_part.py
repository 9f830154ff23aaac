"""The bundle's own pages as parts: HTML, line by line."""

from __future__ import annotations

import re

from bundler.template_check.part import Part
from bundler.template_check.tokens import Location, PartProblem, Token, cut

_MARK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_CODE = re.compile(r"<\s*script|<[^>]*\son\w+\s*=|javascript:|<\s*(?:iframe|object|embed|link)\b", re.IGNORECASE)
_OUTSIDE = re.compile(r"""(?:src|href)\s*=\s*["']?\s*(?!urn:folio:|data:|#|["'])[^\s"'>]""", re.IGNORECASE)


def page_part(text: str) -> Part:
    """The pieces of an HTML page; a mark that runs over lines stands on its first."""
    whole = _MARK.sub(lambda mark: mark[0].replace("\n", "\x00"), text.replace("\r\n", "\n"))
    pieces: list[Token] = []
    flaws: list[PartProblem] = []
    number = 1
    for line in whole.split("\n"):
        place = Location(number, line.replace("\x00", " "))
        found, wrong = cut(place, is_word=False)
        pieces += found
        flaws += [*wrong, *_forbidden(place)]
        number += 1 + line.count("\x00")
    return Part("页面", tuple(pieces), tuple(flaws), by_lines=True)


def _forbidden(place: Location) -> list[PartProblem]:
    """What a page of a bundle may not hold: code, and anything fetched from elsewhere."""
    bare = _MARK.sub("", place.text)
    return [
        PartProblem(place, found[0], "卷页里不能有脚本，也不能取外面的文件", "删去")
        for pattern in (_CODE, _OUTSIDE)
        if (found := pattern.search(bare)) is not None
    ]
