"""Invented cases as if an engine had read their papers without a mistake: the words are those of the benchmark's maker."""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bundler.case.validation import validate_tree
from bundler.digest import sha256_of
from bundler.file_inspection_record import PDF, FileRecord, PageInfo
from bundler.gate.check import kind_of
from bundler.gate.rule_input import GateContext
from bundler.gate.scan_reading_rules import check_scan_readings
from bundler.profile import load_profile
from bundler.regulation.findings import Finding
from bundler.scan_reading.case_readings import CaseReadings
from bundler.scan_reading.record import Box, ReadLine, ReadPage, ScanReading
from tests.support.scan_readings import HEIGHT, WIDTH, scan_reading

ROOT = Path(__file__).parents[2]
TODAY = date(2024, 1, 10)
_SIZE, _TITLE, _LEADING, _COLUMNS = 42, 62, 66, 28
_FIRST, _LAST = 220, 2100


@dataclass
class InventedFolder:
    """A case with its papers read: what a test changes, and hands to the rules.

    Attributes:
        tree: its case.json.
        pages: of each file, what was read.
    """

    tree: dict[str, Any]
    pages: dict[str, list[ReadPage]] = field(default_factory=dict)

    def material(self, item: str) -> dict[str, Any]:
        """The first material of an item."""
        return next(one for one in self.tree["materials"] if item in one["items"])

    def pages_of(self, item: str) -> list[ReadPage]:
        """The pages of an item's file, which a test may change."""
        return self.pages[self.material(item)["file"]]

    def findings(self) -> list[Finding]:
        """What the rules about readings say."""
        case = validate_tree(self.tree).case
        assert case is not None
        records = {file: _record(file, len(pages)) for file, pages in self.pages.items()}
        readings = {file: _reading(file, pages) for file, pages in self.pages.items()}
        context = GateContext(
            case, load_profile(), kind_of(case, None), TODAY, records, scan_readings=CaseReadings(readings)
        )
        return list(check_scan_readings(context))

    def codes(self) -> list[str]:
        """The codes of what the rules say, each once."""
        return list(dict.fromkeys(found.rule for found in self.findings()))


def _record(file: str, count: int) -> FileRecord:
    page = PageInfo(595, 842, dpi=200, is_scan=True)
    return FileRecord(file, sha256_of(file.encode()), 1000, PDF, (page,) * count)


def _reading(file: str, pages: list[ReadPage]) -> ScanReading:
    numbered = [page.model_copy(update={"number": place}) for place, page in enumerate(pages, start=1)]
    return scan_reading(sha256_of(file.encode()), numbered)


@cache
def _invented(number: int) -> Any:  # noqa: ANN401 (the benchmark's scripts are no package of the tests)
    folder = str(ROOT / "benchmarks" / "reading")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    from invented_papers import invent_case

    return invent_case(number, "tests")


def invented_folder(number: int) -> InventedFolder:
    """The invented case of a number, its papers read without a mistake."""
    case = _invented(number)
    found = InventedFolder(copy.deepcopy(case.tree))
    found.tree["materials"] = []
    for place, paper in enumerate(case.papers):
        file = f"materials/{place}-{paper.item}.pdf"
        found.tree["materials"].append({**copy.deepcopy(paper.material), "file": file})
        found.pages[file] = list(_read(paper))
    return found


def _read(paper: Any) -> Iterator[ReadPage]:  # noqa: ANN401 (see above)
    """The pages of a paper: its title in large letters, its lines and cells one below the other, the foot on each page."""
    lines: list[list[tuple[str, int, int | None]]] = [[(line, _TITLE, None) for line in paper.paper.title]]
    cells = 0
    for block in paper.paper.blocks:
        if isinstance(block, str):
            lines += [[(line, _SIZE, None)] for line in _wrap(_plain(block))]
            continue
        for row in block:
            for cell in row:
                cells += 1
                lines += [[(line, _SIZE, cells)] for line in _wrap(_plain(cell))]
    yield from _paginate([line for group in lines for line in group], paper)


def _paginate(lines: list[tuple[str, int, int | None]], paper: Any) -> Iterator[ReadPage]:  # noqa: ANN401 (see above)
    room = (_LAST - _FIRST) // _LEADING
    sheets = [lines[place : place + room] for place in range(0, len(lines), room)]
    for number, sheet in enumerate(sheets, start=1):
        read = [
            ReadLine(box=_box(text, size, _FIRST + place * _LEADING), text=text, cell=cell)
            for place, (text, size, cell) in enumerate(sheet)
            if text.strip()
        ]
        if paper.paper.foot:
            foot = _plain(paper.paper.foot.replace("{n}", str(number)).replace("{m}", str(len(sheets))))
            read.append(ReadLine(box=_box(foot, 30, 2200), text=foot))
        yield ReadPage(
            number=number,
            width=WIDTH,
            height=HEIGHT,
            picture=sha256_of("".join(line.text for line in read).encode()),
            coloured=True,
            lines=tuple(read),
            seals=((900, 1500, 1200, 1800),) if paper.is_sealed and number == len(sheets) else (),
        )


def _box(text: str, size: int, top: int) -> Box:
    left = (WIDTH - len(text) * size) // 2 if size == _TITLE else 200
    return left, top, min(left + len(text) * size, WIDTH), top + size


def _wrap(text: str) -> list[str]:
    return [line[place : place + _COLUMNS] for line in text.split("\n") for place in range(0, len(line), _COLUMNS)]


def _plain(text: str) -> str:
    return "".join(character for character in text if character not in "~@^<>").strip()


def turned(page: ReadPage, turn: int) -> ReadPage:
    """The page lying on its side or its head: it must be turned clockwise by so many degrees.

    Args:
        page: an upright page.
        turn: 90, 180 or 270.
    """
    width, height = page.width, page.height

    def lay(box: Box) -> Box:
        left, top, right, bottom = box
        return {
            90: (top, width - right, bottom, width - left),
            180: (width - right, height - bottom, width - left, height - top),
            270: (height - bottom, left, height - top, right),
        }[turn]

    size: Mapping[str, int] = {"width": height, "height": width} if turn % 180 else {}
    return page.model_copy(
        update={
            **size,
            "turn": turn,
            "lines": tuple(line.model_copy(update={"box": lay(line.box)}) for line in page.lines),
            "seals": tuple(map(lay, page.seals)),
        }
    )
