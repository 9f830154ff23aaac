"""Fuzz a target with atheris: run it on ever new files, and keep those that reach lines of code not reached before.

    .venv/bin/python -m tests.fuzzing.fuzz TARGET CORPUS FINDS [option of libFuzzer ...]

An error that the target raises does not end the run: the first file of each kind of error is kept in FINDS, with its
traceback. Only the death of the process ends it; `run_all` then starts it again.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import traceback
from pathlib import Path
from types import TracebackType

import atheris

with atheris.instrument_imports(include=["bundler"], enable_loader_override=False):
    from tests.fuzzing.targets import TARGETS

_MEMORY_BYTES = 4 * 1024**3
_MOST_RESIDENT_BYTES = 2 * 1024**3
"""A process that holds so much ends, for `run_all` to start another: what a library keeps would soon be all there is."""
_STRUCTURED = 0.7
"""The share of changes that follow the structure of a file; the others change its bytes."""


def main(name: str, corpus: str, finds: str, *options: str) -> None:
    """Fuzz one target until an option of libFuzzer ends it."""
    target, folder = TARGETS[name], Path(finds)
    mutate = target.mutator(target.seeds())
    kept = {path.stem for path in folder.glob("*.txt")}

    def run(data: bytes) -> None:
        try:
            target.run(data)
        except Exception as error:  # noqa: BLE001 (every error is a find)
            _keep(folder, kept, data, error)
        if _resident_bytes() > _MOST_RESIDENT_BYTES:
            os._exit(0)

    def change(data: bytes, max_size: int, seed: int) -> bytes:
        chance = random.Random(seed)  # noqa: S311 (no secret)
        if chance.random() < _STRUCTURED:
            data = mutate(data, chance)
            return data if len(data) <= max_size else data[:max_size]
        return bytes(atheris.Mutate(data, max_size))

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    atheris.Setup([sys.argv[0], corpus, f"-max_len={target.max_bytes}", *options], run, custom_mutator=change)
    atheris.Fuzz()


def _keep(folder: Path, kept: set[str], data: bytes, error: Exception) -> None:
    name = f"{type(error).__name__}-{_place(error.__traceback__)}"
    if name not in kept:
        kept.add(name)
        (folder / f"{name}.bin").write_bytes(data)
        (folder / f"{name}.txt").write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        print(f"FIND {name}", flush=True)


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _place(trace: TracebackType | None) -> str:
    """Return the last line of the project's own code on the way to an error; of a broken promise, the line that states it."""
    frames = traceback.extract_tb(trace)
    own = [frame for frame in frames if "/bundler/" in frame.filename] or list(frames)
    return f"{Path(own[-1].filename).stem}-{own[-1].lineno}"


if __name__ == "__main__":
    main(*sys.argv[1:])
