"""Embedded font programs: whether every glyph that is shown exists and has the width that the PDF states."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf

_TOLERANCE = 1.0
"""Thousandths of the type size by which a width in the file may differ from the one in the font."""
_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")


def descendant_font(font: Any) -> Any:  # noqa: ANN401 (PDF objects)
    """Return the font that holds the glyphs: the descendant of a composite font, otherwise the font itself."""
    descendants = font.get("/DescendantFonts")
    return descendants[0] if isinstance(descendants, pikepdf.Array) and len(descendants) else font


def program_stream(descriptor: Any) -> Any:  # noqa: ANN401 (PDF objects)
    """Return the embedded font program of a font descriptor, or None."""
    if not isinstance(descriptor, pikepdf.Dictionary):
        return None
    found = [descriptor[key] for key in _PROGRAMS if isinstance(descriptor.get(key), pikepdf.Stream)]
    return found[0] if found else None


@dataclass(frozen=True)
class _Program:
    """A font program: widths of its glyphs in thousandths, by place and by name; cmaps of a TrueType font."""

    widths: tuple[float, ...]
    places: Mapping[str, int]
    by_cid: Mapping[int, int] | None
    cmaps: Mapping[tuple[int, int], Mapping[int, int]]
    truetype: bool


def read_program(stream: Any) -> _Program | None:  # noqa: ANN401 (a PDF object)
    """Parse a TrueType, OpenType or CFF program; None where it is damaged or of another kind."""
    from fontTools.ttLib import TTLibError

    try:
        data = stream.read_bytes()
        if data[:4] in {b"\0\1\0\0", b"true", b"OTTO", b"ttcf"}:
            return _read_opentype(data)
        if data[:1] == b"\1":
            return _read_cff(data)
    except (TTLibError, KeyError, ValueError, TypeError, IndexError, AttributeError, AssertionError, EOFError):
        return None
    except (pikepdf.PdfError, OverflowError, OSError, RecursionError, ImportError):
        return None
    return None  # a Type 1 program's widths lie behind a cipher; its page is a case for a picture


def _read_opentype(data: bytes) -> _Program:
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(data), lazy=True)
    if "CFF " in font:
        return _from_cff(font["CFF "].cff[0])
    scale = 1000 / font["head"].unitsPerEm
    names = font.getGlyphOrder()
    metrics = font["hmtx"].metrics
    glyphs = font["glyf"]
    assert len(glyphs.keys()) >= len(names)  # noqa: S101 (caught above: a font that is cut short)
    places = {name: place for place, name in enumerate(names)}
    cmaps = {
        (table.platformID, table.platEncID): {code: places[name] for code, name in table.cmap.items() if name in places}
        for table in (font["cmap"].tables if "cmap" in font else ())
    }
    return _Program(tuple(metrics[name][0] * scale for name in names), places, None, cmaps, truetype=True)


def _read_cff(data: bytes) -> _Program:
    from fontTools.cffLib import CFFFontSet

    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(data), None, isCFF2=False)
    return _from_cff(fonts[0])


def _from_cff(top: Any) -> _Program:  # noqa: ANN401 (a library's record)
    from fontTools.pens.basePen import NullPen

    matrix = getattr(top, "FontMatrix", None) or [0.001]
    scale = matrix[0] * 1000
    order = list(top.charset)
    widths = []
    for name in order:
        glyph = top.CharStrings[name]
        glyph.draw(NullPen())
        widths.append(float(glyph.width) * scale)
    places = {name: place for place, name in enumerate(order)}
    keyed = hasattr(top, "ROS")
    by_cid = {int(name[3:]): place for name, place in places.items() if name != ".notdef"} if keyed else None
    return _Program(tuple(widths), places, by_cid, {}, truetype=False)


def is_sound_program(font: Any, inner: Any, program: _Program, shown: Iterable[bytes]) -> bool:  # noqa: ANN401 (PDF objects)
    """Whether every code that is shown has a glyph, by a mapping that PDF/A allows, and its width is the stated one."""
    if font.get("/Subtype") == "/Type0":
        return _is_sound_composite(font, inner, program, shown)
    codes = sorted({code for text in shown for code in text})
    if font.get("/Subtype") == "/TrueType" and program.truetype:
        places = _truetype_places(font, program, codes)
    elif font.get("/Subtype") in {"/Type1", "/MMType1"} and not program.truetype and program.by_cid is None:
        places = _named_places(font, program, codes)
    else:
        return False
    widths, first = font.get("/Widths"), int(font.get("/FirstChar", 0))
    return places is not None and all(
        0 < place < len(program.widths) and abs(float(widths[code - first]) - program.widths[place]) <= _TOLERANCE
        for code, place in places.items()
        if _in_range(code - first, widths)
    )


def _in_range(place: int, widths: Any) -> bool:  # noqa: ANN401 (a PDF object)
    if not 0 <= place < len(widths):
        raise ValueError("a code without a width")
    return True


def _is_sound_composite(font: Any, inner: Any, program: _Program, shown: Iterable[bytes]) -> bool:  # noqa: ANN401
    """Two bytes to the code, the code being the CID; other maps are not read here."""
    if str(font.get("/Encoding")) not in {"/Identity-H", "/Identity-V"} or any(len(text) % 2 for text in shown):
        return False
    if "/CIDSystemInfo" not in inner:
        return False
    cids = {int.from_bytes(text[at : at + 2]) for text in shown for at in range(0, len(text), 2)}
    to_glyph = _glyph_map(inner, program)
    given, default = _widths_by_cid(inner.get("/W", pikepdf.Array())), float(inner.get("/DW", 1000))
    for cid in cids:
        place = to_glyph(cid)
        if not 0 < place < len(program.widths):
            return False
        if abs(given.get(cid, default) - program.widths[place]) > _TOLERANCE:
            return False
    return True


def _glyph_map(inner: Any, program: _Program) -> Any:  # noqa: ANN401 (PDF objects; a function)
    if inner.get("/Subtype") == "/CIDFontType0":
        by_cid = program.by_cid
        return (lambda cid: cid) if by_cid is None else (lambda cid: by_cid.get(cid, 0))
    table = inner.get("/CIDToGIDMap")
    if isinstance(table, pikepdf.Stream) and program.truetype:
        data = table.read_bytes()
        return lambda cid: int.from_bytes(data[2 * cid : 2 * cid + 2])
    if not program.truetype or str(table) != "/Identity":
        raise ValueError("no map from CIDs to glyphs")
    return lambda cid: cid


def _widths_by_cid(listed: Any) -> dict[int, float]:  # noqa: ANN401 (a PDF object)
    found: dict[int, float] = {}
    parts = list(listed)
    at = 0
    while at < len(parts):
        first, second = int(parts[at]), parts[at + 1]
        if isinstance(second, pikepdf.Array):
            found |= {first + place: float(width) for place, width in enumerate(second)}
            at += 2
        else:
            last = min(int(second), 0xFFFF)
            found |= dict.fromkeys(range(first, last + 1), float(parts[at + 2]))
            at += 3
    return found


_WIN, _MAC = "cp1252", "mac_roman"


def _names_of(font: Any) -> tuple[str | None, dict[int, str]]:  # noqa: ANN401 (a PDF object)
    """The base encoding of a simple font and the names by which it departs from it."""
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


def _truetype_places(font: Any, program: _Program, codes: list[int]) -> dict[int, int] | None:  # noqa: ANN401
    """The glyph of each code, by the one way that PDF/A allows for its kind of font; None where there is none."""
    symbolic = bool(int(descendant_font(font).FontDescriptor.get("/Flags", 0)) & 4)
    base, names = _names_of(font)
    if symbolic:
        if "/Encoding" in font:
            return None
        if len(program.cmaps) != 1 and (3, 0) not in program.cmaps:
            return None
        table = program.cmaps.get((3, 0)) or next(iter(program.cmaps.values()))
        return {code: table.get(code) or table.get(0xF000 + code) or 0 for code in codes}
    if base not in {"/WinAnsiEncoding", "/MacRomanEncoding"} or names or (3, 1) not in program.cmaps:
        return None
    table = program.cmaps[3, 1]
    codec = _WIN if base == "/WinAnsiEncoding" else _MAC
    return {code: table.get(ord(bytes([code]).decode(codec)), 0) for code in codes}


def _named_places(font: Any, program: _Program, codes: list[int]) -> dict[int, int] | None:  # noqa: ANN401
    """The glyph of each code of a Type 1 font whose encoding stands in the file."""
    from fontTools.agl import UV2AGL

    base, names = _names_of(font)
    if base not in {"/WinAnsiEncoding", "/MacRomanEncoding"} and not all(code in names for code in codes):
        return None
    codec = _MAC if base == "/MacRomanEncoding" else _WIN
    return {code: program.places.get(names.get(code) or UV2AGL[ord(bytes([code]).decode(codec))], 0) for code in codes}
