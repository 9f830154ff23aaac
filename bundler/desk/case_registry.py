"""The case folders of a desk, each with the key that stands for it in an address."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bundler.case.find_case_folders import find_cases
from bundler.digest import sha256_of

_KEY_DIGITS = 16


@dataclass(frozen=True, slots=True)
class CaseRef:
    """A case folder and its key.

    Attributes:
        key: hexadecimal digits of a digest of the folder's name. The browser sends a key, which is looked up; nothing
            that it sends becomes a part of a path.
        folder: the folder.
        name: its path relative to the desk's folder.
    """

    key: str
    folder: Path
    name: str


class CaseRegistry:
    """Finds the case folders below one folder.

    Args:
        root: the desk's folder.
        out: the output folder of batches, which is skipped.
    """

    def __init__(self, root: Path, out: Path) -> None:
        self._root, self._out = root, out
        self._cases: dict[str, CaseRef] = {}

    def scan(self) -> list[CaseRef]:
        """Every case folder that there is now."""
        known = {case.folder: case for case in self._cases.values()}
        found = [known.get(folder) or self._ref(folder) for folder in find_cases(self._root, skip=self._out)]
        self._cases = {case.key: case for case in found}
        return found

    def find(self, key: str) -> CaseRef | None:
        """The case with a key; an unknown key makes the folder be scanned again, in case it is new."""
        if key not in self._cases:
            self.scan()
        return self._cases.get(key)

    def _ref(self, folder: Path) -> CaseRef:
        name = folder.relative_to(self._root).as_posix()
        return CaseRef(sha256_of(name.encode("utf-8", "surrogateescape"))[:_KEY_DIGITS], folder, name)
