"""The dictionaries of a font: whether they have what the standard asks of each kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pikepdf

from bundler.materials.names import name_bytes

_SIMPLE = frozenset({"/Type1", "/MMType1", "/TrueType"})
_STANDARD = frozenset(
    name.encode()
    for name in (
        *("Times-Roman", "Times-Bold", "Times-Italic", "Times-BoldItalic", "Symbol", "ZapfDingbats"),
        *("Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique"),
        *("Courier", "Courier-Bold", "Courier-Oblique", "Courier-BoldOblique"),
    )
)
_PROGRAM_KINDS = frozenset({"/Type1C", "/CIDFontType0C", "/OpenType"})


def is_well_formed(font: Any, shown: Iterable[bytes]) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether a font has all that its kind must have, for what is shown with it."""
    kind = str(font.get("/Subtype"))
    if not isinstance(font, pikepdf.Dictionary) or str(font.get("/Type")) != "/Font":
        return False
    if kind == "/Type3":
        return _has_widths(font) and _is_drawn(font, shown)
    if not isinstance(font.get("/BaseFont"), pikepdf.Name):
        return False
    if kind in _SIMPLE:
        standard = name_bytes(font.BaseFont) in _STANDARD and kind == "/Type1"
        return (standard and "/Widths" not in font) or (_has_widths(font) and _has_descriptor(font))
    return kind == "/Type0" and _is_composite(font)


def _has_widths(font: Any) -> bool:  # noqa: ANN401 (a PDF object)
    first, last, widths = font.get("/FirstChar"), font.get("/LastChar"), font.get("/Widths")
    return (
        isinstance(first, int)
        and isinstance(last, int)
        and isinstance(widths, pikepdf.Array)
        and len(widths) == last - first + 1
    )


def _is_composite(font: Any) -> bool:  # noqa: ANN401 (a PDF object)
    descendants = font.get("/DescendantFonts")
    if not isinstance(descendants, pikepdf.Array) or len(descendants) != 1:
        return False
    inner = descendants[0]
    return (
        isinstance(inner, pikepdf.Dictionary)
        and str(inner.get("/Type")) == "/Font"
        and str(inner.get("/Subtype")) in {"/CIDFontType0", "/CIDFontType2"}
        and isinstance(inner.get("/BaseFont"), pikepdf.Name)
        and _has_collection(inner.get("/CIDSystemInfo"))
        and _has_descriptor(inner)
    )


def _has_collection(collection: Any) -> bool:  # noqa: ANN401 (a PDF object)
    return (
        isinstance(collection, pikepdf.Dictionary)
        and isinstance(collection.get("/Registry"), pikepdf.String)
        and isinstance(collection.get("/Ordering"), pikepdf.String)
        and isinstance(collection.get("/Supplement"), int)
    )


def _has_descriptor(font: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """A descriptor that may be there is one, and says what sort of program it has."""
    descriptor = font.get("/FontDescriptor")
    if descriptor is None:
        return True
    if not isinstance(descriptor, pikepdf.Dictionary) or str(descriptor.get("/Type")) != "/FontDescriptor":
        return False
    if not isinstance(descriptor.get("/FontName"), pikepdf.Name):
        return False
    program = descriptor.get("/FontFile3")
    return program is None or (isinstance(program, pikepdf.Stream) and str(program.get("/Subtype")) in _PROGRAM_KINDS)


def _is_drawn(font: Any, shown: Iterable[bytes]) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether each code of a font of drawings has its drawing."""
    encoding, drawings = font.get("/Encoding"), font.get("/CharProcs")
    sizes = (font.get("/FontMatrix"), font.get("/FontBBox"))
    if not isinstance(encoding, pikepdf.Dictionary) or not isinstance(drawings, pikepdf.Dictionary):
        return False
    if [len(size) if isinstance(size, pikepdf.Array) else 0 for size in sizes] != [6, 4]:
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
    return all(isinstance(drawings.get(names.get(code, "/?")), pikepdf.Stream) for text in shown for code in text)
