"""Conditions that were changed in an otherwise unchanged place, asked together with those of the reference in every situation.

A condition turned round answers the opposite of the reference's wherever it is asked, even where no situation prints its words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from jinja2 import TemplateError, nodes, pass_context

from bundler.documents.jinja_environment import create_environment
from bundler.documents.views.record_fields import fields_by_name
from bundler.template_check.meaning.warning_kinds import CONDITION, MeaningWarning
from bundler.template_check.problem_log import format_expression
from bundler.template_check.tag_syntax import match_blocks, parse_tokens
from bundler.template_check.tokens import Part, Token

_COMPARE = "compared_with_reference"
_LONGEST = 40


@dataclass
class _Changed:
    """A condition of the part, and what stands in its place in the reference.

    Attributes:
        token: the tag.
        now, before: both as texts.
        answers: what each answered, wherever the new one was asked: (now, before).
    """

    token: Token
    now: str
    before: str
    answers: set[tuple[bool, bool]] = field(default_factory=set)

    @property
    def is_opposite(self) -> bool:
        """Whether they never agreed, or never held together although the reference's did."""
        agreed = any(now == before for now, before in self.answers)
        together = (True, True) in self.answers
        return bool(self.answers) and (not agreed or (not together and (False, True) in self.answers))


def find_opposite_conditions(part: Part, reference: Part, views: Sequence[object]) -> Iterator[MeaningWarning]:
    """Yield the conditions that answer the opposite of the reference's.

    Args:
        part: the part.
        reference: the same part of templates that are right.
        views: the values of each situation and of examples.
    """
    tokens, problems = match_blocks(part.tokens)
    old_tokens, old_problems = match_blocks(reference.tokens)
    tree, faults = parse_tokens(tokens, to_change=True)
    old_tree, old_faults = parse_tokens(old_tokens, to_change=True)
    if tree is None or old_tree is None or problems or old_problems or faults or old_faults:
        return  # the proof reports what cannot be parsed
    changed = _pair_conditions(tokens, old_tokens, tree, old_tree)
    if changed:
        _ask(tree, changed, views)
    for one in changed:
        if one.is_opposite:
            message = f"条件“{_shortened(one.now)}”和自带模板里的“{_shortened(one.before)}”在各种情形里正好相反"
            yield MeaningWarning(
                CONDITION, one.token.location, one.token.text, message, "看看条件是不是少了或者多了 not"
            )


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}……"


def _pair_conditions(
    tokens: Sequence[Token], old_tokens: Sequence[Token], tree: nodes.Template, old_tree: nodes.Template
) -> list[_Changed]:
    """Find the changed conditions of tags that stand in the same place; the tree gets filters that ask both."""
    now, before = _conditions_by_line(tree), _conditions_by_line(old_tree)
    found: list[_Changed] = []
    for line, old_line in _same_places(tokens, old_tokens):
        pairs = list(zip(now.get(line, []), before.get(old_line, []), strict=False))
        if len(now.get(line, [])) != len(before.get(old_line, [])):
            continue
        for holder, old_holder in pairs:
            texts = format_expression(holder.condition), format_expression(old_holder.condition)
            if texts[0] != texts[1]:
                number = nodes.Const(len(found))
                holder.condition = nodes.Filter(
                    holder.condition, _COMPARE, [number, old_holder.condition], [], None, None
                )
                found.append(_Changed(tokens[line - 1], *texts))
    return found


def _same_places(tokens: Sequence[Token], old_tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """The lines of tags that were changed one for one, in both versions; unchanged ones are left out."""
    now, before = ([token.source for token in one] for one in (tokens, old_tokens))
    for kind, start, end, old_start, old_end in SequenceMatcher(None, now, before, autojunk=False).get_opcodes():
        if kind == "replace" and end - start == old_end - old_start:
            for place in range(end - start):
                new, old = tokens[start + place], old_tokens[old_start + place]
                if new.is_tag and old.is_tag and new.keyword == old.keyword:
                    yield start + place + 1, old_start + place + 1


@dataclass(slots=True)
class _Holder:
    """A node that holds a condition, and the name of its attribute."""

    node: nodes.Node
    attribute: str

    @property
    def condition(self) -> nodes.Expr:
        """The condition."""
        found: nodes.Expr = getattr(self.node, self.attribute)
        return found

    @condition.setter
    def condition(self, value: nodes.Expr) -> None:
        value.set_lineno(self.node.lineno, override=True)
        setattr(self.node, self.attribute, value)


def _conditions_by_line(tree: nodes.Template) -> dict[int, list[_Holder]]:
    """The conditions of a syntax tree by line: of branches, of choices within expressions, and of boxes."""
    found: dict[int, list[_Holder]] = {}
    for node in tree.find_all((nodes.If, nodes.CondExpr)):
        found.setdefault(node.lineno, []).append(_Holder(node, "test"))
    for node in tree.find_all(nodes.Filter):
        if node.name == "box" and node.node is not None:
            found.setdefault(node.lineno, []).append(_Holder(node, "node"))
    return found


def _ask(tree: nodes.Template, changed: Sequence[_Changed], views: Sequence[object]) -> None:
    """Fill the part with every view; the filters note what both conditions answer."""
    environment = create_environment()

    @pass_context  # without the context, Jinja would call it once while it compiles the template
    def compared(_: object, value: object, number: int, before: object) -> object:
        changed[number].answers.add((bool(value), bool(before)))
        return value

    environment.filters[_COMPARE] = compared
    tree.set_environment(environment)
    try:
        template = environment.from_string(tree)
    except TemplateError:
        return
    for view in views:
        try:
            template.render(fields_by_name(view))
        except (TemplateError, TypeError, ValueError, KeyError, AttributeError):
            continue  # the trial reports what cannot be filled
