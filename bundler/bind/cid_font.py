"""Embed a font whose codes are the numbers of its glyphs (a CID-keyed font), with the text that each code stands for."""

from __future__ import annotations

import pikepdf


def make_cid_font(pdf: pikepdf.Pdf, descendant: pikepdf.Dictionary, to_unicode: bytes) -> pikepdf.Object:
    """A Type 0 font over one CID-keyed font, written into a PDF.

    Args:
        pdf: the PDF that gets the font.
        descendant: the CID-keyed font with its kind, name, descriptor and widths; what all of them share is added here.
        to_unicode: the CMap from codes to text, with which a viewer searches and copies.
    """
    descendant.Type = pikepdf.Name.Font
    descendant.CIDSystemInfo = pikepdf.Dictionary(
        Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=descendant.BaseFont,
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[pdf.make_indirect(descendant)],
            ToUnicode=pdf.make_stream(to_unicode),
        )
    )
