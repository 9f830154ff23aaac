"""Write the documents of a bundle in the input formats of the peers: .docx template, Typst and HTML.

A peer gets complete documents and fills in only the registration number (登记号), so that it never does more work than
the tool, and mostly less: no check, no index, no page numbers, links or outline.
"""

from __future__ import annotations

import html
import io
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docx import Document
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import html as lxml_html

from bundler.bind.volume_scope import VolumeScope
from bundler.bundle.binding_plan import draft_word_papers, plan_bundle
from bundler.bundle.read_and_check_case import check_case
from bundler.bundle.typeset_and_number_books import prepare_bundle
from bundler.cover_and_index.cover_index_notes import (
    build_closing_view,
    build_cover_view,
    build_index_view,
    build_materials_list_view,
)
from bundler.cover_and_index.fill_page_template import fill_page
from bundler.documents.definitions import find_templates_folder
from bundler.profile import load_profile
from bundler.typeset.typesetter import Typesetter

PLACEHOLDER = "{{ reg_no }}"
_CENTRED = ("标题", "表栏目", "表短值")
_TITLE_STYLE = "标题"


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph: its text, and whether it is a title."""

    text: str
    title: bool = False


Rows = tuple[tuple[str, ...], ...]
Block = TextBlock | Rows


def write_documents(case: Path, folder: Path, reg_no: str, today: str) -> None:
    """Write every typeset document of a case's bundle into `folder` as .docx template, .typ and .html."""
    words = folder / "words"
    words.mkdir(parents=True)
    command = [sys.executable, "-m", "bundler", "render", str(case), "--all", "-o", str(words)]
    subprocess.run(command, check=False, capture_output=True)
    for place, (name, blocks) in enumerate(_document_blocks(case, words, today)):
        stem = f"{place:02}-{name}"
        marked = [_insert_placeholder(block, reg_no) for block in blocks]
        source = words / f"{reg_no}-{name}.docx"
        template = _make_template(source, reg_no) if source.exists() else _to_docx(marked)
        (folder / f"{stem}.docx").write_bytes(template)
        (folder / f"{stem}.typ").write_text(_to_typst(marked), encoding="utf-8")
        (folder / f"{stem}.html").write_text(_to_html(marked), encoding="utf-8")


def _document_blocks(case: Path, words: Path, today: str) -> Iterator[tuple[str, list[Block]]]:
    from datetime import date

    checked = check_case(str(case), kind=None, today=date.fromisoformat(today), profile=load_profile())
    templates = find_templates_folder(None)
    plan = plan_bundle(checked, VolumeScope.WHOLE)
    typesetter = Typesetter()
    typesetter.typeset_papers(draft_word_papers(checked, plan.papers, templates))
    volume = prepare_bundle(checked, plan, typesetter, templates).volume
    pages = {
        "cover": build_cover_view(volume),
        "index": build_index_view(volume),
        "write_off_list": build_materials_list_view(volume),
        "closing_note": build_closing_view(volume),
    }
    for name, view in pages.items():
        yield name, list(_html_blocks(fill_page(templates, name, view)))
    for paper in volume.papers:
        if paper.document:
            found = next(words.glob(f"*-{paper.document}.docx"))
            yield paper.document, list(_word_blocks(Document(str(found))))


def _word_blocks(document: Word) -> Iterator[Block]:
    for element in document.element.body:
        if element.tag == qn("w:p"):
            paragraph = Paragraph(element, document)
            style = paragraph.style.name if paragraph.style is not None else ""
            yield TextBlock(paragraph.text, title=(style or "").startswith(_TITLE_STYLE))
        elif element.tag == qn("w:tbl"):
            table = Table(element, document)
            yield tuple(tuple(dict.fromkeys(cell.text for cell in row.cells)) for row in table.rows)


def _html_blocks(text: str) -> Iterator[Block]:
    for element in lxml_html.fragment_fromstring(f"<div>{text}</div>"):
        if element.tag == "table":
            yield tuple(
                tuple(" ".join(cell.text_content().split()) for cell in row.iter("td", "th"))
                for row in element.iter("tr")
            )
        else:
            yield TextBlock(" ".join(element.text_content().split()), title=str(element.tag).startswith("h"))


def _insert_placeholder(block: Block, reg_no: str) -> Block:
    if isinstance(block, TextBlock):
        return TextBlock(block.text.replace(reg_no, PLACEHOLDER), block.title)
    return tuple(tuple(cell.replace(reg_no, PLACEHOLDER) for cell in row) for row in block)


def _make_template(path: Path, reg_no: str) -> bytes:
    """Return a filled Word file as a template again, with a placeholder for the registration number."""
    document = Document(str(path))
    for text in document.element.body.iter(qn("w:t")):
        text.text = (text.text or "").replace(reg_no, PLACEHOLDER)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _to_docx(blocks: list[Block]) -> bytes:
    document = Document()
    for block in blocks:
        if isinstance(block, TextBlock):
            document.add_paragraph(block.text, style="Title" if block.title else None)
            continue
        table = document.add_table(rows=0, cols=max(map(len, block)), style="Table Grid")
        for row in block:
            for cell, words in zip(table.add_row().cells, row, strict=False):
                cell.text = words
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _to_html(blocks: list[Block]) -> str:
    body = "".join(
        f"<{'h1' if block.title else 'p'}>{html.escape(block.text)}</{'h1' if block.title else 'p'}>"
        if isinstance(block, TextBlock)
        else "<table>"
        + "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in block)
        + "</table>"
        for block in blocks
    )
    style = (
        "@page{size:A4;margin:37mm 26mm 35mm 28mm}body{font:15.75pt/28.95pt FandolFang;margin:0}"
        "h1{font:bold 22pt FandolSong;text-align:center}p{text-indent:2em;margin:0;text-align:justify}"
        "table{border-collapse:collapse;width:156mm;font-size:12pt;line-height:18pt}td{border:.5pt solid}"
    )
    return f"<!doctype html><meta charset=utf-8><style>{style}</style>{body}"


def _to_typst(blocks: list[Block]) -> str:
    lines = [
        '#set page(paper: "a4", margin: (top: 37mm, right: 26mm, bottom: 35mm, left: 28mm))',
        '#set text(font: "FandolFang R", size: 15.75pt, lang: "zh")',
        "#set par(first-line-indent: (amount: 2em, all: true), justify: true, leading: 13.2pt)",
    ]
    for block in blocks:
        if isinstance(block, TextBlock):
            words = f"#{_quote(block.text)}"
            lines.append(
                f'#align(center, text(font: "FandolSong", weight: "bold", size: 22pt)[{words}])\n'
                if block.title
                else f"{words}\n"
            )
            continue
        width = max(map(len, block))
        cells = ", ".join(
            f"[#text(size: 12pt, {_quote(cell)})]" for row in block for cell in (*row, *[""] * (width - len(row)))
        )
        lines.append(f"#table(columns: {width}, {cells})\n")
    return "\n".join(lines)


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
