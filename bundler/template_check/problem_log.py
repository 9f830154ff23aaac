"""The log in which the type check records problems, and how a message writes a name or an expression."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A problem at a line of the Jinja source."""

    line: int
    message: str
    suggestion: str = ""


@dataclass
class ProblemLog:
    """The problems found so far, each once, in the order of finding."""

    problems: dict[LineProblem, None] = field(default_factory=dict)
    _muted: int = 0
    _calls: int = 0

    def add(self, node: nodes.Node, message: str, suggestion: str = "") -> None:
        """Record a problem, except while the log is muted."""
        if not self._muted:
            self.problems[LineProblem(node.lineno, message, suggestion)] = None

    def add_constant_condition(self, node: nodes.Node, message: str, suggestion: str = "") -> None:
        """Record a condition that never changes; within a macro call it may change with the next call, so it is skipped."""
        if not self._calls:
            self.add(node, message, suggestion)

    @contextmanager
    def macro_call(self) -> Iterator[None]:
        """Within this context, the body of a macro is checked with the arguments of one call."""
        self._calls += 1
        try:
            yield
        finally:
            self._calls -= 1

    @contextmanager
    def muted(self) -> Iterator[None]:
        """Within this context, nothing is recorded."""
        self._muted += 1
        try:
            yield
        finally:
            self._muted -= 1


def format_expression(node: nodes.Node) -> str:
    """Return an expression as a template writes it."""
    formatter = _FORMATTERS.get(type(node))
    return formatter(node) if formatter else "…"


def _binary(operator: str) -> Callable[[Any], str]:
    return lambda node: f"{format_expression(node.left)} {operator} {format_expression(node.right)}"


_OPERATORS = {"eq": "==", "ne": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<=", "in": "in", "notin": "not in"}


def _format_comparison(node: nodes.Compare) -> str:
    operands = (f" {_OPERATORS[part.op]} {format_expression(part.expr)}" for part in node.ops)
    return format_expression(node.expr) + "".join(operands)


def _format_filter(node: nodes.Filter) -> str:
    inner = format_expression(node.node) if node.node else "…"
    return f"{inner if _is_simple(node.node) else f'({inner})'}|{node.name}"


def _is_simple(node: nodes.Node | None) -> bool:
    return isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem | nodes.Filter | nodes.Const)


def _format_list(node: nodes.List | nodes.Tuple) -> str:
    return f"({', '.join(map(format_expression, node.items))})"


def _format_slice(node: nodes.Slice) -> str:
    start, stop = (format_expression(bound) if bound else "" for bound in (node.start, node.stop))
    return f"{start}:{stop}"


def _format_choice(node: nodes.CondExpr) -> str:
    otherwise = format_expression(node.expr2) if node.expr2 else "…"
    return f"{format_expression(node.expr1)} if {format_expression(node.test)} else {otherwise}"


_FORMATTERS: dict[type[nodes.Node], Callable[[Any], str]] = {
    nodes.Name: lambda node: node.name,
    nodes.Getattr: lambda node: f"{format_expression(node.node)}.{node.attr}",
    nodes.Getitem: lambda node: f"{format_expression(node.node)}[{format_expression(node.arg)}]",
    nodes.Slice: _format_slice,
    nodes.Const: lambda node: repr(node.value),
    nodes.List: _format_list,
    nodes.Tuple: _format_list,
    nodes.Filter: _format_filter,
    nodes.Call: lambda node: f"{format_expression(node.node)}(…)",
    nodes.Concat: lambda node: " ~ ".join(map(format_expression, node.nodes)),
    nodes.Add: _binary("+"),
    nodes.Sub: _binary("-"),
    nodes.Mul: _binary("*"),
    nodes.And: _binary("and"),
    nodes.Or: _binary("or"),
    nodes.Not: lambda node: f"not {format_expression(node.node)}",
    nodes.Compare: _format_comparison,
    nodes.Test: lambda node: f"{format_expression(node.node)} is {node.name}",
    nodes.CondExpr: _format_choice,
}
