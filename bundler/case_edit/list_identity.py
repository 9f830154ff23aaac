"""A tree in which every item of a list is itself, whatever else is put before it or taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bundler.case.json_pointer import Location
from bundler.case_edit.changes import ABSENT, Json, canonical_json, is_same_value

_KEYS = ("item", "items", "file", "pages", "name", "no", "on", "title", "statement", "demand", "action", "text", "by")
"""What an item of a list is known by: where these have not changed, it is the same item with something filled in."""
_WHO = ("item", "items", "file", "name", "no")
"""Of these, what says who or what it is: an item that bears another is another."""


class ListItem:
    """An item of a list."""

    __slots__ = ("value",)

    def __init__(self, value: Json) -> None:
        self.value = value


def wrap_items(value: Json) -> Any:  # noqa: ANN401 (a tree)
    """A copy of a tree, the items of its lists in boxes."""
    if isinstance(value, Mapping):
        return {key: wrap_items(child) for key, child in value.items()}
    if isinstance(value, list):
        return [ListItem(wrap_items(child)) for child in value]
    return value


def unwrap_items(value: Json) -> Any:  # noqa: ANN401 (a tree)
    """The tree again."""
    if isinstance(value, dict):
        return {key: unwrap_items(child) for key, child in value.items()}
    if isinstance(value, list):
        return [unwrap_items(box.value) for box in value]
    return value


def node_locations(value: Json, here: Location = ()) -> Iterator[tuple[int, Location]]:
    """Where each object, list and box of a boxed tree stands, by its identity."""
    if isinstance(value, dict):
        yield id(value), here
        for key, child in value.items():
            yield from node_locations(child, (*here, key))
    elif isinstance(value, list):
        yield id(value), here
        for index, box in enumerate(value):
            yield id(box), (*here, index)
            yield from node_locations(box.value, (*here, index))


def align_items(seen: Sequence[Json], now: Sequence[Json]) -> tuple[int | None, ...]:
    """For each item of a list as it was seen, its place now; None where it is gone, or is not surely the same.

    An item is the same where nothing in it has changed, or where it alone bears the marks that it bore.
    """
    places: list[int | None] = [None] * len(seen)
    free: dict[str, list[int]] = {}
    for place, item in enumerate(now):
        free.setdefault(canonical_json(item), []).append(place)
    for index, item in enumerate(seen):
        found = free.get(canonical_json(item))
        if found:
            places[index] = found.pop(0)
    taken = {place for place in places if place is not None}
    for index, item in enumerate(seen):
        if places[index] is None:
            places[index] = _only_one(item, seen, now, taken)
    return tuple(places)


def _only_one(item: Json, seen: Sequence[Json], now: Sequence[Json], taken: set[int]) -> int | None:
    """The place of the one item that bears the marks of another, where no second bears or bore them."""
    marks = _marks(item)
    if not marks or sum(_marks(other) == marks for other in seen) > 1:
        return None
    found = [place for place, other in enumerate(now) if _marks(other) == marks]
    return found[0] if len(found) == 1 and found[0] not in taken else None


def is_presumed_same(seen: Sequence[Json], now: Sequence[Json], index: int) -> bool:
    """Whether an item that is not surely there any more stands at its own place still, its own words changed.

    Nothing was added or taken away then, nothing moved, and nothing else is known to stand there.
    """
    places = align_items(seen, now)
    return (
        len(seen) == len(now)
        and places[index] is None
        and all(place in {number, None} for number, place in enumerate(places))
    )


def is_similar(seen: Json, now: Json) -> bool:
    """Whether an item whose words have changed is about the same: nothing that says who it is differs, and little else."""
    if not isinstance(seen, Mapping) or not isinstance(now, Mapping):
        return False
    other = [key for key in {*seen, *now} if not is_same_value(seen.get(key, ABSENT), now.get(key, ABSENT))]
    return not set(other) & set(_WHO) and (len(other) == 1 or 2 * len(other) <= len({*seen, *now}))


def identifying_fields(item: Json) -> dict[str, Json]:
    """What an item of a list is known by."""
    return {key: item[key] for key in _KEYS if key in item} if isinstance(item, Mapping) else {}


def _marks(item: Json) -> str:
    marks = identifying_fields(item)
    return canonical_json(marks) if marks else ""
