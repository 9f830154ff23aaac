"""The differences between two versions of a case, named in Chinese by the titles of their fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bundler.case.json_pointer import describe_pointer, to_pointer
from bundler.case_edit.change_operations import ABSENT, Json, is_same_value
from bundler.case_edit.list_identity import align_items


@dataclass(frozen=True, slots=True)
class Difference:
    """A position at which two trees differ.

    Attributes:
        path: its JSON Pointer: in the later tree, or in the earlier one where the later has nothing there.
        label: the position in Chinese.
        before: the earlier value; ABSENT for none.
        after: the later value; ABSENT for none.
    """

    path: str
    label: str
    before: Json
    after: Json


def find_differences(before: Mapping[str, Json], after: Mapping[str, Json], at: str = "") -> tuple[Difference, ...]:
    """Compare two trees down to the innermost values of the same type; an item of a list is followed where it moved.

    Items that only changed their order are one difference: that of their list.

    Args:
        before: the earlier tree.
        after: the later tree.
        at: the JSON Pointer of both.
    """
    return tuple(_compare(before, after, at))


def _compare(before: Json, after: Json, path: str) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*before, *after)):
            yield from _compare(before.get(key, ABSENT), after.get(key, ABSENT), path + to_pointer((key,)))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _compare_lists(before, after, path)
    elif not is_same_value(before, after):
        yield Difference(path, describe_pointer(path), before, after)


def _compare_lists(before: Sequence[Json], after: Sequence[Json], path: str) -> Iterator[Difference]:
    indices = align_items(before, after)
    found = [index for index in indices if index is not None]
    for number, item in enumerate(before):
        index = indices[number]
        if index is None:
            here = f"{path}/{number}"
            yield Difference(here, describe_pointer(here), item, ABSENT)
        else:
            yield from _compare(item, after[index], f"{path}/{index}")
    for index in sorted(set(range(len(after))) - set(found)):
        here = f"{path}/{index}"
        yield Difference(here, describe_pointer(here), ABSENT, after[index])
    if found != sorted(found):
        yield Difference(path, describe_pointer(path), list(before), list(after))
