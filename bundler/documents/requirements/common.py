"""The parts of which every document's needs are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bundler.case.field_types import Unknown
from bundler.case.model import Case


@dataclass(frozen=True, slots=True)
class MissingField:
    """A field that a document lacks: its JSON Pointer and its Chinese name."""

    path: str
    label: str


MissingFields = Iterator[MissingField]


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
