"""What several test files need and is slow to make, made once for all workers of a test run."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_FOLDER: list[Path] = []


def set_folder(folder: Path) -> None:
    """Set the folder that all workers of this run share; it is new in each run."""
    _FOLDER[:] = [folder]


def run_folder() -> Path:
    """The folder that all workers of this run share."""
    return _FOLDER[0]


def made_once(make: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Decorate a function: the first worker that calls it makes the result, which must be picklable.

    Args:
        make: takes no arguments, or strings by position that may stand in a file name, and makes one result of each.
    """
    kept: dict[tuple[object, ...], Result] = {}

    def get(*arguments: Arguments.args, **_: Arguments.kwargs) -> Result:
        if arguments not in kept:
            name = "-".join([make.__module__, make.__qualname__, *map(str, arguments)])
            kept[arguments] = _load_or_make(name, lambda: make(*arguments, **_))
        return kept[arguments]

    return get


def _load_or_make(name: str, make: Callable[[], Result]) -> Result:
    path = run_folder() / f"{name}.pickle"
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            partial = path.with_suffix(f".{os.getpid()}")
            partial.write_bytes(pickle.dumps(make()))
            partial.rename(path)
        result: Result = pickle.loads(path.read_bytes())  # noqa: S301 (this run wrote it)
        return result
