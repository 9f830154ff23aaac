"""The place that a change means: found in the tree as it stands, by what stood around it when it was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bundler.case.json_pointer import Location, known_keys
from bundler.case_edit.changes import ABSENT, UNKNOWN, Json
from bundler.case_edit.list_identity import ListItem, align_items, is_presumed_same, unwrap_items

MEANINGFUL_WHEN_EMPTY = frozenset({("write_off",), ("declined",), ("not_ours",)})
"""Objects that say something by being there."""


class PositionGoneError(Exception):
    """What a change means is no longer there, or cannot be told from others."""


@dataclass(frozen=True, slots=True)
class PresumedItem:
    """An item of a list that is presumed to be the one that was seen, though its own words are others.

    Attributes:
        steps: its place, as it was named.
        seen: the item as it was seen.
        now: the item as it stands.
    """

    steps: Location
    seen: Json
    now: Json


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the tree as it stands.

    Attributes:
        trail: the objects and boxes that were passed, outermost first, each with the key that was followed.
        missing: keys that are not there yet, the last of them the place's own; empty for an item of a list.
        seen: what was seen there; UNSTATED where that is not known.
        steps: the place as it was named.
        guesses: the items on the way that are not surely those that were seen.
    """

    trail: tuple[tuple[dict[str, Json] | list[ListItem], str | ListItem], ...]
    missing: tuple[str, ...]
    seen: Json
    steps: Location
    guesses: tuple[PresumedItem, ...] = ()

    @property
    def holder(self) -> dict[str, Json] | list[ListItem]:
        """The innermost object or list that is there."""
        return self.trail[-1][0]

    @property
    def box(self) -> ListItem | None:
        """The item, where the place is one of a list."""
        last = self.trail[-1][1]
        return last if isinstance(last, ListItem) else None

    @property
    def value(self) -> Json:
        """What stands there, as a plain tree."""
        if self.missing:
            return ABSENT
        holder, last = self.trail[-1]
        if isinstance(last, ListItem):
            return unwrap_items(last.value)
        return unwrap_items(holder[last]) if isinstance(holder, dict) and last in holder else ABSENT

    def put(self, value: Json) -> None:
        """Put a boxed value there, with the objects that it needs around it."""
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
        """The list that stands there, begun where there is nothing.

        Raises:
            GoneError: something else stands there.
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
        """Take away what stands there, and what is empty without it."""
        if self.missing or self.value is ABSENT:
            return
        for depth in range(len(self.trail) - 1, -1, -1):
            holder, last = self.trail[depth]
            if isinstance(holder, list):
                holder[:] = [box for box in holder if box is not last]
            else:
                del holder[str(last)]
            if holder or not self._may_vanish(depth):
                return

    def _may_vanish(self, depth: int) -> bool:
        """Whether the holder at a depth may go when it is empty: not the outermost, no item, nothing that says something."""
        around = self.steps[:depth]
        if not around or isinstance(around[-1], int) or around in MEANINGFUL_WHEN_EMPTY:
            return False
        return not (depth == 1 and isinstance(self.trail[depth][0], list))


def insert_in_model_order(holder: dict[str, Json], key: str, value: Json, order: Sequence[str]) -> None:
    """Set a key of an object; a new one stands where the model has it."""
    if key in holder or key not in order:
        holder[key] = value
        return
    later = set(order[order.index(key) + 1 :])
    items = list(holder.items())
    place = next((index for index, (name, _) in enumerate(items) if name in later), len(items))
    holder.clear()
    holder.update([*items[:place], (key, value), *items[place:]])


def locate(tree: dict[str, Json], seen: Mapping[str, Json] | None, steps: Location, *, guess: bool = False) -> Position:
    """The place that steps mean.

    Args:
        tree: what stands now, its lists boxed.
        seen: what was seen; None where that is forgotten, and then no step into a list can be trusted.
        steps: the way through what was seen.
        guess: also pass through items that are only presumed to be those that were seen.

    Raises:
        GoneError: it is not there any more, or not surely.
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
            box, is_sure = _item(here, before, step, guess=guess)
            trail.append((here, box))
            here, before = box.value, before[int(step)]
            if not is_sure:
                guesses.append(PresumedItem(steps[: depth + 1], before, unwrap_items(here)))
            continue
        if not isinstance(here, dict) or not isinstance(step, str):
            raise PositionGoneError
        before = _below(before, step)
        trail.append((here, step))
        if step not in here:
            far = _far(before, steps[depth + 1 :])
            return Position(tuple(trail), _keys(steps[depth:]), far, steps, tuple(guesses))
        here = here[step]
    return Position(tuple(trail), (), before, steps, tuple(guesses))


def _item(items: list[ListItem], before: Json, step: int | str, *, guess: bool) -> tuple[ListItem, bool]:
    """The item that was seen at a place, and whether it surely is that one."""
    if not isinstance(before, list) or not isinstance(step, int) or step >= len(before):
        raise PositionGoneError
    now = [unwrap_items(box.value) for box in items]
    place = align_items(before, now)[step]
    if place is not None:
        return items[place], True
    if guess and is_presumed_same(before, now, step):
        return items[step], False
    raise PositionGoneError


def _below(before: Json, key: str) -> Json:
    if before is UNKNOWN:
        return UNKNOWN
    return before.get(key, ABSENT) if isinstance(before, Mapping) else ABSENT


def _far(before: Json, steps: Location) -> Json:
    for step in steps:
        before = _below(before, str(step))
    return before


def _keys(steps: Location) -> tuple[str, ...]:
    """Steps that are to be made anew: keys alone, for an item cannot be put into a list that is gone."""
    if not all(isinstance(step, str) for step in steps):
        raise PositionGoneError
    return tuple(str(step) for step in steps)
