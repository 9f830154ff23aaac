"""Helpers for the view records, whose fields carry Chinese titles: copy them from the case, list them by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

Record = TypeVar("Record")


class _AtLeastOne:
    """Marks the annotation of a list that is never empty."""


AT_LEAST_ONE = _AtLeastOne()


def copy_fields(record: type[Record], source: object, **others: Any) -> Record:  # noqa: ANN401 (values of any field)
    """Make a record from the source's fields of the same names; the given ones replace them.

    An empty text becomes None, so that a template has something to print wherever a text is there.
    """
    values: Mapping[str, Any] = {
        field.name: others[field.name] if field.name in others else getattr(source, field.name)
        for field in fields(record)  # type: ignore[arg-type]  # every record is a dataclass
    }
    return record(**{name: None if value == "" else value for name, value in values.items()})


def fields_by_name(record: object) -> dict[str, Any]:
    """A record's field values by name."""
    return {name: getattr(record, name) for name in field_names(type(record))}


_names: dict[type, tuple[str, ...]] = {}


def field_names(record: type) -> tuple[str, ...]:
    """The names of the fields of a type of record; none of a type that is no record."""
    names = _names.get(record)
    if names is None:
        names = tuple(field.name for field in fields(record)) if is_dataclass(record) else ()
        _names[record] = names
    return names
