"""Branches of a condition that print nothing, or the same as another branch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jinja2 import nodes

from bundler.template_check.meaning.warning_kinds import EMPTY_BRANCH, SAME_BRANCH, MeaningWarning
from bundler.template_check.problem_log import format_expression
from bundler.template_check.tag_syntax import match_blocks, parse_tokens
from bundler.template_check.tokens import Part, TagLevel, Token

_LONGEST = 24


@dataclass
class _Branch:
    """A branch: its tag, the tokens in it, and the empty paragraphs in it."""

    opening: Token
    tokens: list[Token] = field(default_factory=list)
    blank_paragraphs: int = 0

    @property
    def signature(self) -> tuple[object, ...]:
        """What it prints: its tokens with the styles of its paragraphs."""
        own = self.opening.level is not TagLevel.TEXT
        return tuple(
            (token.location.style if own else "", " ".join(token.source.split()))
            for token in self.tokens
            if token.source.strip()
        )

    @property
    def prints(self) -> bool:
        """Whether anything is printed or set in it; a paragraph left empty on purpose is printed too."""
        return bool(self.blank_paragraphs) or any(
            token.source.strip("\n")
            if not token.is_tag
            else token.source.startswith(("{{", "{% set", "{% for", "{% if"))
            for token in self.tokens
        )


def find_branch_faults(part: Part) -> Iterator[MeaningWarning]:
    """Yield the branches of a part that print nothing or the same."""
    for chain in _chains(part.tokens):
        if chain[0].opening.keyword == "for":
            continue
        yield from _check_chain(chain)
    yield from _check_choices(part)


def _chains(tokens: Sequence[Token]) -> list[list[_Branch]]:
    """Every condition of a part as its branches."""
    finished: list[list[_Branch]] = []
    open_chains: list[list[_Branch]] = []
    previous: Token | None = None
    for token in tokens:
        if previous is not None and open_chains and previous.location is not token.location:
            blank = token.location.number - previous.location.number - 1
            is_same_file = previous.location.block_file == token.location.block_file
            open_chains[-1][-1].blank_paragraphs += max(blank, 0) if is_same_file else 0
        word = token.keyword if token.is_tag else ""
        if word in {"elif", "else"} and open_chains:
            open_chains[-1].append(_Branch(token))
        elif word in {"endif", "endfor"} and open_chains:
            finished.append(open_chains.pop())
        for chain in open_chains:
            if chain[-1].opening is not token:
                chain[-1].tokens.append(token)
        if word in {"if", "for"}:
            open_chains.append([_Branch(token)])
        previous = token
    return finished


def _check_chain(chain: Sequence[_Branch]) -> Iterator[MeaningWarning]:
    for place, branch in enumerate(chain):
        asks_whether_known = " is none" in branch.opening.source
        if not branch.prints and not asks_whether_known:
            which = f"条件“{_condition(branch)}”" if branch.opening.keyword != "else" else "“否则”（else）"
            message = f"{which}的分支里什么也不印"
            suggestion = "补上要印的字；确实不印的，删去这个分支，把条件改成反面（not …）"
            yield MeaningWarning(EMPTY_BRANCH, branch.opening.location, branch.opening.text, message, suggestion)
        same = chain[place - 1]
        if place and branch.prints and same.signature == branch.signature:
            which = f"“{_condition(branch)}”" if branch.opening.keyword != "else" else "“否则”（else）"
            message = f"{which}和“{_condition(same)}”两个分支印得一样：{_words(branch)}"
            suggestion = "改正其中一个；确实一样的，两个条件用 or 合成一个"
            yield MeaningWarning(SAME_BRANCH, branch.opening.location, branch.opening.text, message, suggestion)


def _condition(branch: _Branch) -> str:
    words = branch.opening.source.removeprefix("{%").removesuffix("%}").split()
    return " ".join(words[1:])


def _words(branch: _Branch) -> str:
    text = "".join(token.text for token in branch.tokens).strip()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _check_choices(part: Part) -> Iterator[MeaningWarning]:
    """``a if x else b`` with two sides that are the same."""
    tokens, _ = match_blocks(part.tokens)
    tree, _ = parse_tokens(tokens)
    for node in tree.find_all(nodes.CondExpr) if tree is not None else ():
        if node.expr2 is not None and repr(node.expr1) == repr(node.expr2):
            token = tokens[node.lineno - 1]
            message = f"“{format_expression(node.test)}”成立不成立，取的都是 {format_expression(node.expr1)}"
            yield MeaningWarning(SAME_BRANCH, token.location, token.text, message, "改正其中一个")
