"""Which name a template's author meant by one that does not exist: an abbreviation, a Chinese title, a name put together."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import cache

from bundler.template_check.value_types import (
    DateTimeType,
    DateType,
    ListType,
    RecordType,
    ValueType,
    is_text,
    present_members,
)
from bundler.template_check.view_types import fields_of

_SIMILARITY = 0.6
"""The ratio of `difflib` from which a known name counts as a suggestion."""
_DEEPEST = 3
"""How many names a suggested path has at most."""
_TITLE_END = re.compile(r"[，；：]")
_BRACKETED = re.compile(r"（[^）]*）")
_SPACES = re.compile(r"\s")


def closest_name(wrong: str, known: Iterable[str]) -> str:
    """Return the known name that a wrong one most likely means; empty if none is similar enough.

    A name with the same words, some of them shortened (``register_no`` for ``reg_no``), goes before one with similar letters.
    """
    names = list(known)
    abbreviated = [name for name in names if name != wrong and _has_same_words(wrong, name)]
    if abbreviated:
        return min(abbreviated, key=lambda name: (abs(len(name) - len(wrong)), name))
    return next(iter(difflib.get_close_matches(wrong, names, n=1, cutoff=_SIMILARITY)), "")


def _has_same_words(one: str, other: str) -> bool:
    """Whether two names of several words differ only in how far their words are written out."""
    words, others = one.split("_"), other.split("_")
    if len(words) != len(others) or len(words) == 1 or not all((*words, *others)):
        return False
    return all(
        first.startswith(second) or second.startswith(first) for first, second in zip(words, others, strict=True)
    )


def suggest_path(wrong: str, view: type) -> str:
    """Return how to write the value that a wrong name of a view means: by its Chinese title, or by its path; else empty."""
    paths = _all_paths(view)
    if not wrong.isascii():
        return _find_titled(wrong, paths)
    joined = [path for path in paths if "." in path and path.replace(".", "_").endswith(f"_{wrong}")]
    same_field = [path for path in paths if path.count(".") == 1 and path.endswith(f".{wrong}")]
    return next(iter((*same_field, *sorted(joined, key=len))), "")


def suggest_field(wrong: str, record: type, prefix: str) -> str:
    """Return how to write the field of a record that a wrong attribute means, after the name of the record; else empty."""
    fields = fields_of(record)
    if not wrong.isascii():
        found = _find_titled(wrong, _all_paths(record))
        return f"{prefix}.{found}" if found else ""
    closest = closest_name(wrong, fields)
    return f"{prefix}.{closest}" if closest else ""


@cache
def _all_paths(view: type) -> dict[str, tuple[str, ValueType]]:
    """Return the title and the type of every value of a view by its dotted path, lists not entered; the shortest paths first."""
    found = dict(_walk(view, ""))
    return dict(sorted(found.items(), key=lambda entry: entry[0].count(".")))


def _walk(record: type, prefix: str) -> Iterator[tuple[str, tuple[str, ValueType]]]:
    for name, field in fields_of(record).items():
        path = f"{prefix}{name}"
        yield path, (field.title, field.value_type)
        for member in present_members(field.value_type):
            if isinstance(member, RecordType) and path.count(".") + 1 < _DEEPEST:
                yield from _walk(member.type, f"{path}.")


def plain_title(title: str) -> str:
    """Return a Chinese title without what stands in brackets, explanations and spaces: 收到日期 for 收到（来访）日期."""
    return _SPACES.sub("", _TITLE_END.split(_BRACKETED.sub("", title))[0])


def _find_titled(wrong: str, paths: dict[str, tuple[str, ValueType]]) -> str:
    """Return the value whose title is the given one, contains it, or is most similar to it, as a template prints it."""
    wanted = plain_title(wrong)
    titles = {path: plain_title(title) for path, (title, _) in paths.items()}
    exact = [path for path, title in titles.items() if title == wanted]
    part = [
        path for path, title in titles.items() if wanted and (wanted in title or (len(title) > 1 and title in wanted))
    ]
    similar = difflib.get_close_matches(wanted, list(titles.values()), n=1, cutoff=_SIMILARITY)
    near = [path for path, title in titles.items() if title in similar]
    chosen = next(iter((*exact, *near, *part)), "")
    return as_printed(chosen, paths[chosen][1]) if chosen else ""


def as_printed(path: str, value_type: ValueType) -> str:
    """Return how a template prints a value: with the filter that its type needs, or the name of a record."""
    member = next(iter(present_members(value_type)), None)
    if isinstance(member, DateTimeType):
        return f"{path}|moment"
    if isinstance(member, DateType):
        return f"{path}|day"
    if isinstance(member, ListType):
        return f"{path}|names" if all(map(is_text, member.item)) else path
    if isinstance(member, RecordType) and "name" in fields_of(member.type):
        return f"{path}.name"
    return path
