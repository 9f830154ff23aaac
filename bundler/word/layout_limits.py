"""What of a Word file no page can take: lengths beyond the paper, endless paragraphs, tables inside tables inside tables."""

from __future__ import annotations

from collections.abc import Iterator

from bundler.file_record import FileProblem
from bundler.word.blocks import Blocks, HeaderFooter, Paragraph, Table

MAX_CHARACTERS = 200_000
MAX_PARAGRAPH = 20_000
MAX_PARTS = 10_000
"""Paragraphs, rows and cells together: fifty times what a long paper has."""
MAX_RUNS = 20_000
MAX_COLUMNS = 63
"""As many as Word itself allows."""
MAX_NESTING = 5
_ROOM = 300.0
"""Points by which a paragraph may be moved in on A4 so that words still fit beside."""
_LARGEST = 120.0
"""Points of a character or a line that is still read and not looked at."""

_SPLIT = "请分成几个文件，或者打印后扫描成 PDF。"
_PRINT = "请改正后另存，或者打印后扫描成 PDF。"


def check_limits(blocks: Blocks) -> Iterator[FileProblem]:
    """What is too large to be set, each fault once."""
    found = dict.fromkeys(
        problem
        for body in (blocks.body, *_edges(blocks.header), *_edges(blocks.footer))
        for problem in _Measure().of(body)
    )
    yield from found


def _edges(edge: HeaderFooter) -> Iterator[tuple[Paragraph, ...]]:
    yield from (lines for lines in (edge.common, edge.first, edge.even) if lines)


def header_images(blocks: Blocks) -> Iterator[bytes]:
    """The pictures of the headers and footers."""
    for lines in (*_edges(blocks.header), *_edges(blocks.footer)):
        for paragraph in lines:
            yield from (picture.data for picture in paragraph.pictures)


class _Measure:
    """Counts as it goes, and stops where there is too much."""

    def __init__(self) -> None:
        self.characters = self.parts = self.runs = 0

    def of(self, blocks: tuple[Paragraph | Table, ...], depth: int = 0) -> Iterator[FileProblem]:
        """The faults of blocks that lie so many tables deep."""
        if depth > MAX_NESTING:
            yield _uncarried(f"表格里套表格超过 {MAX_NESTING} 层")
            return
        for block in blocks:
            if max(self.characters / MAX_CHARACTERS, self.parts / MAX_PARTS, self.runs / MAX_RUNS) > 1:
                yield FileProblem("FILE-TOO-LARGE", "的文字、段落或者表格过多。", _SPLIT)
                return
            self.parts += 1
            yield from self._table(block, depth) if isinstance(block, Table) else self._paragraph(block)

    def _paragraph(self, paragraph: Paragraph) -> Iterator[FileProblem]:
        length = len(paragraph.text)
        self.characters += length
        self.runs += len(paragraph.runs)
        if length > MAX_PARAGRAPH:
            yield FileProblem("FILE-TOO-LARGE", f"有一段超过 {MAX_PARAGRAPH} 字。", _SPLIT)
        if (
            max(paragraph.left, paragraph.right, abs(paragraph.first_line)) > _ROOM
            or min(paragraph.left, paragraph.right) < -_ROOM
        ):
            yield _uncarried("过大的缩进")
        sizes = (paragraph.line or 0, *(run.size for run in paragraph.runs))
        if max(sizes) > _LARGEST or min(sizes) < 0 or max(paragraph.before, paragraph.after) > _ROOM:
            yield _uncarried("过大的字号、行距或者段距")

    def _table(self, table: Table, depth: int) -> Iterator[FileProblem]:
        if len(table.widths) > MAX_COLUMNS or any(
            sum(cell.columns for cell in row.cells) > MAX_COLUMNS or any(cell.columns < 1 for cell in row.cells)
            for row in table.rows
        ):
            yield _uncarried(f"超过 {MAX_COLUMNS} 列的表格")
            return
        for row in table.rows:
            self.parts += 1
            for cell in row.cells:
                yield from self.of(cell.blocks, depth + 1)


def _uncarried(what: str) -> FileProblem:
    return FileProblem("DOCX-UNSUPPORTED", f"有排版不支持的内容：{what}。", _PRINT)
