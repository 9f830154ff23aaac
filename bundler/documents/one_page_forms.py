"""A form is kept on one page where its words allow, and then does not say 第1页　共1页.

A Word template cannot know how long a filled form is. So after filling, its tall rows, those for a summary or an opinion,
are lowered just as far as brings the form onto one page; and where it is sure to fit, the label is taken out of the first
page's footer. Every line of a form has an exact height, and its rows have least heights, so the height of a form is known
but for where its lines end.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from lxml import etree

from bundler.page_geometry import A4
from bundler.printable_text import count_lines
from bundler.reproducible_zip import reproducible_zip
from bundler.word.block_model import PAGES_FIELD, Blocks, Paragraph, Row, Table
from bundler.word.docx_package import W, parse_part_cached, part_targets, read_parts
from bundler.word.docx_reader import read_blocks
from bundler.word.styles import TWIPS
from bundler.word.value_source_marks import without_marks

_CELL_MARGIN = 2.0
"""Above and below the content of a cell together, in points."""
_LINE_WIDTH = 0.5
_PADDING = 7.0
"""Left and right of the content of a cell together, where the file does not say."""
_HALF_WIDE = frozenset("0123456789 ")
_FIGURE, _LETTER = 0.5, 0.75
_DOCUMENT = "word/document.xml"
_TALL = 51.0
"""The least height of a row that may be lowered, in points: 18 mm."""
_LOWEST = 36.0
"""To what such a row is lowered at most: 12.7 mm, in which a leader can still write a word and sign."""
_STEPS = 16


def fit_one_page(data: bytes, *, packed: bool = True) -> bytes:
    """Lower the tall rows of a form that fits on one page then, and take 第1页　共1页 out; any other document stays as it is.

    Args:
        data: a filled template, in which `check_filled_template` found no problem.
        packed: whether to compress the file.
    """
    parts = read_parts(data)
    name = _find_first_footer(parts)
    if name is None or b"NUMPAGES" not in parts[name]:
        return data
    blocks = read_blocks(data)
    label = blocks.footer.first
    if label is None or len(label) > 1 or not _is_label(label[0]) or blocks.following:
        return data
    heights = _find_fitting_heights(blocks)
    if heights is None:
        return data
    changed = {}
    if any(heights):
        changed[_DOCUMENT] = _with_heights(parts[_DOCUMENT], heights)
    if not any(block.new_page for block in blocks.body if isinstance(block, Paragraph)):
        changed[name] = _without_runs(parts[name])
    return reproducible_zip(data, changed.get, packed=packed) if changed else data


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


def _find_fitting_heights(blocks: Blocks) -> list[float] | None:
    """The least heights of the rows of the first page's tables, 0 to leave one as it is; None where they are too high anyway.

    A list on a page of its own (名单) is no part of it.
    """
    top, right, bottom, left = blocks.margins
    width, height = reversed(A4) if blocks.landscape else A4
    page = list(itertools.takewhile(lambda block: isinstance(block, Table) or not block.new_page, blocks.body))
    texts = sum(_measure(block, width - left - right) for block in page if isinstance(block, Paragraph))
    tables = [block for block in page if isinstance(block, Table)]
    rows = [measured for table in tables for measured in _measure_rows(table)]
    room = height - top - bottom - texts - 2 * _LINE_WIDTH * len(tables)
    for step in range(_STEPS, -1, -1):
        least = [_lower(row, step / _STEPS) for row, _ in rows]
        # LibreOffice adds the line below a row to its least height in release 25.2, and not in 7.4.
        if sum(max(one + _LINE_WIDTH, content) for one, (_, content) in zip(least, rows, strict=True)) <= room:
            return [0 if one == row.height else one for one, (row, _) in zip(least, rows, strict=True)]
    return None


def _lower(row: Row, share: float) -> float:
    """The least height of a row, of which only a share of what is above the lowest stays."""
    return row.height if row.height < _TALL else _LOWEST + share * (row.height - _LOWEST)


def _with_heights(part: bytes, heights: Sequence[float]) -> bytes:
    root = etree.fromstring(part)
    for row, height in zip(root.iter(f"{W}tr"), heights, strict=False):
        least = row.find(f"{W}trPr/{W}trHeight")
        if height and least is not None:
            least.set(f"{W}val", str(math.floor(height * TWIPS)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _measure(block: Paragraph | Table, width: float) -> float:
    """The height of a paragraph in a column; endless where it is not known, or a table stands in a cell."""
    if isinstance(block, Table):
        return math.inf
    if block.line is None or not block.exact:
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


def _measure_rows(table: Table) -> Iterator[tuple[Row, float]]:
    """Yield each row with the height that its content needs."""
    taken = [0] * len(table.widths)
    for row in table.rows:
        column, content = 0, 0.0
        here = list(taken)
        for cell in row.cells:
            while column < len(here) and here[column]:
                column += 1
            padding = sum(cell.padding) if cell.padding else _PADDING
            width = sum(table.widths[column : column + cell.columns]) - padding
            content = max(content, sum(_measure(block, width) for block in cell.blocks))
            taken[column : column + cell.columns] = [cell.rows] * cell.columns
            column += cell.columns
        taken = [max(one - 1, 0) for one in taken]
        yield row, content + _CELL_MARGIN + _LINE_WIDTH
