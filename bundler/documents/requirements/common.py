"""What a document requires of a case: the types, and the checks that several documents share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bundler.case.field_types import Unknown
from bundler.case.model import Case


@dataclass(frozen=True, slots=True)
class MissingField:
    """A field that a document lacks: its JSON Pointer and its Chinese name."""

    path: str
    label: str


MissingFields = Iterator[MissingField]


@dataclass(frozen=True, slots=True)
class ConditionalGuarantee:
    """Names of a view that have a value whenever a condition holds.

    Attributes:
        of: the record that they are fields of, or the list whose every entry they are about.
        names: fields of it.
        when: the condition as a template would write it; it calls the record ``one``. Empty: always.
    """

    of: str
    names: tuple[str, ...]
    when: str = "true"


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
    """Requirements whose guaranteed names stand in one text, with spaces between them."""
    return Requirements(find_missing, frozenset(guaranteed.split()), conditional)


def need(value: object, path: str, label: str) -> MissingFields:
    """The field, when it has no value."""
    if value is None or value in ("", ()):
        yield MissingField(path, label)


def registration_no(case: Case) -> MissingFields:
    """The petition's own number."""
    yield from need(case.registration.no, "/registration/no", "登记号")


def petitioners(case: Case) -> MissingFields:
    """At least one petitioner, and the name of each who gave one."""
    yield from need(case.petitioners, "/petitioners", "信访人")
    for index, petitioner in enumerate(case.petitioners):
        if not petitioner.anonymous:
            yield from need(petitioner.name, f"/petitioners/{index}/name", "信访人姓名（名称）")


def received(case: Case) -> MissingFields:
    """When and how the petition came in."""
    yield from need(case.registration.received_on, "/registration/received_on", "来访（件）时间")
    yield from need(case.registration.channel, "/registration/channel", "信访形式")
    if case.registration.channel in {"network", "other"}:
        yield from need(case.registration.channel_text, "/registration/channel_text", "信访形式说明")


def handler(case: Case) -> MissingFields:
    """A handler who is known by name."""
    officer = case.people.handler
    name = None if officer is None or isinstance(officer, Unknown) else officer.name
    yield from need(name, "/people/handler", "案件承办人")
