"""One part of a template: its pieces, ready to be followed, and what was wrong with them already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bundler.template_check.contract import Contract
from bundler.template_check.parsing import parsed
from bundler.template_check.syntax import matched
from bundler.template_check.tokens import PartProblem, Token
from bundler.template_check.walker import follow


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a template: body, header, footer, notes, properties, or a page.

    Attributes:
        name: what people call it.
        pieces: its words and marks, in order.
        flaws: what is wrong with it whatever its expressions say.
        by_lines: it is counted in lines, not in paragraphs.
    """

    name: str
    pieces: tuple[Token, ...]
    flaws: tuple[PartProblem, ...] = ()
    by_lines: bool = False


def prove(part: Part, contract: Contract) -> list[PartProblem]:
    """Everything that is wrong with a part, in the order of its paragraphs."""
    kept, crossed = matched(part.pieces)
    tree, unread = parsed(kept)
    flaws = [*part.flaws, *crossed, *unread]
    if tree is not None:
        flaws += [_flaw(kept[note.line - 1], note.message, note.suggestion) for note in follow(tree, contract)]
    return sorted(dict.fromkeys(flaws), key=lambda flaw: flaw.place.number)


def _flaw(piece: Token, message: str, suggestion: str) -> PartProblem:
    return PartProblem(piece.place, piece.text, message, suggestion)


def marks(pieces: Sequence[Token]) -> list[str]:
    """The marks as Jinja reads them, in order."""
    return [piece.source for piece in pieces if piece.is_mark and piece.source]
