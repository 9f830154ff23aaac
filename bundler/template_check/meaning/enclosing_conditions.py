"""Which conditions each token of a part stands under."""

from __future__ import annotations

from collections.abc import Sequence

from bundler.template_check.tokens import Token


def enclosing_conditions(tokens: Sequence[Token]) -> list[tuple[Token, ...]]:
    """Return, for each token, the tags of the branches and loops around it, innermost last; of a branch, also the ones before it."""
    found: list[tuple[Token, ...]] = []
    chains: list[list[Token]] = []
    for token in tokens:
        word = token.keyword if token.is_tag else ""
        if word in {"endif", "endfor"} and chains:
            chains.pop()
        found.append(tuple(tag for chain in chains for tag in chain))
        if word in {"if", "for"}:
            chains.append([token])
        elif word in {"elif", "else"} and chains:
            chains[-1].append(token)
    return found
