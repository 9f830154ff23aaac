"""Read a Word file into blocks: its sections with their body, headers, footers and page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from bundler.word.block_model import DEFAULT_MARGINS, Blocks, HeaderFooter, Paragraph, Table
from bundler.word.docx_package import (
    MAX_CACHED_SIZE,
    W,
    parse_part_cached,
    part_targets,
    read_parts,
    to_integer,
    to_number,
)
from bundler.word.header_pictures import PictureSource, R
from bundler.word.numbering import Numbering
from bundler.word.paragraphs import ParagraphReader
from bundler.word.read_body import read_body
from bundler.word.styles import TWIPS, Styles, is_on, to_points
from bundler.word.supported_sections import is_continued

_CHARACTER_GRID = 4096.0
"""What ``charSpace`` of a page's grid counts in a point."""
_LINE_GRIDS = frozenset({"lines", "linesAndChars", "snapToChars"})


def read_blocks(data: bytes) -> Blocks:
    """Read a Word file in which `read_docx` found no problem."""
    package = _Package(read_parts(data))
    sections: list[Blocks] = []
    for properties, blocks in _read_body_parts(package):
        previous = sections[-1] if sections else Blocks(())
        section = _read_section(properties, blocks, package, previous)
        if sections and is_continued(properties):
            sections[-1] = replace(previous, body=(*previous.body, *section.body))
        else:
            sections.append(section)
    first, *others = sections
    return replace(first, following=tuple(others))


@dataclass
class _Package:
    """The parts of a Word file, its styles, and its relationships."""

    parts: Mapping[str, bytes]
    styles: Styles = field(init=False)

    def __post_init__(self) -> None:
        self.styles = open_styles(self.parts)

    def numbering(self) -> Numbering:
        """Return the lists, with no paragraph counted yet."""
        part = self.parts.get("word/numbering.xml")
        return Numbering(parse_part_cached(part) if part else None, self.styles)

    def setting(self, name: str) -> Any:  # noqa: ANN401 (an lxml element)
        """Return an element of the settings; None if there is none."""
        settings = self.parts.get("word/settings.xml")
        return None if settings is None else parse_part_cached(settings).find(f"{W}{name}")

    def reader(self, numbering: Numbering, properties: Any) -> ParagraphReader:  # noqa: ANN401 (an lxml element)
        """Return a reader of the paragraphs of a section."""
        tab = self.setting("defaultTabStop")
        grid = None if properties is None else properties.find(f"{W}docGrid")
        found = {} if grid is None else {name.rpartition("}")[2]: value for name, value in grid.attrib.items()}
        kind = found.get("type", "")
        return ParagraphReader(
            self.styles,
            numbering,
            default_tab=36 if tab is None else to_points({"v": tab.get(f"{W}val", "720")}, "v"),
            grid=to_points(found, "linePitch") if kind in _LINE_GRIDS else 0,
            grid_in_cells=is_on(self.setting(f"compat/{W}adjustLineHeightInTable")),
            letter_spacing=to_number(found.get("charSpace", "0")) / _CHARACTER_GRID if kind == "linesAndChars" else 0,
        )


def open_styles(parts: Mapping[str, bytes]) -> Styles:
    """Return the styles of a Word file, with the fonts of its theme."""
    found = tuple(parts.get(f"word/{name}.xml", b"") for name in ("styles", "theme/theme1", "numbering"))
    return _open_cached(*found) if sum(map(len, found)) <= MAX_CACHED_SIZE else _open(*found)


def _open(styles: bytes, theme: bytes, numbering: bytes) -> Styles:
    """Open styles; what they remember of paragraphs depends on the lists too."""
    del numbering
    return Styles(parse_part_cached(styles) if styles else None, parse_part_cached(theme) if theme else None)


_open_cached = lru_cache(maxsize=8)(_open)
"""A file is checked and then read, and many papers have the styles of others."""


_BODY_PARTS = tuple(f"word/{name}.xml" for name in ("document", "styles", "theme/theme1", "numbering", "settings"))
"""All that the blocks of a body depend on."""
BodyPart = tuple[Any, tuple[Paragraph | Table, ...]]
"""The properties of a section and its blocks."""


def _read_body_parts(package: _Package) -> tuple[BodyPart, ...]:
    """Read the blocks of each section; a form is read once for its label, and again without the label."""
    found = tuple(package.parts.get(name, b"") for name in _BODY_PARTS)
    return _read_bodies_cached(*found) if sum(map(len, found)) <= MAX_CACHED_SIZE else _read_bodies(*found)


def _read_bodies(*parts: bytes) -> tuple[BodyPart, ...]:
    package = _Package({name: part for name, part in zip(_BODY_PARTS, parts, strict=True) if part})
    numbering = package.numbering()
    body = parse_part_cached(parts[0]).find(f"{W}body")
    return tuple(
        (properties, tuple(read_body(nodes, package.reader(numbering, properties))))
        for properties, nodes in _split_sections(body)
    )


_read_bodies_cached = lru_cache(maxsize=2)(_read_bodies)


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


def _read_section(
    properties: Any,  # noqa: ANN401 (an lxml element)
    body: tuple[Paragraph | Table, ...],
    package: _Package,
    previous: Blocks,
) -> Blocks:
    """Read a section; where it has no header or footer of its own, it has those of the previous section."""
    pages = None if properties is None else properties.find(f"{W}pgNumType")
    start = None if pages is None else pages.get(f"{W}start")
    return Blocks(
        body=body,
        header=_read_header_footer(properties, package, "header", previous.header),
        footer=_read_header_footer(properties, package, "footer", previous.footer),
        margins=_margins(properties, gutter_at_top=is_on(package.setting("gutterAtTop"))),
        landscape=_is_landscape(properties),
        first_page=to_integer(start) if start is not None else None,
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
    targets = part_targets(package.parts, "word/document.xml")
    parts = {
        node.get(f"{W}type", "default"): targets.get(node.get(f"{R}id", ""), "")
        for node in properties.findall(f"{W}{which}Reference")
    }
    own = {kind: _read_part(name, package, properties) for kind, name in parts.items() if name in package.parts}
    margin = properties.find(f"{W}pgMar")
    return HeaderFooter(
        common=own.get("default", previous.common),
        first=own.get("first", previous.first or ()) if is_on(properties.find(f"{W}titlePg")) else None,
        even=own.get("even", previous.even or ()) if is_on(package.setting("evenAndOddHeaders")) else None,
        distance=to_points({} if margin is None else {"d": margin.get(f"{W}{which}", "720")}, "d"),
    )


def _read_part(name: str, package: _Package, properties: Any) -> tuple[Paragraph | Table, ...]:  # noqa: ANN401
    """Read a header or footer, whose lines stand on no grid."""
    pictures = PictureSource(package.parts, part_targets(package.parts, name))
    reader = replace(package.reader(package.numbering(), properties), pictures=pictures, grid=0)
    return tuple(read_body(parse_part_cached(package.parts[name]), reader))


def _margins(properties: Any, *, gutter_at_top: bool) -> tuple[float, float, float, float]:  # noqa: ANN401 (an lxml element)
    """Return the margins: top, right, bottom and left; the room for binding (gutter) is added to the left or the top one."""
    node = None if properties is None else properties.find(f"{W}pgMar")
    if node is None:
        return DEFAULT_MARGINS
    top, right, bottom, left = (
        to_number(node.get(f"{W}{side}", "1440")) / TWIPS for side in ("top", "right", "bottom", "left")
    )
    gutter = max(to_number(node.get(f"{W}gutter", "0")) / TWIPS, 0)
    if gutter_at_top:
        return (top + gutter, right, bottom, left)
    if is_on(properties.find(f"{W}rtlGutter")):
        return (top, right + gutter, bottom, left)
    return (top, right, bottom, left + gutter)


def _is_landscape(properties: Any) -> bool:  # noqa: ANN401 (an lxml element)
    node = None if properties is None else properties.find(f"{W}pgSz")
    return node is not None and to_number(node.get(f"{W}w", "0")) > to_number(node.get(f"{W}h", "1"))
