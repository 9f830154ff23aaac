"""Checks of types against their use: can a value be printed, compared, ordered."""

from __future__ import annotations

import re

from jinja2 import nodes

from bundler.template_check.name_hints import closest_name
from bundler.template_check.problem_log import ProblemLog, format_expression
from bundler.template_check.value_types import (
    AbsentType,
    DateTimeType,
    DateType,
    ListType,
    LiteralType,
    MemberType,
    RecordType,
    UnknownType,
    ValueType,
    can_be_absent,
    chinese_name,
    is_number,
    is_text,
    literal_values,
    present_members,
)

_CODE = re.compile(r"[a-z][a-z_-]+")
"""An English code of an enumeration; none is printed on a court paper."""


def check_printable(problems: ProblemLog, node: nodes.Node, value_type: ValueType) -> None:
    """Report what cannot be printed: an optional value, a bare date, a list, a record, a boolean, a code."""
    name = format_expression(node)
    if can_be_absent(value_type):
        problems.add(node, f"“{name}”可能没有值", f"{{% if {name} %}}…{{% endif %}}，或者 {name} or ''")
    for member in present_members(value_type):
        if not (is_text(member) or is_number(member) or isinstance(member, UnknownType)):
            problems.add(node, f"“{name}”是{chinese_name(member)}，不能直接印", _suggest_printable(name, member))
            return
        if isinstance(member, LiteralType) and _CODE.fullmatch(str(member.value)):
            problems.add(
                node,
                f"“{name}”是代码（{member.value}），不能直接印",
                f"{{% if {name} == '{member.value}' %}}…{{% endif %}}",
            )
            return


def _suggest_printable(name: str, member: MemberType) -> str:
    if isinstance(member, DateType):
        return f"{name}|day"
    if isinstance(member, DateTimeType):
        return f"{name}|moment"
    if isinstance(member, ListType):
        return f"{name}|names" if all(map(is_text, member.item)) else f"{{% for one in {name} %}}…{{% endfor %}}"
    if isinstance(member, LiteralType):
        return f"({name})|box，或者 {{% if {name} %}}…{{% endif %}}"
    return f"写出取哪一项：{name}.…" if isinstance(member, RecordType) else ""


def constant_value(node: nodes.Node) -> str | int | bool | None:
    """Return the value of a text or integer constant; None for any other expression."""
    value = node.value if isinstance(node, nodes.Const) else None
    return value if isinstance(value, str | int) else None


def check_literal(
    problems: ProblemLog,
    node: nodes.Node,
    value_type: ValueType,
    literal: str | int | bool,  # noqa: FBT001 (a constant of the template)
) -> bool:
    """Whether a value can equal a constant; a problem is reported if it never can."""
    known = literal_values(value_type)
    if known is not None:
        if literal in known and any(type(literal) is type(one) for one in known):
            return True
        message = f"“{format_expression(node)}”永远不会是 {literal!r}"
        closest = closest_name(str(literal), map(str, known))
        problems.add(node, message, f"'{closest}'" if closest else "可用的有：" + "、".join(map(repr, known)))
        return False
    return check_comparable(problems, node, value_type, frozenset({LiteralType(literal)}))


def check_comparable(problems: ProblemLog, node: nodes.Node, left: ValueType, right: ValueType) -> bool:
    """Whether two values can be equal by their types; a problem is reported if they never can."""
    left_classes, right_classes = _comparison_classes(left), _comparison_classes(right)
    if not left_classes or not right_classes or "" in left_classes | right_classes or left_classes & right_classes:
        return True
    one, other = next(iter(present_members(left))), next(iter(present_members(right)))
    problems.add(node, f"“{format_expression(node)}”是{chinese_name(one)}，不能和{chinese_name(other)}比较")
    return False


def is_ordered(left: ValueType, right: ValueType) -> bool:
    """Whether ``<`` is defined between two values."""
    classes = _comparison_classes(left) | _comparison_classes(right)
    return "" in classes or (len(classes) == 1 and classes <= {"number", "date", "datetime"})


def _comparison_classes(value_type: ValueType) -> set[str]:
    return {_comparison_class(member) for member in value_type if not isinstance(member, AbsentType)}


def _comparison_class(member: MemberType) -> str:
    """Return a label shared by types that can be equal; empty for the unknown type, which compares with all."""
    if isinstance(member, UnknownType):
        return ""
    if is_text(member):
        return "text"
    if is_number(member):
        return "number"
    comparable = {DateType: "date", DateTimeType: "datetime", LiteralType: "boolean"}
    return comparable.get(type(member), f"{type(member).__name__}, not comparable")
