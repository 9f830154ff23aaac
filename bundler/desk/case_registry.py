"""The cases on the shelf: what the browser calls a case, and the folder that is meant."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from bundler.case.discovery import find_cases

_KEY_DIGITS = 16


@dataclass(frozen=True, slots=True)
class CaseRef:
    """A case folder, and what the browser calls it.

    Attributes:
        key: digits made of the folder's name; a browser's word is looked up, never joined to a folder.
        folder: the folder.
        name: its name relative to the desk's folder.
    """

    key: str
    folder: Path
    name: str


class CaseRegistry:
    """The case folders below one folder, as they are found."""

    def __init__(self, root: Path, out: Path) -> None:
        self._root, self._out = root, out
        self._places: dict[str, CaseRef] = {}

    def places(self) -> list[CaseRef]:
        """Every case folder, found anew."""
        known = {place.folder: place for place in self._places.values()}
        found = [known.get(folder) or self._place(folder) for folder in find_cases(self._root, skip=self._out)]
        self._places = {place.key: place for place in found}
        return found

    def place(self, key: str) -> CaseRef | None:
        """The case that a browser's word means; None for a word that means none."""
        if key not in self._places:
            self.places()
        return self._places.get(key)

    def _place(self, folder: Path) -> CaseRef:
        name = folder.relative_to(self._root).as_posix()
        return CaseRef(hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:_KEY_DIGITS], folder, name)
