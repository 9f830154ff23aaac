"""The form's fields, made from the model: title, help, article and widget of each, with the value that stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bundler.case.field_types import Day, Moment, Unknown
from bundler.case.json_pointer import parse_pointer
from bundler.case.labels import is_long_text, read_labels
from bundler.case_edit.locate import MEANINGFUL_WHEN_EMPTY
from bundler.text import display_width

Json = Any
"""A JSON value."""

_ARTICLES = re.compile(r"（(第[一二三四五六七八九十]+(?:、[一二三四五六七八九十]+)*条[^）]*)）")
_CODES = re.compile(r"\s?\b[a-z][a-z_]{2,}\b")
_FLAGS = re.compile(r"([^，；：]+) true[，；]([^，；：]+) false")
_UNKNOWN = re.compile(r"；?[^；。]*\{\"unknown\"[^。]*")


_ONE, _TWO = 22, 48
"""So many Latin letters, or half as many 汉字, are read at a glance in a field of usual width, and in one twice as wide."""


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
        value: what stands there; None for nothing.
        options: value and words of each choice.
        may_be_unknown: 不详 may be said instead, with the reason.
        needed: the model asks for it where its part is there at all.
        default: what counts where nothing stands.
    """

    path: str
    title: str
    help: str
    article: str
    widget: Widget
    value: Json = None
    options: tuple[tuple[Json, str], ...] = ()
    may_be_unknown: bool = False
    needed: bool = False
    default: Json = None

    @property
    def unknown(self) -> str:
        """Why it is not known; empty where nothing is said of that."""
        return unknown_reason(self.value) if self.may_be_unknown else ""

    @property
    def width_class(self) -> str:
        """How much room it takes: that of "one" field, of "two", or the "whole" line."""
        if self.widget is Widget.LONG:
            return "whole"
        shown = [word for _, word in self.options]
        if self.widget in {Widget.TEXT, Widget.LINES}:
            shown = [str(one) for one in (self.value if isinstance(self.value, list) else [self.value or ""])]
        longest = max(map(display_width, shown), default=0)
        if longest > _TWO:
            return "whole"
        return "two" if longest > _ONE or self.widget in {Widget.CHOICES, Widget.LINES} else "one"


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields that belong together: an object of the case.

    Attributes:
        is_present: it stands in the case.
        says: its being there says something of itself, so that it is begun and taken away by hand.
    """

    path: str
    title: str
    help: str
    article: str
    children: tuple[FormNode, ...]
    is_present: bool
    says: bool = False
    may_be_unknown: bool = False
    unknown: str = ""
    value: Json = None

    @property
    def needed(self) -> tuple[Field, ...]:
        """The fields without which it cannot be there."""
        return tuple(one for one in self.children if isinstance(one, Field) and one.needed)


@dataclass(frozen=True, slots=True)
class FieldRows:
    """A list of objects, each a row.

    Attributes:
        needed: the fields without which a row cannot be there.
    """

    path: str
    title: str
    help: str
    article: str
    rows: tuple[FieldGroup, ...]
    needed: tuple[Field, ...]


FormNode = Field | FieldGroup | FieldRows


def unknown_reason(value: Json) -> str:
    """The reason that stands in the place of a value; empty for none."""
    if isinstance(value, Mapping) and set(value) == {"unknown"}:
        return str(value["unknown"])
    return ""


def build_nodes(model: type[BaseModel], tree: Json, path: str, names: Sequence[str] = ()) -> tuple[FormNode, ...]:
    """The fields of a model, over what stands in the tree.

    Args:
        model: of the case.
        tree: the object that stands there; anything else is taken for none.
        path: its JSON Pointer.
        names: which fields; all where none is named.
    """
    here = tree if isinstance(tree, Mapping) else {}
    return tuple(_node(_facts(model, name), here.get(name), f"{path}/{name}") for name in names or model.model_fields)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the model says of a field, wherever it stands.

    Attributes:
        inner: the model of its object.
        row: the model of its rows.
    """

    title: str
    help: str
    article: str
    inner: type[BaseModel] | None
    row: type[BaseModel] | None
    widget: Widget
    options: tuple[tuple[Json, str], ...]
    may_be_unknown: bool
    needed: bool
    default: Json


@cache
def _facts(model: type[BaseModel], name: str) -> _Facts:
    info = model.model_fields[name]
    kinds = _kinds(info.annotation)
    inner = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel) and kind is not Unknown]
    return _Facts(
        title=info.title or name,
        help=field_help(info),
        article=field_article(info),
        inner=inner[0] if inner else None,
        row=_row_model(kinds),
        widget=_widget(info, kinds),
        options=_options(kinds, read_labels(info.json_schema_extra)),
        may_be_unknown=Unknown in kinds,
        needed=info.is_required(),
        default=None if info.default is PydanticUndefined else info.default,
    )


def _node(facts: _Facts, value: Json, path: str) -> FormNode:
    title, text, article = facts.title, facts.help, facts.article
    if facts.inner is not None:
        return FieldGroup(
            path,
            title,
            text,
            article,
            build_nodes(facts.inner, value, path),
            is_present=isinstance(value, Mapping),
            says=parse_pointer(path) in MEANINGFUL_WHEN_EMPTY,
            may_be_unknown=facts.may_be_unknown,
            unknown=unknown_reason(value),
            value=value,
        )
    if facts.row is not None:
        return _rows(facts, facts.row, value if isinstance(value, list) else [], path)
    more = (facts.widget, value, facts.options, facts.may_be_unknown, facts.needed, facts.default)
    return Field(path, title, text, article, *more)


def _rows(facts: _Facts, model: type[BaseModel], items: list[Json], path: str) -> FieldRows:
    rows = (_row(model, item, f"{path}/{place}", facts.title, place) for place, item in enumerate(items))
    blank = build_nodes(model, None, f"{path}/{len(items)}")
    needed = (one for one in blank if isinstance(one, Field) and one.needed)
    return FieldRows(path, facts.title, facts.help, facts.article, tuple(rows), tuple(needed))


def _row(model: type[BaseModel], item: Json, path: str, title: str, place: int) -> FieldGroup:
    return FieldGroup(
        path, f"{title}第 {place + 1} 项", "", "", build_nodes(model, item, path), is_present=True, value=item
    )


def _kinds(annotation: Any) -> list[Any]:  # noqa: ANN401 (an annotation)
    """The alternatives of an annotation, without None."""
    if get_origin(annotation) in {Union, UnionType} and annotation not in {Day, Moment}:
        return [kind for inner in get_args(annotation) for kind in _kinds(inner) if kind is not NoneType]
    return [annotation]


def _row_model(kinds: list[Any]) -> type[BaseModel] | None:
    for kind in kinds:
        inner = get_args(kind)[0] if get_origin(kind) is tuple else None
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return inner
    return None


def _widget(info: FieldInfo, kinds: list[Any]) -> Widget:
    found = next((widget for kind in kinds if (widget := _widget_of(kind)) is not None), Widget.TEXT)
    return Widget.LONG if found is Widget.TEXT and is_long_text(info.json_schema_extra) else found


def _widget_of(kind: Any) -> Widget | None:  # noqa: ANN401 (an annotation)
    plain = _plain(kind)
    if get_origin(plain) is tuple:
        inner = _plain(get_args(plain)[0])
        return Widget.CHOICES if inner is int or get_origin(inner) is Literal else Widget.LINES
    if get_origin(plain) is Literal:
        return Widget.CHOICE
    named = {"date": Widget.DAY, "datetime": Widget.MOMENT, "bool": Widget.FLAG, "int": Widget.NUMBER}
    return named.get(getattr(plain, "__name__", ""))


def _plain(kind: Any) -> Any:  # noqa: ANN401 (an annotation)
    """An annotation without what is said beside its type."""
    return get_args(kind)[0] if hasattr(kind, "__metadata__") else kind


def _options(kinds: list[Any], labels: Mapping[str, str]) -> tuple[tuple[Json, str], ...]:
    for kind in kinds:
        plain = _plain(kind)
        inner = _plain(get_args(plain)[0]) if get_origin(plain) is tuple else plain
        if get_origin(inner) is Literal:
            return tuple((value, _word(value, labels)) for value in get_args(inner))
        if inner is int and get_origin(plain) is tuple:
            return tuple((number, _word(number, labels)) for number in range(1, 9))
    return ()


_DIGITS = "〇一二三四五六七八"


def _word(value: Json, labels: Mapping[str, str]) -> str:
    """The Chinese word of a code; digits as items of the article, with what the item says."""
    return f"（{_DIGITS[value]}）{labels.get(str(value), '')}" if isinstance(value, int) else labels.get(value, value)


def field_help(info: FieldInfo) -> str:
    """A field's help, without what only one who writes case.json needs."""
    text = _UNKNOWN.sub("", info.description or "")
    text = _ARTICLES.sub("", text)
    options = _options(_kinds(info.annotation), read_labels(info.json_schema_extra))
    if options:
        # The choices stand in the field itself.
        text = _CODES.sub("", text).removeprefix("、".join(word for _, word in options))
    text = _FLAGS.sub(r"勾选为\1，不勾选为\2", text).strip("。；， ")
    return f"{text}。" if text and text != (info.title or "") else ""


def field_article(info: FieldInfo) -> str:
    """The article that a field comes from."""
    found = _ARTICLES.search(info.description or "")
    return found[1] if found else ""


def walk(nodes: Sequence[FormNode]) -> Iterator[FormNode]:
    """Every node, the outer before the inner."""
    for node in nodes:
        yield node
        if isinstance(node, FieldGroup):
            yield from walk(node.children)
        elif isinstance(node, FieldRows):
            for row in node.rows:
                yield row
                yield from walk(row.children)
