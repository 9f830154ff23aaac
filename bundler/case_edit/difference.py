"""What stands otherwise in a case than before, told by the names of its fields; and a cheap look whether anything does."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bundler.case.json_pointer import describe_pointer, pointer
from bundler.case_edit.changes import ABSENT, Json, is_same_value
from bundler.case_edit.list_identity import align_items
from bundler.file_reading import file_stamp


@dataclass(frozen=True, slots=True)
class Difference:
    """A place at which two trees differ.

    Attributes:
        path: its JSON Pointer: afterwards, or before where nothing stands there any more.
        label: the place in Chinese.
        before: what stood there; ABSENT for nothing.
        after: what stands there; ABSENT for nothing.
    """

    path: str
    label: str
    before: Json
    after: Json


def find_differences(before: Mapping[str, Json], after: Mapping[str, Json], at: str = "") -> tuple[Difference, ...]:
    """Where two trees differ, as far in as their parts are of one kind; an item of a list is followed where it went.

    Items that only stand in another order are told once, as their list.

    Args:
        before: the one.
        after: the other.
        at: the JSON Pointer at which both stand.
    """
    return tuple(_differing(before, after, at))


def _differing(before: Json, after: Json, path: str) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*before, *after)):
            yield from _differing(before.get(key, ABSENT), after.get(key, ABSENT), path + pointer((key,)))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(before, after, path)
    elif not is_same_value(before, after):
        yield Difference(path, describe_pointer(path), before, after)


def _of_lists(before: Sequence[Json], after: Sequence[Json], path: str) -> Iterator[Difference]:
    places = align_items(before, after)
    found = [place for place in places if place is not None]
    for index, item in enumerate(before):
        place = places[index]
        if place is None:
            here = f"{path}/{index}"
            yield Difference(here, describe_pointer(here), item, ABSENT)
        else:
            yield from _differing(item, after[place], f"{path}/{place}")
    for place in sorted(set(range(len(after))) - set(found)):
        here = f"{path}/{place}"
        yield Difference(here, describe_pointer(here), ABSENT, after[place])
    if found != sorted(found):
        yield Difference(path, describe_pointer(path), list(before), list(after))


def folder_stamp(folder: Path) -> str:
    """A sign of how a case's files lie there, without reading one: another sign means that something was changed."""
    digest = hashlib.sha256()
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                path = f"{here}/{name}"
                digest.update(f"{path}\0{file_stamp(path)}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
