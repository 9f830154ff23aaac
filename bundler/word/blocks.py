"""A Word file as frozen blocks: paragraphs, tables, headers and footers, with the properties that their styles give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bundler.word.package import parse_part_cached, read_parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
TWIPS = 20.0
EMU = 12700.0
PAGE_FIELD, PAGES_FIELD = "\ue000", "\ue001"
"""Stand in a run's text for the fields PAGE and NUMPAGES."""
_FIELDS = {"PAGE": PAGE_FIELD, "NUMPAGES": PAGES_FIELD}
_PAGE_BREAK = "\f"
_HOLDERS = frozenset({f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}smartTag"})
"""Elements that hold others without showing anything themselves."""
_COLOUR = re.compile("[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one look: size and spacing in points."""

    text: str
    face: str | None
    size: float
    bold: bool
    spacing: float
    underline: bool = False
    italic: bool = False
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG in a page's header: the QR code of a paper that comes back signed. Its size in points."""

    data: bytes
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its style's name, its properties in points, its runs.

    Attributes:
        line: the height of its lines; None: what its words need.
        exact: no line is ever higher, whatever stands in it.
    """

    style: str
    runs: tuple[Run, ...]
    align: str = "left"
    first_line: float = 0
    left: float = 0
    right: float = 0
    before: float = 0
    after: float = 0
    line: float | None = None
    exact: bool = False
    keep_next: bool = False
    keep_lines: bool = False
    new_page: bool = False
    size: float = 10.5
    pictures: tuple[Picture, ...] = ()

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell: how many columns and rows it spans, and what it holds."""

    blocks: tuple[Paragraph | Table, ...]
    columns: int = 1
    rows: int = 1
    middle: bool = False
    bottom: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A table's row: its height in points, repeated on each page, never split, kept with the next row."""

    cells: tuple[Cell, ...]
    height: float = 0
    header: bool = False
    whole: bool = False
    keep_next: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the widths of its columns in points, its rows, and whether it has lines."""

    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    lines: bool = True


@dataclass(frozen=True, slots=True)
class HeaderFooter:
    """What stands in the headers or footers of a document: on its pages, on its first, on its even ones.

    Attributes:
        first, even: None where the pages have the common one.
        distance: from the paper's edge, in points.
    """

    common: tuple[Paragraph, ...] = ()
    first: tuple[Paragraph, ...] | None = None
    even: tuple[Paragraph, ...] | None = None
    distance: float = 36


@dataclass(frozen=True, slots=True)
class Blocks:
    """A document's blocks, its headers and footers, and its page in points."""

    body: tuple[Paragraph | Table, ...]
    header: HeaderFooter = HeaderFooter()
    footer: HeaderFooter = HeaderFooter()
    margins: tuple[float, float, float, float] = (104.9, 73.7, 99.2, 79.4)
    landscape: bool = False
    following: tuple[Blocks, ...] = ()
    """The document's further sections (分节), such as an annexed list on landscape pages."""


WordPapers = Sequence[tuple[str, Blocks]]
"""The Word papers of a bundle by their keys, in its order."""


@dataclass
class _Styles:
    """The styles by id, each with the properties of those it is based on."""

    root: Any
    by_id: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.root is not None:
            self.by_id = {style.get(f"{W}styleId"): style for style in self.root.iter(f"{W}style")}

    def chain(self, style_id: str | None) -> list[Any]:
        """The style and those it is based on, the most general first."""
        found: list[Any] = []
        while style_id in self.by_id and len(found) < 20:  # noqa: PLR2004 (a circle ends somewhere)
            style = self.by_id[style_id]
            found.append(style)
            base = style.find(f"{W}basedOn")
            style_id = None if base is None else base.get(f"{W}val")
        return found[::-1]

    def default(self) -> str | None:
        """The id of the default paragraph style."""
        return next(
            (i for i, s in self.by_id.items() if s.get(f"{W}default") == "1" and s.get(f"{W}type") == "paragraph"), None
        )

    def name(self, style_id: str | None) -> str:
        """A style's name."""
        style = self.by_id.get(style_id or "")
        node = None if style is None else style.find(f"{W}name")
        return "" if node is None else node.get(f"{W}val", "")


def read_blocks(data: bytes) -> Blocks:
    """The blocks of a Word file that `read_docx` found nothing wrong with."""
    package = _Package(read_parts(data))
    body = parse_part_cached(package.parts["word/document.xml"]).find(f"{W}body")
    sections: list[Blocks] = []
    for section, nodes in _sections(body):
        sections.append(_section(section, nodes, package, sections[-1] if sections else Blocks(())))
    first, *others = sections
    return replace(first, following=tuple(others))


def _sections(body: Any) -> Iterator[tuple[Any, list[Any]]]:  # noqa: ANN401 (lxml elements)
    """The elements of each section, with the properties that stand in its last paragraph, or at the end of the body."""
    nodes: list[Any] = []
    for node in () if body is None else body:
        ending = node.find(f"{W}pPr/{W}sectPr") if node.tag == f"{W}p" else None
        nodes.append(node)
        if ending is not None:
            yield ending, nodes
            nodes = []
    yield (None if body is None else body.find(f"{W}sectPr")), nodes


def _section(section: Any, nodes: list[Any], package: _Package, before: Blocks) -> Blocks:  # noqa: ANN401
    """One section; its headers and footers are those of the section before where it has none of its own."""
    return Blocks(
        body=tuple(_blocks(nodes, package)),
        header=_edge(section, package, "header", before.header),
        footer=_edge(section, package, "footer", before.footer),
        margins=_margins(section),
        landscape=_is_landscape(section),
    )


@dataclass
class _Package:
    """The parts of a Word file, its styles, and the targets of relationships."""

    parts: Mapping[str, bytes]
    styles: _Styles = field(init=False)

    def __post_init__(self) -> None:
        named = self.parts.get("word/styles.xml")
        self.styles = _Styles(parse_part_cached(named) if named else None)

    def targets(self, part: str) -> dict[str, str]:
        """The parts that a part's relationships name, by id."""
        rels = self.parts.get(f"word/_rels/{part.removeprefix('word/')}.rels")
        if rels is None:
            return {}
        return {
            node.get("Id", ""): "word/" + node.get("Target", "").removeprefix("/word/")
            for node in parse_part_cached(rels).iter(_REL)
        }

    def alternates(self) -> bool:
        """Whether even pages have headers and footers of their own."""
        settings = self.parts.get("word/settings.xml")
        return settings is not None and _on(parse_part_cached(settings).find(f"{W}evenAndOddHeaders"))


def _edge(section: Any, package: _Package, which: str, before: HeaderFooter) -> HeaderFooter:  # noqa: ANN401 (an lxml element)
    if section is None:
        return before
    targets = package.targets("word/document.xml")
    found = {
        node.get(f"{W}type", "default"): targets.get(node.get(f"{R}id", ""), "")
        for node in section.findall(f"{W}{which}Reference")
    }
    shown = {kind: _edge_paragraphs(name, package) for kind, name in found.items() if name in package.parts}
    margin = section.find(f"{W}pgMar")
    return HeaderFooter(
        common=shown.get("default", before.common),
        first=shown.get("first", before.first or ()) if _on(section.find(f"{W}titlePg")) else None,
        even=shown.get("even", before.even or ()) if package.alternates() else None,
        distance=_points({} if margin is None else {"d": margin.get(f"{W}{which}", "720")}, "d"),
    )


def _edge_paragraphs(name: str, package: _Package) -> tuple[Paragraph, ...]:
    targets = package.targets(name)
    return tuple(
        replace(_paragraph(node, package), pictures=tuple(_pictures(node, package, targets)))
        for node in parse_part_cached(package.parts[name]).iter(f"{W}p")
    )


def _pictures(node: Any, package: _Package, targets: Mapping[str, str]) -> Iterator[Picture]:  # noqa: ANN401
    for inline in node.iter(f"{_WP}inline"):
        extent, blip = inline.find(f"{_WP}extent"), next(inline.iter(f"{_A}blip"), None)
        data = b"" if blip is None else package.parts.get(targets.get(blip.get(f"{R}embed", ""), ""), b"")
        if data and extent is not None:
            yield Picture(data, float(extent.get("cx", "0")) / EMU, float(extent.get("cy", "0")) / EMU)


def _on(node: Any) -> bool:  # noqa: ANN401 (an lxml element)
    return node is not None and node.get(f"{W}val", "1") not in {"0", "false", "off"}


def _margins(section: Any) -> tuple[float, float, float, float]:  # noqa: ANN401 (an lxml element)
    node = None if section is None else section.find(f"{W}pgMar")
    if node is None:
        return (104.9, 73.7, 99.2, 79.4)
    top, right, bottom, left = (
        float(node.get(f"{W}{side}", "1440")) / TWIPS for side in ("top", "right", "bottom", "left")
    )
    return (top, right, bottom, left)


def _is_landscape(section: Any) -> bool:  # noqa: ANN401 (an lxml element)
    node = None if section is None else section.find(f"{W}pgSz")
    return node is not None and node.get(f"{W}orient") == "landscape"


def _blocks(parent: Any, package: _Package) -> Iterator[Paragraph | Table]:  # noqa: ANN401 (an lxml element)
    for node in parent:
        if node.tag == f"{W}p":
            yield from _pieces(_paragraph(node, package))
        elif node.tag == f"{W}tbl":
            yield _table(node, package)
        elif node.tag in _HOLDERS:
            yield from _blocks(node, package)


def _pieces(paragraph: Paragraph) -> Iterator[Paragraph]:
    """A paragraph cut at its page breaks."""
    if _PAGE_BREAK not in paragraph.text:
        yield paragraph
        return
    pieces: list[list[Run]] = [[]]
    for run in paragraph.runs:
        first, *others = run.text.split(_PAGE_BREAK)
        pieces[-1].append(replace(run, text=first))
        pieces += [[replace(run, text=text)] for text in others]
    for number, runs in enumerate(pieces):
        kept = tuple(run for run in runs if run.text)
        if kept or number:
            new_page = paragraph.new_page if number == 0 else True
            indent = paragraph.first_line if number == 0 else 0
            yield replace(paragraph, runs=kept, new_page=new_page, first_line=indent)


def _merged(nodes: list[Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The last of each named property among nodes that go from general to particular."""
    return {
        name: child
        for node in nodes
        if node is not None
        for name in names
        if (child := node.find(f"{W}{name}")) is not None
    }


_PARAGRAPH = ("jc", "keepNext", "keepLines", "pageBreakBefore")
_RUN = ("sz", "b", "i", "u", "color", "spacing", "rFonts")


def _attributes(nodes: list[Any], name: str) -> dict[str, str]:
    """The attributes of a property, each from the most particular node that gives it."""
    found: dict[str, str] = {}
    for node in nodes:
        child = None if node is None else node.find(f"{W}{name}")
        if child is not None:
            found |= {str(key).rpartition("}")[2]: str(value) for key, value in child.attrib.items()}
    return found


def _paragraph(node: Any, package: _Package) -> Paragraph:  # noqa: ANN401 (an lxml element)
    styles = package.styles
    own = node.find(f"{W}pPr")
    named = None if own is None else own.find(f"{W}pStyle")
    style_id = styles.default() if named is None else named.get(f"{W}val")
    chain = styles.chain(style_id)
    nodes = [*(style.find(f"{W}pPr") for style in chain), own]
    found = _merged(nodes, _PARAGRAPH)
    indent, spacing = _attributes(nodes, "ind"), _attributes(nodes, "spacing")
    runs = tuple(_runs(node, chain, styles))
    rule = spacing.get("lineRule")
    return Paragraph(
        style=styles.name(style_id),
        runs=runs,
        align=found["jc"].get(f"{W}val", "left") if "jc" in found else "left",
        first_line=_points(indent, "firstLine") - _points(indent, "hanging"),
        left=_points(indent, "left") or _points(indent, "start"),
        right=_points(indent, "right") or _points(indent, "end"),
        before=_points(spacing, "before"),
        after=_points(spacing, "after"),
        line=_points(spacing, "line") if rule in {"exact", "atLeast"} else None,
        exact=rule == "exact",
        keep_next=_is_on(found, "keepNext"),
        keep_lines=_is_on(found, "keepLines"),
        new_page=_is_on(found, "pageBreakBefore"),
        size=_run_look(chain, None).size,
    )


def _points(attributes: Mapping[str, str], name: str) -> float:
    try:
        return float(attributes.get(name, "0")) / TWIPS
    except ValueError:
        return 0.0


def _is_on(found: Mapping[str, Any], name: str) -> bool:
    return name in found and found[name].get(f"{W}val", "1") not in {"0", "false", "off"}


def _run_look(chain: list[Any], own: Any) -> Run:  # noqa: ANN401 (an lxml element)
    """A run without words: the look that its styles and its own properties give it."""
    found = _merged([*(style.find(f"{W}rPr") for style in chain), own], _RUN)
    fonts = found.get("rFonts")
    return Run(
        text="",
        face=None if fonts is None else fonts.get(f"{W}eastAsia") or fonts.get(f"{W}ascii"),
        size=float(found["sz"].get(f"{W}val", "21")) / 2 if "sz" in found else 10.5,
        bold=_is_on(found, "b"),
        spacing=float(found["spacing"].get(f"{W}val", "0")) / TWIPS if "spacing" in found else 0.0,
        underline="u" in found and found["u"].get(f"{W}val", "single") != "none",
        italic=_is_on(found, "i"),
        colour=_colour(found.get("color")),
    )


def _colour(node: Any) -> str:  # noqa: ANN401 (an lxml element)
    """Six hexadecimal digits, or nothing for Word's own black."""
    value = "" if node is None else str(node.get(f"{W}val", "")).lower()
    return value if _COLOUR.fullmatch(value) and value != "000000" else ""


def _runs(node: Any, chain: list[Any], styles: _Styles) -> Iterator[Run]:  # noqa: ANN401 (an lxml element)
    shown = True
    for run in node.iter(f"{W}r"):
        shown, text = _shown_text(run, shown=shown)
        own = run.find(f"{W}rPr")
        character = None if own is None else own.find(f"{W}rStyle")
        looks = [*chain, *styles.chain(None if character is None else character.get(f"{W}val"))]
        if text:
            yield replace(_run_look(looks, own), text=text)


def _shown_text(run: Any, *, shown: bool) -> tuple[bool, str]:  # noqa: ANN401 (an lxml element)
    """A run's text; what Word last computed for a field is left out, since the field itself is set.

    Returns:
        whether what follows is shown, and the text.
    """
    simple = run.getparent()
    if simple is not None and simple.tag == f"{W}fldSimple":
        first = simple.find(f"{W}r") is run
        return shown, _FIELDS.get(_field_name(simple.get(f"{W}instr")), "") if first else ""
    text = ""
    for child in run:
        if child.tag == f"{W}fldChar":
            shown = child.get(f"{W}fldCharType") != "separate"
        elif shown:
            text += _run_text(child)
    return shown, text


def _field_name(code: str | None) -> str:
    """The name of a field, without its switches."""
    return next(iter((code or "").upper().split()), "")


def _run_text(node: Any) -> str:  # noqa: ANN401 (an lxml element)
    name = str(node.tag).rpartition("}")[2]
    if name == "t":
        return node.text or ""
    if name == "instrText":
        return _FIELDS.get(_field_name(node.text), "")
    if name == "br" and node.get(f"{W}type") == "page":
        return _PAGE_BREAK
    return {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}.get(name, "")


def _table(node: Any, package: _Package) -> Table:  # noqa: ANN401 (an lxml element)
    widths = tuple(float(c.get(f"{W}w", "0")) / TWIPS for c in node.findall(f"{W}tblGrid/{W}gridCol"))
    rows = tuple(_row(row, package) for row in _held(node, "tr"))
    return Table(widths, _joined(rows), lines=_has_lines(node, package))


def _held(parent: Any, name: str) -> Iterator[Any]:  # noqa: ANN401 (lxml elements)
    """The rows of a table or the cells of a row, those inside content controls included."""
    for node in parent:
        if node.tag == f"{W}{name}":
            yield node
        elif node.tag in _HOLDERS:
            yield from _held(node, name)


def _has_lines(node: Any, package: _Package) -> bool:  # noqa: ANN401 (an lxml element)
    named = node.find(f"{W}tblPr/{W}tblStyle")
    chain = package.styles.chain(None if named is None else named.get(f"{W}val"))
    borders = [style.find(f"{W}tblPr/{W}tblBorders") for style in chain]
    side = _merged([*borders, node.find(f"{W}tblPr/{W}tblBorders")], ("insideH", "top"))
    return any(edge.get(f"{W}val", "nil") not in {"nil", "none"} for edge in side.values())


_CONTINUED = -1
"""The row span of a cell that goes on from the row above."""


def _joined(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Cells that Word merges downwards, as cells that span rows."""
    below: dict[int, int] = {}
    done: list[Row] = []
    for row in reversed(rows):
        column, cells = 0, []
        for cell in row.cells:
            if cell.rows == _CONTINUED:
                below[column] = below.get(column, 0) + 1
            else:
                cells.append(replace(cell, rows=1 + below.pop(column, 0)))
            column += cell.columns
        done.append(replace(row, cells=tuple(cells)))
    return tuple(reversed(done))


def _row(node: Any, package: _Package) -> Row:  # noqa: ANN401 (an lxml element)
    height = node.find(f"{W}trPr/{W}trHeight")
    cells = tuple(_cell(cell, package) for cell in _held(node, "tc"))
    return Row(
        cells=cells,
        height=0 if height is None else float(height.get(f"{W}val", "0")) / TWIPS,
        header=_on(node.find(f"{W}trPr/{W}tblHeader")),
        whole=_on(node.find(f"{W}trPr/{W}cantSplit")),
        keep_next=any(isinstance(b, Paragraph) and b.keep_next for cell in cells[:1] for b in cell.blocks),
    )


def _cell(node: Any, package: _Package) -> Cell:  # noqa: ANN401 (an lxml element)
    span = node.find(f"{W}tcPr/{W}gridSpan")
    vertical = node.find(f"{W}tcPr/{W}vAlign")
    merged = node.find(f"{W}tcPr/{W}vMerge")
    goes_on = merged is not None and merged.get(f"{W}val", "continue") == "continue"
    return Cell(
        blocks=tuple(_blocks(node, package)),
        columns=1 if span is None else int(span.get(f"{W}val", "1")),
        rows=_CONTINUED if goes_on else 1,
        middle=vertical is not None and vertical.get(f"{W}val") == "center",
        bottom=vertical is not None and vertical.get(f"{W}val") == "bottom",
    )
