"""The scope at one place of a template: the types of its names, and what conditions have narrowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from jinja2 import nodes

from bundler.template_check.value_types import UndefinedType, ValueType, union_of

Path = tuple[str | int, ...]
"""A name, followed by the attributes and indexes that lead to a value."""
ANY_ENTRY = "*"
"""Stands in a path for any entry of a list."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is known at one place; immutable.

    Attributes:
        names: the type of each name.
        narrowed: the type that conditions have left of a value, by its path.
        origins: for a loop variable, the path of the entry that it stands for.
    """

    names: Mapping[str, ValueType]
    narrowed: Mapping[Path, ValueType] = field(default_factory=dict)
    origins: Mapping[str, Path] = field(default_factory=dict)

    def narrow(self, path: Path, value_type: ValueType) -> Scope:
        """Return the scope in which the value at a path has a narrower type than the declared one."""
        return replace(self, narrowed={**self.narrowed, path: value_type})

    def assign(self, name: str, value_type: ValueType, origin: Path | None = None) -> Scope:
        """Return the scope after an assignment; what was narrowed of the name's former value is dropped."""
        origins = {known: path for known, path in self.origins.items() if known != name}
        if origin is not None:
            origins[name] = origin
        narrowed = {path: known for path, known in self.narrowed.items() if name not in path}
        return Scope({**self.names, name: value_type}, narrowed, origins)

    def view_path(self, path: Path) -> Path:
        """Return the path of the same value from the view: a loop variable is any entry of its list."""
        origin = self.origins.get(str(path[0]))
        whole = path if origin is None else (*origin, *path[1:])
        return tuple(ANY_ENTRY if isinstance(part, int) else part for part in whole)


def path_of(node: nodes.Node) -> Path | None:
    """Return the path of ``name.attribute[0]``, filters and ``or`` included; None for any other expression."""
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
    """Return the path of a list; of a slice, the path of the list that is sliced."""
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice):
        return list_path(node.node)
    return path_of(node)


def merge_scopes(scopes: Iterable[Scope | None]) -> Scope | None:
    """Return what is known where branches join; None if no branch reaches that place.

    Args:
        scopes: the scope at the end of each branch; None for a branch that is never taken.
    """
    reachable = [scope for scope in scopes if scope is not None]
    if len(reachable) < 2:  # noqa: PLR2004 (nothing to merge)
        return reachable[0] if reachable else None
    first = reachable[0]
    shared = [path for path in first.narrowed if all(path in scope.narrowed for scope in reachable)]
    return Scope(
        _merge_names([scope.names for scope in reachable]),
        {path: union_of(scope.narrowed[path] for scope in reachable) for path in shared},
        {
            name: path
            for name, path in first.origins.items()
            if all(scope.origins.get(name) == path for scope in reachable)
        },
    )


def _merge_names(branches: Sequence[Mapping[str, ValueType]]) -> Mapping[str, ValueType]:
    """Return the type of each name; one that a branch did not set is undefined there."""
    first = branches[0]
    if all(names is first for names in branches):
        return first
    undefined: ValueType = frozenset({UndefinedType()})
    known = dict.fromkeys(name for names in branches for name in names)
    found = ((name, [names.get(name, undefined) for names in branches]) for name in known)
    return {name: types[0] if all(one is types[0] for one in types) else union_of(types) for name, types in found}
