"""Word styles: inheritance between styles, and the paragraph and run properties that result from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bundler.word.blocks import Run
from bundler.word.package import W

TWIPS = 20.0
"""Twentieths of a point, Word's unit of length, per point."""
MAX_INHERITANCE = 20
"""Styles in a chain of `basedOn`; a circle ends here."""
_COLOUR = re.compile("[0-9a-f]{6}")
_RUN_PROPERTIES = ("sz", "b", "i", "u", "color", "spacing", "rFonts")
_OFF = frozenset({"0", "false", "off"})


@dataclass
class Styles:
    """The styles of a file by id.

    Attributes:
        root: the root of styles.xml; None if the file has none.
    """

    root: Any
    by_id: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.root is not None:
            self.by_id = {style.get(f"{W}styleId"): style for style in self.root.iter(f"{W}style")}

    def inheritance(self, style_id: str | None) -> list[Any]:
        """Return the style and those it is based on, the most general first."""
        found: list[Any] = []
        while style_id in self.by_id and len(found) < MAX_INHERITANCE:
            style = self.by_id[style_id]
            found.append(style)
            base = style.find(f"{W}basedOn")
            style_id = None if base is None else base.get(f"{W}val")
        return found[::-1]

    def default_paragraph_style(self) -> str | None:
        """Return the id of the default paragraph style."""
        return next(
            (i for i, s in self.by_id.items() if s.get(f"{W}default") == "1" and s.get(f"{W}type") == "paragraph"), None
        )

    def style_name(self, style_id: str | None) -> str:
        """Return a style's name; empty if it has none or is not defined."""
        style = self.by_id.get(style_id or "")
        node = None if style is None else style.find(f"{W}name")
        return "" if node is None else node.get(f"{W}val", "")


def merge_properties(nodes: list[Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return the last element of each name among property nodes ordered from general to particular."""
    return {
        name: child
        for node in nodes
        if node is not None
        for name in names
        if (child := node.find(f"{W}{name}")) is not None
    }


def merge_attributes(nodes: list[Any], name: str) -> dict[str, str]:
    """Return the attributes of one property, each from the most particular node that gives it."""
    found: dict[str, str] = {}
    for node in nodes:
        child = None if node is None else node.find(f"{W}{name}")
        if child is not None:
            found |= {str(key).rpartition("}")[2]: str(value) for key, value in child.attrib.items()}
    return found


def to_points(attributes: Mapping[str, str], name: str) -> float:
    """Return an attribute in twips as points; 0 if it is missing or no number."""
    try:
        return float(attributes.get(name, "0")) / TWIPS
    except ValueError:
        return 0.0


def is_on(node: Any) -> bool:  # noqa: ANN401 (an lxml element)
    """Whether an on/off property is there and on."""
    return node is not None and node.get(f"{W}val", "1") not in _OFF


def resolve_run(styles: list[Any], own: Any) -> Run:  # noqa: ANN401 (an lxml element)
    """Return an empty run with the properties that its styles and its own rPr element give it."""
    found = merge_properties([*(style.find(f"{W}rPr") for style in styles), own], _RUN_PROPERTIES)
    fonts = found.get("rFonts")
    return Run(
        text="",
        face=None if fonts is None else fonts.get(f"{W}eastAsia") or fonts.get(f"{W}ascii"),
        size=float(found["sz"].get(f"{W}val", "21")) / 2 if "sz" in found else 10.5,
        bold=is_on(found.get("b")),
        spacing=float(found["spacing"].get(f"{W}val", "0")) / TWIPS if "spacing" in found else 0.0,
        underline="u" in found and found["u"].get(f"{W}val", "single") != "none",
        italic=is_on(found.get("i")),
        colour=_colour(found.get("color")),
    )


def _colour(node: Any) -> str:  # noqa: ANN401 (an lxml element)
    """Return six hexadecimal digits; empty for Word's default black."""
    value = "" if node is None else str(node.get(f"{W}val", "")).lower()
    return value if _COLOUR.fullmatch(value) and value != "000000" else ""
