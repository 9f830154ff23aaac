"""The values that follow from one that a clerk enters: sex and birth date from an ID number, a person's post from the name.

Only empty fields are filled in, and the clerk sees them beside the field; one step of undo takes all of them back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bundler.case.field_types import is_blank
from bundler.case.identifiers import id_number_fault
from bundler.case.json_pointer import parse_pointer
from bundler.case.people_models import is_same_name
from bundler.case_edit.change_operations import ABSENT, Json, Put, value_at
from bundler.desk.staff.staff_list import StaffMember

_BIRTH_DATE = slice(6, 14)
_SEX_DIGIT = 16
_PEOPLE = "people"


def implied_changes(tree: Mapping[str, Any], change: Put, staff: Sequence[StaffMember]) -> tuple[Put, ...]:
    """The changes that fill in what follows from a change, in fields that are empty in a case.json.

    Args:
        tree: the case.json.
        change: the change of one field.
        staff: the staff list.
    """
    holder, _, key = change.path.rpartition("/")
    values: Mapping[str, Json] = {}
    if isinstance(change.value, str):
        if key == "id_number":
            values = _values_of_id_number(value_at(tree, parse_pointer(holder)), change.value)
        elif key == "name" and parse_pointer(holder)[:1] == (_PEOPLE,):
            values = _values_of_name(change.value, staff)
    return tuple(put_where_empty(tree, {f"{holder}/{one}": value for one, value in values.items()}))


def put_where_empty(tree: Mapping[str, Any], values: Mapping[str, Json]) -> Iterator[Put]:
    """Put each value, by its JSON Pointer, where a case.json has none."""
    for path, value in values.items():
        present = value_at(tree, parse_pointer(path))
        if not _says_nothing(value) and _says_nothing(present):
            yield Put(path, value, present)


def _says_nothing(value: Json) -> bool:
    """Whether there is no value, or an object of which none of the members has one."""
    if isinstance(value, Mapping):
        return all(_says_nothing(one) for one in value.values())
    return value is ABSENT or value is None or is_blank(value)


def _values_of_id_number(person: object, number: str) -> Mapping[str, Json]:
    """Sex and birth date by GB 11643; nothing for another document, or for a number that is not valid."""
    if isinstance(person, Mapping) and person.get("id_type", "resident") != "resident":
        return {}
    if id_number_fault(number) is not None:
        return {}
    born = date.fromisoformat(number[_BIRTH_DATE])
    return {"sex": "男" if int(number[_SEX_DIGIT]) % 2 else "女", "birth_date": born.isoformat()}


def _values_of_name(name: str, staff: Sequence[StaffMember]) -> Mapping[str, Json]:
    """What the staff list says of a person; nothing where it has none or several of that name."""
    found = [one for one in staff if is_same_name(one.name, name)]
    return {key: value for key, value in found[0].as_officer().items() if key != "name"} if len(found) == 1 else {}
