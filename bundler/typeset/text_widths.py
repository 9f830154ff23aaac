"""Widths of text in the fonts of the bundle: to place text at tab stops, and to know which spaces have room on a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

from bundler.fonts.files import FALLBACKS, find_fonts, resolve_face
from bundler.word.block_model import Paragraph, Run
from bundler.word.value_source_marks import without_marks


def run_width(run: Run, text: str) -> float:
    """Return the width of a text set like a run, in points."""
    text = without_marks(text)
    family, is_heavy = resolve_face(run.face)
    size = run.size + min(run.spacing, 0)
    advance = sum(_advance(character, family, run.bold or is_heavy) for character in text)
    return advance * size + len(text) * max(run.spacing, 0)


def cut_hanging_spaces(paragraph: Paragraph, runs: Sequence[Run], line_width: float) -> tuple[Run, ...]:
    """Return the runs of a paragraph without the spaces at its end that Word lets stand beyond the right margin.

    There they show nothing, and here they would break the line. Underlined ones, a line to write on, stay as far as there is room.

    Args:
        paragraph: the paragraph.
        runs: its runs, the automatic number included.
        line_width: the width of the text area or of the cell.
    """
    kept = list(runs)
    spaces: list[tuple[int, int]] = []
    """The index and the number of spaces of each run at the end, from the last one."""
    for index in range(len(runs) - 1, -1, -1):
        run = runs[index]
        text = run.text.rstrip(" ")
        if run.picture is not None or len(text) == len(run.text):
            break
        kept[index] = replace(run, text=text)
        spaces.append((index, len(run.text) - len(text)))
        if text:
            break
    if not any(runs[index].underline for index, _ in spaces):
        return tuple(kept)
    room = _room_at_end(paragraph, kept, line_width)
    for index, count in reversed(spaces):
        width = run_width(runs[index], " ")
        held = min(count, max(int(room / width), 0))
        kept[index] = replace(kept[index], text=kept[index].text + " " * held)
        room -= held * width
    return tuple(kept)


def _room_at_end(paragraph: Paragraph, runs: Sequence[Run], line_width: float) -> float:
    """Return about how much room is left on the line after some runs; with a tab, as if the tab had no width."""
    pieces = [(run, piece) for run in runs for piece in run.text.replace("\n", "\n\0").split("\0")]
    last_break = max((number for number, (_, piece) in enumerate(pieces, 1) if piece.endswith("\n")), default=0)
    used = sum(run_width(run, piece.replace("\t", "")) for run, piece in pieces[last_break:])
    line = line_width - paragraph.left - paragraph.right
    first = line if last_break else line - paragraph.first_line
    if used <= first or line <= 0:
        return first - used
    em = max((run.size for run, _ in pieces), default=0)
    return line - (used - first) % line - em


@lru_cache(maxsize=4096)
def _advance(character: str, family: str, bold: bool) -> float:  # noqa: FBT001 (a key of the cache)
    """Return a character's width in ems, in the first font that has it."""
    for path in _paths(family, bold):
        table, widths, units = _metrics(path)
        glyph = table.get(ord(character))
        if glyph is not None:
            return float(widths[glyph][0]) / units
    return 1.0


@cache
def _paths(family: str, bold: bool) -> tuple[Path, ...]:  # noqa: FBT001 (a key of the cache)
    ordered = (family, *FALLBACKS)
    found = [f for name in ordered for f in find_fonts() if f.font.family == name]
    own = [f for f in found if f.font.family != family or f.font.bold == bold]
    return tuple(f.path for f in (own or found))


@cache
def _metrics(path: Path) -> tuple[dict[int, str], dict[str, tuple[int, int]], int]:
    with TTFont(path, lazy=True) as font:
        return dict(font.getBestCmap() or {}), dict(font["hmtx"].metrics), int(font["head"].unitsPerEm)
