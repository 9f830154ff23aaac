"""The hot spots of setting and drawing text with WeasyPrint, each replaced by code that does the same in less time.

As in `bundler.typeset.weasyprint_speedups`, the functions are those of release 70, and what a short cut does not cover is
left to the original; `tests/documents/test_weasyprint_speedups.py` compares the files that both write.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from weasyprint.draw import text as draw_text
from weasyprint.text import line_break
from weasyprint.text.constants import PANGO_DIRECTION
from weasyprint.text.ffi import FROM_UNITS, ffi, gobject, pango
from weasyprint.text.fonts import font_features, get_font_description

_FONT_PROPERTIES = (
    "font_family",
    "font_style",
    "font_stretch",
    "font_weight",
    "font_size",
    "font_variant_caps",
    "font_variation_settings",
    "direction",
)
_FEATURE_PROPERTIES = (
    "font_kerning",
    "font_variant_ligatures",
    "font_variant_position",
    "font_variant_caps",
    "font_variant_numeric",
    "font_variant_alternates",
    "font_variant_east_asian",
    "font_feature_settings",
)
_MOST_FONTS = 500
"""Fonts whose descriptions are kept; a document has some dozens."""
_MOST_KEPT = 20_000
"""Lines that are kept as Pango has set them until they are drawn, some kilobytes each; the others are set again."""
_SEPARATORS = re.compile("[\n\r\x85\u2028\u2029]")
_prepared: dict[Any, tuple[Any, Any, Any]] = {}
_kept: WeakSet[Any] = WeakSet()
_Layout = line_break.Layout
_setup, _deactivate, _reactivate = _Layout.setup, _Layout.deactivate, _Layout.reactivate


def _setup_quickly(layout: Any, style: Any) -> None:  # noqa: ANN401 (WeasyPrint has no types)
    """Make a Pango layout; its context and the description of its font are those of other layouts of the font."""
    if (
        style["text_decoration_line"] != "none"
        or style["font_language_override"] != "normal"
        or style["lang"]
        or style["font_feature_settings"] != "normal"
    ):
        _setup(layout, style)
        return
    font_map = style.font_config.font_map
    key = (font_map, *[style[name] for name in _FONT_PROPERTIES])
    prepared = _prepared.get(key)
    if prepared is None:
        if font_features(*[style[name] for name in _FEATURE_PROPERTIES]):
            _setup(layout, style)
            return
        context = ffi.gc(pango.pango_font_map_create_context(font_map), gobject.g_object_unref)
        pango.pango_context_set_round_glyph_positions(context, False)  # noqa: FBT003 (C)
        pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
        prepared = context, get_font_description(style), pango.pango_language_get_default()
        if len(_prepared) >= _MOST_FONTS:
            _prepared.clear()
        _prepared[key] = prepared
    context, description, layout.language = prepared
    layout.style = style
    layout.first_line_direction = 0
    layout.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout.layout, False)  # noqa: FBT003 (C)
    pango.pango_layout_set_font_description(layout.layout, description)
    layout.ascent = layout.underline_position = layout.strikethrough_position = None


def _in_one_paragraph(set_text: Callable[..., None]) -> Callable[..., None]:
    """As `set_text`, in the mode in which a line is drawn, so that it need not be set again for that."""

    def quick(layout: Any, text: str, justify: bool = False) -> None:  # noqa: ANN401, FBT001, FBT002 (WeasyPrint's)
        pango.pango_layout_set_single_paragraph_mode(layout.layout, not _SEPARATORS.search(text))
        set_text(layout, text, justify)

    vars(quick)["is_quick"] = True
    return quick


def _keep_line(layout: Any) -> None:  # noqa: ANN401 (WeasyPrint has no types)
    """Keep a line until it is drawn; WeasyPrint would free it and set it again."""
    if vars(layout).pop("is_drawn", False) or layout.justification_spacing or len(_kept) >= _MOST_KEPT:
        _deactivate(layout)
    elif layout.max_width is None or pango.pango_layout_get_line_readonly(layout.layout, 1) == ffi.NULL:
        _kept.add(layout)
    else:
        _deactivate(layout)


def _use_kept_line(layout: Any, style: Any) -> None:  # noqa: ANN401 (WeasyPrint has no types)
    """Make a line ready to be drawn."""
    if layout not in _kept or layout.style is not style:
        _reactivate(layout, style)
    _kept.discard(layout)
    layout.is_drawn = True


_draw_first_line = draw_text.draw_first_line
_GLYPH_NUMBERS = 5
"""Whole numbers of a PangoGlyphInfo: glyph, width, offsets across and up, attributes."""


def _draw_first_line_quickly(
    stream: Any,  # noqa: ANN401
    textbox: Any,  # noqa: ANN401
    text_overflow: str,
    block_ellipsis: str,
    matrix: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """Draw a line of glyphs that stand on its base line, as most do; none of them is an emoji."""
    line, style = textbox.pango_layout, textbox.style
    if text_overflow == "ellipsis" or block_ellipsis != "none" or not textbox.text.strip():
        return _draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix)
    pango.pango_layout_set_single_paragraph_mode(line.layout, True)  # noqa: FBT003 (C)
    runs = list(_read_runs(pango.pango_layout_get_line_readonly(line.layout, 0), stream))
    is_plain = all(_is_plain(font, numbers) for _, font, _, numbers in runs)
    if not is_plain or style["font_size"] < _LEAST_SIZE or pango.pango_version() < _EXACT_SIZES_SINCE:
        return _draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix)
    stream.set_text_matrix(*matrix.values)
    string, previous = "", None
    for item, font, font_size, numbers in runs:
        pango_font = item.item.analysis.font
        if pango_font != previous:
            previous = pango_font
            if string:
                stream.show_text(string)
            string = ""
            stream.set_font_size(font.hash, font_size)
        string += "<" + "".join(_glyph_texts(stream, textbox, item, font, font_size, numbers))
        string = string[:-1] if string.endswith("<") else string + ">"
    stream.show_text(string)
    return []


_LEAST_SIZE = 1e-6
_EXACT_SIZES_SINCE = 14802
"""The release of Pango from which on fonts say their sizes rightly."""


def _read_runs(line: Any, stream: Any) -> Any:  # noqa: ANN401 (cffi's, WeasyPrint's)
    """Yield each run of a line with its font, its size, and the numbers of its glyphs."""
    run = line.runs[0]
    while run != ffi.NULL:
        item, run = run.data, run.next
        font, font_size = stream.add_font(item.item.analysis.font)
        data = ffi.buffer(item.glyphs.glyphs, ffi.sizeof("PangoGlyphInfo") * item.glyphs.num_glyphs)
        yield item, font, font_size, memoryview(data).cast("B").cast("i").tolist()


def _is_plain(font: Any, numbers: list[int]) -> bool:  # noqa: ANN401 (WeasyPrint's)
    is_outline = not (font.bitmap or font.png or font.svg or font.colr)
    return is_outline and not any(numbers[3::_GLYPH_NUMBERS]) and max(numbers[::_GLYPH_NUMBERS], default=0) < _EMPTY


_EMPTY = pango.PANGO_GLYPH_EMPTY
"""The least glyph that is none of a font."""


def _glyph_texts(  # noqa: PLR0913, PLR0917
    stream: Any,  # noqa: ANN401
    textbox: Any,  # noqa: ANN401
    item: Any,  # noqa: ANN401
    font: Any,  # noqa: ANN401
    font_size: float,
    numbers: list[int],
) -> Any:  # noqa: ANN401
    """Yield what a run's glyphs are written as, with the spaces between them; the font learns what they mean."""
    to_unicode, widths = font.to_unicode, font.widths
    glyphs = numbers[::_GLYPH_NUMBERS]
    for place, (glyph, width, across) in enumerate(
        zip(glyphs, numbers[1::_GLYPH_NUMBERS], numbers[2::_GLYPH_NUMBERS], strict=True)
    ):
        if glyph not in to_unicode:
            to_unicode[glyph] = _text_of(textbox, item, place, len(glyphs))
        logical_width = widths.get(glyph)
        if logical_width is None:
            pango.pango_font_get_glyph_extents(item.item.analysis.font, glyph, stream.ink_rect, stream.logical_rect)
            logical_width = widths[glyph] = round(stream.logical_rect.width * 1000 * FROM_UNITS / font_size)
        offset = across / font_size
        kerning = logical_width + offset - width * 1000 * FROM_UNITS / font_size
        yield f">{-offset}<{glyph:04x}" if offset else f"{glyph:04x}"
        if kerning:
            yield f">{int(kerning)}<"


def _text_of(textbox: Any, item: Any, place: int, count: int) -> str:  # noqa: ANN401 (WeasyPrint's, cffi's)
    """The characters that a glyph stands for."""
    clusters, offset = item.glyphs.log_clusters, item.item.offset
    begin = clusters[place]
    if item.item.analysis.level % 2:  # from right to left
        end = item.item.length if place == 0 else clusters[place - 1]
    else:
        end = item.item.length if place == count - 1 else clusters[place + 1]
    text: str = textbox.pango_layout.text.encode()[offset + begin : offset + end].decode()
    return text


def speed_up_text() -> None:
    """Replace the hot spots; a second call does nothing more."""
    _Layout.setup = _setup_quickly
    _Layout.deactivate = _keep_line
    _Layout.reactivate = _use_kept_line
    draw_text.draw_first_line = _draw_first_line_quickly
    if not hasattr(_Layout.set_text, "is_quick"):
        _Layout.set_text = _in_one_paragraph(_Layout.set_text)
