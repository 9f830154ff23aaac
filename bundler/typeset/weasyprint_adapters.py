"""WeasyPrint's font configuration and documents, adapted: fonts are read in place, and input is a tree or plain HTML.

This module imports WeasyPrint; `typesetter` loads it once the environment is prepared.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import cssselect2
from weasyprint import CSS, HTML, draw
from weasyprint.text.constants import FONTCONFIG_WEIGHT
from weasyprint.text.ffi import ffi, fontconfig, gobject, pangoft2
from weasyprint.text.fonts import FontConfiguration

from bundler.errors import OutputError
from bundler.fonts.files import find_fonts
from bundler.typeset.fast_html_parser import parse_plain_html
from bundler.typeset.parsed_styles import parse_style_sheet, set_looks, set_style_sheet

_HEADER = b'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'


@cache
def load_fonts() -> Any:  # noqa: ANN401 (fontconfig's)
    """Load the fonts of `find_fonts` into a configuration of fontconfig, each under its family and weight.

    Pango is not used, so that other processes may be forked from this one and have the fonts.

    Raises:
        OutputError: fontconfig cannot read a file.
    """
    config = fontconfig.FcInitLoadConfigAndFonts()
    for found in find_fonts():
        path, weight = found.path.resolve(), FONTCONFIG_WEIGHT["bold" if found.font.bold else "normal"]
        rule = _fontconfig_rule(path.as_posix(), found.font.family, weight)
        fontconfig.FcConfigParseAndLoadFromMemory(config, _HEADER + ET.tostring(rule, encoding="utf-8"), True)  # noqa: FBT003 (C)
        if not fontconfig.FcConfigAppFontAddFile(config, path.as_posix().encode()):
            raise OutputError(f"字体文件“{path.name}”读不了。", fix="请运行 bundler doctor。")
    return config


class InPlaceFontConfiguration(FontConfiguration):  # type: ignore[misc] # WeasyPrint has no types
    """WeasyPrint's font configuration with only the fonts of `find_fonts`, which fontconfig reads in place.

    WeasyPrint would copy all of them, some 140 MB, into a temporary folder for each bundle; a killed run would leave it.
    """

    def __init__(self) -> None:
        self.font_map = ffi.gc(pangoft2.pango_ft2_font_map_new(), gobject.g_object_unref)
        pangoft2.pango_fc_font_map_set_config(ffi.cast("PangoFcFontMap *", self.font_map), load_fonts())
        self.strut_layouts: dict[Any, Any] = {}
        self.font_features: dict[Any, Any] = {}

    def add_font_face(self, rule_descriptors: Any, url_fetcher: Any) -> None:  # noqa: ANN401 (WeasyPrint's)
        """Ignore the ``@font-face`` rules of a style sheet: there are no other fonts."""


def _fontconfig_rule(path: str, family: str, weight: int) -> ET.Element:
    """Return fontconfig's rule for a file: Pango finds it by this family name as well as by its own."""
    root = ET.Element("fontconfig")
    match = ET.SubElement(root, "match", target="scan")
    test = ET.SubElement(match, "test", name="file", compare="eq")
    ET.SubElement(test, "string").text = path
    family_edit = ET.SubElement(match, "edit", name="family", mode="prepend")
    ET.SubElement(family_edit, "string").text = family
    weight_edit = ET.SubElement(match, "edit", name="weight", mode="assign_replace")
    ET.SubElement(weight_edit, "int").text = str(weight)
    return root


_draw_collapsed_borders = draw.draw_collapsed_borders


def close_split_rows() -> None:
    """Draw the line below a row that goes on on the next page, and the line above its rest, as Word does.

    WeasyPrint leaves both out, so that the box of a form would stand open.
    """
    draw.draw_collapsed_borders = _draw_with_lines_at_the_page_end


def _draw_with_lines_at_the_page_end(stream: Any, table: Any) -> None:  # noqa: ANN401 (WeasyPrint's)
    table.skip_cell_border_top = table.skip_cell_border_bottom = False
    _draw_collapsed_borders(stream, table)


_MARKER_PSEUDO_ELEMENTS = frozenset(
    {"marker", "footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"}
)
_MARKER_CAUSES = ("<li", "<summary", "list-item", "footnote", "::marker")
"""Text of a page or style sheet that may cause a list marker or a footnote."""


def parse_html(css: str, body: str, fetch: Any) -> Any:  # noqa: ANN401 (WeasyPrint has no types)
    """Parse HTML as template authors write it, with the XML parser where that gives the same tree."""
    source = (css + body).lower()
    has_markers = any(cause in source for cause in _MARKER_CAUSES)
    content = None if has_markers else parse_plain_html(body)
    if content is not None:
        document, sheet = _document_of(css, content, fetch), parse_style_sheet(css)
        if sheet is not None:
            set_style_sheet(document, sheet)
        return document
    return (HTML if has_markers else _HTMLWithoutMarkers)(
        string=f'<!doctype html><meta charset="utf-8"><body><style>{css}</style>{body}', url_fetcher=fetch
    )


def parse_xml(css: str, body: str, fetch: Any, looks: Mapping[str, str]) -> Any:  # noqa: ANN401 (WeasyPrint has no types)
    """Parse well-formed HTML as XML, which takes a twentieth of the time.

    Args:
        css: the style sheet.
        body: the content.
        fetch: gives the data of a URL.
        looks: as of `set_looks`.
    """
    document = _document_of(css, ET.fromstring(f"<body>{body}</body>"), fetch)  # noqa: S314 (written by this tool)
    set_looks(document, looks)
    return document


def _document_of(css: str, body: ET.Element, fetch: Any) -> Any:  # noqa: ANN401 (WeasyPrint has no types)
    """Make a document of a ``body`` element and its style sheet."""
    root, style = ET.Element("html"), ET.Element("style")
    style.text = css
    body.insert(0, style)
    root.extend((ET.Element("head"), body))
    return _HTMLFromTree(root, fetch)


class _HTMLWithoutMarkers(HTML):  # type: ignore[misc] # WeasyPrint has no types
    """A document without lists and footnotes.

    For each element WeasyPrint would compute six pseudo-elements of its own style sheet, a seventh of a bundle's time.
    """

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:  # noqa: FBT001, FBT002 (WeasyPrint's)
        return [_without_markers(sheet) for sheet in super()._ua_stylesheets(forms)]


@cache
def _without_markers(sheet: CSS) -> CSS:
    reduced = copy.copy(sheet)
    reduced.matcher = copy.copy(sheet.matcher)
    reduced.matcher.other_selectors = [
        selector for selector in sheet.matcher.other_selectors if selector[3] not in _MARKER_PSEUDO_ELEMENTS
    ]
    return reduced


class _HTMLFromTree(_HTMLWithoutMarkers):
    """A document made from an element tree."""

    def __init__(self, root: ET.Element, fetch: Any) -> None:  # noqa: ANN401 (WeasyPrint's)
        self.base_url = None
        self.url_fetcher = fetch
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root
