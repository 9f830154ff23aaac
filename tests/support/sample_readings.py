"""The samples' scans as if an engine had read them without a mistake, from the scripts that lay them out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bundler.digest import sha256_of
from bundler.scan_reading.record import ReadLine, ReadPage
from tests.support.paths import SAMPLES
from tests.support.sample_scans import load_made_sample
from tests.support.scan_readings import write_record


@dataclass
class _Sheet:
    """What is laid out on one page."""

    lines: list[ReadLine] = field(default_factory=list)
    seals: list[tuple[int, int, int, int]] = field(default_factory=list)


def write_sample_readings(name: str, case: Path) -> int:
    """Write a record for each scan of a sample's copy, and return the number of pages."""
    read = read_sample(name)
    for file, pages in read.items():
        write_record(case, file, pages)
    return sum(map(len, read.values()))


def read_sample(name: str) -> dict[str, list[ReadPage]]:
    """What stands on the pages of each scan of a sample."""
    found = {}
    for file in load_made_sample(name).files:
        if hasattr(file, "papers"):
            pages = [page for paper in file.papers for page in _lay_out(paper)]
            coloured = file.colour and not file.format.startswith("tiff")
            found[f"materials/{file.name}"] = [
                page.model_copy(update={"number": place, "coloured": coloured, "seals": page.seals if coloured else ()})
                for place, page in enumerate(pages, start=1)
            ]
    return found


def _lay_out(paper: Any) -> Iterator[ReadPage]:  # noqa: ANN401 (the scripts that make samples are no package of the tests)
    """The pages of a paper, laid out and not drawn."""
    if str(SAMPLES) not in sys.path:
        sys.path.insert(0, str(SAMPLES))
    from making import page_layout
    from making.fonts import PX_PER_PT
    from making.line_breaking import SEAL

    sheets: dict[int, _Sheet] = {}
    cells = iter(range(1, 3000))
    current: list[int] = []

    def note_line(page: Any, line: Any, left: float, top: float) -> None:  # noqa: ANN401
        sheet = sheets.setdefault(id(page), _Sheet())
        height = round(line.style.size * PX_PER_PT)
        glyphs = [glyph for _, glyph in line.places if not glyph.is_mark]
        text = "".join(glyph.character for glyph in glyphs).strip()
        for at, glyph in line.places:
            x, y = round(left + at), round(top)
            if glyph.is_mark and glyph.character == SEAL:
                wide, high = page.image.size
                sheet.seals.append((max(x - 160, 0), max(y - 160, 0), min(x + 160, wide), min(y + 160, high)))
        if text:
            begin, wide = round(left + line.places[0][0]), sum(glyph.width for glyph in glyphs)
            box = (begin, round(top), min(round(begin + wide), page.image.width), round(top) + height)
            sheet.lines.append(ReadLine(box=box, text=text, cell=current[-1] if current else None))

    draw_cell = page_layout._draw_cell

    def note_cell(page: Any, cell: Any, box: Any) -> None:  # noqa: ANN401
        current.append(next(cells))
        draw_cell(page, cell, box)
        current.pop()

    with patch.object(page_layout.Page, "draw_line", note_line), patch.object(page_layout, "_draw_cell", note_cell):
        images = page_layout.draw_paper(paper, "reading")
    for image, sheet in zip(images, sheets.values(), strict=True):
        text = "".join(line.text for line in sheet.lines)
        yield ReadPage(
            number=1,
            width=image.width,
            height=image.height,
            picture=sha256_of(text.encode()),
            lines=tuple(sheet.lines),
            seals=tuple(sheet.seals),
        )
