"""The sentences of a drafted paper, and how those of two versions differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bundler.word.block_model import Blocks, Paragraph, Table
from bundler.word.value_source_marks import split_marked

_SENTENCE = re.compile(r"[^。；！？]*[。；！？]+[”’」』）]*|[^。；！？]+")
_ADDRESSED = re.compile("你(?:们|公司|单位)")
_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|[0-9]+[.．、])")
_SIMILAR = 0.3
"""The share of equal characters from which a removed and an added sentence count as one that was changed."""

Span = tuple[int, int, int]
"""A paragraph's place in the paper's order of reading, and the first and last character of a part of it, without marks."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence.

    Attributes:
        text: as it is printed.
        pattern: with the name of its field in place of each value, so that it is the same in every situation.
        span: where it stands.
    """

    text: str
    pattern: str
    span: Span


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence that differs.

    Attributes:
        before: None where it is new.
        after: None where it is gone.
    """

    before: Sentence | None
    after: Sentence | None

    @property
    def pattern(self) -> tuple[str, str]:
        """What the same change in other situations has in common with it, whatever its number and whomever it addresses."""
        old, new = (_NUMBER.sub("", one.pattern) if one else "" for one in (self.before, self.after))
        return _ADDRESSED.sub("你", old), _ADDRESSED.sub("你", new)


def paragraphs_of(blocks: Blocks) -> Iterator[Paragraph]:
    """Yield every paragraph of a paper in the order of reading: of each section its headers, body and footers."""
    for section in (blocks, *blocks.following):
        for edge in (section.header, section.footer):
            for content in (edge.common, edge.first, edge.even):
                yield from _paragraphs(content or ())
        yield from _paragraphs(section.body)


def _paragraphs(content: Sequence[Paragraph | Table]) -> Iterator[Paragraph]:
    for block in content:
        if isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    yield from _paragraphs(cell.blocks)
        else:
            yield block


def sentences_of(blocks: Blocks) -> tuple[Sentence, ...]:
    """Return the sentences of a paper; a paragraph ends a sentence too."""
    return tuple(
        sentence
        for number, paragraph in enumerate(paragraphs_of(blocks))
        for sentence in _split(number, split_marked(paragraph.text))
    )


def _split(number: int, pieces: Sequence[tuple[str, str]]) -> Iterator[Sentence]:
    """Split a paragraph, given as pieces with the label of each value, at the ends of its sentences."""
    text = "".join(piece for _, piece in pieces)
    for found in _SENTENCE.finditer(text):
        words = found[0].strip()
        if words:
            start = found.start() + found[0].index(words)
            end = start + len(words)
            yield Sentence(words, _pattern(pieces, start, end), (number, start, end))


def _pattern(pieces: Sequence[tuple[str, str]], start: int, end: int) -> str:
    pattern, position = [], 0
    for label, piece in pieces:
        first, last = max(start, position), min(end, position + len(piece))
        if first < last:
            pattern.append(f"〔{label}〕" if label else piece[first - position : last - position])
        position += len(piece)
    return "".join(pattern).strip()


def compare(before: Sequence[Sentence], after: Sequence[Sentence]) -> tuple[Change, ...]:
    """Return the sentences that differ between two versions of a paper, in the order of reading."""
    matcher = SequenceMatcher(None, [one.text for one in before], [one.text for one in after], autojunk=False)
    changes: list[Change] = []
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind != "equal":
            changes += _pair(before[first:last], after[start:end])
    return tuple(changes)


def _pair(removed: Sequence[Sentence], added: Sequence[Sentence]) -> Iterator[Change]:
    """Pair each removed sentence with the next added one that resembles it."""
    waiting = list(added)
    for old in removed:
        place = next((number for number, new in enumerate(waiting) if _resembles(old.text, new.text)), None)
        if place is None:
            yield Change(old, None)
            continue
        for new in waiting[:place]:
            yield Change(None, new)
        yield Change(old, waiting[place])
        waiting = waiting[place + 1 :]
    for new in waiting:
        yield Change(None, new)


def _resembles(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _SIMILAR


def changed_parts(before: str, after: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the ranges of characters that only the first text has, and those that only the second has."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    opcodes = [one for one in matcher.get_opcodes() if one[0] != "equal"]
    removed = [(first, last) for _, first, last, _, _ in opcodes if last > first]
    added = [(start, end) for _, _, _, start, end in opcodes if end > start]
    return removed, added
