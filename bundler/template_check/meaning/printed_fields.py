"""Which field of the view a tag prints, loops and defaults followed, as a path such as ``cases.*.applicants``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from jinja2 import TemplateSyntaxError, nodes

from bundler.documents.jinja_environment import create_environment
from bundler.template_check.scope import ANY_ENTRY
from bundler.template_check.tokens import Token

_ENVIRONMENT = create_environment()
_LOOP = re.compile(r"\{%\s*for\s+(\w+)\s+in\s+([\w.]+)")
_SAME = {
    "addressees": "petitioners",
    "addressee_names": "petitioner_names",
    "own_cases": "cases",
    "own_case_numbers": "case_numbers",
}
"""Names that stand for the same people or cases."""
_PARTS_OF_NAME = (".name", ".title")


def printed_paths(tokens: Sequence[Token], names: frozenset[str]) -> list[tuple[str, ...]]:
    """Return, for each token, the paths of the fields that it prints; none for words, and for names that the template sets.

    Args:
        tokens: a part's tokens.
        names: the names of the view.
    """
    loops: dict[str, str] = {}
    found = []
    for token in tokens:
        loop = _LOOP.match(token.source) if token.is_tag else None
        if loop is not None:
            loops[loop[1]] = f"{_resolve(loop[2], loops)}.{ANY_ENTRY}"
        is_output = token.is_tag and token.source.startswith("{{")
        paths = [_resolve(one, loops) for one in _expression_paths(token.source)] if is_output else []
        found.append(tuple(canonical_path(one) for one in paths if one.partition(".")[0] in names))
    return found


def _resolve(path: str, loops: dict[str, str]) -> str:
    head, dot, rest = path.partition(".")
    return f"{loops[head]}{dot}{rest}" if head in loops else path


def canonical_path(path: str) -> str:
    """Return one path for those that stand for the same: of the petitioners and the addressees, of a person and his name."""
    head, dot, rest = path.partition(".")
    whole = f"{_SAME.get(head, head)}{dot}{rest}"
    for ending in _PARTS_OF_NAME:
        parent = whole.removesuffix(ending)
        if parent != whole and "." in parent and not parent.endswith(ANY_ENTRY):
            return parent
    return whole


@lru_cache(maxsize=4096)
def _expression_paths(source: str) -> tuple[str, ...]:
    try:
        tree = _ENVIRONMENT.parse(source)
    except TemplateSyntaxError:
        return ()
    return tuple(path for output in tree.find_all(nodes.Output) for node in output.nodes for path in _paths(node))


def _paths(node: nodes.Node | None) -> Iterator[str]:
    if isinstance(node, nodes.Name):
        yield node.name
    elif isinstance(node, nodes.Getattr):
        yield from (f"{path}.{node.attr}" for path in _paths(node.node))
    elif isinstance(node, nodes.Getitem):
        yield from (f"{path}.{ANY_ENTRY}" for path in _paths(node.node))
    elif isinstance(node, nodes.Filter) and node.name not in {"length", "box"}:
        ending = f".{ANY_ENTRY}" if node.name == "first" else ""
        yield from (f"{path}{ending}" for path in _paths(node.node))
    elif isinstance(node, nodes.Or):
        yield from _paths(node.left)
        yield from _paths(node.right)
    elif isinstance(node, nodes.CondExpr):
        yield from _paths(node.expr1)
        yield from _paths(node.expr2)
