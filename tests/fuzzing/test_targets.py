"""What is fuzzed keeps its promises: over the files that fuzzing begins with, and over some hundred changed ones."""

from __future__ import annotations

import os
import random
import subprocess
import sys

import pytest

from tests.fuzzing.targets import TARGETS

_CHANGED = {"pdf": 40, "word": 60, "case": 60, "manifest": 150, "register": 60, "register-rows": 150}


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_are_read(name: str) -> None:
    """The files to begin with raise nothing."""
    for data in TARGETS[name].seeds():
        TARGETS[name].run(data)


@pytest.mark.parametrize("name", TARGETS)
def test_changed_files_break_no_promise(name: str) -> None:
    """The same ones each time; ``make fuzz`` tries ever new ones."""
    seeds, chance = TARGETS[name].seeds(), random.Random(20211201)  # noqa: S311 (a fixed series, no secret)
    mutate = TARGETS[name].mutator(seeds)
    for _ in range(_CHANGED[name]):
        data = mutate(chance.choice(seeds), chance)
        TARGETS[name].run(data)


_PRINT_CHANGED = """
import hashlib, random
from tests.fuzzing.targets import TARGETS

for name, target in TARGETS.items():
    seeds, chance, digest = target.seeds(), random.Random(20211201), hashlib.sha256()
    mutate = target.mutator(seeds)
    for _ in range(20):
        digest.update(mutate(chance.choice(seeds), chance))
    print(name, digest.hexdigest())
"""


def test_the_changed_files_are_the_same_each_time() -> None:
    """Neither the order in which Python keeps a set nor the time of day changes them, or the tests here would fail by chance."""

    def digests(hash_seed: str) -> str:
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-c", _PRINT_CHANGED]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    assert digests("1") == digests("2")
