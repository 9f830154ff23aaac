"""Read one page: turn it upright, find its lines, cut them at the rules of tables, read each, and put them in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bundler.printable_text import replace_unsafe
from bundler.scan_reading.record import MAX_LINES, MAX_TEXT, Doubt, ReadLine, ReadPage, Turn
from bundler.text_recognition.find_seals_and_fingerprints import find_red_marks
from bundler.text_recognition.line_reading import read_line
from bundler.text_recognition.ocr_engine import MIN_SCORE, Engine, Picture, Quad, cut_line
from bundler.text_recognition.page_picture import PagePicture
from bundler.text_recognition.page_turn_and_slant import (
    box_on_page,
    height_of,
    is_sideways,
    is_upside_down,
    length_of,
    slope_of_line,
    slope_of_page,
    turn_picture,
)
from bundler.text_recognition.table_cells import Tables, find_tables

_MIN_LINE = 6
"""Pixels that a line is high and long at least."""
_MIN_READ_SHARE = 0.2
_MANY_LINES = 8
"""Where so many lines were found and fewer than a fifth of them could be read, the page is unclear."""
_SAME_ROW = 0.5
"""Share of a line's height by which the middles of two lines in one row differ at most."""


@dataclass(frozen=True, slots=True)
class _FoundLine:
    quad: Quad
    text: str
    cell: int | None
    doubts: tuple[Doubt, ...]


def read_page(engine: Engine, picture: PagePicture, number: int) -> ReadPage:
    """Read a page.

    Args:
        engine: the engine.
        picture: the page as a viewer shows it.
        number: the page of the file, from 1.
    """
    marks = find_red_marks(picture.pixels)
    width, height = picture.size
    # In the red channel a seal is as light as paper, so that the words under it can be read.
    grey = picture.pixels if picture.pixels.ndim == 2 else picture.pixels[:, :, 2].copy()  # noqa: PLR2004 (grey)
    turn, grey, quads = _turn_upright(engine, grey)
    slope = slope_of_page(quads)
    tables = find_tables(grey, slope)
    pieces = [piece for quad in quads for piece in tables.cut(quad) if _is_readable(piece)]
    found = []
    for quad in pieces[:MAX_LINES]:
        recognised, doubts = read_line(engine, cut_line(grey, quad))
        text = replace_unsafe(recognised.text, "", keep="").strip()[:MAX_TEXT]
        if text and recognised.score >= MIN_SCORE:
            found.append(_FoundLine(quad, text, tables.cell_at(quad), doubts))
    if len(pieces) >= _MANY_LINES and len(found) < _MIN_READ_SHARE * len(pieces):
        return unclear_page(number, picture)
    lines = []
    for line in _in_reading_order(found, tables):
        box = box_on_page(line.quad, turn, (width, height))
        if box is not None:
            sloped = slope_of_line(line.quad, slope)
            lines.append(ReadLine(box=box, text=line.text, slope=sloped, cell=line.cell, doubts=line.doubts))
    return ReadPage(
        number=number,
        width=width,
        height=height,
        turn=turn,
        picture=picture.sha256,
        coloured=marks.coloured,
        lines=tuple(lines),
        seals=marks.seals,
        thumbprints=marks.thumbprints,
    )


def unclear_page(number: int, picture: PagePicture) -> ReadPage:
    """The record of a page that cannot be read."""
    width, height = picture.size
    return ReadPage(number=number, status="unclear", width=width, height=height, picture=picture.sha256)


def _turn_upright(engine: Engine, grey: Picture) -> tuple[Turn, Picture, list[Quad]]:
    """Turn a page upright; return by how much it was turned clockwise, the page, and its lines."""
    quads = engine.find_lines(grey)
    sideways = is_sideways(quads)
    if sideways:
        grey = turn_picture(grey, 90)
        quads = engine.find_lines(grey)
    if not is_upside_down(engine, grey, quads):
        return (90 if sideways else 0), grey, quads
    grey = turn_picture(grey, 180)
    return (270 if sideways else 180), grey, engine.find_lines(grey)


def _is_readable(quad: Quad) -> bool:
    return min(length_of(quad), height_of(quad)) >= _MIN_LINE


def _in_reading_order(found: Sequence[_FoundLine], tables: Tables) -> list[_FoundLine]:
    """From top to bottom, within a row from left to right, the cells of a table one after the other."""
    blocks: list[tuple[float, int, list[_FoundLine]]] = []
    for cell in tables.cells:
        inside = [line for line in found if line.cell == cell.number]
        if inside:
            blocks.append((float(cell.box[1]), cell.number, [line for row in _rows(inside, tables) for line in row]))
    outside = _rows([line for line in found if line.cell is None], tables)
    blocks += [(min(_middle(line, tables) for line in row), 0, row) for row in outside]
    blocks.sort(key=lambda block: block[:2])
    return [line for _, _, lines in _keep_rows_of_cells(blocks) for line in lines]


def _keep_rows_of_cells(
    blocks: list[tuple[float, int, list[_FoundLine]]],
) -> list[tuple[float, int, list[_FoundLine]]]:
    """Cells keep the order in which the table has them, although the upper edges of one row differ by a pixel."""
    cells = iter(sorted((block for block in blocks if block[1]), key=lambda block: block[1]))
    return [next(cells) if block[1] else block for block in blocks]


def _rows(lines: Sequence[_FoundLine], tables: Tables) -> list[list[_FoundLine]]:
    """Lines that stand beside each other, each row from left to right."""
    rows: list[list[_FoundLine]] = []
    for line in sorted(lines, key=lambda one: _middle(one, tables)):
        near = _SAME_ROW * height_of(line.quad)
        if rows and abs(_middle(line, tables) - _middle(rows[-1][-1], tables)) < near:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: float(tables.straight(one.quad)[0][0])) for row in rows]


def _middle(line: _FoundLine, tables: Tables) -> float:
    return float(tables.straight(line.quad)[:, 1].mean())
