"""Forms of address that are mixed: 你 and 你们, 本院 and 我院."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bundler.template_check.meaning.enclosing_conditions import enclosing_conditions
from bundler.template_check.meaning.filled_text import FilledPart, Filling, Origin
from bundler.template_check.meaning.warning_kinds import ADDRESS, COURT, MeaningWarning
from bundler.template_check.tokens import Part

_YOU = re.compile(r"你(?:们|公司|单位)?(?!院)|您们?")
_SET_ADDRESS = re.compile(r"\{%\s*set\s+(\w+)\s*=\s*'(你(?:们|公司|单位)?)'\s*%\}")
_ASKS_READERS = re.compile(r"\|length|\.kind")
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


def find_fixed_address(part: Part) -> Iterator[MeaningWarning]:
    """Yield forms of address in the words of a part that sets a name to several of them; a condition on the readers excuses one."""
    names = {found[1] for token in part.tokens if (found := _SET_ADDRESS.match(token.source))}
    forms = {found[2] for token in part.tokens if (found := _SET_ADDRESS.match(token.source))}
    if len(forms) < 2:  # noqa: PLR2004 (one form is always right)
        return
    around = enclosing_conditions(part.tokens)
    for index, token in enumerate(part.tokens):
        asked = " ".join(tag.source for tag in around[index])
        found = None if token.is_tag or _ASKS_READERS.search(asked) else _YOU.search(token.text)
        if found is not None:
            message = (
                f"这里写死了“{found[0]}”，人数、单位不同时，别处会是{'、'.join(f'“{form}”' for form in sorted(forms))}"
            )
            yield MeaningWarning(ADDRESS, token.location, found[0], message, f"用 {{{{ {min(names)} }}}} 代替")


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
