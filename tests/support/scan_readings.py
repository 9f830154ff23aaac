"""Records of what was read on scans, written by tests in the place of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bundler.digest import sha256_of, sha256_of_file
from bundler.scan_reading.case_readings import record_bytes, record_name
from bundler.scan_reading.record import ReadLine, ReadPage, ScanReading

WIDTH, HEIGHT = 1654, 2339
"""An A4 page at 200 dpi."""
_LINE = 46


def read_page(number: int = 1, texts: Iterable[str] = (), **fields: Any) -> ReadPage:  # noqa: ANN401 (of the model)
    """A page with these lines one below the other."""
    lines = tuple(
        ReadLine(box=(200, top, min(200 + len(text) * _LINE, WIDTH), top + _LINE), text=text)
        for top, text in zip(range(300, 2300, 2 * _LINE), texts, strict=False)
    )
    given = {"width": WIDTH, "height": HEIGHT, "picture": sha256_of(b"%d" % number), "lines": lines, **fields}
    return ReadPage(number=number, **given)


def scan_reading(source: str, pages: Sequence[ReadPage]) -> ScanReading:
    """The record of a file with this digest."""
    numbers = tuple(page.number for page in pages)
    return ScanReading(source=source, engine="test 1", models={}, settings={}, scans=numbers, pages=tuple(pages))


def write_record(case: Path, file: str, pages: Sequence[ReadPage]) -> Path:
    """Write the record of a file of a case folder, and return its path."""
    digest = sha256_of_file(case / file)
    path = case / record_name(digest)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(record_bytes(scan_reading(digest, pages)))
    return path
