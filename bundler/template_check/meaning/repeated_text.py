"""What stands twice in one rendering: the number of a clause, or a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bundler.template_check.meaning.filled_text import FilledParagraph, FilledPart, Filling, Origin
from bundler.template_check.meaning.warning_kinds import NUMBERING, SENTENCE, MeaningWarning
from bundler.template_check.tokens import TagLevel

_DIGITS = "一二三四五六七八九十"
_NUMBER = re.compile(
    rf"\s*(?:附件：)?(?:(?P<first>[{_DIGITS}]+)、|（(?P<second>[{_DIGITS}]+)）|(?P<third>\d{{1,2}})[.．](?!\d))"
)
_LISTED = re.compile(r"(?:(?<=[：。；])|^)(\d{1,2})[.．](?!\d)")
_LEVELS = ("first", "second", "third")
_SENTENCE = re.compile(r"[^。；！？：]+[。；！？：]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LEAST_WORDS = 9
"""Chinese characters of the template's own from which a sentence that stands twice counts; shorter ones are phrases of forms."""


def find_repeated_numbers(filled: FilledPart) -> Iterator[MeaningWarning]:
    """Yield paragraphs whose number another one before them has, or before whose number one is missing."""
    for filling in filled.fillings:
        yield from _check_numbers(filling)


def _check_numbers(filling: Filling) -> Iterator[MeaningWarning]:
    last: dict[tuple[int, str], int] = {}
    for paragraph in filling.paragraphs:
        yield from _check_listed(paragraph, filling)
        found = _NUMBER.match(paragraph.text)
        if found is None:
            continue
        level = str(found.lastgroup)
        start = found.start(level)
        if paragraph.origin_at(start).origin is Origin.VALUE:
            continue
        container = paragraph.location.containers.get(TagLevel.PARAGRAPH, 0)
        number = to_number(found[level])
        before = last.get((container, level), 0)
        for lower in _LEVELS[_LEVELS.index(level) + 1 :]:
            last.pop((container, lower), None)
        last[container, level] = number
        written = found[0].strip()
        restarts = number == 1 and level != "first"
        if number <= before and not restarts:
            message = f"序号“{written}”前面已经有了（{_shorten(paragraph.text)}）{_where(filling)}"
            yield MeaningWarning(NUMBERING, paragraph.location, _shorten(paragraph.text), message, _RENUMBER)
        elif before and number > before + 1:
            message = f"序号“{written}”前面缺一个：上一个是第{before}个{_where(filling)}"
            yield MeaningWarning(NUMBERING, paragraph.location, _shorten(paragraph.text), message, _RENUMBER)


_RENUMBER = "改序号；序号会变的，用 {%p set section = section + 1 %} 和 {{ section|cn }}"


def _check_listed(paragraph: FilledParagraph, filling: Filling) -> Iterator[MeaningWarning]:
    """Numbers that follow each other within one paragraph, such as those of a note: 注：1.…。2.…。"""
    text, before = paragraph.text, 0
    for found in _LISTED.finditer(text):
        if paragraph.origin_at(found.start(1)).origin is not Origin.WORDS:
            continue
        number = int(found[1])
        if before and number != before + 1 and number != 1:
            message = f"这一段里“{before}.”后面是“{number}.”{_where(filling)}"
            yield MeaningWarning(NUMBERING, paragraph.location, found[0], message, "改序号")
        before = number


def to_number(digits: str) -> int:
    """Return a number from 1 to 99 written in Arabic or Chinese numerals."""
    if digits.isdigit():
        return int(digits)
    tens, found, ones = digits.rpartition("十")
    head = (_DIGITS.index(tens) + 1 if tens else 1) * 10 if found else 0
    return head + (_DIGITS.index(ones) + 1 if ones else 0)


def find_repeated_sentences(filled: FilledPart) -> Iterator[MeaningWarning]:
    """Yield sentences that stand at two places of one rendering; what a loop prints again stands at one place."""
    for filling in filled.fillings:
        seen: dict[str, tuple[int, tuple[tuple[int, int], ...]]] = {}
        for paragraph in filling.paragraphs:
            for key, words, tokens in _sentences(paragraph):
                place = (paragraph.location.number, tokens)
                first = seen.setdefault(key, place)
                if first != place:
                    places = "、".join(dict.fromkeys(f"第{number}段" for number, _ in (first, place)))
                    message = f"“{_shorten(words)}”印了两遍：{places}{_where(filling)}"
                    yield MeaningWarning(
                        SENTENCE, paragraph.location, _shorten(words), message, "删去一处，或者改成两种情形各印一处"
                    )


def _sentences(paragraph: FilledParagraph) -> Iterator[tuple[str, str, tuple[tuple[int, int], ...]]]:
    """Yield each sentence with paths for values, as it is printed, and with the tokens and places that its words come from."""
    for found in _SENTENCE.finditer(paragraph.text):
        key, own, tokens, position = "", "", [], 0
        for piece in paragraph.pieces:
            start, end = max(found.start(), position), min(found.end(), position + len(piece.text))
            if start < end:
                text = piece.text[start - position : end - position]
                key += f"〔{piece.path}〕" if piece.origin is Origin.VALUE else text
                own += "" if piece.origin is Origin.VALUE else text
                tokens += [(piece.token, start - position)] if piece.origin is Origin.WORDS else []
            position += len(piece.text)
        key = re.sub(rf"\s|^(?:[{_DIGITS}]+、|（[{_DIGITS}]+）|\d+[.．])", "", key)
        if len(_HAN.findall(own)) >= _LEAST_WORDS:
            yield key.rstrip("。；！？："), found[0].strip(), tuple(tokens)


def _shorten(text: str) -> str:
    stripped = text.strip()
    return stripped if len(stripped) <= _LONGEST else f"{stripped[:_LONGEST]}…"


_LONGEST = 24


def _where(filling: Filling) -> str:
    return f"（情形：{filling.situation}）" if filling.situation else ""
