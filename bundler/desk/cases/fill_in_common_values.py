"""Fill in what cases have in common: people of the staff list, things of the case before, the usual measures of enforcement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from bundler.case.json_pointer import parse_pointer
from bundler.case_edit.change_operations import Insert, Json, Put, value_at
from bundler.desk.cases.implied_values import put_where_empty
from bundler.desk.staff.staff_list import PARTS
from bundler.documents.unenforceable_debt_facts import is_same_measure

_KEPT_BY_SECTION: Mapping[str, tuple[str, ...]] = {
    "people": tuple(f"/people/{part}" for part in PARTS),
    "handling": ("/interview/place", "/reception/appointment/place", "/coordination/place"),
    "archive": ("/archive/retention", "/archive/location", "/archive/filed_by", "/archive/checked_by"),
}
"""By section of the form, the fields that are mostly the same from case to case."""
MEASURES_SECTION = "write-off"
"""The section of the form that has the measures of enforcement."""


class FillSource(StrEnum):
    """Where the values come from."""

    STAFF = "staff"
    LAST_CASE = "last"
    USUAL_MEASURES = "measures"


def sections_with_common_values() -> frozenset[str]:
    """The ids of the sections that `changes_from_case` can fill in."""
    return frozenset(_KEPT_BY_SECTION)


def changes_from_staff(tree: Mapping[str, Any], usual_people: Mapping[str, Mapping[str, Json]]) -> tuple[Put, ...]:
    """Put the usual person of each role where the case names nobody."""
    return tuple(put_where_empty(tree, {f"/people/{role}": one for role, one in usual_people.items()}))


def changes_from_case(tree: Mapping[str, Any], other: Mapping[str, Any], section: str) -> tuple[Put, ...]:
    """Put the values of another case where a section of this one has none."""
    values = {path: value_at(other, parse_pointer(path)) for path in _KEPT_BY_SECTION.get(section, ())}
    return tuple(put_where_empty(tree, values))


def changes_from_usual_measures(tree: Mapping[str, Any], usual: Sequence[str]) -> tuple[Insert, ...]:
    """Add the usual measures of enforcement (执行措施) that a case does not name yet; days and results are left to the clerk."""
    rows = tree.get("enforcement_measures")
    entries = rows if isinstance(rows, list) else []
    named = [str(one.get("name", "")) for one in entries if isinstance(one, Mapping)]
    lacking = [name for name in usual if not any(is_same_measure(one, name) for one in named)]
    return tuple(Insert("/enforcement_measures", {"name": name}) for name in lacking)
