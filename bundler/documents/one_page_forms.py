"""A form that fits on one page does not say 第1页　共1页; one that goes on says 第1页　共2页 from its first page.

A Word template cannot know how long a filled form is, so the label is taken out of the first page's footer after filling,
where the form is sure to fit. Every line of a form has an exact height, and its rows have least heights, so the height of a
form is known but for where its lines end.
"""

from __future__ import annotations

import math

from lxml import etree

from bundler.page_geometry import A4
from bundler.printable_text import count_lines
from bundler.reproducible_zip import reproducible_zip
from bundler.word.block_model import PAGES_FIELD, Blocks, Paragraph, Row, Table
from bundler.word.docx_package import W, parse_part_cached, part_targets, read_parts
from bundler.word.docx_reader import read_blocks
from bundler.word.value_source_marks import without_marks

_CELL_MARGIN = 2.0
"""Above and below the content of a cell together, in points."""
_LINE_WIDTH = 0.5
_PADDING = 7.0
"""Left and right of the content of a cell together, where the file does not say."""
_HALF_WIDE = frozenset("0123456789 ")
_FIGURE, _LETTER = 0.5, 0.75
_DOCUMENT = "word/document.xml"


def drop_page_label(data: bytes, *, packed: bool = True) -> bytes:
    """Take 第1页　共1页 out of a form that fits on one page; any other document is returned as it is.

    Args:
        data: a filled template, in which `check_docx` found no problem.
        packed: whether to compress the file.
    """
    parts = read_parts(data)
    name = _find_first_footer(parts)
    if name is None or b"NUMPAGES" not in parts[name]:
        return data
    blocks = read_blocks(data)
    label = blocks.footer.first
    if label is None or len(label) > 1 or not _is_label(label[0]) or not fits_one_page(blocks):
        return data
    return reproducible_zip(data, lambda one, part: _without_runs(part) if one == name else part, packed=packed)


def _find_first_footer(parts: dict[str, bytes]) -> str | None:
    """The part with the footer of the first page, of a document with one section."""
    references = list(parse_part_cached(parts[_DOCUMENT]).iter(f"{W}footerReference"))
    first = [one for one in references if one.get(f"{W}type") == "first"]
    if len(first) != 1:
        return None
    number = next(value for key, value in first[0].attrib.items() if str(key).endswith("}id"))
    return part_targets(parts, _DOCUMENT, "footer").get(str(number))


def _is_label(block: Paragraph | Table) -> bool:
    return isinstance(block, Paragraph) and PAGES_FIELD in block.text


def _without_runs(part: bytes) -> bytes:
    root = etree.fromstring(part)
    for run in list(root.iter(f"{W}r")):
        parent = run.getparent()
        if parent is not None:
            parent.remove(run)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def fits_one_page(blocks: Blocks) -> bool:
    """Whether a form is sure to fit on one page: of one section, without a page break, all its lines of exact height."""
    top, right, bottom, left = blocks.margins
    if blocks.following:
        return False
    width, height = reversed(A4) if blocks.landscape else A4
    heights = [_measure(block, width - left - right) for block in blocks.body]
    return sum(heights) <= height - top - bottom


def _measure(block: Paragraph | Table, width: float) -> float:
    """The height of a block in a column; endless where it is not known, or the block begins a page."""
    if isinstance(block, Table):
        return sum(_measure_row(row, block.widths) for row in block.rows) + 2 * _LINE_WIDTH
    if block.new_page or block.line is None or not block.exact:
        return math.inf
    size = max((run.size for run in block.runs), default=block.size)
    text = without_marks(block.text)
    indent = "　" * round(max(block.first_line, 0) / size)
    ems = (width - block.left - block.right) / size
    lines = sum(count_lines(indent + line, ems, _width) for line in text.split("\n"))
    return block.before + lines * block.line + block.after


def _width(text: str) -> float:
    """At least the width of a text, in ems: figures and blanks take half of one, a Latin letter is taken for a wide one."""
    return sum(_FIGURE if one in _HALF_WIDE else _LETTER if one.isascii() else 1.0 for one in text)


def _measure_row(row: Row, widths: tuple[float, ...]) -> float:
    column, content = 0, 0.0
    for cell in row.cells:
        padding = sum(cell.padding) if cell.padding else _PADDING
        width = sum(widths[column : column + cell.columns]) - padding
        content = max(content, sum(_measure(block, width) for block in cell.blocks))
        column += cell.columns
    return max(row.height, content + _CELL_MARGIN + _LINE_WIDTH)
