"""Where each value that a template prints comes from, as the Chinese name of its field: for the proof-reader's view.

A value is followed from the place where it is printed, through loops and names that the template sets, to the fields of the
view, each of which has a Chinese title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, is_dataclass
from functools import cache
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from jinja2 import nodes
from markupsafe import Markup

from bundler.word.value_source_marks import mark_value

FILTER = "value_source"
"""The filter that marks a value; it takes the number of its expression."""
_EXPRESSION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_TITLE_END = re.compile("[，；：（]")
_MOST_TITLES = 3
"""A value of more fields is named by the first ones."""

Path = tuple[str, ...]
Scope = Mapping[str, tuple[Path, ...]]


@dataclass(slots=True)
class ValueSources:
    """The sources of the values of one filling.

    Attributes:
        view: the type of the view.
        labels: the label of each expression by its number, once `read` has looked through the template.
    """

    view: type
    labels: dict[int, str] = field(default_factory=dict)
    _count: int = 0

    def number(self, source: str) -> str:
        """A template's text in which each printed expression passes the filter, with a number of its own."""

        def wrap(match: re.Match[str]) -> str:
            self._count += 1
            return f"{{{{ ({match[1].strip()})|{FILTER}({self._count}) }}}}"

        return _EXPRESSION.sub(wrap, source)

    def read(self, tree: nodes.Template) -> None:
        """Follow the numbered expressions of a parsed template to their fields."""
        self._visit(tree.body, {})

    def mark(self, value: object, number: int) -> object:
        """A printed value with the label of its source; one of the template's own words stays as it is."""
        label = self.labels.get(number, "")
        if not label or not isinstance(value, str | int) or isinstance(value, bool):
            return value
        text = value if isinstance(value, str) else str(value)
        marked = mark_value(str(text), label)
        return Markup(marked) if isinstance(value, Markup) else marked  # noqa: S704 (escaped before; the label is ours)

    def _visit(self, body: Iterable[nodes.Node], scope: dict[str, tuple[Path, ...]]) -> tuple[Path, ...]:
        """Visit statements; returns the fields that they print."""
        printed: list[Path] = []
        for node in body:
            if isinstance(node, nodes.Output):
                printed += (path for part in node.nodes for path in self._visit_printed(part, scope))
            elif isinstance(node, nodes.For):
                inner = {**scope, **_named(node.target, self._paths(node.iter, scope))}
                printed += self._visit(node.body, inner)
            elif isinstance(node, nodes.Assign):
                for name, paths in _named(node.target, self._paths(node.node, scope)).items():
                    scope[name] = tuple(dict.fromkeys((*scope.get(name, ()), *paths)))
            elif isinstance(node, nodes.AssignBlock):
                # Its values are marked where they stand in it; the words between them are the template's.
                self._visit(node.body, scope)
                scope.update(_named(node.target, ()))
            elif isinstance(node, nodes.If):
                for branch in (node.body, *(one.body for one in node.elif_), node.else_):
                    printed += self._visit(branch, scope)
        return tuple(dict.fromkeys(printed))

    def _visit_printed(self, node: nodes.Node, scope: Scope) -> tuple[Path, ...]:
        """Note the fields of a printed expression under its number."""
        paths = self._paths(node, scope)
        if isinstance(node, nodes.Filter) and node.name == FILTER and isinstance(node.args[0], nodes.Const):
            self.labels[int(node.args[0].value)] = self._describe(paths)
        return paths

    def _paths(self, node: nodes.Node | None, scope: Scope) -> tuple[Path, ...]:
        """The fields whose values an expression shows; a condition within it shows nothing."""
        if isinstance(node, nodes.Name):
            return scope.get(node.name, ((node.name,),))
        if isinstance(node, nodes.Getattr):
            return tuple((*path, node.attr) for path in self._paths(node.node, scope))
        if isinstance(node, nodes.Filter) and node.name == "box" and isinstance(node.node, nodes.Node):
            chains = (one for one in node.node.find_all(nodes.Getattr) if one.ctx == "load")
            names = (one for one in node.node.find_all(nodes.Name) if one.ctx == "load")
            found = [path for one in (*chains, *names) for path in self._paths(one, scope)]
            return tuple(path for path in found if not any(path == other[: len(path)] != other for other in found))
        if isinstance(node, nodes.Filter | nodes.Getitem):
            return self._paths(node.node, scope)
        parts: Iterable[nodes.Node | None] = ()
        if isinstance(node, nodes.CondExpr):
            parts = (node.expr1, node.expr2)
        elif isinstance(node, nodes.Or | nodes.And | nodes.Add):
            parts = (node.left, node.right)
        elif isinstance(node, nodes.Concat):
            parts = node.nodes
        return tuple(dict.fromkeys(path for part in parts for path in self._paths(part, scope)))

    def _describe(self, paths: Iterable[Path]) -> str:
        titles = [title for title in dict.fromkeys(self._title(path) for path in paths) if title]
        return "、".join(titles[:_MOST_TITLES]) + ("等" if len(titles) > _MOST_TITLES else "")

    def _title(self, path: Path) -> str:
        """The titles along a path, such as 交办·通知名称; empty for a name that is none of the view's."""
        titles: list[str] = []
        records: list[type] = [self.view]
        for name in path:
            hints = next((found for one in records if name in (found := _hints(one))), None)
            if hints is None:
                return ""
            title, annotation = _split_title(hints[name])
            titles.append(_TITLE_END.split(title)[0])
            records = _records(annotation)
        return "·".join(titles)


def _named(target: nodes.Node, paths: tuple[Path, ...]) -> dict[str, tuple[Path, ...]]:
    """The name that a loop or a ``set`` gives, with the fields that it stands for."""
    return {target.name: paths} if isinstance(target, nodes.Name) else {}


@cache
def _hints(record: type) -> dict[str, Any]:
    return get_type_hints(record, include_extras=True)


def _split_title(annotation: Any) -> tuple[str, Any]:  # noqa: ANN401 (a type annotation)
    if get_origin(annotation) is Annotated:
        inner, *notes = get_args(annotation)
        return next((note for note in notes if isinstance(note, str)), ""), inner
    return "", annotation


def _records(annotation: Any) -> list[type]:  # noqa: ANN401 (a type annotation)
    """The records that an annotation contains: its own, an optional one, or those in a tuple."""
    if isinstance(annotation, type) and is_dataclass(annotation):
        return [annotation]
    return [found for part in get_args(annotation) if part not in {NoneType, ...} for found in _records(part)]
