"""Views made from their own types: each value that may be absent once present and once absent, each word of each list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from bundler.documents.jinja_environment import sandbox
from bundler.documents.requirements.common import ConditionalGuarantee
from bundler.documents.views.fields import fields_by_name
from bundler.template_check.contract import Contract
from bundler.template_check.scope import EACH, Path
from bundler.template_check.types import (
    AbsentType,
    DateTimeType,
    DateType,
    ListType,
    LiteralType,
    MemberType,
    NumberType,
    RecordType,
    ValueType,
)
from bundler.template_check.view_types import fields_of

_COUNTS = (0, 1, 2, 4, 6)
"""Lists of these lengths: none, one, several, and more than the 3 and 5 at which papers change their form."""
_FULL = 2
_DAY, _MOMENT = date(2021, 9, 17), datetime(2021, 9, 22, 9, 30)  # noqa: DTZ001 (a court's wall clock)


def example_views(contract: Contract, used: frozenset[str]) -> tuple[object, ...]:
    """Views that a template has to be able to print.

    Args:
        contract: whose view is made; what its needs assure is always there.
        used: the names that the template mentions; others need not vary.
    """
    made: dict[object, None] = {}
    for full in (True, False):
        maker = _Maker(contract, full=full)
        base = maker.record(contract.view, ())
        made[_with_sure(contract, base)] = None
        for path, choice in _choices(contract.view, (), used):
            made[_with_sure(contract, maker.changed(base, contract.view, (), path, choice))] = None
    return tuple(made)


Choice = MemberType | int
"""What a value is to be, or how many entries a list is to have."""


def _choices(record: type, path: Path, used: frozenset[str]) -> Iterator[tuple[Path, Choice]]:
    """Every place where a view can be otherwise, and how."""
    for name, described in fields_of(record).items():
        if name in used:
            for kind in _ordered(described.kinds):
                yield from _of_kind(kind, (*path, name), used)


def _of_kind(kind: MemberType, path: Path, used: frozenset[str]) -> Iterator[tuple[Path, Choice]]:
    if isinstance(kind, ListType):
        for count in _COUNTS:
            yield path, count
        for item in _ordered(kind.item):
            yield from _of_kind(item, (*path, EACH), used)
        return
    yield path, kind
    if isinstance(kind, RecordType):
        yield from _choices(kind.type, path, used)


@cache
def _ordered(kinds: ValueType) -> tuple[MemberType, ...]:
    """Kinds in an order that is the same each time."""
    return tuple(sorted(kinds, key=repr))


@dataclass(frozen=True)
class _Maker:
    """Makes views in which everything that can be there is, or nothing that need not be."""

    contract: Contract
    full: bool

    def record(self, record: type, path: Path) -> Any:  # noqa: ANN401 (any record)
        """A record whose every value is made."""
        return record(**{name: self.value(one.kinds, (*path, name)) for name, one in fields_of(record).items()})

    def value(self, kinds: ValueType, path: Path) -> Any:  # noqa: ANN401 (any value of a view)
        """A value that is one of these kinds."""
        possible = _ordered(self.contract.scope.facts.get(path, kinds))
        if AbsentType() in possible and not self.full:
            return None
        there = [kind for kind in possible if not isinstance(kind, AbsentType)]
        return self.one(there[-1 if self.full else 0], path) if there else None

    def one(self, kind: MemberType, path: Path, count: int | None = None) -> Any:  # noqa: ANN401 (any value of a view)
        """A value of one kind; of a list so many entries."""
        if isinstance(kind, ListType):
            kind = next((one for one in self.contract.scope.facts.get(path, ()) if isinstance(one, ListType)), kind)
            wanted = (_FULL if self.full else 0) if count is None else count
            return tuple(self.value(kind.item, (*path, EACH)) for _ in range(max(wanted, kind.certain)))
        if isinstance(kind, RecordType):
            return self.record(kind.type, path)
        return kind.value if isinstance(kind, LiteralType) else _PLAIN.get(type(kind), "某")

    def changed(self, value: Any, record: type, at: Path, path: Path, choice: Choice) -> Any:  # noqa: ANN401 (any record)
        """A record with one value, somewhere below it, chosen otherwise; of a list, its first entry."""
        name, *rest = path
        kinds, here = fields_of(record)[str(name)].kinds, (*at, name)
        kinds = self.contract.scope.facts.get(here, kinds)
        old = getattr(value, str(name))
        if not rest:
            return replace(value, **{str(name): self._chosen(kinds, here, choice, old)})
        kind = next(one for one in _ordered(kinds) if isinstance(one, ListType | RecordType))
        if isinstance(kind, RecordType):
            below = self.record(kind.type, here) if old is None else old
            return replace(value, **{str(name): self.changed(below, kind.type, here, tuple(rest), choice)})
        entries = old or (self.value(kind.item, (*here, EACH)),)
        item = next((one for one in _ordered(kind.item) if isinstance(one, RecordType)), None)
        first = (
            self._chosen(kind.item, (*here, EACH), choice, entries[0])
            if item is None or len(rest) == 1
            else self.changed(entries[0], item.type, (*here, EACH), tuple(rest[1:]), choice)
        )
        return replace(value, **{str(name): (first, *entries[1:])})

    def _chosen(self, kinds: ValueType, path: Path, choice: Choice, old: Any) -> Any:  # noqa: ANN401 (any value of a view)
        """The chosen value, unless the needs see to it that it is never so."""
        if isinstance(choice, int):
            listing = next(one for one in _ordered(kinds) if isinstance(one, ListType))
            return self.one(listing, path, choice)
        return self.one(choice, path) if choice in kinds else old


_PLAIN: dict[type, Any] = {AbsentType: None, NumberType: 2, DateType: _DAY, DateTimeType: _MOMENT}


def _with_sure(contract: Contract, view: Any) -> Any:  # noqa: ANN401 (any view)
    """The view, with whatever the needs see to under the conditions that it meets."""
    for sure in contract.sure:
        view = _mended(contract, view, sure)
    return view


def _mended(contract: Contract, view: Any, sure: ConditionalGuarantee) -> Any:  # noqa: ANN401 (any view)
    held = getattr(view, sure.of)
    several = held if isinstance(held, tuple) else (held,)
    path: Path = (sure.of, EACH) if isinstance(held, tuple) else (sure.of,)
    full = _Maker(contract, full=True)
    mended = []
    for one in several:
        lacking = [name for name in sure.names if one is not None and is_lacking(sure, view, one, name)]
        values = {name: full.value(fields_of(one.__class__)[name].kinds, (*path, name)) for name in lacking}
        mended.append(replace(one, **values) if values else one)
    return replace(view, **{sure.of: tuple(mended) if isinstance(held, tuple) else mended[0]})


def is_lacking(sure: ConditionalGuarantee, view: object, record: object, name: str) -> bool:
    """Whether a condition holds, and what it promises is not there."""
    value = getattr(record, name)
    return (value is None or value == ()) and bool(_condition(sure.when)(**{**fields_by_name(view), "one": record}))


@cache
def _condition(when: str) -> Any:  # noqa: ANN401 (what Jinja compiles an expression to)
    return sandbox().compile_expression(when)
