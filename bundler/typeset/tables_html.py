"""Render the tables of Word blocks as HTML and CSS."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import replace

from bundler.typeset.paragraphs_html import NOTES
from bundler.typeset.style_classes import StyleClasses, border_css
from bundler.word.block_model import Cell, Paragraph, Row, Table

CELL_MARGIN = 1.0
"""Above and below a cell's content, in points; Word includes it, and the line below, in a row's least height."""
_LINE_WIDTH = 0.5
"""Of a table's inner lines, in points."""
_ALIGNED_WITHIN = 1.0
"""Points by which a table may differ from the text's width and still fill it."""
_FORM_PADDING = 3.5
_LEFT_PART = 0.6
"""A cell that ends in this part of its table has its notes in the left margin, so that those of a row do not overlap."""
SVG_DATA_URL = "data:image/svg+xml;base64,"
"""Begins the picture of a cell's diagonals; a narrow gradient in its place is not drawn by every viewer."""
_SIDES = ("top", "right", "bottom", "left")
_DOWNWARDS = {"center": "middle", "right": "bottom", "end": "bottom"}
RenderBlocks = Callable[[Sequence[Paragraph | Table], float, str], str]
"""Renders the blocks of a cell, given its width and the colour behind it."""


def render_table(table: Table, classes: StyleClasses, width: float, ground: str, render: RenderBlocks) -> str:
    """Render a table.

    Args:
        table: the table.
        classes: the style classes of the document; this adds to them.
        width: of the text area or the cell that it stands in, in points.
        ground: the colour behind it.
        render: renders the content of its cells.
    """
    columns = "".join(f'<col class="{classes.class_for(f"width: {width:g}pt")}"/>' for width in table.widths)
    header_rows = [row for row in table.rows if row.header]
    body = [row for row in table.rows if not row.header]
    rendered = {id(row): _render_row(row, table, classes, ground, render) for row in table.rows}
    head = f"<thead>{''.join(rendered[id(row)] for row in header_rows)}</thead>" if header_rows else ""
    rows = "".join(rendered[id(row)] for row in body)
    css = f"width: {sum(table.widths):g}pt{_placement(table, width)}"
    kind = "ruled" if table.ruled else "lines" if table.lines else "plain"
    return f'<table class="{kind} {classes.class_for(css)}"><colgroup>{columns}</colgroup>{head}<tbody>{rows}</tbody></table>'


def _placement(table: Table, width: float) -> str:
    """Return the declaration of the left margin; empty for a table as wide as the text."""
    free = width - sum(table.widths)
    if table.align in {"center", "right", "end"}:
        left = free / 2 if table.align == "center" else free
        return f"; margin-left: {left:g}pt" if abs(free) > _ALIGNED_WITHIN else ""
    return f"; margin-left: {table.indent:g}pt" if table.indent else ""


def _render_row(row: Row, table: Table, classes: StyleClasses, ground: str, render: RenderBlocks) -> str:
    height = max(row.height - 2 * CELL_MARGIN - (_LINE_WIDTH if table.lines or table.ruled else 0), 0)
    column, cells = 0, []
    for cell in row.cells:
        left, right = cell.padding or (_FORM_PADDING, _FORM_PADDING)
        width = max(sum(table.widths[column : column + cell.columns]) - left - right, 1.0)
        content = render(_cell_blocks(cell), width, cell.fill or ground)
        if sum(table.widths[: column + cell.columns]) < sum(table.widths) * _LEFT_PART:
            content = content.replace(f'class="{NOTES}"', f'class="{NOTES} at-left"')
        cells.append(_render_cell(cell, f"height: {height:g}pt", classes, content))
        column += cell.columns
    row_classes = [name for name, is_set in (("whole", row.whole), ("kept", row.keep_next)) if is_set]
    return f'<tr class="{" ".join(row_classes)}">{"".join(cells)}</tr>'


def _cell_blocks(cell: Cell) -> Sequence[Paragraph | Table]:
    if not cell.vertical:
        return cell.blocks
    return [_downwards(block) if isinstance(block, Paragraph) else block for block in cell.blocks]


def _render_cell(cell: Cell, height: str, classes: StyleClasses, content: str) -> str:
    alignment = "middle" if cell.middle else "bottom" if cell.bottom else "top"
    if cell.vertical:
        first = next((block for block in cell.blocks if isinstance(block, Paragraph)), None)
        alignment = _DOWNWARDS.get(first.align if first else "", "top")
    css_class = classes.class_for("; ".join((height, f"vertical-align: {alignment}", *_cell_css(cell))))
    return f'<td colspan="{cell.columns}" rowspan="{cell.rows}" class="{css_class}">{content}</td>'


def _cell_css(cell: Cell) -> list[str]:
    css = [
        f"border-{side}: {border_css(border)}"
        for side, border in zip(_SIDES, cell.borders, strict=True)
        if border is not None
    ]
    if cell.padding is not None:
        css.append(f"padding-left: {cell.padding[0]:g}pt; padding-right: {cell.padding[1]:g}pt")
    if cell.fill:
        css.append(f"background-color: #{cell.fill}")
    if cell.falling or cell.rising:
        css += [f'background-image: url("{_diagonals(cell)}")', "background-size: 100% 100%"]
        css.append("background-origin: border-box")
    return css


def _diagonals(cell: Cell) -> str:
    """Return the data URL of a picture of a cell's diagonals, which is as large as the cell."""
    lines = "".join(
        f'<line x1="0" y1="{start}" x2="100%" y2="{end}" stroke="#{border.colour}" stroke-width="{border.width:g}pt"/>'
        for border, start, end in ((cell.falling, "0", "100%"), (cell.rising, "100%", "0"))
        if border is not None
    )
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%">{lines}</svg>'
    return f"{SVG_DATA_URL}{base64.b64encode(picture.encode()).decode()}"


def _downwards(paragraph: Paragraph) -> Paragraph:
    """Return a paragraph whose characters stand under each other."""
    runs = tuple(replace(run, text="\n".join("".join(run.text.split()))) for run in paragraph.runs if run.text.strip())
    joined = tuple(replace(run, text=("\n" if number else "") + run.text) for number, run in enumerate(runs))
    pitch = max((run.size + run.spacing for run in runs), default=paragraph.size)
    return replace(
        paragraph, runs=joined, align="center", first_line=0, left=0, right=0, number=None, line=pitch, exact=True
    )
