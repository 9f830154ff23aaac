"""How values for templates are made: frozen records whose fields bear Chinese titles, copied from the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

Record = TypeVar("Record")


class _AtLeastOne:
    """Beside a list's type: it is never empty."""


AT_LEAST_ONE = _AtLeastOne()


def copy_fields(record: type[Record], source: object, **others: Any) -> Record:  # noqa: ANN401 (the values of any field)
    """A record whose fields are the source's of the same name, but for those given.

    A text that is blank is none: where a template finds a text, there is something to print.
    """
    values: Mapping[str, Any] = {
        field.name: others[field.name] if field.name in others else getattr(source, field.name)
        for field in fields(record)  # type: ignore[arg-type]  # every record is a dataclass
    }
    return record(**{name: None if value == "" else value for name, value in values.items()})


def fields_by_name(record: object) -> dict[str, Any]:
    """A record's fields by name; the values stay as they are."""
    return {field.name: getattr(record, field.name) for field in fields(record)}  # type: ignore[arg-type]
