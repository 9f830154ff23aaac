"""JSON Pointers (RFC 6901) into case.json: writing, parsing, the model's keys at a place, and the place in Chinese."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bundler.case.model import Case

Location = tuple[int | str, ...]
_MAX_INDEX_DIGITS = 9


def to_pointer(location: Location) -> str:
    """The JSON Pointer of a location."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)


def parse_pointer(path: str) -> Location:
    """The steps of a JSON Pointer; a step of at most nine digits is the index of a list."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]
    return tuple(
        int(step) if step.isascii() and step.isdigit() and len(step) <= _MAX_INDEX_DIGITS else step for step in steps
    )


class LeftOutEntries:
    """The entries of lists that a tree is without; it finds the place in the whole tree for one in that tree.

    Args:
        places: the locations of what was left out, in the whole tree; those that are no entries of lists count for nothing.
    """

    def __init__(self, places: Iterable[Location] = ()) -> None:
        self._indices: dict[Location, list[int]] = {}
        for place in places:
            if isinstance(place[-1], int):
                self._indices.setdefault(place[:-1], []).append(place[-1])
        for indices in self._indices.values():
            indices.sort()
        # For each left-out entry, how many entries of its list are kept before it.
        self._kept_before = {
            parent: [index - number for number, index in enumerate(indices)]
            for parent, indices in self._indices.items()
        }

    def indices(self, parent: Location) -> list[int]:
        """The left-out entries of a list, in ascending order."""
        return self._indices.get(parent, [])

    def in_whole_tree(self, location: Location) -> Location:
        """The location in the whole tree for one in the tree without these entries."""
        if not self._indices:
            return location
        place: Location = ()
        for step in location:
            before = self._kept_before.get(place, ()) if isinstance(step, int) else ()
            place = (*place, step + bisect_right(before, step) if isinstance(step, int) else step)
        return place


def value_at_location(tree: Any, location: Iterable[int | str], absent: Any = None) -> Any:
    """The value at a location of a tree; `absent` where there is none."""
    for step in location:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return absent
    return tree


def count_values(tree: Any) -> int:
    """The number of values in a tree, lists and objects counted too."""
    count, pending = 0, [tree]
    while pending:
        node = pending.pop()
        count += 1
        if isinstance(node, dict | list):
            pending += node.values() if isinstance(node, dict) else node
    return count


def find_models(annotation: Any) -> list[type[BaseModel]]:
    """The models that a type annotation contains, in order."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for inner in get_args(annotation) for found in find_models(inner)]


def known_keys(steps: Location) -> list[str]:
    """The keys that the model allows at a location, in its order; for a union of models, the keys of all of them."""
    models: list[type[BaseModel]] = [Case]
    for step in steps:
        if isinstance(step, int):
            continue
        models = [found for field in find_fields(models, step) for found in find_models(field.annotation)]
    return list(dict.fromkeys(name for model in models for name in model.model_fields))


def find_fields(models: list[type[BaseModel]], name: str) -> list[FieldInfo]:
    """The fields of a name in those models that have one."""
    return [model.model_fields[name] for model in models if name in model.model_fields]


_COUNTERS = {
    "petitioners": "名",
    "enforcement_cases": "件",
    "materials": "件",
    "items": "个",
    "payments": "笔",
    "contact_attempts": "次",
}
"""How the entries of a list are counted, where not as 项."""
_GROUPS = frozenset({"people"})
"""Parts of case.json whose fields say by themselves what they are: 主办院领导."""


def describe_pointer(path: str) -> str:
    """A JSON Pointer in Chinese, each key by its title, such as 第1名信访人的身份; 案件 for all of it.

    A title that begins with that of the part around it, as 信访人身份 does, is given without it.
    """
    words: list[str] = []
    around = ""
    models: list[type[BaseModel]] = [Case]
    steps = parse_pointer(path)
    for place, step in enumerate(steps):
        if isinstance(step, int):
            key = steps[place - 1] if place else ""
            counted = f"第{step + 1}{_COUNTERS.get(str(key), '项')}"
            words[-1:] = [counted + (words[-1] if words else "")]
            continue
        field = next(iter(find_fields(models, step)), None)
        if step not in _GROUPS or place == len(steps) - 1:
            title = field.title if field and field.title else field_title(step)
            is_counted = place > 0 and isinstance(steps[place - 1], int)
            if words and around and title.startswith(around) and not is_counted:
                words[-1] = title
            else:
                words.append(title.removeprefix(around) or title)
            around = title
        models = find_models(field.annotation) if field else []
    return "的".join(words) or "案件"


def title_at(location: Location) -> str:
    """The Chinese title of the field at a location, without the parts around it."""
    models: list[type[BaseModel]] = [Case]
    title = ""
    for step in location:
        if isinstance(step, str):
            field = next(iter(find_fields(models, step)), None)
            title = field.title if field and field.title else field_title(step)
            models = find_models(field.annotation) if field else []
    return title


def field_title(name: str) -> str:
    """The Chinese title of a key, from its first field in the model; 这一项 for an unknown key."""
    return _titles().get(name, "这一项")


@cache
def _titles() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, title in _walk_titles(Case):
        found.setdefault(name, title)
    return found


def _walk_titles(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Each key with its title: those of a model before those of its parts."""
    fields = list(model.model_fields.items())
    yield from ((name, field.title or name) for name, field in fields)
    for _, field in fields:
        for part in find_models(field.annotation):
            yield from _walk_titles(part)
