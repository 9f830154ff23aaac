"""Say a condition of a template as a Chinese sentence, with the titles of the fields that it asks about."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes

from bundler.template_check.problem_log import format_expression
from bundler.template_check.value_types import (
    BOOLEAN,
    DateTimeType,
    DateType,
    ListType,
    RecordType,
    ValueType,
    present_members,
    union_of,
)
from bundler.template_check.view_types import fields_of

_TITLE_END = re.compile(r"[，；：]")
_SERVICES = {
    "acceptance_service": "受理告知书的送达",
    "reply_service": "答复意见书的送达",
    "explanation_service": "释明告知书的送达",
}
"""The Chinese words of the codes whose field has no list of words in its title."""
_LOOP_SENTENCES = {"first": "是第一个", "last": "是最后一个"}
_LOOP_TITLES = {"index": "这是第几个", "index0": "前面有几个", "revindex": "后面连它有几个", "length": "一共有几个"}
_COUNTS = {
    "gt": "多于{}个",
    "gteq": "不少于{}个",
    "lt": "少于{}个",
    "lteq": "不超过{}个",
    "eq": "正好{}个",
    "ne": "不是{}个",
}
_ORDERS = {"gt": "大于", "gteq": "不小于", "lt": "小于", "lteq": "不大于"}
_DAY_ORDERS = {"gt": "晚于", "gteq": "不早于", "lt": "早于", "lteq": "不晚于"}


@dataclass(frozen=True, slots=True)
class Named:
    """A value of a template.

    Attributes:
        title: its Chinese title.
        value_type: what it can be.
        labels: the Chinese words of its codes.
        is_own: the template itself made it; its title is its name.
    """

    title: str
    value_type: ValueType = frozenset()
    labels: Mapping[Any, str] = field(default_factory=dict)
    is_own: bool = False

    @property
    def entry(self) -> Named:
        """One entry of the list that it is."""
        lists = [member for member in self.value_type if isinstance(member, ListType)]
        return Named(self.title, union_of(member.item for member in lists), self.labels)


Scope = Mapping[str, Named]
"""The values that names stand for at a place of a template, besides those of the view."""


def name_value(node: nodes.Node, view: type, scope: Scope) -> Named | None:
    """Return the value that an expression shows; None where it is none of the view's."""
    if isinstance(node, nodes.Name):
        return scope.get(node.name) or _field(view, node.name, "")
    if isinstance(node, nodes.Getattr):
        base = name_value(node.node, view, scope)
        records = [member.type for member in base.value_type if isinstance(member, RecordType)] if base else []
        found = [_field(record, node.attr, base.title if base else "") for record in records]
        return next((one for one in found if one), None)
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        base = name_value(node.node, view, scope)
        return base and Named(f"第一个{base.title}" if node.arg.value == 0 else base.title, base.entry.value_type)
    if isinstance(node, nodes.Filter) and node.node is not None:
        base = name_value(node.node, view, scope)
        if base and node.name == "first":
            return Named(f"第一个{base.title}", base.entry.value_type, base.labels)
        return base
    return None


def _field(record: type, name: str, prefix: str) -> Named | None:
    found = fields_of(record).get(name) if hasattr(record, "__annotations__") else None
    if found is None:
        return None
    head = _TITLE_END.split(found.title)[0]
    words = found.title.partition("：")[2].split("；")[0].split("、")
    labels = dict(zip(found.literals, words, strict=False)) if len(words) == len(found.literals) else {}
    return Named(f"{prefix}·{head}" if prefix else head, found.value_type, labels)


def condition_sentence(node: nodes.Node, view: type, scope: Scope) -> str:
    """Return a condition as a Chinese sentence without a full stop."""
    return _Sentences(view, scope).say(node)


def value_title(node: nodes.Node, view: type, scope: Scope) -> str:
    """Return the title of a value in quotation marks; of one put together, the titles of its parts."""
    return _Sentences(view, scope).title(node)


@dataclass(frozen=True, slots=True)
class _Sentences:
    view: type
    scope: Scope

    def say(self, node: nodes.Node, *, negated: bool = False) -> str:
        """Say a condition, or its contrary."""
        handler = _HANDLERS.get(type(node))
        return handler(self, node, negated) if handler else self.say_value(node, negated)

    def title(self, node: nodes.Node) -> str:
        """A value that is compared or counted."""
        if isinstance(node, nodes.Filter) and node.name == "length" and node.node is not None:
            return f"{self.title(node.node)}的个数"
        found = name_value(node, self.view, self.scope)
        if found:
            return f"“{found.title}”" + ("（前面起的名称）" if found.is_own else "")
        if isinstance(node, nodes.Filter) and node.node is not None:
            return self.title(node.node)
        return self.title_of_parts(node)

    def title_of_parts(self, node: nodes.Node) -> str:
        """A constant, or a value that is put together."""
        if isinstance(node, nodes.Const):
            return f"“{node.value}”" if isinstance(node.value, str) else f"{node.value}"
        if isinstance(node, nodes.Add):
            return f"{self.title(node.left)}加{self.title(node.right)}"
        if isinstance(node, nodes.Concat):
            return "“" + "".join(self.title(part).strip("“”") for part in node.nodes) + "”"
        return _LOOP_TITLES.get(_loop_attribute(node), f"“{format_expression(node)}”")

    def say_value(self, node: Any, negated: bool) -> str:  # noqa: ANN401, FBT001 (any expression; the sentence turned round)
        """A value as a condition: it is there, or it is so."""
        loop = _loop_attribute(node)
        if loop in _LOOP_SENTENCES:
            return ("不" if negated else "") + _LOOP_SENTENCES[loop]
        found = name_value(node, self.view, self.scope)
        if found and found.value_type and found.value_type <= BOOLEAN:
            return f"“{found.title}”：{'否' if negated else '是'}"
        return f"{'没有' if negated else '有'}{self.title(node)}"

    def say_not(self, node: nodes.Not, negated: bool) -> str:  # noqa: FBT001
        return self.say(node.node, negated=not negated)

    def say_both(self, node: nodes.And | nodes.Or, negated: bool) -> str:  # noqa: FBT001
        """``and``, ``or``: the contrary of one is the other of the contraries."""
        joins_all = isinstance(node, nodes.And) != negated
        parts = [self.say(part, negated=negated) for part in (node.left, node.right)]
        mixed = nodes.Or if isinstance(node, nodes.And) else nodes.And
        shown = [
            f"（{said}）" if isinstance(part, mixed) else said
            for part, said in zip((node.left, node.right), parts, strict=True)
        ]
        return ("，并且" if joins_all else "，或者").join(shown)

    def say_test(self, node: nodes.Test, negated: bool) -> str:  # noqa: FBT001
        return f"{'有' if negated else '没有'}{self.title(node.node)}"

    def say_comparison(self, node: nodes.Compare, negated: bool) -> str:  # noqa: FBT001
        operator, right = node.ops[0].op, node.ops[0].expr
        if negated:
            operator = _CONTRARY[operator]
        counted = node.expr.node if isinstance(node.expr, nodes.Filter) and node.expr.name == "length" else None
        if counted is not None and operator in _COUNTS and isinstance(right, nodes.Const):
            return f"{self.title(counted)}{_COUNTS[operator].format(right.value)}"
        if isinstance(node.expr, nodes.Filter) and node.expr.name == "lines" and operator in _COUNTS:
            return f"{self.title(node.expr)}排成的行数{_ORDERS.get(operator, '是')}{self.title(right)}"
        if operator in {"eq", "ne"}:
            return f"{self.title(node.expr)}{'是' if operator == 'eq' else '不是'}{self.word(right, node.expr)}"
        if operator in {"in", "notin"}:
            return self.say_membership(node.expr, right, "" if operator == "in" else "不")
        found = name_value(node.expr, self.view, self.scope)
        is_day = found and any(isinstance(one, DateType | DateTimeType) for one in present_members(found.value_type))
        return f"{self.title(node.expr)}{(_DAY_ORDERS if is_day else _ORDERS)[operator]}{self.title(right)}"

    def say_membership(self, left: nodes.Node, right: nodes.Node, no: str) -> str:
        if isinstance(right, nodes.Tuple | nodes.List):
            words = "或者".join(self.word(item, left) for item in right.items)
            return f"{self.title(left)}{no}是{words}"
        return f"{self.title(right)}里{'没有' if no else '有'}{self.word(left, right)}"

    def word(self, node: nodes.Node, of: nodes.Node) -> str:
        """A code in Chinese, as the field that it is compared with names it."""
        if not isinstance(node, nodes.Const):
            return self.title(node)
        found = name_value(of, self.view, self.scope)
        label = found.labels.get(node.value) if found else None
        label = label or _SERVICES.get(str(node.value)) or str(node.value)
        return f"“{label}”" if isinstance(node.value, str) else label


_CONTRARY = {
    "eq": "ne",
    "ne": "eq",
    "gt": "lteq",
    "lteq": "gt",
    "lt": "gteq",
    "gteq": "lt",
    "in": "notin",
    "notin": "in",
}
_HANDLERS: dict[type[nodes.Node], Callable[[_Sentences, Any, bool], str]] = {
    nodes.Not: _Sentences.say_not,
    nodes.And: _Sentences.say_both,
    nodes.Or: _Sentences.say_both,
    nodes.Test: _Sentences.say_test,
    nodes.Compare: _Sentences.say_comparison,
}


def loop_title(node: nodes.Node) -> str:
    """What an attribute of Jinja's own ``loop`` counts, in Chinese; empty for any other expression."""
    return _LOOP_TITLES.get(_loop_attribute(node), "")


def _loop_attribute(node: nodes.Node) -> str:
    """The attribute of Jinja's own ``loop`` that an expression is; else empty."""
    is_loop = isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name == "loop"
    return node.attr if isinstance(node, nodes.Getattr) and is_loop else ""
