"""Give the CMYK colours of a PDF the profile that PDF/A requires; no pixel and no number of a colour changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf

from bundler.materials.pdf_filters import decode_stream, page_content
from bundler.materials.pdf_objects import LIBRARY_ERRORS, name_bytes, walk_objects

_CMYK_OPERATORS = re.compile(rb"[\d.]\s+[kK]\s|/(?:Device)?CMYK\b")
_CMYK_SPACES = frozenset({"/DeviceCMYK", "/CMYK"})
_CMYK_NAMES = frozenset({b"DeviceCMYK", b"CMYK"})
_BASE_OF_SPACE = {"/Separation": 2, "/DeviceN": 2, "/Indexed": 1, "/Pattern": 1}
"""Where the array of a colour space holds the space that it is computed in, by its family."""
_MAX_NESTED_SPACES = 4


def give_cmyk_profile(pdf: pikepdf.Pdf, pages: list[Any]) -> bool:
    """Give CMYK colours a profile; whether there are any.

    Args:
        pdf: the file, all of whose pages are given the profile.
        pages: those of its pages that may have such colours.
    """
    if not any(_uses_cmyk(part) for part in walk_objects(pages)):
        return False
    space = _make_icc_space(pdf)
    for part in list(walk_objects([page.obj for page in pdf.pages])):
        _set_cmyk_space(part, space)
    return True


def _uses_cmyk(part: Any) -> bool:  # noqa: ANN401 (a PDF object)
    """Whether a part draws in CMYK without a profile; one that cannot be read, which its page's check reports, does not."""
    if any(name_bytes(name) in _CMYK_NAMES for name in _direct_names(part)):
        return True
    try:
        return any(_CMYK_OPERATORS.search(content) for content in _contents(part))
    except LIBRARY_ERRORS:
        return False


def _contents(part: Any) -> Iterator[bytes]:  # noqa: ANN401 (a PDF object)
    """Yield the content of a page, form or pattern, or of each glyph of a Type 3 font."""
    if isinstance(part, pikepdf.Stream):
        if part.get("/Subtype") == "/Form" or "/PaintType" in part:
            yield decode_stream(part)
    elif part.get("/Type") == "/Page" or "/Contents" in part:
        yield page_content(part)
    elif part.get("/Subtype") == "/Type3":
        glyphs = part.get("/CharProcs")
        for glyph in glyphs.values() if isinstance(glyphs, pikepdf.Dictionary) else ():
            if isinstance(glyph, pikepdf.Stream):
                yield decode_stream(glyph)


def _direct_names(part: Any) -> Iterator[Any]:  # noqa: ANN401 (a PDF object)
    """Yield the names among a part's values, and in small arrays among them."""
    for value in part.values():
        yield from _names_in(value, 0)


def _names_in(value: Any, depth: int) -> Iterator[Any]:  # noqa: ANN401 (a PDF object)
    if isinstance(value, pikepdf.Name):
        yield value
    elif isinstance(value, pikepdf.Array) and depth < 4 and len(value) < 64:  # noqa: PLR2004 (colour spaces are small)
        for part in value:
            yield from _names_in(part, depth + 1)


@cache
def _profile_bytes() -> bytes:
    return Path(__file__).with_name("cmyk.icc").read_bytes()


def _make_icc_space(pdf: pikepdf.Pdf) -> Any:  # noqa: ANN401 (a PDF object)
    stream = pdf.make_stream(_profile_bytes(), N=4, Alternate=pikepdf.Name.DeviceCMYK)
    return pdf.make_indirect(pikepdf.Array([pikepdf.Name.ICCBased, stream]))


def _set_cmyk_space(part: Any, space: Any) -> None:  # noqa: ANN401 (PDF objects)
    """Use an ICC space wherever a part has CMYK: as the default of its resources, and within its other spaces."""
    draws = str(part.get("/Subtype", "")) in {"/Form", "/Type3"} or "/PaintType" in part or "/Contents" in part
    if draws:
        if not isinstance(part.get("/Resources"), pikepdf.Dictionary):
            part.Resources = pikepdf.Dictionary()
        spaces = part.Resources.get("/ColorSpace")
        if not isinstance(spaces, pikepdf.Dictionary):
            part.Resources.ColorSpace = spaces = pikepdf.Dictionary()
        if not isinstance(spaces.get("/DefaultCMYK"), pikepdf.Array):
            spaces["/DefaultCMYK"] = space
    is_spaces = not isinstance(part, pikepdf.Stream) and "/DefaultCMYK" in part
    for key, value in list(part.items()):
        if isinstance(value, pikepdf.Array):
            _replace_within(value, space, 0)
        elif (key in {"/CS", "/ColorSpace"} or is_spaces) and str(value) in _CMYK_SPACES:
            part[key] = space


def _replace_within(array: Any, space: Any, depth: int) -> None:  # noqa: ANN401 (PDF objects)
    """Replace CMYK where the array of a colour space is computed in it; shadings take no defaults from resources."""
    if not len(array) or depth > _MAX_NESTED_SPACES:
        return
    place = _BASE_OF_SPACE.get(str(array[0])) if isinstance(array[0], pikepdf.Name) else None
    if place is None or place >= len(array):
        return
    if isinstance(array[place], pikepdf.Array):
        _replace_within(array[place], space, depth + 1)
    elif isinstance(array[place], pikepdf.Name) and str(array[place]) in _CMYK_SPACES:
        array[place] = space
