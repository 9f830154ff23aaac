"""A paragraph's words cut into marks (标记) and what stands between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

_OPEN = re.compile(r"\{[{%#]")
_CLOSE = {"{{": "}}", "{%": "%}", "{#": "#}"}
_STRAY = re.compile(r"\}\}|%\}|#\}")
_FULL_WIDTH = re.compile(r"[{｛][{｛%％][^｝}]*[｝}%％][｝}]|｛[{｛%％]|\{[｛％]")
_PREFIX = re.compile(r"\{([{%#])(p|tr|tc|r) ")
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")
_LEVELS = "一个标记要写在同一段、同一格里"


class Level(Enum):
    """What a mark takes with it when it vanishes."""

    TEXT = "行内"
    PARAGRAPH = "整段（{%p）"
    CELL = "整格（{%tc）"
    ROW = "整行（{%tr）"


_BY_PREFIX = {"p": Level.PARAGRAPH, "tr": Level.ROW, "tc": Level.CELL, "r": Level.TEXT}


@dataclass(frozen=True, slots=True)
class Location:
    """A paragraph of a part, or a line of a page.

    Attributes:
        number: from 1.
        text: all its words, marks included.
        holders: what it stands in, by the level of marks that may stand in it: a number for each.
    """

    number: int
    text: str
    holders: dict[Level, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Token:
    """A mark, or the words between two.

    Attributes:
        text: as it stands in the file.
        source: as Jinja reads it; the same as the text for words.
    """

    place: Location
    text: str
    source: str
    is_mark: bool = False
    level: Level = Level.TEXT

    @property
    def holder(self) -> int:
        """What the mark stands in: its other half has to stand there too."""
        return self.place.holders.get(self.level, 0)

    @property
    def word(self) -> str:
        """The mark's first word: ``if``, ``endfor``; empty for a value."""
        found = re.match(r"\{%-?\s*([^\s%]*)", self.source)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class PartProblem:
    """What is wrong with one piece of a template."""

    place: Location
    expression: str
    message: str
    suggestion: str = ""


def cut(place: Location, *, is_word: bool) -> tuple[list[Token], list[PartProblem]]:
    """The pieces of a paragraph or line, and marks that are not whole.

    Args:
        place: the paragraph or line.
        is_word: it stands in a Word file, where some marks take their paragraph or row with them.
    """
    pieces: list[Token] = []
    flaws: list[PartProblem] = []
    at, text = 0, place.text
    while (opening := _OPEN.search(text, at)) is not None:
        words = text[at : opening.start()]
        end = _end(text, opening.start())
        if end is None:
            broken = text[opening.start() : opening.start() + 24]
            flaws.append(PartProblem(place, broken, f"标记没有写完：缺“{_CLOSE[opening[0]]}”", _LEVELS))
            pieces.append(Token(place, words, words))
            return pieces, flaws + list(_in_words(place, pieces))
        pieces.append(Token(place, words, words))
        mark = text[opening.start() : end]
        pieces.append(_mark(place, mark, is_word=is_word))
        flaws += _in_mark(place, mark, is_word=is_word)
        at = end
    pieces.append(Token(place, text[at:], text[at:]))
    return [piece for piece in pieces if piece.text], flaws + list(_in_words(place, pieces))


def _end(text: str, start: int) -> int | None:
    """Where a mark ends; None where it does not, or where another one begins before."""
    closing = text.find(_CLOSE[text[start : start + 2]], start + 2)
    following = _OPEN.search(text, start + 2)
    if closing < 0 or (following and following.start() < closing and text[start + 1] != "#"):
        return None
    return closing + 2


def _mark(place: Location, mark: str, *, is_word: bool) -> Token:
    if mark.startswith("{#"):
        return Token(place, mark, "", is_mark=True)
    prefix = _PREFIX.match(mark) if is_word else None
    source = mark.translate(_STRAIGHT) if is_word else mark
    if prefix:
        source = f"{{{prefix[1]} {source[prefix.end() :]}"
    return Token(place, mark, source, is_mark=True, level=_BY_PREFIX[prefix[2]] if prefix else Level.TEXT)


def _in_mark(place: Location, mark: str, *, is_word: bool) -> Iterator[PartProblem]:
    if mark.startswith("{#"):
        return
    straight = mark.translate(_STRAIGHT)
    if straight != mark:
        yield PartProblem(place, mark, "标记里有弯引号（Word 自动改的）", straight)
    if not is_word:
        return
    prefix = _PREFIX.match(mark)
    if prefix and prefix[1] == "{":
        yield PartProblem(place, mark, f"“{{{{{prefix[2]} ”不能用，取值只写“{{{{ ”", "{{ " + mark[prefix.end() :])
    if prefix and re.search(r"[}%]", mark[2:-2]):
        yield PartProblem(place, mark, f"“{{%{prefix[2]} ”的标记里不能有 % 和 }}", "先用 set 设好要比较的值")
    if mark.startswith(("{%-", "{{-")) or mark.endswith(("-%}", "-}}")):
        yield PartProblem(place, mark, "Word 模板里不用“-”去空白", mark.replace("{%-", "{%").replace("-%}", "%}"))


def _in_words(place: Location, pieces: list[Token]) -> Iterator[PartProblem]:
    for piece in pieces:
        if piece.is_mark:
            continue
        full = _FULL_WIDTH.search(piece.text)
        stray = _STRAY.search(piece.text)
        if full:
            half = full[0].translate(str.maketrans("｛｝％", "{}%"))
            yield PartProblem(place, full[0], "标记的大括号写成了全角", half)
        elif stray:
            yield PartProblem(place, piece.text[-24:], f"多出一个“{stray[0]}”，前面没有开头", "补上开头，或者删去")
