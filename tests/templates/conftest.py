"""What the tests of the command that checks templates share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bundler.template_check import check
from bundler.template_check.meaning import check_meaning


@contextmanager
def checked_once() -> Iterator[None]:
    """Check a folder at the first call of the command alone; the further calls, for the same folder, print the same result."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for module, name in ((check, "check_folder"), (check_meaning, "check_meaning")):
            monkeypatch.setattr(module, name, _once(getattr(module, name)))
        yield


def _once(work: Callable[..., Iterable[Any]]) -> Callable[..., list[Any]]:
    results: dict[object, list[Any]] = {}

    def call(folder: object, *more: object) -> list[Any]:
        if folder not in results:
            results[folder] = list(work(folder, *more))
        return results[folder]

    return call
