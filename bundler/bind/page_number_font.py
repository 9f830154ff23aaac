"""The font of the 页号 (folio): the digits of 宋体, embedded, so that a page number is text in any viewer."""

from __future__ import annotations

import contextlib
import functools
import io
import json
from dataclasses import asdict, dataclass

import pikepdf

from bundler import __version__, cache
from bundler.bind.cid_font import make_cid_font
from bundler.errors import OutputError
from bundler.fonts.files import find_fonts, fonts_stamp

DIGITS = "0123456789"
SIZE = 14.0
"""四号, in points."""


@dataclass(frozen=True, slots=True)
class DigitFont:
    """A subset of the font with only the digits, as a PDF describes it.

    Attributes:
        program: the CFF font program, in hexadecimal.
        codes: the code of each digit.
        widths: the width of each digit, in thousandths of the size.
        box: the corners of the font's bounding box, in thousandths of the size.
        ascent, descent: in thousandths of the size.
    """

    program: str
    codes: dict[str, int]
    widths: dict[str, float]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int


class FolioFont:
    """The font as an object of one PDF, with which numbers are written.

    Attributes:
        object: the font object.
    """

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._digits = digit_font()
        self.object = _font_object(pdf, self._digits)

    def width(self, number: int) -> float:
        """The width of a number, in points."""
        return float(sum(self._digits.widths[digit] for digit in str(number)) * SIZE / 1000)

    def show(self, number: int, right: float, baseline: float) -> bytes:
        """Content stream operators that write a number, right-aligned.

        Args:
            number: the 页号.
            right: the right edge, in points.
            baseline: the baseline, in points.
        """
        codes = "".join(f"{self._digits.codes[digit]:04X}" for digit in str(number))
        return f"q BT /Folio {SIZE} Tf {right - self.width(number):.2f} {baseline:.2f} Td <{codes}> Tj ET Q".encode()


@functools.cache
def digit_font() -> DigitFont:
    """The digits; the subset is made once and cached until the font files change.

    Raises:
        OutputError: the font is not installed.
    """
    cache_name = f"digits-{__version__}-{fonts_stamp()}.json"
    data = cache.load(cache_name)
    if data is not None:
        with contextlib.suppress(ValueError, TypeError):
            return DigitFont(**json.loads(data))
    subset = _subset_digits()
    cache.store(cache_name, json.dumps(asdict(subset)).encode())
    return subset


def _subset_digits() -> DigitFont:
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
    # Fandol is CID-keyed: a code is the number in the glyph's name, not the glyph's index in the file.
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


def _cid(glyph: str, index: int) -> int:
    """The CID of a glyph of a CID-keyed font; the glyph's index for any other font."""
    return int(glyph.removeprefix("cid")) if glyph.startswith("cid") else index


def _font_object(pdf: pikepdf.Pdf, digits: DigitFont) -> pikepdf.Object:
    name = pikepdf.Name("/AAAAAA+FandolSong-Regular")
    descriptor = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor,
            FontName=name,
            Flags=4,
            FontBBox=[*digits.box],
            ItalicAngle=0,
            Ascent=digits.ascent,
            Descent=digits.descent,
            CapHeight=digits.ascent,
            StemV=80,
            FontFile3=pdf.make_stream(bytes.fromhex(digits.program), Subtype=pikepdf.Name.CIDFontType0C),
        )
    )
    wide = [part for digit in DIGITS for part in (digits.codes[digit], [round(digits.widths[digit], 2)])]
    descendant = pikepdf.Dictionary(
        Subtype=pikepdf.Name.CIDFontType0, BaseFont=name, FontDescriptor=descriptor, DW=1000, W=wide
    )
    rows = "".join(f"<{digits.codes[digit]:04X}> <{ord(digit):04X}>\n" for digit in DIGITS)
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Folio def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(DIGITS)} beginbfchar\n{rows}endbfchar endcmap end end"
    )
    return make_cid_font(pdf, descendant, to_unicode.encode())
