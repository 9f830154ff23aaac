"""A condition: what is known where it holds, and what where it does not; None where that can never be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jinja2 import nodes

from bundler.template_check.printing import shown
from bundler.template_check.problems import nearest
from bundler.template_check.scope import Scope, meet, path_of
from bundler.template_check.type_checks import check_comparable, check_word, constant, is_ordered
from bundler.template_check.types import (
    AbsentType,
    ListType,
    LiteralType,
    TextType,
    UndefinedType,
    UnknownType,
    ValueType,
    believed,
    can_be_absent,
    falsy,
    join,
    name_of,
    present,
    truthy,
)

if TYPE_CHECKING:
    from bundler.template_check.inference import TypeInference

Branches = tuple[Scope | None, Scope | None]


def split(values: TypeInference, node: nodes.Node, scope: Scope, *, quiet: bool = False) -> Branches:
    """Where a condition holds, and where it does not.

    Args:
        values: gives the values of what the condition is made of, and notes their faults.
        node: the condition.
        scope: what is known before it.
        quiet: the faults were noted already.
    """
    if quiet:
        with values.report.muted():
            return split(values, node, scope)
    return _SPLITTERS.get(type(node), _truth)(values, node, scope)


def _truth(values: TypeInference, node: nodes.Node, scope: Scope) -> Branches:
    """Any value: it holds where there is something."""
    kinds = values.of(node, scope)
    counted = _counted(node)
    if counted is not None:
        return _by_count(values, counted, scope, _more_than(0))
    return _sides(values, node, scope, (truthy(kinds), falsy(kinds)))


def _sides(values: TypeInference, node: nodes.Node, scope: Scope, both: tuple[ValueType, ValueType]) -> Branches:
    yes, no = map(believed, both) if values.trusting else both
    path = path_of(node)
    if path is None:
        return (scope if yes else None, scope if no else None)
    return (scope.narrowed(path, yes) if yes else None, scope.narrowed(path, no) if no else None)


def _not(values: TypeInference, node: nodes.Not, scope: Scope) -> Branches:
    yes, no = split(values, node.node, scope)
    return no, yes


def _and(values: TypeInference, node: nodes.And, scope: Scope) -> Branches:
    yes, no = split(values, node.left, scope)
    if yes is None or no is None:
        _pointless(values, node.left, "永远不成立" if yes is None else "永远成立")
    if yes is None:
        return None, no
    second, not_second = split(values, node.right, yes)
    if not_second is None and second is not None:
        _pointless(values, node.right, "永远成立")
    return second, meet([no, not_second])


def _or(values: TypeInference, node: nodes.Or, scope: Scope) -> Branches:
    yes, no = split(values, node.left, scope)
    if yes is None or no is None:
        _pointless(values, node.left, "永远不成立" if yes is None else "永远成立")
    if no is None:
        return yes, None
    second, not_second = split(values, node.right, no)
    if second is None and not_second is not None:
        _pointless(values, node.right, "永远不成立")
    either, path = meet([yes, second]), path_of(node)
    if either is not None and path is not None:
        either = either.narrowed(path, truthy(values.quietly(node, scope)))
    return either, not_second


def _pointless(values: TypeInference, node: nodes.Node, state: str) -> None:
    values.report.pointless(node, f"条件“{shown(node)}”{state}", "删去这个条件，或者改成要问的那一项")


def _test(values: TypeInference, node: nodes.Test, scope: Scope) -> Branches:
    kinds = values.of(node.node, scope)
    if node.name != "none" or node.args or node.kwargs:
        near = "none" if nearest(node.name, ["none"]) else f"{{% if {shown(node.node)} %}}"
        values.report.add(node, f"没有“is {node.name}”这种问法", near)
        return scope, scope
    none = frozenset(kind for kind in kinds if isinstance(kind, AbsentType | UnknownType))
    there = frozenset(kind for kind in kinds if not isinstance(kind, AbsentType))
    return _sides(values, node.node, scope, (none, there))


def _compare(values: TypeInference, node: nodes.Compare, scope: Scope) -> Branches:
    if len(node.ops) != 1:
        values.report.add(node, "一次只比较两个值", "用 and 连接两个比较")
        return scope, scope
    op, other = node.ops[0].op, node.ops[0].expr
    if op in {"eq", "ne"}:
        yes, no = _equal(values, node.expr, other, scope)
    elif op in {"in", "notin"}:
        yes, no = _among(values, node.expr, other, scope)
    else:
        yes, no = _ordered(values, node, op, other, scope)
    return (no, yes) if op in {"ne", "notin"} else (yes, no)


def _equal(values: TypeInference, left: nodes.Expr, right: nodes.Expr, scope: Scope) -> Branches:
    if isinstance(left, nodes.Const) and not isinstance(right, nodes.Const):
        left, right = right, left
    kinds, others = values.of(left, scope), values.of(right, scope)
    word, counted = constant(right), _counted(left)
    if counted is not None and type(word) is int:
        return _by_count(values, counted, scope, _exactly(word))
    if word is None:
        check_comparable(values.report, left, kinds, others)
        return scope, scope
    if not check_word(values.report, left, _every(values, left, scope), word):
        return scope, scope
    return _by_words(values, left, scope, kinds, (word,))


def _every(values: TypeInference, node: nodes.Expr, scope: Scope) -> ValueType:
    """What a value can be by its type alone, whatever conditions have left of it."""
    path = path_of(node)
    bare = replace(scope, facts={p: kinds for p, kinds in scope.facts.items() if p != path})
    return values.quietly(node, bare)


def _by_words(
    values: TypeInference, node: nodes.Node, scope: Scope, kinds: ValueType, chosen: tuple[str | int | bool, ...]
) -> Branches:
    """Where a value is one of these words, and where it is none of them."""
    picked = frozenset(LiteralType(word) for word in chosen)
    open_ended = frozenset(kind for kind in kinds if not isinstance(kind, LiteralType | AbsentType | UndefinedType))
    yes = (picked & kinds) | (picked if open_ended else frozenset())
    return _sides(values, node, scope, (yes, kinds - picked))


def _among(values: TypeInference, left: nodes.Expr, right: nodes.Expr, scope: Scope) -> Branches:
    kinds = values.of(left, scope)
    if isinstance(right, nodes.Tuple | nodes.List) and all(constant(item) is not None for item in right.items):
        every = _every(values, left, scope)
        chosen = tuple(word for item in right.items if (word := constant(item)) is not None)
        known = [check_word(values.report, left, every, word) for word in chosen]  # each fault, not only the first
        if not all(known):
            return scope, scope
        return _by_words(values, left, scope, kinds, chosen)
    held = values.of(right, scope)
    if can_be_absent(held):
        values.report.add(right, f"“{shown(right)}”可能没有，不能用 in", f"先写 {{% if {shown(right)} %}}")
    for kind in present(held):
        word = constant(left)
        if isinstance(kind, ListType) and word is not None:
            check_word(values.report, right, kind.item, word)
        elif not isinstance(kind, ListType | TextType | UnknownType):
            values.report.add(right, f"“{shown(right)}”是{name_of(kind)}，in 只用于一列", "比较单个的值用 ==")
    return scope, scope


def _ordered(values: TypeInference, node: nodes.Compare, op: str, other: nodes.Expr, scope: Scope) -> Branches:
    left, right = values.of(node.expr, scope), values.of(other, scope)
    for side, kinds in ((node.expr, left), (other, right)):
        if can_be_absent(kinds):
            values.report.add(side, f"“{shown(side)}”可能没有，不能比较大小", f"先写 {shown(side)} and …")
    if not is_ordered(left, right):
        values.report.add(node, f"“{shown(node)}”两边不能比较大小", "只有数和数、日期和日期可以比较大小")
    bound, counted = constant(other), _counted(node.expr)
    if counted is not None and type(bound) is int:
        return _by_count(values, counted, scope, _COUNTS[op](bound))
    return scope, scope


def _counted(node: nodes.Node) -> nodes.Expr | None:
    """The list whose entries ``list|length`` counts."""
    return node.node if isinstance(node, nodes.Filter) and node.name == "length" else None


Range = tuple[int, int | None]
"""At least, and at most; None: no end."""
Counts = tuple[Range | None, Range | None]
"""How many there are where a comparison holds, and where it does not; None: another way round, nothing is known."""


def _more_than(bound: int) -> Counts:
    return (bound + 1, None), (0, bound)


def _fewer_than(bound: int) -> Counts:
    return (0, bound - 1), (bound, None)


def _exactly(bound: int) -> Counts:
    return (bound, bound), (1, None) if bound == 0 else None


_COUNTS: dict[str, Callable[[int], Counts]] = {
    "gt": _more_than,
    "gteq": lambda bound: _more_than(bound - 1),
    "lt": _fewer_than,
    "lteq": lambda bound: _fewer_than(bound + 1),
}


def _by_count(values: TypeInference, node: nodes.Expr, scope: Scope, counts: Counts) -> Branches:
    """Where a list has so many entries, and where it has not."""
    kinds = values.quietly(node, scope)
    yes, no = (join(_bounded(kind, allowed) for kind in kinds) for allowed in counts)
    return _sides(values, node, scope, (yes, no))


def _bounded(kind: Any, allowed: Range | None) -> ValueType:  # noqa: ANN401 (any kind)
    if not isinstance(kind, ListType) or allowed is None:
        return frozenset({kind})
    least = max(kind.least, allowed[0])
    ends = [end for end in (kind.most, allowed[1]) if end is not None]
    most = min(ends) if ends else None
    return frozenset() if most is not None and most < least else frozenset({replace(kind, least=least, most=most)})


_SPLITTERS: dict[type[nodes.Node], Callable[[TypeInference, Any, Scope], Branches]] = {
    nodes.Not: _not,
    nodes.And: _and,
    nodes.Or: _or,
    nodes.Test: _test,
    nodes.Compare: _compare,
}
