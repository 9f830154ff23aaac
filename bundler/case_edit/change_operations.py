"""The changes that a caller can ask for: put, insert, move; each against the version that the caller had read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from bundler.case.field_types import is_blank
from bundler.case.json_pointer import value_at_location
from bundler.errors import UsageError

Json = Any
"""A JSON value."""


class NoValue(Enum):
    """Markers in the place of a JSON value."""

    ABSENT = "absent"
    """There is no value."""
    UNKNOWN = "unstated"
    """The caller did not say which value was there; that of the version it had read counts."""


ABSENT, UNKNOWN = NoValue.ABSENT, NoValue.UNKNOWN


@dataclass(frozen=True, slots=True)
class Put:
    """Set a member of an object or an item of a list; ABSENT removes it.

    Attributes:
        path: the JSON Pointer, in the version that the caller had read.
        value: the value; blank text counts as ABSENT.
        before: the value that the caller had read there.
    """

    path: str
    value: Json
    before: Json = UNKNOWN


@dataclass(frozen=True, slots=True)
class Insert:
    """Add an item to a list.

    Attributes:
        path: the list's JSON Pointer; a missing list is created.
        value: the item.
        at: its index in the version that the caller had read; None for the end.
    """

    path: str
    value: Json
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Move an item within its list.

    Attributes:
        path: the item's JSON Pointer, in the version that the caller had read.
        to: the index that it is to have in the list of that version.
    """

    path: str
    to: int


Change = Put | Insert | Move


def removal(path: str, before: Json = UNKNOWN) -> Put:
    """The change that removes a value."""
    return Put(path, ABSENT, before)


def is_same_value(one: Json, other: Json) -> bool:
    """Whether two JSON values are the same; true differs from 1, and blank text counts as ABSENT."""
    one, other = (ABSENT if is_blank(value) else value for value in (one, other))
    if isinstance(one, NoValue) or isinstance(other, NoValue):
        return one is other
    return canonical_json(one) == canonical_json(other)


def value_at(tree: Json, steps: Iterable[int | str]) -> Json:
    """The value at a location of a tree; ABSENT where there is none."""
    return value_at_location(tree, steps, ABSENT)


def canonical_json(value: Json) -> str:
    """A JSON value in one canonical form, so that equal values give equal text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def to_json_value(value: Json) -> Json:
    """Convert a value to one that JSON holds: dates and times to text, None and blank text to ABSENT.

    Raises:
        UsageError: JSON cannot hold it.
    """
    if isinstance(value, NoValue) or value is None or is_blank(value):
        return ABSENT
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        raise UsageError("这个值写不进 case.json。", fix="请刷新页面后重新填写。") from None


def change_to_json(change: Change) -> dict[str, Json]:
    """Convert a change to JSON for a page that asks the user; a `no_…` key marks ABSENT, a missing key UNKNOWN."""
    data = {"do": type(change).__name__.lower(), **asdict(change)}
    for key in ("value", "before"):
        if isinstance(data.get(key), NoValue) and data.pop(key) is ABSENT:
            data[f"no_{key}"] = True
    return data


def change_from_json(data: Mapping[str, Json]) -> Change:
    """Read a change from JSON.

    Raises:
        ValueError: it is no change.
    """
    path, do = data.get("path"), data.get("do")
    if not isinstance(path, str):
        raise ValueError("no path")  # noqa: TRY004 (the input is wrong, not the call)
    if do == "put":
        value = ABSENT if data.get("no_value") else data.get("value", ABSENT)
        return Put(path, value, ABSENT if data.get("no_before") else data.get("before", UNKNOWN))
    if do == "insert" and _is_index(data.get("at"), or_none=True):
        return Insert(path, data.get("value"), data.get("at"))
    if do == "move" and _is_index(data.get("to"), or_none=False):
        return Move(path, data["to"])
    raise ValueError("no change")


def _is_index(value: Json, *, or_none: bool) -> bool:
    return (or_none and value is None) or (type(value) is int and value >= 0)
