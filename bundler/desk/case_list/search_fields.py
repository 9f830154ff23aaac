"""The texts of a case in which the list searches, and the people of the court who have a part in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bundler.case.field_types import is_blank
from bundler.case.json_pointer import field_title
from bundler.case.reader import read_case

_REGISTRATION_TEXTS = ("summary", "brief", "system_no", "source", "note", "proposed_opinion")
_PETITIONER_NAMES = ("name", "short_name")
_PARTIES = ("applicants", "respondents", "outsiders")
_COURT_PEOPLE = frozenset(
    {"chair", "recorder", "reporter", "investigators", "attendees", "signer", "filed_by", "checked_by"}
)
"""The keys under which the parts of a case name people of the court, besides `people`."""


@dataclass(frozen=True, slots=True)
class SearchField:
    """A text of a case in which the list searches.

    Attributes:
        label: its name in the form.
        text: the text.
        is_name: it is a name or as short as one, so that it is also found by the pinyin of its characters.
    """

    label: str
    text: str
    is_name: bool = False


def read_search_fields(folder: Path) -> tuple[SearchField, ...]:
    """The fields of the case in a folder, the folder's name among them; of an unreadable case, that alone."""
    tree = read_case(folder).tree or {}
    return (SearchField("文件夹", folder.name), *dict.fromkeys(_fields(tree)))


def read_court_people(tree: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Each person of the court who is named in a case.json, as part and name."""
    people = tree.get("people")
    found = [(key, one) for key, one in people.items()] if isinstance(people, Mapping) else []
    found += _named_below({key: part for key, part in tree.items() if key != "people"})
    return tuple(dict.fromkeys((field_title(key), name) for key, one in found if (name := _name_of(one))))


def _fields(tree: Mapping[str, Any]) -> Iterator[SearchField]:
    registration = _object(tree, "registration")
    yield from _texts(registration, ("no",))
    for petitioner in _objects(tree, "petitioners"):
        yield from _texts(petitioner, _PETITIONER_NAMES, label="信访人", is_name=True)
        yield from _texts(petitioner, ("phone",))
        yield from _texts(_object(petitioner, "principal"), ("name",), label="委托人", is_name=True)
        yield from _texts(_object(petitioner, "representative"), ("name",), label="代表人", is_name=True)
    for case in _objects(tree, "enforcement_cases"):
        yield from _texts(case, ("no", "cause"), label="执行案件")
        parties = _object(case, "parties")
        for key in _PARTIES:
            names = parties.get(key)
            for name in names if isinstance(names, list) else ():
                yield from _text(field_title(key), name, is_name=True)
    yield from _texts(registration, _REGISTRATION_TEXTS)
    for claim in _objects(tree, "claims"):
        yield from _texts(claim, ("title", "statement", "demand"), label=field_title("claims"))
    yield from _texts(_object(tree, "assignment"), ("body", "notice_no"))
    for part, name in read_court_people(tree):
        yield SearchField(part, name, is_name=True)


def _texts(
    part: Mapping[str, Any], keys: tuple[str, ...], *, label: str = "", is_name: bool = False
) -> Iterator[SearchField]:
    for key in keys:
        yield from _text(label or field_title(key), part.get(key), is_name=is_name)


def _text(label: str, value: object, *, is_name: bool = False) -> Iterator[SearchField]:
    if isinstance(value, str) and not is_blank(value):
        yield SearchField(label, value, is_name)


def _object(tree: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = tree.get(key)
    return value if isinstance(value, Mapping) else {}


def _objects(tree: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = tree.get(key)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _named_below(tree: object) -> list[tuple[str, object]]:
    """The people of the court in the parts of a case, each with the key that names the part."""
    if isinstance(tree, list):
        return [found for one in tree for found in _named_below(one)]
    if not isinstance(tree, Mapping):
        return []
    found: list[tuple[str, object]] = []
    for key, value in tree.items():
        if key in _COURT_PEOPLE:
            found += [(key, one) for one in (value if isinstance(value, list) else [value])]
        else:
            found += _named_below(value)
    return found


def _name_of(person: object) -> str:
    name = person.get("name") if isinstance(person, Mapping) else person
    return name.strip() if isinstance(name, str) and not is_blank(name) else ""
