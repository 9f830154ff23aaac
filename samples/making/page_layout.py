"""Lay papers out on A4 pages and draw them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from PIL import Image, ImageDraw

from making import handwriting_and_stamps as stamps
from making.fonts import PX_PER_MM, PX_PER_PT, font_for
from making.line_breaking import SEAL, Line, break_lines
from making.paper_model import SMALL, Block, Cell, KeepTogether, Paper, Paragraph, Row, Table

A4 = (1654, 2339)
_PAD = 1.6 * PX_PER_MM
_ASCENT = 0.8
"""The part of the type size above the baseline."""


@dataclass(frozen=True, slots=True)
class _Stamp:
    kind: str
    at: stamps.Point


@dataclass
class Page:
    """One page being drawn; seals and thumbprints are stamped last."""

    paper: Paper
    salt: str
    image: Image.Image = field(init=False)
    y: float = field(init=False)
    marks: list[_Stamp] = field(default_factory=list)

    def __post_init__(self) -> None:
        size = A4[::-1] if self.paper.landscape else A4
        self.image = Image.new("RGB", size, "white")
        self.y = self.top

    @property
    def top(self) -> float:
        """The top of the text, in pixels."""
        return self.paper.margins[0] * PX_PER_MM

    @property
    def bottom(self) -> float:
        """The bottom of the text, in pixels."""
        return self.image.height - self.paper.margins[2] * PX_PER_MM

    @property
    def left(self) -> float:
        """The left edge of the text, in pixels."""
        return self.paper.margins[3] * PX_PER_MM

    @property
    def width(self) -> float:
        """The width of the text, in pixels."""
        return self.image.width - self.left - self.paper.margins[1] * PX_PER_MM

    def draw_line(self, line: Line, left: float, top: float) -> None:
        """Draw a line with its top left corner at a point."""
        height, size = line.style.line * PX_PER_PT, line.style.size * PX_PER_PT
        baseline = top + (height - size) / 2 + size * _ASCENT + 2
        draw = ImageDraw.Draw(self.image)
        rng = stamps.seeded_random("".join(glyph.character for _, glyph in line.places), self.salt)
        for x, glyph in line.places:
            at = (left + x, baseline)
            if glyph.is_mark:
                self.marks.append(_Stamp(glyph.character, (at[0], top + height / 2)))
            elif glyph.character == "☑":
                self._draw_ticked_box(at, size)
            elif glyph.handwritten:
                stamps.write_character(self.image, glyph.character, at, line.style.size, rng)
            elif not glyph.character.isspace():
                font = font_for(line.style.face, line.style.size, glyph.character)
                draw.text(at, glyph.character, stamps.TONER, font, anchor="ls")

    def _draw_ticked_box(self, at: stamps.Point, size: float) -> None:
        draw = ImageDraw.Draw(self.image)
        x, y, side = at[0] + size * 0.12, at[1] - size * 0.7, size * 0.74
        draw.rectangle((x, y, x + side, y + side), outline=stamps.TONER, width=2)
        tick = (
            (x + side * 0.15, y + side * 0.5),
            (x + side * 0.42, y + side * 0.85),
            (x + side * 1.05, y - side * 0.1),
        )
        draw.line(tick, fill=(28, 34, 84), width=4, joint="curve")

    def finish(self, number: int, total: int, rng: Random) -> Image.Image:
        """Draw the foot, stamp the seals and thumbprints, and return the page."""
        if self.paper.foot:
            text = self.paper.foot.replace("{page}", str(number)).replace("{pages}", str(total))
            top = self.bottom + 5 * PX_PER_MM
            for line in break_lines(Paragraph(text, SMALL, "centre", first=0), self.width):
                self.draw_line(line, self.left, top)
                top += line.style.line * PX_PER_PT
        for mark in self.marks:
            if mark.kind == SEAL:
                stamps.stamp_seal(self.image, mark.at, rng)
            else:
                stamps.stamp_thumbprint(self.image, mark.at, rng)
        return self.image


def draw_paper(paper: Paper, salt: str) -> list[Image.Image]:
    """Draw the pages of a paper, clean and straight.

    Args:
        paper: the paper.
        salt: a text that is different for every paper of the samples, for the random variation.
    """
    pages = [Page(paper, f"{salt}|1")]
    for block in paper.blocks:
        for part in _split_block(block):
            _draw_block(pages, part, salt)
    total = len(pages)
    return [
        page.finish(number, total, stamps.seeded_random("marks", f"{salt}|{number}"))
        for number, page in enumerate(pages, start=1)
    ]


def _split_block(block: Block) -> Iterator[Block]:
    """Split a block where a page may end: a table between its rows."""
    if isinstance(block, Table):
        for number, row in enumerate(block.rows):
            yield replace(block, rows=(row,), before=block.before if number == 0 else 0)
    else:
        yield block


def _draw_block(pages: list[Page], block: Block, salt: str) -> None:
    """Draw a block on the last page, or on a new one where it does not fit."""
    if isinstance(block, Paragraph):
        _draw_lines(pages, block, salt)
        return
    inner = block.blocks if isinstance(block, KeepTogether) else (block,)
    page = _page_with_space(pages, sum(_block_height(one, pages[-1].width) for one in inner), salt)
    for one in inner:
        if isinstance(one, Paragraph):
            _draw_lines(pages, one, salt)
        else:
            _draw_table(page, one)


def _page_with_space(pages: list[Page], height: float, salt: str) -> Page:
    page = pages[-1]
    if page.y + height <= page.bottom + 2:
        return page
    if height > page.bottom - page.top:
        raise ValueError(f"a block of {height:.0f} px fits on no page of {salt}")
    pages.append(Page(page.paper, f"{salt}|{len(pages) + 1}"))
    return pages[-1]


def _draw_lines(pages: list[Page], par: Paragraph, salt: str) -> None:
    if pages[-1].y > pages[-1].top:
        pages[-1].y += par.before * PX_PER_PT
    for line in break_lines(par, pages[-1].width):
        height = line.style.line * PX_PER_PT
        page = _page_with_space(pages, height, salt)
        page.draw_line(line, page.left, page.y)
        page.y += height


def _block_height(block: Paragraph | Table, width: float) -> float:
    if isinstance(block, Paragraph):
        return (len(break_lines(block, width)) * block.style.line + block.before) * PX_PER_PT
    return block.before * PX_PER_PT + sum(_row_height(row, block.widths) for row in block.rows)


def _cell_positions(row: Row, widths: tuple[float, ...]) -> list[tuple[Cell, float, float]]:
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
    return break_lines(Paragraph(cell.text, cell.style, cell.align, cell.first), wide - 2 * _PAD)


def _foot_lines(cell: Cell, wide: float) -> list[Line]:
    return break_lines(Paragraph(cell.foot, cell.style, "right", 0), wide - 2 * _PAD) if cell.foot else []


def _row_height(row: Row, widths: tuple[float, ...]) -> float:
    tallest = max(
        sum(line.style.line for line in (*_cell_lines(cell, wide), *_foot_lines(cell, wide))) * PX_PER_PT
        for cell, _, wide in _cell_positions(row, widths)
    )
    return max(row.height * PX_PER_MM, tallest + 2 * _PAD)


def _draw_table(page: Page, table: Table) -> None:
    page.y += table.before * PX_PER_PT
    draw = ImageDraw.Draw(page.image)
    for row in table.rows:
        height = _row_height(row, table.widths)
        for cell, x, wide in _cell_positions(row, table.widths):
            left = page.left + x
            if table.ruled:
                draw.rectangle((left, page.y, left + wide, page.y + height), outline=stamps.TONER, width=2)
            _draw_cell(page, cell, (left, page.y, wide, height))
        page.y += height - 1


def _draw_cell(page: Page, cell: Cell, box: tuple[float, float, float, float]) -> None:
    left, top, wide, height = box
    lines, foot = _cell_lines(cell, wide), _foot_lines(cell, wide)
    tall = sum(line.style.line for line in lines) * PX_PER_PT
    y = top + _PAD if cell.top or foot else top + (height - tall) / 2
    for line in lines:
        page.draw_line(line, left + _PAD, y)
        y += line.style.line * PX_PER_PT
    y = top + height - _PAD - sum(line.style.line for line in foot) * PX_PER_PT
    for line in foot:
        page.draw_line(line, left + _PAD, y)
        y += line.style.line * PX_PER_PT
