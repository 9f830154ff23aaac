"""Build the form's fields from the case model: title, help, article, widget and options, with the case's values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bundler.case.field_types import Day, Moment, Unknown
from bundler.case.json_pointer import parse_pointer
from bundler.case.labels import is_labelled_by_regulation, is_long_text, labels_of_grounds, read_labels
from bundler.case_edit.relocated_position import MEANINGFUL_WHEN_EMPTY
from bundler.desk.cases.form_fields import Field, FieldGroup, FieldRows, FormNode, Json, Widget, unknown_reason
from bundler.regulation.model import Regulation, in_hanzi

_ARTICLES = re.compile(r"（(第[一二三四五六七八九十]+(?:、[一二三四五六七八九十]+)*条[^）]*)）")
_GROUNDS = re.compile(r"§g(\d+)")
_CODES = re.compile(r"\s?\b[a-z][a-z_]{2,}\b")
_FLAGS = re.compile(r"([^，；：]+) true[，；]([^，；：]+) false")
_UNKNOWN = re.compile(r"；?[^；。]*\{\"unknown\"[^。]*")


def build_nodes(
    model: type[BaseModel], tree: Json, path: str, regulation: Regulation, names: Sequence[str] = ()
) -> tuple[FormNode, ...]:
    """Build the fields of a model, with the values of an object.

    Args:
        model: a model of the case.
        tree: the object; anything else counts as an empty one.
        path: the object's JSON Pointer.
        regulation: the court's, from which the articles and the texts of grounds are taken.
        names: the fields to build; all by default.
    """
    values = tree if isinstance(tree, Mapping) else {}
    return tuple(
        _build_node(_describe(model, name, regulation), values.get(name), f"{path}/{name}")
        for name in names or model.model_fields
    )


def field_help(info: FieldInfo, regulation: Regulation) -> str:
    """A field's description without its article and without what only matters when writing case.json by hand."""
    text = _UNKNOWN.sub("", regulation.fill(info.description or ""))
    text = _ARTICLES.sub("", text)
    options = _options(_alternatives(info.annotation), _labels(info, regulation))
    if options:
        # The field itself shows the choices.
        text = _CODES.sub("", text).removeprefix("、".join(label for _, label in options))
    text = _FLAGS.sub(r"勾选为\1，不勾选为\2", text).replace("的填 true", "的勾选").strip("。；， ")
    return f"{text}。" if text and text != (info.title or "") else ""


def field_article(info: FieldInfo, regulation: Regulation) -> str:
    """The article that a field's description names; empty for none."""
    match = _ARTICLES.search(regulation.fill(info.description or ""))
    return match[1] if match else ""


@dataclass(frozen=True, slots=True)
class _FieldDescription:
    """What the model states of a field, whatever its value.

    Attributes:
        object_model: the model of the field's object; None where it holds none.
        row_model: the model of the objects in the field's list; None where it holds none.
        grounds: the grounds of refusal that its description names (§g4), for which alone it is filled in.
    """

    title: str
    help: str
    article: str
    object_model: type[BaseModel] | None
    row_model: type[BaseModel] | None
    widget: Widget
    options: tuple[tuple[Json, str], ...]
    may_be_unknown: bool
    required: bool
    default: Json
    regulation: Regulation
    grounds: tuple[int, ...]


def _labels(info: FieldInfo, regulation: Regulation) -> Mapping[str, str]:
    """The labels of a field's codes, those of grounds from the regulation."""
    return read_labels(info.json_schema_extra) or labels_of_grounds(info.json_schema_extra, regulation)


@cache
def _describe(model: type[BaseModel], name: str, regulation: Regulation) -> _FieldDescription:
    info = model.model_fields[name]
    types = _alternatives(info.annotation)
    models = [one for one in types if isinstance(one, type) and issubclass(one, BaseModel) and one is not Unknown]
    return _FieldDescription(
        title=info.title or name,
        help=field_help(info, regulation),
        article=field_article(info, regulation),
        object_model=models[0] if models else None,
        row_model=_row_model(types),
        widget=_widget(info, types),
        options=_options(types, _labels(info, regulation)),
        may_be_unknown=Unknown in types,
        required=info.is_required(),
        default=None if info.default is PydanticUndefined else info.default,
        regulation=regulation,
        grounds=tuple(map(int, _GROUNDS.findall(info.description or ""))),
    )


def _build_node(described: _FieldDescription, value: Json, path: str) -> FormNode:
    if described.object_model is not None:
        return FieldGroup(
            path,
            described.title,
            described.help,
            described.article,
            build_nodes(described.object_model, value, path, described.regulation),
            is_present=isinstance(value, Mapping),
            is_added_explicitly=parse_pointer(path) in MEANINGFUL_WHEN_EMPTY,
            may_be_unknown=described.may_be_unknown,
            unknown=unknown_reason(value),
            value=value,
            grounds=described.grounds,
        )
    if described.row_model is not None:
        return _build_rows(described, described.row_model, value if isinstance(value, list) else [], path)
    return Field(
        path,
        described.title,
        described.help,
        described.article,
        described.widget,
        value,
        described.options,
        described.may_be_unknown,
        described.required,
        described.default,
        described.grounds,
    )


def _build_rows(described: _FieldDescription, model: type[BaseModel], items: list[Json], path: str) -> FieldRows:
    rows = (_build_row(model, item, f"{path}/{index}", described, index) for index, item in enumerate(items))
    blank = build_nodes(model, None, f"{path}/{len(items)}", described.regulation)
    required = (one for one in blank if isinstance(one, Field) and one.required)
    return FieldRows(
        path, described.title, described.help, described.article, tuple(rows), tuple(required), described.grounds
    )


def _build_row(model: type[BaseModel], item: Json, path: str, described: _FieldDescription, index: int) -> FieldGroup:
    children = build_nodes(model, item, path, described.regulation)
    return FieldGroup(path, f"{described.title}第 {index + 1} 项", "", "", children, is_present=True, value=item)


def _alternatives(annotation: Any) -> list[Any]:  # noqa: ANN401 (an annotation)
    """The members of a union type, without None; a type that is no union alone."""
    if get_origin(annotation) in {Union, UnionType} and annotation not in {Day, Moment}:
        return [one for inner in get_args(annotation) for one in _alternatives(inner) if one is not NoneType]
    return [annotation]


def _row_model(types: list[Any]) -> type[BaseModel] | None:
    for one in types:
        inner = get_args(one)[0] if get_origin(one) is tuple else None
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return inner
    return None


def _widget(info: FieldInfo, types: list[Any]) -> Widget:
    widget = next((found for one in types if (found := _widget_of_type(one)) is not None), Widget.TEXT)
    if widget is Widget.NUMBER and is_labelled_by_regulation(info.json_schema_extra):
        return Widget.CHOICE
    return Widget.LONG if widget is Widget.TEXT and is_long_text(info.json_schema_extra) else widget


def _widget_of_type(annotation: Any) -> Widget | None:  # noqa: ANN401 (an annotation)
    plain = _without_metadata(annotation)
    if get_origin(plain) is tuple:
        inner = _without_metadata(get_args(plain)[0])
        return Widget.CHOICES if inner is int or get_origin(inner) is Literal else Widget.LINES
    if get_origin(plain) is Literal:
        return Widget.CHOICE
    by_name = {"date": Widget.DAY, "datetime": Widget.MOMENT, "bool": Widget.FLAG, "int": Widget.NUMBER}
    return by_name.get(getattr(plain, "__name__", ""))


def _without_metadata(annotation: Any) -> Any:  # noqa: ANN401 (an annotation)
    """The type inside Annotated; any other annotation as it is."""
    return get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation


def _options(types: list[Any], labels: Mapping[str, str]) -> tuple[tuple[Json, str], ...]:
    for one in types:
        plain = _without_metadata(one)
        inner = _without_metadata(get_args(plain)[0]) if get_origin(plain) is tuple else plain
        if get_origin(inner) is Literal:
            return tuple((value, labels.get(value, value)) for value in get_args(inner))
        if inner is int and labels:  # the items of an article, in the order of their numbers
            return tuple(
                (int(code), f"（{in_hanzi(number)}）{label}") for number, (code, label) in enumerate(labels.items(), 1)
            )
    return ()
