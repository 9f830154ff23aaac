"""Fill the text of a template without Word: each paragraph with its pieces, which are words of the template or values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from jinja2 import Template, TemplateError

from bundler.documents.jinja_environment import FILTERS, create_environment
from bundler.documents.views.record_fields import fields_by_name
from bundler.template_check.meaning.labelled_views import (
    END,
    LABEL_END,
    PARAGRAPH,
    PARAGRAPH_END,
    VALUE,
    WORDS,
    WORDS_END,
    WORDS_START,
    labelling_filters,
)
from bundler.template_check.tokens import Location, Part, TagLevel, Token

_PIECE = re.compile(
    f"{WORDS}(?P<token>\\d+){WORDS_START}(?P<words>[^{WORDS_END}]*){WORDS_END}"
    f"|{VALUE}(?P<path>[^{LABEL_END}]*){LABEL_END}(?P<value>[^{END}]*){END}"
    f"|(?P<constant>[^{WORDS}{VALUE}]+)",
)
_PARAGRAPHS = re.compile(f"{PARAGRAPH}(\\d+){PARAGRAPH_END}")


class Origin(Enum):
    """Where a piece of filled text comes from."""

    WORDS = "words of the template"
    CONSTANT = "a text in a tag, or what is computed"
    VALUE = "a value of the view"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of filled text.

    Attributes:
        origin: where it comes from.
        text: as it is printed.
        token: of words, the number of the token in the part.
        path: of a value, the path of its field.
    """

    origin: Origin
    text: str
    token: int = -1
    path: str = ""


@dataclass(frozen=True)
class FilledParagraph:
    """A paragraph of a filled part.

    Attributes:
        location: the paragraph of the template in which it is printed.
        pieces: its text.
    """

    location: Location
    pieces: tuple[Piece, ...]

    @cached_property
    def text(self) -> str:
        """The whole text as it is printed."""
        return "".join(piece.text for piece in self.pieces)

    def origin_at(self, position: int) -> Piece:
        """The piece that has the character at a position."""
        for piece in self.pieces:
            if position < len(piece.text):
                return piece
            position -= len(piece.text)
        return self.pieces[-1]


@dataclass(frozen=True, slots=True)
class Filling:
    """A part filled with one view.

    Attributes:
        situation: what the view shows, in Chinese; empty for an example made from types.
        paragraphs: those that have text, in the order of printing.
        view: the values.
    """

    situation: str
    paragraphs: tuple[FilledParagraph, ...]
    view: object


@dataclass
class TextTemplate:
    """The text of a part as a template of its own."""

    part: Part

    @cached_property
    def locations(self) -> list[Location]:
        """The paragraphs with text, in reading order."""
        found: dict[int, Location] = {}
        for token in self.part.tokens:
            key = paragraph_key(token)
            if key not in found or (found[key].block_file and not token.location.block_file):
                found[key] = token.location
        return list(found.values())

    @cached_property
    def compiled(self) -> Template:
        """The compiled text.

        Raises:
            TemplateError: it cannot be parsed.
        """
        environment = create_environment()
        environment.filters = labelling_filters(FILTERS)
        return environment.from_string(self.source)

    @cached_property
    def source(self) -> str:
        """The text with marks: of each paragraph, except those that docxtpl removes, and of all words of the template."""
        removed = {paragraph_key(one) for one in self.part.tokens if one.is_tag and one.level is not TagLevel.TEXT}
        pieces: list[str] = []
        current: int | None = None
        numbers: dict[int, int] = {}
        for index, token in enumerate(self.part.tokens):
            key = paragraph_key(token)
            number = numbers.setdefault(key, len(numbers))
            if key != current and key not in removed:
                pieces.append(f"{PARAGRAPH}{number}{PARAGRAPH_END}")
            current = key
            if token.is_tag:
                pieces.append(token.source)
            elif key not in removed:
                pieces.append(f"{WORDS}{index}{WORDS_START}{token.text}{WORDS_END}")
        return "".join(pieces)

    def fill(self, view: object, situation: str = "") -> Filling:
        """Fill the text with a view; nothing is printed where that fails, which the trial reports."""
        try:
            text = self.compiled.render(fields_by_name(view))
        except (TemplateError, TypeError, ValueError, KeyError, AttributeError):
            return Filling(situation, (), view)
        _, *rest = _PARAGRAPHS.split(text)
        paragraphs = []
        for number, content in zip(rest[::2], rest[1::2], strict=True):
            pieces = tuple(_split(content))
            if any(piece.text.strip() for piece in pieces):
                paragraphs.append(FilledParagraph(self.locations[int(number)], pieces))
        return Filling(situation, tuple(paragraphs), view)


def paragraph_key(token: Token) -> int:
    """A number of the paragraph in which a token stands; a building block belongs to the paragraph that inserts it."""
    return token.location.containers.get(TagLevel.TEXT, -token.location.number)


def _split(text: str) -> Iterator[Piece]:
    for found in _PIECE.finditer(text):
        if found["token"] is not None:
            yield Piece(Origin.WORDS, found["words"], token=int(found["token"]))
        elif found["path"] is not None:
            yield Piece(Origin.VALUE, found["value"], path=found["path"])
        else:
            yield Piece(Origin.CONSTANT, found["constant"])


@dataclass(frozen=True, slots=True)
class FilledPart:
    """A part of a template, and what it prints in each situation.

    Attributes:
        template: the file.
        part: the part.
        fillings: it with views of cases and with examples made from types.
    """

    template: str
    part: Part
    fillings: Sequence[Filling]
