"""The static check finds a small fault anywhere in any shipped template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from bundler.documents.definitions import find_templates_folder
from bundler.documents.shared_template_passages import load_blocks
from bundler.template_check.check import check_part
from bundler.template_check.read_template_parts import template_parts
from bundler.template_check.tag_syntax import match_blocks
from bundler.template_check.template_contracts import Contract, contracts
from bundler.template_check.tokens import Part, PartProblem
from tests.support.template_mutants import (
    Mutant,
    apply_mutants,
    drop_block_tags,
    drop_guards,
    drop_letters,
    swap_attributes,
)

SHIPPED = find_templates_folder(None)
CONTRACTS = contracts()
BATCH_SIZE = 60
"""How many mutants are checked at once; one that is not found among them is checked again alone."""
ROUNDS = 3
"""A fault in a loop's head hides those within the loop, so those not found are checked at once again, without the head's."""


def is_found_alone(part: Part, contract: Contract, mutant: Mutant) -> bool:
    """Whether any problem is found with this mutant alone; unmatched tags are checked first."""
    tokens = apply_mutants(part.tokens, [mutant])
    return bool(match_blocks(tokens)[1]) or bool(check_part(replace(part, tokens=tokens), contract))


def find_survivors(part: Part, contract: Contract, mutants: Sequence[Mutant]) -> list[Mutant]:
    """Return the mutants that are not found."""
    open_mutants = [mutant for mutant in mutants if not mutant.mentions]
    for categories in ({"keyword"}, {"letter", "attribute"}):  # a tag that cannot be parsed hides the other problems
        chosen = [mutant for mutant in mutants if mutant.mentions and mutant.category in categories]
        for _ in range(ROUNDS):
            chosen = list(find_unreported(part, contract, chosen))
        open_mutants += chosen
    return [mutant for mutant in open_mutants if not is_found_alone(part, contract, mutant)]


def find_unreported(part: Part, contract: Contract, mutants: Sequence[Mutant]) -> Iterator[Mutant]:
    """Check mutants in batches, and yield those of which no problem speaks."""
    for batch in split_into_batches(mutants):
        problems = check_part(replace(part, tokens=apply_mutants(part.tokens, batch)), contract)
        yield from (mutant for mutant in batch if not is_reported(part, mutant, problems))


def split_into_batches(mutants: Sequence[Mutant]) -> Iterator[list[Mutant]]:
    """Yield batches of mutants that each change another token."""
    by_token: dict[int, list[Mutant]] = {}
    for mutant in mutants:
        by_token.setdefault(mutant.token_number, []).append(mutant)
    while by_token:
        numbers = list(by_token)
        yield [by_token[number].pop() for number in numbers[:: max(1, len(numbers) // BATCH_SIZE)]]
        by_token = {number: rest for number, rest in by_token.items() if rest}


def is_reported(part: Part, mutant: Mutant, problems: Sequence[PartProblem]) -> bool:
    """Whether a problem is about this mutant, at its location."""
    location = part.tokens[mutant.token_number].location
    own = [one for one in problems if one.location is location and one.expression == mutant.new_source]
    return bool(own) if mutant.category == "keyword" else any(mutant.mentions in one.message for one in own)


def make_mutants(part: Part, contract: Contract) -> list[Mutant]:
    """Return every mutant of a part."""
    return [
        *drop_letters(part.tokens),
        *swap_attributes(part.tokens, contract),
        *drop_guards(part.tokens, contract),
        *drop_block_tags(part.tokens),
    ]


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_small_fault_is_found(name: str, record_property: Callable[[str, object], None]) -> None:
    """A letter, an attribute, a guard or a block's tag is wrong or lost."""
    contract = CONTRACTS[name]
    counts: Counter[str] = Counter()
    equivalent: Counter[str] = Counter()
    missed: list[str] = []
    for part in template_parts(name, (SHIPPED / name).read_bytes(), load_blocks(SHIPPED)):
        mutants = make_mutants(part, contract)
        equivalent.update(mutant.equivalent for mutant in mutants if mutant.equivalent)
        mutants = [mutant for mutant in mutants if not mutant.equivalent]
        counts.update(mutant.category for mutant in mutants)
        for mutant in find_survivors(part, contract, mutants):
            token = part.tokens[mutant.token_number]
            place = f"{part.name} {token.location.number}"
            missed.append(f"{mutant.category}: {place}: {token.source} -> {mutant.new_source}")
    record_property("template mutants", (dict(counts), dict(equivalent), len(missed)))

    assert missed == []
