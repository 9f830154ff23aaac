"""Conditions that are turned round: a sentence stands in other situations than in the reference, or a word contradicts its condition."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from bundler.template_check.meaning.filled_text import FilledPart, Filling, Origin
from bundler.template_check.meaning.warning_kinds import CONDITION, MeaningWarning
from bundler.template_check.tokens import Part, Token

_WORD = re.compile(r"\w")
_LEAST_WORDS = 1
SAMPLE_PREFIX = "样本 "
"""With what the title of a sample case begins, which is none of the situations that previews show."""
_MOST_SITUATIONS = 3
_BOXES = "☑□"
_BOX_LABEL = re.compile(r"[\u4e00-\u9fff、]+")
_COMPARED = re.compile(r"(\w+)\s*(==|!=)\s*('[^']+'|\d+)")


def find_turned_conditions(filled: FilledPart, reference: FilledPart) -> Iterator[MeaningWarning]:
    """Yield words that stand in none of the situations in which the reference has them, or that change places with others.

    Args:
        filled: the part.
        reference: the same part of templates that are right, filled with the same views.
    """
    now, before = _places(filled), _places(reference)
    tokens = filled.part.tokens
    for (words, count), places in now.items():
        if (words, count) not in before:
            continue
        old = before[words, count]
        swapped = [
            other
            for (other, number), others_old in before.items()
            if other != words and places and places == others_old != old and now.get((other, number)) == old
        ]
        if places == old or (places & old and not swapped):
            continue
        token = _token_of(tokens, words, count)
        condition = _enclosing_condition(tokens, token)
        message = (
            f"“{words}”和“{swapped[0]}”对调了位置"
            if swapped and places & old
            else f"“{words}”原来{_describe(old, filled.fillings)}，现在{_describe(places, filled.fillings)}，没有一种情形相同"
        )
        suggestion = f"看看条件“{condition.text}”是不是写反了" if condition else "看看条件是不是写反了"
        yield MeaningWarning(
            CONDITION, token.location, condition.text if condition else token.text, message, suggestion
        )


Words = tuple[str, int]
"""Words of a template, and how many tokens before had the same ones."""


def _places(filled: FilledPart) -> dict[Words, set[int]]:
    """In which fillings each piece of the template's words is printed; a ticked box belongs to the words after it."""
    counts = _count_same(filled.part.tokens)
    found: dict[Words, set[int]] = defaultdict(set)
    for token, count in zip(filled.part.tokens, counts, strict=True):
        if not token.is_tag and len(_WORD.findall(token.text)) >= _LEAST_WORDS:
            found[token.text.strip(), count] = set()
    for number, filling in enumerate(filled.fillings):
        for paragraph in filling.paragraphs:
            box = ""
            for piece in paragraph.pieces:
                if piece.origin is Origin.WORDS:
                    label = _BOX_LABEL.match(piece.text)
                    if box == _BOXES[0] and label is not None:
                        found[f"{box}{label[0]}", counts[piece.token]].add(number)
                    words = piece.text.strip()
                    if len(_WORD.findall(words)) >= _LEAST_WORDS:
                        found[words, counts[piece.token]].add(number)
                box = piece.text if piece.text in _BOXES else ""
    return found


def _count_same(tokens: Sequence[Token]) -> list[int]:
    """For each token, how many before it have the same words."""
    seen: Counter[str] = Counter()
    counts = []
    for token in tokens:
        counts.append(seen[token.text.strip()])
        seen[token.text.strip()] += 1
    return counts


def _token_of(tokens: Sequence[Token], words: str, count: int) -> Token:
    wanted, counts = words.lstrip(_BOXES), _count_same(tokens)
    exact = [
        one
        for one, same in zip(tokens, counts, strict=True)
        if not one.is_tag and one.text.strip() == wanted and same == count
    ]
    return next(iter(exact), None) or next(one for one in tokens if not one.is_tag and one.text.startswith(wanted))


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
        elif token.is_tag and token.keyword == "elif" and open_tags:  # an else stands for the condition before it
            open_tags[-1] = token
        elif token.is_tag and token.keyword in {"endif", "endfor"} and open_tags:
            open_tags.pop()
        before = token
    return None


def _describe(numbers: set[int], fillings: Sequence[Filling]) -> str:
    titles = list(dict.fromkeys(fillings[number].situation for number in sorted(numbers) if fillings[number].situation))
    if not numbers:
        return "哪一种情形也不印"
    if not titles:
        return "在别的情形印"
    samples = sum(title.startswith(SAMPLE_PREFIX) for title in titles)
    counts = [(len(titles) - samples, "种情形"), (samples, "件样本案卷")]
    counted = "、".join(f"{count} {word}" for count, word in counts if count)
    more = f"等 {counted}" if len(titles) > _MOST_SITUATIONS else ""
    return f"在“{'”“'.join(titles[:_MOST_SITUATIONS])}”{more}印"


def find_contradicted_boxes(part: Part, reference: Part) -> Iterator[MeaningWarning]:
    """Yield a box that asks for one word of an enumeration, and is followed by the label that the reference has for another.

    Args:
        part: the part.
        reference: the same part of templates that are right.
    """
    labels = {asked: label for _, asked, operator, label in _boxes(reference) if operator == "=="}
    for token, asked, operator, label in _boxes(part):
        own = labels.get(asked)
        others = {one for key, one in labels.items() if key[0] == asked[0] and one != own}
        if own is not None and (label in others if operator == "==" else label == own):
            message = f"这一格问的是“{asked[0]} {operator} {asked[1]}”，后面印的是“{label}”；自带的模板里“{own}”才是 {asked[1]}"
            yield MeaningWarning(CONDITION, token.location, token.text, message, "改条件，或者改后面的字")


def _boxes(part: Part) -> Iterator[tuple[Token, tuple[str, str], str, str]]:
    """Yield each box with one comparison: its tag, the name and the word that are compared, the operator, the label."""
    for token, after in itertools.pairwise(part.tokens):
        asked = _COMPARED.findall(token.source) if token.is_tag and "|box" in token.source else []
        label = None if after.is_tag else _BOX_LABEL.match(after.text)
        if len(asked) == 1 and label is not None:
            name, operator, word = asked[0]
            yield token, (name, word), operator, label[0]
