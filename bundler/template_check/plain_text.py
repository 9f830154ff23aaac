"""A Word file as plain text, a paragraph to a line, so that two versions of it can be compared."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from bundler.template_check.reader import own_text, part_name
from bundler.word.package import parse_part, read_parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FIELDS = {"PAGE": "〔页码〕", "NUMPAGES": "〔页数〕"}
_KINDS = ("word/document.xml", "word/header", "word/footer", "word/footnotes", "word/endnotes")


def plain_text(data: bytes) -> str:
    """All words of a Word file with the names of their styles; tables by rows.

    Raises:
        PackageError: it cannot be taken apart.
    """
    parts = read_parts(data)
    styles = _style_names(parts.get("word/styles.xml"))
    lines: list[str] = []
    for name in sorted(parts, key=lambda name: (name != _KINDS[0], name)):
        if name.startswith(_KINDS) and name.endswith(".xml"):
            lines += [f"== {part_name(name)}", *_lines(parse_part(parts[name]), styles)]
    return "\n".join(lines)


def _style_names(part: bytes | None) -> dict[str, str]:
    if part is None:
        return {}
    found = ((node.get(f"{W}styleId", ""), node.find(f"{W}name")) for node in parse_part(part).iter(f"{W}style"))
    return {key: key if name is None else name.get(f"{W}val", key) for key, name in found}


def _lines(root: etree._Element, styles: dict[str, str]) -> Iterator[str]:
    """Paragraphs in reading order; a row begins with a line of its own, a cell with a bar."""
    row: etree._Element | None = None
    cell: etree._Element | None = None
    for paragraph in root.iter(f"{W}p"):
        its_row = next(paragraph.iterancestors(f"{W}tr"), None)
        its_cell = next(paragraph.iterancestors(f"{W}tc"), None)
        if its_row is not row and its_row is not None:
            yield "---- 行"
        bar = "| " if its_cell is not None and its_cell is not cell else "  " if its_cell is not None else ""
        row, cell = its_row, its_cell
        yield bar + _line(paragraph, styles)


def _line(paragraph: etree._Element, styles: dict[str, str]) -> str:
    named = paragraph.find(f"{W}pPr/{W}pStyle")
    style = "" if named is None else styles.get(named.get(f"{W}val", ""), named.get(f"{W}val", ""))
    codes = [(node.text or "").split() for node in paragraph.iter(f"{W}instrText")]
    codes += [node.get(f"{W}instr", "").split() for node in paragraph.iter(f"{W}fldSimple")]
    shown = "".join(_FIELDS.get(code[0].upper(), "〔域〕") for code in codes if code)
    pictures = "".join("〔图片〕" for _ in paragraph.iter(f"{W}drawing"))
    return f"[{style}] {own_text(paragraph)}{shown}{pictures}".rstrip()
