"""Find the font that draws a character: that of the typeface, else the first of the project's fonts that has it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import ImageFont

from bundler.fonts.files import find_fonts

DPI = 200
PX_PER_MM = DPI / 25.4
PX_PER_PT = DPI / 72
_FACES = {
    "fang": ("FandolFang", False),
    "song": ("FandolSong", False),
    "bold": ("FandolSong", True),
    "kai": ("FandolKai", False),
    "hei": ("FandolHei", False),
}


@cache
def _paths(face: str) -> tuple[Path, ...]:
    """The typeface's own file, then all others."""
    wanted = _FACES[face]
    fonts = find_fonts()
    own = [found.path for found in fonts if (found.font.family, found.font.bold) == wanted]
    if not own:
        raise FileNotFoundError(f"{wanted[0]} is not installed; see `bundler doctor`")
    return (*own, *(found.path for found in fonts if found.path not in own))


@cache
def _characters(path: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _path_for(face: str, character: str) -> Path:
    for path in _paths(face):
        if ord(character) in _characters(path):
            return path
    raise LookupError(f"no font has U+{ord(character):04X}")


@cache
def _font(path: Path, pixels: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, pixels)


def font_for(face: str, points: float, character: str) -> ImageFont.FreeTypeFont:
    """The font for a character in a typeface and size."""
    return _font(_path_for(face, character), points * PX_PER_PT)


@cache
def advance(face: str, points: float, character: str) -> float:
    """The advance width of a character, in pixels."""
    return float(font_for(face, points, character).getlength(character))
