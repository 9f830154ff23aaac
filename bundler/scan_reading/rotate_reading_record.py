"""The record of a file whose pages were turned after it was read: the same words, each at its new place.

A quarter turn moves pixels and changes none, so nothing has to be read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bundler.digest import sha256_of
from bundler.errors import OutputError
from bundler.file_inspection_record import FileRecord
from bundler.scan_reading.case_readings import load_case_readings, write_record
from bundler.scan_reading.page_text_lines import turn_box
from bundler.scan_reading.record import ReadPage, ScanReading


def keep_record_of_turned_file(folder: Path, before: FileRecord, sha256: str, turns: Mapping[int, int]) -> None:
    """Write the record of a file whose pages were turned, where there is one of the file as it was before.

    A record that cannot be written is left out: the file is then read again.

    Args:
        folder: the case folder.
        before: the file before its pages were turned.
        sha256: the digest of the file now.
        turns: by how many degrees each turned page was turned clockwise.
    """
    reading = load_case_readings(folder, {before.file: before}).by_file.get(before.file)
    if reading is not None:
        with suppress(OutputError):
            write_record(folder, turn_record(reading, sha256, turns))


def turn_record(reading: ScanReading, sha256: str, turns: Mapping[int, int]) -> ScanReading:
    """The record of a turned file; the arguments are those of `keep_record_of_turned_file`."""
    pages = tuple(_turn_page(page, turns.get(page.number, 0) % 360) for page in reading.pages)
    return reading.model_copy(update={"source": sha256, "pages": pages})


def _turn_page(page: ReadPage, degrees: int) -> ReadPage:
    if not degrees:
        return page
    size = (page.width, page.height)
    width, height = size[::-1] if degrees % 180 else size
    return page.model_copy(
        update={
            "width": width,
            "height": height,
            "turn": (page.turn - degrees) % 360 if page.status == "read" else 0,
            # Equal pictures that were turned equally are equal; a picture that is drawn has another digest.
            "picture": sha256_of(f"{page.picture} {degrees}".encode()),
            "lines": tuple(line.model_copy(update={"box": turn_box(line.box, size, degrees)}) for line in page.lines),
            "seals": tuple(turn_box(box, size, degrees) for box in page.seals),
            "thumbprints": tuple(turn_box(box, size, degrees) for box in page.thumbprints),
        }
    )
