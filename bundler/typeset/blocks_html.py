"""Word blocks as HTML: what a style resolves to becomes CSS, a style's name becomes a class."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape

from bundler.fonts.files import FALLBACKS, resolve_face
from bundler.word.blocks import PAGE_FIELD, PAGES_FIELD, Blocks, Cell, Paragraph, Picture, Row, Run, Table

_PAGES = "\ue002pages\ue002"
"""Stands for the number of a paper's pages until the paper's key is known."""
_ALIGN = {"both": "justify", "distribute": "justify", "center": "center", "right": "right", "end": "right"}


class StyleClasses:
    """The distinct looks of a run's elements: each becomes one class, since what looks alike is then computed once."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def name(self, declarations: str) -> str:
        """The class that gives these declarations."""
        return self._names.setdefault(declarations, f"look{len(self._names)}")

    def css(self) -> str:
        """The rules of all classes that were named."""
        return "".join(f".{name} {{ {declarations} }}\n" for declarations, name in self._names.items())


def render_blocks(blocks: Blocks, key: str, looks: StyleClasses) -> str:
    """A paper's HTML: each section on pages of its own name; headers and footers are lifted out to the pages' edges.

    It is well-formed XML too.
    """
    end = f'<div class="end" id="{key}-end"></div>'
    sections = [_section(part, name, looks) for part, name in _named_sections(blocks, key)]
    words = "".join(sections).removesuffix("</section>") + end + "</section>"
    return words.replace(_PAGES, f'<span class="{key}-pages"></span>')


def render_page_css(blocks: Blocks, key: str) -> str:
    """The pages of a paper, section by section: margins, what stands at their edges, and its page numbers from 1."""
    rules = [_section_css(part, name, first=name == key) for part, name in _named_sections(blocks, key)]
    return "\n".join((*rules, f'.{key}-pages::before {{ content: target-counter("#{key}-end", page) }}'))


def _named_sections(blocks: Blocks, key: str) -> Iterator[tuple[Blocks, str]]:
    yield blocks, key
    yield from ((part, f"{key}-{number}") for number, part in enumerate(blocks.following, start=2))


def _section(blocks: Blocks, name: str, looks: StyleClasses) -> str:
    edges = "".join(
        f'<div class="edge {looks.name(f"position: running({edge})")}">'
        f"{''.join(_paragraph(paragraph, looks) for paragraph in paragraphs)}</div>"
        for edge, paragraphs in _edges(blocks, name)
    )
    body = "".join(_block(block, looks) for block in blocks.body)
    return f'<section class="paper {looks.name(f"page: {name}")}" id="{name}">{edges}{body}</section>'


def _section_css(blocks: Blocks, key: str, *, first: bool) -> str:
    """The pages of a section; those of the first count from 1, the others go on counting."""
    top, right, bottom, left = blocks.margins
    size = "A4 landscape" if blocks.landscape else "A4"
    rules = [
        (
            f"@page {key} {{ size: {size}; margin: {top:.2f}pt {right:.2f}pt {bottom:.2f}pt {left:.2f}pt;"
            f"{_edge_rules(blocks, key, '')} }}"
        )
    ]
    if any(edge.even is not None for edge in (blocks.header, blocks.footer)):
        rules.append(f"@page {key}:nth(2n of {key}) {{ {_edge_rules(blocks, key, '-even')} }}")
    count = "counter-reset: page 1;" if first else ""
    rules.append(f"@page {key}:nth(1 of {key}) {{ {count} {_edge_rules(blocks, key, '-first')} }}")
    return "\n".join(rules)


def _edges(blocks: Blocks, key: str) -> Iterator[tuple[str, tuple[Paragraph, ...]]]:
    """Each header and footer with the name that its pages call it by."""
    for which, edge in (("header", blocks.header), ("footer", blocks.footer)):
        for suffix, paragraphs in (("", edge.common), ("-first", edge.first), ("-even", edge.even)):
            if paragraphs:
                yield f"{key}-{which}{suffix}", paragraphs


def _edge_rules(blocks: Blocks, key: str, suffix: str) -> str:
    """The margin boxes of the common pages, the even ones, or the first."""
    named = dict(_edges(blocks, key))
    rules = []
    for which, edge, side in (("header", blocks.header, "top"), ("footer", blocks.footer, "bottom")):
        own = {"": edge.common, "-first": edge.first, "-even": edge.even}[suffix]
        if suffix and own is None:
            continue
        name = f"{key}-{which}{suffix}"
        content = f"element({name})" if name in named else "none"
        rules.append(
            f"@{side}-center {{ content: {content}; width: 100%; vertical-align: {side};"
            f" padding-{side}: {edge.distance:.2f}pt }}"
        )
    return " ".join(rules)


_BOLD_CUTS = frozenset({"FandolHei", "FandolSong"})


def _families(run: Run) -> str:
    """The faces of a run; 仿宋 and 楷体 have no bold cut, so 黑体 stands for it where Word would thicken them."""
    family, _ = resolve_face(run.face)
    if run.bold and family not in _BOLD_CUTS:
        family = "FandolHei"
    return ", ".join(f'"{name}"' for name in (family, *FALLBACKS))


def _block(block: Paragraph | Table, looks: StyleClasses) -> str:
    return _table(block, looks) if isinstance(block, Table) else _paragraph(block, looks)


def _paragraph(paragraph: Paragraph, looks: StyleClasses) -> str:
    css = [
        f"text-align: {_ALIGN.get(paragraph.align, 'left')}",
        f"margin: {paragraph.before:g}pt {paragraph.right:g}pt {paragraph.after:g}pt {paragraph.left:g}pt",
        f"text-indent: {paragraph.first_line:g}pt",
        f"font-size: {_strut(paragraph):g}pt",
        f"line-height: {f'{paragraph.line:g}pt' if paragraph.line else 1.3}",
    ]
    if paragraph.keep_next:
        css.append("break-after: avoid")
    if paragraph.keep_lines:
        css.append("break-inside: avoid")
    if paragraph.new_page:
        css.append("break-before: page")
    words = "".join(_run(run, looks, exact=paragraph.exact) for run in paragraph.runs) or "&#160;"
    if paragraph.pictures:
        words = "".join(_picture(picture, looks) for picture in paragraph.pictures)
    return f'<p class="{escape(paragraph.style)} {looks.name("; ".join(css))}">{words}</p>'


def _picture(picture: Picture, looks: StyleClasses) -> str:
    data = base64.b64encode(picture.data).decode()
    size = f"width: {picture.width:.2f}pt; height: {picture.height:.2f}pt"
    look = looks.name(f"{size}; display: block; image-rendering: pixelated")
    return f'<img alt="" class="{look}" src="data:image/png;base64,{data}"/>'


def _strut(paragraph: Paragraph) -> float:
    """The size that the line itself is built on: that of its words, so that no line grows."""
    first = paragraph.runs[0] if paragraph.runs else None
    return first.size + min(first.spacing, 0) if first else paragraph.size


def _run(run: Run, looks: StyleClasses, *, exact: bool) -> str:
    """Text at Word's size less its own tightening, so that 16 pt less 0.25 pt sets 28 characters to the line.

    In a line of exact height it has none of its own, or a rare character from a font of another build would lift it.
    """
    _, heavy = resolve_face(run.face)
    size = run.size + min(run.spacing, 0)
    css = [f"font-family: {_families(run)}", f"font-size: {size:g}pt"]
    if exact:
        css.append("line-height: 0")
    if run.bold or heavy:
        css.append("font-weight: bold")
    if run.spacing > 0:
        css.append(f"letter-spacing: {run.spacing:g}pt")
    if run.underline:
        css.append("text-decoration: underline")
    if run.italic:
        css.append("font-style: italic")
    if run.colour:
        css.append(f"color: #{run.colour}")
    words = escape(run.text.replace("  ", "\u00a0\u00a0"))
    words = words.replace("\n", "<br/>").replace("\t", "&#12288;&#12288;")
    words = words.replace(PAGE_FIELD, '<span class="page-number"></span>').replace(PAGES_FIELD, _PAGES)
    return f'<span class="{looks.name("; ".join(css))}">{words}</span>'


def _table(table: Table, looks: StyleClasses) -> str:
    columns = "".join(f'<col class="{looks.name(f"width: {width:g}pt")}"/>' for width in table.widths)
    heads = [row for row in table.rows if row.header]
    body = [row for row in table.rows if not row.header]
    head = f"<thead>{''.join(_row(row, looks, lines=table.lines) for row in heads)}</thead>" if heads else ""
    rows = "".join(_row(row, looks, lines=table.lines) for row in body)
    look = f"{'lines' if table.lines else 'plain'} {looks.name(f'width: {sum(table.widths):g}pt')}"
    return f'<table class="{look}"><colgroup>{columns}</colgroup>{head}<tbody>{rows}</tbody></table>'


CELL_MARGIN = 1.0
"""Above and below a cell's words, in points; Word counts it, and the line below, into a row's least height."""
_LINE = 0.5


def _row(row: Row, looks: StyleClasses, *, lines: bool) -> str:
    height = max(row.height - 2 * CELL_MARGIN - (_LINE if lines else 0), 0)
    cells = "".join(_cell(cell, f"height: {height:g}pt", looks) for cell in row.cells)
    classes = [name for name, wanted in (("whole", row.whole), ("kept", row.keep_next)) if wanted]
    return f'<tr class="{" ".join(classes)}">{cells}</tr>'


def _cell(cell: Cell, height: str, looks: StyleClasses) -> str:
    at = "middle" if cell.middle else "bottom" if cell.bottom else "top"
    words = "".join(_block(block, looks) for block in cell.blocks)
    look = looks.name(f"{height}; vertical-align: {at}")
    return f'<td colspan="{cell.columns}" rowspan="{cell.rows}" class="{look}">{words}</td>'
