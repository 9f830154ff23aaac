"""Reading and checking one case: the steps before anything is drafted."""

from __future__ import annotations

from datetime import date

from bundler.assembly.examined import Examined
from bundler.case.reading import read_case
from bundler.fonts.coverage import missing_glyphs
from bundler.gate.examine import examine, kind_of
from bundler.gate.scene import Scene
from bundler.gate.verdict import Verdict
from bundler.materials.folder import unlisted_files
from bundler.materials.pictured import as_pictures
from bundler.materials.reading import read_materials
from bundler.profile import Profile
from bundler.regulation.kinds import Kind


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
