"""The text layer of scanned pages (双层PDF): the words that were read, invisible under the picture, to search and copy.

The words are written in a font without outlines. Its glyphs are as wide as a Chinese character or half as wide; each line
is stretched to the length that it has on the scan.
"""

from __future__ import annotations

import functools
import io
import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pikepdf

from bundler.bind.cid_font import make_cid_font
from bundler.scan_reading.record import ReadLine, ReadPage, line_size

NAME = "Layer"
"""The name of the font in the resources of a page."""
_UNITS = 1000
_DESCENT = 0.2
"""Share of a line's height that lies below its baseline."""
_FULL, _HALF = 1, 2
"""The glyphs: as wide as a Chinese character, and half as wide."""
_MAX_CHARACTERS = 60_000
_BLOCK = 100
"""Entries of one block of a CMap at most."""


@dataclass(frozen=True, slots=True)
class PlacedScan:
    """Where a page stands on its sheet: the lower left corner, width and height, in points."""

    x: float
    y: float
    width: float
    height: float


def layer_characters(pages: Iterable[ReadPage]) -> str:
    """The characters of the layers of these pages, each once, in a fixed order: those of full width first."""
    found = {character for page in pages for line in page.lines for character in line.text}
    return "".join(sorted(found, key=lambda character: (_is_half(character), character))[:_MAX_CHARACTERS])


def _is_half(character: str) -> bool:
    return unicodedata.east_asian_width(character) in {"N", "Na", "H"}


class LayerFont:
    """The font as an object of one PDF.

    Attributes:
        object: the font object.
    """

    def __init__(self, pdf: pikepdf.Pdf, characters: str) -> None:
        """Make the font.

        Args:
            pdf: the file.
            characters: what `layer_characters` gave for all pages of the file that have a layer.
        """
        self._codes = {character: code for code, character in enumerate(characters, start=1)}
        self.object = _font_object(pdf, self._codes)

    def show(self, page: ReadPage, placed: PlacedScan) -> bytes:
        """Content stream operators that write the words of a page, invisible."""
        lines = b"".join(self._show_line(line, page, placed) for line in page.lines)
        return b"q BT /%b 1 Tf 3 Tr\n%bET Q\n" % (NAME.encode(), lines)

    def _show_line(self, line: ReadLine, page: ReadPage, placed: PlacedScan) -> bytes:
        codes = [(self._codes[character], _is_half(character)) for character in line.text if character in self._codes]
        ems = sum(0.5 if half else 1.0 for _, half in codes)
        if not ems:
            return b""
        across, up = placed.width / page.width, placed.height / page.height
        length, size = (value * (across + up) / 2 for value in line_size(line.box, line.slope, page.turn))
        angle = math.radians(page.turn) - math.atan(line.slope / 1000)
        cosine, sine = math.cos(angle), math.sin(angle)
        middle_x = placed.x + (line.box[0] + line.box[2]) / 2 * across
        middle_y = placed.y + placed.height - (line.box[1] + line.box[3]) / 2 * up
        below = (0.5 - _DESCENT) * size
        x = middle_x - cosine * length / 2 + sine * below
        y = middle_y - sine * length / 2 - cosine * below
        matrix = (size * cosine, size * sine, -size * sine, size * cosine, x, y)
        text = "".join(f"{code:04X}" for code, _ in codes)
        numbers = " ".join(f"{value:.3f}" for value in matrix)
        return f"{100 * length / (ems * size):.2f} Tz {numbers} Tm <{text}> Tj\n".encode()


def _font_object(pdf: pikepdf.Pdf, codes: Mapping[str, int]) -> pikepdf.Object:
    name = pikepdf.Name("/AAAAAB+Layer")
    glyphs = [_HALF if _is_half(character) else _FULL for character in codes]
    to_glyph = b"\0\0" + b"".join(glyph.to_bytes(2, "big") for glyph in glyphs)
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=[0, -200, _UNITS, 800],
        ItalicAngle=0,
        Ascent=800,
        Descent=-200,
        CapHeight=800,
        StemV=80,
        FontFile2=pdf.make_stream(_blank_font(), Length1=len(_blank_font())),
    )
    first_half = glyphs.index(_HALF) + 1 if _HALF in glyphs else 0
    descendant = pikepdf.Dictionary(
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=name,
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=_UNITS,
        CIDToGIDMap=pdf.make_stream(to_glyph),
    )
    if first_half:
        descendant.W = [first_half, len(glyphs), _UNITS // 2]
    return make_cid_font(pdf, descendant, _to_unicode(codes))


def _to_unicode(codes: Mapping[str, int]) -> bytes:
    """The CMap from codes to text; a rare character beyond 16 bits is written as its two halves."""
    rows = [f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>" for character, code in codes.items()]
    blocks = [rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK)]
    body = "".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar\n" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Layer def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{body}endcmap end end"
    ).encode()


@functools.cache
def _blank_font() -> bytes:
    """A TrueType font with two glyphs, besides the one for missing characters.

    Each is a line without area from its lower left to its upper right corner: PDFium drops text that runs up or down the page
    if its glyphs have no height.
    """
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    names = [".notdef", "full", "half"]
    glyphs = {}
    for name, width in zip(names, (_UNITS, _UNITS, _UNITS // 2), strict=True):
        pen = TTGlyphPen(None)
        pen.moveTo((0, -200))
        pen.lineTo((width, 800))
        pen.closePath()
        glyphs[name] = pen.glyph()
    builder = FontBuilder(_UNITS, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({".notdef": (_UNITS, 0), "full": (_UNITS, 0), "half": (_UNITS // 2, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupMaxp()
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    file = io.BytesIO()
    builder.font.save(file)
    return file.getvalue()
