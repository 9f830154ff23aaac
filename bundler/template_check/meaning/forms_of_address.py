"""Forms of address that are mixed: 你 and 你们, 本院 and 我院."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bundler.template_check.meaning.filled_text import FilledPart, Filling, Origin
from bundler.template_check.meaning.kinds import ADDRESS, COURT, MeaningWarning
from bundler.template_check.tokens import Part

_YOU = re.compile(r"你(?:们|公司|单位)?(?!院)|您们?")
_COURT = re.compile(r"本院|我院")


def find_mixed_address(filled: FilledPart) -> Iterator[MeaningWarning]:
    """Yield words of the template that address the reader otherwise than the rest of the same rendering does."""
    for filling in filled.fillings:
        yield from _check_filling(filling)


def _check_filling(filling: Filling) -> Iterator[MeaningWarning]:
    found = [
        (form[0], piece.origin, paragraph.location)
        for paragraph in filling.paragraphs
        for piece in paragraph.pieces
        if piece.origin is not Origin.VALUE
        for form in _YOU.finditer(piece.text)
    ]
    counts = Counter(form for form, _, _ in found)
    if len(counts) < 2:  # noqa: PLR2004 (one form is no mixture)
        return
    computed = Counter(form for form, origin, _ in found if origin is Origin.CONSTANT)
    usual = (computed or counts).most_common(1)[0][0]
    where = f"（情形：{filling.situation}）" if filling.situation else ""
    for form, origin, location in found:
        if origin is Origin.WORDS and form != usual:
            message = f"这里写“{form}”，同一份文书里别处是“{usual}”{where}"
            suggestion = "用 {{ you }} 代替，人数不同时自动改变" if computed else f"改成“{usual}”"
            yield MeaningWarning(ADDRESS, location, form, message, suggestion)


def find_mixed_court(part: Part) -> Iterator[MeaningWarning]:
    """Yield the rarer of 本院 and 我院 where one part has both: inner papers and those to petitioners say 本院, to a higher court 我院."""
    found = [(form[0], token.location) for token in part.tokens for form in _COURT.finditer(token.text)]
    counts = Counter(form for form, _ in found)
    if len(counts) < 2:  # noqa: PLR2004 (one form is no mixture)
        return
    usual = counts.most_common(1)[0][0]
    for form, location in found:
        if form != usual:
            message = f"这里写“{form}”，同一份文书里别处写“{usual}”（{counts[usual]} 处）"
            yield MeaningWarning(COURT, location, form, message, f"改成“{usual}”；报上级的文书写“我院”，其他写“本院”")
