"""The branches of a template: each condition in Chinese, what it prints, and in which situations it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import TemplateError as JinjaError
from jinja2 import nodes, pass_context

from bundler.documents.jinja_environment import create_environment, explain_error
from bundler.documents.shared_template_passages import load_blocks
from bundler.documents.views.record_fields import fields_by_name
from bundler.errors import TemplateError, describe_os_error
from bundler.profile import Profile
from bundler.template_check.read_template_parts import word_parts
from bundler.template_check.tag_syntax import match_blocks, parse_tokens
from bundler.template_check.template_contracts import document_contract
from bundler.template_check.tokens import BLOCKS_PART, Part, Token
from bundler.template_preview.branch_finder import ASKED_FILTER, REACHED_FILTER, FoundBranch, find_branches
from bundler.template_preview.draft_papers import ALL_DOCUMENTS, views_in_every_situation
from bundler.word.docx_package import PackageError


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch.

    Attributes:
        part: the Chinese name of the part of the file.
        paragraph: its number, from 1.
        depth: how many branches it is inside of.
        sentence: when it prints, in Chinese.
        source: the condition as the template writes it; empty for an ``else``.
        prints: the beginning of what it prints, values by their titles.
        holds: the situations in which it prints.
        fails: those in which it is asked and does not hold.
    """

    part: str
    paragraph: int
    depth: int
    sentence: str
    source: str
    prints: str
    holds: tuple[str, ...]
    fails: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        return {
            "part": self.part,
            "paragraph": self.paragraph,
            "condition": self.sentence,
            "source": self.source,
            "prints": self.prints,
            "holds": list(self.holds),
            "fails": list(self.fails),
        }


def list_branches(document_id: str, profile: Profile, templates: Path) -> tuple[Branch, ...]:
    """Return the branches of a paper's template in the order of its text.

    Raises:
        TemplateError: the template is missing or cannot be parsed or filled.
    """
    title, path = ALL_DOCUMENTS[document_id].title, templates / f"{document_id}.docx"
    try:
        parts = word_parts(path.read_bytes(), load_blocks(templates))
    except OSError as error:
        raise TemplateError(
            f"《{title}》的模板读不了：{describe_os_error(error)}。", fix="请检查 --templates 给出的文件夹。"
        ) from error
    except PackageError as error:
        raise TemplateError(f"《{title}》的模板{error.message}", fix=error.fix) from error
    view, views = document_contract(document_id).view, views_in_every_situation(document_id, profile)
    try:
        return tuple(branch for part in parts for branch in _branches_of(part, view, views))
    except (JinjaError, _UnparsedError) as error:
        reason = explain_error(error) if isinstance(error, JinjaError) else "标记没有写对"
        raise TemplateError(
            f"《{title}》的模板填不了：{reason}。", fix="请先运行 bundler templates check，改好以后再看。"
        ) from error


class _UnparsedError(Exception):
    """A part whose tags cannot be parsed."""


def _branches_of(part: Part, view: type, views: dict[str, object]) -> Iterator[Branch]:
    tokens, problems = match_blocks(part.tokens)
    tree, syntax_problems = parse_tokens(tokens, to_change=True)
    if tree is None or problems or syntax_problems:
        raise _UnparsedError
    found = find_branches(tree, view)
    if found:
        _fill(tree, found, views)
    for one in found:
        location = _token_at(tokens, one.line).location
        name = BLOCKS_PART if location.block_file else part.name
        yield Branch(
            name,
            location.number,
            one.depth,
            one.sentence,
            one.source,
            one.prints,
            tuple(one.holds),
            tuple(title for title in one.fails if title not in one.holds),
        )


def _token_at(tokens: Sequence[Token], line: int) -> Token:
    return tokens[min(line, len(tokens)) - 1]


def _fill(tree: nodes.Template, found: Sequence[FoundBranch], views: dict[str, object]) -> None:
    """Fill a part in every situation; its filters note which branches print."""
    environment = create_environment()
    situation = ""

    @pass_context  # without the context, Jinja would call them once while it compiles the template
    def reached(_: object, number: int) -> str:
        found[number].holds[situation] = None
        return ""

    @pass_context
    def asked(_: object, value: object, number: int) -> object:
        (found[number].holds if value else found[number].fails)[situation] = None
        return value

    environment.filters[REACHED_FILTER], environment.filters[ASKED_FILTER] = reached, asked
    tree.set_environment(environment)
    template = environment.from_string(tree)
    for situation, view in views.items():  # noqa: B007 (the filters read it)
        template.render(fields_by_name(view))
