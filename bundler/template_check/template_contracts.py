"""The contract of each template: the names it may use, and which of them are guaranteed to have a value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property

from jinja2 import Environment, nodes

from bundler.cover_and_index.page_views import PAGE_TITLES, PAGE_VIEWS
from bundler.documents.definitions import DOCUMENTS
from bundler.documents.documents_with_own_view import BATCH_DOCUMENTS
from bundler.documents.find_document_by_name import document_titles
from bundler.documents.required_facts.shared_checks import ConditionalGuarantee
from bundler.reports.statistics_pdf import ReportView
from bundler.template_check.scope import Path, Scope
from bundler.template_check.value_types import AbsentType, ListType, MemberType, RecordType, ValueType, union_of
from bundler.template_check.view_types import fields_of

_RECORD = "one"
"""The name by which a condition refers to its record."""
_ENVIRONMENT = Environment()  # noqa: S701 (conditions are parsed, nothing is printed)


@dataclass(frozen=True)
class Contract:
    """The names that one template may use.

    Attributes:
        view: the record whose fields are the names.
        guaranteed: names that have a value, or entries, whenever the document is printed.
        conditional: the same under a condition.
    """

    view: type
    guaranteed: frozenset[str] = frozenset()
    conditional: tuple[ConditionalGuarantee, ...] = ()

    @cached_property
    def initial_scope(self) -> Scope:
        """The scope at the start of a template."""
        scope = Scope({name: field.value_type for name, field in fields_of(self.view).items()})
        for dotted in sorted(self.guaranteed):
            path: Path = tuple(dotted.split("."))
            scope = scope.narrow(path, mark_guaranteed(declared_type(self.view, path)))
        return scope


def declared_type(view: type, path: Path) -> ValueType:
    """Return the declared type of a dotted name of a view.

    Raises:
        KeyError: there is no such name.
    """
    value_type: ValueType = frozenset({RecordType(view)})
    for part in path:
        records = [member.type for member in value_type if isinstance(member, RecordType)]
        value_type = union_of(fields_of(record)[str(part)].value_type for record in records)
    return value_type


def mark_guaranteed(value_type: ValueType) -> ValueType:
    """Return the type of a value whose presence the document's requirements guarantee."""
    return frozenset(map(_mark_member, value_type))


def _mark_member(member: MemberType) -> MemberType:
    if isinstance(member, AbsentType):
        return AbsentType(guaranteed=True)
    return replace(member, guaranteed_length=1) if isinstance(member, ListType) else member


def contracts() -> dict[str, Contract]:
    """Return the contract of every template by its file, relative to the folder of templates."""
    return {
        **{f"{document}.docx": document_contract(document) for document in (*DOCUMENTS, *BATCH_DOCUMENTS)},
        **{f"pages/{page}.html": Contract(view) for page, view in {**PAGE_VIEWS, "report": ReportView}.items()},
    }


def document_contract(document: str) -> Contract:
    """Return the contract of a document's template."""
    definition = {**DOCUMENTS, **BATCH_DOCUMENTS}[document]
    requirements = definition.requirements
    return Contract(definition.view, requirements.guaranteed, requirements.conditional)


def template_titles() -> dict[str, str]:
    """Return the Chinese title of every document and page, by the name of its template without folder and ending."""
    return {**document_titles(), **PAGE_TITLES, "report": "汇总表"}


def title_of(template: str) -> str:
    """Return the Chinese title of a template's document or page; the file name of one that is not known."""
    return template_titles().get(template_code(template), template)


def template_code(template: str) -> str:
    """Return the name of a template's file without folder and ending."""
    return template.removeprefix("pages/").removesuffix(".docx").removesuffix(".html")


@cache
def bind_condition(condition: str, record: Path, line: int) -> nodes.Expr:
    """Parse the condition of a conditional guarantee, with ``one`` replaced by a record of the template.

    Args:
        condition: a Jinja expression about ``one``.
        record: the path of the record.
        line: the line number that the parsed expression gets.
    """
    output = _ENVIRONMENT.parse("{{ " + condition + " }}").body[0]
    assert isinstance(output, nodes.Output)  # noqa: S101 (it is one expression)
    holder = nodes.Output([output.nodes[0]])
    for name in [node for node in output.find_all(nodes.Name) if node.name == _RECORD]:
        _replace_node(holder, name, _path_expression(record))
    expression = holder.nodes[0]
    assert isinstance(expression, nodes.Expr)  # noqa: S101 (an output holds expressions)
    expression.set_lineno(line, override=True)
    return expression


def _path_expression(path: Path) -> nodes.Expr:
    expression: nodes.Expr = nodes.Name(str(path[0]), "load")
    for part in path[1:]:
        expression = (
            nodes.Getitem(expression, nodes.Const(part), "load")
            if isinstance(part, int)
            else nodes.Getattr(expression, part, "load")
        )
    return expression


def _replace_node(tree: nodes.Node, old: nodes.Node, new: nodes.Node) -> None:
    """Replace every occurrence of a node in a tree by another."""
    for field, value in list(tree.iter_fields()):
        if value is old:
            setattr(tree, field, new)
        elif isinstance(value, list):
            setattr(tree, field, [new if one is old else one for one in value])
    for child in tree.iter_child_nodes():
        if child is not new:
            _replace_node(child, old, new)
