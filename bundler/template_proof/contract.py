"""What a template may rest on: the names of its view, and those that its document's needs assure it of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from bundler.documents.needs.table import Sure
from bundler.template_proof.declared import fields_of
from bundler.template_proof.kinds import Kind, Kinds, Listing, Nothing, RecordOf
from bundler.template_proof.scope import Path, Scope


@dataclass(frozen=True)
class Contract:
    """The names that one template may use.

    Attributes:
        view: the record whose fields are the names.
        assured: names that have a value, or entries, whenever the paper is printed.
        sure: the same, under a condition.
    """

    view: type
    assured: frozenset[str] = frozenset()
    sure: tuple[Sure, ...] = ()

    @cached_property
    def scope(self) -> Scope:
        """What is known at the start of a template."""
        scope = Scope({name: field.kinds for name, field in fields_of(self.view).items()})
        for dotted in sorted(self.assured):
            path: Path = tuple(dotted.split("."))
            scope = scope.narrowed(path, spared(declared(self.view, path)))
        return scope


def declared(view: type, path: Path) -> Kinds:
    """What the view's types say of a dotted name.

    Raises:
        KeyError: there is no such name.
    """
    kinds: Kinds = frozenset({RecordOf(view)})
    for part in path:
        records = [kind.type for kind in kinds if isinstance(kind, RecordOf)]
        found: Iterable[Kinds] = [fields_of(record)[str(part)].kinds for record in records]
        kinds = frozenset().union(*found)
    return kinds


def spared(kinds: Kinds) -> Kinds:
    """A value that the document's needs see to."""
    return frozenset(map(_spared, kinds))


def _spared(kind: Kind) -> Kind:
    if isinstance(kind, Nothing):
        return Nothing(spared=True)
    return replace(kind, sure=1) if isinstance(kind, Listing) else kind
