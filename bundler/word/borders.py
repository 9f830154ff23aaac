"""Border lines of paragraphs, and of the cells of a table: its own, its styles', a row's exceptions and each cell's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bundler.word.block_model import Border, Borders, Cell, Row
from bundler.word.docx_package import MC, W, to_integer, to_number
from bundler.word.styles import merge_properties

PARAGRAPH_SIDES = _SIDES = ("top", "right", "bottom", "left")
_NONE = frozenset({"nil", "none"})
_STYLES = {
    "double": "double", "dotted": "dotted", "dashed": "dashed", "dashSmallGap": "dashed", "dotDash": "dashed",
    "dotDotDash": "dashed", "triple": "double",
}  # fmt: skip
_LEAST_DOUBLE = 1.5
"""Points: of two lines and the gap between them."""
_HEX = re.compile("[0-9a-fA-F]{6}")
_NAMES = (*_SIDES, "start", "end", "insideH", "insideV", "tl2br", "tr2bl")
_FORM = {
    **dict.fromkeys(_SIDES, Border("solid", 1.0)),
    **dict.fromkeys(("insideH", "insideV"), Border("solid", 0.5)),
}
"""The lines of a court's form, for which the style sheet has rules."""
_WPS = "{http://www.wps.cn/officeDocument/2013/wpsCustomData}"
_CORNERS = {"10000": "top left", "20000": "top right", "30000": "bottom right", "40000": "bottom left"}
"""WPS's numbers for the corners of a cell."""


def read_border(node: Any) -> Border | None:  # noqa: ANN401 (an lxml element)
    """Read one side's element; None where it draws no line."""
    if node is None or node.get(f"{W}val", "nil") in _NONE:
        return None
    kind, colour = node.get(f"{W}val"), node.get(f"{W}color", "auto")
    width = to_number(node.get(f"{W}sz", "4")) / 8
    style = _STYLES.get(kind, "double" if kind.endswith("Gap") and kind != "dashSmallGap" else "solid")
    if style == "double":
        width = max(width * 3 if kind == "double" else width * 1.5, _LEAST_DOUBLE)
    return Border(
        style=style,
        width=min(max(width, 0.25), 12),
        colour=colour.lower() if _HEX.fullmatch(colour) else "000000",
        space=to_number(node.get(f"{W}space", "0")),
    )


class TableBorders:
    """The border lines of one table.

    Attributes:
        is_ruled: any cell may have a line.
        is_form: it has the lines of a court's form and no others.
    """

    def __init__(self, inherited: Sequence[Any], node: Any) -> None:  # noqa: ANN401 (an lxml element)
        """Read the lines of a table.

        Args:
            inherited: the ``w:tblPr`` elements that apply to it, from general to particular.
            node: the table.
        """
        lines = [None if p is None else p.find(f"{W}tblBorders") for p in inherited]
        self._table = _read_sides(lines)
        exceptions = any(True for _ in node.iter(f"{W}tcBorders", f"{W}tblPrEx"))
        drawn = {name: line for name, line in self._table.items() if line is not None}
        self.is_form = not exceptions and drawn == _FORM
        self.is_ruled = exceptions or bool(drawn)

    def without_form(self) -> None:
        """Give each cell its own lines, since not all cells of the table are there."""
        self.is_form = False

    def apply(self, rows: tuple[Row, ...], nodes: Sequence[Any]) -> tuple[Row, ...]:
        """Return the rows, in which vertically merged cells are one, with the borders of their cells.

        Args:
            rows: the rows as they were read.
            nodes: their ``w:tr`` elements.
        """
        if not self.is_ruled or self.is_form:
            return rows
        own = [_cells_by_column(node) for node in nodes]
        last_row = len(rows) - 1
        taken: dict[int, int] = {}
        ruled = []
        for number, row in enumerate(rows):
            table = self._row_lines(nodes[number])
            cells, column = [], 0
            for place, cell in enumerate(row.cells):
                while taken.get(column, -1) >= number:
                    column += 1
                end = min(number + cell.rows - 1, last_row)
                if cell.rows > 1:
                    taken |= dict.fromkeys(range(column, column + cell.columns), end)
                if not cell.is_gap:
                    inner = {
                        "top": number > 0,
                        "bottom": end < last_row,
                        "left": column > 0 and not (place and row.cells[place - 1].is_gap),
                        "right": any(not other.is_gap for other in row.cells[place + 1 :]),
                    }
                    sides = _with_borders(cell, table, own[number].get(column), own[end].get(column), inner)
                    cells.append(sides)
                else:
                    cells.append(cell)
                column += cell.columns
            ruled.append(replace(row, cells=tuple(cells)))
        return tuple(ruled)

    def _row_lines(self, node: Any) -> dict[str, Border | None]:  # noqa: ANN401 (an lxml element)
        exception = node.find(f"{W}tblPrEx/{W}tblBorders")
        return self._table if exception is None else self._table | _read_sides([exception])


def _with_borders(cell: Cell, table: dict[str, Border | None], first: Any, last: Any, inner: dict[str, bool]) -> Cell:  # noqa: ANN401
    """Return a cell with its borders.

    Args:
        cell: the cell.
        table: the lines of its table.
        first: its ``w:tcBorders`` element; None if it has none.
        last: that of the last cell that is merged into it, which draws its lower side.
        inner: whether another cell stands beyond each side.
    """
    top, bottom = _read_sides([first]), _read_sides([last])
    sides = []
    for side in _SIDES:
        own = bottom if side == "bottom" else top
        general = ("insideH" if side in {"top", "bottom"} else "insideV") if inner[side] else side
        sides.append(own[side] if side in own else table.get(general))
    borders: Borders = (sides[0], sides[1], sides[2], sides[3])
    return replace(cell, borders=borders)


def _cells_by_column(row: Any) -> dict[int, Any]:  # noqa: ANN401 (lxml elements)
    """Return the ``w:tcBorders`` elements of a row by the first grid column of their cells."""
    gap = row.find(f"{W}trPr/{W}gridBefore")
    column, found = 0 if gap is None else to_integer(gap.get(f"{W}val", "0")), {}
    for cell in (node for node in row.iter(f"{W}tc") if next(node.iterancestors(f"{W}tr")) is row):
        found[column] = cell.find(f"{W}tcPr/{W}tcBorders")
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        column += 1 if span is None else to_integer(span.get(f"{W}val", "1"))
    return found


def _read_sides(nodes: Sequence[Any]) -> dict[str, Border | None]:
    found = {name: read_border(node) for name, node in merge_properties(nodes, _NAMES).items()}
    for name, side in (("start", "left"), ("end", "right")):
        if name in found:
            found.setdefault(side, found.pop(name))
    return found


def read_diagonals(properties: Any) -> tuple[Border | None, Border | None]:  # noqa: ANN401 (an lxml element)
    """Return a cell's diagonals from its top left and from its bottom left, as Word or WPS writes them."""
    if properties is None:
        return None, None
    own = _read_sides([properties.find(f"{W}tcBorders")])
    falling, rising = own.get("tl2br"), own.get("tr2bl")
    for node in properties.iter(f"{_WPS}diagonal"):
        corners = {_CORNERS.get(node.get("from", "")), _CORNERS.get(node.get("to", ""))}
        line = read_border(node.find(f"{_WPS}border"))
        if corners == {"top left", "bottom right"}:
            falling = line
        elif corners == {"top right", "bottom left"}:
            rising = line
    return falling, rising


def is_plain_diagonal(node: Any) -> bool:  # noqa: ANN401 (an lxml element)
    """Whether content written in two ways is nothing but diagonals from corner to corner."""
    corners = ({"10000", "30000"}, {"20000", "40000"})
    choice = node.find(f"{MC}Choice")
    inside = [] if choice is None else [child for child in choice if child.tag == f"{_WPS}diagonals"]
    return (
        choice is not None
        and len(inside) == len(choice)
        and all({d.get("from"), d.get("to")} in corners for d in choice.iter(f"{_WPS}diagonal"))
    )
