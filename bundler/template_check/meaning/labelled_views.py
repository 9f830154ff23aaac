"""Views whose values know where they come from, so that a filled template shows which field stands at which place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from bundler.documents.views.record_fields import field_names
from bundler.template_check.value_types import NumberType, TextType
from bundler.template_check.view_types import fields_of

VALUE, LABEL_END, END = "\ue110", "\ue111", "\ue112"
"""The marks around a printed value: the path of its field, then its text."""


def mark_value(path: str, text: str) -> Markup:
    """Return a value as the filled template has it."""
    return Markup(f"{VALUE}{path}{LABEL_END}{escape(text)}{END}")  # noqa: S704 (escaped; the path is ours)


class LabelledText(str):
    """A text that is printed with its path, and compares like any text."""

    __slots__ = ("path",)
    path: str

    def __html__(self) -> Markup:
        """Return it as the filled template has it."""
        return mark_value(self.path, str(self))


class LabelledNumber(int):
    """A number that is printed with its path."""

    path: str

    def __html__(self) -> Markup:
        """Return it as the filled template has it."""
        return mark_value(self.path, str(int(self)))


class LabelledDate(date):
    """A day that filters print with its path."""

    path: str


class LabelledDateTime(datetime):
    """A time that filters print with its path."""

    path: str


def label_view(view: Any) -> Any:  # noqa: ANN401 (any view)
    """Return a view in which every text, number and date knows its path, such as ``petitioners.0.name``."""
    return _label_record(view, "")


def _label_record(record: Any, prefix: str) -> Any:  # noqa: ANN401 (any record)
    record_type: type = type(record)
    return record_type(
        **{
            name: _label(getattr(record, name), f"{prefix}{name}", is_free=is_free)
            for name, is_free in _free_fields(record_type).items()
        }
    )


@cache
def _free_fields(record_type: type) -> dict[str, bool]:
    """The fields of a type of record, and whether each may hold any text or number."""
    return {
        name: any(isinstance(member, TextType | NumberType) for member in _members(field.value_type))
        for name, field in fields_of(record_type).items()
    }


def _members(value_type: Any) -> list[Any]:  # noqa: ANN401 (any type of a view)
    """The members of a type and of the entries of its lists."""
    return [one for member in value_type for one in (member, *getattr(member, "item", ()))]


def _label(value: Any, path: str, *, is_free: bool) -> Any:  # noqa: ANN401 (any value)
    if value is None or value is True or value is False:
        return value
    if field_names(type(value)):
        return _label_record(value, f"{path}.")
    if isinstance(value, tuple):
        return tuple(_label(one, f"{path}.{index}", is_free=is_free) for index, one in enumerate(value))
    labelled: Any = None
    if isinstance(value, datetime):
        labelled = LabelledDateTime(value.year, value.month, value.day, value.hour, value.minute)
    elif isinstance(value, date):
        labelled = LabelledDate(value.year, value.month, value.day)
    elif is_free and isinstance(value, str):
        labelled = LabelledText(value)
    elif isinstance(value, int):
        labelled = LabelledNumber(value)
    if labelled is None:
        return value
    labelled.path = path
    return labelled


def labelling_filters(filters: dict[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Return the filters of templates so that what they print keeps its path."""

    def keep_path(name: str) -> Callable[[Any], Any]:
        def apply(value: Any) -> Any:  # noqa: ANN401 (any value)
            text = filters[name](value)
            path = getattr(value, "path", "")
            return mark_value(path, text) if path else text

        return apply

    return {
        **filters,
        **{name: keep_path(name) for name in ("day", "hanzi", "moment", "year", "cn")},
        "names": lambda values: Markup("、").join(values),
        "lines": lambda text: filters["lines"](without_marks(_as_printed(text))),
        "title": lambda text: (text,),
    }


def _as_printed(text: Any) -> str:  # noqa: ANN401 (a text)
    return str(escape(text))


def without_marks(text: str) -> str:
    """Return a filled text without any mark."""
    kept, inside = [], False
    for character in text:
        if character in _OPENING:
            inside = True
        elif character in _CLOSING:
            inside = False
        elif character not in _OTHERS and not inside:
            kept.append(character)
    return "".join(kept)


PARAGRAPH, PARAGRAPH_END, WORDS, WORDS_START, WORDS_END = "\ue100", "\ue101", "\ue102", "\ue103", "\ue104"
"""The marks of a paragraph's number, and those around words of the template with the number of their token."""
_OPENING = frozenset({VALUE, PARAGRAPH, WORDS})
_CLOSING = frozenset({LABEL_END, PARAGRAPH_END, WORDS_START})
_OTHERS = frozenset({END, WORDS_END})
