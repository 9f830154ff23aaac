"""WeasyPrint's font configuration and documents, adapted: fonts are read where they lie, and input is a tree or plain HTML.

This module imports WeasyPrint; `typesetter` loads it once the environment is prepared.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import cssselect2
from weasyprint import CSS, HTML
from weasyprint.text.constants import FONTCONFIG_WEIGHT
from weasyprint.text.ffi import ffi, fontconfig, pangoft2
from weasyprint.text.fonts import FontConfiguration

from bundler.errors import OutputError
from bundler.fonts.files import find_fonts

_HEADER = b'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'


class InPlaceFontConfiguration(FontConfiguration):  # type: ignore[misc] # WeasyPrint has no types
    """WeasyPrint's font configuration, without its copies and without any font but those that were found."""

    def __init__(self) -> None:
        super().__init__()
        self._known = {found.path.resolve().as_uri(): found.path.resolve() for found in find_fonts()}
        self._added: set[str] = set()

    def add_font_face(self, rule_descriptors: Any, url_fetcher: Any) -> None:  # noqa: ANN401 (WeasyPrint's)
        """Register the file of a ``@font-face`` rule under the rule's family and weight.

        Raises:
            OutputError: fontconfig cannot read it.
        """
        del url_fetcher
        path = next((self._known[url] for _, url in rule_descriptors["src"] if url in self._known), None)
        if path is None or path.as_posix() in self._added:
            return
        self._added.add(path.as_posix())
        weight = FONTCONFIG_WEIGHT[rule_descriptors.get("font_weight", "normal")]
        xml = _HEADER + ET.tostring(_rule(path.as_posix(), rule_descriptors["font_family"], weight), encoding="utf-8")
        fontconfig.FcConfigParseAndLoadFromMemory(self._config, xml, True)  # noqa: FBT003 (C)
        if not fontconfig.FcConfigAppFontAddFile(self._config, path.as_posix().encode()):
            raise OutputError(f"字体文件“{path.name}”读不了。", fix="请运行 bundler doctor。")
        pangoft2.pango_fc_font_map_config_changed(ffi.cast("PangoFcFontMap *", self.font_map))


def _rule(path: str, family: str, weight: int) -> ET.Element:
    """What fontconfig is to think of a file: the name goes before its own, so that Pango finds it by either."""
    root = ET.Element("fontconfig")
    match = ET.SubElement(root, "match", target="scan")
    test = ET.SubElement(match, "test", name="file", compare="eq")
    ET.SubElement(test, "string").text = path
    named = ET.SubElement(match, "edit", name="family", mode="prepend")
    ET.SubElement(named, "string").text = family
    weighed = ET.SubElement(match, "edit", name="weight", mode="assign_replace")
    ET.SubElement(weighed, "int").text = str(weight)
    return root


_MARKS = frozenset({"marker", "footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"})
_MARKED = ("<li", "<summary", "list-item", "footnote", "::marker")
"""What brings a list or a footnote about, in a page or in its style sheet."""


def parse_html(css: str, body: str, fetch: Any) -> Any:  # noqa: ANN401 (WeasyPrint has no types)
    """A document of HTML as people write it, in templates."""
    words = (css + body).lower()
    kind = HTML if any(word in words for word in _MARKED) else _Plain
    return kind(string=f'<!doctype html><meta charset="utf-8"><body><style>{css}</style>{body}', url_fetcher=fetch)


def parse_xml(css: str, body: str, fetch: Any) -> Any:  # noqa: ANN401 (WeasyPrint has no types)
    """A document of well-formed elements; parsing it as XML takes a twentieth of the time."""
    root = ET.fromstring(f"<html><head></head><body>{body}</body></html>")  # noqa: S314 (written by this tool)
    style = ET.Element("style")
    style.text = css
    root[1].insert(0, style)
    return _Tree(root, fetch)


class _Plain(HTML):  # type: ignore[misc] # WeasyPrint has no types
    """A document without lists and footnotes.

    WeasyPrint's own style sheet would have it work out six marks of them for each element, a seventh of a bundle's time.
    """

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:  # noqa: FBT001, FBT002 (WeasyPrint's)
        return [_without_marks(sheet) for sheet in super()._ua_stylesheets(forms)]


@cache
def _without_marks(sheet: CSS) -> CSS:
    plain = copy.copy(sheet)
    plain.matcher = copy.copy(sheet.matcher)
    plain.matcher.other_selectors = [one for one in sheet.matcher.other_selectors if one[3] not in _MARKS]
    return plain


class _Tree(_Plain):
    """WeasyPrint's document, of a tree that is there already."""

    def __init__(self, root: ET.Element, fetch: Any) -> None:  # noqa: ANN401 (WeasyPrint's)
        self.base_url = None
        self.url_fetcher = fetch
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root
