"""Write a changed tree into the JSON text that it was parsed from; every character outside the changes is kept.

New values follow the file: its indentation, its line ends, and for an item of a list the layout of the items before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bundler.case_edit.change_operations import Json
from bundler.case_edit.list_identity import align_items

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_INDENT = re.compile(r"\s*\{[ \t]*\r?\n([ \t]+)")
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Part:
    """A member of an object or an item of a list in the new text.

    Attributes:
        index: its index in the old text; None for a new one.
        text: its JSON text; of a member, with the key.
    """

    index: int | None
    text: str


def rewrite(data: bytes, tree: Mapping[str, Json], *, one_line_items: bool = False) -> bytes:
    """Return the bytes of a JSON file with another content in the same layout.

    Args:
        data: the old file: UTF-8 that parses to an object.
        tree: the new content.
        one_line_items: write new items on one line where the list has no item whose layout they could follow.
    """
    text = data.decode("utf-8-sig")
    writer = _Writer(text, one_line_items=one_line_items)
    written = writer.rewritten(tree)
    if not _parses_to(written, tree):  # an unforeseen layout: the content matters more
        written = writer.laid_out(tree)
    mark = _BYTE_ORDER_MARK if data.startswith(_BYTE_ORDER_MARK) else b""
    # A lone surrogate can only be written as an escape.
    return mark + written.encode("utf-8", "backslashreplace")


def _parses_to(text: str, tree: Mapping[str, Json]) -> bool:
    try:
        return json.dumps(json.loads(text)) == json.dumps(tree)
    except ValueError:
        return False


class _Writer:
    """Writes values in the style of a text."""

    def __init__(self, text: str, *, one_line_items: bool) -> None:
        self._text = text
        self._one_line_items = one_line_items
        self._newline = "\r\n" if "\r\n" in text else "\n"
        indent = _INDENT.match(text)
        self._unit = indent[1] if indent else ""
        self._comma, self._colon = (", ", ": ") if indent else _separators(text)

    def rewritten(self, tree: Mapping[str, Json]) -> str:
        """The text with another content; unchanged values keep their text."""
        begin = _skip_space(self._text, 0)
        old, end = _DECODER.raw_decode(self._text, begin)
        return self._text[:begin] + self._value((begin, end), old, tree, self._root_prefix) + self._text[end:]

    def laid_out(self, tree: Mapping[str, Json]) -> str:
        """The text of another content, without any of the old text."""
        return self._new(tree, self._root_prefix) + self._text[len(self._text.rstrip()) :]

    @property
    def _root_prefix(self) -> str | None:
        return "" if self._unit else None

    def _value(self, span: Span, old: Json, new: Json, prefix: str | None) -> str:
        """The text of a value that replaces an old one.

        Args:
            span: begin and end of the old value in the text.
            old: the old value.
            new: the new value.
            prefix: the indentation of the line on which the value begins; None within a container on one line.
        """
        if json.dumps(old) == json.dumps(new):
            return self._text[slice(*span)]
        if isinstance(old, dict) and isinstance(new, Mapping):
            return self._object(span, old, new, prefix)
        if isinstance(old, list) and isinstance(new, list):
            return self._list(span, old, new, prefix)
        return self._new(new, prefix)

    def _object(self, span: Span, old: Mapping[str, Json], new: Mapping[str, Json], prefix: str | None) -> str:
        members = list(_members(self._text, span[0]))
        spans = [(key_begin, value[1]) for _, key_begin, value in members]
        within = self._prefix_within(span, spans, prefix)
        numbers = {key: number for number, (key, _, _) in enumerate(members)}
        parts = []
        for key, value in new.items():
            if key in numbers:
                _, key_begin, (begin, end) = members[numbers[key]]
                text = self._text[key_begin:begin] + self._value((begin, end), old[key], value, within)
                parts.append(_Part(numbers[key], text))
            else:
                parts.append(_Part(None, json.dumps(key, ensure_ascii=False) + self._colon + self._new(value, within)))
        return self._joined(span, spans, parts, prefix)

    def _list(self, span: Span, old: Sequence[Json], new: Sequence[Json], prefix: str | None) -> str:
        spans = list(_items(self._text, span[0]))
        within = self._prefix_within(span, spans, prefix)
        for_new = None if self._has_one_line_items(spans) else within
        parts = [
            _Part(None, self._new(value, for_new))
            if index is None
            else _Part(index, self._value(spans[index], old[index], value, within))
            for value, index in zip(new, _old_indices(old, new), strict=True)
        ]
        return self._joined(span, spans, parts, prefix)

    def _has_one_line_items(self, spans: Sequence[Span]) -> bool:
        texts = (self._text[slice(*one)] for one in reversed(spans))
        like = next((text for text in texts if text[0] in "{[" and text[1:-1].strip()), None)
        return self._one_line_items if like is None else "\n" not in like

    def _prefix_within(self, span: Span, spans: Sequence[Span], prefix: str | None) -> str | None:
        """The indentation of the lines in a container; None where it is on one line."""
        if not spans:
            return prefix + self._unit if prefix is not None and self._unit else None
        lead = self._text[span[0] + 1 : spans[0][0]]
        return lead.rpartition("\n")[2] if "\n" in lead else None

    def _joined(self, span: Span, spans: Sequence[Span], parts: Sequence[_Part], prefix: str | None) -> str:
        """The text of a container with new parts, with the old separators between them."""
        begin, end = span
        opening, closing = self._text[begin], self._text[end - 1]
        if not parts:
            return opening + closing
        if not spans:
            within = self._prefix_within(span, spans, prefix)
            lead, gaps, tail = self._line(within), [], self._line(None if within is None else prefix)
        else:
            lead, tail = self._text[begin + 1 : spans[0][0]], self._text[spans[-1][1] : end - 1]
            gaps = [self._text[one[1] : other[0]] for one, other in pairwise(spans)]
        new_gap = gaps[-1] if gaps else f",{lead}" if "\n" in lead else self._comma
        written = [lead, parts[0].text]
        for part in parts[1:]:
            written += [gaps[part.index - 1] if part.index else new_gap, part.text]
        return f"{opening}{''.join(written)}{tail}{closing}"

    def _line(self, prefix: str | None) -> str:
        return "" if prefix is None else self._newline + prefix

    def _new(self, value: Json, prefix: str | None) -> str:
        """The text of a new value, its lines indented by a prefix; on one line where that is None."""
        if prefix is None or not self._unit:
            return json.dumps(value, ensure_ascii=False, separators=(self._comma, self._colon))
        return json.dumps(value, ensure_ascii=False, indent=self._unit).replace("\n", self._newline + prefix)


def _old_indices(old: Sequence[Json], new: Sequence[Json]) -> list[int | None]:
    """For each new item the index of the old item whose text it changes; None for one without."""
    found: list[int | None] = [None] * len(new)
    for index, new_index in enumerate(align_items(old, new)):
        if new_index is not None:
            found[new_index] = index
    # As many items as before between the same neighbours: they were changed in place.
    known = set(found)
    for begin, end in _runs(found):
        first = -1 if begin == 0 else found[begin - 1]
        if first is not None:
            olds = list(range(first + 1, first + 1 + end - begin))
            after = found[end] if end < len(found) else len(old)
            if not known & set(olds) and after == first + 1 + end - begin:
                found[begin:end] = olds
    return found


def _runs(found: Sequence[int | None]) -> list[Span]:
    """The ranges of new items without a known old one."""
    runs: list[Span] = []
    for number, index in enumerate(found):
        if index is None:
            is_next = bool(runs) and runs[-1][1] == number
            runs[-1:] = [(runs[-1][0], number + 1)] if is_next else [*runs[-1:], (number, number + 1)]
    return runs


def _separators(text: str) -> tuple[str, str]:
    """The comma and the colon, with their spaces, of a text on one line."""
    return (", " if re.search(r'[\]}"\d], ', text) else ",", ": " if '": ' in text else ":")


def _members(text: str, begin: int) -> Iterator[tuple[str, int, Span]]:
    """Yield each member of the object that begins at a position: its key, the begin of the key, and the span of the value."""
    position = _skip_space(text, begin + 1)
    while text[position] != "}":
        key_begin = position
        key, position = _DECODER.raw_decode(text, position)
        value_begin = _skip_space(text, _skip_space(text, position) + 1)
        _, end = _DECODER.raw_decode(text, value_begin)
        yield key, key_begin, (value_begin, end)
        position = _skip_comma(text, end)


def _items(text: str, begin: int) -> Iterator[Span]:
    """Yield the span of each item of the list that begins at a position."""
    position = _skip_space(text, begin + 1)
    while text[position] != "]":
        _, end = _DECODER.raw_decode(text, position)
        yield position, end
        position = _skip_comma(text, end)


def _skip_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _skip_comma(text: str, position: int) -> int:
    position = _skip_space(text, position)
    return _skip_space(text, position + 1) if text[position] == "," else position
