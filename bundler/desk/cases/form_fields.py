"""The fields of the form with their values: how each is filled in, parsed from the browser's text, and put into words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bundler.case_edit.change_operations import ABSENT
from bundler.desk.request_helpers import is_number
from bundler.printable_text import display_width

Json = Any
"""A JSON value."""

_ONE_COLUMN, _TWO_COLUMNS = 22, 48
"""So many Latin letters, or half as many 汉字, are legible at a glance in a field of one column and of two."""
_EMPTY = "（没有填）"


class Widget(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    DAY = "date"
    MOMENT = "datetime-local"
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Field:
    """A field.

    Attributes:
        path: its JSON Pointer.
        title: its label.
        help: its help text.
        article: the article that it comes from.
        widget: how it is filled in.
        value: the value in case.json; None for none.
        options: value and label of each choice.
        may_be_unknown: a reason may be given in place of the value (不详).
        required: the model requires it wherever its object exists.
        default: the value that counts where there is none.
        grounds: the grounds of refusal that the field belongs to; empty where it belongs to all.
    """

    path: str
    title: str
    help: str
    article: str
    widget: Widget
    value: Json = None
    options: tuple[tuple[Json, str], ...] = ()
    may_be_unknown: bool = False
    required: bool = False
    default: Json = None
    grounds: tuple[int, ...] = ()

    @property
    def is_filled(self) -> bool:
        """Whether anything is filled in."""
        return self.value not in (None, "", [])

    @property
    def unknown(self) -> str:
        """The reason why the value is unknown; empty where none is given."""
        return unknown_reason(self.value) if self.may_be_unknown else ""

    @property
    def width_class(self) -> str:
        """The width that the text or the options need: "one" column, "two", or the "whole" line."""
        if self.widget is Widget.LONG:
            return "whole"
        texts = [label for _, label in self.options]
        if self.widget in {Widget.TEXT, Widget.LINES}:
            texts = [str(one) for one in (self.value if isinstance(self.value, list) else [self.value or ""])]
        widest = max(map(display_width, texts), default=0)
        if widest > _TWO_COLUMNS:
            return "whole"
        return "two" if widest > _ONE_COLUMN or self.widget in {Widget.CHOICES, Widget.LINES} else "one"


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """The fields of an object of the case.

    Attributes:
        children: its fields.
        is_present: the object exists in case.json.
        is_added_explicitly: the object has a meaning even when empty, so that the clerk adds and removes it.
        may_be_unknown: a reason may be given in place of the object (不详).
        unknown: that reason; empty where none is given.
        value: the object in case.json; None for none.
        grounds: as of a field.
    """

    path: str
    title: str
    help: str
    article: str
    children: tuple[FormNode, ...]
    is_present: bool
    is_added_explicitly: bool = False
    may_be_unknown: bool = False
    unknown: str = ""
    value: Json = None
    grounds: tuple[int, ...] = ()

    @property
    def is_filled(self) -> bool:
        """Whether anything is filled in."""
        return bool(self.value)

    @property
    def required_fields(self) -> tuple[Field, ...]:
        """The fields without which the object is invalid."""
        return tuple(one for one in self.children if isinstance(one, Field) and one.required)


@dataclass(frozen=True, slots=True)
class FieldRows:
    """A list of objects, one row each.

    Attributes:
        required_fields: the fields without which a new row is invalid.
        grounds: as of a field.
    """

    path: str
    title: str
    help: str
    article: str
    rows: tuple[FieldGroup, ...]
    required_fields: tuple[Field, ...]
    grounds: tuple[int, ...] = ()

    @property
    def is_filled(self) -> bool:
        """Whether anything is filled in."""
        return bool(self.rows)


FormNode = Field | FieldGroup | FieldRows


def walk_nodes(nodes: Sequence[FormNode]) -> Iterator[FormNode]:
    """Every node, the outer before the inner."""
    for node in nodes:
        yield node
        if isinstance(node, FieldGroup):
            yield from walk_nodes(node.children)
        elif isinstance(node, FieldRows):
            for row in node.rows:
                yield row
                yield from walk_nodes(row.children)


def unknown_reason(value: Json) -> str:
    """The reason that is given in place of a value; empty for none."""
    if isinstance(value, Mapping) and set(value) == {"unknown"}:
        return str(value["unknown"])
    return ""


def parse_value(field: Field, texts: Sequence[str], reason: str = "") -> Json:
    """The JSON value of what was entered; ABSENT for nothing. Only the case model validates it.

    Args:
        field: the field.
        texts: the texts that the browser sent; one for each ticked box.
        reason: why the value is unknown, where that was entered.
    """
    if reason.strip() and field.may_be_unknown:
        return {"unknown": reason.strip()}
    text = (texts[0] if texts else "").replace("\r\n", "\n").strip()
    if field.widget is Widget.FLAG:
        return bool(texts)
    if field.widget is Widget.CHOICES:
        return [value for value, _ in field.options if str(value) in texts] or ABSENT
    if field.widget is Widget.LINES:
        return [line.strip() for line in text.split("\n") if line.strip()] or ABSENT
    return _parse_single(field, text) if text else ABSENT


def _parse_single(field: Field, text: str) -> Json:
    if field.widget is Widget.NUMBER:
        return int(text) if is_number(text) else text
    if field.widget is Widget.CHOICE:
        return next((value for value, _ in field.options if str(value) == text), text)
    return text


def hidden_value(value: Json) -> str:
    """A value as JSON for a hidden input, which shows the next edit what its author saw; empty for no value."""
    return "" if value is None or value is ABSENT else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def parse_hidden_value(text: str) -> Json:
    """The value that `hidden_value` wrote.

    Raises:
        ValueError: the text is no JSON.
    """
    return json.loads(text) if text else ABSENT


def input_text(field: Field) -> str:
    """A field's value as the text of its input."""
    value = field.value
    if value is None or field.unknown:
        return ""
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return str(value)


def describe_value(field: Field | None, value: Json) -> str:
    """A value in words; with its field, a code by the label of its option."""
    if value is None or value is ABSENT or value in ("", []):
        return _EMPTY
    if isinstance(value, bool):
        return "是" if value else "否"
    labels = dict(field.options) if field else {}
    if isinstance(value, list):
        return "；".join(describe_value(field, one) for one in value)
    if isinstance(value, dict):
        if set(value) == {"unknown"}:
            return f"不详（{value['unknown']}）"
        return "，".join(describe_value(None, one) for one in value.values()) or _EMPTY
    return labels.get(value, str(value))
