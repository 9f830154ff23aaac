"""What somebody wants changed, each change told together with what was seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from bundler.case.reader import is_blank
from bundler.errors import UsageError

Json = Any
"""A JSON value."""


class NoValue(Enum):
    """Where no value is."""

    ABSENT = "absent"
    """Nothing stands there."""
    UNKNOWN = "unstated"
    """It is not said what stood there; then it is what stood in the version that was seen."""


ABSENT, UNKNOWN = NoValue.ABSENT, NoValue.UNKNOWN


@dataclass(frozen=True, slots=True)
class Put:
    """A value is to stand at a place: of an object, or an item of a list. ABSENT takes away what stands there.

    Attributes:
        path: the JSON Pointer, in the version that was seen.
        value: the value; blank text is as good as none.
        before: what was seen there.
    """

    path: str
    value: Json
    before: Json = UNKNOWN


@dataclass(frozen=True, slots=True)
class Insert:
    """An item is to be added to a list.

    Attributes:
        path: the list's JSON Pointer; the list is begun where it is not there yet.
        value: the item.
        at: its place in the version that was seen; None for the end.
    """

    path: str
    value: Json
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """An item is to stand elsewhere in its list.

    Attributes:
        path: the item's JSON Pointer, in the version that was seen.
        to: the place that it is to have in the list of that version, from 0.
    """

    path: str
    to: int


Change = Put | Insert | Move


def removal(path: str, before: Json = UNKNOWN) -> Put:
    """What stands at a place is to go."""
    return Put(path, ABSENT, before)


def is_same_value(one: Json, other: Json) -> bool:
    """Whether two JSON values are the same; true is not 1, and blank text is nothing."""
    one, other = (ABSENT if is_blank(value) else value for value in (one, other))
    if isinstance(one, NoValue) or isinstance(other, NoValue):
        return one is other
    return canonical_json(one) == canonical_json(other)


def value_at(tree: Json, steps: Iterable[int | str]) -> Json:
    """What stands at a place of a tree; ABSENT for nothing."""
    for step in steps:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return ABSENT
    return tree


def canonical_json(value: Json) -> str:
    """A JSON value written in one way only."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def to_json_value(value: Json) -> Json:
    """A value as JSON holds it: days and times become text, blank text becomes nothing.

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
    """A change as JSON, to be kept in a page; nothing stands for ABSENT, and a missing key for UNSTATED."""
    told = {"do": type(change).__name__.lower(), **asdict(change)}
    for key in ("value", "before"):
        if isinstance(told.get(key), NoValue):
            is_absent = told.pop(key) is ABSENT
            if is_absent:
                told[f"no_{key}"] = True
    return told


def change_from_json(told: Mapping[str, Json]) -> Change:
    """A change out of JSON.

    Raises:
        ValueError: it is none.
    """
    path, do = told.get("path"), told.get("do")
    if not isinstance(path, str):
        raise ValueError("no path")  # noqa: TRY004 (what came from outside is wrong, and not our call)
    if do == "put":
        value = ABSENT if told.get("no_value") else told.get("value", ABSENT)
        return Put(path, value, ABSENT if told.get("no_before") else told.get("before", UNKNOWN))
    if do == "insert" and _is_index(told.get("at"), none=True):
        return Insert(path, told.get("value"), told.get("at"))
    if do == "move" and _is_index(told.get("to"), none=False):
        return Move(path, told["to"])
    raise ValueError("no change")


def _is_index(value: Json, *, none: bool) -> bool:
    return (none and value is None) or (type(value) is int and value >= 0)
