"""The 页号 font: the digits of 宋体, embedded, so that a number is text in any reader."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import pikepdf
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from bundler.errors import OutputError
from bundler.fonts.files import found_fonts

DIGITS = "0123456789"
SIZE = 14.0
"""Four-size (四号), in points."""


class FolioFont:
    """A font object of one PDF, and the writing of a number with it."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        font = digits()
        cmap = font.getBestCmap()
        # Fandol's glyphs go by CID: a code is the number in the glyph's name, not its place in the file.
        order = font.getGlyphOrder()
        self._codes = {digit: _cid(cmap[ord(digit)], order.index(cmap[ord(digit)])) for digit in DIGITS}
        self._widths: dict[str, float] = {
            digit: font["hmtx"][cmap[ord(digit)]][0] * 1000 / font["head"].unitsPerEm for digit in DIGITS
        }
        self.object = _font_object(pdf, font, self._codes, self._widths)

    def width(self, number: int) -> float:
        """The width of a number in points."""
        return float(sum(self._widths[digit] for digit in str(number)) * SIZE / 1000)

    def show(self, number: int, right: float, baseline: float) -> bytes:
        """Content that writes a number flush to a right edge."""
        codes = "".join(f"{self._codes[digit]:04X}" for digit in str(number))
        return f"q BT /Folio {SIZE} Tf {right - self.width(number):.2f} {baseline:.2f} Td <{codes}> Tj ET Q".encode()


@cache
def digits() -> TTFont:
    """The font without all but its digits; read once, since a batch binds many files."""
    path = next((f.path for f in found_fonts() if f.font.file_name == "FandolSong-Regular.otf"), None)
    if path is None:
        raise OutputError("缺少宋体字体 FandolSong-Regular.otf。", fix="请运行 make setup。")
    font = TTFont(path)
    subsetter = Subsetter(Options(notdef_outline=True, layout_features=[]))
    subsetter.populate(text=DIGITS)
    subsetter.subset(font)
    return font


def _cid(glyph: str, place: int) -> int:
    """The CID of a glyph of a CID-keyed font; the place in the file for any other."""
    return int(glyph.removeprefix("cid")) if glyph.startswith("cid") else place


def _font_object(pdf: pikepdf.Pdf, font: TTFont, codes: dict[str, int], widths: dict[str, float]) -> Any:  # noqa: ANN401
    file = io.BytesIO()
    font.save(file, reorderTables=None)
    cff = TTFont(io.BytesIO(file.getvalue())).reader["CFF "]
    program = pdf.make_stream(cff, Subtype=pikepdf.Name.CIDFontType0C)
    name = pikepdf.Name("/AAAAAA+FandolSong-Regular")
    head, box = font["hhea"], font["head"]
    scale = 1000 / box.unitsPerEm
    descriptor = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor,
            FontName=name,
            Flags=4,
            FontBBox=[round(v * scale) for v in (box.xMin, box.yMin, box.xMax, box.yMax)],
            ItalicAngle=0,
            Ascent=round(head.ascent * scale),
            Descent=round(head.descent * scale),
            CapHeight=round(head.ascent * scale),
            StemV=80,
            FontFile3=program,
        )
    )
    wide = [part for digit in DIGITS for part in (codes[digit], [round(widths[digit], 2)])]
    inner = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType0,
        BaseFont=name,
        CIDSystemInfo=pikepdf.Dictionary(
            Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
        ),
        FontDescriptor=descriptor,
        DW=1000,
        W=wide,
    )
    rows = "".join(f"<{codes[digit]:04X}> <{ord(digit):04X}>\n" for digit in DIGITS)
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Folio def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(DIGITS)} beginbfchar\n{rows}endbfchar endcmap end end"
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=name,
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[pdf.make_indirect(inner)],
            ToUnicode=pdf.make_stream(to_unicode.encode()),
        )
    )
