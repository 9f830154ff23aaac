"""Following one part of a template, statement by statement, through everything that it can print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from jinja2 import nodes

from bundler.template_check.contract import Contract
from bundler.template_check.inference import TypeInference
from bundler.template_check.narrowing import split
from bundler.template_check.printing import check_printable, shown
from bundler.template_check.problems import LineProblem, ProblemLog, nearest
from bundler.template_check.scope import EACH, Path, Scope, list_path, meet
from bundler.template_check.types import (
    TEXT,
    TEXT_OR_BLANK,
    UNKNOWN,
    AbsentType,
    ListType,
    Loop,
    MacroType,
    RecordType,
    UnknownType,
    ValueType,
    join,
    name_of,
    present,
)

_DEPTH = 8
"""So deep macros may call one another; one that calls itself never ends."""

_REFUSED: dict[type[nodes.Node], str] = {
    nodes.Include: "include",
    nodes.Extends: "extends",
    nodes.Import: "import",
    nodes.FromImport: "from … import",
    nodes.Block: "block",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter",
    nodes.With: "with",
    nodes.ScopedEvalContextModifier: "autoescape",
    nodes.ExprStmt: "do",
}


def follow(tree: nodes.Template, contract: Contract) -> tuple[LineProblem, ...]:
    """Every fault of a part, in the order of its lines."""
    follower = _Follower(contract)
    follower.walk(tree.body, contract.scope)
    follower.unused(tree)
    return tuple(sorted(follower.report.notes, key=lambda note: note.line))


class _Follower:
    """One walk through a part."""

    def __init__(self, contract: Contract) -> None:
        self.report = ProblemLog()
        self.values = TypeInference(contract, self.report, self.macro_call)
        self.depth = 0

    def walk(self, body: Sequence[nodes.Node], scope: Scope | None) -> Scope | None:
        """What is known after some statements."""
        for node in body:
            if scope is None:
                return None
            scope = _STATEMENTS.get(type(node), _Follower.refused)(self, node, scope)
        return scope

    def unused(self, tree: nodes.Template) -> None:
        """Names that are set and never taken: most often one of the two is misspelt."""
        found = list(tree.find_all((nodes.Name, nodes.Assign, nodes.AssignBlock)))
        taken = {node.name for node in found if isinstance(node, nodes.Name) and node.ctx == "load"}
        for statement in found:
            target = statement.target if isinstance(statement, nodes.Assign | nodes.AssignBlock) else None
            name = target.name if isinstance(target, nodes.Name) else ""
            if name and name not in taken:
                self.report.add(statement, f"设了“{name}”，后面没有用到", nearest(name, taken) or "删去")

    def refused(self, node: nodes.Node, scope: Scope) -> Scope:
        """A statement that no template may hold."""
        self.report.add(node, f"模板里不能用 {_REFUSED.get(type(node), '这种标记')}", "只用 if、for、set 和 macro")
        return scope

    def output(self, node: nodes.Output, scope: Scope) -> Scope:
        """What is printed."""
        for child in node.nodes:
            if not isinstance(child, nodes.TemplateData):
                check_printable(self.report, child, self.values.of(child, scope))
        return scope

    def branches(self, node: nodes.If, scope: Scope) -> Scope | None:
        """``if``, ``elif``, ``else``."""
        ends: list[Scope | None] = []
        rest: Scope | None = scope
        chain = [node, *node.elif_]
        for branch in chain:
            if rest is None:
                self.report.pointless(branch, f"“{shown(branch.test)}”这个分支永远轮不到", "删去，或者改前面的条件")
                continue
            yes, no = split(self.values, branch.test, rest)
            if yes is None:
                self.report.pointless(branch, f"条件“{shown(branch.test)}”永远不成立", "删去，或者改成要问的那一项")
            elif no is None and not (branch is chain[-1] and _ends_a_list(branch, node)):
                self.report.pointless(
                    branch, f"条件“{shown(branch.test)}”永远成立", "删去这个条件，或者改成要问的那一项"
                )
            ends.append(self.walk(branch.body, yes))
            rest = no
        ends.append(self.walk(node.else_, rest))
        return meet(ends)

    def loop(self, node: nodes.For, scope: Scope) -> Scope:
        """``for``: what is set inside is forgotten after it."""
        kinds = self.values.of(node.iter, scope)
        if not isinstance(node.target, nodes.Name) or node.recursive:
            self.report.add(node, "for 后面只写一个名称", "{% for one in … %}")
            return scope
        path = list_path(node.iter)
        origin: Path | None = None if path is None else (*scope.canonical(path), EACH)
        inside = scope.named(node.target.name, self.items(node.iter, kinds), origin)
        inside = inside.named("loop", frozenset({RecordType(Loop)}))
        chosen: Scope | None = inside
        if node.test is not None:
            chosen, _ = split(self.values, node.test, inside)
        self.walk(node.body, chosen)
        self.walk(node.else_, scope)
        return scope

    def items(self, node: nodes.Node, kinds: ValueType) -> ValueType:
        """What one entry of a list is."""
        name = shown(node)
        if AbsentType() in kinds:
            self.report.add(node, f"“{name}”可能没有，不能逐个取", f"先写 {{% if {name} %}}…{{% endif %}}")
        for kind in present(kinds):
            if not isinstance(kind, ListType | UnknownType):
                self.report.add(node, f"“{name}”是{name_of(kind)}，不是一列，不能逐个取", f"{{{{ {name} }}}}")
                return UNKNOWN
        listed = [kind for kind in kinds if isinstance(kind, ListType)]
        if listed and all(kind.most == 0 for kind in listed):
            self.report.pointless(node, f"“{name}”在这里一定是空的，这一段永远不印", "删去，或者改前面的条件")
        return join(kind.item for kind in listed) or UNKNOWN

    def assign(self, node: nodes.Assign, scope: Scope) -> Scope:
        """``set`` with a value."""
        kinds = self.values.of(node.node, scope)
        if not isinstance(node.target, nodes.Name):
            self.report.add(node, "set 一次只设一个名称", "{% set 名称 = … %}")
            return scope
        return scope.named(node.target.name, kinds)

    def assign_block(self, node: nodes.AssignBlock, scope: Scope) -> Scope | None:
        """``set`` … ``endset``: the text between them."""
        if not isinstance(node.target, nodes.Name) or node.filter is not None:
            self.report.add(node, "set … endset 只设一个名称，不带过滤器", "{% set 名称 %}…{% endset %}")
            return scope
        after = self.walk(node.body, scope)
        return after and after.named(node.target.name, TEXT if _has_words(node.body) else TEXT_OR_BLANK)

    def macro(self, node: nodes.Macro, scope: Scope) -> Scope:
        """``macro``: followed at once with parameters of which nothing is known, and at each call with what it gets."""
        defined = scope.named(node.name, frozenset({MacroType(node)}))
        inside = defined
        for parameter in node.args:
            inside = inside.named(parameter.name, UNKNOWN)
        self.walk(node.body, inside)
        return defined

    def macro_call(self, node: nodes.Call, macro: MacroType, scope: Scope) -> ValueType:
        """What a macro prints when it is called with these values."""
        given = self.arguments(node, macro.node, scope)
        if given is None:
            return UNKNOWN
        if self.depth >= _DEPTH:
            self.report.add(node, f"宏“{macro.node.name}”没有尽头地调用自己")
            return UNKNOWN
        inside = scope
        for name, kinds in given.items():
            inside = inside.named(name, kinds)
        self.depth += 1
        with self.report.one_call():
            self.walk(macro.node.body, inside)
        self.depth -= 1
        return TEXT if _has_words(macro.node.body) else TEXT_OR_BLANK

    def arguments(self, node: nodes.Call, macro: nodes.Macro, scope: Scope) -> dict[str, ValueType] | None:
        """The macro's parameters with what they get; None, and a fault, where they do not fit."""
        names = [parameter.name for parameter in macro.args]
        defaults = dict(zip(reversed(names), reversed(macro.defaults), strict=False))
        given = dict(zip(names, node.args, strict=False)) | {pair.key: pair.value for pair in node.kwargs}
        wrong = [name for name in given if name not in names]
        lacking = [name for name in names if name not in given and name not in defaults]
        if wrong or lacking or len(node.args) > len(names) or node.dyn_args or node.dyn_kwargs:
            self.report.add(node, f"宏“{macro.name}”的参数不对", f"{macro.name}({', '.join(names)})")
            return None
        return {name: self.values.of(value, scope) for name, value in {**defaults, **given}.items()}


def _ends_a_list(branch: nodes.If, chain: nodes.If) -> bool:
    """Whether a last ``elif`` names the last word that is left: that says more than ``else``."""
    return branch is not chain and not chain.else_ and isinstance(branch.test, nodes.Compare)


def _has_words(body: Sequence[nodes.Node]) -> bool:
    """Whether some words are printed whatever happens."""
    return any(
        isinstance(child, nodes.TemplateData) and child.data.strip()
        for node in body
        if isinstance(node, nodes.Output)
        for child in node.nodes
    )


_STATEMENTS: dict[type[nodes.Node], Callable[[_Follower, Any, Scope], Scope | None]] = {
    nodes.Output: _Follower.output,
    nodes.If: _Follower.branches,
    nodes.For: _Follower.loop,
    nodes.Assign: _Follower.assign,
    nodes.AssignBlock: _Follower.assign_block,
    nodes.Macro: _Follower.macro,
}
