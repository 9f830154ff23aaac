"""Changes brought together with what others wrote meanwhile: what touches nothing of theirs is made, the rest is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bundler.case.json_pointer import Location, describe_pointer, parse_pointer, pointer
from bundler.case_edit.changes import (
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
from bundler.case_edit.difference import Difference, find_differences
from bundler.case_edit.list_identity import (
    ListItem,
    align_items,
    identifying_fields,
    is_similar,
    node_locations,
    unwrap_items,
    wrap_items,
)
from bundler.case_edit.locate import Position, PositionGoneError, locate
from bundler.errors import UsageError


@dataclass(frozen=True, slots=True)
class Clash:
    """A change that would undo what somebody else wrote.

    Attributes:
        change: what was asked.
        label: the place in Chinese, as it was seen.
        seen: what was seen there.
        now: what stands there now; ABSENT where nothing does, or where the item is gone.
        wanted: what was asked for.
        again: the same change against what stands now, for somebody who wants it all the same; None where it
            cannot be made, for the item is gone or another.
        beside: what else was changed of the item by which it is known, where it is only presumed to be that one.
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
    """A place that a change has touched: where it was and where it is, ABSENT where it is gone.

    Attributes:
        was: the JSON Pointer before; None for what was not there.
        now: the JSON Pointer afterwards; None for what is not there.
        holder: the JSON Pointer, before, of what holds it; None where that was not there.
    """

    was: str | None
    now: str | None
    holder: str | None


@dataclass(frozen=True, slots=True)
class MergeResult:
    """What came of it.

    Attributes:
        tree: the tree with every change that clashes with nothing.
        clashes: the changes that are not in it.
        fitting: the changes that are in it, against what stood before them.
        touched: the places that they touched.
    """

    tree: dict[str, Json]
    clashes: tuple[Clash, ...]
    fitting: tuple[Change, ...]
    touched: tuple[TouchedPath, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """A change with its place found: the change anew, and what it does."""

    change: Change
    spot: Position
    value: Json = ABSENT
    anchor: ListItem | None = None
    item: ListItem | None = None


def merge(now: Mapping[str, Json], seen: Mapping[str, Json] | None, changes: Sequence[Change]) -> MergeResult:
    """Make changes to a tree.

    Args:
        now: the tree as it stands.
        seen: the tree as it was seen, by which the places of the changes are told; None where it is forgotten.
        changes: all against what was seen, whatever their order.
    """
    tree: dict[str, Json] = wrap_items(now)
    steps: list[_Step] = []
    clashes: list[Clash] = []
    before = dict(node_locations(tree))
    _refuse_overlap(changes)
    for change in changes:
        found = _judge(tree, seen, change, before)
        if isinstance(found, Clash):
            clashes.append(found)
        elif found is not None:
            steps.append(found)
    # What is taken away goes last: an object that would be empty without it may have got something new.
    for step in sorted(steps, key=lambda step: isinstance(step.change, Put) and step.value is ABSENT):
        _make(step)
    after = dict(node_locations(tree))
    touched = tuple(_touched(step, before, after) for step in steps)
    return MergeResult(unwrap_items(tree), tuple(clashes), tuple(step.change for step in steps), touched)


def _refuse_overlap(changes: Sequence[Change]) -> None:
    """Two changes of one place, or of a place and what lies in it, cannot both be meant."""
    puts = [change.path for change in changes if isinstance(change, Put)]
    for put in puts:
        within = sum(change.path == put or change.path.startswith(f"{put}/") for change in changes)
        if within > 1:
            raise UsageError(f"“{describe_pointer(put)}”在同一次保存里改了两次。", fix="请刷新页面后再试。")


def _judge(
    tree: dict[str, Json], seen: Mapping[str, Json] | None, change: Change, places: Mapping[int, Location]
) -> _Step | Clash | None:
    """What a change comes to: its step, its clash, or nothing where it stands so already."""
    try:
        return _judge_at(locate(tree, seen, parse_pointer(change.path)), seen, change, places)
    except PositionGoneError:
        pass
    try:
        return _judge_guess(locate(tree, seen, parse_pointer(change.path), guess=True), seen, change, places)
    except PositionGoneError:
        return Clash(change, describe_pointer(change.path), _told(seen, change), ABSENT, _wanted(change))


def _judge_at(
    spot: Position, seen: Mapping[str, Json] | None, change: Change, places: Mapping[int, Location]
) -> _Step | Clash | None:
    if isinstance(change, Put):
        return _judge_put(change, spot, places)
    if isinstance(change, Insert):
        return _judge_insert(change, spot, places)
    return _judge_move(change, spot, seen, places)


def _judge_guess(
    spot: Position, seen: Mapping[str, Json] | None, change: Change, places: Mapping[int, Location]
) -> _Step | Clash | None:
    """What a change comes to whose item is only presumed: nobody writes into that without having seen what it is now."""
    found = _judge_at(spot, seen, change, places)
    if found is None:
        return None
    again = found.again if isinstance(found, Clash) else found.change
    is_same = all(is_similar(guess.seen, guess.now) for guess in spot.guesses)
    if is_same and isinstance(change, Move):  # an order undoes nothing
        return found
    return Clash(
        change,
        describe_pointer(change.path),
        _told(seen, change),
        spot.value,
        _wanted(change),
        again if is_same else None,
        tuple(_beside(spot, change.path)),
    )


def _beside(spot: Position, path: str) -> Iterator[Difference]:
    """The words by which presumed items are known, where they are others now; what the change is about tells itself."""
    for guess in spot.guesses:
        here = pointer(guess.steps)
        for one in find_differences(identifying_fields(guess.seen), identifying_fields(guess.now), here):
            if path not in {here, one.path}:
                yield one


def _told(seen: Mapping[str, Json] | None, change: Change) -> Json:
    """What was seen at the place of a change."""
    if isinstance(change, Put) and change.before is not UNKNOWN:
        return change.before
    return value_at(seen, parse_pointer(change.path))


def _wanted(change: Change) -> Json:
    return ABSENT if isinstance(change, Move) else change.value


def _judge_put(change: Put, spot: Position, places: Mapping[int, Location]) -> _Step | Clash | None:
    value = to_json_value(change.value)
    stands = spot.value
    if is_same_value(stands, value):
        return None
    seen = spot.seen if change.before is UNKNOWN else change.before
    anew = Put(pointer(_place(spot, places)), value, stands)
    if not is_same_value(stands, seen):
        seen = ABSENT if seen is UNKNOWN else seen
        return Clash(change, describe_pointer(change.path), seen, stands, value, anew)
    return _Step(anew, spot, value)


def _judge_insert(change: Insert, spot: Position, places: Mapping[int, Location]) -> _Step:
    items = [] if spot.missing else spot.items()
    path = pointer(_place(spot, places))
    value = _item_of(change.value)
    if change.at is None or not isinstance(spot.seen, list):
        return _Step(Insert(path, value), spot, value)
    found = align_items(spot.seen, [unwrap_items(box.value) for box in items])
    anchor = next((place for place in reversed(found[: change.at]) if place is not None), None)
    place = 0 if anchor is None else anchor + 1
    return _Step(Insert(path, value, place), spot, value, anchor=None if anchor is None else items[anchor])


def _judge_move(
    change: Move, spot: Position, seen: Mapping[str, Json] | None, places: Mapping[int, Location]
) -> _Step | None:
    item, items = spot.box, spot.holder
    index = spot.steps[-1]
    if item is None or not isinstance(items, list) or not isinstance(index, int):
        raise PositionGoneError
    was = _listed(seen, spot.steps[:-1])
    found = align_items(was, [unwrap_items(box.value) for box in items])
    rest = [place for number, place in enumerate(found) if number != index]
    anchor = next((items[place] for place in reversed(rest[: change.to]) if place is not None), None)
    others = [box for box in items if box is not item]
    to = 0 if anchor is None else next(n for n, box in enumerate(others, start=1) if box is anchor)
    if items.index(item) == to:
        return None
    return _Step(Move(pointer(places[id(item)]), to), spot, anchor=anchor, item=item)


def _listed(seen: Json, steps: Location) -> list[Json]:
    found = value_at(seen, steps)
    if not isinstance(found, list):
        raise PositionGoneError
    return found


def _item_of(value: Json) -> Json:
    """An item as JSON holds it; one that says nothing is an empty object."""
    plain = to_json_value(value)
    return {} if plain is ABSENT else plain


def _place(spot: Position, places: Mapping[int, Location]) -> Location:
    """Where a spot is in the tree as it stands."""
    holder, last = spot.trail[-1]
    if isinstance(last, ListItem):
        return places[id(last)]
    return (*places[id(holder)], last, *spot.missing[1:])


def _make(step: _Step) -> None:
    if isinstance(step.change, Put):
        if step.value is ABSENT:
            step.spot.clear()
        else:
            step.spot.put(wrap_items(step.value))
        return
    if isinstance(step.change, Move):
        items = step.spot.holder
        if isinstance(items, list) and step.item is not None:
            items.remove(step.item)
            _insert(items, step.item, step.anchor, at_front=step.anchor is None)
        return
    _insert(
        step.spot.items(),
        ListItem(wrap_items(step.value)),
        step.anchor,
        at_front=step.anchor is None and step.change.at == 0,
    )


def _insert(items: list[ListItem], item: ListItem, anchor: ListItem | None, *, at_front: bool) -> None:
    """Put an item behind another, in front of all, or at the end."""
    place = next((number for number, box in enumerate(items, start=1) if box is anchor), len(items))
    items.insert(0 if at_front else place, item)


def _touched(step: _Step, before: Mapping[int, Location], after: Mapping[int, Location]) -> TouchedPath:
    holder, last = step.spot.trail[-1]
    was, now = before.get(id(holder)), after.get(id(holder))
    own = (last,) if isinstance(last, str) else ()
    if isinstance(last, ListItem):
        was_here, now_here = before.get(id(last)), after.get(id(last))
    else:
        was_here = None if was is None or step.spot.missing else (*was, *own)
        now_here = None if now is None or (isinstance(holder, dict) and last not in holder) else (*now, *own)
    return TouchedPath(
        None if was_here is None else pointer(was_here),
        None if now_here is None else pointer(now_here),
        None if was is None else pointer(was),
    )
