"""What an expression of a template gives, and what is wrong with it on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from jinja2 import nodes

from bundler.template_check import narrowing
from bundler.template_check.contract import Contract, spared
from bundler.template_check.filters import FILTERS
from bundler.template_check.printing import check_printable, shown
from bundler.template_check.problems import ProblemLog, nearest
from bundler.template_check.scope import EACH, Path, Scope, path_of
from bundler.template_check.sureness import rooted
from bundler.template_check.types import (
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
    falsy,
    is_number,
    is_text,
    join,
    name_of,
    present,
    truthy,
)
from bundler.template_check.view_types import fields_of


@dataclass
class TypeInference:
    """Follows expressions through the types of one contract."""

    contract: Contract
    report: ProblemLog
    call: Callable[[nodes.Call, MacroType, Scope], ValueType]
    trusting: bool = False
    """What the needs see to is taken for granted, as it is only where one of them is asked for."""

    def of(self, node: nodes.Node, scope: Scope) -> ValueType:
        """What an expression can be; its faults are noted."""
        handler = _HANDLERS.get(type(node))
        if handler is None:
            self.report.add(node, "模板里不支持这种写法", "只用名称、属性、过滤器、比较、and、or、not 和 if … else")
            return UNKNOWN
        return handler(self, node, scope)

    def quietly(self, node: nodes.Node, scope: Scope) -> ValueType:
        """The same, without noting faults: they are noted elsewhere."""
        with self.report.muted():
            return self.of(node, scope)

    def settled(self, node: nodes.Node, kinds: ValueType, scope: Scope) -> ValueType:
        """A value after what is known of its path: conditions that were passed, needs that were met."""
        path = path_of(node)
        if path is None:
            return kinds
        kinds = scope.facts.get(path, kinds)
        return self._assured(node, path, kinds, scope)

    def _assured(self, node: nodes.Node, path: Path, kinds: ValueType, scope: Scope) -> ValueType:
        if not _could_be_assured(kinds) or not isinstance(path[-1], str):
            return kinds
        *of, name = scope.canonical(path)
        for sure in self.contract.sure:
            about = name in sure.names and tuple(of) in {(sure.of,), (sure.of, EACH)}
            if about and self._holds(rooted(sure.when, path[:-1], node.lineno), scope):
                return spared(kinds)
        return kinds

    def _holds(self, condition: nodes.Expr, scope: Scope) -> bool:
        before, self.trusting = self.trusting, True
        try:
            return narrowing.split(self, condition, scope, quiet=True)[1] is None
        finally:
            self.trusting = before


def _could_be_assured(kinds: ValueType) -> bool:
    return any(kind == AbsentType() or (isinstance(kind, ListType) and not kind.certain) for kind in kinds)


def _name(values: TypeInference, node: nodes.Name, scope: Scope) -> ValueType:
    kinds = scope.names.get(node.name)
    if kinds is None:
        values.report.add(node, f"没有“{node.name}”这个名称", _name_hint(values, node.name, scope))
        return UNKNOWN
    kinds = values.settled(node, kinds, scope)
    if UndefinedType() in kinds:
        values.report.add(node, f"“{node.name}”在有的情况下没有定义", f"在每一个分支里都写 set {node.name} = …")
        return join([kinds - {UndefinedType()}]) or UNKNOWN
    return kinds


def _name_hint(values: TypeInference, wrong: str, scope: Scope) -> str:
    """The record that has a field of that name, or the nearest name."""
    held = [
        f"{name}.{wrong}"
        for name, field_ in fields_of(values.contract.view).items()
        for kind in field_.kinds
        if isinstance(kind, RecordType) and wrong in fields_of(kind.type)
    ]
    return next(iter(held), nearest(wrong, scope.names) or "bundler templates fields 列出可用的名称")


def _attribute(values: TypeInference, node: nodes.Getattr, scope: Scope) -> ValueType:
    base = values.of(node.node, scope)
    found = join(_attribute_of(values, node, kind) for kind in base if not isinstance(kind, AbsentType))
    if can_be_absent(base):
        _lacking(values, node.node, f"取不到“{node.attr}”")
    return values.settled(node, found or UNKNOWN, scope)


def _lacking(values: TypeInference, node: nodes.Node, then: str) -> None:
    name = shown(node)
    values.report.add(node, f"“{name}”可能没有，{then}", f"先写 {{% if {name} %}}…{{% endif %}}")


def _attribute_of(values: TypeInference, node: nodes.Getattr, kind: MemberType) -> ValueType:
    if isinstance(kind, UnknownType):
        return UNKNOWN
    if isinstance(kind, RecordType):
        known = LOOP_FIELDS if kind.type is Loop else {n: f.kinds for n, f in fields_of(kind.type).items()}
        if node.attr in known:
            return known[node.attr]
        near = nearest(node.attr, known)
        choice = f"{shown(node.node)}.{near}" if near else "可用的有：" + "、".join(known)
        values.report.add(node, f"“{shown(node.node)}”没有“{node.attr}”这一项", choice)
        return UNKNOWN
    what = name_of(kind)
    values.report.add(node, f"“{shown(node.node)}”是{what}，没有“{node.attr}”这一项", _instead_of_attribute(kind))
    return UNKNOWN


def _instead_of_attribute(kind: MemberType) -> str:
    if isinstance(kind, ListType):
        return "逐个取：{% for … in … %}，或者取第一个：[0]"
    return "直接写名称，不加点"


def _item(values: TypeInference, node: nodes.Getitem, scope: Scope) -> ValueType:
    base = values.of(node.node, scope)
    if isinstance(node.arg, nodes.Slice):
        return join(_sliced(values, node, kind) for kind in base)
    number = node.arg.value if isinstance(node.arg, nodes.Const) else None
    if type(number) is not int:
        values.report.add(node, "方括号里只能写数", "取属性用点：名称.属性")
        return UNKNOWN
    found = join(_entry(values, node, kind, number) for kind in base)
    return values.settled(node, found or UNKNOWN, scope)


def _entry(values: TypeInference, node: nodes.Getitem, kind: MemberType, number: int) -> ValueType:
    if isinstance(kind, UnknownType) or kind == AbsentType(spared=True):
        return UNKNOWN if isinstance(kind, UnknownType) else frozenset()
    name = shown(node.node)
    if not isinstance(kind, ListType):
        values.report.add(node, f"“{name}”是{name_of(kind)}，不是一列，不能用方括号取", name)
        return UNKNOWN
    needed = number + 1 if number >= 0 else -number
    if kind.certain < needed:
        values.report.add(node, f"“{name}”可能不到{needed}个", f"先写 {{% if {name} %}}…{{% endif %}}")
    return kind.item


def _sliced(values: TypeInference, node: nodes.Getitem, kind: MemberType) -> ValueType:
    if isinstance(kind, UnknownType | AbsentType):
        if kind == AbsentType():
            _lacking(values, node.node, "不能取其中几个")
        return UNKNOWN if isinstance(kind, UnknownType) else frozenset()
    if not isinstance(kind, ListType):
        values.report.add(node, f"“{shown(node.node)}”是{name_of(kind)}，不是一列，不能用方括号取")
        return UNKNOWN
    cut = node.arg
    assert isinstance(cut, nodes.Slice)  # noqa: S101 (asked by the caller)
    bounds = [_whole_number(values, bound) for bound in (cut.start, cut.stop, cut.step) if bound is not None]
    stop = bounds[0] if cut.start is None and cut.step is None and cut.stop is not None else 0
    most = kind.most if kind.most is None else min(kind.most, stop or kind.most)
    return frozenset({replace(kind, least=min(kind.least, stop), sure=min(kind.sure, stop), most=most)})


def _whole_number(values: TypeInference, node: nodes.Node) -> int:
    if isinstance(node, nodes.Const) and type(node.value) is int and node.value >= 0:
        return node.value
    values.report.add(node, "方括号里只能写数")
    return 0


def _constant(values: TypeInference, node: nodes.Const, scope: Scope) -> ValueType:
    del values, scope
    if isinstance(node.value, str | int):
        return frozenset({LiteralType(node.value)})
    return frozenset({AbsentType()}) if node.value is None else UNKNOWN


def _list(values: TypeInference, node: nodes.List | nodes.Tuple, scope: Scope) -> ValueType:
    count = len(node.items)
    return frozenset({ListType(join(values.of(item, scope) for item in node.items), count, count)})


def _filter(values: TypeInference, node: nodes.Filter, scope: Scope) -> ValueType:
    if node.node is None:
        values.report.add(node, "模板里不支持成段的 filter")
        return UNKNOWN
    given = values.of(node.node, scope)
    promise = FILTERS.get(node.name)
    if promise is None:
        values.report.add(node, f"没有“{node.name}”这个过滤器", nearest(node.name, FILTERS) or _filter_names())
        return UNKNOWN
    if node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
        values.report.add(node, f"过滤器“{node.name}”后面不带括号", f"|{node.name}")
    if can_be_absent(given) and not promise.meets_none:
        _lacking(values, node.node, f"不能直接用 |{node.name}")
    wrong = [kind for kind in present(given) if not promise.takes(kind) and not isinstance(kind, UnknownType)]
    if wrong:
        message = f"过滤器“{node.name}”只用于{promise.wants}，“{shown(node.node)}”是{name_of(wrong[0])}"
        values.report.add(node, message, _fitting(wrong[0]))
        return UNKNOWN
    if node.name == "box":
        _can_be_both(values, node.node, given)
    return values.settled(node, promise.gives(given), scope)


def _can_be_both(values: TypeInference, node: nodes.Node, kinds: ValueType) -> None:
    if not truthy(kinds) or not falsy(kinds):
        state = "永远选中" if truthy(kinds) else "永远不会选中"
        values.report.pointless(node, f"“{shown(node)}”这一格{state}", "写一个有时成立、有时不成立的条件")


def _filter_names() -> str:
    return "可用的有：" + "、".join(FILTERS)


def _fitting(kind: MemberType) -> str:
    fitting = [f"|{name}" for name, promise in FILTERS.items() if name != "box" and promise.takes(kind)]
    return "可以用 " + "、".join(fitting) if fitting else "直接写名称，不加过滤器"


def _call(values: TypeInference, node: nodes.Call, scope: Scope) -> ValueType:
    called = values.quietly(node.node, scope)
    macro = next((kind for kind in called if isinstance(kind, MacroType)), None)
    if macro is None:
        values.report.add(node, f"模板里不能调用“{shown(node.node)}(…)”，只能取值", shown(node.node))
        return UNKNOWN
    return values.call(node, macro, scope)


def _concatenation(values: TypeInference, node: nodes.Concat, scope: Scope) -> ValueType:
    parts = [values.of(part, scope) for part in node.nodes]
    for part, kinds in zip(node.nodes, parts, strict=True):
        check_printable(values.report, part, kinds)
    solid = any(all(not isinstance(kind, LiteralType) or kind.value != "" for kind in kinds) for kinds in parts)
    return TEXT if solid else TEXT_OR_BLANK


def _arithmetic(values: TypeInference, node: nodes.BinExpr, scope: Scope) -> ValueType:
    for side in (node.left, node.right):
        kinds = values.of(side, scope)
        if can_be_absent(kinds):
            _lacking(values, side, "不能计算")
        wrong = [kind for kind in present(kinds) if not is_number(kind) and not isinstance(kind, UnknownType)]
        if wrong:
            hint = "连接文字用 ~" if is_text(wrong[0]) else ""
            values.report.add(side, f"“{shown(side)}”是{name_of(wrong[0])}，不能计算", hint)
    return NUMBER


def _choice(values: TypeInference, node: nodes.CondExpr, scope: Scope) -> ValueType:
    yes, no = narrowing.split(values, node.test, scope)
    if yes is None or no is None:
        state = "永远不成立" if yes is None else "永远成立"
        values.report.pointless(node, f"条件“{shown(node.test)}”{state}，另一半永远用不上")
    if node.expr2 is None:
        values.report.add(node, f"“… if {shown(node.test)}”后面没有 else", "写明 else 时印什么：else ''")
    first = values.of(node.expr1, yes) if yes else frozenset()
    second = values.of(node.expr2, no) if no and node.expr2 is not None else frozenset()
    return first | second


def _either(values: TypeInference, node: nodes.Or, scope: Scope) -> ValueType:
    left = values.of(node.left, scope)
    yes, no = narrowing.split(values, node.left, scope, quiet=True)
    if no is None:
        values.report.pointless(node, f"“{shown(node.left)}”永远有值，“or”后面的用不上", shown(node.left))
        return left
    if yes is None:
        values.report.pointless(node, f"“{shown(node.left)}”永远没有值，只会用“or”后面的", shown(node.right))
    return values.settled(node, truthy(left) | values.of(node.right, no), scope)


def _both(values: TypeInference, node: nodes.And, scope: Scope) -> ValueType:
    left = values.of(node.left, scope)
    yes, no = narrowing.split(values, node.left, scope, quiet=True)
    if yes is None or no is None:
        state = "永远不成立" if yes is None else "永远成立"
        values.report.pointless(node, f"条件“{shown(node.left)}”{state}")
    return falsy(left) | (values.of(node.right, yes) if yes else frozenset())


def _condition(values: TypeInference, node: nodes.Expr, scope: Scope) -> ValueType:
    """A comparison, a test or a ``not``: yes or no, or only one of them."""
    yes, no = narrowing.split(values, node, scope)
    return (
        frozenset({LiteralType(answer) for answer, side in ((True, yes), (False, no)) if side is not None}) or BOOLEAN
    )


_HANDLERS: dict[type[nodes.Node], Callable[[TypeInference, Any, Scope], ValueType]] = {
    nodes.Name: _name,
    nodes.Getattr: _attribute,
    nodes.Getitem: _item,
    nodes.Const: _constant,
    nodes.List: _list,
    nodes.Tuple: _list,
    nodes.Filter: _filter,
    nodes.Call: _call,
    nodes.Concat: _concatenation,
    nodes.Add: _arithmetic,
    nodes.Sub: _arithmetic,
    nodes.Mul: _arithmetic,
    nodes.CondExpr: _choice,
    nodes.Or: _either,
    nodes.And: _both,
    nodes.Not: _condition,
    nodes.Compare: _condition,
    nodes.Test: _condition,
}
