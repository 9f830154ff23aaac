"""Every paper of the variants and refusals, drafted once and typeset together once in a test run."""

from __future__ import annotations

from bundler.word.block_model import Blocks
from bundler.word.docx_reader import read_blocks
from tests.support.contradictions import Drafted, draft_all
from tests.support.documents import build_case, typeset_together
from tests.support.run_cache import made_once
from tests.support.variants import REFUSALS, VARIANTS, refusal


@made_once
def variant_papers() -> dict[str, dict[str, Drafted]]:
    """For each case its papers by ``case+document+number``; a refusal's case is called ``refusal-…``."""
    trees = {**VARIANTS, **{f"refusal-{name}": refusal(name) for name in REFUSALS}}
    return {
        name: {f"{name}+{paper.document}+{number}": paper for number, paper in enumerate(draft_all(build_case(tree)))}
        for name, tree in trees.items()
    }


@made_once
def variant_blocks() -> dict[str, Blocks]:
    """What each paper is typeset from."""
    return {key: read_blocks(paper.data) for papers in variant_papers().values() for key, paper in papers.items()}


@made_once
def typeset_variants() -> tuple[bytes, dict[str, tuple[int, int]]]:
    """All of them in one PDF, and the first and last page of each, from 0; papers that are wholly the same share pages."""
    papers = variant_blocks()
    first: dict[Blocks, str] = {}
    for key, blocks in papers.items():
        first.setdefault(blocks, key)
    data, page_ranges = typeset_together({key: blocks for blocks, key in first.items()})
    return data, {key: page_ranges[first[blocks]] for key, blocks in papers.items()}
