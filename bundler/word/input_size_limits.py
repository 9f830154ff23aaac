"""Limits of what is typeset: amounts of text, paragraphs, tables and nesting, and lengths that leave the paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bundler.file_inspection_record import FileProblem
from bundler.page_geometry import A4
from bundler.word.block_model import Blocks, HeaderFooter, Paragraph, Table

MAX_CHARACTERS = 200_000
MAX_PARAGRAPH_CHARACTERS = 20_000
MAX_PARTS = 10_000
"""Paragraphs, tables and rows together: fifty times what a long paper has."""
MAX_RUNS = 20_000
MAX_COLUMNS = 63
"""Word's own limit."""
MAX_NESTING = 5
_MAX_INDENT = 300.0
"""Points; also the limit of the space before and after a paragraph. A4 is 595 points wide."""
_MAX_FONT_SIZE = 120.0
"""Points; also the limit of the line height."""
_MIN_LINE_FACTOR, _MAX_LINE_FACTOR = 0.5, 10.0
_MAX_SHIFT = 72.0
"""Points: of letter-spacing, of raised text, of a border from its text."""
_LEAST_TEXT = 72.0
"""Points that the margins must leave of a page's width and height."""

_SPLIT = "请分成几个文件，或者打印后扫描成 PDF。"
_PRINT = "请改正后另存，或者打印后扫描成 PDF。"


def check_limits(blocks: Blocks) -> Iterator[FileProblem]:
    """Yield what is too large to be typeset, each problem once."""
    found = dict.fromkeys(
        problem
        for section in (blocks, *blocks.following)
        for body in (section.body, *_variants(section.header), *_variants(section.footer))
        for problem in _Counter().check(body)
    )
    yield from found
    for section in (blocks, *blocks.following):
        top, right, bottom, left = section.margins
        width, height = reversed(A4) if section.landscape else A4
        if min(section.margins) < 0 or left + right > width - _LEAST_TEXT or top + bottom > height - _LEAST_TEXT:
            yield _unsupported("放不下文字的页边距")


def _variants(header_footer: HeaderFooter) -> Iterator[tuple[Paragraph | Table, ...]]:
    yield from (
        paragraphs for paragraphs in (header_footer.common, header_footer.first, header_footer.even) if paragraphs
    )


def header_images(blocks: Blocks) -> Iterator[bytes]:
    """Yield the pictures, as PNG data, of the headers and footers."""
    for section in (blocks, *blocks.following):
        for content in (*_variants(section.header), *_variants(section.footer)):
            yield from _images(content)


def _images(blocks: Iterable[Paragraph | Table]) -> Iterator[bytes]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from (picture.data for picture in block.pictures)
        else:
            yield from (data for row in block.rows for cell in row.cells for data in _images(cell.blocks))


class _Counter:
    """Counts characters, parts and runs of one body or header, and stops at a limit."""

    def __init__(self) -> None:
        self.characters = self.parts = self.runs = 0

    def check(self, blocks: tuple[Paragraph | Table, ...], depth: int = 0) -> Iterator[FileProblem]:
        """Yield the problems of blocks inside so many nested tables."""
        if depth > MAX_NESTING:
            yield _unsupported(f"表格里套表格超过 {MAX_NESTING} 层")
            return
        for block in blocks:
            if max(self.characters / MAX_CHARACTERS, self.parts / MAX_PARTS, self.runs / MAX_RUNS) > 1:
                yield FileProblem("FILE-TOO-LARGE", "的文字、段落或者表格过多。", _SPLIT)
                return
            self.parts += 1
            yield from self._check_table(block, depth) if isinstance(block, Table) else self._check_paragraph(block)

    def _check_paragraph(self, paragraph: Paragraph) -> Iterator[FileProblem]:
        length = len(paragraph.text) + (len(paragraph.number.run.text) if paragraph.number else 0)
        self.characters += length
        self.runs += len(paragraph.runs)
        if length > MAX_PARAGRAPH_CHARACTERS:
            yield FileProblem("FILE-TOO-LARGE", f"有一段超过 {MAX_PARAGRAPH_CHARACTERS} 字。", _SPLIT)
        if (
            max(paragraph.left, paragraph.right, abs(paragraph.first_line)) > _MAX_INDENT
            or min(paragraph.left, paragraph.right) < -_MAX_INDENT
        ):
            yield _unsupported("过大的缩进")
        sizes = (paragraph.line or 0, *(run.size for run in paragraph.runs))
        if max(sizes) > _MAX_FONT_SIZE or min(sizes) < 0 or max(paragraph.before, paragraph.after) > _MAX_INDENT:
            yield _unsupported("过大的字号、行距或者段距")
        if not _MIN_LINE_FACTOR <= paragraph.line_factor <= _MAX_LINE_FACTOR or not 0 <= paragraph.grid <= _MAX_INDENT:
            yield _unsupported("过大或者过小的行距")
        if any(abs(value) > _MAX_SHIFT for run in paragraph.runs for value in (run.spacing, run.raised)):
            yield _unsupported("过大的字符间距，或者提升、降低过多的文字")
        if any(border is not None and abs(border.space) > _MAX_SHIFT for border in paragraph.borders):
            yield _unsupported("离文字过远的段落边框")

    def _check_table(self, table: Table, depth: int) -> Iterator[FileProblem]:
        if abs(table.indent) > _MAX_INDENT or any(
            abs(side) > _MAX_INDENT for row in table.rows for cell in row.cells for side in cell.padding or ()
        ):
            yield _unsupported("缩进或者单元格边距过大的表格")
        if len(table.widths) > MAX_COLUMNS or any(
            sum(cell.columns for cell in row.cells) > MAX_COLUMNS or any(cell.columns < 1 for cell in row.cells)
            for row in table.rows
        ):
            yield _unsupported(f"超过 {MAX_COLUMNS} 列的表格")
            return
        for row in table.rows:
            self.parts += 1
            for cell in row.cells:
                yield from self.check(cell.blocks, depth + 1)


def _unsupported(construct: str) -> FileProblem:
    return FileProblem("DOCX-UNSUPPORTED", f"有排版不支持的内容：{construct}。", _PRINT)
