"""Make the character codes of typeset text lead to their glyphs in every embedded font, as PDF requires.

WeasyPrint writes the index of a glyph as its code (CID). In a CID-keyed CFF font a reader looks a code up in the font's charset,
which need not give each glyph its index: in the Fandol fonts “¥”, “–”, “€” and the lines of frames have other CIDs. A strict
viewer draws nothing for them, and PDF/A refuses the file. Such a font gets a charset in which each glyph has its index.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Collection
from typing import Any

from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTFont
from fontTools.ttLib.sfnt import calcChecksum
from weasyprint.pdf import fonts

_PREDEFINED = frozenset({0, 1, 2})
"""In the place of an offset: a charset that the standard lists, which no CID-keyed font has."""
_RANGE_FORMATS = {1: ">HB", 2: ">HH"}
"""Formats of a charset that lists ranges: the first CID, and how many follow."""
_CHECKSUM_OF_FILE = 0xB1B0AFBA
_ENTRIES_BEGIN, _ENTRY_LENGTH = 12, 16
_clean = fonts.Font.clean


def number_glyphs_in_weasyprint() -> None:
    """Have WeasyPrint write fonts whose codes lead to the glyphs; a second call does nothing more."""
    fonts.Font.clean = _clean_and_number


def _clean_and_number(font: Any, to_unicode: Any, hinting: Any) -> None:  # noqa: ANN401 (WeasyPrint has no types)
    _clean(font, to_unicode, hinting)
    if font.type == "otf" and to_unicode:
        font.file_content = number_glyphs_by_index(bytes(font.file_content), to_unicode)


def number_glyphs_by_index(data: bytes, shown: Collection[int]) -> bytes:
    """The font in which each glyph of a CID-keyed CFF table has its index as its CID.

    Args:
        data: an OpenType font.
        shown: the indices of the glyphs that are shown; where these have their indices already, the font stays as it is.
    """
    reader = TTFont(io.BytesIO(data), lazy=True).reader
    if "CFF " not in reader.tables:
        return data
    table, start = reader["CFF "], reader.tables["CFF "].offset
    programs = CFFFontSet()
    programs.decompile(io.BytesIO(table), None, isCFF2=False)
    top = programs[0]
    offset = top.rawDict.get("charset", 0)
    if not hasattr(top, "ROS") or offset in _PREDEFINED or _begins_with_indices(table, offset, max(shown)):
        return data
    names = top.charset
    if all(index < len(names) and names[index] == f"cid{index:05d}" for index in shown if index):
        return data
    # One range takes 5 bytes, and no charset of other CIDs takes less; what is left of the old one is not read.
    numbered = bytearray(data)
    struct.pack_into(">BHH", numbered, start + offset, 2, 1, len(names) - 2)
    _write_checksums(numbered, reader)
    return bytes(numbered)


def _begins_with_indices(table: bytes, offset: int, last: int) -> bool:
    """Whether the first range of a charset gives each glyph its index, up to the last one shown."""
    layout = _RANGE_FORMATS.get(table[offset])
    if layout is None:
        return False
    first, more = struct.unpack_from(layout, table, offset + 1)
    return bool(first == 1 and last <= 1 + more)


def _write_checksums(font: bytearray, reader: Any) -> None:  # noqa: ANN401 (fontTools has no types)
    """Write the checksums of a font's CFF table and of the whole file anew."""
    table, head = reader.tables["CFF "], reader.tables.get("head")
    entries = range(_ENTRIES_BEGIN, _ENTRIES_BEGIN + _ENTRY_LENGTH * len(reader.tables), _ENTRY_LENGTH)
    entry = next(place for place in entries if font[place : place + 4] == b"CFF ")
    struct.pack_into(">L", font, entry + 4, calcChecksum(font[table.offset : table.offset + table.length]))
    if head is not None:
        struct.pack_into(">L", font, head.offset + 8, 0)
        struct.pack_into(">L", font, head.offset + 8, (_CHECKSUM_OF_FILE - calcChecksum(font)) & 0xFFFFFFFF)
