"""Lists of which only the first entry is printed, and nothing says that there are more."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from bundler.template_check.meaning.enclosing_conditions import enclosing_conditions
from bundler.template_check.meaning.filled_text import FilledParagraph, FilledPart, Filling
from bundler.template_check.meaning.warning_kinds import LIST, MeaningWarning
from bundler.template_check.scope import ANY_ENTRY
from bundler.template_check.tokens import Part

_INDEX = re.compile(r"\.(\d+)(?=\.|$)")
_FIRST = re.compile(r"([\w.\[\]]+)(?:\|first|\[0\])")
_NEAR = 3
"""Tokens from a tag on in which 等 is looked for."""
_PRINT_ALL = "都印：|names，或者 {% for one in … %}…{% endfor %}；只印第一个的，写明“等几人”“等几件”"
_MORE = re.compile(r"等|名单|附后|各")
"""Words that say that there are more, in the rest of the paragraph."""


def find_short_lists(filled: FilledPart) -> Iterator[MeaningWarning]:
    """Yield places where a situation with several entries of a list prints the first one alone."""
    for filling in filled.fillings:
        yield from _check_filling(filling)


def find_first_only(part: Part) -> Iterator[MeaningWarning]:
    """Yield tags that print the first entry of a list whose length no condition around them asks, without 等 after them."""
    around = enclosing_conditions(part.tokens)
    for index, token in enumerate(part.tokens):
        if not token.is_tag or not token.source.startswith("{{"):
            continue
        after = "".join(one.text for one in part.tokens[index : index + _NEAR] if one.location is token.location)
        asked = " ".join(tag.source for tag in around[index])
        for found in _FIRST.finditer(token.source):
            if f"{found[1]}|length" not in asked and not _MORE.search(after):
                message = f"“{found[1]}”可能有几个，这里只印第一个，也没有写“等”"
                yield MeaningWarning(LIST, token.location, token.text, message, _PRINT_ALL)


def _check_filling(filling: Filling) -> Iterator[MeaningWarning]:
    printed: dict[str, set[int]] = defaultdict(set)
    places: dict[str, tuple[FilledParagraph, str]] = {}
    for paragraph in filling.paragraphs:
        for position, piece in enumerate(paragraph.pieces):
            for pattern, index in _entries(piece.path):
                printed[pattern].add(index)
                after = "".join(one.text for one in paragraph.pieces[position + 1 :])
                if index == 0 and not _MORE.search(after):
                    places.setdefault(pattern, (paragraph, piece.text))
    for pattern, (paragraph, text) in places.items():
        name = pattern.partition(f".{ANY_ENTRY}")[0]
        if printed[pattern] == {0} and _has_several_alike(filling.view, name):
            shown = _INDEX.sub("", name)
            where = f"（情形：{filling.situation}）" if filling.situation else ""
            message = f"“{shown}”有几个的，这里只印第一个，也没有写“等”{where}"
            yield MeaningWarning(LIST, paragraph.location, text, message, _PRINT_ALL)


def _entries(path: str) -> Iterator[tuple[str, int]]:
    """Yield, for each list on a path, the path with ``*`` for the index in that list, and the index."""
    for found in _INDEX.finditer(path):
        yield f"{path[: found.start()]}.{ANY_ENTRY}{path[found.end() :]}", int(found[1])


def _has_several_alike(view: object, path: str) -> bool:
    """Whether a list of a view has a second entry of which the same is known as of the first."""
    value: Any = view
    for name in path.split("."):
        value = value[int(name)] if name.isdigit() else getattr(value, name)
    return len(value) > 1 and _shape(value[0]) == _shape(value[1])


def _shape(value: Any) -> object:  # noqa: ANN401 (any value)
    """What a template's conditions can tell of a value: which fields are there, and the words of enumerations."""
    if is_dataclass(value):
        return [_shape(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, tuple):
        return [_shape(one) for one in value]
    return "a value" if hasattr(value, "path") else value
