"""Word styles: inheritance between styles, and the paragraph and run properties that result from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from lxml import etree

from bundler.word.block_model import Run
from bundler.word.docx_package import W, to_number
from bundler.word.shading_and_text_colour import fill_of

Value = TypeVar("Value")

TWIPS = 20.0
"""Twentieths of a point, Word's unit of length, per point."""
MAX_INHERITANCE = 20
"""Styles in a chain of `basedOn`; a circle ends here."""
DEFAULT_SIZE = 10.5
"""Of text in a file whose styles give no size, as WPS sets it."""
_MAX_KNOWN = 4096
"""Looks of paragraphs and runs that are remembered of one file; one with more is hardly written by a person."""
_COLOUR = re.compile("[0-9a-f]{6}")
_RUN_PROPERTIES = ("sz", "u", "color", "spacing", "shd", "highlight", "position")
_OFF = frozenset({"0", "false", "off"})
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_HIGHLIGHTS = {
    "yellow": "ffff00", "green": "00ff00", "cyan": "00ffff", "magenta": "ff00ff", "blue": "0000ff", "red": "ff0000",
    "darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000", "darkMagenta": "800080", "darkRed": "800000",
    "darkYellow": "808000", "darkGray": "808080", "lightGray": "c0c0c0", "black": "000000", "white": "ffffff",
}  # fmt: skip


@dataclass
class Styles:
    """The styles of a file by id.

    Attributes:
        root: the root of styles.xml; None if the file has none.
        theme: the root of its theme, which names fonts; None if it has none.
    """

    root: Any
    theme: Any = None
    by_id: dict[str, Any] = field(default_factory=dict)
    _known: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.root is not None:
            self.by_id = {style.get(f"{W}styleId"): style for style in self.root.iter(f"{W}style")}

    def remember(self, key: Hashable, find: Callable[[], Value]) -> Value:
        """Return what `find` gives, and the same for the same key from then on.

        Most paragraphs and runs of a file have the properties of others, so few are found out anew.
        """
        if key not in self._known:
            found = find()
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[key] = found
        value: Value = self._known[key]
        return value

    def inheritance(self, style_id: str | None) -> list[Any]:
        """Return the style and those it is based on, the most general first; the list is shared and must not be changed."""
        return self.remember(("inheritance", style_id), lambda: self._find_inheritance(style_id))

    def _find_inheritance(self, style_id: str | None) -> list[Any]:
        found: list[Any] = []
        while style_id in self.by_id and len(found) < MAX_INHERITANCE:
            style = self.by_id[style_id]
            found.append(style)
            base = style.find(f"{W}basedOn")
            style_id = None if base is None else base.get(f"{W}val")
        return found[::-1]

    def default_properties(self, kind: str) -> Any:  # noqa: ANN401 (an lxml element)
        """Return the ``w:rPr`` or ``w:pPr`` element that all styles begin with; None if there is none."""
        if self.root is None:
            return None
        return self.remember(("defaults", kind), lambda: self.root.find(f"{W}docDefaults/{W}{kind}Default/{W}{kind}"))

    def default_style(self, kind: str) -> str | None:
        """Return the id of the default style of a kind, ``paragraph`` or ``table``."""
        return self.remember(("default style", kind), lambda: self._find_default_style(kind))

    def _find_default_style(self, kind: str) -> str | None:
        return next(
            (
                i
                for i, s in self.by_id.items()
                if s.get(f"{W}default") in {"1", "true", "on"} and s.get(f"{W}type") == kind
            ),
            None,
        )

    def style_name(self, style_id: str | None) -> str:
        """Return a style's name; empty if it has none or is not defined."""
        style = self.by_id.get(style_id or "")
        node = None if style is None else style.find(f"{W}name")
        return "" if node is None else node.get(f"{W}val", "")

    def run_fonts(self, inherited: Sequence[Any], own: Any) -> dict[str, str]:  # noqa: ANN401 (an lxml element)
        """Return the fonts of a run by group of characters; parameters are those of `resolve_run`."""
        return self.remember(
            ("fonts", *map(id, inherited), digest_of(own)), lambda: self.fonts(self.run_nodes(inherited, own))
        )

    def run_nodes(self, inherited: Sequence[Any], own: Any) -> list[Any]:  # noqa: ANN401 (an lxml element)
        """Return the ``w:rPr`` elements that apply to a run, from general to particular; None for one that is missing."""
        return [self.default_properties("rPr"), *(style.find(f"{W}rPr") for style in inherited), own]

    def fonts(self, nodes: Sequence[Any]) -> dict[str, str]:
        """Return the fonts for East Asian, ASCII and other Latin characters, by Word's names of those groups."""
        found: dict[str, str] = {}
        for node in nodes:
            fonts = None if node is None else node.find(f"{W}rFonts")
            if fonts is None:
                continue
            for group in ("eastAsia", "ascii", "hAnsi"):
                themed, named = fonts.get(f"{W}{group}Theme"), fonts.get(f"{W}{group}")
                name = self._theme_font(themed) if themed else named
                if name or named:
                    found[group] = name or named
        return found

    def _theme_font(self, themed: str) -> str | None:
        """Return the font of a theme's group such as ``minorEastAsia``; Chinese has its own."""
        if self.theme is None:
            return None
        fonts = next(self.theme.iter(f"{_A}{'major' if themed.startswith('major') else 'minor'}Font"), None)
        if fonts is None:
            return None
        is_chinese = themed.endswith("EastAsia")
        own = fonts.find(f"{_A}{'ea' if is_chinese else 'latin'}")
        name = "" if own is None else own.get("typeface", "")
        chinese = (node.get("typeface") for node in fonts.iter(f"{_A}font") if node.get("script") == "Hans")
        return name or (next(chinese, None) if is_chinese else None)


def digest_of(own: Any) -> bytes | None:  # noqa: ANN401 (an lxml element)
    """Return what two property elements have in common if they say the same; None for one that is missing."""
    return None if own is None else etree.tostring(own, with_tail=False)


def merge_properties(nodes: Sequence[Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return the last element of each name among property nodes ordered from general to particular."""
    return {
        name: child
        for node in nodes
        if node is not None
        for name in names
        if (child := node.find(f"{W}{name}")) is not None
    }


def merge_attributes(nodes: Sequence[Any], name: str) -> dict[str, str]:
    """Return the attributes of one property, each from the most particular node that gives it."""
    found: dict[str, str] = {}
    for node in nodes:
        child = None if node is None else node.find(f"{W}{name}")
        if child is not None:
            own = {str(key).rpartition("}")[2]: str(value) for key, value in child.attrib.items()}
            if own.keys() & {"firstLine", "firstLineChars", "hanging", "hangingChars"}:
                # A hanging indent replaces the inherited indent of the first line, and the other way round.
                other = "hanging" if own.keys() & {"firstLine", "firstLineChars"} else "firstLine"
                found = {key: value for key, value in found.items() if not key.startswith(other)}
            found |= own
    return found


def to_points(attributes: Mapping[str, str], name: str) -> float:
    """Return an attribute in twips as points; 0 if it is missing or no number."""
    try:
        return to_number(attributes.get(name, "0")) / TWIPS
    except ValueError:
        return 0.0


def is_on(node: Any) -> bool:  # noqa: ANN401 (an lxml element)
    """Whether an on/off property is there and on."""
    return node is not None and node.get(f"{W}val", "1") not in _OFF


def is_toggled(styles: Sequence[Any], own: Any, name: str) -> bool:  # noqa: ANN401 (lxml elements)
    """Whether a toggle property such as bold is on: what a paragraph's and a character's style both turn on is off.

    Args:
        styles: the styles, each chain from general to particular.
        own: the run's own ``w:rPr``, which decides alone where it has the property.
        name: of the property.
    """
    direct = None if own is None else own.find(f"{W}{name}")
    if direct is not None:
        return is_on(direct)
    by_kind: dict[str, Any] = {}
    for style in styles:
        node = style.find(f"{W}rPr/{W}{name}")
        if node is not None:
            by_kind[style.get(f"{W}type", "")] = node
    return sum(is_on(node) for node in by_kind.values()) % 2 == 1


def resolve_run(styles: Styles, inherited: Sequence[Any], own: Any) -> Run:  # noqa: ANN401 (an lxml element)
    """Return an empty run with the properties that its styles and its own rPr element give it."""
    return styles.remember(("run", *map(id, inherited), digest_of(own)), lambda: _resolve_run(styles, inherited, own))


def _resolve_run(styles: Styles, inherited: Sequence[Any], own: Any) -> Run:  # noqa: ANN401 (an lxml element)
    nodes = styles.run_nodes(inherited, own)
    found = merge_properties(nodes, _RUN_PROPERTIES)
    fonts = styles.fonts(nodes)
    marked = found["highlight"].get(f"{W}val", "") if "highlight" in found else ""
    return Run(
        text="",
        face=fonts.get("eastAsia") or fonts.get("ascii"),
        size=to_number(found["sz"].get(f"{W}val", "21")) / 2 if "sz" in found else DEFAULT_SIZE,
        bold=is_toggled(inherited, own, "b"),
        spacing=to_number(found["spacing"].get(f"{W}val", "0")) / TWIPS if "spacing" in found else 0.0,
        underline="u" in found and found["u"].get(f"{W}val", "single") != "none",
        italic=is_toggled(inherited, own, "i"),
        colour=_colour(found.get("color")),
        fill=_HIGHLIGHTS.get(marked) or fill_of(found.get("shd")),
        raised=to_number(found["position"].get(f"{W}val", "0")) / 2 if "position" in found else 0.0,
    )


def _colour(node: Any) -> str:  # noqa: ANN401 (an lxml element)
    """Return six hexadecimal digits; empty for Word's default, which is black on all but dark grounds."""
    value = "" if node is None else str(node.get(f"{W}val", "")).lower()
    return value if _COLOUR.fullmatch(value) else ""
