"""The words of the samples' scanned papers, from the scripts that make them; a scan itself is only a picture."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from tests.support.paths import SAMPLES

_MODULES = {
    "write-off-complete": "write_off.WRITE_OFF",
    "archive-complete": "archive.ARCHIVE",
    "incomplete": "incomplete.INCOMPLETE",
    "declined": "declined.DECLINED",
    "in-progress": "in_progress.IN_PROGRESS",
}
SAMPLE_NAMES = tuple(_MODULES)


@cache
def load_made_sample(name: str) -> Any:  # noqa: ANN401 (the scripts that make samples are no package of the tests)
    """A sample as its script describes it: case tree and files."""
    if str(SAMPLES) not in sys.path:
        sys.path.insert(0, str(SAMPLES))
    module, _, constant = _MODULES[name].partition(".")
    return getattr(importlib.import_module(f"making.{module}"), constant)


def read_scans(name: str) -> dict[str, str]:
    """The words of each file of a sample, by its path in the case folder, without marks, spaces and line breaks."""
    return {f"materials/{file.name}": _plain("".join(_list_texts(file))) for file in load_made_sample(name).files}


def read_scanned_files(name: str) -> dict[str, str]:
    """The words of the papers in each scanned file of a sample, by its path in the case folder, and nothing else."""
    return {
        f"materials/{file.name}": _plain("".join(text for paper in file.papers for text in _list_texts(paper)))
        for file in load_made_sample(name).files
        if hasattr(file, "papers")
    }


def read_scanned_papers(name: str) -> list[str]:
    """The words of each scanned paper; a file may hold several."""
    return [
        _plain("".join(_list_texts(paper)))
        for file in load_made_sample(name).files
        for paper in getattr(file, "papers", ())
    ]


def _list_texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _list_texts(one)
    elif is_dataclass(value) and type(value).__name__ != "TextStyle":
        for one in fields(value):
            if one.name != "align":
                yield from _list_texts(getattr(value, one.name))


def _plain(text: str) -> str:
    return re.sub(r"[⟦⟧◉◎\s]", "", text)
