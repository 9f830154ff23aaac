"""Which text of a Word file a reader can see on paper."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from bundler.word.block_model import Blocks, Paragraph, Run, Table
from bundler.word.shading_and_text_colour import is_seen, text_colour

_LEAST_SIZE = 2.0
"""Points; smaller text is a line to the eye."""
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5")
"""Letters and signs without a mark, besides those that Unicode calls spaces, controls and format characters."""


def has_seen_text(blocks: Blocks) -> bool:
    """Whether any character of the body can be seen."""
    return any(is_visible for section in (blocks, *blocks.following) for _, is_visible in _texts(section.body))


def unseen_text(blocks: Blocks) -> str:
    """Return the characters of the body that are printed but cannot be seen, since their colour or size hides them."""
    return "".join(
        text.strip()
        for section in (blocks, *blocks.following)
        for text, is_visible in _texts(section.body)
        if not is_visible and _has_mark(text)
    )


def printed_text(blocks: Blocks) -> str:
    """Return all text as it is set, with automatic numbers and the signs that stand for symbols."""
    parts = []
    for section in (blocks, *blocks.following):
        edges = (section.header, section.footer)
        variants = [v for edge in edges for v in (edge.common, edge.first, edge.even) if v]
        parts += ["".join(text for text, _ in _texts(body, numbers=True)) for body in (section.body, *variants)]
    return "\n".join(parts)


def _texts(
    blocks: Sequence[Paragraph | Table], ground: str = "", *, numbers: bool = False
) -> Iterator[tuple[str, bool]]:
    """Yield the text of each run, and of automatic numbers if wanted, and whether it can be seen on its ground."""
    for block in blocks:
        if isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    yield from _texts(cell.blocks, cell.fill or ground, numbers=numbers)
            continue
        if block.number and numbers:
            yield block.number.run.text, True
        for run in block.runs:
            yield run.text, _is_visible(run, run.fill or block.fill or ground)


def _is_visible(run: Run, ground: str) -> bool:
    return (
        _has_mark(run.text)
        and run.size + min(run.spacing, 0) >= _LEAST_SIZE
        and is_seen(text_colour(run.colour, ground), ground)
    )


def _has_mark(text: str) -> bool:
    return any(unicodedata.category(c)[0] not in "CZ" and c not in _BLANK for c in text)
