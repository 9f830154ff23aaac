"""Merge changes with what others wrote since the version they were made against: apply what fits, report each clash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bundler.case.json_pointer import Location, describe_pointer, parse_pointer, to_pointer
from bundler.case_edit.case_differences import Difference, find_differences
from bundler.case_edit.change_operations import (
    ABSENT,
    UNKNOWN,
    Change,
    Insert,
    Json,
    Move,
    Put,
    is_same_value,
    to_json_value,
    value_at,
)
from bundler.case_edit.list_identity import (
    ListItem,
    align_items,
    identifying_fields,
    is_similar,
    node_locations,
    unwrap_items,
    wrap_items,
)
from bundler.case_edit.relocated_position import Position, PositionGoneError, locate
from bundler.errors import UsageError


@dataclass(frozen=True, slots=True)
class Clash:
    """A change that would undo what another account wrote.

    Attributes:
        change: the change.
        label: its position in Chinese, as it was read.
        seen: the value that was read there.
        now: the value that is there; ABSENT where there is none, or where the item is gone.
        wanted: the value that was asked for.
        again: the same change against the current version, for an account that insists; None where it cannot be made
            because the item is gone or may be another one.
        beside: the other identifying fields in which a presumed item differs from the one that was read.
    """

    change: Change
    label: str
    seen: Json
    now: Json
    wanted: Json
    again: Change | None = None
    beside: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class TouchedPath:
    """A position that a change has touched.

    Attributes:
        was: its JSON Pointer before; None where there was nothing.
        now: its JSON Pointer afterwards; None where there is nothing.
        holder: the JSON Pointer, before, of its container; None where that was missing.
    """

    was: str | None
    now: str | None
    holder: str | None


@dataclass(frozen=True, slots=True)
class MergeResult:
    """The result of a merge.

    Attributes:
        tree: the tree with every change that does not clash.
        clashes: the changes that are not in it.
        fitting: the changes that are in it, against the tree before them.
        touched: the positions that they touched; of a new item, its list.
        values: the same positions, but of a new item its own.
    """

    tree: dict[str, Json]
    clashes: tuple[Clash, ...]
    fitting: tuple[Change, ...]
    touched: tuple[TouchedPath, ...]
    values: tuple[TouchedPath, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """A change whose position was found.

    Attributes:
        change: the change against the current version.
        position: where it applies.
        value: the value to put or to insert.
        anchor: the item that the new or moved item follows; None for the front or the end.
        item: the item to move.
    """

    change: Change
    position: Position
    value: Json = ABSENT
    anchor: ListItem | None = None
    item: ListItem | None = None


def merge(now: Mapping[str, Json], seen: Mapping[str, Json] | None, changes: Sequence[Change]) -> MergeResult:
    """Apply changes to a tree.

    Args:
        now: the current tree; it is not changed in place.
        seen: the tree that the changes were made against; None where it is no longer cached.
        changes: all of them, in any order.

    Raises:
        UsageError: two changes touch the same position, or JSON cannot hold a value.
    """
    tree: dict[str, Json] = wrap_items(now)
    steps: list[_Step] = []
    clashes: list[Clash] = []
    before = dict(node_locations(tree))
    _refuse_overlap(changes)
    for change in changes:
        found = _resolve(tree, seen, change, before)
        if isinstance(found, Clash):
            clashes.append(found)
        elif found is not None:
            steps.append(found)
    # Removals go last: an object that would be empty without the value may have got another one.
    new_items: dict[int, ListItem] = {}
    for step in sorted(steps, key=lambda step: isinstance(step.change, Put) and step.value is ABSENT):
        item = _apply(step)
        if item is not None:
            new_items[id(step)] = item
    after = dict(node_locations(tree))
    touched = tuple(_touched_path(step, before, after) for step in steps)
    values = tuple(
        TouchedPath(None, to_pointer(after[id(new_items[id(step)])]), path.holder) if id(step) in new_items else path
        for step, path in zip(steps, touched, strict=True)
    )
    return MergeResult(unwrap_items(tree), tuple(clashes), tuple(step.change for step in steps), touched, values)


def _refuse_overlap(changes: Sequence[Change]) -> None:
    """Refuse two changes of one position, or of a position and of something in it: they contradict each other."""
    puts = [change.path for change in changes if isinstance(change, Put)]
    for path in puts:
        within = sum(change.path == path or change.path.startswith(f"{path}/") for change in changes)
        if within > 1:
            raise UsageError(f"“{describe_pointer(path)}”在同一次保存里改了两次。", fix="请刷新页面后再试。")


def _resolve(
    tree: dict[str, Json], seen: Mapping[str, Json] | None, change: Change, locations: Mapping[int, Location]
) -> _Step | Clash | None:
    """Turn a change into its step or its clash; None where the tree is so already."""
    try:
        return _resolve_at(locate(tree, seen, parse_pointer(change.path)), seen, change, locations)
    except PositionGoneError:
        pass
    try:
        presumed = locate(tree, seen, parse_pointer(change.path), guess=True)
        return _resolve_presumed(presumed, seen, change, locations)
    except PositionGoneError:
        return Clash(change, describe_pointer(change.path), _seen_value(seen, change), ABSENT, _wanted(change))


def _resolve_at(
    position: Position, seen: Mapping[str, Json] | None, change: Change, locations: Mapping[int, Location]
) -> _Step | Clash | None:
    if isinstance(change, Put):
        return _resolve_put(change, position, locations)
    if isinstance(change, Insert):
        return _resolve_insert(change, position, locations)
    return _resolve_move(change, position, seen, locations)


def _resolve_presumed(
    position: Position, seen: Mapping[str, Json] | None, change: Change, locations: Mapping[int, Location]
) -> _Step | Clash | None:
    """Resolve a change of an item that is only presumed to be the one that was read.

    Such an item is not written before the account has seen what it is now, so that the change is a clash.
    """
    found = _resolve_at(position, seen, change, locations)
    if found is None:
        return None
    again = found.again if isinstance(found, Clash) else found.change
    are_similar = all(is_similar(guess.seen, guess.now) for guess in position.guesses)
    if are_similar and isinstance(change, Move):  # a move undoes nothing
        return found
    return Clash(
        change,
        describe_pointer(change.path),
        _seen_value(seen, change),
        position.value,
        _wanted(change),
        again if are_similar else None,
        tuple(_other_differences(position, change.path)),
    )


def _other_differences(position: Position, path: str) -> Iterator[Difference]:
    """The differences in the identifying fields of presumed items, except in what the change itself is about."""
    for guess in position.guesses:
        here = to_pointer(guess.steps)
        for one in find_differences(identifying_fields(guess.seen), identifying_fields(guess.now), here):
            if path not in {here, one.path}:
                yield one


def _seen_value(seen: Mapping[str, Json] | None, change: Change) -> Json:
    """The value that was read at the position of a change."""
    if isinstance(change, Put) and change.before is not UNKNOWN:
        return change.before
    return value_at(seen, parse_pointer(change.path))


def _wanted(change: Change) -> Json:
    return ABSENT if isinstance(change, Move) else change.value


def _resolve_put(change: Put, position: Position, locations: Mapping[int, Location]) -> _Step | Clash | None:
    value = to_json_value(change.value)
    now = position.value
    if is_same_value(now, value):
        return None
    seen = position.seen if change.before is UNKNOWN else change.before
    again = Put(to_pointer(_location(position, locations)), value, now)
    if not is_same_value(now, seen):
        seen = ABSENT if seen is UNKNOWN else seen
        return Clash(change, describe_pointer(change.path), seen, now, value, again)
    return _Step(again, position, value)


def _resolve_insert(change: Insert, position: Position, locations: Mapping[int, Location]) -> _Step:
    items = [] if position.missing else position.items()
    path = to_pointer(_location(position, locations))
    plain = to_json_value(change.value)
    value = {} if plain is ABSENT else plain
    if change.at is None or not isinstance(position.seen, list):
        return _Step(Insert(path, value), position, value)
    found = align_items(position.seen, [unwrap_items(item.value) for item in items])
    anchor = next((index for index in reversed(found[: change.at]) if index is not None), None)
    at = 0 if anchor is None else anchor + 1
    return _Step(Insert(path, value, at), position, value, anchor=None if anchor is None else items[anchor])


def _resolve_move(
    change: Move, position: Position, seen: Mapping[str, Json] | None, locations: Mapping[int, Location]
) -> _Step | None:
    item, items = position.item, position.holder
    old_index = position.steps[-1]
    old_items = value_at(seen, position.steps[:-1])
    is_list = isinstance(items, list) and isinstance(old_items, list)
    if item is None or not isinstance(items, list) or not is_list or not isinstance(old_index, int):
        raise PositionGoneError
    found = align_items(old_items, [unwrap_items(one.value) for one in items])
    rest = [index for number, index in enumerate(found) if number != old_index]
    anchor = next((items[index] for index in reversed(rest[: change.to]) if index is not None), None)
    others = [one for one in items if one is not item]
    to = 0 if anchor is None else next(n for n, one in enumerate(others, start=1) if one is anchor)
    if items.index(item) == to:
        return None
    return _Step(Move(to_pointer(locations[id(item)]), to), position, anchor=anchor, item=item)


def _location(position: Position, locations: Mapping[int, Location]) -> Location:
    """The location of a position in the current tree."""
    holder, last = position.trail[-1]
    if isinstance(last, ListItem):
        return locations[id(last)]
    return (*locations[id(holder)], last, *position.missing[1:])


def _apply(step: _Step) -> ListItem | None:
    """Make a step's change in the tree, and return the item that it added."""
    if isinstance(step.change, Put):
        if step.value is ABSENT:
            step.position.clear()
        else:
            step.position.put(wrap_items(step.value))
        return None
    if isinstance(step.change, Move):
        items = step.position.holder
        if isinstance(items, list) and step.item is not None:
            items.remove(step.item)
            _insert_after(items, step.item, step.anchor, at_front=step.anchor is None)
        return None
    at_front = step.anchor is None and step.change.at == 0
    item = ListItem(wrap_items(step.value))
    _insert_after(step.position.items(), item, step.anchor, at_front=at_front)
    return item


def _insert_after(items: list[ListItem], item: ListItem, anchor: ListItem | None, *, at_front: bool) -> None:
    """Insert an item after another one, at the front, or at the end."""
    place = next((number for number, one in enumerate(items, start=1) if one is anchor), len(items))
    items.insert(0 if at_front else place, item)


def _touched_path(step: _Step, before: Mapping[int, Location], after: Mapping[int, Location]) -> TouchedPath:
    holder, last = step.position.trail[-1]
    was, now = before.get(id(holder)), after.get(id(holder))
    own = (last,) if isinstance(last, str) else ()
    if isinstance(last, ListItem):
        was_here, now_here = before.get(id(last)), after.get(id(last))
    else:
        was_here = None if was is None or step.position.missing else (*was, *own)
        now_here = None if now is None or (isinstance(holder, dict) and last not in holder) else (*now, *own)
    return TouchedPath(
        None if was_here is None else to_pointer(was_here),
        None if now_here is None else to_pointer(now_here),
        None if was is None else to_pointer(was),
    )
