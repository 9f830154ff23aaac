"""The proof itself is put to the test: a small fault anywhere in any shipped template is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from bundler.documents.definitions import find_templates_folder
from bundler.template_check.contract import Contract
from bundler.template_check.contracts import contracts
from bundler.template_check.part import Part, prove
from bundler.template_check.reading import template_parts
from bundler.template_check.syntax import matched
from bundler.template_check.tokens import PartProblem
from tests.support.template_mutants import Mutant, dropped_letters, lost_guards, lost_tags, mutated, neighbours

SHIPPED = find_templates_folder(None)
CONTRACTS = contracts()
TOGETHER = 24
"""So many faults are put in at once; one that is not found by its own name among them is tried again alone."""


def alone(part: Part, contract: Contract, mutant: Mutant) -> bool:
    """Whether a fault is found; a mark without its other half is found first."""
    pieces = mutated(part.pieces, [mutant])
    return bool(matched(pieces)[1]) or bool(prove(replace(part, pieces=pieces), contract))


def survivors(part: Part, contract: Contract, mutants: Sequence[Mutant]) -> list[Mutant]:
    """The faults that are not found."""
    left = [mutant for mutant in mutants if not mutant.told]
    for sorts in ({"keyword"}, {"letter", "neighbour"}):  # a mark that cannot be read hides what the others are
        for batch in batches([mutant for mutant in mutants if mutant.told and mutant.sort in sorts]):
            found = prove(replace(part, pieces=mutated(part.pieces, batch)), contract)
            left += [mutant for mutant in batch if not is_told(part, mutant, found)]
    return [mutant for mutant in left if not alone(part, contract, mutant)]


def batches(mutants: Sequence[Mutant]) -> Iterator[list[Mutant]]:
    """Faults that are put in together: each in a mark of its own, far from one another."""
    by_piece: dict[int, list[Mutant]] = {}
    for mutant in mutants:
        by_piece.setdefault(mutant.at, []).append(mutant)
    while by_piece:
        places = list(by_piece)
        yield [by_piece[at].pop() for at in places[:: max(1, len(places) // TOGETHER)]]
        by_piece = {at: rest for at, rest in by_piece.items() if rest}


def is_told(part: Part, mutant: Mutant, found: Sequence[PartProblem]) -> bool:
    """Whether a finding speaks of this very fault at its very place."""
    place = part.pieces[mutant.at].place
    told = [flaw for flaw in found if flaw.place is place and flaw.expression == mutant.now]
    return bool(told) if mutant.sort == "keyword" else any(mutant.told in flaw.message for flaw in told)


def all_mutants(part: Part, contract: Contract) -> list[Mutant]:
    """Every fault of every sort that is put into a part."""
    return [
        *dropped_letters(part.pieces),
        *neighbours(part.pieces, contract),
        *lost_guards(part.pieces, contract),
        *lost_tags(part.pieces),
    ]


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_small_fault_is_found(name: str, record_property: Callable[[str, object], None]) -> None:
    """A letter lost, an attribute of a neighbour, a guard lost, a loop's tag lost."""
    contract = CONTRACTS[name]
    tried: Counter[str] = Counter()
    same: Counter[str] = Counter()
    missed: list[str] = []
    for part in template_parts(name, (SHIPPED / name).read_bytes()):
        every = all_mutants(part, contract)
        same.update(mutant.same for mutant in every if mutant.same)
        mutants = [mutant for mutant in every if not mutant.same]
        tried.update(mutant.sort for mutant in mutants)
        for mutant in survivors(part, contract, mutants):
            piece = part.pieces[mutant.at]
            missed.append(f"{mutant.sort}: {part.name} {piece.place.number}: {piece.source} -> {mutant.changes[0][1]}")
    record_property("template mutants", (dict(tried), dict(same), len(missed)))

    assert missed == []
