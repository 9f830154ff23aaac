"""Syntax of a part: each opening tag has its closing tag, and Jinja's own parser reads the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from jinja2 import TemplateSyntaxError, nodes

from bundler.documents.jinja_environment import create_environment
from bundler.template_check.name_hints import closest_name
from bundler.template_check.syntax_hints import explain_syntax, misspelt_keyword
from bundler.template_check.tokens import PartProblem, Token

_ENVIRONMENT = create_environment()
_OPENERS = ("if", "for", "macro", "call", "filter", "block", "with", "autoescape")
_MIDDLES = {"elif": ("if",), "else": ("if", "for")}
_UNPAIRED = ("set", "include", "extends", "import", "from", "do")
_ALLOWED = ("if", "elif", "else", "endif", "for", "endfor", "set", "endset", "macro", "endmacro")
_BLOCK_SET = re.compile(r"\{%\s*set\s+[^=]*%\}")

_CLOSING_TAG = {"if": "{% endif %}", "for": "{% endfor %}", "macro": "{% endmacro %}"}


@dataclass
class _BlockMatcher:
    """Matches opening and closing tags.

    Attributes:
        kept: the tokens with every block closed.
        problems: what was wrong.
        open: the blocks that are open, innermost last, each with its name and its opening tag.
    """

    kept: list[Token] = field(default_factory=list)
    problems: list[PartProblem] = field(default_factory=list)
    open: list[tuple[str, Token]] = field(default_factory=list)

    def add(self, token: Token) -> None:
        """Take the next token of the part."""
        word = token.keyword
        if not token.is_tag or not word:
            self.kept.append(token)
        elif word in _OPENERS or _BLOCK_SET.match(token.source):
            self.open.append((word, token))
            self.kept.append(token)
        elif word in _MIDDLES:
            self._add_middle(token)
        elif word.startswith("end") and word[3:] in (*_OPENERS, "set"):
            self._add_closing(token)
        elif word in _UNPAIRED:
            self.kept.append(token)
        elif word in {"raw", "endraw"}:
            self._report(token, "模板里不能用 raw", "删去这个标记")
        else:
            suggestion = misspelt_keyword(word) or closest_name(word, _ALLOWED) or "可用的有：" + "、".join(_ALLOWED)
            self._report(token, f"没有“{word}”这种标记", suggestion)

    def close_innermost(self, before: Token) -> None:
        """Report the innermost open block as unclosed, and close it before a token."""
        name, opening = self.open.pop()
        self._report(opening, f"“{name}”没有结尾", f"补上 {{% end{name} %}}，或者与别的标记交叉了，调整先后")
        self.kept.append(replace(before, source=f"{{% end{name} %}}"))

    def _report(self, token: Token, message: str, suggestion: str = "") -> None:
        self.problems.append(PartProblem(token.location, token.text, message, suggestion))

    def _add_middle(self, token: Token) -> None:
        """``elif`` or ``else`` of the innermost open block."""
        if not self.open or self.open[-1][0] not in _MIDDLES[token.keyword]:
            self._report(token, f"“{token.keyword}”前面没有开头的 if", "补上 {% if … %}，或者删去")
            return
        self._check_same_container(self.open[-1][1], token)
        self.kept.append(token)

    def _add_closing(self, token: Token) -> None:
        """``end…``: blocks that were opened inside it and never closed are reported."""
        name = token.keyword.removeprefix("end")
        if name not in [opened for opened, _ in self.open]:
            self._report(token, f"“{token.keyword}”前面没有开头的 {name}", f"补上 {{% {name} … %}}，或者删去")
            return
        while self.open[-1][0] != name:
            self.close_innermost(token)
        _, opening = self.open.pop()
        self._check_same_container(opening, token)
        self.kept.append(token)

    def _check_same_container(self, opening: Token, token: Token) -> None:
        """Both tags of a block have the same level and stand in the same paragraph, cell or table."""
        if opening.level is not token.level:
            levels = f"开头是{opening.level.value}，这里是{token.level.value}"
            message = f"“{token.keyword}”和第{opening.location.number}段的开头写法不同：{levels}"
            self._report(token, message, "改成同一种写法")
        elif opening.container != token.container:
            message = f"“{token.keyword}”的开头在第{opening.location.number}段，不在同一段、同一格或者同一个表里"
            self._report(token, message, "行内标记在同一段里开头结尾；跨段用 {%p，跨行用 {%tr")


def match_blocks(tokens: Sequence[Token]) -> tuple[list[Token], list[PartProblem]]:
    """Return the tokens with every block closed, so that the rest can be parsed, and the problems of the blocks."""
    matcher = _BlockMatcher()
    for token in tokens:
        matcher.add(token)
    while matcher.open:
        matcher.close_innermost(tokens[-1])
    return matcher.kept, matcher.problems


def parse_tokens(
    tokens: Sequence[Token], *, to_change: bool = False
) -> tuple[nodes.Template | None, list[PartProblem]]:
    """Parse tokens, one a line, so that a line of the syntax tree is the number of a token.

    Args:
        tokens: of one part.
        to_change: whether the caller changes the tree; every other caller of the same tokens shares one.

    Returns:
        the syntax tree; or None, and the tags that cannot be parsed.
    """
    source = "\n".join(token.source.replace("\n", " ") for token in tokens)
    try:
        return (_ENVIRONMENT.parse(source) if to_change else _parse(source)), []
    except TemplateSyntaxError as error:
        problems = [_syntax_problem(token) for token in tokens if token.is_tag and not _is_parsable(token)]
        if not problems:
            token = tokens[min(error.lineno, len(tokens)) - 1]
            problems = [_syntax_problem(token)]
        return None, problems


@lru_cache(maxsize=256)
def _parse(source: str) -> nodes.Template:
    """Parse a part into the tree that the proof, the check of meaning and the preview share."""
    return _ENVIRONMENT.parse(source)


def _is_parsable(token: Token) -> bool:
    """Whether a tag can be parsed on its own."""
    word, source = token.keyword, token.source
    if word == "elif":
        source, word = re.sub(r"\belif\b", "if", source, count=1), "if"
    if word.startswith("end") or word == "else":
        return re.fullmatch(r"\{%\s*\w+\s*%\}", source) is not None
    if word == "set" and "=" not in source:
        source += "{% endset %}"
    try:
        _ENVIRONMENT.parse(source + _CLOSING_TAG.get(word, ""))
    except TemplateSyntaxError:
        return False
    return True


def _syntax_problem(token: Token) -> PartProblem:
    message, suggestion = explain_syntax(token.source, lambda source: _is_parsable(replace(token, source=source)))
    return PartProblem(token.location, token.text, message, suggestion)
