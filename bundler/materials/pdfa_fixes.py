"""What of a foreign page can be mended for an archive without touching what is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf

from bundler.materials.names import name_bytes
from bundler.materials.pdf_objects import walk_objects

_ACTING = (
    *("/AA", "/A", "/PieceInfo", "/Metadata", "/LastModified", "/StructParents", "/StructParent", "/AF", "/Thumb"),
    *(
        "/B",
        "/Tabs",
        "/TemplateInstantiated",
        "/PresSteps",
        "/Trans",
        "/Dur",
        "/VP",
        "/DPart",
        "/SeparationInfo",
        "/ID",
    ),
)
"""Keys of a page that act or point elsewhere, and draw nothing."""
_NEEDLESS: dict[str, tuple[str, ...]] = {
    "/Image": ("/Alternates", "/OPI", "/Metadata", "/StructParent", "/ID", "/Measure", "/PtData", "/AF"),
    "/Form": (
        *("/OPI", "/Ref", "/PS", "/Subtype2", "/Metadata", "/PieceInfo", "/LastModified", "/AF", "/Measure", "/PtData"),
        *("/StructParent", "/StructParents"),
    ),
}
_SUBSET_LISTS = ("/CIDSet", "/CharSet")
"""Lists of a font's glyphs: not needed, and wrong in many files."""
_HALFTONES = ("/HT", "/HTP", "/HTO", "/BG", "/UCR", "/BG2", "/UCR2", "/TK")
"""For printing plates only."""
_INTENTS = frozenset({"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"})
_INK_OPERATORS = re.compile(rb"[\d.]\s+[kK]\s|/(?:Device)?CMYK\b")
_MOST_INTEGER = 2**31 - 1
_INKS = frozenset({"/DeviceCMYK", "/CMYK"})
_INK_NAMES = frozenset({b"DeviceCMYK", b"CMYK"})


class OutOfRangeError(Exception):
    """A number that an archive may not have."""


class TransferCurveError(Exception):
    """A page's colours go through a curve for printing plates, which an archive may not keep."""


@dataclass(frozen=True, slots=True)
class PdfaFixes:
    """Whether inks were given a profile, and whether anything at all was mended."""

    inks: bool
    anything: bool


def apply_pdfa_fixes(pdf: pikepdf.Pdf) -> PdfaFixes:
    """Take off what draws nothing, and give inks a profile.

    Raises:
        TransferCurveError: a curve changes the colours.
    """
    pages = [page.obj for page in pdf.pages]
    for page in pages:
        _drop(page, _ACTING)
    inks = anything = False
    for part in walk_objects(pages):
        if any(_is_too_large(one) for one in _values(part)):
            raise OutOfRangeError
        anything = _mend_part(part) or anything
        inks = inks or _has_inks(part)
    if inks:
        profile = _profile(pdf)
        for part in list(walk_objects(pages)):
            _give_profile(part, profile)
    return PdfaFixes(inks, anything or inks)


def _mend_part(part: Any) -> bool:  # noqa: ANN401 (a PDF object)
    kind = str(part.get("/Subtype", ""))
    needless = _NEEDLESS.get(kind, ())
    if kind == "/Image" and part.get("/Interpolate", False):
        needless += ("/Interpolate",)
    if "/FontName" in part or part.get("/Type") == "/FontDescriptor":
        needless += _SUBSET_LISTS
    needless += tuple(key for key in ("/RI", "/Intent") if key in part and str(part[key]) not in _INTENTS)
    return _drop(part, needless + _plates(part))


def _plates(part: Any) -> tuple[str, ...]:  # noqa: ANN401 (a PDF object)
    """The keys of a graphics state that are for printing plates; none may change the colours."""
    if isinstance(part, pikepdf.Stream) or str(part.get("/Type", "/ExtGState")) != "/ExtGState":
        return ()
    curves = [key for key in ("/TR", "/TR2") if key in part]
    if any(str(part[key]) not in {"/Identity", "/Default"} for key in curves):
        raise TransferCurveError
    return (*curves, *_HALFTONES)


def _drop(part: Any, keys: tuple[str, ...]) -> bool:  # noqa: ANN401 (a PDF object)
    """Take keys away; whether there were any."""
    found = [key for key in keys if key in part]
    for key in found:
        del part[key]
    return bool(found)


def _has_inks(part: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether a part draws with the four inks of a printer and says no more about them."""
    if any(isinstance(value, pikepdf.Name) and name_bytes(value) in _INK_NAMES for value in _flat(part)):
        return True
    draws = isinstance(part, pikepdf.Stream) and (part.get("/Subtype") == "/Form" or "/PaintType" in part)
    if draws:
        return _INK_OPERATORS.search(part.read_bytes()) is not None
    if part.get("/Type") == "/Page" or "/Contents" in part:
        return _INK_OPERATORS.search(contents_of(part)) is not None
    if part.get("/Subtype") == "/Type3":
        glyphs = part.get("/CharProcs")
        return isinstance(glyphs, pikepdf.Dictionary) and any(
            _INK_OPERATORS.search(glyph.read_bytes()) for glyph in glyphs.values() if isinstance(glyph, pikepdf.Stream)
        )
    return False


def contents_of(page: Any) -> bytes:  # noqa: ANN401 (a PDF object)
    """A page's content, its streams one after another."""
    contents = page.get("/Contents")
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return b"\n".join(stream.read_bytes() for stream in streams if isinstance(stream, pikepdf.Stream)) + b"\n"


def _values(part: Any) -> Iterator[object]:  # noqa: ANN401 (a PDF object)
    """What a part gives directly or in its own arrays."""
    for value in part.values():
        if isinstance(value, pikepdf.Array):
            yield from value
        yield value


def _is_too_large(value: object) -> bool:
    return isinstance(value, int) and abs(value) > _MOST_INTEGER


def _flat(part: Any) -> Iterator[Any]:  # noqa: ANN401 (a PDF object)
    """The names that a part gives directly or in its own arrays."""
    for value in part.values():
        yield from _names(value, 0)


def _names(value: Any, depth: int) -> Iterator[Any]:  # noqa: ANN401 (a PDF object)
    if isinstance(value, pikepdf.Name):
        yield value
    elif isinstance(value, pikepdf.Array) and depth < 4 and len(value) < 64:  # noqa: PLR2004 (colour spaces are small)
        for part in value:
            yield from _names(part, depth + 1)


@cache
def _profile_bytes() -> bytes:
    return Path(__file__).with_name("cmyk.icc").read_bytes()


def _profile(pdf: pikepdf.Pdf) -> Any:  # noqa: ANN401 (a PDF object)
    stream = pdf.make_stream(_profile_bytes(), N=4, Alternate=pikepdf.Name.DeviceCMYK)
    return pdf.make_indirect(pikepdf.Array([pikepdf.Name.ICCBased, stream]))


def _give_profile(part: Any, profile: Any) -> None:  # noqa: ANN401 (PDF objects)
    """Say in a part's resources which inks are meant; its transparency group says it itself."""
    draws = str(part.get("/Subtype", "")) in {"/Form", "/Type3"} or "/PaintType" in part or "/Contents" in part
    if draws:
        if not isinstance(part.get("/Resources"), pikepdf.Dictionary):
            part.Resources = pikepdf.Dictionary()
        spaces = part.Resources.get("/ColorSpace")
        if not isinstance(spaces, pikepdf.Dictionary):
            part.Resources.ColorSpace = spaces = pikepdf.Dictionary()
        spaces["/DefaultCMYK"] = profile
    for key in ("/CS", "/ColorSpace"):
        if key in part and str(part[key]) in _INKS:
            part[key] = profile
