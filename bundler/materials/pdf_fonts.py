"""Check the fonts of a PDF by the rules of PDF/A.

A font passes only if its dictionaries are complete and each glyph that is shown is embedded with its stated width.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pikepdf

from bundler.materials.pdf_filters import decode_stream
from bundler.materials.pdf_glyph_checks import (
    WIDTH_TOLERANCE,
    descendant_font,
    is_sound_program,
    program_stream,
    read_program,
    shows_notdef,
)
from bundler.materials.pdf_objects import LIBRARY_ERRORS, decode_name, name_bytes

_STANDARD_FAMILIES = ("Helvetica", "Arial", "Times", "Courier", "Symbol", "ZapfDingbats")
"""Families that every viewer draws alike even if they are not embedded; none has Chinese characters."""
_CHINESE_HINTS = ("Sun", "Song", "Hei", "Kai", "Fang", "Ming", "GB", "UniGB", "CJK", "Unicode")
_SIMPLE_TYPES = frozenset({"/Type1", "/MMType1", "/TrueType"})
_STANDARD_NAMES = frozenset(
    name.encode()
    for name in (
        *("Times-Roman", "Times-Bold", "Times-Italic", "Times-BoldItalic", "Symbol", "ZapfDingbats"),
        *("Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique"),
        *("Courier", "Courier-Bold", "Courier-Oblique", "Courier-BoldOblique"),
    )
)
_FIRST_NUMBER = re.compile(rb"\s*([-+]?(?:\d+\.?\d*|\.\d+))\s")
_TRUETYPE_KINDS = frozenset({"/TrueType", "/CIDFontType2"})
_TRUETYPE_STARTS = frozenset({b"\0\1\0\0", b"true"})


class FontFault(StrEnum):
    """Why a font cannot be kept; the value is a Chinese phrase that follows the font's name."""

    NOT_EMBEDDED = "没有嵌入，换一台电脑就可能显示成别的字"
    UNSOUND = "嵌入得不完整，或者字宽与字体不符，归档格式不接受"


@dataclass
class FontUse:
    """A font as the content uses it: the strings shown with it, and whether any of them is visible."""

    font: Any
    shown: set[bytes] = field(default_factory=set)
    visible: bool = False


def find_font_fault(use: FontUse, programs: dict[tuple[int, int], Any]) -> FontFault | None:
    """Return what is wrong with a font as it is used; None if it passes.

    Args:
        use: the font and what it shows.
        programs: the font programs parsed so far, by object; this adds to them.
    """
    font = use.font
    is_type3 = font.get("/Subtype") == "/Type3"
    if use.visible and not is_type3 and program_stream(descendant_font(font).get("/FontDescriptor")) is None:
        return FontFault.NOT_EMBEDDED
    if not _is_well_formed(font, use.shown):
        return FontFault.UNSOUND
    if is_type3:
        return None  # its glyphs are content streams, which are checked as such
    inner = descendant_font(font)
    stream = program_stream(inner.get("/FontDescriptor"))
    if stream is None:
        return None
    if stream.objgen not in programs:
        programs[stream.objgen] = read_program(stream)
    program = programs[stream.objgen]
    try:
        if use.visible:
            sound = program is not None and is_sound_program(font, inner, program, use.shown)
        else:  # an invisible text layer over a scan: its glyphs are never drawn
            sound = program is None or not shows_notdef(font, inner, program, use.shown)
    except LIBRARY_ERRORS:
        sound = not use.visible
    return None if sound else FontFault.UNSOUND


def is_rendered_reliably(font: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether an image of the page shows a font as meant: it is embedded, or all viewers have it."""
    inner = descendant_font(font)
    if program_stream(inner.get("/FontDescriptor")) is not None or font.get("/Subtype") == "/Type3":
        return True
    name = font_name(inner).partition("+")[2] or font_name(inner)
    plain = name.replace(" ", "").replace("-", "").removesuffix("PSMT")
    is_chinese = any(hint in name for hint in _CHINESE_HINTS) or not name.isascii()
    return font.get("/Subtype") != "/Type0" and plain.startswith(_STANDARD_FAMILIES) and not is_chinese


def font_name(font: Any) -> str:  # noqa: ANN401 (a PDF object)
    """Return a font's name, which some tools write in GBK; ``?`` if it has none."""
    name = font.get("/BaseFont")
    return "?" if name is None else decode_name(name)


def _is_well_formed(font: Any, shown: Iterable[bytes]) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether a font's dictionaries have all entries that its type requires for the strings shown with it."""
    subtype = str(font.get("/Subtype"))
    if not isinstance(font, pikepdf.Dictionary) or str(font.get("/Type")) != "/Font":
        return False
    if subtype == "/Type3":
        return _has_widths(font) and _has_type3_glyphs(font, shown)
    if not isinstance(font.get("/BaseFont"), pikepdf.Name):
        return False
    if subtype in _SIMPLE_TYPES:
        standard = name_bytes(font.BaseFont) in _STANDARD_NAMES and subtype == "/Type1"
        return (standard and "/Widths" not in font) or (_has_widths(font) and _has_valid_descriptor(font))
    return subtype == "/Type0" and _is_composite_font(font)


def _has_widths(font: Any) -> bool:  # noqa: ANN401 (a PDF object)
    first, last, widths = font.get("/FirstChar"), font.get("/LastChar"), font.get("/Widths")
    return (
        isinstance(first, int)
        and isinstance(last, int)
        and isinstance(widths, pikepdf.Array)
        and len(widths) == last - first + 1
    )


def _is_composite_font(font: Any) -> bool:  # noqa: ANN401 (a PDF object)
    descendants = font.get("/DescendantFonts")
    if not isinstance(descendants, pikepdf.Array) or len(descendants) != 1:
        return False
    inner = descendants[0]
    return (
        isinstance(inner, pikepdf.Dictionary)
        and str(inner.get("/Type")) == "/Font"
        and str(inner.get("/Subtype")) in {"/CIDFontType0", "/CIDFontType2"}
        and isinstance(inner.get("/BaseFont"), pikepdf.Name)
        and _is_character_collection(inner.get("/CIDSystemInfo"))
        and _has_valid_descriptor(inner)
    )


def _is_character_collection(collection: Any) -> bool:  # noqa: ANN401 (a PDF object)
    return (
        isinstance(collection, pikepdf.Dictionary)
        and isinstance(collection.get("/Registry"), pikepdf.String)
        and isinstance(collection.get("/Ordering"), pikepdf.String)
        and isinstance(collection.get("/Supplement"), int)
    )


def _has_valid_descriptor(font: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether the font's descriptor, if it has one, is complete and states the subtype of its program."""
    descriptor = font.get("/FontDescriptor")
    if descriptor is None:
        return True
    if not isinstance(descriptor, pikepdf.Dictionary) or str(descriptor.get("/Type")) != "/FontDescriptor":
        return False
    if not isinstance(descriptor.get("/FontName"), pikepdf.Name):
        return False
    return program_stream(descriptor) is None or _has_fitting_program(font, descriptor)


def _has_fitting_program(font: Any, descriptor: Any) -> bool:  # noqa: ANN401 (PDF objects)
    """Whether the font's type allows its program, under the key and with the subtype that the descriptor gives it."""
    kind = str(font.get("/Subtype"))
    if "/FontFile3" not in descriptor:
        return ("/FontFile2" if kind in _TRUETYPE_KINDS else "/FontFile") in descriptor and kind != "/CIDFontType0"
    program = descriptor.FontFile3
    if not isinstance(program, pikepdf.Stream):
        return False
    start = decode_stream(program)[:4]
    if str(program.get("/Subtype")) == "/OpenType":
        return start == b"OTTO" if kind not in _TRUETYPE_KINDS else start in _TRUETYPE_STARTS
    bare = "/CIDFontType0C" if kind == "/CIDFontType0" else "/Type1C"
    return str(program.get("/Subtype")) == bare and start[:1] == b"\1" and kind not in _TRUETYPE_KINDS


def _has_type3_glyphs(font: Any, shown: Iterable[bytes]) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether each code shown with a Type 3 font has its glyph, a content stream."""
    encoding, glyphs = font.get("/Encoding"), font.get("/CharProcs")
    boxes = (font.get("/FontMatrix"), font.get("/FontBBox"))
    if not isinstance(encoding, pikepdf.Dictionary) or not isinstance(glyphs, pikepdf.Dictionary):
        return False
    if [len(box) if isinstance(box, pikepdf.Array) else 0 for box in boxes] != [6, 4]:
        return False
    names: dict[int, str] = {}
    code = 0
    differences: Iterable[object] = encoding.get("/Differences", pikepdf.Array())
    for part in differences:
        if isinstance(part, pikepdf.Name):
            names[code] = str(part)
            code += 1
        elif isinstance(part, int):
            code = part
    used = {code: names.get(code, "/?") for text in shown for code in text}
    return "/.notdef" not in used.values() and all(
        isinstance(glyphs.get(name), pikepdf.Stream) and _has_stated_width(font, code, glyphs[name])
        for code, name in used.items()
    )


def _has_stated_width(font: Any, code: int, glyph: Any) -> bool:  # noqa: ANN401 (PDF objects)
    """Whether the glyph of a Type 3 font begins with the width that the font states for its code."""
    position, begins = code - int(font.FirstChar), _FIRST_NUMBER.match(decode_stream(glyph))
    if begins is None or not 0 <= position < len(font.Widths):
        return False
    difference = abs(float(begins[1]) - float(font.Widths[position]))
    return max(difference, difference * abs(float(font.FontMatrix[0])) * 1000) <= WIDTH_TOLERANCE
