"""Check embedded font programs: every glyph that is shown must exist and have the width that the PDF states."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf

from bundler.materials.pdf_filters import decode_stream

WIDTH_TOLERANCE = 1.0
"""Thousandths of the font size by which a width in the PDF may differ from that in the font program."""
_WIN_CODEC, _MAC_CODEC = "cp1252", "mac_roman"
_CMAP_FORMATS, _CMAP_PLATFORMS = frozenset({0, 2, 4, 6}), frozenset({1, 3})
"""What validators read of the cmap tables of a TrueType program, of those that the standard allows."""
_PROGRAM_KEYS = ("/FontFile", "/FontFile2", "/FontFile3")


def descendant_font(font: Any) -> Any:  # noqa: ANN401 (PDF objects)
    """Return the font that holds the glyphs: the descendant of a composite font, otherwise the font itself."""
    descendants = font.get("/DescendantFonts")
    has_one = isinstance(descendants, pikepdf.Array) and len(descendants)
    return descendants[0] if has_one and isinstance(descendants[0], pikepdf.Dictionary) else font


def program_stream(descriptor: Any) -> Any:  # noqa: ANN401 (PDF objects)
    """Return the embedded font program of a font descriptor, or None."""
    if not isinstance(descriptor, pikepdf.Dictionary):
        return None
    found = [descriptor[key] for key in _PROGRAM_KEYS if isinstance(descriptor.get(key), pikepdf.Stream)]
    return found[0] if found else None


@dataclass(frozen=True)
class FontProgram:
    """A parsed font program.

    Attributes:
        widths: of its glyphs, by index, in thousandths of the font size.
        whole_widths: the same, reckoned as validators do that read only the whole part of a CFF program's usual width.
        index_by_name: glyph indexes by glyph name.
        index_by_cid: glyph indexes by CID; None if the program is not CID-keyed.
        cmaps: of a TrueType program, by platform and encoding: glyph indexes by character code.
    """

    widths: tuple[float, ...]
    index_by_name: Mapping[str, int]
    index_by_cid: Mapping[int, int] | None
    cmaps: Mapping[tuple[int, int], Mapping[int, int]]
    truetype: bool
    whole_widths: tuple[float, ...] = ()

    def has_width(self, index: int, stated: float) -> bool:
        """Whether a glyph has a stated width, however it is reckoned."""
        reckonings = (self.widths, self.whole_widths or self.widths)
        return all(abs(stated - widths[index]) <= WIDTH_TOLERANCE for widths in reckonings)


def read_program(stream: Any) -> FontProgram | None:  # noqa: ANN401 (a PDF object)
    """Parse a TrueType, OpenType or CFF program; None if it is damaged or of another kind."""
    try:
        data = decode_stream(stream)
        if data[:4] in {b"\0\1\0\0", b"true", b"OTTO", b"ttcf"}:
            return _read_opentype(data)
        if data[:1] == b"\1":
            return _read_cff(data)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (fontTools raises whatever a damaged program leads to)
        return None
    return None  # the widths of a Type 1 program are encrypted; its page can be bound as an image


def _read_opentype(data: bytes) -> FontProgram:
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(data), lazy=True)
    if "CFF " in font:
        return _parse_cff(font["CFF "].cff[0])
    scale = 1000 / font["head"].unitsPerEm
    names = font.getGlyphOrder()
    metrics = font["hmtx"].metrics
    glyphs = font["glyf"]
    assert len(glyphs.keys()) >= len(names)  # noqa: S101 (caught above: a font that is cut short)
    index_by_name = {name: index for index, name in enumerate(names)}
    cmaps = {
        (table.platformID, table.platEncID): {
            code: index_by_name[name] for code, name in table.cmap.items() if name in index_by_name
        }
        for table in (font["cmap"].tables if "cmap" in font else ())
        if table.format in _CMAP_FORMATS
    }
    widths = tuple(metrics[name][0] * scale for name in names)
    return FontProgram(widths, index_by_name, None, cmaps, truetype=True)


def _read_cff(data: bytes) -> FontProgram:
    from fontTools.cffLib import CFFFontSet

    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(data), None, isCFF2=False)
    return _parse_cff(fonts[0])


def _parse_cff(top: Any) -> FontProgram:  # noqa: ANN401 (a library's record)
    from fontTools.pens.basePen import NullPen

    matrix = getattr(top, "FontMatrix", None) or [0.001]
    scale = matrix[0] * 1000
    order = list(top.charset)
    widths, whole_widths = [], []
    for name in order:
        glyph = top.CharStrings[name]
        glyph.draw(NullPen())
        widths.append(float(glyph.width) * scale)
        usual, added_to = float(glyph.private.defaultWidthX), float(glyph.private.nominalWidthX)
        base = usual if glyph.width == usual else added_to
        whole_widths.append((float(glyph.width) - base % 1) * scale)
    index_by_name = {name: index for index, name in enumerate(order)}
    index_by_cid = None
    if hasattr(top, "ROS"):
        index_by_cid = {int(name[3:]): index for name, index in index_by_name.items() if name != ".notdef"}
    return FontProgram(
        *(tuple(widths), index_by_name, index_by_cid, {}), truetype=False, whole_widths=tuple(whole_widths)
    )


def is_sound_program(font: Any, inner: Any, program: FontProgram, shown: Iterable[bytes]) -> bool:  # noqa: ANN401 (PDF objects)
    """Whether every code that is shown leads to a glyph, by a mapping that PDF/A allows, of the stated width.

    Args:
        font: the font dictionary.
        inner: its descendant, or the font itself.
        program: the font's program.
        shown: the strings that are shown with it.

    Raises:
        ValueError: a dictionary is damaged; other errors of that kind (KeyError, TypeError …) mean the same.
    """
    if font.get("/Subtype") == "/Type0":
        return _is_sound_composite_font(font, inner, program, shown)
    indexes = _simple_indexes(font, program, shown)
    widths, first = font.get("/Widths"), int(font.get("/FirstChar", 0))
    return indexes is not None and all(
        0 < index < len(program.widths) and program.has_width(index, float(widths[code - first]))
        for code, index in indexes.items()
        if _has_width(code - first, widths)
    )


def shows_notdef(font: Any, inner: Any, program: FontProgram, shown: Iterable[bytes]) -> bool:  # noqa: ANN401 (PDF objects)
    """Whether a code that is shown leads to the glyph .notdef, which PDF/A forbids even in invisible text.

    The arguments and errors are those of `is_sound_program`.
    """
    if font.get("/Subtype") != "/Type0":
        return 0 in (_simple_indexes(font, program, shown) or {}).values()
    index_of = _cid_to_index(inner, program)
    return any(index_of(cid) == 0 for cid in _two_byte_codes(shown))


def _simple_indexes(font: Any, program: FontProgram, shown: Iterable[bytes]) -> dict[int, int] | None:  # noqa: ANN401
    """Return the glyph index of each code of a simple font; None if PDF/A allows no such mapping or program."""
    codes = sorted({code for text in shown for code in text})
    if font.get("/Subtype") == "/TrueType" and program.truetype:
        return _truetype_indexes(font, program, codes)
    if str(font.get("/Subtype")) in {"/Type1", "/MMType1"} and not program.truetype and program.index_by_cid is None:
        return _type1_indexes(font, program, codes)
    return None


def _two_byte_codes(shown: Iterable[bytes]) -> set[int]:
    return {int.from_bytes(text[start : start + 2]) for text in shown for start in range(0, len(text), 2)}


def _has_width(position: int, widths: Any) -> bool:  # noqa: ANN401 (a PDF object)
    if not 0 <= position < len(widths):
        raise ValueError("a code without a width")
    return True


def _is_sound_composite_font(font: Any, inner: Any, program: FontProgram, shown: Iterable[bytes]) -> bool:  # noqa: ANN401
    """Check a composite font whose two-byte codes are its CIDs; one with another CMap is not sound."""
    if str(font.get("/Encoding")) not in {"/Identity-H", "/Identity-V"} or any(len(text) % 2 for text in shown):
        return False
    if "/CIDSystemInfo" not in inner:
        return False
    index_of = _cid_to_index(inner, program)
    widths, default = _widths_by_cid(inner.get("/W", pikepdf.Array())), float(inner.get("/DW", 1000))
    for cid in _two_byte_codes(shown):
        index = index_of(cid)
        if not 0 < index < len(program.widths):
            return False
        if not program.has_width(index, widths.get(cid, default)):
            return False
    return True


def _cid_to_index(inner: Any, program: FontProgram) -> Callable[[int], int]:  # noqa: ANN401 (PDF objects)
    """Return the function from a CID to the index of its glyph."""
    if inner.get("/Subtype") == "/CIDFontType0":
        index_by_cid = program.index_by_cid
        return (lambda cid: cid) if index_by_cid is None else (lambda cid: index_by_cid.get(cid, 0))
    table = inner.get("/CIDToGIDMap")
    if isinstance(table, pikepdf.Stream) and program.truetype:
        data = decode_stream(table)
        return lambda cid: int.from_bytes(data[2 * cid : 2 * cid + 2])
    if not program.truetype or str(table) != "/Identity":
        raise ValueError("no map from CIDs to glyphs")
    return lambda cid: cid


def _widths_by_cid(listed: Any) -> dict[int, float]:  # noqa: ANN401 (a PDF object)
    """Parse a /W array: ``first [width …]`` or ``first last width``, repeated."""
    found: dict[int, float] = {}
    parts = list(listed)
    position = 0
    while position < len(parts):
        first, second = int(parts[position]), parts[position + 1]
        if isinstance(second, pikepdf.Array):
            found |= {first + offset: float(width) for offset, width in enumerate(second)}
            position += 2
        else:
            last = min(int(second), 0xFFFF)
            found |= dict.fromkeys(range(first, last + 1), float(parts[position + 2]))
            position += 3
    return found


def _read_encoding(font: Any) -> tuple[str | None, dict[int, str]]:  # noqa: ANN401 (a PDF object)
    """Return the base encoding of a simple font, and the glyph names by code in which it differs from that."""
    encoding = font.get("/Encoding")
    if not isinstance(encoding, pikepdf.Dictionary):
        return (str(encoding) if encoding is not None else None), {}
    names: dict[int, str] = {}
    code = 0
    for part in encoding.get("/Differences", pikepdf.Array()):
        if isinstance(part, pikepdf.Name):
            names[code] = str(part)[1:]
            code += 1
        else:
            code = int(part)
    base = encoding.get("/BaseEncoding")
    return (str(base) if base is not None else None), names


def _truetype_indexes(font: Any, program: FontProgram, codes: list[int]) -> dict[int, int] | None:  # noqa: ANN401
    """Return the glyph index of each code by the mapping that PDF/A prescribes; None if there is no such mapping."""
    symbolic = bool(int(descendant_font(font).FontDescriptor.get("/Flags", 0)) & 4)
    base, names = _read_encoding(font)
    if symbolic:
        if "/Encoding" in font:
            return None
        usable = {key: table for key, table in program.cmaps.items() if key[0] in _CMAP_PLATFORMS}
        if (3, 0) not in usable and (len(program.cmaps) != 1 or not usable):
            return None
        table = usable.get((3, 0)) or next(iter(usable.values()))
        return {code: table.get(code) or table.get(0xF000 + code) or 0 for code in codes}
    if base not in {"/WinAnsiEncoding", "/MacRomanEncoding"} or names or (3, 1) not in program.cmaps:
        return None
    table = program.cmaps[3, 1]
    codec = _WIN_CODEC if base == "/WinAnsiEncoding" else _MAC_CODEC
    return {code: table.get(ord(bytes([code]).decode(codec)), 0) for code in codes}


def _type1_indexes(font: Any, program: FontProgram, codes: list[int]) -> dict[int, int] | None:  # noqa: ANN401
    """Return the glyph index of each code of a Type 1 font; None if its encoding is not in the PDF."""
    from fontTools.agl import UV2AGL

    base, names = _read_encoding(font)
    if base not in {"/WinAnsiEncoding", "/MacRomanEncoding"} and not all(code in names for code in codes):
        return None
    codec = _MAC_CODEC if base == "/MacRomanEncoding" else _WIN_CODEC
    return {
        code: program.index_by_name.get(names.get(code) or UV2AGL[ord(bytes([code]).decode(codec))], 0)
        for code in codes
    }
