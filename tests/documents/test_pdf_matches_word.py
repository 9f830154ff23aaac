"""The PDF of a document has the text of its Word file, paragraph by paragraph, and the Word file uses named styles."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from docx import Document as WordDocument
from docx.document import Document as OpenedDocument
from docx.oxml.ns import qn

from bundler.documents.definitions import DOCUMENTS, list_copies
from bundler.profile import load_profile
from bundler.word.block_model import Blocks, Paragraph, Table
from bundler.word.docx_reader import read_blocks
from bundler.word.unsupported_constructs import check_docx
from tests.support.documents import (
    CASES,
    PAPERS,
    build_case,
    draft_case,
    draft_paper,
    typeset_all,
    typeset_together,
)
from tests.support.paths import SAMPLES

FOOT = 6.0
"""How far below the text area, in points, the letters of its last line may reach."""


def typeset_pages(name: str, document: str) -> tuple[str, list[str]]:
    """The text of a document's typeset pages: within the margins, and at the edges of each page."""
    data, page_ranges = typeset_all()
    return read_margins_and_edges(data, page_ranges[f"{name}+{document}"], read_blocks(draft_paper(name, document)))


def read_margins_and_edges(data: bytes, page_range: tuple[int, int], blocks: Blocks) -> tuple[str, list[str]]:
    """The text within the margins, and at the edges, of a range of pages; each page has the margins of its section."""
    margins = {part.landscape: part.margins for part in (blocks, *blocks.following)}
    body, edges = "", []
    pdf = opened(data)
    for number in range(page_range[0], page_range[1] + 1):
        page = pdf[number]
        width, height = page.get_size()
        top, _, bottom, _ = margins[width > height]
        words = page.get_textpage()
        text = words.get_text_bounded(left=0, bottom=bottom - FOOT, right=width, top=height - top + 2)
        body += (_without_repeated_heading(text, blocks) if body else text) + "\n"
        above = words.get_text_bounded(left=0, bottom=height - top + 2, right=width, top=height)
        below = words.get_text_bounded(left=0, bottom=0, right=width, top=bottom - FOOT)
        edges.append(remove_spaces(above + below))
    return body, edges


def _without_repeated_heading(text: str, blocks: Blocks) -> str:
    """The text of a page without the heading of a table that goes on from the page before."""
    for table in (block for part in (blocks, *blocks.following) for block in part.body if isinstance(block, Table)):
        cells = [cell for row in table.rows if row.header for cell in row.cells]
        words = [block.text for cell in cells for block in cell.blocks if isinstance(block, Paragraph)]
        if words and remove_spaces(text).startswith("".join(words)):
            end = re.match(r"\s*".join(map(re.escape, words)), text.lstrip())
            return text.lstrip()[end.end() :] if end else text
    return text


@cache
def opened(data: bytes) -> pypdfium2.PdfDocument:
    """A PDF that stays open, since several hundred papers are read from one."""
    return pypdfium2.PdfDocument(data)


def remove_spaces(text: str) -> str:
    """The text without spaces and line breaks."""
    return "".join(text.split())


@pytest.mark.parametrize(("name", "document"), PAPERS)
def test_the_pdf_says_what_the_word_file_says(name: str, document: str) -> None:
    """Paragraphs and cells, in reading order."""
    data = draft_paper(name, document)
    body, _ = typeset_pages(name, document)

    assert remove_spaces(body) == remove_spaces("".join(check_docx(data).paragraphs))
    assert blocks_end_lines(body, read_block_texts(WordDocument(io.BytesIO(data))))


def read_block_texts(word: OpenedDocument) -> Iterator[str]:
    """The paragraphs and whole tables of a Word file, in order, read by python-docx."""
    for block in word.iter_inner_content():
        yield remove_spaces("".join(node.text or "" for node in block._element.iter(qn("w:t"))))


def blocks_end_lines(body: str, texts: Iterator[str]) -> bool:
    """Whether each paragraph and each table of the Word file ends at the end of a line."""
    lines = iter(re.findall(r"[^\s]+", body))
    line = ""
    for text in texts:
        rest = text
        while rest:
            line = line or next(lines)
            taken = line[: len(rest)]
            if not rest.startswith(taken):
                return False
            rest, line = rest[len(taken) :], line[len(taken) :]
        if line:
            return False
    return True


def test_every_document_and_every_sample_is_compared() -> None:
    """Every template and every sample occurs in `PAPERS`."""
    assert {document for _, document in PAPERS} == set(DOCUMENTS)
    assert {name for name, _ in PAPERS} == set(CASES)
    assert {path.parent.name for path in SAMPLES.glob("*/case.json")} <= set(CASES)


def edge_texts(word: OpenedDocument) -> Iterator[tuple[str, str]]:
    """The headers and footers of each section, read by python-docx: of its first page, and of the others."""
    for section in word.sections:
        common = "".join(p.text for edge in (section.header, section.footer) for p in edge.paragraphs)
        first = "".join(
            p.text for edge in (section.first_page_header, section.first_page_footer) for p in edge.paragraphs
        )
        yield (first if section.different_first_page_header_footer else common), common


def remove_page_numbers(text: str) -> str:
    """The text without page numbers."""
    return re.sub("[0-9]", "", remove_spaces(text))


@pytest.mark.parametrize(("name", "document"), PAPERS)
def test_the_pages_edges_say_what_the_headers_and_footers_say(name: str, document: str) -> None:
    """On every page, apart from page numbers."""
    _, edges = typeset_pages(name, document)
    wanted = list(edge_texts(WordDocument(io.BytesIO(draft_paper(name, document)))))

    assert remove_page_numbers(edges[0]) == remove_page_numbers(wanted[0][0])
    assert {remove_page_numbers(edge) for edge in edges[1:]} <= {
        remove_page_numbers(text) for pair in wanted for text in pair
    }


@pytest.mark.parametrize(("name", "document"), PAPERS)
def test_the_word_file_is_made_of_named_styles(name: str, document: str) -> None:
    """No paragraph has direct formatting, which a clerk could not change in one place."""
    data = draft_paper(name, document)
    word = WordDocument(io.BytesIO(data))
    paragraphs = [
        *word.paragraphs,
        *(p for t in word.tables for row in t.rows for c in row.cells for p in c.paragraphs),
    ]

    assert {p.style.name for p in paragraphs if p.style} & {"Normal"} == set()
    assert not [run for p in paragraphs for run in p.runs if run.font.size or run.font.name or run.bold]


def test_a_record_counts_its_pages_and_has_room_for_a_signature_on_each() -> None:
    """第1页　共3页 and the signature line are at the foot of each page."""
    _, edges = typeset_pages("write-off-complete", "interview_record")

    assert len(edges) > 1
    for number, words in enumerate(edges, start=1):
        assert f"第{number}页共{len(edges)}页" in words
        assert "被约谈人（签名捺印）：" in words


def test_a_form_of_two_pages_counts_them_on_both() -> None:
    """A clerk who holds the first page sees that there is another, and the second says to which matter it belongs."""
    _, edges = typeset_pages("write-off-complete", "approval_form")

    assert edges == ["第1页共2页", "登记号：钢信执2021-0042第2页共2页"]


def test_a_letter_numbers_its_pages_from_one() -> None:
    """Regardless of what precedes it in the bundle."""
    _, edges = typeset_pages("write-off-complete", "reply_opinion")

    assert edges == [f"—{number}—" for number in range(1, len(edges) + 1)]


def test_a_signature_never_stands_without_two_lines_of_the_text() -> None:
    """For 24 texts, each a line longer than the one before."""
    tree: dict[str, Any] = json.loads((SAMPLES / "write-off-complete" / "case.json").read_text(encoding="utf-8"))
    blocks = {}
    for lines in range(24):
        tree["reply"]["case_facts"] = "国" * (28 * lines + 5)
        blocks[str(lines)] = read_blocks(draft_case(build_case(tree), "reply_opinion"))
    made, page_ranges = typeset_together(blocks)
    with pypdfium2.PdfDocument(io.BytesIO(made)) as pdf:
        last_pages = [pdf[last].get_textpage().get_text_range().splitlines() for _, last in page_ranges.values()]
    before = [[line for line in page if line.strip()].index(load_profile().court_name) for page in last_pages]

    assert len(set(before)) > 3  # the text does end on different pages
    assert min(before) >= 2


@pytest.mark.parametrize(("name", "document"), PAPERS)
def test_a_paper_that_comes_back_signed_can_be_told_by_its_code(tmp_path: Path, name: str, document: str) -> None:
    """The first page has a QR code 登记号|item, read from the rendered page; other documents have none."""
    case = CASES[name]
    data, page_ranges = typeset_all()
    first, last = page_ranges[f"{name}+{document}"]
    with pypdfium2.PdfDocument(io.BytesIO(data)) as pdf:
        for number in range(first, last + 1):
            width, height = pdf[number].get_size()
            corner = pdf[number].render(scale=300 / 72, crop=(40, height - 110, width - 160, 15))
            corner.to_pil().save(tmp_path / f"{number:03}.png")
    pictures = [str(path) for path in sorted(tmp_path.glob("*.png"))]
    done = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", *pictures],
        capture_output=True,
        check=False,
    )

    code = f"{case.registration.no}|{list_copies(DOCUMENTS[document], case)[0].item}"
    assert done.stdout.decode().split() == ([code] if DOCUMENTS[document].returns_signed else [])
