"""Find the branches in the syntax tree of a template, and put filters into it that note in which situations each prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes

from bundler.template_check.problem_log import format_expression
from bundler.template_preview.conditions_in_chinese import (
    Named,
    condition_sentence,
    loop_title,
    name_value,
    value_title,
)

REACHED_FILTER, ASKED_FILTER = "branch_reached", "branch_asked"
"""The filters that note that a branch prints, and whether its condition holds; both take the branch's number."""
_MOST_PRINTED = 60
"""Characters of what a branch prints that are shown."""
_MORE = "……"


@dataclass
class FoundBranch:
    """A branch of a syntax tree.

    Attributes:
        line: its line in the source.
        depth: how many branches it is inside of.
        sentence: when it prints, in Chinese.
        source: the condition as the template writes it; empty for an ``else``.
        prints: the beginning of what it prints, values by their titles.
        holds, fails: the situations in which it prints, and in which its condition was asked and does not hold.
    """

    line: int
    depth: int
    sentence: str
    source: str
    prints: str
    holds: dict[str, None] = field(default_factory=dict)
    fails: dict[str, None] = field(default_factory=dict)


def find_branches(tree: nodes.Template, view: type) -> list[FoundBranch]:
    """Return the branches in the order of the text; the tree gets the filters."""
    finder = _Finder(view)
    finder.visit(tree.body, {}, 0)
    return finder.found


@dataclass
class _Finder:
    view: type
    found: list[FoundBranch] = field(default_factory=list)

    def visit(self, body: Iterable[nodes.Node], scope: dict[str, Named], depth: int) -> None:
        """Visit statements; the scope gets the names that they set."""
        for node in list(body):
            visitor = _VISITORS.get(type(node))
            if visitor:
                visitor(self, node, scope, depth)

    def visit_if(self, node: nodes.If, scope: dict[str, Named], depth: int) -> None:
        """``if``, ``elif``, ``else``."""
        for branch in (node, *node.elif_):
            lead = "如果" if branch is node else "否则，如果"
            sentence = lead + condition_sentence(branch.test, self.view, scope)
            number = self._note(branch.lineno, depth, sentence, branch.test, self._printed(branch.body, scope))
            branch.test = _filtered(branch.test, ASKED_FILTER, number)
            self.visit(branch.body, scope, depth + 1)
        if node.else_:
            line = node.else_[0].lineno
            number = self._note(line, depth, "以上都不是的", None, self._printed(node.else_, scope))
            self.visit(node.else_, scope, depth + 1)
            node.else_.insert(0, _marker(number, line))

    def visit_for(self, node: nodes.For, scope: dict[str, Named], depth: int) -> None:
        """``for``: it holds where there is an entry."""
        value, inner = name_value(node.iter, self.view, scope), dict(scope)
        if isinstance(node.target, nodes.Name) and value:
            inner[node.target.name] = value.entry
        sentence = f"逐个印{value_title(node.iter, self.view, scope)}"
        number = self._note(node.lineno, depth, sentence, node.iter, self._printed(node.body, inner))
        self.visit(node.body, inner, depth + 1)
        node.body.insert(0, _marker(number, node.lineno))

    def visit_assignment(self, node: nodes.Assign, scope: dict[str, Named], depth: int) -> None:
        """``set`` with a value."""
        self._visit_choices(node.node, scope, depth)
        if isinstance(node.target, nodes.Name):
            scope[node.target.name] = name_value(node.node, self.view, scope) or Named(node.target.name, is_own=True)

    def visit_block_assignment(self, node: nodes.AssignBlock, scope: dict[str, Named], depth: int) -> None:
        """``set`` … ``endset``."""
        self.visit(node.body, scope, depth)
        if isinstance(node.target, nodes.Name):
            scope[node.target.name] = Named(node.target.name, is_own=True)

    def visit_macro(self, node: nodes.Macro, scope: dict[str, Named], depth: int) -> None:
        """``macro``."""
        self.visit(node.body, {**scope, **{one.name: Named(one.name, is_own=True) for one in node.args}}, depth)

    def visit_output(self, node: nodes.Output, scope: dict[str, Named], depth: int) -> None:
        """Text and ``{{ … }}``."""
        for child in node.nodes:
            self._visit_choices(child, scope, depth)

    def _visit_choices(self, node: nodes.Node, scope: dict[str, Named], depth: int) -> None:
        """Note the conditions within an expression, ``… if … else …``."""
        own = [node] if isinstance(node, nodes.CondExpr) else []
        for choice in (*own, *node.find_all(nodes.CondExpr)):
            sentence = "如果" + condition_sentence(choice.test, self.view, scope)
            number = self._note(choice.lineno, depth, sentence, choice.test, self._value(choice.expr1, scope))
            choice.test = _filtered(choice.test, ASKED_FILTER, number)

    def _note(self, line: int, depth: int, sentence: str, test: nodes.Node | None, prints: str) -> int:
        """Add a branch, and return its number."""
        source = format_expression(test) if test is not None else ""
        self.found.append(FoundBranch(line, depth, sentence, source, prints))
        return len(self.found) - 1

    def _printed(self, body: Sequence[nodes.Node], scope: dict[str, Named]) -> str:
        """The beginning of what statements print; a branch within them is left open."""
        text = "".join(self._statement(node, scope) for node in body).replace("\n", "").strip()
        while _MORE * 2 in text:
            text = text.replace(_MORE * 2, _MORE)
        return text if len(text) <= _MOST_PRINTED else text[:_MOST_PRINTED] + _MORE

    def _statement(self, node: nodes.Node, scope: dict[str, Named]) -> str:
        if isinstance(node, nodes.Output):
            return "".join(
                child.data if isinstance(child, nodes.TemplateData) else self._value(child, scope)
                for child in node.nodes
            )
        if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            return f"〔{node.target.name}〕是“{self._value(node.node, scope)}”"
        return _MORE if isinstance(node, nodes.If | nodes.For) else ""

    def _value(self, node: nodes.Node, scope: dict[str, Named]) -> str:
        """A value as its title in brackets; words of the template as they are."""
        if isinstance(node, nodes.Const):
            return str(node.value)
        if isinstance(node, nodes.Concat):
            return "".join(self._value(part, scope) for part in node.nodes)
        if isinstance(node, nodes.Or):
            return self._value(node.left, scope)
        if isinstance(node, nodes.CondExpr):
            return _MORE
        value = name_value(node, self.view, scope)
        if value is None and loop_title(node):
            return f"〔{loop_title(node)}〕"
        return f"〔{value.title if value else format_expression(node)}〕"


def _filtered(node: nodes.Node, name: str, number: int) -> nodes.Expr:
    """An expression that passes one of the filters."""
    assert isinstance(node, nodes.Expr)  # noqa: S101 (a condition is one)
    filtered = nodes.Filter(node, name, [nodes.Const(number)], [], None, None)
    filtered.set_lineno(node.lineno, override=True)
    return filtered


def _marker(number: int, line: int) -> nodes.Output:
    """A statement that prints nothing and notes that it was reached."""
    marker = nodes.Output([nodes.Filter(nodes.Const(number), REACHED_FILTER, [], [], None, None)])
    marker.set_lineno(line, override=True)
    return marker


_VISITORS: dict[type[nodes.Node], Callable[[_Finder, Any, dict[str, Named], int], None]] = {
    nodes.If: _Finder.visit_if,
    nodes.For: _Finder.visit_for,
    nodes.Assign: _Finder.visit_assignment,
    nodes.AssignBlock: _Finder.visit_block_assignment,
    nodes.Macro: _Finder.visit_macro,
    nodes.Output: _Finder.visit_output,
}
