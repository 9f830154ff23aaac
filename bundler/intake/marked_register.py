"""The register with the questions of its import: cells that were not read are red, those to check yellow, each with a comment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bundler.intake.case_from_register_rows import Remark
from bundler.intake.import_register import ImportResult
from bundler.intake.read_register_worksheet import Cell, Worksheet
from bundler.xlsx_writer.sheets import CellValue, RowTone
from bundler.xlsx_writer.workbook import add_styles, put_cell, safe_sheet_title, save_workbook

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet as Page

QUESTIONS = "导入时的问题"
"""The heading of the column that is added at the right."""
_WIDTH, _QUESTIONS_WIDTH = 16, 60
_COMMENT_WIDTH, _COMMENT_HEIGHT = 320, 110
"""Of a comment, in pixels."""


def build_marked_register(sheets: Iterable[Worksheet], imported: ImportResult) -> bytes:
    """Build a workbook with the cells of a register where they were, and the questions of its import marked in them.

    Args:
        sheets: the sheets of the register.
        imported: the result of the import.
    """
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    add_styles(workbook)
    for sheet in sheets:
        questions: dict[int, list[Remark]] = defaultdict(list)
        for petition in imported.petitions:
            if petition.sheet == sheet.title:
                for remark in petition.remarks:
                    questions[remark.row].append(remark)
        if not sheet.hidden:
            _fill(workbook.create_sheet(safe_sheet_title(sheet.title)), sheet, questions)
    if not workbook.worksheets:
        workbook.create_sheet(QUESTIONS)
    return save_workbook(workbook)


def _fill(page: Page, sheet: Worksheet, questions: dict[int, list[Remark]]) -> None:
    from openpyxl.utils import get_column_letter

    last = max((len(cells) for _, cells in sheet.rows), default=0)
    for number, cells in sheet.rows:
        for place, cell in enumerate(cells, start=1):
            put_cell(page, number, place, _value_of(cell))
        _mark(page, number, questions[number], last + 1)
    for place in range(1, last + 1):
        page.column_dimensions[get_column_letter(place)].width = _WIDTH
    page.column_dimensions[get_column_letter(last + 1)].width = _QUESTIONS_WIDTH
    if sheet.rows:
        put_cell(page, sheet.rows[0][0], last + 1, QUESTIONS)


def _value_of(cell: Cell) -> CellValue:
    """The value of a cell as the writer takes it; that of a merged range stands in its first cell alone."""
    return None if cell.inherited else cell.value


def _mark(page: Page, row: int, remarks: Sequence[Remark], column: int) -> None:
    """Colour the cells of a row that raise a question, explain each in a comment, and list all of them at the right."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    by_place: dict[int, list[Remark]] = defaultdict(list)
    for remark in remarks:
        by_place[remark.place or 0].append(remark)
    for place, own in by_place.items():
        cell = page.cell(row, place + 1)
        tone = RowTone.SOON if all(remark.is_read for remark in own) else RowTone.LATE
        cell.fill = PatternFill("solid", start_color=tone.value)
        told = "\n".join(_tell(remark) for remark in own)
        cell.comment = Comment(told, "bundler", height=_COMMENT_HEIGHT, width=_COMMENT_WIDTH)
    if remarks:
        put_cell(
            page, row, column, "；".join(f"{one.column}：{_tell(one)}" if one.column else _tell(one) for one in remarks)
        )


def _tell(remark: Remark) -> str:
    return f"{remark.reason}。{remark.fix}"
