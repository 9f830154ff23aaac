"""Type inference: the type of an expression of a template, and the problems in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from jinja2 import nodes

from bundler.template_check.filter_signatures import FILTERS
from bundler.template_check.name_hints import closest_name, suggest_field, suggest_path
from bundler.template_check.problem_log import ProblemLog, format_expression
from bundler.template_check.scope import ANY_ENTRY, Path, Scope, path_of
from bundler.template_check.template_contracts import Contract, bind_condition, mark_guaranteed
from bundler.template_check.type_narrowing import narrow
from bundler.template_check.type_use_checks import check_printable
from bundler.template_check.value_types import (
    BOOLEAN,
    LOOP_FIELDS,
    NUMBER,
    TEXT,
    TEXT_OR_BLANK,
    UNKNOWN,
    AbsentType,
    ListType,
    LiteralType,
    Loop,
    MacroType,
    MemberType,
    RecordType,
    UndefinedType,
    UnknownType,
    ValueType,
    can_be_absent,
    chinese_name,
    falsy,
    is_number,
    is_text,
    present_members,
    truthy,
    union_of,
)
from bundler.template_check.view_types import fields_of


@dataclass
class TypeInference:
    """Infers the types of expressions under one contract.

    Attributes:
        call_macro: returns the type of a macro call, and checks the macro's body with its arguments.
        assumes_guarantees: a guaranteed value is taken as present; so only while the condition of a guarantee is evaluated.
    """

    contract: Contract
    problems: ProblemLog
    call_macro: Callable[[nodes.Call, MacroType, Scope], ValueType]
    assumes_guarantees: bool = False

    def infer(self, node: nodes.Node, scope: Scope) -> ValueType:
        """Return the type of an expression, and report its problems."""
        handler = _HANDLERS.get(type(node))
        if handler is None:
            suggestion = "只用名称、属性、过滤器、比较、and、or、not 和 if … else"
            self.problems.add(node, "模板里不支持这种写法", suggestion)
            return UNKNOWN
        return handler(self, node, scope)

    def infer_quietly(self, node: nodes.Node, scope: Scope) -> ValueType:
        """Return the type of an expression without reporting problems, because they are reported elsewhere."""
        with self.problems.muted():
            return self.infer(node, scope)

    def apply_known(self, node: nodes.Node, value_type: ValueType, scope: Scope) -> ValueType:
        """Return a type after what is known of the value: conditions on its path, and the document's guarantees."""
        path = path_of(node)
        if path is None:
            return value_type
        return self._apply_guarantees(node, path, scope.narrowed.get(path, value_type), scope)

    def _apply_guarantees(self, node: nodes.Node, path: Path, value_type: ValueType, scope: Scope) -> ValueType:
        if not _needs_guarantee(value_type) or not isinstance(path[-1], str):
            return value_type
        *record, name = scope.view_path(path)
        for guarantee in self.contract.conditional:
            applies = name in guarantee.names and tuple(record) in {(guarantee.record,), (guarantee.record, ANY_ENTRY)}
            if applies and self._is_always_true(bind_condition(guarantee.condition, path[:-1], node.lineno), scope):
                return mark_guaranteed(value_type)
        return value_type

    def _is_always_true(self, condition: nodes.Expr, scope: Scope) -> bool:
        before, self.assumes_guarantees = self.assumes_guarantees, True
        try:
            return narrow(self, condition, scope, quiet=True)[1] is None
        finally:
            self.assumes_guarantees = before


def _needs_guarantee(value_type: ValueType) -> bool:
    """Whether a guarantee would make a difference: the value may be absent, or the list empty."""
    return any(
        member == AbsentType() or (isinstance(member, ListType) and not member.printed_length) for member in value_type
    )


def _infer_name(inference: TypeInference, node: nodes.Name, scope: Scope) -> ValueType:
    declared = scope.names.get(node.name)
    if declared is None:
        suggestion = _suggest_name(inference, node.name, scope)
        inference.problems.add(node, f"没有“{node.name}”这个名称", suggestion)
        return UNKNOWN
    value_type = inference.apply_known(node, declared, scope)
    if UndefinedType() in value_type:
        suggestion = f"在每一个分支里都写 set {node.name} = …"
        inference.problems.add(node, f"“{node.name}”在有的情况下没有定义", suggestion)
        return value_type - {UndefinedType()} or UNKNOWN
    return value_type


def _suggest_name(inference: TypeInference, wrong: str, scope: Scope) -> str:
    """Return how to write the value that a wrong name means: by a path or a Chinese title of the view, or by a similar name."""
    found = suggest_path(wrong, inference.contract.view) or closest_name(wrong, scope.names)
    return found or "bundler templates fields 列出可用的名称"


def _infer_attribute(inference: TypeInference, node: nodes.Getattr, scope: Scope) -> ValueType:
    base = inference.infer(node.node, scope)
    found = union_of(
        _attribute_of_member(inference, node, member) for member in base if not isinstance(member, AbsentType)
    )
    if can_be_absent(base):
        _report_absent(inference, node.node, f"取不到“{node.attr}”")
    return inference.apply_known(node, found or UNKNOWN, scope)


def _report_absent(inference: TypeInference, node: nodes.Node, consequence: str) -> None:
    name = format_expression(node)
    inference.problems.add(node, f"“{name}”可能没有，{consequence}", f"先写 {{% if {name} %}}…{{% endif %}}")


def _attribute_of_member(inference: TypeInference, node: nodes.Getattr, member: MemberType) -> ValueType:
    if isinstance(member, UnknownType):
        return UNKNOWN
    name = format_expression(node.node)
    if isinstance(member, RecordType):
        known = _attribute_types(member.type)
        if node.attr in known:
            return known[node.attr]
        suggestion = _suggest_attribute(node.attr, member.type, name) or "可用的有：" + "、".join(known)
        inference.problems.add(node, f"“{name}”没有“{node.attr}”这一项", suggestion)
        return UNKNOWN
    is_list = isinstance(member, ListType)
    suggestion = "逐个取：{% for … in … %}，或者取第一个：[0]" if is_list else "直接写名称，不加点"
    inference.problems.add(node, f"“{name}”是{chinese_name(member)}，没有“{node.attr}”这一项", suggestion)
    return UNKNOWN


def _suggest_attribute(wrong: str, record: type, name: str) -> str:
    if record is Loop:
        closest = closest_name(wrong, LOOP_FIELDS)
        return f"{name}.{closest}" if closest else ""
    return suggest_field(wrong, record, name)


def _attribute_types(record: type) -> dict[str, ValueType]:
    if record is Loop:
        return LOOP_FIELDS
    return {name: field.value_type for name, field in fields_of(record).items()}


def _infer_subscript(inference: TypeInference, node: nodes.Getitem, scope: Scope) -> ValueType:
    base = inference.infer(node.node, scope)
    if isinstance(node.arg, nodes.Slice):
        return union_of(_slice_of_member(inference, node, node.arg, member) for member in base)
    index = node.arg.value if isinstance(node.arg, nodes.Const) else None
    if type(index) is not int:
        inference.problems.add(node, "方括号里只能写数", "取属性用点：名称.属性")
        return UNKNOWN
    found = union_of(_entry_of_member(inference, node, member, index) for member in base)
    return inference.apply_known(node, found or UNKNOWN, scope)


def _entry_of_member(inference: TypeInference, node: nodes.Getitem, member: MemberType, index: int) -> ValueType:
    if isinstance(member, UnknownType):
        return UNKNOWN
    if member == AbsentType(guaranteed=True):
        return frozenset()
    name = format_expression(node.node)
    if not isinstance(member, ListType):
        inference.problems.add(node, f"“{name}”是{chinese_name(member)}，不是一列，不能用方括号取", name)
        return UNKNOWN
    needed = index + 1 if index >= 0 else -index
    if member.printed_length < needed:
        inference.problems.add(node, f"“{name}”可能不到{needed}个", f"先写 {{% if {name} %}}…{{% endif %}}")
    return member.item


def _slice_of_member(
    inference: TypeInference, node: nodes.Getitem, bounds: nodes.Slice, member: MemberType
) -> ValueType:
    if isinstance(member, UnknownType):
        return UNKNOWN
    if isinstance(member, AbsentType):
        if member == AbsentType():
            _report_absent(inference, node.node, "不能取其中几个")
        return frozenset()
    if not isinstance(member, ListType):
        message = f"“{format_expression(node.node)}”是{chinese_name(member)}，不是一列，不能用方括号取"
        inference.problems.add(node, message)
        return UNKNOWN
    numbers = [_slice_bound(inference, one) for one in (bounds.start, bounds.stop, bounds.step) if one is not None]
    stop = numbers[0] if bounds.start is None and bounds.step is None and bounds.stop is not None else 0
    return frozenset(
        {
            replace(
                member,
                min_length=min(member.min_length, stop),
                guaranteed_length=min(member.guaranteed_length, stop),
                max_length=None if member.max_length is None else min(member.max_length, stop or member.max_length),
            )
        }
    )


def _slice_bound(inference: TypeInference, node: nodes.Node) -> int:
    if isinstance(node, nodes.Const) and type(node.value) is int and node.value >= 0:
        return node.value
    inference.problems.add(node, "方括号里只能写数")
    return 0


def _infer_constant(inference: TypeInference, node: nodes.Const, scope: Scope) -> ValueType:
    del inference, scope
    if isinstance(node.value, str | int):
        return frozenset({LiteralType(node.value)})
    return frozenset({AbsentType()}) if node.value is None else UNKNOWN


def _infer_list(inference: TypeInference, node: nodes.List | nodes.Tuple, scope: Scope) -> ValueType:
    length = len(node.items)
    return frozenset({ListType(union_of(inference.infer(item, scope) for item in node.items), length, length)})


def _infer_filter(inference: TypeInference, node: nodes.Filter, scope: Scope) -> ValueType:
    problems = inference.problems
    if node.node is None:
        problems.add(node, "模板里不支持成段的 filter")
        return UNKNOWN
    argument = inference.infer(node.node, scope)
    signature = FILTERS.get(node.name)
    if signature is None:
        suggestion = closest_name(node.name, FILTERS) or "可用的有：" + "、".join(FILTERS)
        problems.add(node, f"没有“{node.name}”这个过滤器", suggestion)
        return UNKNOWN
    if node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
        problems.add(node, f"过滤器“{node.name}”后面不带括号", f"|{node.name}")
    if can_be_absent(argument) and not signature.accepts_absent:
        _report_absent(inference, node.node, f"不能直接用 |{node.name}")
    refused = [
        member
        for member in present_members(argument)
        if not signature.accepts(member) and not isinstance(member, UnknownType)
    ]
    if refused:
        name, found = format_expression(node.node), chinese_name(refused[0])
        message = f"过滤器“{node.name}”只用于{signature.accepted_name}，“{name}”是{found}"
        problems.add(node, message, _suggest_filters(refused[0]))
        return UNKNOWN
    if node.name == "box":
        _check_box_varies(inference, node.node, argument)
    return inference.apply_known(node, signature.result_type(argument), scope)


def _check_box_varies(inference: TypeInference, node: nodes.Node, value_type: ValueType) -> None:
    """A tick box that is always or never ticked is a mistake."""
    if not truthy(value_type) or not falsy(value_type):
        state = "永远选中" if truthy(value_type) else "永远不会选中"
        message = f"“{format_expression(node)}”这一格{state}"
        inference.problems.add_constant_condition(node, message, "写一个有时成立、有时不成立的条件")


_NEVER_SUGGESTED = frozenset({"box", "lines", "title"})
"""Filters for tick boxes and for the layout, with which a value is not printed."""


def _suggest_filters(member: MemberType) -> str:
    fitting = [f"|{name}" for name, one in FILTERS.items() if name not in _NEVER_SUGGESTED and one.accepts(member)]
    return "可以用 " + "、".join(fitting) if fitting else "直接写名称，不加过滤器"


def _infer_call(inference: TypeInference, node: nodes.Call, scope: Scope) -> ValueType:
    callee = inference.infer_quietly(node.node, scope)
    macro = next((member for member in callee if isinstance(member, MacroType)), None)
    if macro is None:
        name = format_expression(node.node)
        inference.problems.add(node, f"模板里不能调用“{name}(…)”，只能取值", name)
        return UNKNOWN
    return inference.call_macro(node, macro, scope)


def _infer_concatenation(inference: TypeInference, node: nodes.Concat, scope: Scope) -> ValueType:
    parts = [inference.infer(part, scope) for part in node.nodes]
    for part, value_type in zip(node.nodes, parts, strict=True):
        check_printable(inference.problems, part, value_type)
    blank = LiteralType("")
    return TEXT if any(blank not in value_type for value_type in parts) else TEXT_OR_BLANK


def _infer_arithmetic(inference: TypeInference, node: nodes.BinExpr, scope: Scope) -> ValueType:
    for side in (node.left, node.right):
        value_type = inference.infer(side, scope)
        if can_be_absent(value_type):
            _report_absent(inference, side, "不能计算")
        refused = [
            member
            for member in present_members(value_type)
            if not is_number(member) and not isinstance(member, UnknownType)
        ]
        if refused:
            message = f"“{format_expression(side)}”是{chinese_name(refused[0])}，不能计算"
            inference.problems.add(side, message, "连接文字用 ~" if is_text(refused[0]) else "")
    return NUMBER


def _infer_choice(inference: TypeInference, node: nodes.CondExpr, scope: Scope) -> ValueType:
    true, false = narrow(inference, node.test, scope)
    condition = format_expression(node.test)
    if true is None or false is None:
        state = "永远不成立" if true is None else "永远成立"
        inference.problems.add_constant_condition(node, f"条件“{condition}”{state}，另一半永远用不上")
    if node.expr2 is None:
        inference.problems.add(node, f"“… if {condition}”后面没有 else", "写明 else 时印什么：else ''")
    first = inference.infer(node.expr1, true) if true else frozenset()
    second = inference.infer(node.expr2, false) if false and node.expr2 is not None else frozenset()
    return first | second


def _infer_or(inference: TypeInference, node: nodes.Or, scope: Scope) -> ValueType:
    left, name = inference.infer(node.left, scope), format_expression(node.left)
    true, false = narrow(inference, node.left, scope, quiet=True)
    if false is None:
        inference.problems.add_constant_condition(node, f"“{name}”永远有值，“or”后面的用不上", name)
        return left
    if true is None:
        message = f"“{name}”永远没有值，只会用“or”后面的"
        inference.problems.add_constant_condition(node, message, format_expression(node.right))
    return inference.apply_known(node, truthy(left) | inference.infer(node.right, false), scope)


def _infer_and(inference: TypeInference, node: nodes.And, scope: Scope) -> ValueType:
    left = inference.infer(node.left, scope)
    true, false = narrow(inference, node.left, scope, quiet=True)
    if true is None or false is None:
        state = "永远不成立" if true is None else "永远成立"
        inference.problems.add_constant_condition(node, f"条件“{format_expression(node.left)}”{state}")
    return falsy(left) | (inference.infer(node.right, true) if true else frozenset())


def _infer_condition(inference: TypeInference, node: nodes.Expr, scope: Scope) -> ValueType:
    """A comparison, a test or a ``not``: true, false, or both."""
    branches = zip((True, False), narrow(inference, node, scope), strict=True)
    return frozenset(LiteralType(answer) for answer, branch in branches if branch is not None) or BOOLEAN


_HANDLERS: dict[type[nodes.Node], Callable[[TypeInference, Any, Scope], ValueType]] = {
    nodes.Name: _infer_name,
    nodes.Getattr: _infer_attribute,
    nodes.Getitem: _infer_subscript,
    nodes.Const: _infer_constant,
    nodes.List: _infer_list,
    nodes.Tuple: _infer_list,
    nodes.Filter: _infer_filter,
    nodes.Call: _infer_call,
    nodes.Concat: _infer_concatenation,
    nodes.Add: _infer_arithmetic,
    nodes.Sub: _infer_arithmetic,
    nodes.Mul: _infer_arithmetic,
    nodes.CondExpr: _infer_choice,
    nodes.Or: _infer_or,
    nodes.And: _infer_and,
    nodes.Not: _infer_condition,
    nodes.Compare: _infer_condition,
    nodes.Test: _infer_condition,
}
