"""Word blocks as HTML: what a style resolves to becomes CSS, a style's name becomes a class."""

from __future__ import annotations

from html import escape

from bundler.fonts.files import FALLBACKS, face
from bundler.word.blocks import Blocks, Paragraph, Row, Run, Table

_ALIGN = {"both": "justify", "distribute": "justify", "center": "center", "right": "right", "end": "right"}


def blocks_html(blocks: Blocks, key: str) -> str:
    """A paper's HTML, as one section on pages of its own name."""
    body = "".join(_block(block) for block in blocks.body)
    return f'<section class="paper" id="{key}" style="page: {key}">{body}</section>'


def page_css(blocks: Blocks, key: str) -> str:
    """The page of a paper: its margins, and its footer's page numbers counted from 1."""
    top, right, bottom, left = blocks.margins
    size = "A4 landscape" if blocks.landscape else "A4"
    css = f"@page {key} {{ size: {size}; margin: {top:.2f}pt {right:.2f}pt {bottom:.2f}pt {left:.2f}pt;"
    return css + "".join(_footer(paragraph, key) for paragraph in blocks.footer[:1] if paragraph.text) + "}"


def _footer(paragraph: Paragraph, key: str) -> str:
    parts = paragraph.text.replace("\ue000", "\0counter(page)\0").replace("\ue001", "\0pages\0").split("\0")
    content = " ".join(
        part if part == "counter(page)" else f"string({key}-pages)" if part == "pages" else _css_string(part)
        for part in parts
        if part
    )
    run = paragraph.runs[0]
    return f"@bottom-center {{ content: {content}; font: {run.size}pt {_families(run)}; }}"


def _css_string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _families(run: Run) -> str:
    family, _ = face(run.face)
    return ", ".join(f'"{name}"' for name in (family, *FALLBACKS))


def _block(block: Paragraph | Table) -> str:
    return _table(block) if isinstance(block, Table) else _paragraph(block)


def _paragraph(paragraph: Paragraph) -> str:
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
    words = "".join(_run(run) for run in paragraph.runs) or "&#160;"
    return f'<p class="{escape(paragraph.style)}" style="{"; ".join(css)}">{words}</p>'


def _strut(paragraph: Paragraph) -> float:
    """The size that the line itself is built on: that of its words, so that no line grows."""
    first = paragraph.runs[0] if paragraph.runs else None
    return first.size + min(first.spacing, 0) if first else paragraph.size


def _run(run: Run) -> str:
    """Text at Word's size less its own tightening, so that 16 pt less 0.25 pt sets 28 characters to the line."""
    _, heavy = face(run.face)
    size = run.size + min(run.spacing, 0)
    css = [f"font-family: {_families(run)}", f"font-size: {size:g}pt"]
    if run.bold or heavy:
        css.append("font-weight: bold")
    if run.spacing > 0:
        css.append(f"letter-spacing: {run.spacing:g}pt")
    words = escape(run.text.replace("  ", "\u00a0\u00a0")).replace("\n", "<br>").replace("\t", "&#12288;&#12288;")
    return f"<span style='{'; '.join(css)}'>{words}</span>"


def _table(table: Table) -> str:
    columns = "".join(f'<col style="width: {width:g}pt">' for width in table.widths)
    heads = [row for row in table.rows if row.header]
    body = [row for row in table.rows if not row.header]
    head = f"<thead>{''.join(map(_row, heads))}</thead>" if heads else ""
    width = sum(table.widths)
    rows = "".join(map(_row, body))
    return f'<table style="width: {width:g}pt"><colgroup>{columns}</colgroup>{head}<tbody>{rows}</tbody></table>'


def _row(row: Row) -> str:
    cells = "".join(
        f'<td colspan="{cell.columns}" style="height: {row.height:g}pt; '
        f'vertical-align: {"middle" if cell.middle else "top"}">{"".join(map(_block, cell.blocks))}</td>'
        for cell in row.cells
    )
    return f"<tr{' class=whole' if row.whole else ''}>{cells}</tr>"
