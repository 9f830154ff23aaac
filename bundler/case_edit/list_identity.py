"""Which item of a list is which: items keep their identity while others are inserted, moved or removed around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bundler.case.json_pointer import Location
from bundler.case_edit.change_operations import ABSENT, Json, canonical_json, is_same_value

_IDENTIFYING = (
    "item",
    "items",
    "file",
    "pages",
    "name",
    "no",
    "on",
    "reserved_for",
    "title",
    "statement",
    "demand",
    "action",
    "text",
    "by",
)
"""The keys that identify an item: where none of them has changed, it is the same item with something filled in."""
_NAMING = ("item", "items", "file", "name", "no")
"""Those that name a person, a paper or a case: an item with another value there is another item."""


class ListItem:
    """An item of a list in a wrapped tree; its identity is that of the object."""

    __slots__ = ("value",)

    def __init__(self, value: Json) -> None:
        self.value = value


def wrap_items(value: Json) -> Any:  # noqa: ANN401 (a tree)
    """Copy a tree, each item of its lists in a `ListItem`."""
    if isinstance(value, Mapping):
        return {key: wrap_items(child) for key, child in value.items()}
    if isinstance(value, list):
        return [ListItem(wrap_items(child)) for child in value]
    return value


def unwrap_items(value: Json) -> Any:  # noqa: ANN401 (a tree)
    """Copy a wrapped tree as a plain one."""
    if isinstance(value, dict):
        return {key: unwrap_items(child) for key, child in value.items()}
    if isinstance(value, list):
        return [unwrap_items(item.value) for item in value]
    return value


def node_locations(value: Json, here: Location = ()) -> Iterator[tuple[int, Location]]:
    """Yield the `id()` and the location of each object, list and item of a wrapped tree."""
    if isinstance(value, dict):
        yield id(value), here
        for key, child in value.items():
            yield from node_locations(child, (*here, key))
    elif isinstance(value, list):
        yield id(value), here
        for index, item in enumerate(value):
            yield id(item), (*here, index)
            yield from node_locations(item.value, (*here, index))


def align_items(seen: Sequence[Json], now: Sequence[Json]) -> tuple[int | None, ...]:
    """Find the items of an earlier list in the current one.

    An item is the same where nothing in it has changed, or where it is the only one with its identifying fields.

    Returns:
        for each earlier item its current index; None where it is gone, or where that is not certain.
    """
    indices: list[int | None] = [None] * len(seen)
    equal: dict[str, list[int]] = {}
    for index, item in enumerate(now):
        equal.setdefault(canonical_json(item), []).append(index)
    for number, item in enumerate(seen):
        found = equal.get(canonical_json(item))
        if found:
            indices[number] = found.pop(0)
    taken = {index for index in indices if index is not None}
    for number, item in enumerate(seen):
        if indices[number] is None:
            indices[number] = _unique_match(item, seen, now, taken)
    return tuple(indices)


def _unique_match(item: Json, seen: Sequence[Json], now: Sequence[Json], taken: set[int]) -> int | None:
    """The index of the only item with the identifying fields of another, where no second one has or had them."""
    key = _identity_key(item)
    if not key or sum(_identity_key(other) == key for other in seen) > 1:
        return None
    found = [index for index, other in enumerate(now) if _identity_key(other) == key]
    return found[0] if len(found) == 1 and found[0] not in taken else None


def is_presumed_same(seen: Sequence[Json], now: Sequence[Json], index: int) -> bool:
    """Whether an item that `align_items` does not find is presumably the one at its old index, with other fields.

    That is so where nothing was inserted, removed or moved, and no other item is known to be at that index.
    """
    indices = align_items(seen, now)
    return (
        len(seen) == len(now)
        and indices[index] is None
        and all(found in {number, None} for number, found in enumerate(indices))
    )


def is_similar(seen: Json, now: Json) -> bool:
    """Whether an item with other identifying fields is much the same: no naming field differs, and at most half of all."""
    if not isinstance(seen, Mapping) or not isinstance(now, Mapping):
        return False
    changed = [key for key in {*seen, *now} if not is_same_value(seen.get(key, ABSENT), now.get(key, ABSENT))]
    return not set(changed) & set(_NAMING) and (len(changed) == 1 or 2 * len(changed) <= len({*seen, *now}))


def identifying_fields(item: Json) -> dict[str, Json]:
    """The fields of an item that identify it."""
    return {key: item[key] for key in _IDENTIFYING if key in item} if isinstance(item, Mapping) else {}


def _identity_key(item: Json) -> str:
    fields = identifying_fields(item)
    return canonical_json(fields) if fields else ""
