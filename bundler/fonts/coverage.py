"""Which characters the installed fonts can print, read from the fonts once and cached."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from functools import cache

from bundler import cache as disk_cache
from bundler.fonts.files import find_fonts, fonts_stamp

_CHARACTERS_WITHOUT_GLYPH = frozenset("\n\t\u3000\u00a0 ")


def find_missing_glyphs(text: str) -> list[str]:
    """Return the distinct characters of a text that no font can print, in order of first use."""
    return [character for character in dict.fromkeys(text) if not _has_glyph(character)]


def _has_glyph(character: str) -> bool:
    if character in _CHARACTERS_WITHOUT_GLYPH:
        return True
    return bool(bisect_right(_range_bounds(), ord(character)) % 2)


@cache
def _range_bounds() -> array[int]:
    """Return the starts and ends (exclusive) of the covered ranges, alternating: after a start, a code is covered."""
    name = f"coverage-{fonts_stamp()}.bin"
    data = disk_cache.load(name)
    if data is None or len(data) % array("I").itemsize:
        data = _read_fonts().tobytes()
        disk_cache.store(name, data)
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
