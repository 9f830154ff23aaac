"""Search cases by words: whatever the width of the characters, and by pinyin and its initials; and mark what was found.

Every word of a query must be found in some field of a case. A word of Latin letters also finds the 汉字 of a name that it
spells in pinyin: whole syllables, initials, or both (zhangsan, zs, zhangs).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from bundler.case.identifiers import masked
from bundler.desk.case_list.search_fields import SearchField

_BRACKETS = str.maketrans("〔〕[]【】", "()()()")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-"))
_MIN_PINYIN = 2
"""Letters from which on a word may be pinyin: a single one is the initial of something in every case."""
_MIN_PHONE = 4
_EXCERPT = 24
"""Characters that an excerpt shows before and behind a hit."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A field in which a word was found: its name, and an excerpt with the word marked."""

    label: str
    excerpt: Markup


@lru_cache(maxsize=256)
def search_words(query: str) -> tuple[str, ...]:
    """The words of a query, folded as the texts are."""
    return tuple(dict.fromkeys(word for part in query.split() if (word := _fold(part)[0])))


def is_found(words: Sequence[str], fields: Iterable[SearchField]) -> bool:
    """Whether each word is found in some field."""
    fields = tuple(fields)
    return all(any(_find(word, field) is not None for field in fields) for word in words)


def mark_words(text: str, words: Sequence[str], *, is_name: bool = False) -> Markup:
    """The text, escaped, with every found word in a `<mark>`."""
    spans = [span for word in words for span in _find_all(word, SearchField("", text, is_name))]
    return _marked(text, spans)


def find_hits(words: Sequence[str], fields: Iterable[SearchField], shown: Iterable[str]) -> tuple[Hit, ...]:
    """The hits that explain why a case was found, for those words that its row does not show already.

    Args:
        words: the words of the query.
        fields: the fields of the case.
        shown: the texts that the row shows.
    """
    fields = tuple(fields)
    seen = [SearchField("", text, is_name=True) for text in shown]
    hits: dict[SearchField, list[tuple[int, int]]] = {}
    for word in words:
        if any(_find(word, field) is not None for field in seen):
            continue
        for field in fields:
            span = _find(word, field)
            if span is not None:
                hits.setdefault(field, []).append(span)
                break
    return tuple(Hit(field.label, _excerpt(field.text, spans)) for field, spans in hits.items())


@lru_cache(maxsize=65536)
def _fold(text: str) -> tuple[str, tuple[int, ...]]:
    """The text in the form in which texts are compared, and for each of its characters the place in the text."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in unicodedata.normalize("NFKC", character).casefold().translate(_BRACKETS).translate(_DASHES):
            if not letter.isspace():
                letters.append(letter)
                places.append(place)
    return "".join(letters), tuple(places)


def _find(word: str, field: SearchField) -> tuple[int, int] | None:
    return next(_find_all(word, field), None)


def _find_all(word: str, field: SearchField) -> Iterator[tuple[int, int]]:
    """The places in a field's text, as start and end, at which a word is found."""
    folded, places = _fold(field.text)
    start = folded.find(word)
    while start >= 0:
        end = start + len(word)
        yield places[start], places[end - 1] + 1
        start = folded.find(word, end)
    if word.isdigit() and len(word) >= _MIN_PHONE and "-" in folded:
        yield from _find_digits(word, folded, places)
    if field.is_name and len(word) >= _MIN_PINYIN and word.isascii() and word.isalpha():
        yield from _find_pinyin(word, field.text)


def _find_digits(word: str, folded: str, places: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """A run of digits in a number that is written with dashes."""
    digits = [place for place, letter in enumerate(folded) if letter != "-"]
    start = "".join(folded[place] for place in digits).find(word)
    if start >= 0:
        first, last = digits[start], digits[start + len(word) - 1]
        if "-" in folded[first:last]:
            yield places[first], places[last] + 1


def _find_pinyin(word: str, text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = _end_of_pinyin(word, text, start)
        if end is None:
            start += 1
        else:
            yield start, end
            start = end


def _end_of_pinyin(word: str, text: str, start: int) -> int | None:
    """Where the characters end that a word spells, beginning at a place of the text; None where it spells others."""
    if not word:
        return start
    if start == len(text):
        return None
    for syllable in readings_of(text[start]):
        if syllable.startswith(word):
            return start + 1
        for spelled in {syllable, syllable[:1], _initial(syllable)}:
            end = _end_of_pinyin(word[len(spelled) :], text, start + 1) if word.startswith(spelled) else None
            if end is not None:
                return end
    return None


def _initial(syllable: str) -> str:
    return syllable[:2] if syllable[1:2] == "h" else syllable[:1]


@lru_cache(maxsize=8192)
def readings_of(character: str) -> tuple[str, ...]:
    """The syllables by which a 汉字 is read, in letters without tones, ü as v and as u; none for another character."""
    from pypinyin.pinyin_dict import pinyin_dict  # takes a tenth of a second, which a desk without a search saves

    written = pinyin_dict.get(ord(character), "")
    plain = (_without_tone(one) for one in written.split(",") if one)
    return tuple(dict.fromkeys(spelling for one in plain for spelling in (one, one.replace("v", "u"))))


def _without_tone(syllable: str) -> str:
    decomposed = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalpha())


def _excerpt(text: str, spans: Sequence[tuple[int, int]]) -> Markup:
    """The text around the first hit, with numbers of persons covered."""
    covered = masked(text)
    if covered != text:
        return escape(covered if len(covered) <= 2 * _EXCERPT else f"{covered[: 2 * _EXCERPT]}……")
    first = max(0, min(start for start, _ in spans) - _EXCERPT)
    last = min(len(text), spans[0][1] + _EXCERPT)
    inner = [(start - first, min(end, last) - first) for start, end in spans if start >= first and start < last]
    return Markup("{}{}{}").format(
        "……" if first else "", _marked(text[first:last], inner), "……" if last < len(text) else ""
    )


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> Markup:
    result, place = Markup(), 0
    for start, end in sorted(spans):
        if start < place:
            continue
        result += Markup("{}<mark>{}</mark>").format(text[place:start], text[start:end])
        place = end
    return result + escape(text[place:])
