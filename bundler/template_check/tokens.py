"""Split the text of a paragraph into Jinja tags (标记) and the text between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

_OPENING = re.compile(r"\{[{%#]")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_STRAY_CLOSING = re.compile(r"\}\}|%\}|#\}")
_FULL_WIDTH_BRACES = re.compile(r"[{｛][{｛%％][^｝}]*[｝}%％][｝}]|｛[{｛%％]|\{[｛％]")
_DOCXTPL_PREFIX = re.compile(r"\{([{%#])(p|tr|tc|r) ")
_STRAIGHT_QUOTES = str.maketrans("“”‘’", "\"\"''")
BLOCKS_PART = "构件"
"""The Chinese name of the part of a problem that is in the file of building blocks."""
_ONE_PARAGRAPH = "一个标记要写在同一段、同一格里"


class TagLevel(Enum):
    """The element of a Word file that docxtpl removes together with a tag."""

    TEXT = "行内"
    PARAGRAPH = "整段（{%p）"
    CELL = "整格（{%tc）"
    ROW = "整行（{%tr）"


_LEVEL_OF_PREFIX = {"p": TagLevel.PARAGRAPH, "tr": TagLevel.ROW, "tc": TagLevel.CELL, "r": TagLevel.TEXT}


@dataclass(frozen=True, slots=True)
class Location:
    """A paragraph of a part, or a line of a page.

    Attributes:
        number: counted from 1.
        text: the whole text, tags included.
        containers: for each tag level, the number of the element in which an opening and a closing tag must both stand.
        block_file: the file of building blocks that the text comes from; empty for the template's own text.
        style: the id of the paragraph's style; empty for the usual one.
    """

    number: int
    text: str
    containers: dict[TagLevel, int] = field(default_factory=dict, hash=False)
    block_file: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A tag, or the text between two tags.

    Attributes:
        text: as the file has it.
        source: as Jinja reads it; equal to `text` for plain text.
    """

    location: Location
    text: str
    source: str
    is_tag: bool = False
    level: TagLevel = TagLevel.TEXT

    @property
    def container(self) -> int:
        """The number of the element in which the matching tag must stand too."""
        return self.location.containers.get(self.level, 0)

    @property
    def keyword(self) -> str:
        """The first word of a block tag: ``if``, ``endfor``; empty for an expression."""
        found = re.match(r"\{%-?\s*([^\s%]*)", self.source)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class PartProblem:
    """A problem at a location of one part of a template."""

    location: Location
    expression: str
    message: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a template: body, header, footer, footnotes, properties, or an HTML page.

    Attributes:
        name: the Chinese name.
        tokens: text and tags in reading order.
        problems: problems that do not depend on the expressions.
        by_lines: locations are lines of a page, not paragraphs.
        is_whole: every building block that it inserts is there.
    """

    name: str
    tokens: tuple[Token, ...]
    problems: tuple[PartProblem, ...] = ()
    by_lines: bool = False
    is_whole: bool = True


def list_tags(tokens: Sequence[Token]) -> list[str]:
    """Return the tags as Jinja reads them, without comments."""
    return [token.source for token in tokens if token.is_tag and token.source]


def tokenize(location: Location, *, is_word: bool) -> tuple[list[Token], list[PartProblem]]:
    """Split a paragraph or line into tokens, and report malformed tags.

    Args:
        location: the paragraph or line.
        is_word: it belongs to a Word file, where docxtpl's prefixes (``{%p``, ``{%tr``) are allowed.
    """
    tokens: list[Token] = []
    problems: list[PartProblem] = []
    position, text = 0, location.text
    while (opening := _OPENING.search(text, position)) is not None:
        before = text[position : opening.start()]
        end = _find_end(text, opening.start())
        if end is None:
            broken = text[opening.start() : opening.start() + 24]
            problems.append(PartProblem(location, broken, f"标记没有写完：缺“{_CLOSING[opening[0]]}”", _ONE_PARAGRAPH))
            tokens.append(Token(location, before, before))
            return tokens, problems + list(_check_text(location, tokens))
        tokens.append(Token(location, before, before))
        tag = text[opening.start() : end]
        tokens.append(_tag_token(location, tag, is_word=is_word))
        problems += _check_tag(location, tag, is_word=is_word)
        position = end
    tokens.append(Token(location, text[position:], text[position:]))
    return [token for token in tokens if token.text], problems + list(_check_text(location, tokens))


def _find_end(text: str, start: int) -> int | None:
    """Return where a tag ends; None if it is not closed, or if another tag opens before it is closed."""
    closing = text.find(_CLOSING[text[start : start + 2]], start + 2)
    following = _OPENING.search(text, start + 2)
    if closing < 0 or (following and following.start() < closing and text[start + 1] != "#"):
        return None
    return closing + 2


def _tag_token(location: Location, tag: str, *, is_word: bool) -> Token:
    if tag.startswith("{#"):
        return Token(location, tag, "", is_tag=True)
    prefix = _DOCXTPL_PREFIX.match(tag) if is_word else None
    source = tag.translate(_STRAIGHT_QUOTES) if is_word else tag
    if prefix:
        source = f"{{{prefix[1]} {source[prefix.end() :]}"
    return Token(location, tag, source, is_tag=True, level=_LEVEL_OF_PREFIX[prefix[2]] if prefix else TagLevel.TEXT)


def _check_tag(location: Location, tag: str, *, is_word: bool) -> Iterator[PartProblem]:
    if tag.startswith("{#"):
        return
    straight = tag.translate(_STRAIGHT_QUOTES)
    if straight != tag:
        yield PartProblem(location, tag, "标记里有弯引号（Word 自动改的）", straight)
    if not is_word:
        return
    prefix = _DOCXTPL_PREFIX.match(tag)
    if prefix and prefix[1] == "{":
        yield PartProblem(location, tag, f"“{{{{{prefix[2]} ”不能用，取值只写“{{{{ ”", "{{ " + tag[prefix.end() :])
    if prefix and re.search(r"[}%]", tag[2:-2]):
        yield PartProblem(location, tag, f"“{{%{prefix[2]} ”的标记里不能有 % 和 }}", "先用 set 设好要比较的值")
    if tag.startswith(("{%-", "{{-")) or tag.endswith(("-%}", "-}}")):
        yield PartProblem(location, tag, "Word 模板里不用“-”去空白", tag.replace("{%-", "{%").replace("-%}", "%}"))


def _check_text(location: Location, tokens: Sequence[Token]) -> Iterator[PartProblem]:
    """Report full-width braces and closing braces without an opening in the text between tags."""
    for token in tokens:
        if token.is_tag:
            continue
        full_width = _FULL_WIDTH_BRACES.search(token.text)
        stray = _STRAY_CLOSING.search(token.text)
        if full_width:
            half_width = full_width[0].translate(str.maketrans("｛｝％", "{}%"))
            yield PartProblem(location, full_width[0], "标记的大括号写成了全角", half_width)
        elif stray:
            yield PartProblem(location, token.text[-24:], f"多出一个“{stray[0]}”，前面没有开头", "补上开头，或者删去")
