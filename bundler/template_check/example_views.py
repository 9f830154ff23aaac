"""Generate views from their types: each optional value present and absent, each word of each enumeration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from bundler.documents.jinja_environment import create_environment
from bundler.documents.required_facts.shared_checks import ConditionalGuarantee
from bundler.documents.views.record_fields import fields_by_name
from bundler.template_check.scope import ANY_ENTRY, Path
from bundler.template_check.template_contracts import Contract
from bundler.template_check.value_types import (
    AbsentType,
    DateTimeType,
    DateType,
    ListType,
    LiteralType,
    MemberType,
    NumberType,
    RecordType,
    ValueType,
    sort_members,
)
from bundler.template_check.view_types import fields_of

_LENGTHS = (0, 1, 2, 4, 6)
"""The lengths of example lists: none, one, several, and more than 3 and 5, at which documents change their form."""
_FULL_LENGTH = 2
_EXAMPLES: dict[type, Any] = {
    AbsentType: None,
    NumberType: 2,
    DateType: date(2021, 9, 17),
    DateTimeType: datetime(2021, 9, 22, 9, 30),  # noqa: DTZ001 (local time of the court)
}

Variation = MemberType | int
"""What a value is to be, or how many entries a list is to have."""


def example_views(contract: Contract, used: frozenset[str]) -> tuple[object, ...]:
    """Return views that a template must be able to print: the first full, then its variations; the same for an empty one.

    Args:
        contract: names the view; what it guarantees is always present.
        used: the names in the template; other fields are not varied.
    """
    return tuple(dict.fromkeys(_make_examples(contract, used)))


def full_example(contract: Contract) -> object:
    """Return the first of the examples, in which everything is present."""
    return next(_make_examples(contract, frozenset()))


def _make_examples(contract: Contract, used: frozenset[str]) -> Iterator[object]:
    for full in (True, False):
        generator = _ViewGenerator(contract, full=full)
        base = generator.make_record(contract.view, ())
        yield _add_guaranteed(contract, base)
        for path, variation in _variations(contract.view, (), used):
            yield _add_guaranteed(contract, generator.vary(base, contract.view, (), path, variation))


def _variations(record: type, path: Path, used: frozenset[str]) -> Iterator[tuple[Path, Variation]]:
    """Yield every field below a record with every value that it can have."""
    for name, typed in fields_of(record).items():
        if name in used:
            for member in _sorted_members(typed.value_type):
                yield from _member_variations(member, (*path, name), used)


def _member_variations(member: MemberType, path: Path, used: frozenset[str]) -> Iterator[tuple[Path, Variation]]:
    if isinstance(member, ListType):
        for length in _LENGTHS:
            yield path, length
        for item in _sorted_members(member.item):
            yield from _member_variations(item, (*path, ANY_ENTRY), used)
        return
    yield path, member
    if isinstance(member, RecordType):
        yield from _variations(member.type, path, used)


@cache
def _sorted_members(value_type: ValueType) -> tuple[MemberType, ...]:
    return sort_members(value_type)


@dataclass(frozen=True)
class _ViewGenerator:
    """Makes values of a contract's types.

    Attributes:
        full: every optional value is present and lists have entries; else optional values are absent and lists empty.
    """

    contract: Contract
    full: bool
    _made: dict[tuple[type, Path], Any] = field(default_factory=dict)

    def make_record(self, record: type, path: Path) -> Any:  # noqa: ANN401 (any record)
        """Return a record of which every field has a value; of the same place, the same one."""
        if (record, path) not in self._made:
            self._made[record, path] = record(
                **{name: self.make_value(typed.value_type, (*path, name)) for name, typed in fields_of(record).items()}
            )
        return self._made[record, path]

    def make_value(self, value_type: ValueType, path: Path) -> Any:  # noqa: ANN401 (any value of a view)
        """Return a value of a type."""
        members = _sorted_members(self.contract.initial_scope.narrowed.get(path, value_type))
        if AbsentType() in members and not self.full:
            return None
        present = [member for member in members if not isinstance(member, AbsentType)]
        return self.make_member(present[-1 if self.full else 0], path) if present else None

    def make_member(self, member: MemberType, path: Path, length: int | None = None) -> Any:  # noqa: ANN401 (any value)
        """Return a value of a member type; a list with so many entries."""
        if isinstance(member, ListType):
            narrowed = self.contract.initial_scope.narrowed.get(path, ())
            member = next((one for one in narrowed if isinstance(one, ListType)), member)
            wanted = (_FULL_LENGTH if self.full else 0) if length is None else length
            entries = range(max(wanted, member.printed_length))
            return tuple(self.make_value(member.item, (*path, ANY_ENTRY)) for _ in entries)
        if isinstance(member, RecordType):
            return self.make_record(member.type, path)
        return member.value if isinstance(member, LiteralType) else _EXAMPLES.get(type(member), "某")

    def vary(self, value: Any, record: type, at: Path, path: Path, variation: Variation) -> Any:  # noqa: ANN401 (any record)
        """Return a record with one value below it varied; of a list, the first entry is varied.

        Args:
            value: the record.
            record: its type.
            at: its path from the view.
            path: the path of the value from the record.
            variation: what the value is to be.
        """
        name, *rest = path
        here = (*at, name)
        value_type = fields_of(record)[str(name)].value_type
        value_type = self.contract.initial_scope.narrowed.get(here, value_type)
        old = getattr(value, str(name))
        if not rest:
            return replace(value, **{str(name): self._vary_value(value_type, here, variation, old)})
        member = next(one for one in _sorted_members(value_type) if isinstance(one, ListType | RecordType))
        if isinstance(member, RecordType):
            inner = self.make_record(member.type, here) if old is None else old
            return replace(value, **{str(name): self.vary(inner, member.type, here, tuple(rest), variation)})
        entry_path = (*here, ANY_ENTRY)
        entries = old or (self.make_value(member.item, entry_path),)
        item = next((one for one in _sorted_members(member.item) if isinstance(one, RecordType)), None)
        first = (
            self._vary_value(member.item, entry_path, variation, entries[0])
            if item is None or len(rest) == 1
            else self.vary(entries[0], item.type, entry_path, tuple(rest[1:]), variation)
        )
        return replace(value, **{str(name): (first, *entries[1:])})

    def _vary_value(self, value_type: ValueType, path: Path, variation: Variation, old: Any) -> Any:  # noqa: ANN401 (any value)
        """Return the varied value; the old one if the document's requirements exclude the variation."""
        if isinstance(variation, int):
            member = next(one for one in _sorted_members(value_type) if isinstance(one, ListType))
            return self.make_member(member, path, variation)
        return self.make_member(variation, path) if variation in value_type else old


def _add_guaranteed(contract: Contract, view: Any) -> Any:  # noqa: ANN401 (any view)
    """Return the view with the values that conditional guarantees promise under the conditions that it meets."""
    for guarantee in contract.conditional:
        view = _apply_guarantee(contract, view, guarantee)
    return view


def _apply_guarantee(contract: Contract, view: Any, guarantee: ConditionalGuarantee) -> Any:  # noqa: ANN401 (any view)
    held = getattr(view, guarantee.record)
    is_list = isinstance(held, tuple)
    path: Path = (guarantee.record, ANY_ENTRY) if is_list else (guarantee.record,)
    generator = _ViewGenerator(contract, full=True)
    records = []
    for record in held if is_list else (held,):
        missing = [
            name for name in guarantee.names if record is not None and violates_guarantee(guarantee, view, record, name)
        ]
        types = fields_of(record.__class__) if missing else {}
        values = {name: generator.make_value(types[name].value_type, (*path, name)) for name in missing}
        records.append(replace(record, **values) if values else record)
    return replace(view, **{guarantee.record: tuple(records) if is_list else records[0]})


def violates_guarantee(guarantee: ConditionalGuarantee, view: object, record: object, name: str) -> bool:
    """Whether the condition of a guarantee is true and a value that it promises is absent or an empty list."""
    value = getattr(record, name)
    if value is not None and value != ():
        return False
    return bool(_compile_condition(guarantee.condition)(**{**fields_by_name(view), "one": record}))


@cache
def _compile_condition(condition: str) -> Any:  # noqa: ANN401 (what Jinja compiles an expression to)
    return create_environment().compile_expression(condition)
