"""WeasyPrint's font configuration and documents, adapted: fonts are read in place, and input is a tree or plain HTML.

This module imports WeasyPrint; `typesetter` loads it once the environment is prepared.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import cssselect2
from weasyprint import CSS, HTML, draw
from weasyprint.text.constants import FONTCONFIG_WEIGHT
from weasyprint.text.ffi import ffi, fontconfig, pangoft2
from weasyprint.text.fonts import FontConfiguration

from bundler.errors import OutputError
from bundler.fonts.files import find_fonts

_HEADER = b'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'


class InPlaceFontConfiguration(FontConfiguration):  # type: ignore[misc] # WeasyPrint has no types
    """WeasyPrint's font configuration with only the fonts of `find_fonts`, which fontconfig reads in place.

    WeasyPrint would copy all of them, some 140 MB, into a temporary folder for each bundle; a killed run would leave it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._path_by_url = {found.path.resolve().as_uri(): found.path.resolve() for found in find_fonts()}
        self._added_paths: set[str] = set()

    def add_font_face(self, rule_descriptors: Any, url_fetcher: Any) -> None:  # noqa: ANN401 (WeasyPrint's)
        """Register the file of a ``@font-face`` rule under the rule's family and weight.

        Raises:
            OutputError: fontconfig cannot read it.
        """
        del url_fetcher
        path = next((self._path_by_url[url] for _, url in rule_descriptors["src"] if url in self._path_by_url), None)
        if path is None or path.as_posix() in self._added_paths:
            return
        self._added_paths.add(path.as_posix())
        weight = FONTCONFIG_WEIGHT[rule_descriptors.get("font_weight", "normal")]
        xml = _HEADER + ET.tostring(
            _fontconfig_rule(path.as_posix(), rule_descriptors["font_family"], weight), encoding="utf-8"
        )
        fontconfig.FcConfigParseAndLoadFromMemory(self._config, xml, True)  # noqa: FBT003 (C)
        if not fontconfig.FcConfigAppFontAddFile(self._config, path.as_posix().encode()):
            raise OutputError(f"字体文件“{path.name}”读不了。", fix="请运行 bundler doctor。")
        pangoft2.pango_fc_font_map_config_changed(ffi.cast("PangoFcFontMap *", self.font_map))


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
    """Parse HTML as template authors write it."""
    source = (css + body).lower()
    document_class = HTML if any(cause in source for cause in _MARKER_CAUSES) else _HTMLWithoutMarkers
    return document_class(
        string=f'<!doctype html><meta charset="utf-8"><body><style>{css}</style>{body}', url_fetcher=fetch
    )


def parse_xml(css: str, body: str, fetch: Any) -> Any:  # noqa: ANN401 (WeasyPrint has no types)
    """Parse well-formed HTML as XML, which takes a twentieth of the time."""
    root = ET.fromstring(f"<html><head></head><body>{body}</body></html>")  # noqa: S314 (written by this tool)
    style = ET.Element("style")
    style.text = css
    root[1].insert(0, style)
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
