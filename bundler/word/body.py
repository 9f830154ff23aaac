"""Read a sequence of block-level elements of a Word file: paragraphs and tables, in the body and in cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from bundler.word.blocks import Cell, Paragraph, Row, Table
from bundler.word.package import W
from bundler.word.paragraphs import read_paragraph, split_at_page_breaks
from bundler.word.styles import TWIPS, Styles, is_on, merge_properties

_WRAPPERS = frozenset({f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}smartTag"})
"""Elements, such as content controls, that hold others and show nothing themselves."""
_CONTINUED = -1
"""The row span of a cell that continues the cell above it."""


def read_body(nodes: Iterable[Any], styles: Styles) -> Iterator[Paragraph | Table]:
    """Read the paragraphs and tables among some elements, in order."""
    for node in nodes:
        if node.tag == f"{W}p":
            yield from split_at_page_breaks(read_paragraph(node, styles))
        elif node.tag == f"{W}tbl":
            yield _read_table(node, styles)
        elif node.tag in _WRAPPERS:
            yield from read_body(node, styles)


def _read_table(node: Any, styles: Styles) -> Table:  # noqa: ANN401 (an lxml element)
    widths = tuple(float(c.get(f"{W}w", "0")) / TWIPS for c in node.findall(f"{W}tblGrid/{W}gridCol"))
    rows = tuple(_read_row(row, styles) for row in _unwrapped_children(node, "tr"))
    return Table(widths, _merge_downwards(rows), lines=_has_lines(node, styles))


def _unwrapped_children(parent: Any, name: str) -> Iterator[Any]:  # noqa: ANN401 (lxml elements)
    """Yield the rows of a table or the cells of a row, those inside content controls included."""
    for node in parent:
        if node.tag == f"{W}{name}":
            yield node
        elif node.tag in _WRAPPERS:
            yield from _unwrapped_children(node, name)


def _has_lines(node: Any, styles: Styles) -> bool:  # noqa: ANN401 (an lxml element)
    named = node.find(f"{W}tblPr/{W}tblStyle")
    inherited = styles.inheritance(None if named is None else named.get(f"{W}val"))
    borders = [style.find(f"{W}tblPr/{W}tblBorders") for style in inherited]
    side = merge_properties([*borders, node.find(f"{W}tblPr/{W}tblBorders")], ("insideH", "top"))
    return any(edge.get(f"{W}val", "nil") not in {"nil", "none"} for edge in side.values())


def _merge_downwards(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Replace each group of vertically merged cells by one cell that spans rows."""
    continued: dict[int, int] = {}
    merged: list[Row] = []
    for row in reversed(rows):
        column, cells = 0, []
        for cell in row.cells:
            if cell.rows == _CONTINUED:
                continued[column] = continued.get(column, 0) + 1
            else:
                cells.append(replace(cell, rows=1 + continued.pop(column, 0)))
            column += cell.columns
        merged.append(replace(row, cells=tuple(cells)))
    return tuple(reversed(merged))


def _read_row(node: Any, styles: Styles) -> Row:  # noqa: ANN401 (an lxml element)
    height = node.find(f"{W}trPr/{W}trHeight")
    cells = tuple(_read_cell(cell, styles) for cell in _unwrapped_children(node, "tc"))
    return Row(
        cells=cells,
        height=0 if height is None else float(height.get(f"{W}val", "0")) / TWIPS,
        header=is_on(node.find(f"{W}trPr/{W}tblHeader")),
        whole=is_on(node.find(f"{W}trPr/{W}cantSplit")),
        keep_next=any(isinstance(b, Paragraph) and b.keep_next for cell in cells[:1] for b in cell.blocks),
    )


def _read_cell(node: Any, styles: Styles) -> Cell:  # noqa: ANN401 (an lxml element)
    span = node.find(f"{W}tcPr/{W}gridSpan")
    vertical = node.find(f"{W}tcPr/{W}vAlign")
    merge = node.find(f"{W}tcPr/{W}vMerge")
    is_continued = merge is not None and merge.get(f"{W}val", "continue") == "continue"
    return Cell(
        blocks=tuple(read_body(node, styles)),
        columns=1 if span is None else int(span.get(f"{W}val", "1")),
        rows=_CONTINUED if is_continued else 1,
        middle=vertical is not None and vertical.get(f"{W}val") == "center",
        bottom=vertical is not None and vertical.get(f"{W}val") == "bottom",
    )
