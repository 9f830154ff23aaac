"""Every paper of the variants and refusals, typeset together once."""

from __future__ import annotations

from functools import cache

from bundler.word.block_model import Blocks
from bundler.word.docx_reader import read_blocks
from tests.support.contradictions import draft_all
from tests.support.documents import build_case, typeset_together
from tests.support.variants import REFUSALS, VARIANTS, refusal


@cache
def variant_papers() -> dict[str, Blocks]:
    """The papers by ``case+document+number``; a refusal's case is called ``refusal-…``."""
    trees = {**VARIANTS, **{f"refusal-{name}": refusal(name) for name in REFUSALS}}
    return {
        f"{name}+{paper.document}+{number}": read_blocks(paper.data)
        for name, tree in trees.items()
        for number, paper in enumerate(draft_all(build_case(tree)))
    }


@cache
def typeset_variants() -> tuple[bytes, dict[str, tuple[int, int]]]:
    """All of them in one PDF, and the first and last page of each, from 0."""
    return typeset_together(variant_papers())
