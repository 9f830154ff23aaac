"""What a template may rest on: the names of its view, and those that its document's needs assure it of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from bundler.documents.requirements.common import ConditionalGuarantee
from bundler.template_check.scope import Path, Scope
from bundler.template_check.types import AbsentType, ListType, MemberType, RecordType, ValueType
from bundler.template_check.view_types import fields_of


@dataclass(frozen=True)
class Contract:
    """The names that one template may use.

    Attributes:
        view: the record whose fields are the names.
        guaranteed: names that have a value, or entries, whenever the paper is printed.
        sure: the same, under a condition.
    """

    view: type
    guaranteed: frozenset[str] = frozenset()
    sure: tuple[ConditionalGuarantee, ...] = ()

    @cached_property
    def scope(self) -> Scope:
        """What is known at the start of a template."""
        scope = Scope({name: field.kinds for name, field in fields_of(self.view).items()})
        for dotted in sorted(self.guaranteed):
            path: Path = tuple(dotted.split("."))
            scope = scope.narrowed(path, spared(declared_type(self.view, path)))
        return scope


def declared_type(view: type, path: Path) -> ValueType:
    """What the view's types say of a dotted name.

    Raises:
        KeyError: there is no such name.
    """
    kinds: ValueType = frozenset({RecordType(view)})
    for part in path:
        records = [kind.type for kind in kinds if isinstance(kind, RecordType)]
        found: Iterable[ValueType] = [fields_of(record)[str(part)].kinds for record in records]
        kinds = frozenset().union(*found)
    return kinds


def spared(kinds: ValueType) -> ValueType:
    """A value that the document's needs see to."""
    return frozenset(map(_spared, kinds))


def _spared(kind: MemberType) -> MemberType:
    if isinstance(kind, AbsentType):
        return AbsentType(spared=True)
    return replace(kind, sure=1) if isinstance(kind, ListType) else kind
