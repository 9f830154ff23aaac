"""A material together with what was read on the pages of its scan: what the rules about readings look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bundler.case.identifiers import masked
from bundler.case.model import Material
from bundler.case.pages_of_material import page_span
from bundler.file_inspection_record import PageLook
from bundler.gate.rule_input import GateContext
from bundler.regulation.findings import Finding, ScanPlace, finding
from bundler.scan_reading.page_text_lines import UprightPage
from bundler.scan_reading.record import Box, ReadPage


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page that was read.

    Attributes:
        number: the page of the file, from 1.
        upright: what was read on it.
        look: what is seen on it; None if it could not be drawn.
    """

    number: int
    upright: UprightPage
    look: PageLook | None

    @property
    def page(self) -> ReadPage:
        """Its record."""
        return self.upright.page


@dataclass(frozen=True)
class ScannedMaterial:
    """A material of which pages were read.

    Attributes:
        index: its place in `materials`.
        material: the entry of case.json.
        pages: those of its pages that were read, in order.
        is_whole: all its pages but the blank ones were read.
    """

    index: int
    material: Material
    pages: tuple[ScannedPage, ...]
    is_whole: bool

    @cached_property
    def legible(self) -> tuple[ScannedPage, ...]:
        """Its pages on which text was read."""
        return tuple(page for page in self.pages if page.upright.text and not page.upright.is_in_pieces)

    @property
    def is_legible(self) -> bool:
        """Whether text was read on all its pages, so that what was not found is not there."""
        return self.is_whole and len(self.legible) == len(self.pages)

    @property
    def is_well_read(self) -> bool:
        """Whether the engine was sure of most of the text on each of its pages."""
        return self.is_legible and all(page.upright.is_well_read for page in self.pages)

    @cached_property
    def text(self) -> str:
        """The folded text of its legible pages."""
        return "".join(page.upright.text for page in self.legible)

    def place(self, page: ScannedPage, box: Box | None = None, read: str = "") -> ScanPlace:
        """A place on one of its pages; the whole page where no box is given. Numbers of persons that were read are masked."""
        size = (page.page.width, page.page.height)
        return ScanPlace(self.material.file, page.number, box or (0, 0, *size), size, masked(read))

    def findings(
        self, rule: str, message: str, fix: str, places: Sequence[ScanPlace], key: str = "file"
    ) -> Iterator[Finding]:
        """A finding about it for each item that it serves. Numbers of persons are masked: reports and notices quote findings.

        Args:
            rule: the code of the rule.
            message: what is wrong, after the file's name.
            fix: what the clerk should do.
            places: where it was read.
            key: the key of the material that the finding points to.
        """
        for item in dict.fromkeys(self.material.items):
            found = finding(
                rule,
                message=f"“{self.material.file}”{masked(message)}",
                fix=fix,
                item=item,
                path=f"/materials/{self.index}/{key}",
            )
            yield replace(found, places=tuple(places))


def list_scanned_materials(context: GateContext) -> list[ScannedMaterial]:
    """The materials of a case whose files have a record of reading, in the order of case.json."""
    found = []
    for index, material in enumerate(context.case.materials):
        reading = context.scan_readings.by_file.get(material.file)
        if reading is None:
            continue
        inspected = context.records[material.file].pages
        first, last = page_span(material, len(inspected))
        read = {page.number: page for page in reading.pages}
        numbers = [number for number in range(first, last + 1) if number in read]
        pages = tuple(ScannedPage(number, UprightPage(read[number]), inspected[number - 1].look) for number in numbers)
        blank = {number for number, page in enumerate(inspected, start=1) if page.blank}
        is_whole = all(number in read or number in blank for number in range(first, last + 1))
        found.append(ScannedMaterial(index, material, pages, is_whole))
    return found


def describe_place(place: ScanPlace) -> str:
    """Where on the page a place is, in words such as 下方偏右."""
    across = (place.box[0] + place.box[2]) / 2 / place.size[0]
    down = (place.box[1] + place.box[3]) / 2 / place.size[1]
    vertical = "上方" if down < 1 / 3 else "下方" if down > 2 / 3 else "中间"
    horizontal = "偏左" if across < 1 / 3 else "偏右" if across > 2 / 3 else ""
    return vertical + horizontal
