"""Reading and checking one case: the steps before anything is drafted."""

from __future__ import annotations

from datetime import date

from bundler.bundle.check import CheckedCase
from bundler.case.reader import read_case
from bundler.fonts.coverage import find_missing_glyphs
from bundler.gate.check import apply_rules, kind_of
from bundler.gate.check_result import CheckResult
from bundler.gate.context import GateContext
from bundler.materials.folder import find_unlisted_files
from bundler.materials.inspect import inspect_materials
from bundler.materials.rasterise import mark_rasterised_pages
from bundler.profile import Profile
from bundler.regulation.papers import BundleKind


def check_case(given: str, *, kind: BundleKind | None, today: date, profile: Profile) -> CheckedCase:
    """Read a case folder and its files, and put it before the gate."""
    reading = read_case(given)
    case = reading.case
    if case is None:
        return CheckedCase(
            reading, profile, {}, CheckResult(None, kind or BundleKind.ARCHIVE, findings=reading.findings)
        )
    records = inspect_materials(reading.folder, [material.file for material in case.materials])
    if profile.pages_as_pictures:
        records = {name: mark_rasterised_pages(record) for name, record in records.items()}
    context = GateContext(
        case=case,
        profile=profile,
        kind=kind_of(case, kind),
        today=today,
        records=records,
        values=reading.values,
        unlisted=find_unlisted_files(reading.folder, case),
        missing_glyphs=find_missing_glyphs,
    )
    return CheckedCase(reading, profile, records, apply_rules(reading, context))
