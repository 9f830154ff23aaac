"""Put colour behind the sentences of a paper that differ from another version of it, and remove the marks of value sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bundler.template_preview.sentence_differences import Change, Sentence, changed_parts
from bundler.word.block_model import Blocks, HeaderFooter, Paragraph, Run, Table
from bundler.word.value_source_marks import without_marks

SENTENCE, REMOVED, ADDED = "fff3c4", "ffb3b3", "a9e5a9"
"""The colours of a changed sentence, of the characters that only the old version has, and of those that only the new one has."""

_Fills = Mapping[int, list[tuple[int, int, str]]]
"""By the place of a paragraph: ranges of characters, and the colour of each; a later one lies over an earlier one."""


def marked_pair(before: Blocks, after: Blocks, changes: Sequence[Change]) -> tuple[Blocks, Blocks]:
    """Return both versions of a paper with their differences in colour."""
    old_fills: dict[int, list[tuple[int, int, str]]] = {}
    new_fills: dict[int, list[tuple[int, int, str]]] = {}
    for change in changes:
        old, new = change.before, change.after
        removed, added = changed_parts(old.text, new.text) if old and new else ([], [])
        if old:
            _add(old_fills, old, removed if new else [(0, len(old.text))], REMOVED)
        if new:
            _add(new_fills, new, added if old else [(0, len(new.text))], ADDED)
    return _Painter(old_fills).blocks(before), _Painter(new_fills).blocks(after)


def without_sources(blocks: Blocks) -> Blocks:
    """Return a paper without the marks that say where its values come from."""
    return _Painter({}).blocks(blocks)


def _add(
    fills: dict[int, list[tuple[int, int, str]]], sentence: Sentence, parts: Sequence[tuple[int, int]], colour: str
) -> None:
    number, start, end = sentence.span
    own = fills.setdefault(number, [])
    own.append((start, end, SENTENCE))
    own += [(start + begin, start + finish, colour) for begin, finish in parts]


class _Painter:
    """Rebuilds the blocks of a paper in the order in which `paragraphs_of` counts them."""

    def __init__(self, fills: _Fills) -> None:
        self._fills = fills
        self._count = -1

    def blocks(self, section: Blocks) -> Blocks:
        painted = replace(
            section,
            header=self._edge(section.header),
            footer=self._edge(section.footer),
            body=self._content(section.body),
            following=(),
        )
        return replace(painted, following=tuple(self.blocks(one) for one in section.following))

    def _edge(self, edge: HeaderFooter) -> HeaderFooter:
        common = self._content(edge.common)
        first = None if edge.first is None else self._content(edge.first)
        even = None if edge.even is None else self._content(edge.even)
        return replace(edge, common=common, first=first, even=even)

    def _content(self, content: Sequence[Paragraph | Table]) -> tuple[Paragraph | Table, ...]:
        return tuple(self._table(one) if isinstance(one, Table) else self._paragraph(one) for one in content)

    def _table(self, table: Table) -> Table:
        rows = []
        for row in table.rows:
            cells = tuple(replace(cell, blocks=self._content(cell.blocks)) for cell in row.cells)
            rows.append(replace(row, cells=cells))
        return replace(table, rows=tuple(rows))

    def _paragraph(self, paragraph: Paragraph) -> Paragraph:
        self._count += 1
        fills = self._fills.get(self._count, [])
        runs: list[Run] = []
        position = 0
        for run in paragraph.runs:
            text = without_marks(run.text)
            runs += (
                _paint_run(replace(run, text=text), position, fills) if text and fills else [replace(run, text=text)]
            )
            position += len(text)
        return replace(paragraph, runs=tuple(runs))


def _paint_run(run: Run, position: int, fills: Sequence[tuple[int, int, str]]) -> Iterator[Run]:
    """Split a run where its colour changes.

    Args:
        run: the run.
        position: the place of its first character in the paragraph.
        fills: the coloured ranges of the paragraph.
    """
    colours = [run.fill] * len(run.text)
    for start, end, colour in fills:
        for place in range(max(start, position), min(end, position + len(run.text))):
            colours[place - position] = colour
    start = 0
    for place in range(1, len(colours) + 1):
        if place == len(colours) or colours[place] != colours[start]:
            yield replace(run, text=run.text[start:place], fill=colours[start])
            start = place
