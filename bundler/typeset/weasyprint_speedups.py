"""The hot spots of WeasyPrint's layout, each replaced by code that does the same in less time.

A profile of a bundle's pages found them. They could go upstream as they are. Each replaced function is that of release 70,
which is pinned and checked by `bundler.typeset.chinese_justification`; whatever a short cut does not cover is left to the
original function. `tests/documents/test_weasyprint_speedups.py` compares the files that both write.
"""

from __future__ import annotations

import struct
import sys
from math import inf
from typing import Any

import pydyf
from weasyprint import images
from weasyprint.css.properties import Dimension
from weasyprint.draw import border
from weasyprint.formatting_structure import boxes
from weasyprint.layout import percent
from weasyprint.pdf import fonts, stream

_BY_WIDTH = ("margin_left", "margin_right", "padding_left", "padding_right", "width", "min_width", "max_width")
_BY_HEIGHT = ("margin_top", "margin_bottom", "padding_top", "padding_bottom")
_LEAST_HEIGHT, _MOST_HEIGHT = ("min_height",), ("max_height",)
_BORDERS = ("border_top_width", "border_right_width", "border_bottom_width", "border_left_width")
_resolve = percent.resolve_percentages


def _resolve_percentages_quickly(box: Any, containing_block: Any) -> None:  # noqa: ANN401 (WeasyPrint has no types)
    """Set the used lengths of a box; most are in pixels."""
    if isinstance(containing_block, boxes.Box):
        width, height = containing_block.width, containing_block.height
    else:
        width, height = containing_block
    style = box.style
    if style["box_sizing"] != "content-box":
        _resolve(box, containing_block)
        return
    used = box.__dict__
    _set_used(used, style, _BY_WIDTH, width)
    _set_used(used, style, _BY_HEIGHT, height if isinstance(box, boxes.PageBox) else width)
    if height == "auto":  # it depends on the content
        own = style["height"]
        used["height"] = own.value if own.__class__ is Dimension and own.unit != "%" else "auto"
        _set_used(used, style, _LEAST_HEIGHT, 0)
        _set_used(used, style, _MOST_HEIGHT, inf)
    else:
        _set_used(used, style, (*_LEAST_HEIGHT, *_MOST_HEIGHT, "height"), height)
    is_collapsed = style["border_collapse"] == "collapse"
    for name in _BORDERS:
        if not (is_collapsed and hasattr(box, name)):
            used[name] = style[name]


def _set_used(used: dict[str, Any], style: Any, names: tuple[str, ...], refer_to: float) -> None:  # noqa: ANN401
    for name in names:
        value = style[name]
        if value.__class__ is Dimension and value.unit != "%":
            used[name] = value.value
            continue
        length = percent.percentage(value, style, refer_to)
        used[name] = 0 if length == "auto" and name.startswith("min_") else length


_RADII = (
    "border_top_left_radius",
    "border_top_right_radius",
    "border_bottom_right_radius",
    "border_bottom_left_radius",
)
_resolve_radii = percent.resolve_radii_percentages


def _resolve_radii_quickly(box: Any) -> None:  # noqa: ANN401 (WeasyPrint has no types)
    """Set the used radii of a box's corners; most are square."""
    style = box.style
    if any((0, "px") not in style[name] for name in _RADII):
        _resolve_radii(box)
        return
    for name in _RADII:
        setattr(box, name, (0, 0))


_is_in_flow = boxes.Box.is_in_normal_flow


def _is_in_flow_quickly(box: Any) -> bool:  # noqa: ANN401 (WeasyPrint has no types)
    """Whether a box is in the normal flow, as most are."""
    style = box.style
    return (style["float"] == "none" and style["position"] == "static") or bool(_is_in_flow(box))


_read_face = fonts.get_hb_object_data


class _FontFile:
    """The bytes of a font file, which are copied when they are asked for: of a whole font they never are, its subset is."""

    def __init__(self, face: Any) -> None:  # noqa: ANN401 (WeasyPrint has no types)
        self._face, self._data = face, b""

    def read(self) -> bytes | None:
        """Copy the bytes; None where the font has none."""
        if self._face is not None:
            self._data, self._face = _read_face(self._face), None
        return self._data

    def __bool__(self) -> bool:
        return bool(self.read())


def _read_face_later(face: Any, *arguments: Any) -> Any:  # noqa: ANN401 (WeasyPrint has no types)
    """Give the file of a face, to be read when it is asked for; what is drawn for single glyphs is given at once."""
    return _read_face(face, *arguments) if arguments else _FontFile(face)


def _get_content(font: Any) -> bytes | None:  # noqa: ANN401 (WeasyPrint has no types)
    content = vars(font)["file_content"]
    return content.read() if isinstance(content, _FontFile) else content


def _set_content(font: Any, content: bytes | _FontFile | None) -> None:  # noqa: ANN401 (WeasyPrint has no types)
    vars(font)["file_content"] = content


_set_color = stream.Stream.set_color


def _set_color_quickly(page: Any, color: Any, stroke: bool = False) -> None:  # noqa: ANN401, FBT001, FBT002 (WeasyPrint's)
    """Set the colour of a page's next fills or strokes; sRGB needs no conversion."""
    if color.space != "srgb":
        _set_color(page, color, stroke)
        return
    page.set_alpha(color.alpha, stroke)
    name = "_current_color_stroke" if stroke else "_current_color"
    known = (color.space, *color.coordinates)
    if known != getattr(page, name):
        setattr(page, name, known)
        page.set_color_rgb(*(channel or 0.0 for channel in color.coordinates), stroke)


_draw_line = border.draw_line


def _draw_line_quickly(  # noqa: PLR0913, PLR0917 (WeasyPrint's)
    page: Any,  # noqa: ANN401
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    thickness: float,
    style: str,
    color: Any,  # noqa: ANN401
    offset: float = 0,
) -> None:
    """Draw a line; most are solid, each a side of a cell."""
    if style != "solid":
        _draw_line(page, x1, y1, x2, y2, thickness, style, color, offset)
        return
    page.push_state()
    page.set_color(color, stroke=True)
    page.set_line_width(thickness)
    page.move_to(x1, y1)
    page.line_to(x2, y2)
    page.stroke()
    page.pop_state()


_write_pdf = pydyf.PDF.write
_read_stream = pydyf.Stream.data.fget
_streams: dict[int, bytes] = {}
"""While a file is written: each stream as it is written, by the identity of its object."""
_writing: list[bool] = []


def _write_streams_once(pdf: Any, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 (pydyf has no types)
    """Write a file; pydyf would compress each stream once more for the file's identifier."""
    _writing.append(True)
    try:
        _write_pdf(pdf, *arguments, **options)
    finally:
        _writing.pop()
        _streams.clear()


def _stream_data(page: Any) -> bytes:  # noqa: ANN401 (pydyf has no types)
    if not _writing:
        return bytes(_read_stream(page))
    if id(page) not in _streams:
        _streams[id(page)] = _read_stream(page)
    return _streams[id(page)]


_make_image = images.RasterImage.__init__
_CONVERTED = frozenset({"1", "P", "I"})
"""Kinds of pixels that WeasyPrint converts to RGB, and keeps as a PNG of its own."""


def _make_image_quickly(image: Any, picture: Any, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 (WeasyPrint has no types)
    """Take in a picture; one that was encoded for that, as each QR code is, is not decoded and encoded once more to be written."""
    _make_image(image, picture, *arguments, **options)
    is_converted = picture.mode in _CONVERTED and "transparency" not in picture.info
    if is_converted and image.format == "PNG" and not image.optimize:
        image._get_png_data = _pixels_of_own_png  # noqa: SLF001 (WeasyPrint's)


def _pixels_of_own_png(picture: Any) -> bytes:  # noqa: ANN401 (Pillow's image, not decoded yet)
    """The encoded pixels of a PNG that Pillow wrote: its IDAT chunks."""
    data, place, found = picture.fp.getvalue(), len(b"\x89PNG\r\n\x1a\n"), []
    while place < len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        if kind == b"IDAT":
            found.append(data[place + 8 : place + 8 + length])
        place += length + 12
    return b"".join(found)


def speed_up_weasyprint() -> None:
    """Replace the hot spots; a second call does nothing more."""
    images.RasterImage.__init__ = _make_image_quickly
    stream.Stream.set_color = _set_color_quickly
    pydyf.PDF.write = _write_streams_once
    pydyf.Stream.data = property(_stream_data)
    boxes.Box.is_in_normal_flow = _is_in_flow_quickly
    fonts.get_hb_object_data = _read_face_later
    fonts.Font.file_content = property(_get_content, _set_content)
    # Modules import these functions by name.
    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint."):
            for attribute, quick in (
                ("resolve_percentages", _resolve_percentages_quickly),
                ("resolve_radii_percentages", _resolve_radii_quickly),
                ("draw_line", _draw_line_quickly),
            ):
                if hasattr(module, attribute):
                    setattr(module, attribute, quick)
