"""The 页号 font: the digits of 宋体, embedded, so that a number is text in any reader."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import asdict, dataclass
from functools import cache

import pikepdf

from bundler import __version__
from bundler import cache as disk_cache
from bundler.errors import OutputError
from bundler.fonts.files import find_fonts, fonts_stamp

DIGITS = "0123456789"
SIZE = 14.0
"""Four-size (四号), in points."""


@dataclass(frozen=True, slots=True)
class DigitFont:
    """The font without all but its digits, as a PDF wants it.

    Attributes:
        program: the CFF font program, in hexadecimal.
        codes: the code of each digit.
        widths: the width of each, in thousandths of the size.
        box: the corners of the font's box, in thousandths of the size.
        ascent, descent: in thousandths of the size.
    """

    program: str
    codes: dict[str, int]
    widths: dict[str, float]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int


class FolioFont:
    """A font object of one PDF, and the writing of a number with it."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._digits = digit_font()
        self.object = _font_object(pdf, self._digits)

    def width(self, number: int) -> float:
        """The width of a number in points."""
        return float(sum(self._digits.widths[digit] for digit in str(number)) * SIZE / 1000)

    def show(self, number: int, right: float, baseline: float) -> bytes:
        """Content that writes a number flush to a right edge."""
        codes = "".join(f"{self._digits.codes[digit]:04X}" for digit in str(number))
        return f"q BT /Folio {SIZE} Tf {right - self.width(number):.2f} {baseline:.2f} Td <{codes}> Tj ET Q".encode()


@cache
def digit_font() -> DigitFont:
    """The digits, cut out of the font once and kept by what the font files look like.

    Raises:
        OutputError: there is no such font.
    """
    name = f"digits-{__version__}-{fonts_stamp()}.json"
    data = disk_cache.load(name)
    if data is not None:
        with contextlib.suppress(ValueError, TypeError):
            return DigitFont(**json.loads(data))
    cut = _cut()
    disk_cache.store(name, json.dumps(asdict(cut)).encode())
    return cut


def _cut() -> DigitFont:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    path = next((f.path for f in find_fonts() if f.font.file_name == "FandolSong-Regular.otf"), None)
    if path is None:
        raise OutputError("缺少宋体字体 FandolSong-Regular.otf。", fix="请运行 make setup。")
    font = TTFont(path)
    subsetter = Subsetter(Options(notdef_outline=True, layout_features=[]))
    subsetter.populate(text=DIGITS)
    subsetter.subset(font)
    file = io.BytesIO()
    font.save(file, reorderTables=None)
    cmap, head, line = font.getBestCmap(), font["head"], font["hhea"]
    # Fandol's glyphs go by CID: a code is the number in the glyph's name, not its place in the file.
    order = font.getGlyphOrder()
    scale = 1000 / head.unitsPerEm
    return DigitFont(
        program=TTFont(io.BytesIO(file.getvalue())).reader["CFF "].hex(),
        codes={digit: _cid(cmap[ord(digit)], order.index(cmap[ord(digit)])) for digit in DIGITS},
        widths={digit: font["hmtx"][cmap[ord(digit)]][0] * 1000 / head.unitsPerEm for digit in DIGITS},
        box=tuple(round(v * scale) for v in (head.xMin, head.yMin, head.xMax, head.yMax)),
        ascent=round(line.ascent * scale),
        descent=round(line.descent * scale),
    )


def _cid(glyph: str, place: int) -> int:
    """The CID of a glyph of a CID-keyed font; the place in the file for any other."""
    return int(glyph.removeprefix("cid")) if glyph.startswith("cid") else place


def _font_object(pdf: pikepdf.Pdf, digits_: DigitFont) -> pikepdf.Object:
    name = pikepdf.Name("/AAAAAA+FandolSong-Regular")
    descriptor = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor,
            FontName=name,
            Flags=4,
            FontBBox=[*digits_.box],
            ItalicAngle=0,
            Ascent=digits_.ascent,
            Descent=digits_.descent,
            CapHeight=digits_.ascent,
            StemV=80,
            FontFile3=pdf.make_stream(bytes.fromhex(digits_.program), Subtype=pikepdf.Name.CIDFontType0C),
        )
    )
    wide = [part for digit in DIGITS for part in (digits_.codes[digit], [round(digits_.widths[digit], 2)])]
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
    rows = "".join(f"<{digits_.codes[digit]:04X}> <{ord(digit):04X}>\n" for digit in DIGITS)
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
