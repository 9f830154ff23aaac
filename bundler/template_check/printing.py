"""What can stand on paper as it is, and how an expression is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from jinja2 import nodes

from bundler.template_check.problems import ProblemLog
from bundler.template_check.types import (
    DateTimeType,
    DateType,
    ListType,
    LiteralType,
    MemberType,
    RecordType,
    UnknownType,
    ValueType,
    can_be_absent,
    is_number,
    is_text,
    name_of,
    present,
)

_CODE = re.compile(r"[a-z][a-z_-]+")
"""A word of an enumeration as programs write it; a court paper holds none."""


def check_printable(report: ProblemLog, node: nodes.Node, kinds: ValueType) -> None:
    """Note what cannot be printed: what may be absent, a bare date, a list, a record, a yes or no."""
    name = shown(node)
    if can_be_absent(kinds):
        report.add(node, f"“{name}”可能没有值", f"{{% if {name} %}}…{{% endif %}}，或者 {name} or ''")
    for kind in present(kinds):
        if not (is_text(kind) or is_number(kind) or isinstance(kind, UnknownType)):
            report.add(node, f"“{name}”是{name_of(kind)}，不能直接印", _instead(name, kind))
            return
        if isinstance(kind, LiteralType) and _CODE.fullmatch(str(kind.value)):
            report.add(
                node,
                f"“{name}”是代码（{kind.value}），不能直接印",
                f"{{% if {name} == '{kind.value}' %}}…{{% endif %}}",
            )
            return


def _instead(name: str, kind: MemberType) -> str:
    if isinstance(kind, DateType):
        return f"{name}|day"
    if isinstance(kind, DateTimeType):
        return f"{name}|moment"
    if isinstance(kind, ListType):
        return f"{name}|names" if all(map(is_text, kind.item)) else f"{{% for one in {name} %}}…{{% endfor %}}"
    if isinstance(kind, LiteralType):
        return f"({name})|box，或者 {{% if {name} %}}…{{% endif %}}"
    return f"写出取哪一项：{name}.…" if isinstance(kind, RecordType) else ""


def shown(node: nodes.Node) -> str:
    """An expression as a template writes it."""
    writer = _WRITERS.get(type(node))
    return writer(node) if writer else "…"


def _infix(sign: str) -> Callable[[Any], str]:
    return lambda node: f"{shown(node.left)} {sign} {shown(node.right)}"


_SIGNS = {"eq": "==", "ne": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<=", "in": "in", "notin": "not in"}


def _compare(node: nodes.Compare) -> str:
    return shown(node.expr) + "".join(f" {_SIGNS[part.op]} {shown(part.expr)}" for part in node.ops)


def _filter(node: nodes.Filter) -> str:
    inner = shown(node.node) if node.node else "…"
    return f"{inner if _is_simple(node.node) else f'({inner})'}|{node.name}"


def _is_simple(node: nodes.Node | None) -> bool:
    return isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem | nodes.Filter | nodes.Const)


def _list(node: nodes.List | nodes.Tuple) -> str:
    return f"({', '.join(map(shown, node.items))})"


_WRITERS: dict[type[nodes.Node], Callable[[Any], str]] = {
    nodes.Name: lambda node: node.name,
    nodes.Getattr: lambda node: f"{shown(node.node)}.{node.attr}",
    nodes.Getitem: lambda node: f"{shown(node.node)}[{shown(node.arg)}]",
    nodes.Slice: lambda node: f"{shown(node.start) if node.start else ''}:{shown(node.stop) if node.stop else ''}",
    nodes.Const: lambda node: repr(node.value),
    nodes.List: _list,
    nodes.Tuple: _list,
    nodes.Filter: _filter,
    nodes.Call: lambda node: f"{shown(node.node)}(…)",
    nodes.Concat: lambda node: " ~ ".join(map(shown, node.nodes)),
    nodes.Add: _infix("+"),
    nodes.Sub: _infix("-"),
    nodes.Mul: _infix("*"),
    nodes.And: _infix("and"),
    nodes.Or: _infix("or"),
    nodes.Not: lambda node: f"not {shown(node.node)}",
    nodes.Compare: _compare,
    nodes.Test: lambda node: f"{shown(node.node)} is {node.name}",
    nodes.CondExpr: lambda node: (
        f"{shown(node.expr1)} if {shown(node.test)} else {shown(node.expr2) if node.expr2 else '…'}"
    ),
}
