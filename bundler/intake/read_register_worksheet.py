"""Read a court's register: an untrusted workbook, as plain rows of cells, in a sandboxed process; and find its header.

No formula is calculated: the result that Excel stored is read, and a cell without one says so. Links to other
workbooks are not followed.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from bundler.errors import CaseUnreadableError
from bundler.materials.safe_opening import OpeningError, read_file
from bundler.process_limits import Limits
from bundler.sandbox import LimitExceededError, WorkFailedError, run_sandboxed

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    from bundler.profile import RegisterColumns

MAX_ROWS, MAX_COLUMNS, MAX_SHEETS = 20_000, 200, 50
MAX_TEXT = 20_000
MAX_FILLED = 200_000
"""Cells that the merged ranges of a sheet may fill."""
MEMORY_BYTES = 1024**3
HEADER_WITHIN = 30
"""Rows, from the top, that are searched for the header."""
LEAST_KNOWN = 3
"""The number of known headings that make a header."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_NO_LETTER = re.compile(r"[^\w]|_")
_BRACKETED = re.compile(r"[(（【\[].*?[)）】\]]")
_MERGE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}mergeCell"

CellContent = str | int | float | bool | date | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        value: its value; None when empty.
        fault: why it cannot be read, in Chinese.
        inherited: whether the value is that of the first row of a merged range, which counts for this row too.
    """

    value: CellContent = None
    fault: str = ""
    inherited: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it has neither a value nor a fault."""
        return not self.fault and (self.value is None or (isinstance(self.value, str) and not self.value.strip()))


@dataclass(frozen=True, slots=True)
class Worksheet:
    """One sheet, without its empty rows.

    Attributes:
        title: the sheet's name.
        rows: the number of each row in the workbook, and its cells from column A.
        base: day 0 of its serial numbers.
        hidden: whether Excel hides the sheet, so that it was not read.
        cut: whether it has more rows than are read.
    """

    title: str
    rows: tuple[tuple[int, tuple[Cell, ...]], ...] = ()
    base: date = date(1899, 12, 30)
    hidden: bool = False
    cut: bool = False


def read_worksheets(path: Path) -> tuple[tuple[Worksheet, ...], bytes]:
    """Read a workbook.

    Returns:
        its sheets, and its bytes.

    Raises:
        CaseUnreadableError: the workbook cannot be read.
    """
    name = path.name
    try:
        data = read_file(path.parent, name)
    except OpeningError as error:
        if error.rule == "FILE-MISSING":
            raise CaseUnreadableError(f"没有“{path}”这个文件。", fix="请检查登记簿的文件名和位置。") from error
        raise CaseUnreadableError(f"登记簿“{name}”{error.message}", fix="请给出 .xlsx 文件本身，不用链接。") from error
    except OSError as error:
        raise CaseUnreadableError(f"登记簿“{name}”打不开。", fix="请检查路径。") from error
    if not zipfile.is_zipfile(io.BytesIO(data)):
        old = "是旧格式的 .xls，或者设有密码。" if data.startswith(_OLD_OFFICE) else "不是 Excel 工作簿。"
        raise CaseUnreadableError(f"登记簿“{name}”{old}", fix="请用 Excel 或者 WPS 打开，去掉密码，另存为 .xlsx。")
    try:
        return run_sandboxed(_read_sheets, data, MAX_ROWS, limits=Limits(memory=MEMORY_BYTES)), data
    except LimitExceededError as error:
        raise CaseUnreadableError(
            f"登记簿“{name}”太大，读不完。", fix="请另存一份，只留登记内容，去掉图片和多余的工作表。"
        ) from error
    except WorkFailedError as error:
        raise CaseUnreadableError(f"登记簿“{name}”已损坏，读不出来。", fix="请用 Excel 打开后另存为 .xlsx。") from error


def _read_sheets(data: bytes, most: int) -> tuple[Worksheet, ...]:
    """Read the sheets; runs in the sandbox."""
    import warnings

    from openpyxl import load_workbook

    warnings.simplefilter("ignore")
    shown = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    written = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    base = date(1904, 1, 1) if shown.epoch.year == 1904 else date(1899, 12, 30)  # noqa: PLR2004 (the Macintosh's epoch)
    sheets: Any = zip(shown.worksheets[:MAX_SHEETS], written.worksheets, strict=False)
    return tuple(_read_sheet(first, second, base, most) for first, second in sheets)


def _read_sheet(shown: ReadOnlyWorksheet, written: ReadOnlyWorksheet, base: date, most: int) -> Worksheet:
    if shown.sheet_state != "visible":
        return Worksheet(shown.title, hidden=True)
    rows: dict[int, list[Cell]] = {}
    cut = False
    for number, (values, formulas) in enumerate(zip(_rows(shown), _rows(written), strict=True), start=1):
        cells = [_cell(*pair) for pair in zip(values[:MAX_COLUMNS], formulas[:MAX_COLUMNS], strict=True)]
        while cells and cells[-1].is_empty:
            cells.pop()
        if number > most:
            cut = True
            break
        if cells:
            rows[number] = cells
    _fill_merged(rows, _merged(shown))
    return Worksheet(shown.title, tuple((number, tuple(cells)) for number, cells in rows.items()), base, cut=cut)


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 (openpyxl's read-only sheet)
    # The size in the file is ignored: a false one hides rows, or pretends a million.
    sheet.reset_dimensions()
    yield from sheet.iter_rows()


def _cell(shown: Any, written: Any) -> Cell:  # noqa: ANN401 (openpyxl's read-only cells)
    value = shown.value
    if written.data_type == "f" and value is None:
        return Cell(fault="是公式，文件里没有存下算出的结果")
    if shown.data_type == "e":
        return Cell(fault="公式出错，没有结果")
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return Cell(fault="文字太长")
    if value is None or isinstance(value, str | int | float | bool | date):
        return Cell(value)
    return Cell(fault="是时刻或者时长，不是文字、数字或者日期")


def _merged(sheet: Any) -> Iterator[tuple[int, int, int, int]]:  # noqa: ANN401 (openpyxl's read-only sheet)
    """The merged ranges, which openpyxl's read-only sheets lack: first column, first row, last column, last row."""
    from openpyxl.utils import range_boundaries
    from openpyxl.xml.functions import iterparse

    with sheet._get_source() as source:  # noqa: SLF001 (openpyxl has no public access to the sheet's XML)
        element: Element
        for _, element in iterparse(source):
            if element.tag == _MERGE:
                bounds = range_boundaries(element.get("ref", "A1"))
                if None not in bounds:
                    yield bounds  # type: ignore[misc]  # none is None
            elif not element.tag.endswith(("}c", "}v", "}is", "}t", "}f")):
                element.clear()


def _fill_merged(rows: dict[int, list[Cell]], ranges: Iterator[tuple[int, int, int, int]]) -> None:
    """Copy the value of each merged range to all rows that it covers, in its first column."""
    filled = 0
    for column, first, _, last in ranges:
        anchor = rows.get(first, [])[column - 1 : column]
        if not anchor or anchor[0].is_empty:
            continue
        for number in range(first + 1, min(last, max(rows)) + 1):
            row = rows.get(number)
            filled += 1
            if filled > MAX_FILLED:
                return
            if row is not None:
                row.extend([Cell()] * (column - len(row)))
                row[column - 1] = replace(anchor[0], inherited=True)


@dataclass(frozen=True, slots=True)
class Header:
    """A sheet's header.

    Attributes:
        row: the number of its last row.
        fields: the field of each column that is read, by the column's index from 0.
        titles: the heading of every column.
        unknown: the headings of columns that are not read.
        doubled: the headings of columns that repeat the field of an earlier one; they are not read.
    """

    row: int
    fields: dict[int, str]
    titles: dict[int, str]
    unknown: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()


def find_header(sheet: Worksheet, columns: RegisterColumns) -> Header | None:
    """Find the header of a sheet, which may have two rows (当事人 over 申请执行人, 被执行人); None without one."""
    words = {_normalised(word): field for field, names in columns.items() for word in names}
    rows = sheet.rows[:HEADER_WITHIN]
    best: Header | None = None
    for place, (number, cells) in enumerate(rows):
        below = rows[place + 1] if place + 1 < len(rows) else None
        for header in _candidate_headers(number, cells, below, words):
            # Where two rows give no more fields than one, the title above the header is no part of it.
            if best is None or (len(header.fields), len(header.titles)) > (len(best.fields), len(best.titles)):
                best = header
    return best if best and len(best.fields) >= LEAST_KNOWN else None


def is_repeated_header(cells: tuple[Cell, ...], header: Header) -> bool:
    """Whether a row repeats the header, as a register printed page by page does."""
    same = sum(
        isinstance(cells[place].value, str)
        and _normalised(str(cells[place].value)) == _normalised(header.titles[place])
        for place in header.fields
        if place < len(cells)
    )
    return same >= LEAST_KNOWN


def _candidate_headers(
    number: int, cells: tuple[Cell, ...], below: tuple[int, tuple[Cell, ...]] | None, words: dict[str, str]
) -> Iterator[Header]:
    titles = {
        place: cell.value for place, cell in enumerate(cells) if isinstance(cell.value, str) and not cell.is_empty
    }
    yield _header(number, titles, words)
    if below is not None:
        lower = {
            place: str(cell.value)
            for place, cell in enumerate(below[1])
            if isinstance(cell.value, str) and _normalised(str(cell.value)) in words
        }
        if lower:
            yield _header(below[0], titles | lower, words)


def _header(row: int, titles: dict[int, str], words: dict[str, str]) -> Header:
    fields: dict[int, str] = {}
    unknown: list[str] = []
    doubled: list[str] = []
    for place, title in titles.items():
        field = words.get(_normalised(title)) or words.get(_normalised(_BRACKETED.sub("", title)))
        if field is None:
            unknown.append(title)
        elif field == "ignored":
            continue
        elif field in fields.values():
            doubled.append(title)
        else:
            fields[place] = field
    return Header(row, fields, titles, tuple(unknown), tuple(doubled))


def _normalised(title: str) -> str:
    """A heading in NFKC, without spaces, brackets and punctuation."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", title))
