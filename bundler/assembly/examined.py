"""A case that was read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bundler.case.model import Case
from bundler.case.reading import Reading
from bundler.gate.verdict import Verdict
from bundler.materials.folder import read_unchanged
from bundler.materials.record import FileRecord
from bundler.profile import Profile


@dataclass(frozen=True, slots=True)
class Examined:
    """A case that was read and checked."""

    reading: Reading
    profile: Profile
    records: Mapping[str, FileRecord]
    verdict: Verdict

    @property
    def complete(self) -> bool:
        """Whether the gate is open."""
        return self.verdict.complete and self.reading.case is not None

    @property
    def case(self) -> Case:
        """The case; only a complete one may be asked for it."""
        assert self.reading.case is not None  # noqa: S101 (the gate is closed without it)
        return self.reading.case

    def bytes_of(self, file: str) -> bytes:
        """The bytes of an attached file that were checked.

        Raises:
            FileChangedError: they are others by now.
        """
        return read_unchanged(self.reading.folder, file, self.records[file].sha256)

    def as_json(self) -> dict[str, Any]:
        """The object that ``check --json`` prints."""
        return self.verdict.as_json(self.reading.given)
