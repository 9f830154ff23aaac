"""Render Word blocks as HTML and CSS: resolved properties become CSS, style names become classes."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape

from bundler.fonts.files import FALLBACKS, resolve_face
from bundler.word.blocks import PAGE_FIELD, PAGES_FIELD, Blocks, Cell, Paragraph, Picture, Row, Run, Table

_PAGE_COUNT = "\ue002pages\ue002"
"""Placeholder for the number of a paper's pages until the paper's key is known."""
_ALIGN = {"both": "justify", "distribute": "justify", "center": "center", "right": "right", "end": "right"}
_FAMILIES_WITH_BOLD = frozenset({"FandolHei", "FandolSong"})
CELL_MARGIN = 1.0
"""Above and below a cell's content, in points; Word includes it, and the line below, in a row's least height."""
_LINE_WIDTH = 0.5
"""Of a table's inner lines, in points."""


class StyleClasses:
    """One CSS class for each distinct set of declarations, so that WeasyPrint computes equal styles once."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def class_for(self, declarations: str) -> str:
        """Return the class that has these declarations."""
        return self._names.setdefault(declarations, f"look{len(self._names)}")

    def css(self) -> str:
        """Return the rules of all classes."""
        return "".join(f".{name} {{ {declarations} }}\n" for declarations, name in self._names.items())


def render_blocks(blocks: Blocks, key: str, classes: StyleClasses) -> str:
    """Render a paper as HTML that is also well-formed XML.

    Each section uses named pages; headers and footers are running elements, which WeasyPrint moves to the page margins.

    Args:
        blocks: the paper.
        key: the paper's key, the id of its first section.
        classes: the style classes of the whole document; this adds to them.
    """
    end = f'<div class="end" id="{key}-end"></div>'
    sections = [_render_section(part, name, classes) for part, name in _named_sections(blocks, key)]
    html = "".join(sections).removesuffix("</section>") + end + "</section>"
    return html.replace(_PAGE_COUNT, f'<span class="{key}-pages"></span>')


def render_page_css(blocks: Blocks, key: str) -> str:
    """Render the page rules of a paper: margins, headers, footers, and page numbers from 1."""
    rules = [_render_section_css(part, name, first=name == key) for part, name in _named_sections(blocks, key)]
    return "\n".join((*rules, f'.{key}-pages::before {{ content: target-counter("#{key}-end", page) }}'))


def _named_sections(blocks: Blocks, key: str) -> Iterator[tuple[Blocks, str]]:
    yield blocks, key
    yield from ((part, f"{key}-{number}") for number, part in enumerate(blocks.following, start=2))


def _render_section(blocks: Blocks, name: str, classes: StyleClasses) -> str:
    running = "".join(
        f'<div class="edge {classes.class_for(f"position: running({element})")}">'
        f"{''.join(_render_paragraph(paragraph, classes) for paragraph in paragraphs)}</div>"
        for element, paragraphs in _running_elements(blocks, name)
    )
    body = "".join(_render_block(block, classes) for block in blocks.body)
    return f'<section class="paper {classes.class_for(f"page: {name}")}" id="{name}">{running}{body}</section>'


def _render_section_css(blocks: Blocks, key: str, *, first: bool) -> str:
    """Render the page rules of a section; the first section starts the page numbers at 1, the others continue them."""
    top, right, bottom, left = blocks.margins
    size = "A4 landscape" if blocks.landscape else "A4"
    rules = [
        (
            f"@page {key} {{ size: {size}; margin: {top:.2f}pt {right:.2f}pt {bottom:.2f}pt {left:.2f}pt;"
            f"{_margin_box_rules(blocks, key, '')} }}"
        )
    ]
    if any(header_footer.even is not None for header_footer in (blocks.header, blocks.footer)):
        rules.append(f"@page {key}:nth(2n of {key}) {{ {_margin_box_rules(blocks, key, '-even')} }}")
    count = "counter-reset: page 1;" if first else ""
    rules.append(f"@page {key}:nth(1 of {key}) {{ {count} {_margin_box_rules(blocks, key, '-first')} }}")
    return "\n".join(rules)


def _running_elements(blocks: Blocks, key: str) -> Iterator[tuple[str, tuple[Paragraph, ...]]]:
    """Yield the name of each running element, a header or footer, with its paragraphs."""
    for which, content in (("header", blocks.header), ("footer", blocks.footer)):
        for suffix, paragraphs in (("", content.common), ("-first", content.first), ("-even", content.even)):
            if paragraphs:
                yield f"{key}-{which}{suffix}", paragraphs


def _margin_box_rules(blocks: Blocks, key: str, suffix: str) -> str:
    """Render the margin boxes of all pages (no suffix), of even pages (``-even``) or of the first (``-first``)."""
    named = dict(_running_elements(blocks, key))
    rules = []
    for which, header_footer, side in (("header", blocks.header, "top"), ("footer", blocks.footer, "bottom")):
        own = {"": header_footer.common, "-first": header_footer.first, "-even": header_footer.even}[suffix]
        if suffix and own is None:
            continue
        name = f"{key}-{which}{suffix}"
        content = f"element({name})" if name in named else "none"
        rules.append(
            f"@{side}-center {{ content: {content}; width: 100%; vertical-align: {side};"
            f" padding-{side}: {header_footer.distance:.2f}pt }}"
        )
    return " ".join(rules)


def _font_families(run: Run) -> str:
    """Return the font families of a run; 仿宋 and 楷体 have no bold weight, so bold text in them is set in 黑体."""
    family, _ = resolve_face(run.face)
    if run.bold and family not in _FAMILIES_WITH_BOLD:
        family = "FandolHei"
    return ", ".join(f'"{name}"' for name in (family, *FALLBACKS))


def _render_block(block: Paragraph | Table, classes: StyleClasses) -> str:
    return _render_table(block, classes) if isinstance(block, Table) else _render_paragraph(block, classes)


def _render_paragraph(paragraph: Paragraph, classes: StyleClasses) -> str:
    css = [
        f"text-align: {_ALIGN.get(paragraph.align, 'left')}",
        f"margin: {paragraph.before:g}pt {paragraph.right:g}pt {paragraph.after:g}pt {paragraph.left:g}pt",
        f"text-indent: {paragraph.first_line:g}pt",
        f"font-size: {_base_size(paragraph):g}pt",
        f"line-height: {f'{paragraph.line:g}pt' if paragraph.line else 1.3}",
    ]
    if paragraph.keep_next:
        css.append("break-after: avoid")
    if paragraph.keep_lines:
        css.append("break-inside: avoid")
    if paragraph.new_page:
        css.append("break-before: page")
    content = "".join(_render_run(run, classes, exact=paragraph.exact) for run in paragraph.runs) or "&#160;"
    if paragraph.pictures:
        content = "".join(_render_picture(picture, classes) for picture in paragraph.pictures)
    return f'<p class="{escape(paragraph.style)} {classes.class_for("; ".join(css))}">{content}</p>'


def _render_picture(picture: Picture, classes: StyleClasses) -> str:
    data = base64.b64encode(picture.data).decode()
    size = f"width: {picture.width:.2f}pt; height: {picture.height:.2f}pt"
    css_class = classes.class_for(f"{size}; display: block; image-rendering: pixelated")
    return f'<img alt="" class="{css_class}" src="data:image/png;base64,{data}"/>'


def _base_size(paragraph: Paragraph) -> float:
    """Return the font size of the paragraph element: that of its first run, so that its strut makes no line higher."""
    first = paragraph.runs[0] if paragraph.runs else None
    return first.size + min(first.spacing, 0) if first else paragraph.size


def _render_run(run: Run, classes: StyleClasses, *, exact: bool) -> str:
    """Render a run; condensed spacing reduces its font size, so that 16 pt less 0.25 pt sets 28 characters per line.

    In a line of exact height it has no line height of its own, since a fallback font with other metrics would raise it.
    """
    _, is_heavy = resolve_face(run.face)
    size = run.size + min(run.spacing, 0)
    css = [f"font-family: {_font_families(run)}", f"font-size: {size:g}pt"]
    if exact:
        css.append("line-height: 0")
    if run.bold or is_heavy:
        css.append("font-weight: bold")
    if run.spacing > 0:
        css.append(f"letter-spacing: {run.spacing:g}pt")
    if run.underline:
        css.append("text-decoration: underline")
    if run.italic:
        css.append("font-style: italic")
    if run.colour:
        css.append(f"color: #{run.colour}")
    content = escape(run.text.replace("  ", "\u00a0\u00a0"))
    content = content.replace("\n", "<br/>").replace("\t", "&#12288;&#12288;")
    content = content.replace(PAGE_FIELD, '<span class="page-number"></span>').replace(PAGES_FIELD, _PAGE_COUNT)
    return f'<span class="{classes.class_for("; ".join(css))}">{content}</span>'


def _render_table(table: Table, classes: StyleClasses) -> str:
    columns = "".join(f'<col class="{classes.class_for(f"width: {width:g}pt")}"/>' for width in table.widths)
    header_rows = [row for row in table.rows if row.header]
    body = [row for row in table.rows if not row.header]
    head = (
        f"<thead>{''.join(_render_row(row, classes, lines=table.lines) for row in header_rows)}</thead>"
        if header_rows
        else ""
    )
    rows = "".join(_render_row(row, classes, lines=table.lines) for row in body)
    css_class = f"{'lines' if table.lines else 'plain'} {classes.class_for(f'width: {sum(table.widths):g}pt')}"
    return f'<table class="{css_class}"><colgroup>{columns}</colgroup>{head}<tbody>{rows}</tbody></table>'


def _render_row(row: Row, classes: StyleClasses, *, lines: bool) -> str:
    height = max(row.height - 2 * CELL_MARGIN - (_LINE_WIDTH if lines else 0), 0)
    cells = "".join(_render_cell(cell, f"height: {height:g}pt", classes) for cell in row.cells)
    row_classes = [name for name, is_set in (("whole", row.whole), ("kept", row.keep_next)) if is_set]
    return f'<tr class="{" ".join(row_classes)}">{cells}</tr>'


def _render_cell(cell: Cell, height: str, classes: StyleClasses) -> str:
    alignment = "middle" if cell.middle else "bottom" if cell.bottom else "top"
    content = "".join(_render_block(block, classes) for block in cell.blocks)
    css_class = classes.class_for(f"{height}; vertical-align: {alignment}")
    return f'<td colspan="{cell.columns}" rowspan="{cell.rows}" class="{css_class}">{content}</td>'
