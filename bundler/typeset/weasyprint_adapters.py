"""The font files that were found, given to fontconfig where they lie.

WeasyPrint would copy all of them, some 140 MB, into a temporary folder for each bundle; a killed run would leave it there.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

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
