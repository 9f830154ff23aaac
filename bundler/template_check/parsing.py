"""The pieces of a part as one source that Jinja's own parser reads, a piece to a line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jinja2 import TemplateSyntaxError, nodes

from bundler.documents.jinja_environment import sandbox
from bundler.template_check.tokens import PartProblem, Token

_ENVIRONMENT = sandbox()
_WHOLE = {"if": "{{% endif %}}", "for": "{{% endfor %}}", "macro": "{{% endmacro %}}"}
_FULL_WIDTH = dict(zip("（），｜＝．：；！＞＜～＋－［］　", "(),|=.:;!><~+-[] ", strict=True))
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def parsed(pieces: Sequence[Token]) -> tuple[nodes.Template | None, list[PartProblem]]:
    """The syntax tree, its line numbers those of the pieces; None, and the marks at fault, where there is none."""
    source = "\n".join(piece.source.replace("\n", " ") for piece in pieces)
    try:
        return _ENVIRONMENT.parse(source), []
    except TemplateSyntaxError as error:
        flaws = [_flaw(piece) for piece in pieces if piece.is_mark and not _reads(piece)]
        if not flaws:
            piece = pieces[min(error.lineno, len(pieces)) - 1]
            flaws = [_flaw(piece)]
        return None, flaws


def _reads(piece: Token) -> bool:
    """Whether a mark can be read by itself."""
    word, source = piece.word, piece.source
    if word == "elif":
        source, word = re.sub(r"\belif\b", "if", source, count=1), "if"
    if word.startswith("end") or word == "else":
        return re.fullmatch(r"\{%\s*\w+\s*%\}", source) is not None
    if word == "set" and "=" not in source:
        source += "{% endset %}"
    try:
        _ENVIRONMENT.parse(source + _WHOLE.get(word, "").format())
    except TemplateSyntaxError:
        return False
    return True


def _flaw(piece: Token) -> PartProblem:
    bare = _QUOTED.sub("", piece.source)
    wide = dict.fromkeys(mark for mark in bare if mark in _FULL_WIDTH)
    if wide:
        changes = "、".join(f"“{mark}”改成“{_FULL_WIDTH[mark]}”" for mark in wide)
        return PartProblem(piece.place, piece.text, "标记里有全角标点", f"把{changes}（半角）")
    return PartProblem(
        piece.place, piece.text, "标记写得不对", "检查括号、引号是否成对，名称和名称之间缺不缺 and、or、==、|、~"
    )
