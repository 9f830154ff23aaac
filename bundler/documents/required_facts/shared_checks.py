"""What a document requires of a case: the types, and the checks that several documents share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bundler.case.field_types import Unknown
from bundler.case.model import Case


@dataclass(frozen=True, slots=True)
class MissingField:
    """A field that the case lacks for a document: its JSON Pointer (RFC 6901) and its Chinese name."""

    path: str
    label: str


MissingFields = Iterator[MissingField]


@dataclass(frozen=True, slots=True)
class ConditionalGuarantee:
    """Names of a view that have a value whenever a condition holds.

    Attributes:
        record: the name of the view's record whose fields they are, or of the list whose every entry has them.
        names: the names of the fields.
        condition: the condition as a template would write it; it calls the record ``one``.
    """

    record: str
    names: tuple[str, ...]
    condition: str = "true"


def _nothing_missing(case: Case) -> MissingFields:
    del case
    return iter(())


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a document requires of a case.

    Attributes:
        find_missing: yields the fields that a case still lacks, in the order of the paper.
        guaranteed: names of the template's view that have a value once nothing is missing (``people.handler``), or at
            least one entry, each with that value (``petitioners``). `bundler templates check` relies on them: any other
            name may be printed only behind a condition or with a default.
        conditional: the same under conditions: each entry of ``claims`` has ``facts`` when it is not ``weighed``.
    """

    find_missing: Callable[[Case], MissingFields] = _nothing_missing
    guaranteed: frozenset[str] = frozenset()
    conditional: tuple[ConditionalGuarantee, ...] = ()


NO_REQUIREMENTS = Requirements()


def requires(
    find_missing: Callable[[Case], MissingFields],
    guaranteed: str,
    conditional: tuple[ConditionalGuarantee, ...] = (),
) -> Requirements:
    """Requirements; the guaranteed names are separated by spaces."""
    return Requirements(find_missing, frozenset(guaranteed.split()), conditional)


_NUMBERED = re.compile(r"第\d+项的?(.+)")


def describe_missing(fields: Iterable[MissingField], pointer_in_file: Callable[[str], str] = lambda path: path) -> str:
    """What is lacking, as one would say it: 第1、2项未填查明的事实、答复结果；未填受理日期.

    Args:
        fields: the fields.
        pointer_in_file: the JSON Pointer in case.json for one in the case, by which entries are numbered.
    """
    places: dict[str, list[str]] = {}
    others: list[str] = []
    first: dict[str, str] = {}
    for field in fields:
        first.setdefault(field.label, field.path)
    for label, path in first.items():
        found = _NUMBERED.fullmatch(label)
        if found:
            entry = pointer_in_file(path).split("/")[2]
            places.setdefault(found[1], []).append(str(int(entry) + 1))
        else:
            others.append(label)
    labels: dict[tuple[str, ...], list[str]] = {}
    for label, numbers in places.items():
        labels.setdefault(tuple(numbers), []).append(label)
    parts = [f"第{'、'.join(numbers)}项未填{'、'.join(together)}" for numbers, together in labels.items()]
    return "；".join((*parts, *([f"未填{'、'.join(others)}"] if others else [])))


def require(value: object, path: str, label: str) -> MissingFields:
    """Yield the field when it has no value."""
    if value is None or value in ("", ()):
        yield MissingField(path, label)


def require_registration_no(case: Case) -> MissingFields:
    """The registration number (登记号)."""
    yield from require(case.registration.no, "/registration/no", "登记号")


def require_petitioners(case: Case) -> MissingFields:
    """At least one petitioner, and a name of each who is not anonymous."""
    yield from require(case.petitioners, "/petitioners", "信访人")
    for index, petitioner in enumerate(case.petitioners):
        if not petitioner.anonymous:
            yield from require(petitioner.name, f"/petitioners/{index}/name", "信访人姓名（名称）")


def require_arrival(case: Case) -> MissingFields:
    """When and through which channel the petition arrived."""
    yield from require(case.registration.received_on, "/registration/received_on", "来访（件）时间")
    yield from require(case.registration.channel, "/registration/channel", "信访形式")
    if case.registration.channel in {"network", "other"}:
        yield from require(case.registration.channel_text, "/registration/channel_text", "信访形式说明")


def require_handler(case: Case) -> MissingFields:
    """The name of the officer in charge (案件承办人)."""
    officer = case.people.handler
    name = None if officer is None or isinstance(officer, Unknown) else officer.name
    yield from require(name, "/people/handler", "案件承办人")
