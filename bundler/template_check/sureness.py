"""The condition under which a document's needs assure a name, asked of one record of a template."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, nodes

from bundler.template_check.scope import Path

ONE = "one"
"""What a condition calls the record that it is about."""
_ENVIRONMENT = Environment()  # noqa: S701 (conditions are parsed, nothing is printed)


@cache
def rooted(condition: str, record: Path, line: int) -> nodes.Expr:
    """The condition, its ``one`` taken as the record at a path."""
    output = _ENVIRONMENT.parse("{{ " + condition + " }}").body[0]
    assert isinstance(output, nodes.Output)  # noqa: S101 (it is one expression)
    holder = nodes.Output([output.nodes[0]])
    for name in [node for node in output.find_all(nodes.Name) if node.name == ONE]:
        _replace(holder, name, _at(record))
    expression = holder.nodes[0]
    assert isinstance(expression, nodes.Expr)  # noqa: S101 (an output holds expressions)
    expression.set_lineno(line, override=True)
    return expression


def _at(path: Path) -> nodes.Expr:
    place: nodes.Expr = nodes.Name(str(path[0]), "load")
    for part in path[1:]:
        place = (
            nodes.Getitem(place, nodes.Const(part), "load")
            if isinstance(part, int)
            else nodes.Getattr(place, part, "load")
        )
    return place


def _replace(tree: nodes.Node, old: nodes.Node, new: nodes.Node) -> None:
    """Put one node in another's place, wherever it stands below a tree."""
    for field, value in list(tree.iter_fields()):
        if value is old:
            setattr(tree, field, new)
        elif isinstance(value, list):
            setattr(tree, field, [new if one is old else one for one in value])
    for child in tree.iter_child_nodes():
        if child is not new:
            _replace(child, old, new)
