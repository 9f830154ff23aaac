"""Read a sequence of block-level elements of a Word file: paragraphs and tables, in the body and in cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from bundler.word.block_model import NO_BORDERS, Cell, Paragraph, Row, Table
from bundler.word.borders import TableBorders, read_diagonals
from bundler.word.detect_page_number_boxes import is_page_number_frame
from bundler.word.docx_package import W, to_integer, to_number
from bundler.word.paragraphs import ParagraphReader, split_at_page_breaks
from bundler.word.shading_and_text_colour import fill_of
from bundler.word.styles import TWIPS, is_on, merge_properties, to_points

_WRAPPERS = frozenset({f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}smartTag"})
"""Elements, such as content controls, that hold others and show nothing themselves."""
_CONTINUED = -1
"""The row span of a cell that continues the cell above it."""
_CELL_MARGIN = 5.4
"""Left and right in a cell, in points, where a file says nothing."""
VERTICAL_DIRECTIONS = frozenset({"tbRl", "tbRlV", "rl", "rlV"})
"""The directions of text that runs from top to bottom."""
_TABLE_WIDTH = 415.0
"""Points between Word's usual margins, for a table that states no columns."""
_MAX_GAP = 63
"""Columns that a row may leave out; Word's limit of columns."""


def read_body(nodes: Iterable[Any], reader: ParagraphReader) -> Iterator[Paragraph | Table]:
    """Read the paragraphs and tables among some elements, in order; frames that hold a page number are left out."""
    begins_page = False
    for block in _read_blocks(nodes, reader):
        if block is None:
            begins_page = True
        elif not begins_page:
            yield block
        else:
            begins_page = False
            if isinstance(block, Table):
                yield _PAGE_START
                yield block
            else:
                yield replace(block, new_page=True)


_PAGE_START = Paragraph("", (), line=0.1, exact=True, new_page=True, size=1)
"""Begins a page before a table."""


def _read_blocks(nodes: Iterable[Any], reader: ParagraphReader) -> Iterator[Paragraph | Table | None]:
    """Yield the blocks; None stands for a page break at the end of a paragraph."""
    for node in nodes:
        if node.tag == f"{W}p":
            if is_page_number_frame(node, reader.styles):
                continue
            paragraphs, ends_page = split_at_page_breaks(reader.read(node))
            yield from paragraphs
            if ends_page:
                yield None
        elif node.tag == f"{W}tbl":
            yield _read_table(node, reader)
        elif node.tag in _WRAPPERS:
            yield from _read_blocks(node, reader)


def _read_table(node: Any, reader: ParagraphReader) -> Table:  # noqa: ANN401 (an lxml element)
    own, inherited = node.find(f"{W}tblPr"), _table_properties(node, reader)
    if not reader.grid_in_cells:
        reader = replace(reader, grid=0)
    widths = tuple(to_number(c.get(f"{W}w", "0")) / TWIPS for c in node.findall(f"{W}tblGrid/{W}gridCol"))
    borders = TableBorders(inherited, node)
    margins = _margins([None if p is None else p.find(f"{W}tblCellMar") for p in inherited], (_CELL_MARGIN,) * 2)
    rows = tuple(_read_row(row, reader, margins) for row in _unwrapped_children(node, "tr"))
    widths = _extend(widths, max((sum(cell.columns for cell in row.cells) for row in rows), default=0))
    rows = _merge_downwards(_align(rows, len(widths)))
    if any(cell.is_gap for row in rows for cell in row.cells):
        borders.without_form()
    rows = borders.apply(rows, list(_unwrapped_children(node, "tr")))
    placed = {} if own is None else merge_properties([own], ("jc", "tblInd"))
    if borders.is_form or (not borders.is_ruled and margins == (0, 0)):
        rows = tuple(replace(row, cells=tuple(replace(cell, padding=None) for cell in row.cells)) for row in rows)
    return Table(
        widths=widths,
        rows=rows,
        lines=borders.is_form,
        ruled=borders.is_ruled and not borders.is_form,
        align=placed["jc"].get(f"{W}val", "left") if "jc" in placed else "left",
        indent=to_points({"w": placed["tblInd"].get(f"{W}w", "0")}, "w") if "tblInd" in placed else 0,
    )


def _table_properties(node: Any, reader: ParagraphReader) -> list[Any]:  # noqa: ANN401 (lxml elements)
    """Return the ``w:tblPr`` elements that apply to a table, from general to particular."""
    named = node.find(f"{W}tblPr/{W}tblStyle")
    style = reader.styles.default_style("table") if named is None else named.get(f"{W}val")
    return [*(s.find(f"{W}tblPr") for s in reader.styles.inheritance(style)), node.find(f"{W}tblPr")]


def _unwrapped_children(parent: Any, name: str) -> Iterator[Any]:  # noqa: ANN401 (lxml elements)
    """Yield the rows of a table or the cells of a row, those inside content controls included."""
    for node in parent:
        if node.tag == f"{W}{name}":
            yield node
        elif node.tag in _WRAPPERS:
            yield from _unwrapped_children(node, name)


def _margins(nodes: Iterable[Any], default: tuple[float, ...]) -> tuple[float, float]:
    """Return a cell's left and right margin, each from the last of some elements that gives it."""
    found = merge_properties(list(nodes), ("left", "start", "right", "end"))
    left, right = found.get("left", found.get("start")), found.get("right", found.get("end"))
    return (
        default[0] if left is None else to_points({"w": left.get(f"{W}w", "0")}, "w"),
        default[1] if right is None else to_points({"w": right.get(f"{W}w", "0")}, "w"),
    )


def _extend(widths: tuple[float, ...], columns: int) -> tuple[float, ...]:
    """Return the widths of all columns, where a row has more of them than the table states; the table stays as wide."""
    stated = len(widths)
    if not stated < columns <= _MAX_GAP:
        return widths
    if not stated:
        return (_TABLE_WIDTH / columns,) * columns
    return tuple(width * stated / columns for width in (*widths, *[sum(widths) / stated] * (columns - stated)))


def _align(rows: tuple[Row, ...], columns: int) -> tuple[Row, ...]:
    """Fill up rows that end before the last column, so that no cell is drawn wider than it is."""
    filled = []
    for row in rows:
        missing = columns - sum(cell.columns for cell in row.cells)
        gap = (Cell((), columns=min(missing, _MAX_GAP), is_gap=True),) if missing > 0 and row.cells else ()
        filled.append(replace(row, cells=(*row.cells, *gap)))
    return tuple(filled)


def _merge_downwards(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Replace each group of vertically merged cells by one cell that spans rows.

    A cell that continues one above it stands by itself where none begins in its column and is as wide.
    """
    merged: list[list[Cell]] = []
    above: dict[int, tuple[int, int]] = {}  # the place of the cell that begins in each column of the row above
    for number, row in enumerate(rows):
        cells: list[Cell] = []
        here: dict[int, tuple[int, int]] = {}
        column = 0
        for cell in row.cells:
            begun = above.get(column)
            first = None if begun is None else merged[begun[0]][begun[1]]
            if begun and first and cell.rows == _CONTINUED and first.columns == cell.columns and not first.is_gap:
                merged[begun[0]][begun[1]] = replace(first, rows=first.rows + 1)
                here[column] = begun
            else:
                here[column] = (number, len(cells))
                cells.append(replace(cell, rows=1))
            column += cell.columns
        merged.append(cells)
        above = here
    return tuple(replace(row, cells=tuple(cells)) for row, cells in zip(rows, merged, strict=True))


def _read_row(node: Any, reader: ParagraphReader, margins: tuple[float, float]) -> Row:  # noqa: ANN401 (an lxml element)
    height = node.find(f"{W}trPr/{W}trHeight")
    cells = [_read_cell(cell, reader, margins) for cell in _unwrapped_children(node, "tc")]
    gap = node.find(f"{W}trPr/{W}gridBefore")
    left_out = 0 if gap is None else min(to_integer(gap.get(f"{W}val", "0")), _MAX_GAP)
    before = [Cell((), columns=left_out, is_gap=True)] if left_out > 0 else []
    return Row(
        cells=(*before, *cells),
        height=0 if height is None else to_number(height.get(f"{W}val", "0")) / TWIPS,
        header=is_on(node.find(f"{W}trPr/{W}tblHeader")),
        whole=is_on(node.find(f"{W}trPr/{W}cantSplit")),
        keep_next=any(isinstance(b, Paragraph) and b.keep_next for cell in cells[:1] for b in cell.blocks),
    )


def _read_cell(node: Any, reader: ParagraphReader, margins: tuple[float, float]) -> Cell:  # noqa: ANN401 (an lxml element)
    properties = node.find(f"{W}tcPr")
    found = merge_properties([properties], ("gridSpan", "vAlign", "vMerge", "textDirection", "shd", "tcMar"))
    values = {name: child.get(f"{W}val") for name, child in found.items()}
    falling, rising = read_diagonals(properties)
    return Cell(
        blocks=tuple(read_body(node, reader)),
        columns=to_integer(values.get("gridSpan") or "1"),
        rows=_CONTINUED if "vMerge" in found and (values["vMerge"] or "continue") == "continue" else 1,
        middle=values.get("vAlign") == "center",
        bottom=values.get("vAlign") == "bottom",
        vertical=values.get("textDirection") in VERTICAL_DIRECTIONS,
        fill=fill_of(found.get("shd")),
        borders=NO_BORDERS,
        falling=falling,
        rising=rising,
        padding=_margins([found.get("tcMar")], margins),
    )
