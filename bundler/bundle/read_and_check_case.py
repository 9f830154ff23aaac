"""Reading a case with its files and checking it with the gate: what comes before every draft and every bundle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bundler.case.model import Case
from bundler.case.reader import ReadResult, read_case
from bundler.file_inspection_record import FileRecord
from bundler.gate.check_result import CheckResult
from bundler.materials.safe_opening import find_unlisted_files, read_unchanged
from bundler.profile import Profile
from bundler.regulation.findings import limit_findings
from bundler.regulation.papers import BundleKind
from bundler.scan_reading.case_readings import NO_READINGS, CaseReadings, load_case_readings


@dataclass(frozen=True, slots=True)
class CheckedCase:
    """A case that was read and checked.

    Attributes:
        reading: the case as it was read.
        profile: the court's profile that it was checked with.
        records: what was found in each attached file, by its name in the case.
        check_result: the findings of the gate.
        scan_readings: what was read on the scans among these files, where they were read.
    """

    reading: ReadResult
    profile: Profile
    records: Mapping[str, FileRecord]
    check_result: CheckResult
    scan_readings: CaseReadings = NO_READINGS

    @property
    def complete(self) -> bool:
        """Whether the gate lets the case through."""
        return self.check_result.complete and self.reading.case is not None

    @property
    def case(self) -> Case:
        """The case; call it only where `complete` is true."""
        assert self.reading.case is not None  # noqa: S101 (a complete case was read)
        return self.reading.case

    def checked_bytes(self, file: str) -> bytes:
        """Read an attached file, and make sure that its bytes are those that were checked.

        Raises:
            FileChangedError: the file has changed since.
        """
        return read_unchanged(self.reading.folder, file, self.records[file].sha256)

    def as_json(self) -> dict[str, Any]:
        """The object that ``check --json`` prints."""
        return self.check_result.as_json(self.reading.given)


def check_case(given: str, *, kind: BundleKind | None, today: date, profile: Profile) -> CheckedCase:
    """Read a case folder with its files and apply the gate's rules.

    Args:
        given: the case folder or its case.json, as the user wrote it.
        kind: the kind of bundle to check for; None: the kind that the case itself calls for.
        today: the day on which time limits are judged.
        profile: the court's profile.
    """
    return check_reading(read_case(given), kind=kind, today=today, profile=profile)


def check_reading(reading: ReadResult, *, kind: BundleKind | None, today: date, profile: Profile) -> CheckedCase:
    """Apply the gate's rules to a case that was read, with the files of its folder; the arguments are those of `check_case`."""
    # Imported here: a process that only binds loads this module for CheckedCase, and needs none of these.
    from bundler.fonts.coverage import find_missing_glyphs
    from bundler.gate.check import apply_rules, kind_of
    from bundler.gate.rule_input import GateContext
    from bundler.gate.unread_inputs import UnreadInputs, named_files, with_meant_decision
    from bundler.materials.file_inspection import inspect_materials
    from bundler.materials.rasterise import mark_rasterised_pages

    case = reading.case
    if case is None:
        listed = tuple(limit_findings(reading.findings, reading.not_described))
        unread = CheckResult(None, kind or BundleKind.ARCHIVE, findings=listed)
        return CheckedCase(reading, profile, {}, unread)
    case, kind = with_meant_decision(reading, case, kind)
    inspected = inspect_materials(reading.folder, case.named_files)
    records = {material.file: inspected[material.file] for material in case.materials}
    if profile.pages_as_pictures:
        records = {name: mark_rasterised_pages(record) for name, record in records.items()}
    scan_readings = load_case_readings(reading.folder, records)
    named = named_files(reading)
    context = GateContext(
        case=case,
        profile=profile,
        kind=kind_of(case, kind),
        today=today,
        records={**inspected, **records},
        values=reading.values,
        unlisted={name: item for name, item in find_unlisted_files(reading.folder, case).items() if name not in named},
        missing_glyphs=find_missing_glyphs,
        scan_readings=scan_readings,
        unread=UnreadInputs(reading),
    )
    return CheckedCase(reading, profile, records, apply_rules(reading, context), scan_readings)
