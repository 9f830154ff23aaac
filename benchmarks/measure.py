"""Timing whole commands against each other: in turn, in the same run, medians of wall and CPU time, peak memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Command = Callable[[int], Sequence[str]]
"""Gives the command line of a round, counted from 0."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians over the rounds.

    Attributes:
        wall: seconds from start to end.
        cpu: CPU seconds of the process and of all that it waited for.
        memory: peak resident memory of the largest single process, in MiB.
        rounds: how often it ran.
    """

    wall: float
    cpu: float
    memory: float
    rounds: int


def in_turn(commands: Mapping[str, Command], rounds: int, env: Mapping[str, str] | None = None) -> dict[str, Measured]:
    """Run each command once a round, so that a busy moment of the machine falls on all of them.

    Raises:
        RuntimeError: a command failed; its own words are in the message.
    """
    runs: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
    for number in range(rounds):
        for name, command in commands.items():
            runs[name].append(once(command(number), env))
            print(f"  {name} {number + 1}/{rounds}: {runs[name][-1][0]:.2f} s", file=sys.stderr)
    return {name: _medians(found) for name, found in runs.items()}


def _medians(runs: Sequence[tuple[float, float, float]]) -> Measured:
    wall, cpu, memory = (statistics.median(values) for values in zip(*runs, strict=True))
    return Measured(wall, cpu, memory, len(runs))


def once(command: Sequence[str], env: Mapping[str, str] | None = None) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak memory in MiB of one run."""
    # What our typesetter sets for itself in this process is nothing that the peers should inherit.
    own = {name: value for name, value in os.environ.items() if not name.startswith("FONTCONFIG")}
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        launched = [sys.executable, str(Path(__file__).with_name("launch.py")), str(result), *command]
        done = subprocess.run(launched, check=False, capture_output=True, env={**own, **(env or {})})
        if done.returncode:
            raise RuntimeError(f"{command[0]} …: {done.returncode}\n{done.stderr.decode(errors='replace')[-2000:]}")
        wall, cpu, memory = json.loads(result.read_text(encoding="ascii"))
    return wall, cpu, memory


def size_of(folder: Path) -> int:
    """Bytes of every file below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
