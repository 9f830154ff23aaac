"""The types of a view, read from its dataclasses, as the kinds that the proof reckons with."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from bundler.documents.views.fields import AT_LEAST_ONE
from bundler.template_check.types import (
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
    join,
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a view's record: its Chinese title, what it can be, and its words in the order of the title."""

    title: str
    kinds: ValueType
    words: tuple[str | int, ...] = ()


@cache
def fields_of(record: type) -> dict[str, Field]:
    """A record's fields by name.

    Raises:
        TypeError: a field has a type that no template could print.
    """
    hints = get_type_hints(record, include_extras=True)
    return {name: _field(hint) for name, hint in hints.items()}


def _field(hint: Any) -> Field:  # noqa: ANN401 (a type as it stands in the view)
    title = next((extra for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, str)), "")
    kinds = kinds_of(hint)
    if AT_LEAST_ONE in getattr(hint, "__metadata__", ()):
        kinds = frozenset(replace(kind, least=1) if isinstance(kind, ListType) else kind for kind in kinds)
    return Field(title, kinds, tuple(_literals(hint)))


def _literals(hint: Any) -> Iterator[str | int]:  # noqa: ANN401 (a type as it stands in the view)
    """The words of an enumeration, in the order in which they are declared."""
    for inside in get_args(hint):
        if get_origin(hint) is Literal:
            yield inside
        elif not isinstance(inside, str):
            yield from _literals(inside)


_PLAIN: dict[object, ValueType] = {
    str: TEXT,
    int: NUMBER,
    bool: BOOLEAN,
    date: frozenset({DateType()}),
    datetime: frozenset({DateTimeType()}),
    types.NoneType: frozenset({AbsentType()}),
}


def kinds_of(hint: Any) -> ValueType:  # noqa: ANN401 (a type as it stands in the view)
    """What a value of a declared type can be.

    Raises:
        TypeError: a type that no template could print.
    """
    if isinstance(hint, type) and is_dataclass(hint):
        return frozenset({RecordType(hint)})
    origin = get_origin(hint)
    if origin in _COMPOUND:
        return _COMPOUND[origin](get_args(hint))
    if hint in _PLAIN:
        return _PLAIN[hint]
    raise TypeError(f"a view may not hold {hint!r}")


def _listing(of: tuple[Any, ...]) -> ValueType:
    if len(of) != 2 or of[1] is not Ellipsis:  # noqa: PLR2004 (tuple[Item, ...])
        raise TypeError(f"a view may not hold tuple{of!r}")
    return frozenset({ListType(kinds_of(of[0]))})


_COMPOUND: dict[Any, Callable[[tuple[Any, ...]], ValueType]] = {
    Annotated: lambda of: kinds_of(of[0]),
    Literal: lambda of: frozenset(LiteralType(value) for value in of),
    Union: lambda of: join(map(kinds_of, of)),
    types.UnionType: lambda of: join(map(kinds_of, of)),
    tuple: _listing,
}
