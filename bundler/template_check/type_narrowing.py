"""Type narrowing: the scope where a condition is true and the scope where it is false; None where that is unreachable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from jinja2 import nodes

from bundler.template_check.name_hints import closest_name
from bundler.template_check.problem_log import ProblemLog, format_expression
from bundler.template_check.scope import Scope, merge_scopes, path_of
from bundler.template_check.type_use_checks import check_comparable, check_literal, constant_value, is_ordered
from bundler.template_check.value_types import (
    AbsentType,
    ListType,
    LiteralType,
    TextType,
    UndefinedType,
    UnknownType,
    ValueType,
    assume_guarantees,
    can_be_absent,
    chinese_name,
    falsy,
    present_members,
    truthy,
    union_of,
)

Branches = tuple[Scope | None, Scope | None]
"""The scope where a condition is true, and the scope where it is false; None: unreachable."""


class Evaluator(Protocol):
    """Infers the types of the operands of a condition.

    Attributes:
        problems: the log of problems.
        assumes_guarantees: a value that the document's requirements guarantee is taken as present.
    """

    problems: ProblemLog
    assumes_guarantees: bool

    def infer(self, node: nodes.Node, scope: Scope) -> ValueType:
        """Return the type of an expression, and report its problems."""

    def infer_quietly(self, node: nodes.Node, scope: Scope) -> ValueType:
        """Return the type of an expression without reporting problems."""


def narrow(evaluator: Evaluator, node: nodes.Node, scope: Scope, *, quiet: bool = False) -> Branches:
    """Return the scopes of the two branches of a condition.

    Args:
        evaluator: infers the types of the operands.
        node: the condition.
        scope: the scope before it.
        quiet: report no problems, because they are reported elsewhere.
    """
    if quiet:
        with evaluator.problems.muted():
            return narrow(evaluator, node, scope)
    return _NARROWERS.get(type(node), _narrow_truth)(evaluator, node, scope)


def _narrow_truth(evaluator: Evaluator, node: nodes.Node, scope: Scope) -> Branches:
    """A value as a condition: true where it is present and neither empty nor zero."""
    value_type = evaluator.infer(node, scope)
    counted = _counted_list(node)
    if counted is not None:
        return _narrow_length(evaluator, counted, scope, _more_than(0))
    return _narrow_value(evaluator, node, scope, (truthy(value_type), falsy(value_type)))


def _narrow_value(evaluator: Evaluator, node: nodes.Node, scope: Scope, types: tuple[ValueType, ValueType]) -> Branches:
    """Return the branches in which a value has the first and the second of these types."""
    true, false = map(assume_guarantees, types) if evaluator.assumes_guarantees else types
    path = path_of(node)
    if path is None:
        return (scope if true else None, scope if false else None)
    return (scope.narrow(path, true) if true else None, scope.narrow(path, false) if false else None)


def _narrow_not(evaluator: Evaluator, node: nodes.Not, scope: Scope) -> Branches:
    true, false = narrow(evaluator, node.node, scope)
    return false, true


def _narrow_and(evaluator: Evaluator, node: nodes.And, scope: Scope) -> Branches:
    true, false = narrow(evaluator, node.left, scope)
    if true is None or false is None:
        _report_constant(evaluator, node.left, "永远不成立" if true is None else "永远成立")
    if true is None:
        return None, false
    both, only_left = narrow(evaluator, node.right, true)
    if only_left is None and both is not None:
        _report_constant(evaluator, node.right, "永远成立")
    return both, merge_scopes([false, only_left])


def _narrow_or(evaluator: Evaluator, node: nodes.Or, scope: Scope) -> Branches:
    true, false = narrow(evaluator, node.left, scope)
    if true is None or false is None:
        _report_constant(evaluator, node.left, "永远不成立" if true is None else "永远成立")
    if false is None:
        return true, None
    only_right, neither = narrow(evaluator, node.right, false)
    if only_right is None and neither is not None:
        _report_constant(evaluator, node.right, "永远不成立")
    either, path = merge_scopes([true, only_right]), path_of(node)
    if either is not None and path is not None:
        either = either.narrow(path, truthy(evaluator.infer_quietly(node, scope)))
    return either, neither


def _report_constant(evaluator: Evaluator, node: nodes.Node, state: str) -> None:
    message = f"条件“{format_expression(node)}”{state}"
    evaluator.problems.add_constant_condition(node, message, "删去这个条件，或者改成要问的那一项")


def _narrow_test(evaluator: Evaluator, node: nodes.Test, scope: Scope) -> Branches:
    """Narrow a type by ``is none``, the only test that a template may use."""
    value_type = evaluator.infer(node.node, scope)
    if node.name != "none" or node.args or node.kwargs:
        suggestion = "none" if closest_name(node.name, ["none"]) else f"{{% if {format_expression(node.node)} %}}"
        evaluator.problems.add(node, f"没有“is {node.name}”这种问法", suggestion)
        return scope, scope
    absent = frozenset(member for member in value_type if isinstance(member, AbsentType | UnknownType))
    present = frozenset(member for member in value_type if not isinstance(member, AbsentType))
    return _narrow_value(evaluator, node.node, scope, (absent, present))


def _narrow_comparison(evaluator: Evaluator, node: nodes.Compare, scope: Scope) -> Branches:
    if len(node.ops) != 1:
        evaluator.problems.add(node, "一次只比较两个值", "用 and 连接两个比较")
        return scope, scope
    operator, right = node.ops[0].op, node.ops[0].expr
    if operator in {"eq", "ne"}:
        true, false = _narrow_equality(evaluator, node.expr, right, scope)
    elif operator in {"in", "notin"}:
        true, false = _narrow_membership(evaluator, node.expr, right, scope)
    else:
        true, false = _narrow_order(evaluator, node, operator, right, scope)
    return (false, true) if operator in {"ne", "notin"} else (true, false)


def _narrow_equality(evaluator: Evaluator, left: nodes.Expr, right: nodes.Expr, scope: Scope) -> Branches:
    if isinstance(left, nodes.Const) and not isinstance(right, nodes.Const):
        left, right = right, left
    left_type, right_type = evaluator.infer(left, scope), evaluator.infer(right, scope)
    literal, counted = constant_value(right), _counted_list(left)
    if counted is not None and type(literal) is int:
        return _narrow_length(evaluator, counted, scope, _exactly(literal))
    if literal is None:
        check_comparable(evaluator.problems, left, left_type, right_type)
        return scope, scope
    if not check_literal(evaluator.problems, left, _infer_declared(evaluator, left, scope), literal):
        return scope, scope
    return _narrow_to_literals(evaluator, left, scope, left_type, (literal,))


def _infer_declared(evaluator: Evaluator, node: nodes.Expr, scope: Scope) -> ValueType:
    """Return the type of a value without what conditions have narrowed of it."""
    path = path_of(node)
    unnarrowed = replace(scope, narrowed={p: narrowed for p, narrowed in scope.narrowed.items() if p != path})
    return evaluator.infer_quietly(node, unnarrowed)


def _narrow_to_literals(
    evaluator: Evaluator, node: nodes.Node, scope: Scope, value_type: ValueType, literals: tuple[str | int | bool, ...]
) -> Branches:
    """Return the branches in which a value is one of these literals, and none of them."""
    chosen = frozenset(LiteralType(literal) for literal in literals)
    closed = LiteralType | AbsentType | UndefinedType
    is_open = any(not isinstance(member, closed) for member in value_type)
    true = (chosen & value_type) | (chosen if is_open else frozenset())
    return _narrow_value(evaluator, node, scope, (true, value_type - chosen))


def _narrow_membership(evaluator: Evaluator, left: nodes.Expr, right: nodes.Expr, scope: Scope) -> Branches:
    problems, value_type = evaluator.problems, evaluator.infer(left, scope)
    if isinstance(right, nodes.Tuple | nodes.List) and all(constant_value(item) is not None for item in right.items):
        declared = _infer_declared(evaluator, left, scope)
        literals = tuple(literal for item in right.items if (literal := constant_value(item)) is not None)
        possible = [check_literal(problems, left, declared, literal) for literal in literals]  # reports each problem
        if not all(possible):
            return scope, scope
        return _narrow_to_literals(evaluator, left, scope, value_type, literals)
    name, container_type = format_expression(right), evaluator.infer(right, scope)
    if can_be_absent(container_type):
        problems.add(right, f"“{name}”可能没有，不能用 in", f"先写 {{% if {name} %}}")
    for member in present_members(container_type):
        literal = constant_value(left)
        if isinstance(member, ListType) and literal is not None:
            check_literal(problems, right, member.item, literal)
        elif not isinstance(member, ListType | TextType | UnknownType):
            problems.add(right, f"“{name}”是{chinese_name(member)}，in 只用于一列", "比较单个的值用 ==")
    return scope, scope


def _narrow_order(
    evaluator: Evaluator, node: nodes.Compare, operator: str, right: nodes.Expr, scope: Scope
) -> Branches:
    problems = evaluator.problems
    left_type, right_type = evaluator.infer(node.expr, scope), evaluator.infer(right, scope)
    for side, value_type in ((node.expr, left_type), (right, right_type)):
        if can_be_absent(value_type):
            name = format_expression(side)
            problems.add(side, f"“{name}”可能没有，不能比较大小", f"先写 {name} and …")
    if not is_ordered(left_type, right_type):
        message = f"“{format_expression(node)}”两边不能比较大小"
        problems.add(node, message, "只有数和数、日期和日期可以比较大小")
    bound, counted = constant_value(right), _counted_list(node.expr)
    if counted is not None and type(bound) is int:
        return _narrow_length(evaluator, counted, scope, _RANGES[operator](bound))
    return scope, scope


def _counted_list(node: nodes.Node) -> nodes.Expr | None:
    """Return the list in ``list|length``; None for any other expression."""
    return node.node if isinstance(node, nodes.Filter) and node.name == "length" else None


Range = tuple[int, int | None]
"""The least and the greatest length of a list; None: no upper bound."""
Ranges = tuple[Range | None, Range | None]
"""The lengths for which a comparison is true, and those for which it is false; None: not expressible as a range."""


def _more_than(bound: int) -> Ranges:
    return (bound + 1, None), (0, bound)


def _fewer_than(bound: int) -> Ranges:
    return (0, bound - 1), (bound, None)


def _exactly(bound: int) -> Ranges:
    return (bound, bound), (1, None) if bound == 0 else None


_RANGES: dict[str, Callable[[int], Ranges]] = {
    "gt": _more_than,
    "gteq": lambda bound: _more_than(bound - 1),
    "lt": _fewer_than,
    "lteq": lambda bound: _fewer_than(bound + 1),
}


def _narrow_length(evaluator: Evaluator, node: nodes.Expr, scope: Scope, ranges: Ranges) -> Branches:
    """Return the branches in which the length of a list is in the first and in the second range."""
    value_type = evaluator.infer_quietly(node, scope)
    true, false = (union_of(_limit_length(member, allowed) for member in value_type) for allowed in ranges)
    return _narrow_value(evaluator, node, scope, (true, false))


def _limit_length(member: Any, allowed: Range | None) -> ValueType:  # noqa: ANN401 (any member type)
    if not isinstance(member, ListType) or allowed is None:
        return frozenset({member})
    least = max(member.min_length, allowed[0])
    bounds = [bound for bound in (member.max_length, allowed[1]) if bound is not None]
    most = min(bounds) if bounds else None
    if most is not None and most < least:
        return frozenset()
    return frozenset({replace(member, min_length=least, max_length=most)})


_NARROWERS: dict[type[nodes.Node], Callable[[Evaluator, Any, Scope], Branches]] = {
    nodes.Not: _narrow_not,
    nodes.And: _narrow_and,
    nodes.Or: _narrow_or,
    nodes.Test: _narrow_test,
    nodes.Compare: _narrow_comparison,
}
