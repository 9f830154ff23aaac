"""Reading and checking one case: the steps before anything is drafted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bundler.case.model import Case
from bundler.case.reading import Reading, read_case
from bundler.fonts.coverage import missing_glyphs
from bundler.gate.examine import examine, kind_of
from bundler.gate.scene import Scene
from bundler.gate.verdict import Verdict
from bundler.materials.folder import unlisted_files
from bundler.materials.pictured import as_pictures
from bundler.materials.reading import read_materials
from bundler.materials.record import FileRecord
from bundler.profile import Profile
from bundler.regulation.kinds import Kind


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

    def as_json(self) -> dict[str, Any]:
        """The object that ``check --json`` prints."""
        return self.verdict.as_json(self.reading.given)


def examine_case(given: str, *, kind: Kind | None, today: date, profile: Profile) -> Examined:
    """Read a case folder and its files, and put it before the gate."""
    reading = read_case(given)
    case = reading.case
    if case is None:
        return Examined(reading, profile, {}, Verdict(None, kind or Kind.ARCHIVE, findings=reading.findings))
    records = read_materials(reading.folder, [material.file for material in case.materials])
    if profile.pages_as_pictures:
        records = {name: as_pictures(record) for name, record in records.items()}
    scene = Scene(
        case=case,
        profile=profile,
        kind=kind_of(case, kind),
        today=today,
        records=records,
        values=reading.values,
        unlisted=unlisted_files(reading.folder, case),
        missing_glyphs=missing_glyphs,
    )
    return Examined(reading, profile, records, examine(reading, scene))
