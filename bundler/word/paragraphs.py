"""Read the paragraphs of a Word file: their properties, their runs, and the fields in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bundler.word.blocks import PAGE_FIELD, PAGES_FIELD, Paragraph, Run
from bundler.word.package import W
from bundler.word.styles import Styles, is_on, merge_attributes, merge_properties, resolve_run, to_points

_FIELDS = {"PAGE": PAGE_FIELD, "NUMPAGES": PAGES_FIELD}
_PAGE_BREAK = "\f"
_PARAGRAPH_PROPERTIES = ("jc", "keepNext", "keepLines", "pageBreakBefore")


def read_paragraph(node: Any, styles: Styles) -> Paragraph:  # noqa: ANN401 (an lxml element)
    """Read a ``w:p`` element; a page break in it is a form feed in the text of a run."""
    own = node.find(f"{W}pPr")
    named = None if own is None else own.find(f"{W}pStyle")
    style_id = styles.default_paragraph_style() if named is None else named.get(f"{W}val")
    inherited = styles.inheritance(style_id)
    nodes = [*(style.find(f"{W}pPr") for style in inherited), own]
    found = merge_properties(nodes, _PARAGRAPH_PROPERTIES)
    indent, spacing = merge_attributes(nodes, "ind"), merge_attributes(nodes, "spacing")
    rule = spacing.get("lineRule")
    return Paragraph(
        style=styles.style_name(style_id),
        runs=tuple(_read_runs(node, inherited, styles)),
        align=found["jc"].get(f"{W}val", "left") if "jc" in found else "left",
        first_line=to_points(indent, "firstLine") - to_points(indent, "hanging"),
        left=to_points(indent, "left") or to_points(indent, "start"),
        right=to_points(indent, "right") or to_points(indent, "end"),
        before=to_points(spacing, "before"),
        after=to_points(spacing, "after"),
        line=to_points(spacing, "line") if rule in {"exact", "atLeast"} else None,
        exact=rule == "exact",
        keep_next=is_on(found.get("keepNext")),
        keep_lines=is_on(found.get("keepLines")),
        new_page=is_on(found.get("pageBreakBefore")),
        size=resolve_run(inherited, None).size,
    )


def split_at_page_breaks(paragraph: Paragraph) -> Iterator[Paragraph]:
    """Yield a paragraph as one paragraph for each page; those after a break begin a page and have no indent."""
    if _PAGE_BREAK not in paragraph.text:
        yield paragraph
        return
    pieces: list[list[Run]] = [[]]
    for run in paragraph.runs:
        first, *others = run.text.split(_PAGE_BREAK)
        pieces[-1].append(replace(run, text=first))
        pieces += [[replace(run, text=text)] for text in others]
    for number, runs in enumerate(pieces):
        with_text = tuple(run for run in runs if run.text)
        if with_text or number:
            new_page = paragraph.new_page if number == 0 else True
            indent = paragraph.first_line if number == 0 else 0
            yield replace(paragraph, runs=with_text, new_page=new_page, first_line=indent)


def _read_runs(node: Any, inherited: list[Any], styles: Styles) -> Iterator[Run]:  # noqa: ANN401 (an lxml element)
    shown = True
    for run in node.iter(f"{W}r"):
        shown, text = _visible_text(run, shown=shown)
        own = run.find(f"{W}rPr")
        character = None if own is None else own.find(f"{W}rStyle")
        applied = [*inherited, *styles.inheritance(None if character is None else character.get(f"{W}val"))]
        if text:
            yield replace(resolve_run(applied, own), text=text)


def _visible_text(run: Any, *, shown: bool) -> tuple[bool, str]:  # noqa: ANN401 (an lxml element)
    """Return a run's text, with a field's placeholder in place of the result that Word last computed for it.

    Returns:
        Whether the text that follows is shown (it is not inside a field's result), and the text.
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
            text += _node_text(child)
    return shown, text


def _field_name(code: str | None) -> str:
    """Return the name of a field, without its switches."""
    return next(iter((code or "").upper().split()), "")


def _node_text(node: Any) -> str:  # noqa: ANN401 (an lxml element)
    name = str(node.tag).rpartition("}")[2]
    if name == "t":
        return node.text or ""
    if name == "instrText":
        return _FIELDS.get(_field_name(node.text), "")
    if name == "br" and node.get(f"{W}type") == "page":
        return _PAGE_BREAK
    return {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}.get(name, "")
