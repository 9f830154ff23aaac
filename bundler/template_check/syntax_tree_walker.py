"""Walk the syntax tree of one part, statement by statement, and check everything that it can print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from jinja2 import nodes

from bundler.template_check.expression_types import TypeInference
from bundler.template_check.name_hints import closest_name
from bundler.template_check.problem_log import LineProblem, ProblemLog, format_expression
from bundler.template_check.scope import ANY_ENTRY, Path, Scope, list_path, merge_scopes
from bundler.template_check.template_contracts import Contract
from bundler.template_check.type_narrowing import narrow
from bundler.template_check.type_use_checks import check_printable
from bundler.template_check.value_types import (
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
    chinese_name,
    present_members,
    union_of,
)

_MAX_MACRO_DEPTH = 8
"""The depth of nested macro calls from which a macro counts as endlessly recursive."""

_FORBIDDEN: dict[type[nodes.Node], str] = {
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


def check_tree(tree: nodes.Template, contract: Contract) -> tuple[LineProblem, ...]:
    """Return the problems of a part, in the order of its lines."""
    walker = _Walker(contract)
    walker.walk(tree.body, contract.initial_scope)
    walker.report_unused_names(tree)
    return tuple(sorted(walker.problems.problems, key=lambda problem: problem.line))


class _Walker:
    """Visits the statements of a part in order; each visit returns the scope after the statement."""

    def __init__(self, contract: Contract) -> None:
        self.problems = ProblemLog()
        self.inference = TypeInference(contract, self.problems, self.visit_macro_call)
        self.macro_depth = 0

    def walk(self, body: Sequence[nodes.Node], scope: Scope | None) -> Scope | None:
        """Visit statements, and return the scope after them; None if they are unreachable."""
        for node in body:
            if scope is None:
                return None
            scope = _VISITORS.get(type(node), _Walker.visit_forbidden)(self, node, scope)
        return scope

    def report_unused_names(self, tree: nodes.Template) -> None:
        """Report names that are set and never used: most often one of the two is misspelt."""
        found = list(tree.find_all((nodes.Name, nodes.Assign, nodes.AssignBlock)))
        used = {node.name for node in found if isinstance(node, nodes.Name) and node.ctx == "load"}
        for statement in found:
            target = statement.target if isinstance(statement, nodes.Assign | nodes.AssignBlock) else None
            name = target.name if isinstance(target, nodes.Name) else ""
            if name and name not in used:
                self.problems.add(statement, f"设了“{name}”，后面没有用到", closest_name(name, used) or "删去")

    def visit_forbidden(self, node: nodes.Node, scope: Scope) -> Scope:
        """A statement that templates may not use."""
        message = f"模板里不能用 {_FORBIDDEN.get(type(node), '这种标记')}"
        self.problems.add(node, message, "只用 if、for、set 和 macro")
        return scope

    def visit_output(self, node: nodes.Output, scope: Scope) -> Scope:
        """Text and ``{{ … }}``."""
        for child in node.nodes:
            if not isinstance(child, nodes.TemplateData):
                check_printable(self.problems, child, self.inference.infer(child, scope))
        return scope

    def visit_if(self, node: nodes.If, scope: Scope) -> Scope | None:
        """``if``, ``elif``, ``else``."""
        ends: list[Scope | None] = []
        remaining: Scope | None = scope
        chain = [node, *node.elif_]
        for branch in chain:
            condition = format_expression(branch.test)
            if remaining is None:
                message = f"“{condition}”这个分支永远轮不到"
                self.problems.add_constant_condition(branch, message, "删去，或者改前面的条件")
                continue
            true, false = narrow(self.inference, branch.test, remaining)
            if true is None:
                message = f"条件“{condition}”永远不成立"
                self.problems.add_constant_condition(branch, message, "删去，或者改成要问的那一项")
            elif false is None and not (branch is chain[-1] and _names_last_word(branch, node)):
                message = f"条件“{condition}”永远成立"
                self.problems.add_constant_condition(branch, message, "删去这个条件，或者改成要问的那一项")
            ends.append(self.walk(branch.body, true))
            remaining = false
        ends.append(self.walk(node.else_, remaining))
        return merge_scopes(ends)

    def visit_for(self, node: nodes.For, scope: Scope) -> Scope:
        """``for``: names that are set inside the loop are unknown after it."""
        list_type = self.inference.infer(node.iter, scope)
        if not isinstance(node.target, nodes.Name) or node.recursive:
            self.problems.add(node, "for 后面只写一个名称", "{% for one in … %}")
            return scope
        path = list_path(node.iter)
        origin: Path | None = None if path is None else (*scope.view_path(path), ANY_ENTRY)
        inside = scope.assign(node.target.name, self.infer_entry(node.iter, list_type), origin)
        inside = inside.assign("loop", frozenset({RecordType(Loop)}))
        filtered: Scope | None = inside
        if node.test is not None:
            filtered, _ = narrow(self.inference, node.test, inside)
        self.walk(node.body, filtered)
        self.walk(node.else_, scope)
        return scope

    def infer_entry(self, node: nodes.Node, list_type: ValueType) -> ValueType:
        """Return the type of one entry of a list that a loop runs over."""
        name = format_expression(node)
        if AbsentType() in list_type:
            self.problems.add(node, f"“{name}”可能没有，不能逐个取", f"先写 {{% if {name} %}}…{{% endif %}}")
        for member in present_members(list_type):
            if not isinstance(member, ListType | UnknownType):
                message = f"“{name}”是{chinese_name(member)}，不是一列，不能逐个取"
                self.problems.add(node, message, f"{{{{ {name} }}}}")
                return UNKNOWN
        lists = [member for member in list_type if isinstance(member, ListType)]
        if lists and all(member.max_length == 0 for member in lists):
            message = f"“{name}”在这里一定是空的，这一段永远不印"
            self.problems.add_constant_condition(node, message, "删去，或者改前面的条件")
        return union_of(member.item for member in lists) or UNKNOWN

    def visit_assignment(self, node: nodes.Assign, scope: Scope) -> Scope:
        """``set`` with a value."""
        value_type = self.inference.infer(node.node, scope)
        if not isinstance(node.target, nodes.Name):
            self.problems.add(node, "set 一次只设一个名称", "{% set 名称 = … %}")
            return scope
        return scope.assign(node.target.name, value_type)

    def visit_block_assignment(self, node: nodes.AssignBlock, scope: Scope) -> Scope | None:
        """``set`` … ``endset``, which sets a name to the text between them."""
        if not isinstance(node.target, nodes.Name) or node.filter is not None:
            self.problems.add(node, "set … endset 只设一个名称，不带过滤器", "{% set 名称 %}…{% endset %}")
            return scope
        after = self.walk(node.body, scope)
        return after and after.assign(node.target.name, _printed_type(node.body))

    def visit_macro(self, node: nodes.Macro, scope: Scope) -> Scope:
        """``macro``: checked here with parameters of unknown type, and again with the arguments of each call."""
        defined = scope.assign(node.name, frozenset({MacroType(node)}))
        inside = defined
        for parameter in node.args:
            inside = inside.assign(parameter.name, UNKNOWN)
        self.walk(node.body, inside)
        return defined

    def visit_macro_call(self, node: nodes.Call, macro: MacroType, scope: Scope) -> ValueType:
        """Check a macro with the arguments of one call, and return the type of what it prints."""
        arguments = self.infer_arguments(node, macro.node, scope)
        if arguments is None:
            return UNKNOWN
        if self.macro_depth >= _MAX_MACRO_DEPTH:
            self.problems.add(node, f"宏“{macro.node.name}”没有尽头地调用自己")
            return UNKNOWN
        inside = scope
        for name, value_type in arguments.items():
            inside = inside.assign(name, value_type)
        self.macro_depth += 1
        with self.problems.macro_call():
            self.walk(macro.node.body, inside)
        self.macro_depth -= 1
        return _printed_type(macro.node.body)

    def infer_arguments(self, node: nodes.Call, macro: nodes.Macro, scope: Scope) -> dict[str, ValueType] | None:
        """Return the types of a macro's parameters in one call; None, and a problem, if the arguments do not fit."""
        names = [parameter.name for parameter in macro.args]
        defaults = dict(zip(reversed(names), reversed(macro.defaults), strict=False))
        arguments = dict(zip(names, node.args, strict=False)) | {pair.key: pair.value for pair in node.kwargs}
        unknown = [name for name in arguments if name not in names]
        missing = [name for name in names if name not in arguments and name not in defaults]
        if unknown or missing or len(node.args) > len(names) or node.dyn_args or node.dyn_kwargs:
            self.problems.add(node, f"宏“{macro.name}”的参数不对", f"{macro.name}({', '.join(names)})")
            return None
        return {name: self.inference.infer(value, scope) for name, value in {**defaults, **arguments}.items()}


def _names_last_word(branch: nodes.If, chain: nodes.If) -> bool:
    """Whether a last ``elif`` names the only word that is left of an enumeration, which reads better than ``else``."""
    return branch is not chain and not chain.else_ and isinstance(branch.test, nodes.Compare)


def _printed_type(body: Sequence[nodes.Node]) -> ValueType:
    """Return the type of the text that statements print: not blank if some text is printed unconditionally."""
    has_text = any(
        isinstance(child, nodes.TemplateData) and child.data.strip()
        for node in body
        if isinstance(node, nodes.Output)
        for child in node.nodes
    )
    return TEXT if has_text else TEXT_OR_BLANK


_VISITORS: dict[type[nodes.Node], Callable[[_Walker, Any, Scope], Scope | None]] = {
    nodes.Output: _Walker.visit_output,
    nodes.If: _Walker.visit_if,
    nodes.For: _Walker.visit_for,
    nodes.Assign: _Walker.visit_assignment,
    nodes.AssignBlock: _Walker.visit_block_assignment,
    nodes.Macro: _Walker.visit_macro,
}
