"""One part of a template: its pieces, ready to be followed, and what was wrong with them already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bundler.template_proof.blocks import matched
from bundler.template_proof.contract import Contract
from bundler.template_proof.follow import follow
from bundler.template_proof.parsing import parsed
from bundler.template_proof.tags import Flaw, Piece


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
    pieces: tuple[Piece, ...]
    flaws: tuple[Flaw, ...] = ()
    by_lines: bool = False


def prove(part: Part, contract: Contract) -> list[Flaw]:
    """Everything that is wrong with a part, in the order of its paragraphs."""
    kept, crossed = matched(part.pieces)
    tree, unread = parsed(kept)
    flaws = [*part.flaws, *crossed, *unread]
    if tree is not None:
        flaws += [_flaw(kept[note.line - 1], note.message, note.suggestion) for note in follow(tree, contract)]
    return sorted(dict.fromkeys(flaws), key=lambda flaw: flaw.place.number)


def _flaw(piece: Piece, message: str, suggestion: str) -> Flaw:
    return Flaw(piece.place, piece.text, message, suggestion)


def marks(pieces: Sequence[Piece]) -> list[str]:
    """The marks as Jinja reads them, in order."""
    return [piece.source for piece in pieces if piece.is_mark and piece.source]
