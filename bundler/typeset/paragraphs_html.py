"""Render the paragraphs and runs of Word blocks as HTML and CSS."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

from bundler.fonts.files import FALLBACKS, resolve_face
from bundler.typeset.style_classes import StyleClasses, border_css
from bundler.typeset.tab_stops import Tab, place_tabs
from bundler.typeset.text_widths import cut_hanging_spaces, run_width
from bundler.word.block_model import PAGE_FIELD, PAGES_FIELD, Paragraph, Picture, Run
from bundler.word.shading_and_text_colour import text_colour
from bundler.word.value_source_marks import split_marked, without_marks

PAGE_COUNT = "\ue002pages\ue002"
"""Placeholder for the number of a paper's pages until the paper's key is known."""
_ALIGN = {"both": "justify", "distribute": "justify", "center": "center", "right": "right", "end": "right"}
_FAMILIES_WITH_BOLD = frozenset({"FandolHei", "FandolSong"})
_SINGLE = 1.3
"""The height of a line of Chinese text, in its font size, as Word sets it."""
_TAB = "\u3000"
"""Stands for a tab; letter-spacing makes it as wide as the tab."""
_WRITING_LINE = re.compile("＿+")
"""A line to write on; in the face of the text its characters leave gaps, so that it would look dashed."""
NOTES = "sourced-value-notes"
"""The class of the notes that say where the values of a paragraph come from."""
_SIDES = ("top", "right", "bottom", "left")


def _font_families(run: Run) -> str:
    """Return the font families of a run; 仿宋 and 楷体 have no bold weight, so bold text in them is set in 黑体."""
    family, _ = resolve_face(run.face)
    if run.bold and family not in _FAMILIES_WITH_BOLD:
        family = "FandolHei"
    return ", ".join(f'"{name}"' for name in (family, *FALLBACKS))


def render_paragraph(
    paragraph: Paragraph,
    classes: StyleClasses,
    width: float,
    ground: str = "",
    *,
    joined: tuple[bool, bool] = (False, False),
) -> str:
    """Render a paragraph.

    Args:
        paragraph: the paragraph.
        classes: the style classes of the document; this adds to them.
        width: of the text area or the cell, in points.
        ground: the colour behind it.
        joined: whether the paragraph before it and the one after it are in the same box of border lines.
    """
    runs = (paragraph.number.run, *paragraph.runs) if paragraph.number else paragraph.runs
    runs = cut_hanging_spaces(paragraph, runs, width)
    tabs = place_tabs(paragraph, runs, width) if any("\t" in run.text for run in runs) else []
    css = [
        f"text-align: {_ALIGN.get(paragraph.align, 'left')}",
        f"margin: {paragraph.before:g}pt {paragraph.right:g}pt {paragraph.after:g}pt {paragraph.left:g}pt",
        f"text-indent: {paragraph.first_line:g}pt",
        f"font-size: {_base_size(paragraph):g}pt",
        f"line-height: {_line_height(paragraph)}",
        *_box_css(paragraph, joined),
    ]
    if paragraph.keep_next:
        css.append("break-after: avoid")
    if paragraph.keep_lines:
        css.append("break-inside: avoid")
    if paragraph.new_page:
        css.append("break-before: page")
    has_text = any(run.text for run in runs)
    is_fixed = _has_fixed_lines(paragraph, runs)
    remaining = iter(tabs)
    labels = tuple(dict.fromkeys(label for run in runs for label, _ in split_marked(run.text) if label))
    content = _render_notes(labels) + "".join(
        render_picture(run.picture, classes, inline=has_text)
        if run.picture
        else _render_run(run, classes, remaining, paragraph.fill or ground, labels, is_fixed=is_fixed)
        for run in runs
    )
    return f'<p class="{escape(paragraph.style)} {classes.class_for("; ".join(css))}">{content or "&#160;"}</p>'


def _has_fixed_lines(paragraph: Paragraph, runs: Sequence[Run]) -> bool:
    """Whether all lines are as high as the paragraph says: then a face with other metrics must not raise them by a point."""
    sizes = {run.size + min(run.spacing, 0) for run in runs if run.text}
    return bool(paragraph.exact or paragraph.line or paragraph.grid) or len(sizes) == 1


def _render_notes(labels: Sequence[str]) -> str:
    """In the margin beside a paragraph, where its values come from; nothing where they are not marked."""
    notes = "<br/>".join(f"{number} {escape(label)}" for number, label in enumerate(labels, 1))
    return f'<span class="{NOTES}">{notes}</span>' if notes else ""


def _line_height(paragraph: Paragraph) -> str:
    """Return the height of the lines: fixed, or that of the text, or the next whole number of lines of the page's grid."""
    sizes = [run.size for run in paragraph.runs if run.text] or [paragraph.size]
    single = _SINGLE * max(sizes)
    if paragraph.line:
        return f"{paragraph.line if paragraph.exact else max(paragraph.line, single):g}pt"
    if paragraph.grid:
        lines = math.ceil(single / paragraph.grid - 0.01)
        return f"{lines * paragraph.grid * paragraph.line_factor:g}pt"
    return f"{_SINGLE * paragraph.line_factor:g}"


def _box_css(paragraph: Paragraph, joined: tuple[bool, bool]) -> Iterator[str]:
    """Yield the border lines, which stand outside the paragraph's indents, and the colour behind it."""
    shown = {"top": not joined[0], "bottom": not joined[1], "right": True, "left": True}
    for side, border in zip(_SIDES, paragraph.borders, strict=True):
        if border is not None and shown[side]:
            yield f"border-{side}: {border_css(border)}; padding-{side}: {border.space:g}pt"
            if side in {"left", "right"}:
                own = paragraph.left if side == "left" else paragraph.right
                yield f"margin-{side}: {own - border.width - border.space:g}pt"
    if paragraph.fill:
        yield f"background-color: #{paragraph.fill}"


def render_picture(picture: Picture, classes: StyleClasses, *, inline: bool) -> str:
    """Render a picture; alone in its paragraph it is a block, otherwise it stands in the line."""
    data = base64.b64encode(picture.data).decode()
    size = f"width: {picture.width:.2f}pt; height: {picture.height:.2f}pt"
    display = "inline-block" if inline else "block"
    css_class = classes.class_for(f"{size}; display: {display}; image-rendering: pixelated")
    return f'<img alt="" class="{css_class}" src="data:image/png;base64,{data}"/>'


def _base_size(paragraph: Paragraph) -> float:
    """Return the font size of the paragraph element: that of its first run, so that its strut makes no line higher."""
    first = next((run for run in paragraph.runs if run.text), None)
    return first.size + min(first.spacing, 0) if first else paragraph.size


def _render_run(  # noqa: PLR0913 (what surrounds a run)
    run: Run, classes: StyleClasses, tabs: Iterator[Tab], ground: str, labels: Sequence[str], *, is_fixed: bool
) -> str:
    """Render a run; condensed spacing reduces its font size, so that 16 pt less 0.25 pt sets 28 characters per line.

    In a line whose height is fixed it has none of its own, since another face or a fallback font would raise the line.
    """
    css = _run_css(run, ground, is_fixed=is_fixed)
    css_class = classes.class_for("; ".join(css))
    pieces = run.text.split("\t")
    html = (
        f'<span class="{css_class}">{_render_text(pieces[0], labels)}</span>' if pieces[0] or len(pieces) == 1 else ""
    )
    for text in pieces[1:]:
        html += _render_tab(run, next(tabs), css, classes)
        if text:
            html += f'<span class="{css_class}">{_render_text(text, labels)}</span>'
    return html


def _run_css(run: Run, ground: str, *, is_fixed: bool) -> list[str]:
    _, is_heavy = resolve_face(run.face)
    size = run.size + min(run.spacing, 0)
    css = [f"font-family: {_font_families(run)}", f"font-size: {size:g}pt"]
    if is_fixed:
        css.append("line-height: 0")
    if run.bold or is_heavy:
        css.append("font-weight: bold")
    if run.spacing > 0:
        css.append(f"letter-spacing: {run.spacing:g}pt")
    if run.underline:
        css.append("text-decoration: underline")
    if run.italic:
        css.append("font-style: italic")
    colour = text_colour(run.colour, run.fill or ground)
    if colour and colour != "000000":
        css.append(f"color: #{colour}")
    if run.fill:
        css.append(f"background-color: #{run.fill}")
    if run.raised:
        css.append(f"vertical-align: {run.raised:g}pt; line-height: 0")
    return css


def _render_text(text: str, labels: Sequence[str]) -> str:
    """Render text; a value that is marked with its source gets the number of its note."""
    if not labels:
        return _render_words(without_marks(text))
    return "".join(
        f'<span class="sourced-value"><span class="sourced-value-number">{labels.index(label) + 1}</span>'
        f"{_render_words(words)}</span>"
        if label in labels
        else _render_words(words)
        for label, words in split_marked(text)
    )


def _render_words(text: str) -> str:
    content = escape(text.replace("  ", "\u00a0\u00a0")).replace("\n", "<br/>")
    content = _WRITING_LINE.sub(r'<span class="writing-line">\g<0></span>', content)
    return content.replace(PAGE_FIELD, '<span class="page-number"></span>').replace(PAGES_FIELD, PAGE_COUNT)


def _render_tab(run: Run, tab: Tab, css: Sequence[str], classes: StyleClasses) -> str:
    """Render a tab: a space, or as many leaders as there is room for, made wide enough by spacing."""
    plain = replace(run, spacing=min(run.spacing, 0))
    leader_width = run_width(plain, tab.leader) if tab.leader else 0
    count = int(tab.width / leader_width) if leader_width else 0
    text = tab.leader * count or _TAB
    spacing = (tab.width - run_width(plain, text)) / len(text)
    kept = [one for one in css if not one.startswith("letter-spacing")]
    return f'<span class="{classes.class_for("; ".join((*kept, f"letter-spacing: {spacing:.3f}pt")))}">{escape(text)}</span>'
