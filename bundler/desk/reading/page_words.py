"""What was read on the pages of a file, as the viewer lays it over their pictures: words, warnings, and what was searched for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from bundler.case.pages_of_material import page_span
from bundler.desk.cases.checked_case_cache import CaseView
from bundler.desk.cases.finding_display import without_json_keys
from bundler.file_inspection_record import FileRecord
from bundler.scan_reading.case_readings import load_case_readings
from bundler.scan_reading.page_text_lines import UprightPage
from bundler.scan_reading.record import Box, ReadPage, ScanReading

_MOST_FOUND = 200
"""Places on a page at which a word is marked."""


def reading_of(view: CaseView, record: FileRecord) -> ScanReading | None:
    """What was read on a file of a case, placed or not; None where nothing was."""
    checked = view.checked.scan_readings.by_file.get(record.file)
    if checked is not None and checked.source == record.sha256:
        return checked
    return load_case_readings(view.ref.folder, {record.file: record}).by_file.get(record.file)


def pages_to_turn(reading: ScanReading | None, pages: Iterable[int]) -> dict[int, int]:
    """By how many degrees clockwise each of some pages must be turned to stand upright; upright ones are left out."""
    wanted = set(pages)
    return {
        page.number: page.turn for page in (reading.pages if reading else ()) if page.number in wanted and page.turn
    }


def turned_materials(view: CaseView) -> dict[str, dict[int, int]]:
    """The pages of the case's materials that do not stand upright: by file, how many degrees each must be turned."""
    pages: dict[str, set[int]] = {}
    for material in view.case.materials if view.case else ():
        if material.file in view.checked.scan_readings.by_file:
            first, last = page_span(material, len(view.checked.records[material.file].pages))
            pages.setdefault(material.file, set()).update(range(first, last + 1))
    found = {name: pages_to_turn(view.checked.scan_readings.by_file[name], numbers) for name, numbers in pages.items()}
    return {name: turns for name, turns in found.items() if turns}


def words_of_file(view: CaseView, record: FileRecord, words: Sequence[str]) -> dict[str, Any]:
    """What was read on a file, as JSON for the viewer.

    Args:
        view: the case.
        record: the file.
        words: what was searched for, folded; the viewer marks it.
    """
    reading = reading_of(view, record)
    warnings = _warnings_by_page(view, record.file)
    pages = [_page_words(page, warnings.get(page.number, {}), words) for page in (reading.pages if reading else ())]
    return {"pages": pages, "scans": list(reading.scans) if reading else []}


def _page_words(page: ReadPage, warnings: dict[str, list[Box]], words: Sequence[str]) -> dict[str, Any]:
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "turn": page.turn,
        "is_unclear": page.status == "unclear",
        "lines": [[*line.box, line.text] for line in page.lines],
        "found": [list(box) for box in _places_of(page, words)],
        "warnings": [{"text": text, "boxes": [list(box) for box in boxes]} for text, boxes in warnings.items()],
    }


def _places_of(page: ReadPage, words: Sequence[str]) -> list[Box]:
    """Where the words stand on a page; a word that is broken over lines is marked on each of them."""
    upright = UprightPage(page)
    text = upright.text.casefold()
    found = [upright.box_of(*match.span()) for word in words for match in re.finditer(re.escape(word), text)]
    return list(dict.fromkeys(found))[:_MOST_FOUND]


def _warnings_by_page(view: CaseView, file: str) -> dict[int, dict[str, list[Box]]]:
    """The warnings about places of a file: the boxes of each text, by page; a finding of several items is one warning."""
    found: dict[int, dict[str, list[Box]]] = {}
    for finding in view.checked.check_result.findings:
        text = without_json_keys(f"{finding.message}{finding.fix}")
        for place in finding.places:
            if place.file == file:
                boxes = found.setdefault(place.page, {}).setdefault(text, [])
                if place.box not in boxes:
                    boxes.append(place.box)
    return found
