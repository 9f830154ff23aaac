"""Laying papers out on A4 pages and drawing them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from PIL import Image, ImageDraw

from making import ink
from making.glyphs import PX_PER_MM, PX_PER_PT, font_for
from making.model import SMALL, Block, Cell, Paper, Par, Row, Table, Together
from making.setting import SEAL, Line, lines_of

A4 = (1654, 2339)
_PAD = 1.6 * PX_PER_MM
_ASCENT = 0.8
"""Where the baseline stands in the height of a line's letters."""


@dataclass(frozen=True, slots=True)
class _Mark:
    kind: str
    at: ink.Point


@dataclass
class Sheet:
    """One page that is being drawn; seals and thumbs are pressed when all is written."""

    paper: Paper
    salt: str
    image: Image.Image = field(init=False)
    y: float = field(init=False)
    marks: list[_Mark] = field(default_factory=list)

    def __post_init__(self) -> None:
        size = A4[::-1] if self.paper.landscape else A4
        self.image = Image.new("RGB", size, "white")
        self.y = self.top

    @property
    def top(self) -> float:
        """Where the text begins."""
        return self.paper.margins[0] * PX_PER_MM

    @property
    def bottom(self) -> float:
        """Where the text ends."""
        return self.image.height - self.paper.margins[2] * PX_PER_MM

    @property
    def left(self) -> float:
        """The left edge of the text."""
        return self.paper.margins[3] * PX_PER_MM

    @property
    def width(self) -> float:
        """The width of the text."""
        return self.image.width - self.left - self.paper.margins[1] * PX_PER_MM

    def line(self, line: Line, left: float, top: float) -> None:
        """Draw a line in its place."""
        height, size = line.look.line * PX_PER_PT, line.look.size * PX_PER_PT
        baseline = top + (height - size) / 2 + size * _ASCENT + 2
        draw = ImageDraw.Draw(self.image)
        hand = ink.seeded("".join(glyph.character for _, glyph in line.places), self.salt)
        for x, glyph in line.places:
            at = (left + x, baseline)
            if glyph.is_mark:
                self.marks.append(_Mark(glyph.character, (at[0], top + height / 2)))
            elif glyph.character == "☑":
                self._ticked_box(at, size)
            elif glyph.by_hand:
                ink.write(self.image, glyph.character, at, line.look.size, hand)
            elif not glyph.character.isspace():
                font = font_for(line.look.face, line.look.size, glyph.character)
                draw.text(at, glyph.character, ink.TONER, font, anchor="ls")

    def _ticked_box(self, at: ink.Point, size: float) -> None:
        draw = ImageDraw.Draw(self.image)
        x, y, side = at[0] + size * 0.12, at[1] - size * 0.7, size * 0.74
        draw.rectangle((x, y, x + side, y + side), outline=ink.TONER, width=2)
        tick = (
            (x + side * 0.15, y + side * 0.5),
            (x + side * 0.42, y + side * 0.85),
            (x + side * 1.05, y - side * 0.1),
        )
        draw.line(tick, fill=(28, 34, 84), width=4, joint="curve")

    def finish(self, number: int, total: int, chance: Random) -> Image.Image:
        """The page with its foot, and with what was pressed on it."""
        if self.paper.foot:
            text = self.paper.foot.replace("{page}", str(number)).replace("{pages}", str(total))
            top = self.bottom + 5 * PX_PER_MM
            for line in lines_of(Par(text, SMALL, "centre", first=0), self.width):
                self.line(line, self.left, top)
                top += line.look.line * PX_PER_PT
        for mark in self.marks:
            if mark.kind == SEAL:
                ink.seal(self.image, mark.at, chance)
            else:
                ink.thumb(self.image, mark.at, chance)
        return self.image


def draw_paper(paper: Paper, salt: str) -> list[Image.Image]:
    """The pages of a paper, clean and straight."""
    sheets = [Sheet(paper, f"{salt}|1")]
    for block in paper.blocks:
        for part in _parts(block):
            _place(sheets, part, salt)
    total = len(sheets)
    return [
        sheet.finish(number, total, ink.seeded("marks", f"{salt}|{number}"))
        for number, sheet in enumerate(sheets, start=1)
    ]


def _parts(block: Block) -> Iterator[Block]:
    """A table goes on the pages row after row."""
    if isinstance(block, Table):
        for number, row in enumerate(block.rows):
            yield replace(block, rows=(row,), before=block.before if number == 0 else 0)
    else:
        yield block


def _place(sheets: list[Sheet], block: Block, salt: str) -> None:
    """Draw a block on the last sheet, or on a new one where it does not fit."""
    if isinstance(block, Par):
        _place_lines(sheets, block, salt)
        return
    inner = block.blocks if isinstance(block, Together) else (block,)
    sheet = _sheet_with_room(sheets, sum(_height(one, sheets[-1].width) for one in inner), salt)
    for one in inner:
        if isinstance(one, Par):
            _place_lines(sheets, one, salt)
        else:
            _draw_table(sheet, one)


def _sheet_with_room(sheets: list[Sheet], height: float, salt: str) -> Sheet:
    sheet = sheets[-1]
    if sheet.y + height <= sheet.bottom + 2:
        return sheet
    if height > sheet.bottom - sheet.top:
        raise ValueError(f"a block of {height:.0f} px fits on no page of {salt}")
    sheets.append(Sheet(sheet.paper, f"{salt}|{len(sheets) + 1}"))
    return sheets[-1]


def _place_lines(sheets: list[Sheet], par: Par, salt: str) -> None:
    if sheets[-1].y > sheets[-1].top:
        sheets[-1].y += par.before * PX_PER_PT
    for line in lines_of(par, sheets[-1].width):
        height = line.look.line * PX_PER_PT
        sheet = _sheet_with_room(sheets, height, salt)
        sheet.line(line, sheet.left, sheet.y)
        sheet.y += height


def _height(block: Par | Table, width: float) -> float:
    if isinstance(block, Par):
        return (len(lines_of(block, width)) * block.look.line + block.before) * PX_PER_PT
    return block.before * PX_PER_PT + sum(_row_height(row, block.widths) for row in block.rows)


def _spans(row: Row, widths: tuple[float, ...]) -> list[tuple[Cell, float, float]]:
    """Each cell with its left edge and width in pixels."""
    found, column, x = [], 0, 0.0
    for cell in row.cells:
        wide = sum(widths[column : column + cell.columns]) * PX_PER_MM
        found.append((cell, x, wide))
        column, x = column + cell.columns, x + wide
    if column != len(widths):
        raise ValueError(f"a row of {column} columns in a table of {len(widths)}: {row.cells[0].text}")
    return found


def _cell_lines(cell: Cell, wide: float) -> list[Line]:
    return lines_of(Par(cell.text, cell.look, cell.align, cell.first), wide - 2 * _PAD)


def _foot_lines(cell: Cell, wide: float) -> list[Line]:
    return lines_of(Par(cell.foot, cell.look, "right", 0), wide - 2 * _PAD) if cell.foot else []


def _row_height(row: Row, widths: tuple[float, ...]) -> float:
    tallest = max(
        sum(line.look.line for line in (*_cell_lines(cell, wide), *_foot_lines(cell, wide))) * PX_PER_PT
        for cell, _, wide in _spans(row, widths)
    )
    return max(row.height * PX_PER_MM, tallest + 2 * _PAD)


def _draw_table(sheet: Sheet, table: Table) -> None:
    sheet.y += table.before * PX_PER_PT
    draw = ImageDraw.Draw(sheet.image)
    for row in table.rows:
        height = _row_height(row, table.widths)
        for cell, x, wide in _spans(row, table.widths):
            left = sheet.left + x
            if table.ruled:
                draw.rectangle((left, sheet.y, left + wide, sheet.y + height), outline=ink.TONER, width=2)
            _fill_cell(sheet, cell, (left, sheet.y, wide, height))
        sheet.y += height - 1


def _fill_cell(sheet: Sheet, cell: Cell, box: tuple[float, float, float, float]) -> None:
    left, top, wide, height = box
    lines, foot = _cell_lines(cell, wide), _foot_lines(cell, wide)
    tall = sum(line.look.line for line in lines) * PX_PER_PT
    y = top + _PAD if cell.top or foot else top + (height - tall) / 2
    for line in lines:
        sheet.line(line, left + _PAD, y)
        y += line.look.line * PX_PER_PT
    y = top + height - _PAD - sum(line.look.line for line in foot) * PX_PER_PT
    for line in foot:
        sheet.line(line, left + _PAD, y)
        y += line.look.line * PX_PER_PT
