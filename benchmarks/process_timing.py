"""Time commands against each other, alternately in the same run: medians of wall time, CPU time and peak memory."""

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
"""Returns the command line of a round, counted from 0."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Medians over the rounds.

    Attributes:
        wall: seconds from start to end.
        cpu: CPU seconds of the process and of all processes that it started.
        memory: peak resident memory of the largest single process, in MiB.
        rounds: the number of runs.
    """

    wall: float
    cpu: float
    memory: float
    rounds: int


def time_alternately(
    commands: Mapping[str, Command], rounds: int, env: Mapping[str, str] | None = None
) -> dict[str, Timing]:
    """Run each command once per round, so that other load on the machine affects all of them.

    Raises:
        RuntimeError: a command failed; the message has its error output.
    """
    runs: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
    for number in range(rounds):
        for name, command in commands.items():
            runs[name].append(time_command(command(number), env))
            print(f"  {name} {number + 1}/{rounds}: {runs[name][-1][0]:.2f} s", file=sys.stderr)
    return {name: _take_medians(found) for name, found in runs.items()}


def _take_medians(runs: Sequence[tuple[float, float, float]]) -> Timing:
    wall, cpu, memory = (statistics.median(values) for values in zip(*runs, strict=True))
    return Timing(wall, cpu, memory, len(runs))


def time_command(command: Sequence[str], env: Mapping[str, str] | None = None) -> tuple[float, float, float]:
    """Run a command, and return wall seconds, CPU seconds and peak memory in MiB."""
    # Variables that our typesetter has set in this process must not reach the peers, and Python must be allowed to keep
    # what it compiles: an installed program is compiled.
    own = ("FONTCONFIG", "PYTHONDONTWRITEBYTECODE")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        wrapped = [sys.executable, str(Path(__file__).with_name("run_measured.py")), str(result), *command]
        done = subprocess.run(wrapped, check=False, capture_output=True, env={**environment, **(env or {})})
        if done.returncode:
            raise RuntimeError(f"{command[0]} …: {done.returncode}\n{done.stderr.decode(errors='replace')[-2000:]}")
        wall, cpu, memory = json.loads(result.read_text(encoding="ascii"))
    return wall, cpu, memory


def folder_size(folder: Path) -> int:
    """Bytes of every file below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
