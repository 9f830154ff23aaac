"""Conditions that are turned round: a sentence stands in other situations than in the reference, or a word contradicts its condition."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from bundler.template_check.contracts import Contract
from bundler.template_check.meaning.filled_text import FilledPart, Filling, Origin
from bundler.template_check.meaning.kinds import CONDITION, MeaningWarning
from bundler.template_check.tokens import Part, Token
from bundler.template_check.types import ListType, RecordType, present_members
from bundler.template_check.view_types import fields_of

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LEAST_WORDS = 3
_MOST_SITUATIONS = 3
_BOXES = "☑□"
_BOX_LABEL = re.compile(r"[\u4e00-\u9fff、]+")
_EQUALS = re.compile(r"(\w+)\s*==\s*'([a-z_]+)'")


def find_turned_conditions(filled: FilledPart, reference: FilledPart) -> Iterator[MeaningWarning]:
    """Yield words that stand in none of the situations in which the reference has them, or that change places with others.

    Args:
        filled: the part.
        reference: the same part of templates that are right, filled with the same views.
    """
    now, before = _places(filled.fillings), _places(reference.fillings)
    tokens = filled.part.tokens
    for words, places in now.items():
        old = before.get(words)
        swapped = [
            other
            for other, others_old in before.items()
            if other != words and old and places == others_old != old and now.get(other) == old
        ]
        if not old or (places & old and not swapped):
            continue
        token = _token_of(tokens, words)
        condition = _enclosing_condition(tokens, token)
        message = (
            f"“{words}”和“{swapped[0]}”对调了位置"
            if swapped and places & old
            else f"“{words}”原来在{_describe(old, filled.fillings)}印，现在在{_describe(places, filled.fillings)}印，"
            "没有一种情形相同"
        )
        suggestion = f"看看条件“{condition.text}”是不是写反了" if condition else "看看条件是不是写反了"
        yield MeaningWarning(
            CONDITION, token.location, condition.text if condition else token.text, message, suggestion
        )


def _places(fillings: Sequence[Filling]) -> dict[str, set[int]]:
    """In which fillings each piece of the template's words is printed; a ticked box belongs to the words after it."""
    found: dict[str, set[int]] = defaultdict(set)
    for number, filling in enumerate(fillings):
        for paragraph in filling.paragraphs:
            box = ""
            for piece in paragraph.pieces:
                if piece.origin is Origin.WORDS:
                    label = _BOX_LABEL.match(piece.text)
                    if box == _BOXES[0] and label is not None:
                        found[f"{box}{label[0]}"].add(number)
                    words = piece.text.strip()
                    if len(_HAN.findall(words)) >= _LEAST_WORDS:
                        found[words].add(number)
                box = piece.text if piece.text in _BOXES else ""
    return found


def _token_of(tokens: Sequence[Token], words: str) -> Token:
    wanted = words.lstrip(_BOXES)
    exact = [token for token in tokens if not token.is_tag and token.text.strip() == wanted]
    return next(iter(exact), None) or next(
        token for token in tokens if not token.is_tag and token.text.startswith(wanted)
    )


def _enclosing_condition(tokens: Sequence[Token], wanted: Token) -> Token | None:
    """The tag of the innermost condition around a token; the tag of a box that stands before it."""
    open_tags: list[Token] = []
    before: Token | None = None
    for token in tokens:
        if token is wanted:
            is_box = before is not None and before.is_tag and "|box" in before.source
            return before if is_box else open_tags[-1] if open_tags else None
        if token.is_tag and token.keyword in {"if", "for"}:
            open_tags.append(token)
        elif token.is_tag and token.keyword in {"elif", "else"} and open_tags:
            open_tags[-1] = token
        elif token.is_tag and token.keyword in {"endif", "endfor"} and open_tags:
            open_tags.pop()
        before = token
    return None


def _describe(numbers: set[int], fillings: Sequence[Filling]) -> str:
    titles = list(dict.fromkeys(fillings[number].situation for number in sorted(numbers) if fillings[number].situation))
    if not titles:
        return "别的情形"
    more = f"等 {len(titles)} 种情形" if len(titles) > _MOST_SITUATIONS else ""
    return f"“{'”“'.join(titles[:_MOST_SITUATIONS])}”{more}"


def find_contradicted_conditions(part: Part, contract: Contract) -> Iterator[MeaningWarning]:
    """Yield a box or a branch for one word of an enumeration that is followed by the Chinese of another one."""
    words = _enumerations(contract.view)
    tokens = part.tokens
    for token, after in itertools.pairwise(tokens):
        asked = _EQUALS.findall(token.source) if token.is_tag else []
        is_simple = token.source.startswith("{{") and "|box" in token.source
        if len(asked) != 1 or after.is_tag or not is_simple:
            continue
        name, value = asked[0]
        known = words.get((name, value))
        if known is None:
            continue
        own, others = known
        label = _BOX_LABEL.match(after.text)
        if label is not None and own not in label[0] and label[0] in others:
            message = f"这一格问的是“{own}”（{name} == '{value}'），后面印的是“{label[0]}”"
            yield MeaningWarning(CONDITION, token.location, token.text, message, "改条件，或者改后面的字")


def _enumerations(view: type) -> dict[tuple[str, str], tuple[str, set[str]]]:
    """By the name of a field and the code of a word: its Chinese, and the Chinese of the other words."""
    found: dict[tuple[str, str], tuple[str, set[str]]] = {}
    waiting, seen = [view], {view}
    while waiting:
        for name, one in fields_of(waiting.pop()).items():
            chinese = one.title.partition("：")[2].split("、")
            if one.literals and len(chinese) == len(one.literals):
                for code, word in zip(one.literals, chinese, strict=True):
                    found[name, str(code)] = (word, set(chinese) - {word})
            members = [
                item
                for member in present_members(one.value_type)
                for item in (member, *(member.item if isinstance(member, ListType) else ()))
            ]
            records = {member.type for member in members if isinstance(member, RecordType)} - seen
            seen |= records
            waiting += records
    return found
