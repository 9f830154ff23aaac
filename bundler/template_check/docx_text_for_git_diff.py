"""A Word file as plain text, a paragraph a line and a long one a clause a line, so that ``git diff`` can compare two versions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from bundler.template_check.read_template_parts import W, paragraph_text, part_name, read_style_names
from bundler.word.docx_package import parse_part, read_parts

_FIELDS = {"PAGE": "〔页码〕", "NUMPAGES": "〔页数〕"}
_LONG_PARAGRAPH = 60
"""Characters; a longer paragraph is broken after its sentences and before its conditions, so that a change shows no more."""
_BREAK = re.compile(r"(?<=[。；！？])(?![”）]|\{%\s*end)|(?=\{%\s*(?:if|elif|else|for|set)\b)")
_CONTINUED = "      "
_PART_PREFIXES = ("word/document.xml", "word/header", "word/footer", "word/footnotes", "word/endnotes")


def plain_text(data: bytes) -> str:
    """Return the text of a Word file with the names of its styles; tables row by row, long paragraphs over several lines.

    Raises:
        PackageError: it cannot be opened.
    """
    files = read_parts(data)
    styles_file = files.get("word/styles.xml")
    styles = {} if styles_file is None else read_style_names(parse_part(styles_file))
    lines: list[str] = []
    for name in sorted(files, key=lambda name: (name != _PART_PREFIXES[0], name)):
        if name.startswith(_PART_PREFIXES) and name.endswith(".xml"):
            lines += [f"== {part_name(name)}", *_format_paragraphs(parse_part(files[name]), styles)]
    return "\n".join(lines)


def _format_paragraphs(root: etree._Element, styles: dict[str, str]) -> Iterator[str]:
    """Yield paragraphs in reading order; a row begins with a separator line, a cell with a bar."""
    row: etree._Element | None = None
    cell: etree._Element | None = None
    for paragraph in root.iter(f"{W}p"):
        own_row = next(paragraph.iterancestors(f"{W}tr"), None)
        own_cell = next(paragraph.iterancestors(f"{W}tc"), None)
        if own_row is not row and own_row is not None:
            yield "---- 行"
        bar = "| " if own_cell is not None and own_cell is not cell else "  " if own_cell is not None else ""
        row, cell = own_row, own_cell
        first, *rest = _break_lines(_format_paragraph(paragraph, styles))
        yield bar + first
        yield from (_CONTINUED + line for line in rest)


def _break_lines(text: str) -> list[str]:
    """Break a long paragraph; where it is broken depends on nothing but the words there."""
    if len(text) <= _LONG_PARAGRAPH:
        return [text]
    head, bracket, body = text.partition("] ")
    pieces = [piece for piece in _BREAK.split(body) if piece.strip()] or [body]
    return [head + bracket + pieces[0], *pieces[1:]]


def _format_paragraph(paragraph: etree._Element, styles: dict[str, str]) -> str:
    reference = paragraph.find(f"{W}pPr/{W}pStyle")
    style = "" if reference is None else styles.get(reference.get(f"{W}val", ""), reference.get(f"{W}val", ""))
    codes = [(node.text or "").split() for node in paragraph.iter(f"{W}instrText")]
    codes += [node.get(f"{W}instr", "").split() for node in paragraph.iter(f"{W}fldSimple")]
    fields = "".join(_FIELDS.get(code[0].upper(), "〔域〕") for code in codes if code)
    pictures = "".join("〔图片〕" for _ in paragraph.iter(f"{W}drawing"))
    return f"[{style}] {paragraph_text(paragraph)}{fields}{pictures}".rstrip()
