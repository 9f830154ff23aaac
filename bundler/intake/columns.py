"""Which column of a register holds what: the header row is found by its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bundler.intake.worksheets import Cell, Worksheet
from bundler.profile import RegisterColumns

HEADER_WITHIN = 30
"""Rows, from the top, among which the header is looked for."""
LEAST_KNOWN = 3
"""So many known headings make a header."""

_NO_LETTER = re.compile(r"[^\w]|_")
_BRACKETED = re.compile(r"[(（【\[].*?[)）】\]]")


@dataclass(frozen=True, slots=True)
class Header:
    """A sheet's header.

    Attributes:
        row: the number of the last row that belongs to it.
        fields: the field of each column that is read, by the column's place from 0.
        titles: every column's heading as it stands.
        unknown: headings of columns that are not read.
        doubled: headings of columns that say what an earlier one says already; they are not read.
    """

    row: int
    fields: dict[int, str]
    titles: dict[int, str]
    unknown: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()


def find_header(grid: Worksheet, columns: RegisterColumns) -> Header | None:
    """The header of a sheet, which may take two rows (当事人 over 申请执行人, 被执行人); None where there is none."""
    words = {_folded(word): field for field, names in columns.model_dump().items() for word in names}
    rows = grid.rows[:HEADER_WITHIN]
    best: Header | None = None
    for place, (number, cells) in enumerate(rows):
        below = rows[place + 1] if place + 1 < len(rows) else None
        for header in _headers(number, cells, below, words):
            if best is None or len(header.fields) > len(best.fields):
                best = header
    return best if best and len(best.fields) >= LEAST_KNOWN else None


def is_repeated_header(cells: tuple[Cell, ...], header: Header) -> bool:
    """Whether a row repeats the header, as a register printed page by page does."""
    same = sum(
        isinstance(cells[place].value, str) and _folded(str(cells[place].value)) == _folded(header.titles[place])
        for place in header.fields
        if place < len(cells)
    )
    return same >= LEAST_KNOWN


def _headers(
    number: int, cells: tuple[Cell, ...], below: tuple[int, tuple[Cell, ...]] | None, words: dict[str, str]
) -> Iterator[Header]:
    titles = {place: str(cell.value) for place, cell in enumerate(cells) if isinstance(cell.value, str)}
    yield _header(number, titles, words)
    if below is not None:
        lower = {
            place: str(cell.value)
            for place, cell in enumerate(below[1])
            if isinstance(cell.value, str) and _folded(str(cell.value)) in words
        }
        if lower:
            yield _header(below[0], titles | lower, words)


def _header(row: int, titles: dict[int, str], words: dict[str, str]) -> Header:
    fields: dict[int, str] = {}
    unknown: list[str] = []
    doubled: list[str] = []
    for place, title in titles.items():
        field = words.get(_folded(title)) or words.get(_folded(_BRACKETED.sub("", title)))
        if field is None:
            unknown.append(title)
        elif field == "ignored":
            continue
        elif field in fields.values():
            doubled.append(title)
        else:
            fields[place] = field
    return Header(row, fields, titles, tuple(unknown), tuple(doubled))


def _folded(title: str) -> str:
    """A heading without width, spaces, brackets and marks."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", title))
