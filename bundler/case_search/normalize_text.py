"""How texts are compared: width, kinds of brackets and dashes, letter case and white space do not matter.

White space is left out because a name is broken over two lines of a scan, and a title is set with spaces between its characters.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import pairwise

_LIKE = {
    **dict.fromkeys("〔[【〈《", "("),
    **dict.fromkeys("〕]】〉》", ")"),
    **dict.fromkeys("‐‑‒–—―−－﹣─", "-"),
}
_END = "\u0003"
"""Stands behind the last character of a text, so that it too begins a pair."""


@lru_cache(maxsize=65536)
def _fold_character(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).casefold()
    return "".join(_LIKE.get(one, one) for one in plain if not one.isspace())


def fold_text(text: str) -> str:
    """The text as it is compared."""
    return "".join(map(_fold_character, text))


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its characters the place in the text as it was."""
    folded, places = [], []
    for place, character in enumerate(text):
        for one in _fold_character(character):
            folded.append(one)
            places.append(place)
    return "".join(folded), places


def index_words(folded: str) -> str:
    """The pairs of neighbouring characters of a text, as words for the full-text index: Chinese has no spaces.

    A pair is written in figures and letters, so that the tokenizer of SQLite takes punctuation and rare characters whole.
    """
    codes = [format(ord(character), "x") for character in (*folded, _END)]
    return " ".join(dict.fromkeys(f"{one}z{other}" for one, other in pairwise(codes)))


def query_of(folded: str) -> str:
    """The query for the texts that hold all pairs of a word; of a single character, those in which a pair begins with it."""
    if len(folded) == 1:
        return f"{format(ord(folded), 'x')}z*"
    codes = [format(ord(character), "x") for character in folded]
    return " AND ".join(dict.fromkeys(f"{one}z{other}" for one, other in pairwise(codes)))
