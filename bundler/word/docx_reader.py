"""Read a Word file into blocks: its sections with their body, headers, footers and page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bundler.word.blocks import DEFAULT_MARGINS, Blocks, HeaderFooter, Paragraph, Picture
from bundler.word.body import read_body
from bundler.word.package import W, parse_part_cached, read_parts
from bundler.word.paragraphs import read_paragraph
from bundler.word.styles import TWIPS, Styles, is_on, to_points

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_EMU = 12700.0
"""English metric units, DrawingML's unit of length, per point."""


def read_blocks(data: bytes) -> Blocks:
    """Read a Word file in which `read_docx` found no problem."""
    package = _Package(read_parts(data))
    body = parse_part_cached(package.parts["word/document.xml"]).find(f"{W}body")
    sections: list[Blocks] = []
    for properties, nodes in _split_sections(body):
        previous = sections[-1] if sections else Blocks(())
        sections.append(_read_section(properties, nodes, package, previous))
    first, *others = sections
    return replace(first, following=tuple(others))


@dataclass
class _Package:
    """The parts of a Word file, its styles, and its relationships."""

    parts: Mapping[str, bytes]
    styles: Styles = field(init=False)

    def __post_init__(self) -> None:
        part = self.parts.get("word/styles.xml")
        self.styles = Styles(parse_part_cached(part) if part else None)

    def relationships(self, part: str) -> dict[str, str]:
        """Return the parts that a part refers to, by the id of the relationship."""
        rels = self.parts.get(f"word/_rels/{part.removeprefix('word/')}.rels")
        if rels is None:
            return {}
        return {
            node.get("Id", ""): "word/" + node.get("Target", "").removeprefix("/word/")
            for node in parse_part_cached(rels).iter(_RELATIONSHIP)
        }

    def has_even_pages(self) -> bool:
        """Whether even pages have headers and footers of their own."""
        settings = self.parts.get("word/settings.xml")
        return settings is not None and is_on(parse_part_cached(settings).find(f"{W}evenAndOddHeaders"))


def _split_sections(body: Any) -> Iterator[tuple[Any, list[Any]]]:  # noqa: ANN401 (lxml elements)
    """Yield each section's properties, which its last paragraph or the end of the body holds, and its elements."""
    nodes: list[Any] = []
    for node in () if body is None else body:
        properties = node.find(f"{W}pPr/{W}sectPr") if node.tag == f"{W}p" else None
        nodes.append(node)
        if properties is not None:
            yield properties, nodes
            nodes = []
    yield (None if body is None else body.find(f"{W}sectPr")), nodes


def _read_section(properties: Any, nodes: list[Any], package: _Package, previous: Blocks) -> Blocks:  # noqa: ANN401
    """Read a section; where it has no header or footer of its own, it has those of the previous section."""
    return Blocks(
        body=tuple(read_body(nodes, package.styles)),
        header=_read_header_footer(properties, package, "header", previous.header),
        footer=_read_header_footer(properties, package, "footer", previous.footer),
        margins=_margins(properties),
        landscape=_is_landscape(properties),
    )


def _read_header_footer(
    properties: Any,  # noqa: ANN401 (an lxml element)
    package: _Package,
    which: str,
    previous: HeaderFooter,
) -> HeaderFooter:
    """Read the headers or the footers of a section.

    Args:
        properties: the section's ``w:sectPr`` element.
        package: the Word file.
        which: ``header`` or ``footer``.
        previous: those of the previous section.
    """
    if properties is None:
        return previous
    targets = package.relationships("word/document.xml")
    parts = {
        node.get(f"{W}type", "default"): targets.get(node.get(f"{_R}id", ""), "")
        for node in properties.findall(f"{W}{which}Reference")
    }
    own = {kind: _read_part(name, package) for kind, name in parts.items() if name in package.parts}
    margin = properties.find(f"{W}pgMar")
    return HeaderFooter(
        common=own.get("default", previous.common),
        first=own.get("first", previous.first or ()) if is_on(properties.find(f"{W}titlePg")) else None,
        even=own.get("even", previous.even or ()) if package.has_even_pages() else None,
        distance=to_points({} if margin is None else {"d": margin.get(f"{W}{which}", "720")}, "d"),
    )


def _read_part(name: str, package: _Package) -> tuple[Paragraph, ...]:
    targets = package.relationships(name)
    return tuple(
        replace(read_paragraph(node, package.styles), pictures=tuple(_read_pictures(node, package, targets)))
        for node in parse_part_cached(package.parts[name]).iter(f"{W}p")
    )


def _read_pictures(node: Any, package: _Package, targets: Mapping[str, str]) -> Iterator[Picture]:  # noqa: ANN401
    for inline in node.iter(f"{_WP}inline"):
        extent, blip = inline.find(f"{_WP}extent"), next(inline.iter(f"{_A}blip"), None)
        data = b"" if blip is None else package.parts.get(targets.get(blip.get(f"{_R}embed", ""), ""), b"")
        if data and extent is not None:
            yield Picture(data, float(extent.get("cx", "0")) / _EMU, float(extent.get("cy", "0")) / _EMU)


def _margins(properties: Any) -> tuple[float, float, float, float]:  # noqa: ANN401 (an lxml element)
    node = None if properties is None else properties.find(f"{W}pgMar")
    if node is None:
        return DEFAULT_MARGINS
    top, right, bottom, left = (
        float(node.get(f"{W}{side}", "1440")) / TWIPS for side in ("top", "right", "bottom", "left")
    )
    return (top, right, bottom, left)


def _is_landscape(properties: Any) -> bool:  # noqa: ANN401 (an lxml element)
    node = None if properties is None else properties.find(f"{W}pgSz")
    return node is not None and node.get(f"{W}orient") == "landscape"
