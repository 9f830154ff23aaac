"""Marks that open and close: each has its other half, in the same paragraph, table or row, and none cross."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bundler.template_check.problems import nearest
from bundler.template_check.tokens import PartProblem, Token

_OPENERS = ("if", "for", "macro", "call", "filter", "block", "with", "autoescape")
_MIDDLES = {"elif": ("if",), "else": ("if", "for")}
_SINGLE = ("set", "include", "extends", "import", "from", "do")
KNOWN = ("if", "elif", "else", "endif", "for", "endfor", "set", "endset", "macro", "endmacro")
_BLOCK_SET = re.compile(r"\{%\s*set\s+[^=]*%\}")


@dataclass
class _Matching:
    """The marks that are open, and what was found so far."""

    kept: list[Token] = field(default_factory=list)
    flaws: list[PartProblem] = field(default_factory=list)
    open: list[tuple[str, Token]] = field(default_factory=list)

    def note(self, piece: Token, message: str, suggestion: str = "") -> None:
        """Note a fault of one mark."""
        self.flaws.append(PartProblem(piece.place, piece.text, message, suggestion))

    def middle(self, piece: Token) -> None:
        """``elif`` or ``else``, of the innermost open mark."""
        if not self.open or self.open[-1][0] not in _MIDDLES[piece.word]:
            self.note(piece, f"“{piece.word}”前面没有开头的 if", "补上 {% if … %}，或者删去")
            return
        self.same_holder(self.open[-1][1], piece)
        self.kept.append(piece)

    def close(self, piece: Token) -> None:
        """``end…``: what was opened after its own opening was never closed."""
        name = piece.word.removeprefix("end")
        if name not in [opened for opened, _ in self.open]:
            self.note(piece, f"“{piece.word}”前面没有开头的 {name}", f"补上 {{% {name} … %}}，或者删去")
            return
        while self.open[-1][0] != name:
            self.unclosed(piece)
        _, opening = self.open.pop()
        self.same_holder(opening, piece)
        self.kept.append(piece)

    def unclosed(self, before: Token) -> None:
        """The innermost open mark has no other half: it is told where it began."""
        name, opening = self.open.pop()
        self.note(opening, f"“{name}”没有结尾", f"补上 {{% end{name} %}}，或者与别的标记交叉了，调整先后")
        self.kept.append(replace(before, source=f"{{% end{name} %}}"))

    def same_holder(self, opening: Token, piece: Token) -> None:
        """Both halves take the same with them and stand in the same paragraph, table or row."""
        if opening.level is not piece.level:
            levels = f"开头是{opening.level.value}，这里是{piece.level.value}"
            self.note(piece, f"“{piece.word}”和第{opening.place.number}段的开头写法不同：{levels}", "改成同一种写法")
        elif opening.holder != piece.holder:
            where = f"“{piece.word}”的开头在第{opening.place.number}段，不在同一段、同一格或者同一个表里"
            self.note(piece, where, "行内标记在同一段里开头结尾；跨段用 {%p，跨行用 {%tr")


def matched(pieces: Sequence[Token]) -> tuple[list[Token], list[PartProblem]]:
    """The pieces with every mark in its pair, so that the rest can be read, and the faults of those that were not."""
    matching = _Matching()
    for piece in pieces:
        _place(matching, piece)
    while matching.open:
        matching.unclosed(pieces[-1])
    return matching.kept, matching.flaws


def _place(matching: _Matching, piece: Token) -> None:
    word = piece.word
    if not piece.is_mark or not word:
        matching.kept.append(piece)
    elif word in _OPENERS or _BLOCK_SET.match(piece.source):
        matching.open.append((word, piece))
        matching.kept.append(piece)
    elif word in _MIDDLES:
        matching.middle(piece)
    elif word.startswith("end") and word[3:] in (*_OPENERS, "set"):
        matching.close(piece)
    elif word in _SINGLE:
        matching.kept.append(piece)
    elif word in {"raw", "endraw"}:
        matching.note(piece, "模板里不能用 raw", "删去这个标记")
    else:
        matching.note(piece, f"没有“{word}”这种标记", nearest(word, KNOWN) or "可用的有：" + "、".join(KNOWN))
