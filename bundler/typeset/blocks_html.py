"""Render Word blocks as HTML and CSS: resolved properties become CSS, style names become classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bundler.page_geometry import A4
from bundler.typeset.paragraphs_html import PAGE_COUNT, render_paragraph
from bundler.typeset.style_classes import StyleClasses
from bundler.typeset.tables_html import RenderBlocks, render_table
from bundler.word.block_model import NO_BORDERS, Blocks, Paragraph, Table


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
    return html.replace(PAGE_COUNT, f'<span class="{key}-pages"></span>')


def render_page_css(blocks: Blocks, key: str) -> str:
    """Render the page rules of a paper: margins, headers, footers, and page numbers from 1."""
    rules = [_render_section_css(part, name, first=name == key) for part, name in _named_sections(blocks, key)]
    return "\n".join((*rules, f'.{key}-pages::before {{ content: target-counter("#{key}-end", page) }}'))


def _named_sections(blocks: Blocks, key: str) -> Iterator[tuple[Blocks, str]]:
    yield blocks, key
    yield from ((part, f"{key}-{number}") for number, part in enumerate(blocks.following, start=2))


def _render_section(blocks: Blocks, name: str, classes: StyleClasses) -> str:
    width = _text_width(blocks)
    running = "".join(
        f'<div class="edge {classes.class_for(f"position: running({element})")}">'
        f"{_render_sequence(content, classes, width)}</div>"
        for element, content in _running_elements(blocks, name)
    )
    body = _render_sequence(blocks.body, classes, width)
    return f'<section class="paper {classes.class_for(f"page: {name}")}" id="{name}">{running}{body}</section>'


def _text_width(blocks: Blocks) -> float:
    _, right, _, left = blocks.margins
    return A4[1 if blocks.landscape else 0] - right - left


def _render_section_css(blocks: Blocks, key: str, *, first: bool) -> str:
    """Render the page rules of a section; the first section starts the page numbers at 1, the others continue them, unless they say."""
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
    number = blocks.first_page if blocks.first_page is not None else 1 if first else None
    count = "" if number is None else f"counter-reset: page {number};"
    rules.append(f"@page {key}:nth(1 of {key}) {{ {count} {_margin_box_rules(blocks, key, '-first')} }}")
    return "\n".join(rules)


def _running_elements(blocks: Blocks, key: str) -> Iterator[tuple[str, tuple[Paragraph | Table, ...]]]:
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


def _render_sequence(blocks: Sequence[Paragraph | Table], classes: StyleClasses, width: float, ground: str = "") -> str:
    """Render blocks; paragraphs with equal border lines that follow each other stand in one box."""
    html = []
    for number, block in enumerate(blocks):
        if isinstance(block, Table):
            html.append(render_table(block, classes, width, ground, _cell_renderer(classes)))
            continue
        joined = (number > 0 and _share_box(blocks[number - 1], block), _share_box(block, *blocks[number + 1 :][:1]))
        html.append(render_paragraph(block, classes, width, ground, joined=joined))
    return "".join(html)


def _cell_renderer(classes: StyleClasses) -> RenderBlocks:
    return lambda blocks, width, ground: _render_sequence(blocks, classes, width, ground)


def _share_box(first: Paragraph | Table, second: Paragraph | Table | None = None) -> bool:
    """Whether two blocks are paragraphs with equal border lines and indents."""
    if not isinstance(first, Paragraph) or not isinstance(second, Paragraph):
        return False
    return first.borders != NO_BORDERS and all(
        getattr(first, name) == getattr(second, name) for name in ("borders", "left", "right")
    )
