"""Widths of text in the fonts of the bundle, to place text at tab stops."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

from bundler.fonts.files import FALLBACKS, find_fonts, resolve_face
from bundler.word.block_model import Run
from bundler.word.value_source_marks import without_marks


def run_width(run: Run, text: str) -> float:
    """Return the width of a text set like a run, in points."""
    text = without_marks(text)
    family, is_heavy = resolve_face(run.face)
    size = run.size + min(run.spacing, 0)
    advance = sum(_advance(character, family, run.bold or is_heavy) for character in text)
    return advance * size + len(text) * max(run.spacing, 0)


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
