"""Which characters can be printed: asked of the fonts' own tables once, and kept."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from functools import cache

from bundler import cache as kept
from bundler.fonts.files import find_fonts, fonts_stamp

_BLANK = frozenset("\n\t\u3000\u00a0 ")


def find_missing_glyphs(text: str) -> list[str]:
    """The distinct characters of a text that no font can print, in order of first use."""
    return [character for character in dict.fromkeys(text) if not _has_glyph(character)]


def _has_glyph(character: str) -> bool:
    if character in _BLANK:
        return True
    bounds = _bounds()
    return bool(bisect_right(bounds, ord(character)) % 2)


@cache
def _bounds() -> array[int]:
    """Starts and ends (exclusive) of the covered ranges, alternating: an odd place is inside a range."""
    name = f"coverage-{fonts_stamp()}.bin"
    data = kept.load(name)
    if data is None or len(data) % array("I").itemsize:
        data = _read_fonts().tobytes()
        kept.store(name, data)
    bounds = array("I")
    bounds.frombytes(data)
    return bounds


def _read_fonts() -> array[int]:
    from fontTools.ttLib import TTFont

    covered: set[int] = set()
    for found in find_fonts():
        with TTFont(found.path, lazy=True) as font:
            covered |= set(font.getBestCmap() or ())
    bounds = array("I")
    for code in sorted(covered):
        if bounds and bounds[-1] == code:
            bounds[-1] = code + 1
        else:
            bounds.extend((code, code + 1))
    return bounds
