"""Types of a view's fields, derived from the annotations of its dataclasses."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from bundler.documents.views.record_fields import AT_LEAST_ONE
from bundler.template_check.value_types import (
    BOOLEAN,
    NUMBER,
    TEXT,
    AbsentType,
    DateTimeType,
    DateType,
    ListType,
    LiteralType,
    RecordType,
    ValueType,
    union_of,
)


@dataclass(frozen=True, slots=True)
class FieldType:
    """One field of a view's record.

    Attributes:
        title: its Chinese title.
        value_type: what it can be.
        literals: the words of its enumeration, in the order of declaration; empty for any other type.
    """

    title: str
    value_type: ValueType
    literals: tuple[str | int, ...] = ()


@cache
def fields_of(record: type) -> dict[str, FieldType]:
    """Return a record's fields by name.

    Raises:
        TypeError: a field has a type that no template could print.
    """
    hints = get_type_hints(record, include_extras=True)
    return {name: _field_from_hint(hint) for name, hint in hints.items()}


def _field_from_hint(hint: Any) -> FieldType:  # noqa: ANN401 (an annotation of the view)
    title = next((extra for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, str)), "")
    value_type = type_from_hint(hint)
    if AT_LEAST_ONE in getattr(hint, "__metadata__", ()):
        value_type = frozenset(
            replace(member, min_length=1) if isinstance(member, ListType) else member for member in value_type
        )
    return FieldType(title, value_type, tuple(_list_literals(hint)))


def _list_literals(hint: Any) -> Iterator[str | int]:  # noqa: ANN401 (an annotation of the view)
    """Yield the words of an enumeration in the order of declaration."""
    for argument in get_args(hint):
        if get_origin(hint) is Literal:
            yield argument
        elif not isinstance(argument, str):
            yield from _list_literals(argument)


_SIMPLE_TYPES: dict[object, ValueType] = {
    str: TEXT,
    int: NUMBER,
    bool: BOOLEAN,
    date: frozenset({DateType()}),
    datetime: frozenset({DateTimeType()}),
    types.NoneType: frozenset({AbsentType()}),
}


def type_from_hint(hint: Any) -> ValueType:  # noqa: ANN401 (an annotation of the view)
    """Return what a value with this annotation can be.

    Raises:
        TypeError: a type that no template could print.
    """
    if isinstance(hint, type) and is_dataclass(hint):
        return frozenset({RecordType(hint)})
    origin = get_origin(hint)
    if origin in _GENERIC_TYPES:
        return _GENERIC_TYPES[origin](get_args(hint))
    if hint in _SIMPLE_TYPES:
        return _SIMPLE_TYPES[hint]
    raise TypeError(f"a view may not hold {hint!r}")


def _list_type(arguments: tuple[Any, ...]) -> ValueType:
    if len(arguments) != 2 or arguments[1] is not Ellipsis:  # noqa: PLR2004 (tuple[Item, ...])
        raise TypeError(f"a view may not hold tuple{arguments!r}")
    return frozenset({ListType(type_from_hint(arguments[0]))})


_GENERIC_TYPES: dict[Any, Callable[[tuple[Any, ...]], ValueType]] = {
    Annotated: lambda arguments: type_from_hint(arguments[0]),
    Literal: lambda arguments: frozenset(LiteralType(value) for value in arguments),
    Union: lambda arguments: union_of(map(type_from_hint, arguments)),
    types.UnionType: lambda arguments: union_of(map(type_from_hint, arguments)),
    tuple: _list_type,
}
