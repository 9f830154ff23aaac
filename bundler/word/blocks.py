"""A Word file as frozen blocks: paragraphs and tables with the properties that their styles resolve to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bundler.word.package import parse, read_parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TWIPS = 20.0


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one look: size and spacing in points."""

    text: str
    face: str | None
    size: float
    bold: bool
    spacing: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its style's name, its properties in points, its runs."""

    style: str
    runs: tuple[Run, ...]
    align: str = "left"
    first_line: float = 0
    left: float = 0
    right: float = 0
    before: float = 0
    after: float = 0
    line: float | None = None
    keep_next: bool = False
    keep_lines: bool = False
    new_page: bool = False
    size: float = 10.5

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


@dataclass(frozen=True, slots=True)
class Row:
    """A table's row; its height in points."""

    cells: tuple[Cell, ...]
    height: float = 0
    header: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the widths of its columns in points, and its rows."""

    widths: tuple[float, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Blocks:
    """A document's blocks, its footer's paragraphs, and its page in points."""

    body: tuple[Paragraph | Table, ...]
    footer: tuple[Paragraph, ...] = ()
    margins: tuple[float, float, float, float] = (104.9, 73.7, 99.2, 79.4)
    landscape: bool = False


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
    parts = read_parts(data)
    styles = _Styles(parse(parts["word/styles.xml"]) if "word/styles.xml" in parts else None)
    body = parse(parts["word/document.xml"]).find(f"{W}body")
    footers = [parse(part) for name, part in sorted(parts.items()) if name.startswith("word/footer")]
    footer = tuple(_paragraph(p, styles) for f in footers[:1] for p in f.iter(f"{W}p"))
    section = None if body is None else body.find(f"{W}sectPr")
    return Blocks(tuple(_blocks(body, styles)), footer, _margins(section), _is_landscape(section))


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


def _blocks(parent: Any, styles: _Styles) -> Iterator[Paragraph | Table]:  # noqa: ANN401 (an lxml element)
    for node in parent:
        if node.tag == f"{W}p":
            yield _paragraph(node, styles)
        elif node.tag == f"{W}tbl":
            yield _table(node, styles)
        elif node.tag in {f"{W}sdt", f"{W}sdtContent"}:
            yield from _blocks(node, styles)


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
_RUN = ("sz", "b", "spacing", "rFonts")


def _attributes(nodes: list[Any], name: str) -> dict[str, str]:
    """The attributes of a property, each from the most particular node that gives it."""
    found: dict[str, str] = {}
    for node in nodes:
        child = None if node is None else node.find(f"{W}{name}")
        if child is not None:
            found |= {str(key).rpartition("}")[2]: str(value) for key, value in child.attrib.items()}
    return found


def _paragraph(node: Any, styles: _Styles) -> Paragraph:  # noqa: ANN401 (an lxml element)
    own = node.find(f"{W}pPr")
    named = None if own is None else own.find(f"{W}pStyle")
    style_id = styles.default() if named is None else named.get(f"{W}val")
    chain = styles.chain(style_id)
    nodes = [*(style.find(f"{W}pPr") for style in chain), own]
    found = _merged(nodes, _PARAGRAPH)
    indent, spacing = _attributes(nodes, "ind"), _attributes(nodes, "spacing")
    runs = tuple(_runs(node, chain, styles))
    exact = spacing.get("lineRule") in {"exact", "atLeast"}
    return Paragraph(
        style=styles.name(style_id),
        runs=runs,
        align=found["jc"].get(f"{W}val", "left") if "jc" in found else "left",
        first_line=_points(indent, "firstLine") - _points(indent, "hanging"),
        left=_points(indent, "left") or _points(indent, "start"),
        right=_points(indent, "right") or _points(indent, "end"),
        before=_points(spacing, "before"),
        after=_points(spacing, "after"),
        line=_points(spacing, "line") if exact else None,
        keep_next=_is_on(found, "keepNext"),
        keep_lines=_is_on(found, "keepLines"),
        new_page=_is_on(found, "pageBreakBefore"),
        size=_run_look(chain, None)[1],
    )


def _points(attributes: Mapping[str, str], name: str) -> float:
    try:
        return float(attributes.get(name, "0")) / TWIPS
    except ValueError:
        return 0.0


def _is_on(found: Mapping[str, Any], name: str) -> bool:
    return name in found and found[name].get(f"{W}val", "1") not in {"0", "false", "off"}


def _run_look(chain: list[Any], own: Any) -> tuple[str | None, float, bool, float]:  # noqa: ANN401 (an lxml element)
    found = _merged([*(style.find(f"{W}rPr") for style in chain), own], _RUN)
    fonts = found.get("rFonts")
    face = None if fonts is None else fonts.get(f"{W}eastAsia") or fonts.get(f"{W}ascii")
    size = float(found["sz"].get(f"{W}val", "21")) / 2 if "sz" in found else 10.5
    spacing = float(found["spacing"].get(f"{W}val", "0")) / TWIPS if "spacing" in found else 0.0
    return face, size, _is_on(found, "b"), spacing


def _runs(node: Any, chain: list[Any], styles: _Styles) -> Iterator[Run]:  # noqa: ANN401 (an lxml element)
    for run in node.iter(f"{W}r"):
        own = run.find(f"{W}rPr")
        character = None if own is None else own.find(f"{W}rStyle")
        looks = [*chain, *styles.chain(None if character is None else character.get(f"{W}val"))]
        text = "".join(_run_text(child) for child in run)
        if text:
            yield Run(text, *_run_look(looks, own))


def _run_text(node: Any) -> str:  # noqa: ANN401 (an lxml element)
    name = str(node.tag).rpartition("}")[2]
    if name == "t":
        return node.text or ""
    if name == "instrText":
        return {"PAGE": "\ue000", "NUMPAGES": "\ue001"}.get((node.text or "").strip().upper(), "")
    return {"tab": "\t", "br": "\n", "noBreakHyphen": "-"}.get(name, "")


def _table(node: Any, styles: _Styles) -> Table:  # noqa: ANN401 (an lxml element)
    widths = tuple(float(c.get(f"{W}w", "0")) / TWIPS for c in node.findall(f"{W}tblGrid/{W}gridCol"))
    rows = [_row(row, styles) for row in node.findall(f"{W}tr")]
    return Table(widths, tuple(rows))


def _row(node: Any, styles: _Styles) -> Row:  # noqa: ANN401 (an lxml element)
    height = node.find(f"{W}trPr/{W}trHeight")
    return Row(
        cells=tuple(_cell(cell, styles) for cell in node.findall(f"{W}tc")),
        height=0 if height is None else float(height.get(f"{W}val", "0")) / TWIPS,
        header=node.find(f"{W}trPr/{W}tblHeader") is not None,
        whole=node.find(f"{W}trPr/{W}cantSplit") is not None,
    )


def _cell(node: Any, styles: _Styles) -> Cell:  # noqa: ANN401 (an lxml element)
    span = node.find(f"{W}tcPr/{W}gridSpan")
    vertical = node.find(f"{W}tcPr/{W}vAlign")
    return Cell(
        blocks=tuple(_blocks(node, styles)),
        columns=1 if span is None else int(span.get(f"{W}val", "1")),
        middle=vertical is not None and vertical.get(f"{W}val") == "center",
    )
