"""What is known at one place of a template: its names, and what conditions passed on the way have narrowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from jinja2 import nodes

from bundler.template_check.types import UndefinedType, ValueType, join

Path = tuple[str | int, ...]
"""A value by its name and the attributes and numbers that follow it."""
EACH = "*"
"""Stands in a path for any entry of a list."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is known at one place; never changed, only followed by another.

    Attributes:
        names: what each name can be.
        facts: what conditions have left of a value, by its path.
        origins: the entry of which list a loop's variable is.
    """

    names: Mapping[str, ValueType]
    facts: Mapping[Path, ValueType] = field(default_factory=dict)
    origins: Mapping[str, Path] = field(default_factory=dict)

    def narrowed(self, path: Path, kinds: ValueType) -> Scope:
        """The same, where a value is known to be less than its type says."""
        return replace(self, facts={**self.facts, path: kinds})

    def named(self, name: str, kinds: ValueType, origin: Path | None = None) -> Scope:
        """The same with a name set; whatever was known of that name before is forgotten."""
        origins = {known: path for known, path in self.origins.items() if known != name}
        if origin is not None:
            origins[name] = origin
        facts = {path: known for path, known in self.facts.items() if name not in path}
        return Scope({**self.names, name: kinds}, facts, origins)

    def canonical(self, path: Path) -> Path:
        """The same value's path from the view itself: a loop's variable is any entry of its list."""
        origin = self.origins.get(str(path[0]))
        whole = path if origin is None else (*origin, *path[1:])
        return tuple(EACH if isinstance(part, int) else part for part in whole)


def path_of(node: nodes.Node) -> Path | None:
    """The path of ``name.attribute[0]``, filters and ``or`` included; None for any other expression."""
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        base = path_of(node.node)
        return None if base is None else (*base, node.attr)
    if isinstance(node, nodes.Filter) and node.node is not None:
        base = path_of(node.node)
        return None if base is None else (*base, f"|{node.name}")
    if isinstance(node, nodes.Or):
        left, right = path_of(node.left), path_of(node.right)
        return None if left is None or right is None else (*left, "or", *right)
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and type(node.arg.value) is int:
        base = path_of(node.node)
        return None if base is None else (*base, node.arg.value)
    return None


def list_path(node: nodes.Node) -> Path | None:
    """The path of a list, or of the list that it is a slice of."""
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice):
        return list_path(node.node)
    return path_of(node)


def _met_names(several: Sequence[Mapping[str, ValueType]]) -> Mapping[str, ValueType]:
    """What each name can be; one that some branch did not set is missing there."""
    first = several[0]
    if all(names is first for names in several):
        return first
    missing: ValueType = frozenset({UndefinedType()})
    known = dict.fromkeys(name for names in several for name in names)
    found = ((name, [names.get(name, missing) for names in several]) for name in known)
    return {name: kinds[0] if all(one is kinds[0] for one in kinds) else join(kinds) for name, kinds in found}


def meet(scopes: Iterable[Scope | None]) -> Scope | None:
    """What is known where several branches meet; None where no branch comes there."""
    coming = [scope for scope in scopes if scope is not None]
    if len(coming) < 2:  # noqa: PLR2004 (nothing to join)
        return coming[0] if coming else None
    shared = [path for path in coming[0].facts if all(path in scope.facts for scope in coming)]
    return Scope(
        _met_names([scope.names for scope in coming]),
        {path: join(scope.facts[path] for scope in coming) for path in shared},
        {name: path for name, path in coming[0].origins.items() if all(s.origins.get(name) == path for s in coming)},
    )
