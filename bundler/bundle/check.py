"""A case that was read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bundler.case.model import Case
from bundler.case.reader import ReadResult
from bundler.file_record import FileRecord
from bundler.gate.check_result import CheckResult
from bundler.materials.folder import read_unchanged
from bundler.profile import Profile


@dataclass(frozen=True, slots=True)
class CheckedCase:
    """A case that was read and checked."""

    reading: ReadResult
    profile: Profile
    records: Mapping[str, FileRecord]
    check_result: CheckResult

    @property
    def complete(self) -> bool:
        """Whether the gate is open."""
        return self.check_result.complete and self.reading.case is not None

    @property
    def case(self) -> Case:
        """The case; only a complete one may be asked for it."""
        assert self.reading.case is not None  # noqa: S101 (the gate is closed without it)
        return self.reading.case

    def checked_bytes(self, file: str) -> bytes:
        """The bytes of an attached file that were checked.

        Raises:
            FileChangedError: they are others by now.
        """
        return read_unchanged(self.reading.folder, file, self.records[file].sha256)

    def as_json(self) -> dict[str, Any]:
        """The object that ``check --json`` prints."""
        return self.check_result.as_json(self.reading.given)
