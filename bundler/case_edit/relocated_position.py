"""Find the position that a change means in the current tree, by what surrounded it in the version that was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bundler.case.json_pointer import Location, known_keys
from bundler.case_edit.change_operations import ABSENT, UNKNOWN, Json
from bundler.case_edit.list_identity import ListItem, align_items, is_presumed_same, unwrap_items

MEANINGFUL_WHEN_EMPTY = frozenset({("write_off",), ("declined",), ("not_ours",)})
"""Objects whose presence alone is a statement, so that they stay when they are empty."""

Trail = tuple[tuple[dict[str, Json] | list[ListItem], str | ListItem], ...]
"""Containers, outermost first, each with the member or the item that was followed."""


class PositionGoneError(Exception):
    """The position is not in the current tree, or cannot be distinguished from others."""


@dataclass(frozen=True, slots=True)
class PresumedItem:
    """An item of a list that is presumed to be the one that was read, although its identifying fields differ.

    Attributes:
        steps: its location, as the change names it.
        seen: the item as it was read.
        now: the item as it is.
    """

    steps: Location
    seen: Json
    now: Json


@dataclass(frozen=True, slots=True)
class Position:
    """A position in the current tree, whose lists are wrapped.

    Attributes:
        trail: the way to it.
        missing: keys that are not there yet, the last of them the position's own; empty for an item of a list.
        seen: the value that was read there; UNKNOWN where it is no longer cached.
        steps: its location, as the change names it.
        guesses: the items on the way that are only presumed to be those that were read.
    """

    trail: Trail
    missing: tuple[str, ...]
    seen: Json
    steps: Location
    guesses: tuple[PresumedItem, ...] = ()

    @property
    def holder(self) -> dict[str, Json] | list[ListItem]:
        """The innermost container that exists."""
        return self.trail[-1][0]

    @property
    def item(self) -> ListItem | None:
        """The item, where the position is one of a list."""
        last = self.trail[-1][1]
        return last if isinstance(last, ListItem) else None

    @property
    def value(self) -> Json:
        """The current value, as a plain tree."""
        if self.missing:
            return ABSENT
        holder, last = self.trail[-1]
        if isinstance(last, ListItem):
            return unwrap_items(last.value)
        return unwrap_items(holder[last]) if isinstance(holder, dict) and last in holder else ABSENT

    def put(self, value: Json) -> None:
        """Set a wrapped value, and create the objects around it that are missing."""
        holder, last = self.trail[-1]
        if isinstance(last, ListItem):
            last.value = value
            return
        keys = (last, *self.missing[1:])
        around = self.steps[: len(self.steps) - len(keys)]
        here: Json = holder
        for depth, key in enumerate(keys[:-1]):
            if not isinstance(here.get(key), dict):
                insert_in_model_order(here, key, {}, known_keys((*around, *keys[:depth])))
            here = here[key]
        insert_in_model_order(here, keys[-1], value, known_keys((*around, *keys[:-1])))

    def items(self) -> list[ListItem]:
        """The list at this position; a missing one is created.

        Raises:
            PositionGoneError: the value is no list.
        """
        holder, last = self.trail[-1]
        here: Json = last.value if isinstance(last, ListItem) else holder
        for key in () if isinstance(last, ListItem) else (last, *self.missing[1:]):
            here = here.get(key, ABSENT) if isinstance(here, dict) else ABSENT
        if here is ABSENT:
            here = []
            self.put(here)
        if not isinstance(here, list):
            raise PositionGoneError
        return here

    def clear(self) -> None:
        """Remove the value, and the containers that are empty without it."""
        if self.missing or self.value is ABSENT:
            return
        for depth in range(len(self.trail) - 1, -1, -1):
            holder, last = self.trail[depth]
            if isinstance(holder, list):
                holder[:] = [item for item in holder if item is not last]
            else:
                del holder[str(last)]
            if holder or not self._is_removable(depth):
                return

    def _is_removable(self, depth: int) -> bool:
        """Whether an empty container may go: not the outermost, no item, no list of the case, none with a meaning."""
        around = self.steps[:depth]
        if not around or isinstance(around[-1], int) or around in MEANINGFUL_WHEN_EMPTY:
            return False
        return not (depth == 1 and isinstance(self.trail[depth][0], list))


def insert_in_model_order(holder: dict[str, Json], key: str, value: Json, order: Sequence[str]) -> None:
    """Set a member of an object; a new one goes where the model has it.

    Args:
        holder: the object.
        key: the member's key.
        value: its value.
        order: the keys of the object in the model's order.
    """
    if key in holder or key not in order:
        holder[key] = value
        return
    later = set(order[order.index(key) + 1 :])
    members = list(holder.items())
    place = next((index for index, (name, _) in enumerate(members) if name in later), len(members))
    holder.clear()
    holder.update([*members[:place], (key, value), *members[place:]])


def locate(tree: dict[str, Json], seen: Mapping[str, Json] | None, steps: Location, *, guess: bool = False) -> Position:
    """Find the position that a location of an earlier version means.

    Args:
        tree: the current tree, its lists wrapped.
        seen: the earlier version; None where it is no longer cached, and then no step into a list can be trusted.
        steps: the location in the earlier version.
        guess: also follow items that are only presumed to be those that were read.

    Raises:
        PositionGoneError: it is gone, or that is not certain.
    """
    here: Json = tree
    before: Json = UNKNOWN if seen is None else seen
    trail: list[tuple[dict[str, Json] | list[ListItem], str | ListItem]] = []
    guesses: list[PresumedItem] = []
    if not steps:
        raise PositionGoneError
    for depth, given in enumerate(steps):
        step = str(given) if isinstance(here, dict) else given
        if isinstance(here, list):
            item, is_certain = _find_item(here, before, step, guess=guess)
            trail.append((here, item))
            here, before = item.value, before[int(step)]
            if not is_certain:
                guesses.append(PresumedItem(steps[: depth + 1], before, unwrap_items(here)))
            continue
        if not isinstance(here, dict) or not isinstance(step, str):
            raise PositionGoneError
        before = _member(before, step)
        trail.append((here, step))
        if step not in here:
            far = _descendant(before, steps[depth + 1 :])
            return Position(tuple(trail), _keys_only(steps[depth:]), far, steps, tuple(guesses))
        here = here[step]
    return Position(tuple(trail), (), before, steps, tuple(guesses))


def _find_item(items: list[ListItem], before: Json, step: int | str, *, guess: bool) -> tuple[ListItem, bool]:
    """The item that had an index in the earlier version, and whether that is certain."""
    if not isinstance(before, list) or not isinstance(step, int) or step >= len(before):
        raise PositionGoneError
    now = [unwrap_items(item.value) for item in items]
    index = align_items(before, now)[step]
    if index is not None:
        return items[index], True
    if guess and is_presumed_same(before, now, step):
        return items[step], False
    raise PositionGoneError


def _member(before: Json, key: str) -> Json:
    if before is UNKNOWN:
        return UNKNOWN
    return before.get(key, ABSENT) if isinstance(before, Mapping) else ABSENT


def _descendant(before: Json, steps: Location) -> Json:
    for step in steps:
        before = _member(before, str(step))
    return before


def _keys_only(steps: Location) -> tuple[str, ...]:
    """Steps whose objects must be created; an item cannot be put into a list that is gone."""
    if not all(isinstance(step, str) for step in steps):
        raise PositionGoneError
    return tuple(str(step) for step in steps)
