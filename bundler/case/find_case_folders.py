"""Finding the case folders below a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from bundler.case.reader import CASE_FILE

_PAPERS = (".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".docx")
"""Endings of the files that a case is made of."""
_MATERIALS = "materials"
"""The folder in which `new` and `add` put them."""


def find_cases(root: Path, *, skip: Path | None = None) -> Iterator[Path]:
    """Every folder with a case.json, sorted; not inside another case, not hidden, not behind a link.

    A folder that cannot be listed may be a case: it comes after the others, so that its failure is reported.

    Args:
        root: the folder to search; if it is a case itself, it is the only one.
        skip: a folder to leave out, such as the output.
    """
    left_out = os.path.realpath(skip) if skip else None
    named, real = os.fspath(root), os.path.realpath(root)
    closed: list[str] = []
    for here, folders, files in os.walk(root, onerror=lambda error: closed.append(error.filename)):
        if CASE_FILE in files or CASE_FILE in folders:
            folders.clear()
            yield Path(here)
        inside = real + here[len(named) :]  # no link is followed, so below the root the names are real paths
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and os.path.join(inside, name) != left_out  # noqa: PTH118 (each folder of thousands, every few seconds)
        )
    yield from map(Path, sorted(closed))


def find_folders_without_case(root: Path, *, skip: Path | None = None) -> tuple[Path, ...]:
    """The folders below a folder that hold papers and no case.json, neither inside a case nor above one, sorted.

    Args:
        root: the folder to search.
        skip: a folder to leave out, such as the output.
    """
    left_out = os.path.realpath(skip) if skip else None
    found: list[Path] = []
    above: set[Path] = {Path(root)}
    for here, folders, files in os.walk(root):
        if CASE_FILE in files or CASE_FILE in folders:
            folders.clear()
            above.update(Path(here).parents)
            continue
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and os.path.realpath(Path(here, name)) != left_out
        )
        if any(name.lower().endswith(_PAPERS) and not name.startswith(".") for name in files):
            place = Path(here)
            found.append(next((one.parent for one in (*place.parents, place) if one.name == _MATERIALS), place))
    return tuple(sorted(set(found) - above))
