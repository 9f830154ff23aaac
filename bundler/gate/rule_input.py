"""The input of the rules: the case, the court's profile, the records of its files, and the day of checking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from bundler.case.json_pointer import describe_pointer, parse_pointer
from bundler.case.model import Case, Material
from bundler.documents.definitions import find_missing_fields
from bundler.documents.required_facts.shared_checks import MissingField
from bundler.file_inspection_record import FileRecord
from bundler.gate.file_defect_rules import check_materials, check_proof_files
from bundler.gate.unread_inputs import UnreadInputs
from bundler.profile import Profile
from bundler.regulation.findings import Finding
from bundler.regulation.model import Regulation
from bundler.regulation.papers import PAPER_KINDS, BundleKind, Item
from bundler.regulation.rule_codes import Severity
from bundler.scan_reading.case_readings import NO_READINGS, CaseReadings


@dataclass(frozen=True)
class GateContext:
    """One case with all that the rules need to know.

    Attributes:
        today: the day of checking.
        records: the record of each file that the case names, by the name it gives.
        values: every string of case.json by JSON Pointer.
        unlisted: files in the folder that case.json does not name, each with a guess at its item.
        scan_readings: what was read on the scans among these files, where they were read.
        missing_glyphs: returns the characters of a text that no installed font can print.
        unread: what of case.json could not be read, so that only its own finding speaks of it.
    """

    case: Case
    profile: Profile
    kind: BundleKind
    today: date
    records: Mapping[str, FileRecord]
    values: Mapping[str, str] = field(default_factory=dict)
    unlisted: Mapping[str, Item | None] = field(default_factory=dict)
    missing_glyphs: Callable[[str], list[str]] = lambda _: []
    scan_readings: CaseReadings = NO_READINGS
    unread: UnreadInputs = field(default_factory=UnreadInputs)

    @property
    def regulation(self) -> Regulation:
        """The regulation that the court goes by."""
        return self.profile.regulation

    @cached_property
    def file_findings(self) -> tuple[Finding, ...]:
        """The findings about files, one for each item that a file serves."""
        bound = check_materials(self.case, self.records, self.regulation.papers, self.missing_glyphs)
        return (*bound, *check_proof_files(self.case, self.records, self.number_of))

    def is_usable(self, index: int, item: Item) -> bool:
        """Whether a material's file has no error for an item; a duplicate does not count as one."""
        return (index, item) not in self._unusable

    @cached_property
    def _unusable(self) -> frozenset[tuple[int | str, Item | None]]:
        """The places of materials whose file has an error for an item, each with the item."""
        return frozenset(
            (parse_pointer(found.path)[1], found.item)
            for found in self.file_findings
            if found.severity is Severity.ERROR
            and found.rule != "FILE-DUPLICATE"
            and found.path.startswith("/materials/")
        )

    @cached_property
    def _numbered_materials(self) -> Mapping[Item, Sequence[tuple[int, Material]]]:
        """By item, the materials that name it, each with its place in the list."""
        found: dict[Item, list[tuple[int, Material]]] = {}
        for index, material in enumerate(self.case.materials):
            for item in dict.fromkeys(material.items):
                found.setdefault(item, []).append((index, material))
        return found

    def materials_for(self, item: Item) -> tuple[Material, ...]:
        """The materials that name an item, usable or not."""
        return tuple(material for _, material in self._numbered_materials.get(item, ()))

    def usable_materials(self, item: Item) -> tuple[Material, ...]:
        """The materials of an item whose files have no error."""
        return tuple(
            material for index, material in self._numbered_materials.get(item, ()) if self.is_usable(index, item)
        )

    def missing_fields(self, item: Item) -> tuple[MissingField, ...]:
        """The fields that the document for an item still needs; empty where no document may be generated."""
        document = PAPER_KINDS[item].document
        return find_missing_fields(document, self.case, self.regulation) if document else ()

    def describe(self, path: str) -> str:
        """A place of the case in Chinese, entries counted as in case.json."""
        return describe_pointer(self.unread.pointer_in_file(path))

    def number_of(self, path: str) -> int:
        """The number, from 1, that an entry of a list has in case.json; its path ends with its index in the case."""
        return int(self.unread.pointer_in_file(path).rpartition("/")[2]) + 1

    def unwritten_fields(self, item: Item) -> tuple[MissingField, ...]:
        """The missing fields of a document that a finding may name: those that are not there, not those that cannot be read."""
        return self.without_unread(self.missing_fields(item))

    def without_unread(self, fields: Iterable[MissingField]) -> tuple[MissingField, ...]:
        """Those of some missing fields that are not there, without those that cannot be read."""
        return tuple(field for field in fields if not self.unread.hides(field.path))

    def can_be_generated(self, item: Item) -> bool:
        """Whether a document can be generated for an item; never where a file was given."""
        return PAPER_KINDS[item].document is not None and not self.materials_for(item) and not self.missing_fields(item)

    def service_dates(self, item: Item) -> tuple[date, ...]:
        """The days on which the receipts of an item say that it was served or posted, earliest first."""
        days = (material.signed_on or material.posted_on for material in self.materials_for(item))
        both = [day for day in days if day]
        if any(one.field == "posted_on" for one in PAPER_KINDS[item].dates):
            both += [material.posted_on for material in self.materials_for(item) if material.posted_on]
        return tuple(sorted(both))

    @property
    def reply_date(self) -> date | None:
        """The date of the reply: the one in case.json, or else the earliest of a reply that is filed."""
        written = self.case.reply.replied_on if self.case.reply else None
        filed = [material.date for material in self.materials_for(Item.REPLY_OPINION) if material.date]
        return written or min(filed, default=None)
